"""The frames that intake hands on: rows as they are kept, findings in words, and the account of each file.

Here belong columns and their order. What the rows say has been decided before.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from intake.causes import REFUSED
from intake.interpretation import Interpreted
from intake.messages import with_messages
from intake.raw import RawFile
from intake.verdicts import ACCEPTED

_ORIGIN = ["row_id", "seq", "sha256", "sender", "file", "sheet", "cell"]
VALUES = [
    *_ORIGIN,
    *("unit_code", "indicator_code", "period", "raw", "submitted_value", "status", "source"),
    *("received_at", "outcome", "unit_of_measure", "filled_by", "note"),
]
CLAIMS = [
    *_ORIGIN,
    *("unit_code", "item_code", "object_id", "level", "quantity", "date", "document", "page"),
    *("source", "received_at", "outcome", "note"),
]
MARKS = [
    *_ORIGIN,
    *("unit_code", "indicator_code", "judge", "mark", "source", "received_at", "outcome", "note"),
]
SELF_SCORES = [*_ORIGIN, "unit_code", "indicator_code", "self_score", "source", "received_at", "outcome", "note"]
CORRECTIONS = [
    *_ORIGIN[1:],
    *("unit_code", "indicator_code", "period", "old_value", "new_value"),
    *("reason", "reason_class", "document", "requested_by"),
]
FINDINGS = [
    *("producer", "sha256", "sender", "file", "sheet", "cell", "unit_code", "indicator_code", "period"),
    *("code", "severity", "raw", "message", "what_to_do"),
]
FILES = ["seq", "sha256", "sender", "name", "kind", "outcome"]
COUNTS = [ACCEPTED, REFUSED, "held", "duplicate", "blank"]
_NUMBERS = {"submitted_value", "mark", "self_score", "quantity", "old_value", "new_value"}


def rows_frame(interpreted: Interpreted, files: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The rows with where they came from and what became of them. A number stands only where it may be used."""
    rows, outcomes = interpreted.verdicts.rows, pd.Series(interpreted.verdicts.outcomes, dtype="str")
    origin = files.iloc[rows.files].reset_index(drop=True)
    frame = pd.DataFrame(
        {
            "row_id": np.arange(1, len(rows) + 1, dtype=np.int64),
            **{name: origin[name] for name in ("seq", "sha256", "sender", "source", "received_at")},
            "file": origin["name"],
            "sheet": rows.sheets,
            "cell": rows.cells(rows.kind.value),
            "outcome": outcomes,
        }
    )
    frame = pd.concat([frame, interpreted.rows], axis=1)
    if frame.empty:
        return frame.reindex(columns=columns).astype({name: "str" for name in columns if name not in ("row_id", "seq")})
    usable = outcomes.isin([ACCEPTED, "duplicate"])
    for name in _NUMBERS & set(columns):
        frame[name] = frame[name].where(usable, "")
    return _empty_to_missing(frame[columns])


def _empty_to_missing(frame: pd.DataFrame) -> pd.DataFrame:
    texts = frame.select_dtypes("str").columns
    return frame.assign(**{name: frame[name].where(frame[name] != "") for name in texts})


def findings_frame(
    raw_files: Sequence[RawFile], interpreted: Sequence[Interpreted], files: pd.DataFrame
) -> pd.DataFrame:
    """All findings in the order of the files; of one file first those on the whole."""
    parts = [_file_findings(raw_files), *map(_row_findings, interpreted)]
    found = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    found = found.sort_values("position", kind="stable", ignore_index=True)
    origin = files.iloc[found["position"].to_numpy(dtype=np.int64)].reset_index(drop=True)
    found = found.assign(producer="intake", sha256=origin["sha256"], sender=origin["sender"], file=origin["name"])
    return _empty_to_missing(with_messages(found).astype(dict.fromkeys(FINDINGS, "str"))[FINDINGS])


def _file_findings(raw_files: Sequence[RawFile]) -> pd.DataFrame:
    rows = [(position, *finding) for position, file in enumerate(raw_files) for finding in file.findings]
    frame = pd.DataFrame(rows, columns=["position", "code", "sheet", "cell", "raw", "detail"])
    return frame.assign(unit_code="", indicator_code="", period="").astype({"position": "int64"})


def _row_findings(interpreted: Interpreted) -> pd.DataFrame:
    """Findings on rows, `position` being that of their file; an item's code stands for the indicator's."""
    found, rows = interpreted.verdicts.findings(), interpreted.rows
    at = found["position"].to_numpy(dtype=np.int64)
    about = rows.rename(columns={"item_code": "indicator_code"}).reindex(
        columns=["unit_code", "indicator_code", "period"], fill_value=""
    )
    about = about.iloc[at].reset_index(drop=True)
    found = found.reset_index(drop=True).assign(position=interpreted.verdicts.rows.files[at])
    return pd.concat([found, about], axis=1)


def files_frame(raw_files: Sequence[RawFile], interpreted: Sequence[Interpreted], files: pd.DataFrame) -> pd.DataFrame:
    """Per file its kind, outcome and counts. What was read is counted by the reader, the rest by the verdicts."""
    counts = pd.DataFrame(0, index=range(len(raw_files)), columns=COUNTS, dtype="int64")
    for one in interpreted:
        found = pd.crosstab(one.verdicts.rows.files, one.verdicts.outcomes.astype(str))
        counts = counts.add(found.reindex(index=counts.index, columns=COUNTS, fill_value=0))
    counts["blank"] += [file.blanks for file in raw_files]
    return files.assign(
        kind=pd.Series([_kind(file) for file in raw_files], dtype="str"),
        outcome=pd.Series([_outcome(file) for file in raw_files], dtype="str"),
        cells_read=np.array([file.cells for file in raw_files], dtype=np.int64),
        **{name: counts[name] for name in COUNTS},
    )[[*FILES, "cells_read", *COUNTS]]


def _kind(file: RawFile) -> str:
    kinds = {table.kind for table in file.tables}
    if not kinds:
        return "evidence" if file.outcome == "evidence" else "unread"
    return kinds.pop() if len(kinds) == 1 else "mixed"


def _outcome(file: RawFile) -> str:
    return ACCEPTED if file.outcome == "read" else file.outcome
