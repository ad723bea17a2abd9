"""`kaohe correct … --preview`: everything that a correction would change, computed in memory; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pandas as pd
from rich.console import Console

from assets.facts import facts_of, judged
from evaluation.corrected import with_corrections
from evaluation.decided import values_decided
from evaluation.definition import Definition
from evaluation.recomputation import Facts, Recomputed, recompute
from evaluation.shifts import item_shifts, official_shifts, total_shifts
from orchestration.correcting import Asked, Wanted, wanted
from reports.corrections import cell_told, change_told
from reports.rows import records
from reports.shifts import officials_shown, print_table, print_units, with_vetoes_named
from resources.adoption import ADOPTED
from resources.corrections import APPROVED, COLUMNS, corrections
from resources.decisions import DECISION_KINDS
from resources.home import Home
from resources.inbox import RECEIVED
from resources.kaohe import Work

ITEMS_TOLD = 3
NOBODY_MOVES = "批准后没有一个单位的总分、名次、等次、奖项会变。"
FILED = {RECEIVED: "报送", ADOPTED: "办法"}
ELSEWHERE = "上年结果（或程序）已有变动而还没有计分，它带来的变化不在其内；下面只是这项更正带来的变化。"


class Results(NamedTuple):
    """The three frames that are compared."""

    totals: pd.DataFrame
    items: pd.DataFrame
    officials: pd.DataFrame


@dataclass(frozen=True)
class Preview:
    """`units` as `evaluation.shifts.total_shifts` with `unit_name` and `cause`; `officials` likewise."""

    change: str
    units: pd.DataFrame
    officials: pd.DataFrame
    notes: list[str]


def preview_correction(home: Home, asked: Asked) -> Preview:
    """What approving the correction that `asked` names would change against the corrections that count now.

    Raises:
        Refused, ValueHasChanged: as when it is asked for.
        NotOpened, NotProducedYet: the evaluation was never run.
    """
    return preview_of(wanted(home, asked))


def preview_of(want: Wanted) -> Preview:
    """`preview_correction` of what can be asked for."""
    work = want.correcting.work
    unchanged = work.ledger.newest_of(work.evaluation, [APPROVED, *DECISION_KINDS]) <= work.run.ledger_seq
    now = facts_of(replace(work, run=replace(work.run, ledger_seq=work.ledger.head()[0])))
    now = now if unchanged else _judged_anew(work, now)
    before = _scores(work, now)
    row = {"seq": 0, "approval_seq": work.ledger.head()[0] + 1, **want.payload}
    after = recompute(work.adopted_definition, _with(work, now, row))
    units = _units(str(want.payload["unit_code"]), before, after)
    moved = unchanged and not total_shifts(work.read("total_scores"), before.totals).empty
    notes = [*want.notes, *notes_on(work, FILED), *([ELSEWHERE] if moved else [])]
    return Preview(want.change, units, _officials(before, after), notes)


def effect_of(work: Work, seq: int) -> Preview:
    """What the approved correction of a figure with that ledger entry has changed, beside those approved before it."""
    asked = corrections(work.ledger, work.evaluation)
    row = asked[asked["seq"] == seq].iloc[0].to_dict()
    facts = facts_of(replace(work, run=replace(work.run, ledger_seq=work.ledger.head()[0])))
    before = _scores(work, facts.up_to(row["approval_seq"] - 1))
    after = recompute(work.adopted_definition, facts.up_to(row["approval_seq"]))
    change = f"{cell_told(after.definition, row)}：{change_told(after.definition, row)}"
    return Preview(change, _units(row["unit_code"], before, after), _officials(before, after), [])


def _scores(work: Work, facts: Facts) -> Results:
    scores = recompute(work.adopted_definition, facts).scores
    return Results(scores.total_scores, scores.indicator_scores, scores.official_scores)


def _with(work: Work, facts: Facts, row: dict[str, Any]) -> Facts:
    added = pd.DataFrame([row]).reindex(columns=list(COLUMNS)).astype(facts.corrections.dtypes.to_dict())
    more = replace(facts, corrections=pd.concat([facts.corrections, added], ignore_index=True))
    return _judged_anew(work, more) if row["subject"] == "group" else more


def _judged_anew(work: Work, facts: Facts) -> Facts:
    """With the verdicts of the units' groups and of what was decided; they rest on no other correction."""
    in_force = with_corrections(work.adopted_definition, facts.corrections)
    values = values_decided(facts.values, facts.resolutions)
    return replace(facts, findings=judged(in_force, values, facts.previous))


def _units(corrected: str, before: Results, after: Recomputed) -> pd.DataFrame:
    found = total_shifts(before.totals, after.scores.total_scores)
    items = item_shifts(before.items, after.scores.indicator_scores)
    by_unit = {code: rows.to_dict("records") for code, rows in items.groupby("unit_code")}
    names = names_of(after.definition)
    causes = [_cause(names, corrected, row, by_unit.get(row["unit_code"], [])) for row in found.to_dict("records")]
    return with_vetoes_named(found.assign(unit_name=found["unit_code"].map(names), cause=causes), after.definition)


def _cause(names: dict[str, str], corrected: str, row: dict[Any, Any], items: list[dict[Any, Any]]) -> str:
    """Why a unit's result would change: its own correction, a comparison with the unit corrected, or its place."""
    moved = [
        f"{names.get(item['indicator_code'], item['indicator_code'])} "
        f"{_text(item['score_before'])}→{_text(item['score_after'])}"
        for item in items[:ITEMS_TOLD]
    ]
    told = "、".join(moved) + (f"等{len(items)}项" if len(items) > ITEMS_TOLD else "")
    if row["unit_code"] == corrected:
        return "本单位更正" + (f"：{told}" if told else "")
    if items:
        return f"{names[corrected]}更正后，与之比较的项目变动：{told}"
    return f"{names[corrected]}更正后，名次、等次或名额随之变动"


def _officials(before: Results, after: Recomputed) -> pd.DataFrame:
    found = official_shifts(before.officials, after.scores.official_scores)
    return found.assign(unit_name=found["unit_code"].map(names_of(after.definition)))


def names_of(definition: Definition) -> dict[str, str]:
    """Names of units and items by code."""
    items = {place.item.code: place.item.name for place in definition.rulebook.top_items()}
    return items | definition.unit_names


def notes_on(work: Work, kinds: Mapping[str, str]) -> list[str]:
    """What the preview does not count yet, of these kinds of entries, which are called so."""
    newer = [one for one in work.ledger.entries(work.evaluation, list(kinds)) if one.seq > work.run.ledger_seq]
    told = "、".join(dict.fromkeys(kinds[one.kind] for one in newer))
    return [f"台账第{work.run.ledger_seq}号之后又有{len(newer)}项{told}还没有计分，本预览未计入。"] if newer else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else "无"


def tell_preview(found: Preview, heading: str = "预览，未写入任何内容。") -> None:
    """Print who would gain or lose, and why."""
    console = Console()
    console.print(f"{heading}{found.change}", markup=False, soft_wrap=True)
    for note in found.notes:
        console.print(f"· {note}", markup=False, soft_wrap=True)
    if found.units.empty:
        console.print(NOBODY_MOVES)
    else:
        print_units(console, f"{len(found.units)}个单位会变", found.units)
    if len(found.officials):
        print_table(console, f"{len(found.officials)}名党政领导的得分会变", officials_shown(found.officials))


def preview_json(found: Preview) -> dict[str, Any]:
    """The same for programs."""
    return {
        "change": found.change,
        "notes": found.notes,
        "units": records(found.units),
        "officials": records(found.officials),
    }
