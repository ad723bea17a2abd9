"""A sheet in matrix shape as rows of the tidy form: each cell that is filled in is one row, with its own place.

Here belongs the passage from columns to rows. Which columns hold values is found in `matrix_shape.py`; names of units
and indicators become codes in `names.py`, when the definition is at hand.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from evaluation.forms import NOT_APPLICABLE
from intake.headers import has_odd_spaces
from intake.headings import Heading, is_remark, is_total
from intake.matrix_shape import INDICATOR_KEYS, MARKS, SELF_SCORES, UNIT_KEYS, MatrixHeader
from intake.raw import RawFinding, RawSheet, RawTable, cell_name, column_letters
from intake.rows import cells_of, refuse_repeated_header, row_notes

_SHOWN = 8


def matrix_tables(header: MatrixHeader, *, stamped: bool) -> tuple[list[RawTable], list[RawFinding]]:
    """One table per column that holds values or may, and notes.

    In a stamped workbook cells marked 不适用 are not there at all.
    """
    tables, notes = _tables(header, header.values, stamped=stamped)
    references, _ = _tables(header, header.references, stamped=stamped)
    tables += [replace(table, is_reference=True) for table in references if table.rows]
    return tables, [*_notes(header, stamped), *notes]


def _tables(
    header: MatrixHeader, columns: dict[int, Heading], *, stamped: bool
) -> tuple[list[RawTable], list[RawFinding]]:
    """One table per column, of the rows that have anything in one of them or in a key."""
    sheet = header.sheet
    texts, positions = _keys_of_rows(header, columns)
    rows = [position for position, text in zip(positions, texts, strict=True) if not is_remark(text)]
    keys = _with_codes(cells_of(sheet, header.kind, header.keys, rows))
    asked = asked_rows(keys)
    tables = []
    for index, heading in columns.items():
        own = cells_of(sheet, header.kind, {header.kind.value: index}, rows)
        table = without_blanks(_beside(keys, own), header.kind.value, asked, stamped=stamped)
        tables.append(replace(_with_heading(header, heading, index, table), by_heading=True))
    return tables, [*_rows_left_out(header, texts, positions), *row_notes(sheet, keys.rows)]


def _keys_of_rows(header: MatrixHeader, values: dict[int, Heading]) -> tuple[list[str], list[int]]:
    """The first key text of every row below the headings that has anything in a key or a column of values."""
    sheet, columns = header.sheet, [*header.keys.values(), *values]
    filled = {at for index in columns if index in sheet.columns for at in sheet.columns[index].positions}
    positions = sorted(at for at in filled if at >= header.start)
    own = {name: header.keys[name] for name in (*UNIT_KEYS, *INDICATOR_KEYS) if name in header.keys}
    table = cells_of(sheet, header.kind, own, positions)
    refuse_repeated_header(sheet, sheet.numbers[header.position], table)
    return [next(filter(str.strip, texts), "") for texts in zip(*table.texts.values(), strict=True)], positions


def _beside(keys: RawTable, own: RawTable) -> RawTable:
    """One table of the same rows; the columns of keys are shared by all tables of a sheet."""
    return replace(
        own,
        letters={**keys.letters, **own.letters},
        texts={**keys.texts, **own.texts},
        kinds={**keys.kinds, **own.kinds},
    )


def asked_rows(table: RawTable) -> list[bool]:
    """The rows whose keys ask for a value: no totals, no signatures."""
    return [bool(key.strip()) and not (is_total(key) or is_remark(key)) for key in _row_keys(table)]


def without_blanks(table: RawTable, value: str, asked: Sequence[bool], *, stamped: bool) -> RawTable:
    """Rows that were prefilled and have no value are blanks, signatures below them nothing at all."""
    texts = table.texts[value]
    empty = [not text.strip() for text in texts]
    absent = [stamped and text.strip() == NOT_APPLICABLE for text in texts]
    blanks = sum(a and b and not c for a, b, c in zip(empty, asked, absent, strict=True))
    kept = [place for place, (a, b) in enumerate(zip(empty, absent, strict=True)) if not (a or b)]
    if len(kept) == len(texts):
        return replace(table, blanks=blanks)
    return replace(_taken(table, kept), blanks=blanks)


def _row_keys(table: RawTable) -> list[str]:
    """What tells the rows apart: the first of their keys that says something."""
    own = [table.texts[name] for name in (*UNIT_KEYS, *INDICATOR_KEYS) if name in table.texts]
    return [next(filter(str.strip, texts), "") for texts in zip(*own, strict=True)]


def _taken(table: RawTable, kept: list[int]) -> RawTable:
    def parts(columns: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        return {name: [cells[place] for place in kept] for name, cells in columns.items()}

    return replace(
        table,
        rows=[table.rows[place] for place in kept],
        texts=parts(table.texts),
        kinds=parts(table.kinds),
        formulas=parts(table.formulas),
    )


def _with_codes(table: RawTable) -> RawTable:
    """The table of keys with names standing for the codes that its rows lack."""
    texts, kinds, letters = dict(table.texts), dict(table.kinds), dict(table.letters)
    for name, other in (UNIT_KEYS, INDICATOR_KEYS):
        if other in texts:
            codes = texts.get(name, [""] * len(table.rows))
            texts[name] = [code if code.strip() else text for code, text in zip(codes, texts[other], strict=True)]
            letters.setdefault(name, letters[other])
            kinds.setdefault(name, kinds.get(other, [""] * len(table.rows)))
    return replace(table, texts=texts, kinds=kinds, letters=letters)


def _with_heading(header: MatrixHeader, heading: Heading, index: int, table: RawTable) -> RawTable:
    """The table with what its heading says in the columns that its rows lack."""
    texts, letters, count = dict(table.texts), dict(table.letters), len(table.rows)
    said = {"period": heading.period, "status": heading.status, "unit_of_measure": heading.unit_of_measure}
    if header.kind is MARKS:
        said["judge"] = heading.subject
    elif not header.names_indicators():
        said["indicator_code"] = heading.subject
    elif not header.names_units():
        said["unit_code"] = "" if heading.has_value_word or header.kind is SELF_SCORES else heading.subject
    for name, text in said.items():
        if text or name == "unit_code":
            own = texts.get(name, [""] * count)
            texts[name] = [one if one.strip() else text for one in own]
            row = heading.rows.get(name) or heading.rows.get("code") or heading.rows.get("subject")
            letters.setdefault(name, cell_name(index, row or header.sheet.numbers[header.position]))
    letters.setdefault("unit_code", column_letters(index))
    return replace(table, texts=texts, letters=letters)


def _notes(header: MatrixHeader, stamped: bool) -> list[RawFinding]:
    """Columns left unread that have something below, and headings with odd spaces; each at the first such place."""
    sheet, number = header.sheet, header.sheet.numbers[header.position]
    named = [at for at, one in header.unread.items() if not one.is_beside and not (stamped and one.is_reference)]
    extra = {cell_name(at, number): f"{column_letters(at)} 列" for at in named if _first_below(header, at)}
    known = {*header.keys.values(), *header.values, *header.references, *header.unread}
    bare = {at: _first_below(header, at) for at in sheet.columns if at not in known and _has_no_text(header, at)}
    extra |= {cell_name(at, row): f"{column_letters(at)} 列（无列名）" for at, row in bare.items() if row}
    odd = {
        cell_name(at, number): text.strip()
        for at, text in _texts_of(sheet, header.position).items()
        if has_odd_spaces(text)
    }
    told = {"EXTRA_COLUMN": extra, "HEADER_SPACES": odd}
    return [noted(code, sheet.name, words) for code, words in told.items() if words]


def noted(code: str, sheet: str, words: Mapping[str, str]) -> RawFinding:
    """One finding on columns, `words` by cell, at the first of them."""
    return RawFinding(code, sheet, next(iter(words)), detail=listed(list(words.values())))


def _first_below(header: MatrixHeader, column: int) -> int:
    """The number of the first row of data in which that column has anything, 0 for none."""
    cells = header.sheet.columns.get(column)
    return 0 if cells is None else first_number(header.sheet, cells.positions, header.start)


def first_number(sheet: RawSheet, positions: Sequence[int], start: int) -> int:
    """The row's number of the first of the positions (ascending) that is not before `start`, 0 for none."""
    at = bisect_left(positions, start)
    return sheet.numbers[positions[at]] if at < len(positions) else 0


def _has_no_text(header: MatrixHeader, column: int) -> bool:
    positions = header.sheet.columns[column].positions
    return not any(header.position <= at < header.start for at in positions)


def _texts_of(sheet: RawSheet, position: int) -> dict[int, str]:
    return {
        index: text
        for index, column in sheet.columns.items()
        for at, text in zip(column.positions[:60], column.texts[:60], strict=True)
        if at == position
    }


def _rows_left_out(header: MatrixHeader, keys: list[str], positions: list[int]) -> list[RawFinding]:
    """Remarks and signatures that have something in a column of values."""
    filled = {at for index in header.values if index in header.sheet.columns for at in _positions(header, index)}
    rows = [
        f"第 {header.sheet.numbers[at]} 行（{key.strip()[:10]}）"
        for key, at in zip(keys, positions, strict=True)
        if is_remark(key) and at in filled
    ]
    return [RawFinding("ROWS_NOT_READ", header.sheet.name, detail=listed(rows))] if rows else []


def _positions(header: MatrixHeader, index: int) -> list[int]:
    return header.sheet.columns[index].positions


def listed(words: list[str]) -> str:
    more = f"等 {len(words)} 项" if len(words) > _SHOWN else ""
    return "、".join(word[:40] for word in words[:_SHOWN]) + more
