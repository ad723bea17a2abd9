"""The newest results by unit and item, with the ways from a score to a correction; how far a new version is."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
from starlette.exceptions import HTTPException
from starlette.responses import Response

from guard.users import EVERYBODY
from orchestration.desk.choices import of_item
from orchestration.desk.shared import Desk, page
from reports.csv_files import read_csv
from reports.rows import records
from reports.shifts import change
from resources.corrections import approved, corrections
from resources.locks import is_free
from resources.publications import Publication, Publications
from resources.roles import EXAMINING
from resources.runs import current_run
from resources.states import standing


class Progress(NamedTuple):
    """How far the scoring of a ledger entry is. `version`: the one that counts it; `done`: it was scored at all."""

    done: bool
    version: Publication | None
    broken_off: bool


def progress(desk: Desk, seq: int) -> Progress:
    run = current_run(desk.ledger, desk.evaluation)
    ended = run is not None and run.ledger_seq >= seq and not run.unfinished
    broken_off = run is not None and run.ledger_seq >= seq and not ended and is_free(desk.home, desk.evaluation)
    newest = Publications(desk.home, desk.ledger, desk.evaluation).newest()
    return Progress(ended, newest if ended and newest and newest.ledger_seq >= seq else None, broken_off)


@page(*EXAMINING)
def ranking(desk: Desk) -> Response:
    newest = Publications(desk.home, desk.ledger, desk.evaluation).newest()
    return desk.page("ranking.html", ranking=ranking_shown(desk), newest=newest, gathered=_gathered(desk, newest))


def _gathered(desk: Desk, newest: Publication | None) -> int:
    """How many corrections were approved on notice that no version counts yet."""
    if newest is None or not standing(desk.ledger, desk.evaluation).on_notice:
        return 0
    found = approved(corrections(desk.ledger, desk.evaluation))
    return int((found["approval_seq"].astype("int64") > newest.ledger_seq).sum())


def ranking_shown(desk: Desk) -> list[dict[str, Any]]:
    """The ranking of the newest version, each unit with what changed for it since the one before."""
    found = _published(desk, "ranking")
    if found is None:
        return []
    changes = {row["unit_code"]: row for row in records(_published(desk, "changes"))}
    groups = {group.code: group.name for group in desk.definition.rulebook.groups}
    rows = records(found)
    for row in rows:
        own = changes.get(row["unit_code"])
        row["moved"] = {name: change(own, name) for name in ("score", "rank", "grade")} if own else {}
        row["cause"] = own["cause"] if own else ""
        row["group_name"] = groups.get(row["group"], row["group"])
    return rows


@page(*EVERYBODY)
def unit(desk: Desk) -> Response:
    """Items of one unit with value and score: from here to a correction or an appeal, where there may be one."""
    code = desk.form["unit"]
    if code not in desk.units:
        raise HTTPException(403)
    scores = _published(desk, "indicator_scores")
    rows = [] if scores is None else records(scores[scores["unit_code"] == code])
    places = {place.item.code: place for place in desk.definition.rulebook.top_items()}
    for row in rows:
        place = places.get(row["indicator_code"])
        row["name"] = place.item.name if place else row["indicator_code"]
        row["section"] = place.section.name if place and place.section else "加分、扣分"
        row["may_correct"] = desk.user.examines or of_item(desk.definition, row["indicator_code"])
    return desk.page(
        "unit.html",
        unit=code,
        name=desk.units[code],
        rows=rows,
        newest=Publications(desk.home, desk.ledger, desk.evaluation).newest(),
        total=_total(desk, code),
        taken_in=desk.takes_appeals,
    )


def scored_items(desk: Desk, unit: str) -> set[str]:
    """Codes of the items that the unit is scored by in the newest version; none before there is one."""
    scores = _published(desk, "indicator_scores")
    return set() if scores is None else set(scores.loc[scores["unit_code"] == unit, "indicator_code"])


def _total(desk: Desk, unit: str) -> dict[str, Any] | None:
    """The unit's row of the ranking with the names of its vetoes."""
    totals = _published(desk, "ranking")
    found = [] if totals is None else records(totals[totals["unit_code"] == unit])
    names = {veto.code: veto.name for veto in desk.definition.rulebook.vetoes}
    for row in found:
        row["vetoes"] = "、".join(names.get(code, code) for code in row["veto"].split(";") if code)
    return found[0] if found else None


def _published(desk: Desk, name: str) -> pd.DataFrame | None:
    path = desk.home.published / desk.evaluation / "latest" / f"{name}.csv"
    return read_csv(path) if path.is_file() else None
