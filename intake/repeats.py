"""The same thing said twice in one file: once is enough; said differently, neither is believed.

Here belongs the comparison of rows within a file. Files are not compared: a later file is a new
submission, and which submission counts is decided at acceptance.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from intake.coded import Coded, coded, repeated_numbers, row_numbers
from intake.verdicts import Verdicts


def settle_repeats(
    verdicts: Verdicts, keys: Sequence[Coded[str]], content: pd.DataFrame, *, may_conflict: bool = True
) -> None:
    """Among accepted rows: repetitions become duplicates; one key with two contents is a conflict.

    Without `may_conflict` rows of one key and different contents stand beside each other.
    """
    positions = np.flatnonzero(verdicts.accepted)
    files: Coded[Any] = Coded(verdicts.rows.files, range(int(verdicts.rows.files.max(initial=0)) + 1))
    numbers, most = row_numbers([files, *keys])
    numbers = numbers[positions]
    repeated_key = repeated_numbers(numbers, most)
    if not repeated_key.any():
        return
    positions, numbers = positions[repeated_key], numbers[repeated_key]
    frame = pd.DataFrame({"key": numbers, "cell": _places(verdicts, positions)}, index=positions)
    frame["content"] = _numbered(content.iloc[positions].assign(key=frame["key"]))
    distinct = frame.drop_duplicates("content")
    conflicting = distinct["key"][distinct["key"].duplicated(keep=False)]
    in_conflict = frame["key"].isin(conflicting) & may_conflict
    repeated = frame["content"].duplicated() & ~in_conflict
    _tell(verdicts, "CONFLICT", frame[in_conflict], _others(frame, "key", both=True))
    _tell(verdicts, "DUPLICATE_ROW", frame[repeated], _others(frame, "content", both=False))


def _tell(verdicts: Verdicts, code: str, rows: pd.DataFrame, others: "pd.Series[str]") -> None:
    where = np.zeros(len(verdicts.rows), dtype=bool)
    where[rows.index] = True
    detail = pd.Series("", index=range(len(where)), dtype="str")
    detail.iloc[rows.index] = others[rows.index]
    verdicts.add(code, where, verdicts.rows.kind.value, coded(detail))


def _numbered(frame: pd.DataFrame) -> "pd.Series[int]":
    return frame.groupby(list(frame.columns), sort=False, dropna=False).ngroup()


def _places(verdicts: Verdicts, positions: Any) -> "pd.Series[str]":
    where = np.zeros(len(verdicts.rows), dtype=bool)
    where[positions] = True
    cells, sheets = verdicts.rows.cells(verdicts.rows.kind.value, where), verdicts.rows.sheets(where)
    return cells.where(sheets == "", sheets + "!" + cells).set_axis(positions)


def _others(frame: pd.DataFrame, group: str, *, both: bool) -> "pd.Series[str]":
    """The first place of the group, and the last one where both are to be named."""
    cells = frame.groupby(group, sort=False)["cell"]
    first = cells.transform("first")
    return first + "、" + cells.transform("last") if both else first
