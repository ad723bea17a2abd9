"""The rows below a header as a table: cells by column name, merged cells filled in, blank rows left out.

Here belongs which rows make a table. Which header is read is decided in `tables.py`, what a cell means
after that.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from intake.headers import TableKind, column_name
from intake.raw import (
    MERGED,
    ManyTexts,
    Merge,
    RawColumn,
    RawFinding,
    RawSheet,
    RawTable,
    UnreadableFileError,
    column_letters,
)

_SHOWN = 8
_EMPTY = RawColumn([], [], [])


@dataclass(frozen=True, slots=True)
class Header:
    """A header row: its position among the sheet's rows and its texts by column."""

    sheet: RawSheet
    position: int
    texts: dict[int, str]
    kind: TableKind

    @property
    def columns(self) -> dict[str, int]:
        """The columns that are read, by name."""
        wanted = (*self.kind.required, *self.kind.optional)
        named = {column_name(text): index for index, text in self.texts.items()}
        return {name: named[name] for name in wanted if name in named}


def table_of(header: Header) -> RawTable:
    """The rows that have something in a named column, perhaps none."""
    sheet, columns, body = header.sheet, header.columns, header.sheet.body
    if body is None:
        table = cells_of(sheet, header.kind, columns, _filled_positions(header))
    else:
        table = body.table(header.kind.name, columns)
    refuse_repeated_header(sheet, sheet.numbers[header.position], table)
    return table if "unit_code" in columns else replace(table, by_heading=True)


def cells_of(sheet: RawSheet, kind: TableKind, columns: dict[str, int], positions: list[int]) -> RawTable:
    """The cells of the columns in the rows at these positions, merged ones filled in."""
    places = {position: row for row, position in enumerate(positions)}
    rows = [sheet.numbers[position] for position in positions]
    texts: dict[str, list[str]] = {}
    kinds: dict[str, list[str]] = {}
    for name, index in columns.items():
        column = sheet.columns.get(index, _EMPTY)
        texts[name] = _placed(column.positions, column.texts, places)
        kinds[name] = _placed(column.positions, column.kinds, places) if any(column.kinds) else [""] * len(rows)
    _Merging(rows, columns, texts, kinds).fill(sheet)
    return RawTable(
        kind=kind.name,
        sheet=sheet.name,
        rows=rows,
        letters={name: column_letters(index) for name, index in columns.items()},
        texts=texts,
        kinds={name: marks for name, marks in kinds.items() if any(marks)},
        formulas=_formulas(sheet, columns, places),
    )


def row_notes(sheet: RawSheet, rows: Sequence[int]) -> list[RawFinding]:
    """Notes on hidden and blank rows; lines of a csv are not counted, as fields may hold several."""
    if not rows:
        return []
    notes = []
    first, last = rows[0], rows[-1]
    hidden = [f"第 {row} 行" for row in sheet.hidden_rows if first <= row <= last]
    if hidden:
        more = f"等 {len(hidden)} 行" if len(hidden) > _SHOWN else ""
        detail = "、".join(hidden[:_SHOWN]) + more
        notes.append(RawFinding("HIDDEN_ROWS", sheet.name, detail=detail))
    blank = last - first + 1 - len(rows)
    if blank and sheet.name:
        notes.append(RawFinding("BLANK_ROWS", sheet.name, detail=str(blank)))
    return notes


def _filled_positions(header: Header) -> list[int]:
    filled: set[int] = set()
    for index in header.columns.values():
        positions = header.sheet.columns[index].positions
        filled.update(islice(positions, bisect_right(positions, header.position), None))
    return sorted(filled)


def _placed(positions: list[int], values: list[str], places: dict[int, int]) -> list[str]:
    """The values at their rows of the table, "" elsewhere."""
    placed = [""] * len(places)
    for position, value in zip(positions, values, strict=True):
        row = places.get(position)
        if row is not None:
            placed[row] = value
    return placed


def refuse_repeated_header(sheet: RawSheet, first: int, table: RawTable) -> None:
    """`first` is the number of the row that is the header."""
    unit_codes = table.texts.get("unit_code", [])
    distinct = unit_codes.distinct() if isinstance(unit_codes, ManyTexts) else set(unit_codes)
    repeated = {text for text in distinct if column_name(text) == "unit_code"}
    if repeated:
        row = next(row for row, text in zip(table.rows, unit_codes, strict=True) if text in repeated)
        detail = f"第 {first} 行、第 {row} 行都像表头"
        raise UnreadableFileError(RawFinding("HEADER", sheet.name, f"A{row}", detail=detail))


def _formulas(sheet: RawSheet, columns: dict[str, int], places: dict[int, int]) -> dict[str, list[str]]:
    names = {index: name for name, index in columns.items()}
    formulas: dict[str, list[str]] = {}
    for (position, index), formula in sheet.formulas.items():
        if index in names and position in places:
            texts = formulas.setdefault(names[index], [""] * len(places))
            texts[places[position]] = formula
    return formulas


@dataclass(slots=True)
class _Merging:
    """Cells that a merge covers: below its first cell they take over its text, elsewhere they stay empty."""

    rows: list[int]
    columns: dict[str, int]
    texts: dict[str, list[str]]
    kinds: dict[str, list[str]]
    covered: int = 0

    def fill(self, sheet: RawSheet) -> None:
        for merge in sheet.merges:
            for name, index in self.columns.items():
                if merge.first_column <= index <= merge.last_column:
                    self._cover(merge, name, index)

    def _cover(self, merge: Merge, name: str, index: int) -> None:
        first = bisect_left(self.rows, merge.first_row)
        last = bisect_right(self.rows, merge.last_row)
        if first == last:
            return
        self.covered += last - first
        # Merges that overlap could keep us busy for ever; a spreadsheet never makes them.
        if self.covered > len(self.rows) * len(self.columns):
            raise UnreadableFileError(RawFinding("FILE_CORRUPT", detail="合并单元格互相重叠。"))
        in_first_column = index == merge.first_column
        has_first_cell = in_first_column and self.rows[first] == merge.first_row
        text = self.texts[name][first] if has_first_cell else ""
        start = first + 1 if has_first_cell else first
        self.texts[name][start:last] = [text] * (last - start)
        self.kinds[name][start:last] = [MERGED] * (last - start)
