"""The pages: a ranking for everybody, a scorecard for each unit; static, without script, host or clock.

Here belongs putting contents and templates together. What the rows hold does not (`page_rows`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from reports import words
from reports.catalogue import catalogue
from reports.corrections import corrections_with_names
from reports.edition import Edition
from reports.listings import gravest_first
from reports.page_rows import ROWS_SHOWN, finding_caption, pools
from reports.page_units import unit_contents
from reports.rendering import filled
from reports.rows import records
from reports.standings import by_change, standings, ties_told


def index_page(edition: Edition) -> str:
    """The ranking by kind and pool, what changed, findings and corrections."""
    names = catalogue(edition)
    unit_names = edition.changes["unit_code"].map(names.units).fillna(edition.changes["unit_code"])
    rows = standings(edition, names)
    return rendered(
        "index.html",
        edition,
        title=words.heading(edition.subject, f"结果（{words.draft(edition.state)}）"),
        tables=pools(rows),
        moved=records(by_change(rows, edition).head(ROWS_SHOWN)),
        ties=ties_told(edition, names),
        linked=edition.detailed,
        changes=records(edition.changes.assign(unit_name=unit_names).head(ROWS_SHOWN)),
        change_count=len(edition.changes),
        findings=records(gravest_first(edition.findings, names).head(ROWS_SHOWN)),
        finding_caption=finding_caption(edition.findings["severity"].tolist()),
        corrections=records(corrections_with_names(edition.corrections, names)),
        ranking_notes=words.RANKING_NOTES,
    )


def unit_page(edition: Edition, unit_code: str) -> str:
    """The scorecard of one unit. Raises KeyError for a unit that has no total."""
    return _unit_page(edition, unit_contents(_about(edition, unit_code))[unit_code])


def unit_pages(edition: Edition, kind: str | None = None) -> Iterator[tuple[str, str]]:
    """(unit code, page) of every unit, or of those of one kind; names and rows are made ready once for all."""
    totals = edition.total_scores
    chosen = totals if kind is None else totals[totals["kind"] == kind]
    contents = unit_contents(edition) if len(chosen) else {}
    for unit_code in chosen["unit_code"]:
        yield unit_code, _unit_page(edition, contents[unit_code])


def write_pages(folder: Path, edition: Edition) -> None:
    """`index.html` and, where the edition is detailed, `units/<code>.html`."""
    _write(folder / "index.html", index_page(edition))
    if edition.detailed:
        (folder / "units").mkdir()
        for unit_code, page in unit_pages(edition):
            _write(folder / "units" / f"{unit_code}.html", page)


def _about(edition: Edition, unit_code: str) -> Edition:
    """The edition without the rows of other units; all totals stay, for the unit is ranked among them."""
    found = edition.findings
    own = {
        name: rows[rows["unit_code"] == unit_code]
        for name, rows in (
            ("indicator_scores", edition.indicator_scores),
            ("accepted_values", edition.accepted_values),
            ("official_scores", edition.official_scores),
            ("corrections", edition.corrections),
        )
    }
    return replace(edition, findings=found[(found["unit_code"] == unit_code) | (found["sender"] == unit_code)], **own)


def _unit_page(edition: Edition, contents: dict[str, Any]) -> str:
    return rendered(
        "unit.html",
        edition,
        wide=True,
        title=words.heading(edition.subject, f"得分明细表（{words.draft(edition.state)}）"),
        notes=words.NOTES,
        target_states=words.TARGET_STATES,
        roles=words.ROLES,
        official_states=words.OFFICIAL_STATES,
        **contents,
    )


def rendered(template: str, edition: Edition, wide: bool = False, **contents: Any) -> str:
    """A page of the layout with its style and the policy that lets nothing else in."""
    standing = words.standing(edition)
    style = {"standing": standing, "wide": wide}
    return filled(template, "page.css", style, edition=edition, standing=standing, **contents)


def _write(path: Path, page: str) -> None:
    path.write_text(page, encoding="utf-8", newline="\n")
