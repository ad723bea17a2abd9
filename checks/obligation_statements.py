"""What is owed has come: every obligation that is due, by its state."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from checks.limits import named
from checks.statements import Statement, Suite, one_of
from evaluation.completeness import STATES, completeness
from evaluation.definition import Definition
from evaluation.key_numbers import KEY

_MISSING = Statement(
    "MISSING",
    "warning",
    *one_of("state", [state for state in STATES if state != "missing"]),
    "{unit_name}“{indicator_name}”{clause}{period}：应于{due_on}前报送，没有收到可用的数据",
    "请{owed_by_name}报送；确无此项任务的，由考核办在目标表注明",
)


def obligations_suite(definition: Definition, values: pd.DataFrame, corrections: pd.DataFrame, as_of: date) -> Suite:
    """Obligations with their states; a cell that was read, and is empty, is told of by the reader at its place."""
    frame = completeness(definition, values, set(), corrections, as_of)
    read = pd.MultiIndex.from_frame(values[KEY].assign(by_unit=values["source"] == "self"))
    frame = frame[~pd.MultiIndex.from_frame(frame[[*KEY, "by_unit"]]).isin(read)].reset_index(drop=True)
    frame = named(definition, frame)
    frame["owed_by_name"] = frame["owed_by"].map(definition.sender_names)
    return Suite("obligations", frame.assign(row_id=np.arange(len(frame)), sender=frame["owed_by"]), [_MISSING])
