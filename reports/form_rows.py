"""Empty rows to be filled in, and the hidden sheet of lists that their cells are chosen from.

Here belongs the layout of such a sheet. What its columns ask for does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluation.forms import LISTS_SHEET
from reports.form_sheet import HEADER_ROW, SIGNATURES, FormSheet, Head
from reports.workbook_sheet import LINE_HEIGHT


@dataclass
class Lists:
    """The lists that cells are chosen from, one a column of a hidden sheet."""

    book: Any
    columns: list[tuple[str, ...]] = field(default_factory=list)

    def source(self, choices: Sequence[str]) -> str:
        """A reference to the list, for an in-cell rule."""
        key = tuple(choices)
        if key not in self.columns:
            self.columns.append(key)
        letter = chr(ord("A") + self.columns.index(key))
        return f"={LISTS_SHEET}!${letter}$1:${letter}${len(key)}"

    def write(self) -> None:
        if self.columns:
            page = self.book.add_worksheet(LISTS_SHEET)
            for place, choices in enumerate(self.columns):
                for row, text in enumerate(choices):
                    page.write_string(row, place, text)
            page.protect()
            page.very_hidden()


@dataclass(frozen=True)
class Column:
    header: str
    width: float
    look: str
    rule: tuple[Any, ...] = ()


def write_rows(
    book: Any, formats: dict[str, Any], head: Head, name: str, columns: list[Column], count: int, lines: int = 1
) -> None:
    """Empty rows of so many lines to be filled in; the signatures stand above, because rows may end anywhere."""
    above = Head(head.title, f"{head.sender}　　{SIGNATURES}")
    sheet = FormSheet(book, name, above, [column.width for column in columns], keys=1, formats=formats)
    for place, column in enumerate(columns):
        sheet.text(HEADER_ROW, place, column.header, "header")
    sheet.height(HEADER_ROW, 2)
    for row in range(sheet.first_row, sheet.first_row + count):
        for place, column in enumerate(columns):
            sheet.blank(row, place, column.look, column.rule)
        sheet.height(row, lines, 17 if lines == 1 else LINE_HEIGHT)
    sheet.close(sheet.first_row + count)
