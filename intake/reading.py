"""The entry points: one file's bytes into tables, all files' tables into values, claims, marks and findings.

Here belongs how the parts are put together. Each file is read in a child process, without the definition;
`interpret` then sees the rows of all files at once.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from evaluation.definition import Definition
from intake.child import Source
from intake.confinement import read_confined
from intake.frames import CLAIMS, CORRECTIONS, MARKS, SELF_SCORES, VALUES, files_frame, findings_frame, rows_frame
from intake.headers import KINDS, OF_CORRECTIONS
from intake.interpretation import Senders, interpret_rows
from intake.keys import Catalogue, catalogue_of
from intake.limits import LIMITS, Limits
from intake.raw import RawFile, RawFinding
from intake.raw_rows import join_rows
from intake.references import settle_references
from intake.stamps import refuse_foreign_stamp


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


def read_files(
    files: pd.DataFrame,
    contents: Callable[[str], bytes | Path],
    definition: Definition,
    *,
    closed_seq: int | None = None,
    previous: pd.DataFrame | None = None,
    limits: Limits = LIMITS,
    read: Callable[[Iterable[Source], Limits], Generator[RawFile, None, None]] = read_confined,
    progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """Reads and interprets what was received.

    `files` has one row per file in ledger order: seq, sha256, sender, name, received_at (ISO, Asia/Shanghai), and
    may have `definition`, the digest of the one in force then (default: the definition given).
    `contents` gives a file's bytes by SHA-256, or where they lie; `read` reads them; `progress` is told how many
    files of how many are read. What was received after ledger entry `closed_seq` is refused but for corrections;
    `previous` are last year's accepted values (unit_code, indicator_code, period, accepted_value).
    """
    catalogue = catalogue_of(definition, closed_seq, previous)
    rows = list(zip(files["sender"], files["sha256"], files["name"], strict=True))
    sources = (Source(name, contents(sha256)) for sender, sha256, name in rows if catalogue.source_of(sender))
    raw_files: list[RawFile] = []
    first_names: dict[tuple[str, str], str] = {}
    known_names: set[tuple[str, str]] = set()
    with closing(read(sources, limits)) as answers:
        for sender, sha256, name in rows:
            if catalogue.source_of(sender) is None:
                raw_files.append(RawFile("quarantined", findings=(RawFinding("UNKNOWN_SENDER", raw=sender),)))
            # A known name that says again what was sent before takes back what came in between.
            elif (sender, sha256) in first_names and (sender, name) not in known_names:
                next(answers)
                finding = RawFinding("DUPLICATE_FILE", detail=first_names[sender, sha256])
                raw_files.append(RawFile("duplicate", findings=(finding,)))
            else:
                raw_files.append(next(answers))
                # What was refused under one name may be right under another.
                if raw_files[-1].outcome != "quarantined":
                    first_names[sender, sha256] = name
            known_names.add((sender, name))
            if progress is not None:
                progress(len(raw_files), len(files))
    return _interpret(_settled(raw_files, files, definition, catalogue), files, catalogue)


def interpret(raw_files: Sequence[RawFile], files: pd.DataFrame, definition: Definition) -> Reading:
    """What the files say by the rulebook; `raw_files` in the order of `files`."""
    catalogue = catalogue_of(definition)
    return _interpret(_settled(raw_files, files, definition, catalogue), files, catalogue)


def _settled(
    raw_files: Sequence[RawFile], files: pd.DataFrame, definition: Definition, catalogue: Catalogue
) -> list[RawFile]:
    """The files, those that are somebody else's form refused, and without columns that mean no figure of the sender."""
    in_force = files["definition"] if "definition" in files else [definition.digest] * len(files)
    return [
        settle_references(refuse_foreign_stamp(file, sender, digest, definition), sender, catalogue)
        for file, sender, digest in zip(raw_files, files["sender"], in_force, strict=True)
    ]


def _interpret(raw_files: Sequence[RawFile], files: pd.DataFrame, catalogue: Catalogue) -> Reading:
    files = _with_sources(files, catalogue)
    senders = Senders(*(files[name].tolist() for name in ("seq", "sender", "source", "received_at")))
    read = {kind.name: interpret_rows(join_rows(raw_files, kind), senders, catalogue) for kind in KINDS}
    asked = [rows_frame(read[kind], files, CORRECTIONS)[read[kind].verdicts.accepted] for kind in OF_CORRECTIONS]
    return Reading(
        files=files_frame(raw_files, list(read.values()), files),
        submitted_values=rows_frame(read["figures"], files, VALUES),
        submitted_claims=rows_frame(read["claims"], files, CLAIMS),
        marks=rows_frame(read["marks"], files, MARKS),
        self_scores=rows_frame(read["self_scores"], files, SELF_SCORES),
        corrections=pd.concat(asked, ignore_index=True),
        findings=findings_frame(raw_files, list(read.values()), files),
    )


def _with_sources(files: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    texts = ["sha256", "sender", "name", "received_at"]
    sources = [catalogue.source_of(sender) or "" for sender in files["sender"]]
    files = files.reset_index(drop=True).assign(source=pd.Series(sources, dtype="str"))
    return files.astype({"seq": "int64", **dict.fromkeys([*texts, "source"], "str")})
