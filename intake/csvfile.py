"""Csv as a raw sheet: the delimiter by inspection, then fields by the letter of RFC 4180.

Here belongs the way from text to rows. A row that is too short or too long is refused and never padded,
because nobody can say which field is missing. Encodings are `decoding.py`, column names `headers.py`.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from intake.decoding import decode, is_doubly_encoded
from intake.headers import FEWEST_NAMES, HEADER_ROWS, known_names
from intake.limits import LIMITS, Limits
from intake.raw import RawColumn, RawFinding, RawSheet, UnreadableFileError

MOST_FIELDS = 1_000

_DELIMITERS = {",": "英文逗号", "\t": "制表符", ";": "分号"}
_CHINESE_COMMA = "，"
_NAMED_CHARACTERS = 10_000


def read_csv(data: bytes, limits: Limits = LIMITS) -> tuple[RawSheet, list[RawFinding]]:
    """The only sheet of the file, and notes. Raises UnreadableFileError."""
    decoded = decode(data)
    text = decoded.text
    delimiter = _delimiter(text)
    findings = list(decoded.findings)
    if delimiter != ",":
        findings.append(RawFinding("OTHER_DELIMITER", detail=_DELIMITERS[delimiter]))
    _refuse_bad_quotes(text, delimiter)
    return _sheet(_rows(text, delimiter)), findings


def _delimiter(text: str) -> str:
    """The delimiter that makes most column names in one row."""
    known = {mark: _names_found(text, mark) for mark in (*_DELIMITERS, _CHINESE_COMMA)}
    best = max(known, key=lambda mark: known[mark])
    if known[best] < FEWEST_NAMES:
        start = text[:_NAMED_CHARACTERS].rpartition("\n")[0] or text[:_NAMED_CHARACTERS]
        if is_doubly_encoded(start):
            raise UnreadableFileError(RawFinding("ENCODING", detail="文字曾按错误的编码转换过（乱码）。"))
        return ","
    if best == _CHINESE_COMMA:
        raise UnreadableFileError(RawFinding("DELIMITER"))
    return best


def _names_found(text: str, delimiter: str) -> int:
    lines = islice(io.StringIO(text, newline=""), HEADER_ROWS)
    rows = (line.rstrip("\r\n").split(delimiter) for line in lines if line.strip())
    return max((len(known_names([field.strip('"') for field in row])) for row in rows), default=0)


def _refuse_bad_quotes(text: str, delimiter: str) -> None:
    """Quotes only around a whole field, and doubled inside it; a library would let them pass elsewhere."""
    if '"' not in text:
        return
    mark = re.escape(delimiter)
    field = rf'(?:"(?:[^"]|"")*+"|[^"{mark}\r\n]*+)'
    valid = re.match(rf"(?:{field}(?:{mark}|\r\n|\r|\n))*+{field}", text)
    end = valid.end() if valid else 0
    if end < len(text):
        line = len(re.findall(r"\r\n|\r|\n", text[:end])) + 1
        raise UnreadableFileError(RawFinding("CSV_QUOTE", detail=str(line)))


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which the row begins, its fields), rows without any text left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
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


def _sheet(rows: Iterator[tuple[int, list[str]]]) -> RawSheet:
    numbered = list(rows)
    sheet = RawSheet("", numbers=[number for number, _ in numbered])
    width = _width(numbered)
    for column in range(width):
        kept = [(at, fields[column]) for at, (_, fields) in enumerate(numbered) if column < len(fields)]
        filled = [(at, field) for at, field in kept if field]
        texts = [field for _, field in filled]
        sheet.columns[column] = RawColumn([at for at, _ in filled], texts, [""] * len(filled))
    return sheet


def _width(numbered: list[tuple[int, list[str]]]) -> int:
    """The most fields of a row; from the header on all rows must be alike. Raises UnreadableFileError."""
    top = [len(known_names(fields)) for _, fields in numbered[:HEADER_ROWS]]
    most = max(top, default=0)
    below = numbered[top.index(most) :] if most >= FEWEST_NAMES else []
    width = len(below[0][1]) if below else 0
    wrong = [(number, len(fields)) for number, fields in below if len(fields) != width]
    if wrong:
        shown = "、".join(f"第 {number} 行 {count} 列" for number, count in wrong[:5])
        more = f"等 {len(wrong)} 行" if len(wrong) > 5 else ""
        raise UnreadableFileError(RawFinding("ROW_WIDTH", detail=f"{shown}{more}，表头 {width} 列"))
    widest = max((len(fields) for _, fields in numbered), default=0)
    if widest > MOST_FIELDS:
        raise UnreadableFileError(RawFinding("TOO_BIG", detail=f"一行有 {widest} 列"))
    return widest
