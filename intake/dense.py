"""The rows of a big csv as Arrow columns: no Python object per cell, neither here nor on the way to the parent.

Here belongs what replaces lists of texts where there are millions. A plain file is parsed by Arrow; whatever is
not plain (blank lines, line ends inside fields, rows of another width) by the same reader as small files, so
that both say the same. Loaded only where it is needed.
"""

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeAlias, overload

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from intake.raw import ManyTexts, RawTable, column_letters

LONGEST_FIELD = 131_072  # as the csv reader of the standard library has it

_BLOCK = 1 << 24
_ROWS_AT_ONCE = 20_000
_LINE_END = re.compile(rb"\r\n|\r|\n")
_TEXT = pa.string()
_Row: TypeAlias = tuple[int, list[str]]


class Texts(ManyTexts):
    """A column of texts."""

    def __init__(self, column: Any) -> None:
        self.column = column

    def __len__(self) -> int:
        return len(self.column)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> "Texts": ...
    def __getitem__(self, index: int | slice) -> "str | Texts":
        if isinstance(index, slice):
            return Texts(self.column.take(pa.array(range(len(self))[index])))
        text: str = self.column[index].as_py()
        return text

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), _ROWS_AT_ONCE):
            yield from self.column.slice(start, _ROWS_AT_ONCE).to_pylist()

    def distinct(self) -> list[str]:
        """Each text once."""
        texts: list[str] = pc.unique(self.column).to_pylist()
        return texts


class DenseBody:
    """Rows below a header, all columns of them; `numbers` are the lines on which they begin."""

    def __init__(self, numbers: Sequence[int], columns: list[Any]) -> None:
        self._numbers, self._columns = numbers, columns

    def __len__(self) -> int:
        return len(self._numbers)

    def first_lines(self) -> dict[int, int]:
        """By column that has any text the line of the first."""
        first = (pc.index(pc.greater(pc.binary_length(column), 0), True).as_py() for column in self._columns)
        return {index: self._numbers[at] for index, at in enumerate(first) if at >= 0}

    def without(self, where: Any) -> "DenseBody":
        """Without the rows of a mask; None is no mask."""
        if where is None:
            return self
        marks = where.to_pylist()
        numbers = array("q", (number for number, mark in zip(self._numbers, marks, strict=True) if not mark))
        kept = pc.invert(where)
        return DenseBody(numbers, [column.filter(kept) for column in self._columns])

    def without_blank_rows(self) -> "DenseBody":
        return self.without(_all_rows(self._columns, lambda column: pc.utf8_trim_whitespace(column)))

    def table(self, kind: str, columns: dict[str, int]) -> RawTable:
        """The rows that have something in one of the columns named."""
        named = DenseBody(self._numbers, [self._columns[index] for index in columns.values()])
        filled = named.without(_all_rows(named._columns, lambda column: column))
        return RawTable(
            kind=kind,
            sheet="",
            rows=filled._numbers,
            letters={name: column_letters(index) for name, index in columns.items()},
            texts={name: Texts(column) for name, column in zip(columns, filled._columns, strict=True)},
            kinds={},
            formulas={},
        )


def _longest(column: Any) -> int:
    """Bytes of the longest text."""
    return pc.max(pc.binary_length(column)).as_py() or 0


def _all_rows(columns: list[Any], part: Callable[[Any], Any]) -> Any:
    """Which rows have nothing in that part of every column; None where there are none."""
    bare = None
    for column in columns:
        empty = pc.equal(pc.binary_length(part(column)), 0)
        bare = empty if bare is None else pc.and_(bare, empty)
        if not pc.any(bare).as_py():
            return None
    return bare


def plain_body(data: bytes, delimiter: str, header_line: int, width: int) -> DenseBody | None:
    """The rows below the header, which begins on the line given; None where the file is not plain."""
    ends = islice(_LINE_END.finditer(data), header_line - 1)
    start = max((end.end() for end in ends), default=0)
    table = _parsed(pa.py_buffer(data).slice(start), b'"' in data, delimiter, width)
    if table is None or table.num_rows != _lines(data, start):
        return None
    columns = [column.slice(1) for column in table.columns]
    if any(_longest(column) > LONGEST_FIELD for column in columns):
        return None
    return DenseBody(range(header_line + 1, header_line + table.num_rows), columns).without_blank_rows()


def _parsed(buffer: Any, has_quotes: bool, delimiter: str, width: int) -> Any:
    names = [str(index) for index in range(width)]
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(buffer),
            arrow_csv.ReadOptions(use_threads=False, block_size=_BLOCK, column_names=names),
            arrow_csv.ParseOptions(
                delimiter=delimiter, quote_char='"' if has_quotes else False, newlines_in_values=has_quotes
            ),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, _TEXT), strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None


def _lines(data: bytes, start: int) -> int:
    breaks = data.count(b"\n", start) + data.count(b"\r", start) - data.count(b"\r\n", start)
    return breaks + (not data.endswith((b"\n", b"\r")))


def gathered_body(rows: Iterator[_Row], check: Callable[[list[_Row]], list[_Row]], width: int) -> DenseBody:
    """The rows given, some thousands at once, of each such part what `check` leaves."""
    numbers = array("q")
    columns: list[list[Any]] = [[] for _ in range(width)]
    while part := list(islice(rows, _ROWS_AT_ONCE)):
        part = check(part)
        numbers.extend(number for number, _ in part)
        for index, column in enumerate(columns):
            column.append(pa.array([fields[index] for _, fields in part], _TEXT))
    return DenseBody(numbers, [pa.chunked_array(column, _TEXT) for column in columns])
