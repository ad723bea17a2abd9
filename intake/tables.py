"""From sheets to tables: the header row is found, columns are named, the kind of table is told.

Here belongs the choice of sheets and everything about their headers. The rows below are `rows.py`.
"""

import re
from collections import Counter
from typing import TypeAlias

from evaluation.forms import INSTRUCTIONS, LISTS_SHEET, STAMP_SHEET
from intake.causes import CAUSES, QUARANTINED
from intake.headers import (
    CHINESE,
    FEWEST_NAMES,
    HEADER_ROWS,
    KINDS,
    TableKind,
    column_name,
    has_odd_spaces,
    kind_of_columns,
    known_names,
)
from intake.headings import is_reference
from intake.matrix import asked_rows, first_number, listed, matrix_tables, noted, without_blanks
from intake.matrix_shape import MatrixHeader, matrix_header
from intake.raw import RawFinding, RawSheet, RawTable, UnreadableFileError, cell_name, column_letters
from intake.rows import Header, row_notes, table_of
from intake.stamps import stamp_of

PREFILLED = ("figures", "marks", "self_scores")  # kinds of which a form lists what is owed
RETURNED_SHEET = "核查结果"  # what a returned workbook tells its sender; no data, whoever sends it back

_SHOWN = 8


AnyHeader: TypeAlias = Header | MatrixHeader


def tables_of(sheets: list[RawSheet]) -> tuple[list[RawTable], list[RawFinding]]:
    """The tables to read and the notes on them. Raises UnreadableFileError with the first fault."""
    stamped = stamp_of(sheets) is not None
    sheets = [sheet for sheet in sheets if not _is_own(sheet)]
    if not any(sheet.numbers for sheet in sheets):
        raise UnreadableFileError(RawFinding("EMPTY"))
    found = [header for sheet in sheets for header in _headers(sheet)]
    if all(map(_has_references_only, found)):
        found = [header for sheet in sheets for header in _header_of_one_name(sheet)] or found
    found = [header for header in found if not _has_references_only(header)] or found
    if not found:
        detail = "没有一行认得出列名（如 单位编码、考核期、指标编码、数值）"
        raise UnreadableFileError(RawFinding("HEADER", detail=detail))
    chosen = _chosen(found, stamped)
    notes = _unread_sheets(sheets, chosen)
    tables = []
    for header in chosen:
        read, more = _read(header, stamped)
        tables += read
        notes += more
    if not any(table.rows for table in tables):
        raise UnreadableFileError(RawFinding("NO_ROWS", chosen[0].sheet.name))
    return [table for table in tables if table.rows or table.blanks], notes


def _is_own(sheet: RawSheet) -> bool:
    """Sheets that are ours and hold no data: a form's stamp, lists and instructions, what a returned workbook tells."""
    return sheet.name.strip() in (STAMP_SHEET, LISTS_SHEET, INSTRUCTIONS, RETURNED_SHEET)


def _has_references_only(header: AnyHeader) -> bool:
    return isinstance(header, MatrixHeader) and not header.values


def _read(header: AnyHeader, stamped: bool) -> tuple[list[RawTable], list[RawFinding]]:
    if isinstance(header, MatrixHeader):
        return matrix_tables(header, stamped=stamped)
    notes = _judged(_column_findings(header, stamped))
    table = table_of(header)
    if stamped and header.kind.name in PREFILLED:
        table = without_blanks(table, header.kind.value, asked_rows(table), stamped=True)
        return [table], notes
    return [table], [*notes, *row_notes(header.sheet, table.rows)]


def _judged(findings: list[RawFinding]) -> list[RawFinding]:
    """The findings, if none of them is a fault."""
    faults = [finding for finding in findings if CAUSES[finding.code].outcome == QUARANTINED]
    if faults:
        raise UnreadableFileError(*faults)
    return findings


def _headers(sheet: RawSheet) -> list[AnyHeader]:
    """The header of the sheet, or none. Two are a fault: nobody knows which rows belong to which."""
    top = [(position, texts, known_names(list(texts.values()))) for position, texts in sheet.first_rows(HEADER_ROWS)]
    headers: list[AnyHeader] = []
    for position, texts, names in top:
        within = bool(headers) and isinstance(headers[-1], MatrixHeader) and position < headers[-1].start
        if len(names) >= FEWEST_NAMES and not within:
            headers.append(matrix_header(sheet, position, texts) or _tidy(sheet, position, texts, names))
    if len(headers) > 1:
        _refuse_second_header(sheet, [header.position for header in headers])
    return headers


def _tidy(sheet: RawSheet, position: int, texts: dict[int, str], names: set[str]) -> Header:
    return Header(sheet, position, texts, kind_of_columns(names))


def _header_of_one_name(sheet: RawSheet) -> list[AnyHeader]:
    """A matrix whose only known column is that of its units or indicators, made by hand and without codes."""
    made = (matrix_header(sheet, position, texts) for position, texts in sheet.first_rows(HEADER_ROWS))
    found: list[AnyHeader] = [header for header in made if header is not None]
    return sorted(found, key=_has_references_only)[:1]


def _refuse_second_header(sheet: RawSheet, positions: list[int]) -> None:
    rows = "、".join(f"第 {sheet.numbers[position]} 行" for position in positions[:_SHOWN])
    raise UnreadableFileError(RawFinding("HEADER", sheet.name, detail=f"{rows}都像表头"))


def _chosen(headers: list[AnyHeader], stamped: bool) -> list[AnyHeader]:
    """Of each kind the sheets with the kind's own name, else the only one; visible before hidden.

    Of a form all: a sheet that was given another name is not lost, and a copy that differs is a conflict.
    """
    chosen = []
    for kind in KINDS:
        alike = [header for header in headers if header.kind is kind]
        alike = [header for header in alike if not header.sheet.hidden] or alike
        named = [header for header in alike if stamped or _has_name_of(header.sheet, kind)]
        if len(alike) > 1 and not named:
            names = "、".join(header.sheet.name for header in alike[:_SHOWN])
            detail = f"{names}（规定的表名是“{kind.sheet}”）"
            raise UnreadableFileError(RawFinding("AMBIGUOUS_SHEET", detail=detail))
        chosen += named if len(alike) > 1 else alike
    return chosen


def _has_name_of(sheet: RawSheet, kind: TableKind) -> bool:
    """Whether the sheet is called 数据, or 数据（季度） where one sheet does not hold all."""
    return re.fullmatch(rf"{kind.sheet}(?:[（(].+[）)])?", sheet.name.strip()) is not None


def _unread_sheets(sheets: list[RawSheet], chosen: list[AnyHeader]) -> list[RawFinding]:
    read = {id(header.sheet) for header in chosen}
    notes = []
    for sheet in sheets:
        if id(sheet) not in read and sheet.numbers and not sheet.name.startswith("_"):
            code = "HIDDEN_SHEET" if sheet.hidden else "SHEET_NOT_READ"
            detail = "未予读取" if sheet.hidden else sheet.name
            notes.append(RawFinding(code, sheet.name, detail=detail))
        elif id(sheet) in read and sheet.hidden:
            notes.append(RawFinding("HIDDEN_SHEET", sheet.name, detail="已照常读取"))
    return notes


def _column_findings(header: Header, stamped: bool) -> list[RawFinding]:
    """Faults first: what is missing, what is there twice; then what is left unread."""
    sheet, texts = header.sheet, header.texts
    # A form knows whose it is: its sheets for one unit have no column for it.
    given = {"unit_code"} if stamped else set()
    names = Counter(name for name in map(column_name, texts.values()) if name)
    missing = [CHINESE[name] for name in header.kind.required if name not in names and name not in given]
    twice = {
        cell_name(_second(texts, name), sheet.numbers[header.position]): CHINESE[name]
        for name in header.columns
        if names[name] > 1
    }
    number = sheet.numbers[header.position]
    named = {cell_name(index, number): text for index, text in texts.items()}
    extra = {
        cell: text.strip()
        for cell, text in named.items()
        if column_name(text) not in header.columns and not (stamped and is_reference(text))
    }
    below = header.position + 1
    bare = {at: first_number(sheet, cells.positions, below) for at, cells in sheet.columns.items() if at not in texts}
    extra |= {cell_name(index, row): f"{column_letters(index)} 列（无列名）" for index, row in bare.items() if row}
    odd = {cell: text.strip() for cell, text in named.items() if has_odd_spaces(text) and column_name(text)}
    findings = [RawFinding("MISSING_COLUMN", sheet.name, f"A{number}", detail=listed(missing))] if missing else []
    told = {"DUPLICATE_COLUMN": twice, "EXTRA_COLUMN": extra, "HEADER_SPACES": odd}
    return [*findings, *(noted(code, sheet.name, words) for code, words in told.items() if words)]


def _second(texts: dict[int, str], name: str) -> int:
    """The column in which that name stands again."""
    return [index for index, text in texts.items() if column_name(text) == name][1]
