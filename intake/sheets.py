"""The cells of one worksheet, read as stored: texts, kinds, formulas with their results, merges.

Here belongs the way from XML to `RawSheet`. The parts are parsed here and not by a library, because
formulas and results are both needed (a library reads the file twice for that) and the stated extent of
a sheet is never believed. DOCTYPE has been refused before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from xml.etree import ElementTree as ET

from intake.limits import LIMITS, Limits
from intake.packages import Package
from intake.raw import (
    BOOLEAN,
    DATE,
    ERROR,
    NO_VALUE,
    NUMBER,
    TEXT,
    Merge,
    RawColumn,
    RawFinding,
    RawSheet,
    UnreadableFileError,
    cell_name,
)
from intake.stored import date_text, number_text, percent_text
from intake.workbooks import DATE as DATE_FORMAT
from intake.workbooks import PERCENT, SheetPart, Workbook, corrupt, local, read_workbook, rich_text, unescape

LAST_COLUMN = 1_000  # a cell beyond it, or beyond so many blank rows, is a stray one
LONGEST_GAP = 10_000
MOST_MERGES = 20_000

_CHUNK = 1 << 20
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_RANGE = re.compile(rf"{_REFERENCE.pattern}:{_REFERENCE.pattern}")


def read_sheets(package: Package, limits: Limits = LIMITS) -> list[RawSheet]:
    """The worksheets of a workbook in their order. Raises UnreadableFileError."""
    workbook, budget = read_workbook(package), _Budget(limits.cells, limits.characters)
    return [_SheetReader(part, workbook, budget).read() for part in workbook.sheets]


@lru_cache(maxsize=1_024)
def column_index(letters: str) -> int:
    """
    >>> column_index("A"), column_index("XFD")
    (0, 16383)
    """
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


@dataclass(slots=True)
class _Budget:
    """What the sheets of one workbook may still hold."""

    cells: int
    characters: int

    def check(self) -> None:
        if self.cells < 0 or self.characters < 0:
            raise UnreadableFileError(RawFinding("TOO_BIG", detail="单元格或文字过多"))


class _SheetReader:
    def __init__(self, part: SheetPart, workbook: Workbook, budget: _Budget) -> None:
        self._budget = budget
        self._data = part.data
        self._workbook = workbook
        self._sheet = RawSheet(part.name, hidden=part.hidden)
        self._row = 0
        self._last_filled = 0

    def read(self) -> RawSheet:
        for element in self._elements():
            name = local(element.tag)
            if name == "row":
                self._read_row(element)
            elif name == "mergeCell":
                self._read_merge(element)
            element.clear()
        return self._sheet

    def _elements(self) -> Iterator[ET.Element]:
        """Rows and merges as they end, so that the tree never holds more than one row."""
        parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("end",))
        try:
            for start in range(0, len(self._data), _CHUNK):
                parser.feed(self._data[start : start + _CHUNK])
                events = cast(Iterator[tuple[str, ET.Element]], parser.read_events())
                for _, element in events:
                    if element.tag[-3:] == "row" or element.tag[-9:] == "mergeCell":
                        yield element
            parser.close()
        except (ET.ParseError, ValueError, LookupError) as error:
            raise corrupt(f"工作表“{self._sheet.name}”不完整。") from error

    def _read_row(self, element: ET.Element) -> None:
        stated = element.get("r", "")
        number = int(stated) if stated.isdecimal() and len(stated) < 9 else self._row + 1
        if number <= self._row:
            raise corrupt(f"工作表“{self._sheet.name}”行号错乱。")
        self._row = number
        position = len(self._sheet.numbers)
        column, filled = -1, False
        for cell in element:
            column = self._column(cell, column)
            filled |= self._read_cell(cell, column, position)
        if filled:
            self._keep_row(element)

    def _keep_row(self, element: ET.Element) -> None:
        self._budget.check()
        self._sheet.numbers.append(self._row)
        self._last_filled = self._row
        if element.get("hidden") in ("1", "true"):
            self._sheet.hidden_rows.append(self._row)

    def _column(self, cell: ET.Element, previous: int) -> int:
        reference = cell.get("r")
        if reference is None:
            return previous + 1
        found = _REFERENCE.fullmatch(reference)
        column = column_index(found[1]) if found else -1
        if found is None or column <= previous or int(found[2]) != self._row:
            raise corrupt(f"单元格 {reference[:20]} 位置错乱。")
        return column

    def _read_cell(self, cell: ET.Element, column: int, position: int) -> bool:
        """Keeps the cell and says whether there was anything in it."""
        stored, formula, inline = None, None, None
        for child in cell:
            name = local(child.tag)
            if name == "v":
                stored = child.text or ""
            elif name == "f":
                formula = "=" + (child.text or "（共享公式）")
            elif name == "is":
                inline = rich_text(child)
        text, kind = self._value(cell, stored, inline, formula is not None)
        if not text and kind != NO_VALUE:
            return False
        self._refuse_stray(column)
        self._budget.cells -= 1
        self._budget.characters -= len(text)
        kept = self._sheet.columns.get(column)
        if kept is None:
            kept = self._sheet.columns[column] = RawColumn([], [], [])
        kept.positions.append(position)
        kept.texts.append(text)
        kept.kinds.append(kind)
        if formula is not None:
            self._sheet.formulas[position, column] = formula
        return True

    def _refuse_stray(self, column: int) -> None:
        if column >= LAST_COLUMN or self._row - self._last_filled > LONGEST_GAP:
            where = cell_name(column, self._row)
            raise UnreadableFileError(RawFinding("EXTENT", self._sheet.name, where, detail=where))

    def _value(self, cell: ET.Element, stored: str | None, inline: str | None, formula: bool) -> tuple[str, str]:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return inline or "", TEXT
        if stored is None or (kind != "str" and not stored.strip()):
            return "", NO_VALUE if formula else TEXT
        if kind == "s":
            return self._shared(stored), TEXT
        if kind == "b":
            return ("TRUE" if stored.strip() in ("1", "true") else "FALSE"), BOOLEAN
        if kind == "e":
            return stored, ERROR
        if kind == "d":
            return stored.strip().replace("T", " ").removesuffix(" 00:00:00"), DATE
        return self._number(stored.strip(), cell.get("s", "")) if kind == "n" else (unescape(stored), TEXT)

    def _shared(self, stored: str) -> str:
        index = stored.strip()
        if not index.isdecimal() or len(index) > 9 or int(index) >= len(self._workbook.texts):
            raise corrupt("单元格引用了不存在的文字。")
        return self._workbook.texts[int(index)]

    def _number(self, stored: str, style: str) -> tuple[str, str]:
        text = number_text(stored)
        if text is None:
            return stored, NUMBER
        formats = self._workbook.formats
        shown = formats[int(style)] if style.isdecimal() and len(style) < 7 and int(style) < len(formats) else ""
        if shown == PERCENT:
            return percent_text(text), NUMBER
        moment = date_text(text, self._workbook.starts_1904) if shown == DATE_FORMAT else None
        return (text, NUMBER) if moment is None else (moment, DATE)

    def _read_merge(self, element: ET.Element) -> None:
        found = _RANGE.fullmatch(element.get("ref", ""))
        if found is None or len(self._sheet.merges) >= MOST_MERGES:
            return
        first, last = column_index(found[1]), column_index(found[3])
        self._sheet.merges.append(Merge(int(found[2]), first, int(found[4]), last))
