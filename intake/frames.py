"""The frames that intake hands on: rows as they are kept, findings in words, and the account of each file.

Here belong columns and their order. What the rows say has been decided before.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from intake.causes import BLANK, DUPLICATE, HELD
from intake.coded import spread
from intake.headers import OF_CORRECTIONS
from intake.interpretation import Interpreted
from intake.messages import with_messages
from intake.raw import RawFile
from intake.verdicts import ACCEPTED, OUTCOMES, outcome_texts

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
    *("subject", "unit_code", "indicator_code", "period", "object", "field", "old_value", "new_value"),
    *("reason", "reason_class", "document", "requested_by"),
]
FINDINGS = [
    *("producer", "sha256", "sender", "file", "sheet", "cell", "unit_code", "indicator_code", "period"),
    *("code", "severity", "raw", "message", "what_to_do"),
]
FILES = ["seq", "sha256", "sender", "name", "kind", "outcome"]
_NUMBERS = {"submitted_value", "mark", "self_score", "quantity", "old_value", "new_value"}


def rows_frame(interpreted: Interpreted, files: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The rows with where they came from and what became of them; a number stands where it may still be used."""
    rows, outcomes = interpreted.verdicts.rows, interpreted.verdicts.outcomes
    texts = {name: spread(files[name], rows.files) for name in ("sha256", "sender", "source", "received_at", "name")}
    frame = pd.DataFrame(
        {
            "row_id": np.arange(1, len(rows) + 1, dtype=np.int64),
            "seq": files["seq"].to_numpy()[rows.files],
            "file": texts.pop("name"),
            **texts,
            "sheet": rows.sheets(),
            "cell": rows.cells(rows.kind.value),
            "outcome": outcome_texts(interpreted.verdicts),
        }
    )
    frame = pd.concat([frame, interpreted.rows], axis=1)
    if frame.empty:
        return frame.reindex(columns=columns).astype({name: "str" for name in columns if name not in ("row_id", "seq")})
    kept = np.isin(outcomes, [OUTCOMES.index(outcome) for outcome in (ACCEPTED, HELD, DUPLICATE)])
    if not kept.all():
        for name in _NUMBERS & set(columns):
            frame[name] = frame[name].where(kept, "")
    return _empty_to_missing(frame[columns])


def _empty_to_missing(frame: pd.DataFrame) -> pd.DataFrame:
    texts = frame.select_dtypes("str").columns
    return frame.assign(**{name: _text_or_missing(frame[name]) for name in texts})


def _text_or_missing(column: pd.Series) -> Any:
    texts = pa.Array.from_pandas(column)
    empty = pc.equal(texts, "")
    if not pc.any(empty).as_py():
        return column
    all_empty = pc.all(empty).as_py()
    return pd.array(pa.nulls(len(texts), texts.type) if all_empty else pc.if_else(empty, None, texts), dtype="str")


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
    counts = np.zeros((len(raw_files), len(OUTCOMES)), dtype=np.int64)
    for one in interpreted:
        places = one.verdicts.rows.files * len(OUTCOMES) + one.verdicts.outcomes
        counts += np.bincount(places, minlength=counts.size).reshape(counts.shape)
    counts[:, OUTCOMES.index(BLANK)] += np.array([file.blanks for file in raw_files], dtype=np.int64)
    return files.assign(
        kind=pd.Series([_kind(file) for file in raw_files], dtype="str"),
        outcome=pd.Series([_outcome(file) for file in raw_files], dtype="str"),
        cells_read=np.array([file.cells for file in raw_files], dtype=np.int64),
        **dict(zip(OUTCOMES, counts.T, strict=True)),
    )[[*FILES, "cells_read", *OUTCOMES]]


def _kind(file: RawFile) -> str:
    kinds = {"corrections" if table.kind in OF_CORRECTIONS else table.kind for table in file.tables}
    if not kinds:
        return "evidence" if file.outcome == "evidence" else "unread"
    return kinds.pop() if len(kinds) == 1 else "mixed"


def _outcome(file: RawFile) -> str:
    return ACCEPTED if file.outcome == "read" else file.outcome
