"""`scorecards.xlsx`: which sheets there are and in what order; the same edition makes the same bytes.

Here belongs the workbook as a file. The form of a sheet and the contents of each do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from reports.catalogue import Catalogue, catalogue
from reports.edition import Edition
from reports.scorecards import scorecards
from reports.standings import standings
from reports.words import heading
from reports.workbook_claims import write_claims
from reports.workbook_lists import write_corrections, write_findings, write_officials
from reports.workbook_looks import FONT, Book
from reports.workbook_summary import WHAT, write_summaries
from reports.workbook_units import write_units
from reports.workbook_widths import sheet_names

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def options() -> dict[str, Any]:
    """Options of every workbook that is written: strings stay strings, cells without a format have the one font."""
    return OPTIONS | {"default_format_properties": dict(FONT)}  # the writer changes what it is given


def write_workbook(edition: Edition, path: Path) -> None:
    """Summary sheets, a sheet per unit, claims, officials, findings and corrections, ready to print and sign.

    Where there are too many units for a sheet each, `kaohe scorecard` makes those that are asked for.
    """
    names = catalogue(edition)
    rows = standings(edition, names)
    scored = set(rows["unit_code"])
    units = [code for code in edition.definition.units["unit_code"].unique() if code in scored]
    sheets = _sheets(names, units) if edition.detailed else {}
    with _book(edition, path, WHAT) as book:
        write_summaries(book, rows, sheets)
        if sheets:
            write_units(book, rows, scorecards(edition, names), sheets)
        write_claims(book, names)
        write_officials(book, names)
        write_findings(book, names)
        write_corrections(book, names)


def write_scorecard(edition: Edition, unit_code: str, path: Path) -> None:
    """The sheet of one unit as a workbook of its own. Raises KeyError for a unit that has no total."""
    names = catalogue(edition)
    rows = standings(edition, names)
    if unit_code not in set(rows["unit_code"]):
        raise KeyError(unit_code)
    sheets = _sheets(names, [unit_code])
    with _book(edition, path, f"得分明细表·{names.units[unit_code]}") as book:
        write_units(book, rows, scorecards(edition.about(unit_code), names), sheets)


def _sheets(names: Catalogue, units: Sequence[str]) -> dict[str, str]:
    return sheet_names({code: f"{code} {names.units[code]}" for code in units})


@contextmanager
def _book(edition: Edition, path: Path, what: str) -> Iterator[Book]:
    with xlsxwriter.Workbook(str(path), options()) as file:
        title = heading(edition.subject, what)
        file.set_properties({"title": title, "created": datetime.fromisoformat(edition.as_of)})
        yield Book(file, edition)
