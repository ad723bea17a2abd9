"""One sheet of a fill-in workbook: official head, bordered cells, blanks that alone may be written in, print set-up.

Here belongs what all sheets of a form have alike. What is asked does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluation.forms import NOT_APPLICABLE
from reports.form_rules import Rule, validation
from reports.harmless import visible
from reports.workbook_looks import FONT, TITLE_POINTS
from reports.workbook_sheet import A4, CELL_LIMIT, LINE_HEIGHT, TALLEST_ROW
from reports.workbook_widths import lines_needed

MARGIN_INCHES = 0.59  # 1.5 cm
PORTRAIT_WIDTH = 92  # columns of characters that fit upright
HEADER_ROW = 2
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
EXACT_DIGITS = 15
MOST_RANGES = 400  # of one in-cell rule
BLANK_COLOUR, ABSENT_COLOUR, HEAD_COLOUR = "#FFF9D9", "#D9D9D9", "#F2F2F2"
SIGNATURES = "单位负责人（签字）：　　　　　　填表人：　　　　　　联系电话：　　　　　　"

_BODY = {"font_name": "仿宋_GB2312", "font_size": 11, "border": 1, "valign": "vcenter", "text_wrap": True}
_HEAD = FONT | {"border": 1, "valign": "vcenter", "text_wrap": True, "align": "center"}
_PLAIN = FONT | {"valign": "vcenter"}
LOOKS: dict[str, dict[str, Any]] = {
    "title": {
        "font_name": "方正小标宋简体",
        "font_size": TITLE_POINTS,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "line": _PLAIN,
    "line_right": _PLAIN | {"align": "right"},
    "note": _PLAIN | {"font_size": 9, "valign": "top", "text_wrap": True},
    "header": _HEAD | {"bold": True, "bg_color": HEAD_COLOUR},
    "code": _HEAD | {"font_size": 7, "font_color": "#808080"},
    "text": _BODY | {"align": "left"},
    "centre": _BODY | {"align": "center"},
    "number": _BODY | {"align": "right", "indent": 1, "text_wrap": False, "font_color": "#404040"},
    "absent": _BODY | {"align": "center", "bg_color": ABSENT_COLOUR, "font_size": 9, "font_color": "#595959"},
    "blank": _BODY | {"align": "right", "indent": 1, "bg_color": BLANK_COLOUR, "locked": False, "text_wrap": False},
    "blank_text": _BODY | {"align": "left", "bg_color": BLANK_COLOUR, "locked": False, "num_format": "@"},
    "blank_choice": _BODY | {"align": "center", "bg_color": BLANK_COLOUR, "locked": False},
    "blank_date": _BODY | {"align": "center", "bg_color": BLANK_COLOUR, "locked": False, "num_format": "yyyy-mm-dd"},
}


@dataclass(frozen=True)
class Head:
    """What stands at the top of every sheet."""

    title: str
    sender: str
    remark: str = ""


@dataclass
class FormSheet:
    """A worksheet of a form; `header_rows` are repeated on every printed page, `keys` columns stay in view.

    Wide sheets lie across the page.
    """

    book: Any
    name: str
    head: Head
    widths: Sequence[float]
    header_rows: int = 1
    keys: int = 2
    formats: dict[str, Any] = field(default_factory=dict)
    rules: dict[tuple[Any, ...], list[tuple[int, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page = self.book.add_worksheet(self.name)
        for place, width in enumerate(self.widths):
            self.page.set_column(place, place, width)
        self._write_head()
        self._set_up_print()

    @property
    def first_row(self) -> int:
        """The first row below the header."""
        return HEADER_ROW + self.header_rows

    def look(self, name: str) -> Any:
        """The format of that name, made once a workbook."""
        if name not in self.formats:
            self.formats[name] = self.book.add_format(LOOKS[name])
        return self.formats[name]

    def text(self, row: int, place: int, text: str, look: str = "text") -> None:
        """A text, never a formula, link or number."""
        if text:
            self.page.write_string(row, place, visible(text)[:CELL_LIMIT], self.look(look))
        else:
            self.page.write_blank(row, place, None, self.look(look))

    def number(self, row: int, place: int, text: str, look: str = "number") -> None:
        """A number as a number, where a spreadsheet can keep it; otherwise the text."""
        if NUMBER.fullmatch(text) and len(text.strip("-").replace(".", "")) <= EXACT_DIGITS:
            self.page.write_number(row, place, float(text), self.look(look))
        else:
            self.text(row, place, text, look)

    def blank(self, row: int, place: int, look: str = "blank", rule: tuple[Any, ...] = (), text: str = "") -> None:
        """A cell to be filled in; `rule` as of `ruled`."""
        self.text(row, place, text, look)
        if rule:
            self.rules.setdefault(rule, []).append((row, place))

    def absent(self, row: int, place: int) -> None:
        """A cell that is not asked of the unit."""
        self.text(row, place, NOT_APPLICABLE, "absent")

    def merge(self, first: tuple[int, int], last: tuple[int, int], text: str, look: str) -> None:
        """One text over several cells; over a single cell it is simply written."""
        if first != last:
            self.page.merge_range(*first, *last, "", self.look(look))
        self.text(*first, text, look)

    def height(self, row: int, lines: int, line_height: float = LINE_HEIGHT) -> None:
        self.page.set_row(row, min(line_height * lines + 3.5, TALLEST_ROW))

    def close(self, row: int, notes: Sequence[str] = ()) -> None:
        """Notes from `row` on, rules, protection, print area."""
        last = len(self.widths) - 1
        for note in notes:
            self.merge((row, 0), (row, last), note, "note")
            self.height(row, lines_needed(note, sum(self.widths) * 1.1), 12)
            row += 1
        for (rule, prompt, *options), cells in self.rules.items():
            given = {name: list(value) if isinstance(value, tuple) else value for name, value in options}
            self._apply(rule, prompt, given, cells)
        self.page.protect("", {"format_columns": True, "format_rows": True})
        self.page.print_area(0, 0, max(row - 1, self.first_row), last)

    def _apply(self, rule: Rule, prompt: str, options: dict[str, Any], cells: list[tuple[int, int]]) -> None:
        ranges = _ranges(cells)
        for start in range(0, len(ranges), MOST_RANGES):
            part = ranges[start : start + MOST_RANGES]
            more = options | ({"other_cells": [list(one) for one in part]} if len(part) > 1 else {})
            self.page.data_validation(*part[0], validation(rule, prompt, **more))

    def _write_head(self) -> None:
        last = len(self.widths) - 1
        title = f"{self.head.title}·{self.name}"
        self.merge((0, 0), (0, last), title, "title")
        self.page.set_row(0, 28 * lines_needed(title, sum(self.widths) * 10 / TITLE_POINTS))
        self.page.write_string(1, 0, f"填报单位（盖章）：{visible(self.head.sender)}", self.look("line"))
        date = "填报日期：　　　年　　月　　日"
        self.page.write_string(1, last, f"{self.head.remark}　{date}".strip(), self.look("line_right"))
        self.page.set_row(1, 20)

    def _set_up_print(self) -> None:
        page = self.page
        page.set_paper(A4)
        if sum(self.widths) > PORTRAIT_WIDTH:
            page.set_landscape()
        page.set_margins(left=MARGIN_INCHES, right=MARGIN_INCHES, top=MARGIN_INCHES, bottom=0.7)
        page.center_horizontally()
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEADER_ROW, self.first_row - 1)
        page.freeze_panes(self.first_row, self.keys)
        page.set_footer("&C第 &P 页 共 &N 页")


def ruled(rule: Rule, prompt: str, **options: Any) -> tuple[Any, ...]:
    """A rule with its prompt and limits, in a form by which cells that share it are gathered."""
    return (rule, prompt, *options.items())


def _ranges(cells: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Cells as ranges down their columns: (first row, column, last row, column)."""
    ranges: list[tuple[int, int, int, int]] = []
    for row, place in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        if ranges and ranges[-1][1] == place and ranges[-1][2] == row - 1:
            ranges[-1] = (ranges[-1][0], place, row, place)
        else:
            ranges.append((row, place, row, place))
    return ranges
