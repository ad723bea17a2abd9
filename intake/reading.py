"""The entry points: one file's bytes into tables, all files' tables into values, claims, marks and findings.

Here belongs how the parts are put together. `read_file` needs no definition and may run in a process of
its own; `interpret` then sees the rows of all files at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from evaluation.definition import Definition
from intake.containers import readable_content
from intake.csvfile import read_csv
from intake.frames import CLAIMS, CORRECTIONS, MARKS, SELF_SCORES, VALUES, files_frame, findings_frame, rows_frame
from intake.headers import KINDS
from intake.interpretation import Senders, interpret_rows
from intake.keys import Catalogue, catalogue_of
from intake.packages import open_package
from intake.raw import RawFile, RawFinding, RawSheet, UnreadableFileError
from intake.raw_rows import join_rows
from intake.sheets import read_sheets
from intake.stamps import refuse_foreign_stamp, stamp_of
from intake.tables import tables_of
from intake.verdicts import ACCEPTED


@dataclass(frozen=True, eq=False)
class Reading:
    """All that was received, as understood. Per file, cells read = accepted + refused + held + duplicate + blank."""

    files: pd.DataFrame
    submitted_values: pd.DataFrame
    submitted_claims: pd.DataFrame
    marks: pd.DataFrame
    self_scores: pd.DataFrame
    corrections: pd.DataFrame  # accepted ones only
    findings: pd.DataFrame


def read_file(data: bytes, name: str) -> RawFile:
    """One file as tables of raw text, or why it cannot be read; any bytes whatever have an answer."""
    try:
        content = readable_content(data, name)
        if content == "evidence":
            return RawFile("evidence")
        sheets, findings = _workbook(data, name) if content == "zip" else _csv(data)
        tables, more = tables_of(sheets)
    except UnreadableFileError as error:
        return RawFile("quarantined", findings=error.findings)
    return RawFile("read", tuple(tables), (*findings, *more), stamp_of(sheets))


def _workbook(data: bytes, name: str) -> tuple[list[RawSheet], list[RawFinding]]:
    package = open_package(data, name)
    notes = [RawFinding("EXTERNAL_LINK")] if package.has_external_links else []
    return read_sheets(package), notes


def _csv(data: bytes) -> tuple[list[RawSheet], list[RawFinding]]:
    sheet, notes = read_csv(data)
    return [sheet], notes


def read_files(
    files: pd.DataFrame,
    contents: Callable[[str], bytes],
    definition: Definition,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """Reads and interprets what was received.

    `files` has one row per file in ledger order: seq, sha256, sender, name, received_at (ISO, Asia/Shanghai), and
    may have `definition`, the digest of the one in force then (default: the definition given).
    `contents` gives a file's bytes by SHA-256; `progress` is told how many files of how many are read.
    """
    catalogue = catalogue_of(definition)
    raw_files: list[RawFile] = []
    first_names: dict[tuple[str, str], str] = {}
    for sender, sha256, name in zip(files["sender"], files["sha256"], files["name"], strict=True):
        if catalogue.source_of(sender) is None:
            raw_files.append(RawFile("quarantined", findings=(RawFinding("UNKNOWN_SENDER", raw=sender),)))
        elif (sender, sha256) in first_names:
            finding = RawFinding("DUPLICATE_FILE", detail=first_names[sender, sha256])
            raw_files.append(RawFile("duplicate", findings=(finding,)))
        else:
            raw_files.append(read_file(contents(sha256), name))
            # What was refused under one name may be right under another.
            if raw_files[-1].outcome != "quarantined":
                first_names[sender, sha256] = name
        if progress is not None:
            progress(len(raw_files), len(files))
    return interpret(raw_files, files, definition)


def interpret(raw_files: Sequence[RawFile], files: pd.DataFrame, definition: Definition) -> Reading:
    """What the files say by the rulebook; `raw_files` in the order of `files`."""
    in_force = files["definition"] if "definition" in files else [definition.digest] * len(files)
    stamped = [
        refuse_foreign_stamp(file, sender, digest, definition)
        for file, sender, digest in zip(raw_files, files["sender"], in_force, strict=True)
    ]
    return _interpret(stamped, files, catalogue_of(definition))


def _interpret(raw_files: Sequence[RawFile], files: pd.DataFrame, catalogue: Catalogue) -> Reading:
    files = _with_sources(files, catalogue)
    senders = Senders(files["sender"], files["source"], files["received_at"])
    read = {kind.name: interpret_rows(join_rows(raw_files, kind), senders, catalogue) for kind in KINDS}
    corrected = read["corrections"].verdicts.outcomes == ACCEPTED
    return Reading(
        files=files_frame(raw_files, list(read.values()), files),
        submitted_values=rows_frame(read["figures"], files, VALUES),
        submitted_claims=rows_frame(read["claims"], files, CLAIMS),
        marks=rows_frame(read["marks"], files, MARKS),
        self_scores=rows_frame(read["self_scores"], files, SELF_SCORES),
        corrections=rows_frame(read["corrections"], files, CORRECTIONS)[corrected].reset_index(drop=True),
        findings=findings_frame(raw_files, list(read.values()), files),
    )


def _with_sources(files: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    texts = ["sha256", "sender", "name", "received_at"]
    sources = [catalogue.source_of(sender) or "" for sender in files["sender"]]
    files = files.reset_index(drop=True).assign(source=pd.Series(sources, dtype="str"))
    return files.astype({"seq": "int64", **dict.fromkeys([*texts, "source"], "str")})
