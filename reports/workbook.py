"""`scorecards.xlsx`: which sheets there are and in what order; the same edition makes the same bytes.

Here belongs the workbook as a file. The form of a sheet and the contents of each do not.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import xlsxwriter

from reports.catalogue import catalogue
from reports.edition import Edition
from reports.standings import standings
from reports.words import heading
from reports.workbook_items import write_items
from reports.workbook_lists import write_corrections, write_findings, write_officials
from reports.workbook_summary import WHAT, write_summaries

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbook(edition: Edition, path: Path) -> None:
    """Summary sheets, items, officials, findings and corrections, ready to print and sign."""
    names = catalogue(edition)
    rows = standings(edition, names)
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        title = heading(edition.subject, WHAT)
        book.set_properties({"title": title, "created": datetime.fromisoformat(edition.as_of)})
        write_summaries(book, edition, rows)
        write_items(book, edition, rows, names)
        write_officials(book, edition, names)
        write_findings(book, edition, names)
        write_corrections(book, edition, names)
