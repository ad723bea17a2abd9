"""Csv as a raw sheet: the delimiter by inspection, then fields by the letter of RFC 4180.

Here belongs the way from text to rows. A row that is too short or too long is refused and never padded,
because nobody can say which field is missing. Encodings are `decoding.py`, column names `headers.py`.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from intake.decoding import before_encoded_twice, decode
from intake.headers import FEWEST_NAMES, HEADER_ROWS, kind_of_columns, known_names
from intake.limits import LIMITS, Limits
from intake.raw import RawColumn, RawFinding, RawSheet, UnreadableFileError

MOST_FIELDS = 1_000
DENSE_FROM = 4_000_000  # bytes; smaller files are quicker in lists

_DELIMITERS = {",": "英文逗号", "\t": "制表符", ";": "分号"}
_CHINESE_COMMA = "，"


def read_csv(data: bytes, limits: Limits = LIMITS) -> tuple[RawSheet, list[RawFinding]]:
    """The only sheet of the file, and notes. Raises UnreadableFileError."""
    text, notes = decode(data)
    delimiter = _delimiter(text)
    findings = list(notes)
    if delimiter != ",":
        findings.append(RawFinding("OTHER_DELIMITER", detail=_DELIMITERS[delimiter]))
    _refuse_bad_quotes(text, delimiter)
    sheet = _dense_sheet(text, delimiter, limits) if len(text) > DENSE_FROM else None
    return sheet or _sheet(list(_rows(text, delimiter)), limits), findings


def _delimiter(text: bytes) -> str:
    """The delimiter that makes most column names in one row."""
    lines = [line.decode() for line in islice(_lines(text), HEADER_ROWS)]
    known = {mark: _names_found(lines, mark) for mark in (*_DELIMITERS, _CHINESE_COMMA)}
    best = max(known, key=lambda mark: known[mark])
    if known[best] < FEWEST_NAMES:
        if any(_names_found(once.split("\n"), ",") for once in before_encoded_twice("\n".join(lines))):
            raise UnreadableFileError(RawFinding("ENCODING", detail="文字曾按错误的编码转换过（乱码）。"))
        return ","
    if best == _CHINESE_COMMA:
        raise UnreadableFileError(RawFinding("DELIMITER"))
    return best


def _lines(text: bytes) -> Iterator[bytes]:
    """Lines that hold anything, without their ends."""
    return (found[0] for found in re.finditer(rb"[^\r\n]+", text) if found[0].strip())


def _names_found(lines: list[str], delimiter: str) -> int:
    rows = (line.split(delimiter) for line in lines)
    return max((len(known_names([field.strip('"') for field in row])) for row in rows), default=0)


def _refuse_bad_quotes(text: bytes, delimiter: str) -> None:
    """Quotes only around a whole field, and doubled inside it; a library would let them pass elsewhere."""
    if b'"' not in text:
        return
    mark = re.escape(delimiter.encode())
    field = rb'(?:"(?:[^"]|"")*+"|[^"%b\r\n]*+)' % mark
    valid = re.match(rb"(?:%b(?:%b|\r\n|\r|\n))*+%b" % (field, mark, field), text)
    end = valid.end() if valid else 0
    if end < len(text):
        line = len(re.findall(rb"\r\n|\r|\n", text[:end])) + 1
        raise UnreadableFileError(RawFinding("CSV_QUOTE", detail=str(line)))


def _rows(text: bytes, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which the row begins, its fields), rows without any text left out."""
    stream = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline="")
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    line = 1
    try:
        for fields in reader:
            if any(fields) and not all(not field or field.isspace() for field in fields):
                yield line, fields
            line = reader.line_num + 1
    except csv.Error as error:
        raise _csv_fault(error, line) from error


def _csv_fault(error: csv.Error, line: int) -> UnreadableFileError:
    if "field limit" in str(error):
        detail = f"第 {line} 行有一格超过 {csv.field_size_limit()} 个字符"
        return UnreadableFileError(RawFinding("TOO_BIG", detail=detail))
    return UnreadableFileError(RawFinding("CSV_QUOTE", detail=str(line)))


def _dense_sheet(text: bytes, delimiter: str, limits: Limits) -> RawSheet | None:
    """The sheet with its rows as Arrow columns; None where no header of a table of ours is found."""
    from intake.dense import gathered_body, plain_body  # loads Arrow

    head = list(islice(_rows(text, delimiter), HEADER_ROWS))
    at = _header(head)
    if at is None or not _is_whole(head[at][1]):
        return None
    (line, names), check = head[at], _WidthCheck(len(head[at][1]), limits)
    body = plain_body(text, delimiter, line, len(names))
    if body is None:
        body = gathered_body(islice(_rows(text, delimiter), at + 1, None), check.add, len(names))
    else:
        check.count(len(body))
    check.refuse()
    sheet = _columns(head)
    for index, number in body.first_lines().items():
        column = sheet.columns.setdefault(index, RawColumn([], [], []))
        column.positions.append(len(sheet.numbers))  # stands for whatever is further below
        sheet.numbers.append(number)
        column.texts.append("")
        column.kinds.append("")
    sheet.body = body
    return sheet


def _is_whole(names: list[str]) -> bool:
    known = known_names(names)
    return known.issuperset(kind_of_columns(known).required)


def _sheet(numbered: list[tuple[int, list[str]]], limits: Limits) -> RawSheet:
    """From the header on all rows must be alike. Raises UnreadableFileError."""
    at = _header(numbered)
    if at is not None:
        check = _WidthCheck(len(numbered[at][1]), limits)
        check.add(numbered[at:])
        check.refuse()
    return _columns(numbered)


def _columns(numbered: list[tuple[int, list[str]]]) -> RawSheet:
    width = max((len(fields) for _, fields in numbered), default=0)
    if width > MOST_FIELDS:
        raise UnreadableFileError(RawFinding("TOO_BIG", detail=f"一行有 {width} 列"))
    sheet = RawSheet("", numbers=[number for number, _ in numbered])
    for column in range(width):
        kept = [(at, fields[column]) for at, (_, fields) in enumerate(numbered) if column < len(fields)]
        filled = [(at, field) for at, field in kept if field]
        texts = [field for _, field in filled]
        if filled:
            sheet.columns[column] = RawColumn([at for at, _ in filled], texts, [""] * len(filled))
    return sheet


def _header(numbered: list[tuple[int, list[str]]]) -> int | None:
    """The position of the row with most column names."""
    top = [len(known_names(fields)) for _, fields in numbered[:HEADER_ROWS]]
    most = max(top, default=0)
    return top.index(most) if most >= FEWEST_NAMES else None


class _WidthCheck:
    """Rows whose number of fields is not that of the header, and the count of all fields."""

    def __init__(self, width: int, limits: Limits) -> None:
        self._width, self._limits = width, limits
        self._wrong: list[tuple[int, int]] = []
        self._rows = 0

    def count(self, rows: int) -> None:
        self._rows += rows
        if self._rows * self._width > self._limits.cells:
            raise UnreadableFileError(RawFinding("TOO_BIG", detail=f"多于 {self._limits.cells} 个单元格"))

    def add(self, part: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
        """The rows of the part that are alike."""
        self.count(len(part))
        wrong = [(number, len(fields)) for number, fields in part if len(fields) != self._width]
        self._wrong += wrong
        return [row for row in part if len(row[1]) == self._width] if wrong else part

    def refuse(self) -> None:
        if self._wrong:
            shown = "、".join(f"第 {number} 行 {count} 列" for number, count in self._wrong[:5])
            more = f"等 {len(self._wrong)} 行" if len(self._wrong) > 5 else ""
            detail = f"{shown}{more}，表头 {self._width} 列"
            raise UnreadableFileError(RawFinding("ROW_WIDTH", detail=detail))
