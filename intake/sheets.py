"""The cells of one worksheet, read as stored: texts, kinds, formulas with their results, merges.

Here belongs the way from XML to `RawSheet`. The parts are parsed here and not by a library, because
formulas and results are both needed (a library reads the file twice for that) and the stated extent of
a sheet is never believed. DOCTYPE has been refused before.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from xml.parsers import expat

from intake.limits import LIMITS, Limits
from intake.packages import Package
from intake.raw import (
    BOOLEAN,
    DATE,
    ERROR,
    NO_VALUE,
    TEXT,
    Merge,
    RawColumn,
    RawFinding,
    RawSheet,
    UnreadableFileError,
    cell_name,
)
from intake.workbooks import SheetPart, Workbook, corrupt, read_workbook, unescape

LAST_COLUMN = 1_000  # a cell beyond it, or beyond so many blank rows, is a stray one
LONGEST_GAP = 10_000
MOST_MERGES = 20_000

_CHUNK = 1 << 20
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LETTERS = re.compile(r"[A-Z]{1,3}")
_TEXT_ELEMENTS = frozenset("vtf")
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
    """Takes what the parser meets, element by element; no tree is built."""

    __slots__ = (
        *(
            "_budget",
            "_cell",
            "_column",
            "_columns",
            "_data",
            "_filled",
            "_formula",
            "_hidden",
            "_in_guide",
            "_in_text",
            "_inline",
            "_kept",
        ),
        *("_last_filled", "_locals", "_name", "_position", "_row", "_row_text", "_sheet", "_stored", "_text"),
        "_workbook",
    )

    def __init__(self, part: SheetPart, workbook: Workbook, budget: _Budget) -> None:
        self._budget, self._workbook, self._data = budget, workbook, part.data
        self._sheet = RawSheet(part.name, hidden=part.hidden)
        self._locals: dict[str, str] = {}  # names of elements without their prefix
        self._columns: dict[str, int] = {}  # by letters
        self._text: list[str] = []
        self._row = self._last_filled = self._position = 0
        self._row_text = ""  # while in a row
        self._hidden = self._filled = self._kept = self._in_guide = self._in_text = False
        self._column = -1
        self._cell: dict[str, str] | None = None
        self._stored: str | None = None
        self._formula: str | None = None
        self._inline: list[str] | None = None

    def read(self) -> RawSheet:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        try:
            for start in range(0, len(self._data), _CHUNK):
                parser.Parse(self._data[start : start + _CHUNK], False)
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise corrupt(f"工作表“{self._sheet.name}”不完整。") from error
        return self._sheet

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        name = self._locals.get(element) or self._locals.setdefault(element, element.rpartition(":")[2])
        if self._in_text:
            raise corrupt("单元格的文字里夹有别的元素。")
        if name == "c":
            if self._row_text:
                self._start_cell(attributes)
        elif name in _TEXT_ELEMENTS:
            self._in_text = True
            self._text.clear()
        elif name == "row":
            self._start_row(attributes)
        elif name == "is":
            self._inline = []
        elif name == "rPh":
            self._in_guide = True
        elif name == "mergeCell":
            self._read_merge(attributes.get("ref", ""))

    def _end(self, element: str) -> None:
        name = self._locals[element]
        self._in_text = False
        if name == "v":
            self._stored = "".join(self._text)
        elif name == "c":
            if self._cell is not None:
                self._end_cell(self._cell)
        elif name == "t":
            if self._inline is not None and not self._in_guide:
                self._inline.extend(self._text)
        elif name == "f":
            self._formula = "=" + ("".join(self._text) or "（共享公式）")
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self._in_guide = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r", "")
        number = int(stated) if stated.isdecimal() and len(stated) < 9 else self._row + 1
        if number <= self._row or self._row_text:
            raise corrupt(f"工作表“{self._sheet.name}”行号错乱。")
        self._row, self._row_text = number, str(number)
        self._hidden = attributes.get("hidden") in ("1", "true")
        self._position = len(self._sheet.numbers)
        self._column, self._filled, self._kept = -1, False, False

    def _end_row(self) -> None:
        self._row_text = ""
        if self._filled:
            self._budget.check()
            self._sheet.numbers.append(self._row)
            self._last_filled = self._row
            if self._hidden:
                self._sheet.hidden_rows.append(self._row)
        elif self._kept:
            self._forget_row()

    def _forget_row(self) -> None:
        """Cells that hold nothing but spaces make no row."""
        columns = self._sheet.columns
        for index in [at for at, column in columns.items() if column.positions[-1] == self._position]:
            self._sheet.formulas.pop((self._position, index), None)
            for cells in columns[index]:
                cells.pop()
            if not columns[index].positions:
                del columns[index]

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference, previous = attributes.get("r"), self._column
        column = previous + 1 if reference is None else self._column_of(reference)
        if self._cell is not None or column <= previous:
            raise corrupt(f"单元格 {(reference or '')[:20]} 位置错乱。")
        self._column, self._cell = column, attributes
        self._stored = self._formula = self._inline = None

    def _column_of(self, reference: str) -> int:
        """The column of a reference to the present row, -1 of any other."""
        letters = reference.removesuffix(self._row_text)
        column = self._columns.get(letters)
        if column is None:
            column = column_index(letters) if _LETTERS.fullmatch(letters) and letters != reference else -1
            self._columns[letters] = column
        return column if letters != reference else -1

    def _end_cell(self, cell: dict[str, str]) -> None:
        """Keeps the cell if there was anything in it."""
        self._cell = None
        text, kind = self._value(cell)
        if not text:
            return
        column, blank = self._column, text.isspace()
        if column >= LAST_COLUMN or self._row - self._last_filled > LONGEST_GAP:
            if blank:
                return
            where = cell_name(column, self._row)
            raise UnreadableFileError(RawFinding("EXTENT", self._sheet.name, where, detail=where))
        self._budget.cells -= 1
        self._budget.characters -= len(text)
        kept = self._sheet.columns.get(column)
        if kept is None:
            kept = self._sheet.columns[column] = RawColumn([], [], [])
        kept.positions.append(self._position)
        kept.texts.append(text)
        kept.kinds.append(kind)
        if self._formula is not None:
            self._sheet.formulas[self._position, column] = self._formula
        self._kept = True
        self._filled |= not blank

    def _value(self, cell: dict[str, str]) -> tuple[str, str]:
        kind, stored = cell.get("t", "n"), self._stored
        if kind == "inlineStr":
            return unescape("".join(self._inline or ())), TEXT
        if stored is None or (kind != "str" and not stored.strip()):
            return (self._formula, NO_VALUE) if self._formula is not None else ("", TEXT)
        if kind == "n":
            return self._workbook.number(stored.strip(), cell.get("s", ""))
        if kind == "s":
            return self._workbook.shared(stored), TEXT
        if kind == "b":
            return ("TRUE" if stored.strip() in ("1", "true") else "FALSE"), BOOLEAN
        if kind == "e":
            return stored, ERROR
        if kind == "d":
            return stored.strip().replace("T", " ").removesuffix(" 00:00:00"), DATE
        return unescape(stored), TEXT

    def _read_merge(self, reference: str) -> None:
        found = _RANGE.fullmatch(reference)
        if found is None or len(self._sheet.merges) >= MOST_MERGES:
            return
        first, last = column_index(found[1]), column_index(found[3])
        self._sheet.merges.append(Merge(int(found[2]), first, int(found[4]), last))
