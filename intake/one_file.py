"""One file's bytes into tables of raw text, or why it cannot be read.

Here belongs how the readers of one file are put together. No definition is needed and neither pandas nor
anything else that is slow to load, because this runs in a process of its own.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from intake.containers import EVIDENCE_FOLDER, LONGEST_SIGNATURE, readable_content
from intake.csvfile import read_csv
from intake.limits import LIMITS, Limits
from intake.packages import open_package
from intake.raw import RawFile, RawFinding, RawSheet, UnreadableFileError
from intake.sheets import read_sheets
from intake.stamps import stamp_of
from intake.tables import tables_of

_OTHER_BOOK = re.compile(r"\[[^\[\]]+\](?:[\w.]+|[^'\[\]]*')!")  # =[1]Sheet1!A1, ='[a.xlsx]My sheet'!A1


def read_file(data: bytes, name: str, limits: Limits = LIMITS) -> RawFile:
    """Any bytes whatever have an answer."""
    try:
        content = readable_content(data, name)
        if content == "evidence":
            return RawFile("evidence")
        if len(data) > limits.bytes:
            raise _too_big(limits)
        sheets, findings = _workbook(data, name, limits) if content == "zip" else _csv(data, limits)
        tables, more = tables_of(sheets)
    except UnreadableFileError as error:
        return RawFile("quarantined", findings=error.findings)
    return RawFile("read", tuple(tables), (*findings, *more), stamp_of(sheets))


def read_path(path: Path, name: str, limits: Limits = LIMITS) -> RawFile:
    """The same for a file on disk; evidence and what is too big are only looked at."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        whole = not name.startswith(EVIDENCE_FOLDER) and size <= limits.bytes
        data = stream.read() if whole else stream.read(LONGEST_SIGNATURE)
    if size > limits.bytes and not name.startswith(EVIDENCE_FOLDER):
        return RawFile("quarantined", findings=_too_big(limits).findings)
    return read_file(data, name, limits)


def _too_big(limits: Limits) -> UnreadableFileError:
    return UnreadableFileError(RawFinding("TOO_BIG", detail=f"大于 {limits.megabytes} MB"))


def _workbook(data: bytes, name: str, limits: Limits) -> tuple[list[RawSheet], list[RawFinding]]:
    package = open_package(data, name, limits)
    sheets = read_sheets(package, limits)
    linked = package.has_external_links or any(map(_OTHER_BOOK.search, _formulas(sheets)))
    return sheets, [RawFinding("EXTERNAL_LINK")] if linked else []


def _formulas(sheets: list[RawSheet]) -> Iterator[str]:
    return (formula for sheet in sheets for formula in sheet.formulas.values() if "[" in formula)


def _csv(data: bytes, limits: Limits) -> tuple[list[RawSheet], list[RawFinding]]:
    sheet, notes = read_csv(data, limits)
    return [sheet], notes
