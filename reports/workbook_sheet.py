"""One sheet in the official form: title, state line, two-level header, bordered cells, notes, print set-up.

Here belongs what every sheet of the workbook has alike. What stands in the cells does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reports.harmless import shortened, visible
from reports.words import draft, heading, long_date, standing
from reports.workbook_looks import TITLE_POINTS, Book, number_format
from reports.workbook_widths import lines_needed

A4 = 9
SIDE, TOP = 0.59, 0.79  # inches: 1.5 cm and 2 cm
ACROSS, DOWN = 757, 482  # points between the margins of a landscape page
COLUMN = 5.25  # points of a column of width 1
SHRUNK = 1.2  # a sheet that is taller than a page by less is made to fit it
LINE_HEIGHT = 13.5
TALLEST_ROW = 409  # what Excel allows
CELL_LIMIT = 16_000  # Excel holds 32,767 UTF-16 units
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
EXACT_DIGITS = 15  # what a spreadsheet's double keeps


@dataclass(frozen=True)
class Column:
    """`over` is the upper header it stands under; `look` names one of LOOKS."""

    header: str
    width: float
    look: str = "text"
    over: str = ""


@dataclass
class Sheet:
    """A worksheet being filled from the top; `row` is the next free row.

    `about`: a line left and right above the header, printed on every page like it.
    """

    book: Book
    name: str
    what: str
    columns: Sequence[Column]
    about: tuple[str, str] | None = None
    lines: int = 1

    def __post_init__(self) -> None:
        self.edition = self.book.edition
        self.page: Any = self.book.file.add_worksheet(self.name)
        self.header_row = 2 if self.about is None else 3
        self.row = self.header_row + 2
        self.height = 0.0
        for place, column in enumerate(self.columns):
            self.page.set_column(place, place, column.width)
        self._head()
        self._header()
        self._print_setup()

    @property
    def width(self) -> float:
        return sum(column.width for column in self.columns)

    @property
    def last(self) -> int:
        """The last column."""
        return len(self.columns) - 1

    def merge(self, first: tuple[int, int], last: tuple[int, int], text: str, look: str) -> None:
        """One text over several cells; over a single cell it is simply written."""
        if first != last:
            self.page.merge_range(*first, *last, "", self.book.look(look))
        self._write(*first, _fitting(text), look)

    def text(self, place: int, text: str) -> None:
        """A text, never a formula, link or number; the row grows with it."""
        column = self.columns[place]
        shown = _fitting(text)
        self._write(self.row, place, shown, column.look)
        self.lines = max(self.lines, lines_needed(shown, column.width - 1))

    def link(self, place: int, text: str, sheet: str) -> None:
        """A text that leads to another sheet of the workbook; it looks like any other."""
        self.text(place, text)
        quoted = sheet.replace("'", "''")
        look = self.book.look(self.columns[place].look)
        self.page.write_url(self.row, place, f"internal:'{quoted}'!A1", look, _fitting(text))

    def span(self, first: int, last: int, text: str, look: str) -> None:
        """One text over several cells of the row, which grows with it."""
        self.merge((self.row, first), (self.row, last), text, look)
        width = sum(column.width for column in self.columns[first : last + 1])
        self.lines = max(self.lines, lines_needed(text, width - 1))

    def value(self, place: int, text: str, decimals: int | None = None, provisional: bool = False) -> None:
        """A number as a number showing all its decimals; marks, and what a double cannot keep, as text."""
        if not NUMBER.fullmatch(text) or len(text.replace("-", "").replace(".", "")) > EXACT_DIGITS:
            self._write(self.row, place, _fitting(text), "centre")
            return
        shown = len(text.partition(".")[2]) if decimals is None else decimals
        look = self.book.look(self.columns[place].look, number_format(shown, provisional))
        self.page.write_number(self.row, place, float(text), look)

    def next_row(self, height: float = 0) -> None:
        """Close a row of the table. Not every program fits heights to wrapped text by itself."""
        self._set_row(self.row, height or min(LINE_HEIGHT * self.lines + 4, TALLEST_ROW))
        self.row += 1
        self.lines = 1

    def line(self, text: str, look: str = "note") -> None:
        """A line across the sheet below the table, as high as its text needs."""
        self.merge((self.row, 0), (self.row, self.last), text, look)
        self._set_row(self.row, 30 if look == "signature" else LINE_HEIGHT * lines_needed(text, self.width) + 2)
        self.row += 1

    def close(self, notes: Iterable[str]) -> None:
        """Notes, then the line by which the sheet can be verified; sets the print area."""
        for note in notes:
            self.line(note)
        edition = self.edition
        self.line(f"台账第 {edition.ledger_seq} 条，台账头 {edition.ledger_head}；考核细则 {edition.definition_digest}")
        # Codes and values as they were read are texts on purpose: no warning triangles.
        self.page.ignore_errors({"number_stored_as_text": f"A1:Z{self.row}"})
        self.page.print_area(0, 0, self.row - 1, self.last)
        scale = min(1.0, ACROSS / (self.width * COLUMN))
        self.page.fit_to_pages(1, 1 if self.height * scale <= DOWN * SHRUNK else 0)

    def _set_row(self, row: int, height: float) -> None:
        self.page.set_row(row, height)
        self.height += height

    def _write(self, row: int, place: int, text: str, look: str) -> None:
        if text:
            self.page.write_string(row, place, text, self.book.look(look))
        else:
            self.page.write_blank(row, place, None, self.book.look(look))

    def _head(self) -> None:
        title = f"{heading(self.edition.subject, self.what)}（{draft(self.edition.state)}）"
        self.merge((0, 0), (0, self.last), title, "title")
        self._set_row(0, 28 * lines_needed(title, self.width * 10 / TITLE_POINTS))
        told = (standing(self.edition), f"数据截至：{long_date(self.edition.as_of)}")
        for row, (left, right) in enumerate([told, *([self.about] if self.about else [])], start=1):
            self.page.write_string(row, 0, visible(left), self.book.look("line"))
            self.page.write_string(row, self.last, visible(right), self.book.look("line_right"))
            self._set_row(row, 18)

    def _header(self) -> None:
        start, top = 0, self.header_row
        while start <= self.last:
            over = self.columns[start].over
            end = start
            while over and end < self.last and self.columns[end + 1].over == over:
                end += 1
            if over:
                self.merge((top, start), (top, end), over, "header")
                for place in range(start, end + 1):
                    self._write(top + 1, place, self.columns[place].header, "header")
            else:
                self.merge((top, start), (top + 1, start), self.columns[start].header, "header")
            start = end + 1
        self._set_row(top, LINE_HEIGHT + 4)
        self._set_row(top + 1, LINE_HEIGHT * self._lower_lines() + 4)

    def _lower_lines(self) -> int:
        """Lines of the lower header row; a header over both rows has one line more."""
        return max(1, *(lines_needed(one.header, one.width) - (not one.over) for one in self.columns))

    def _print_setup(self) -> None:
        page, edition = self.page, self.edition
        page.set_paper(A4)
        page.set_landscape()
        page.set_margins(left=SIDE, right=SIDE, top=TOP, bottom=TOP)
        page.repeat_rows(2, self.header_row + 1)
        page.freeze_panes(self.header_row + 2, 0)
        page.set_footer(
            f"&L&6台账 {edition.ledger_seq}：{edition.ledger_head}&C第 &P 页 共 &N 页&R&7{standing(edition)}"
        )


def _fitting(text: str) -> str:
    """Visible text that a cell can hold."""
    seen = visible(text)
    return seen if len(seen) <= CELL_LIMIT else shortened(text, 1_000)
