"""The leader's briefs of an edition: one page for the county, one for each unit.

Here belongs which briefs there are. What they say does not (`brief_county`, `brief_unit`).
"""

from __future__ import annotations

from pathlib import Path

from reports.brief_county import write_county_brief
from reports.brief_unit import write_unit_brief
from reports.catalogue import catalogue
from reports.edition import Edition
from reports.rows import rows_by_unit, rows_of
from reports.scorecards import scorecards
from reports.standings import standings


def write_briefs(folder: Path, edition: Edition) -> None:
    """`brief.docx` and, where the edition is detailed, `briefs/<code>.docx`."""
    names = catalogue(edition)
    rows = standings(edition, names)
    write_county_brief(edition, names, rows, folder / "brief.docx")
    if not edition.detailed:
        return
    (folder / "briefs").mkdir()
    items = rows_by_unit(scorecards(edition, names))
    for unit in rows_of(rows):
        path = folder / "briefs" / f"{unit.unit_code}.docx"
        write_unit_brief(edition, names, unit, items.get(unit.unit_code, []), path)


def write_brief(edition: Edition, unit_code: str, path: Path) -> None:
    """The brief of one unit. Raises KeyError for a unit that has no total."""
    names = catalogue(edition)
    units = {unit.unit_code: unit for unit in rows_of(standings(edition, names))}
    items = list(rows_of(scorecards(edition.about(unit_code), names)))
    write_unit_brief(edition, names, units[unit_code], items, path)
