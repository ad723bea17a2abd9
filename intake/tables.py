"""From sheets to tables: the header row is found, columns are named, the kind of table is told.

Here belongs the choice of sheets and everything about their headers. The rows below are `rows.py`.
"""

from collections import Counter

from intake.causes import CAUSES, QUARANTINED
from intake.headers import (
    CHINESE,
    FEWEST_NAMES,
    HEADER_ROWS,
    KINDS,
    column_name,
    has_odd_spaces,
    kind_of_columns,
    known_names,
)
from intake.raw import RawFinding, RawSheet, RawTable, UnreadableFileError, column_letters
from intake.rows import Header, row_notes, table_of

RETURNED_SHEET = "核查结果"  # what a returned workbook tells its sender; no data, whoever sends it back

_SHOWN = 8


def tables_of(sheets: list[RawSheet]) -> tuple[list[RawTable], list[RawFinding]]:
    """The tables to read and the notes on them. Raises UnreadableFileError with the first fault."""
    sheets = [sheet for sheet in sheets if sheet.name != RETURNED_SHEET]
    if not any(sheet.numbers for sheet in sheets):
        raise UnreadableFileError(RawFinding("EMPTY"))
    found = [header for sheet in sheets for header in _headers(sheet)]
    if not found:
        detail = "没有一行认得出列名（如 单位编码、考核期、指标编码、数值）"
        raise UnreadableFileError(RawFinding("HEADER", detail=detail))
    chosen = _chosen(found)
    notes = _unread_sheets(sheets, chosen)
    tables = []
    for header in chosen:
        notes += _judged(_column_findings(header))
        tables.append(table_of(header))
        notes += row_notes(header, tables[-1])
    return tables, notes


def _judged(findings: list[RawFinding]) -> list[RawFinding]:
    """The findings, if none of them is a fault."""
    faults = [finding for finding in findings if CAUSES[finding.code].outcome == QUARANTINED]
    if faults:
        raise UnreadableFileError(*faults)
    return findings


def _headers(sheet: RawSheet) -> list[Header]:
    """The header of the sheet, or none. Two are a fault: nobody knows which rows belong to which."""
    top = [(position, texts, known_names(list(texts.values()))) for position, texts in sheet.first_rows(HEADER_ROWS)]
    headers = [row for row in top if len(row[2]) >= FEWEST_NAMES]
    if len(headers) > 1:
        _refuse_second_header(sheet, [position for position, _, _ in headers])
    return [Header(sheet, position, texts, kind_of_columns(names)) for position, texts, names in headers]


def _refuse_second_header(sheet: RawSheet, positions: list[int]) -> None:
    rows = "、".join(f"第 {sheet.numbers[position]} 行" for position in positions[:_SHOWN])
    raise UnreadableFileError(RawFinding("HEADER", sheet.name, detail=f"{rows}都像表头"))


def _chosen(headers: list[Header]) -> list[Header]:
    """One header of each kind: visible before hidden, the sheet with the kind's own name before others."""
    chosen = []
    for kind in KINDS:
        alike = [header for header in headers if header.kind is kind]
        alike = [header for header in alike if not header.sheet.hidden] or alike
        if len(alike) > 1:
            alike = [header for header in alike if header.sheet.name.strip() == kind.sheet] or alike
        if len(alike) > 1:
            names = "、".join(header.sheet.name for header in alike[:_SHOWN])
            detail = f"{names}（规定的表名是“{kind.sheet}”）"
            raise UnreadableFileError(RawFinding("AMBIGUOUS_SHEET", detail=detail))
        chosen += alike
    return chosen


def _unread_sheets(sheets: list[RawSheet], chosen: list[Header]) -> list[RawFinding]:
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


def _column_findings(header: Header) -> list[RawFinding]:
    """Faults first: what is missing, what is there twice; then what is left unread."""
    sheet, texts = header.sheet, header.texts
    names = Counter(name for name in map(column_name, texts.values()) if name)
    missing = [CHINESE[name] for name in header.kind.required if name not in names]
    twice = [CHINESE[name] for name in header.columns if names[name] > 1]
    extra = [text.strip() for text in texts.values() if column_name(text) not in header.columns]
    extra += [f"{column_letters(index)} 列（无列名）" for index in sheet.columns if _has_rows(header, index)]
    odd = [text.strip() for text in texts.values() if has_odd_spaces(text) and column_name(text)]
    cell = f"A{sheet.numbers[header.position]}"
    findings = {
        "MISSING_COLUMN": missing,
        "DUPLICATE_COLUMN": twice,
        "EXTRA_COLUMN": extra,
        "HEADER_SPACES": odd,
    }
    return [RawFinding(code, sheet.name, cell, detail=_listed(words)) for code, words in findings.items() if words]


def _has_rows(header: Header, column: int) -> bool:
    """Whether a column without a header text has something below the header."""
    positions = header.sheet.columns[column].positions
    return column not in header.texts and bool(positions) and positions[-1] > header.position


def _listed(words: list[str]) -> str:
    more = f"等 {len(words)} 项" if len(words) > _SHOWN else ""
    return "、".join(word[:40] for word in words[:_SHOWN]) + more
