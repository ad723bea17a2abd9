"""The same thing said twice in one file: once is enough; said differently, neither is believed.

Here belongs the comparison of rows within a file. Files are not compared: a later file is a new
submission, and which submission counts is decided at acceptance.
"""

import pandas as pd

from intake.verdicts import Verdicts


def settle_repeats(verdicts: Verdicts, keys: pd.DataFrame, content: pd.DataFrame, *, may_conflict: bool = True) -> None:
    """Among accepted rows: repetitions become duplicates; one key with two contents is a conflict.

    Without `may_conflict` rows of one key and different contents stand beside each other.
    """
    open_rows = verdicts.accepted
    keys = keys.assign(file=verdicts.rows.files)[open_rows]
    if not keys.duplicated().any():
        return
    frame = pd.DataFrame({"key": _numbered(keys), "cell": _places(verdicts)[open_rows]})
    frame["content"] = _numbered(content[open_rows].assign(key=frame["key"]))
    distinct = frame.drop_duplicates("content")
    conflicting = distinct["key"][distinct["key"].duplicated(keep=False)]
    in_conflict = frame["key"].isin(conflicting) & may_conflict
    repeated = frame["content"].duplicated() & ~in_conflict
    column = verdicts.rows.kind.value
    for code, found, group in (("CONFLICT", in_conflict, "key"), ("DUPLICATE_ROW", repeated, "content")):
        where = pd.Series(False, index=verdicts.rows.texts.index)
        where[frame.index[found]] = True
        detail = pd.Series("", index=where.index, dtype="str")
        detail[frame.index[found]] = _others(frame, group, both=code == "CONFLICT")[found]
        verdicts.add(code, where.to_numpy(dtype=bool), column, detail)


def _numbered(frame: pd.DataFrame) -> pd.Series:
    return frame.groupby(list(frame.columns), sort=False, dropna=False).ngroup()


def _places(verdicts: Verdicts) -> pd.Series:
    cells = verdicts.rows.cells(verdicts.rows.kind.value)
    return cells.where(verdicts.rows.sheets == "", verdicts.rows.sheets + "!" + cells)


def _others(frame: pd.DataFrame, group: str, *, both: bool) -> pd.Series:
    """The first place of the group, and the last one where both are to be named."""
    cells = frame.groupby(group, sort=False)["cell"]
    first = cells.transform("first")
    return first + "、" + cells.transform("last") if both else first
