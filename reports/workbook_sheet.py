"""One sheet in the official form: title, state line, two-level header, bordered cells, notes, print set-up.

Here belongs what every sheet of the workbook has alike. What stands in the cells does not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from reports.edition import Edition
from reports.harmless import shortened, visible
from reports.words import PROVISIONAL, draft, heading, long_date, standing

A4 = 9
MARGIN_INCHES = 0.79  # 2 cm
HEADER_ROW = 2
FIRST_ROW = 4
TITLE_POINTS = 18
LINE_HEIGHT = 13.5
TALLEST_ROW = 409  # what Excel allows
CELL_LIMIT = 16_000  # Excel holds 32,767 UTF-16 units
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
EXACT_DIGITS = 15  # what a spreadsheet's double keeps

BODY = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
LOOKS: dict[str, dict[str, Any]] = {
    "title": {
        "font_name": "方正小标宋简体",
        "font_size": TITLE_POINTS,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "line": {"font_name": "宋体", "font_size": 10, "valign": "vcenter"},
    "line_right": {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "align": "right"},
    "signature": {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "top": 1},
    "note": {"font_name": "宋体", "font_size": 9, "valign": "top", "text_wrap": True},
    "header": BODY | {"bold": True, "align": "center"},
    "band": BODY | {"bold": True, "align": "left"},
    "text": BODY | {"align": "left"},
    "centre": BODY | {"align": "center"},
    "number": BODY | {"align": "right", "indent": 1, "text_wrap": False},
}


@dataclass(frozen=True)
class Column:
    """`over` is the upper header it stands under; `look` names one of LOOKS."""

    header: str
    width: float
    look: str = "text"
    over: str = ""


@dataclass
class Sheet:
    """A worksheet being filled from the top; `row` is the next free row."""

    book: Any
    edition: Edition
    name: str
    what: str
    columns: Sequence[Column]
    landscape: bool = True
    row: int = FIRST_ROW
    lines: int = 1
    formats: dict[tuple[str, str], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page = self.book.add_worksheet(self.name)
        for place, column in enumerate(self.columns):
            self.page.set_column(place, place, column.width)
        self._head()
        self._header()
        self._print_setup()

    def look(self, name: str, number_format: str = "") -> Any:
        """The format of that name, made once."""
        key = (name, number_format)
        if key not in self.formats:
            numbers = {"num_format": number_format} if number_format else {}
            self.formats[key] = self.book.add_format(LOOKS[name] | numbers)
        return self.formats[key]

    def merge(self, first: tuple[int, int], last: tuple[int, int], text: str, look: str) -> None:
        """One text over several cells; over a single cell it is simply written."""
        if first == last:
            self._write(*first, _fitting(text), look)
        else:
            self.page.merge_range(*first, *last, "", self.look(look))
            self._write(*first, _fitting(text), look)

    def text(self, place: int, text: str) -> None:
        """A text, never a formula, link or number; the row grows with it."""
        column = self.columns[place]
        shown = _fitting(text)
        self._write(self.row, place, shown, column.look)
        self.lines = max(self.lines, lines_needed(shown, column.width - 1))

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
        mask = "0" + ("." + "0" * shown if shown else "") + (f'"（{PROVISIONAL}）"' if provisional else "")
        self.page.write_number(self.row, place, float(text), self.look(self.columns[place].look, mask))

    def next_row(self) -> None:
        """Close a row of the table. Not every program fits heights to wrapped text by itself."""
        self.page.set_row(self.row, min(LINE_HEIGHT * self.lines + 4, TALLEST_ROW))
        self.row += 1
        self.lines = 1

    def line(self, text: str, look: str = "note") -> None:
        """A line across the sheet below the table, as high as its text needs."""
        last = len(self.columns) - 1
        self.merge((self.row, 0), (self.row, last), text, look)
        self.page.set_row(self.row, 30 if look == "signature" else LINE_HEIGHT * lines_needed(text, self.width) + 2)
        self.row += 1

    @property
    def width(self) -> float:
        return sum(column.width for column in self.columns)

    def close(self, notes: Iterable[str]) -> None:
        """Notes, then the line by which the sheet can be verified; sets the print area."""
        for note in notes:
            self.line(note)
        edition = self.edition
        self.line(f"台账第 {edition.ledger_seq} 条，台账头 {edition.ledger_head}；考核细则 {edition.definition_digest}")
        # Codes and values as they were read are texts on purpose: no warning triangles.
        self.page.ignore_errors({"number_stored_as_text": f"A1:Z{self.row}"})
        self.page.print_area(0, 0, self.row - 1, len(self.columns) - 1)

    def _write(self, row: int, place: int, text: str, look: str) -> None:
        if text:
            self.page.write_string(row, place, text, self.look(look))
        else:
            self.page.write_blank(row, place, None, self.look(look))

    def _head(self) -> None:
        title = f"{heading(self.edition.subject, self.what)}（{draft(self.edition.state)}）"
        last = len(self.columns) - 1
        self.merge((0, 0), (0, last), title, "title")
        self.page.set_row(0, 28 * lines_needed(title, self.width * 10 / TITLE_POINTS))
        self.page.write_string(1, 0, standing(self.edition), self.look("line"))
        self.page.write_string(1, last, f"数据截至：{long_date(self.edition.as_of)}", self.look("line_right"))
        self.page.set_row(1, 18)

    def _header(self) -> None:
        start = 0
        while start < len(self.columns):
            over = self.columns[start].over
            end = start
            while over and end + 1 < len(self.columns) and self.columns[end + 1].over == over:
                end += 1
            if over:
                self.merge((HEADER_ROW, start), (HEADER_ROW, end), over, "header")
                for place in range(start, end + 1):
                    self.merge((HEADER_ROW + 1, place), (HEADER_ROW + 1, place), self.columns[place].header, "header")
            else:
                self.merge((HEADER_ROW, start), (HEADER_ROW + 1, start), self.columns[start].header, "header")
            start = end + 1

    def _print_setup(self) -> None:
        page, edition = self.page, self.edition
        page.set_paper(A4)
        if self.landscape:
            page.set_landscape()
        page.set_margins(left=MARGIN_INCHES, right=MARGIN_INCHES, top=MARGIN_INCHES, bottom=MARGIN_INCHES)
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEADER_ROW, HEADER_ROW + 1)
        page.freeze_panes(FIRST_ROW, 0)
        page.set_footer(
            f"&L&6台账 {edition.ledger_seq}：{edition.ledger_head}&C第 &P 页 共 &N 页&R&7{standing(edition)}"
        )


def display_width(text: str) -> int:
    """Columns a text takes: two for a Chinese character, one for a Latin one."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def lines_needed(text: str, width: float) -> int:
    """Lines a text takes when wrapped at `width` columns."""
    return sum(max(1, -(-display_width(line) // max(1, int(width)))) for line in text.split("\n"))


def fitting_width(texts: Iterable[str], least: float, most: float) -> float:
    """A column width at which the longest of the texts shows whole, within limits."""
    longest = max((display_width(text) for text in texts), default=0)
    return min(max(longest + 2.0, least), most)


def _fitting(text: str) -> str:
    """Visible text that a cell can hold."""
    seen = visible(text)
    return seen if len(seen) <= CELL_LIMIT else shortened(text, 1_000)
