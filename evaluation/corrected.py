"""Corrections (更正) put on what they correct: one cell of a target, a claim, a mark, a group or a post.

Here belongs which cell a correction names and where it stands. Figures are corrected at acceptance; who may ask
and approve is said by the ledger.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from evaluation.arithmetic import Bools
from evaluation.definition import Definition
from evaluation.texts import matters_named

REASON_CLASSES = ("录入错误", "统计口径", "申诉")
FIGURE = "figure"
# What names a cell: whichever of these its subject does not need is blank.
CELL = ["subject", "unit_code", "indicator_code", "period", "object", "field"]


def of_figures(corrections: pd.DataFrame) -> pd.DataFrame:
    """The corrections whose subject is a figure."""
    return corrections[corrections["subject"] == FIGURE]


@dataclass(frozen=True)
class Subject:
    """A kind of row: `key` maps columns of CELL to those of its frame; `fields` are the cells that may be corrected.

    `open_ended`: a row that there is not yet may be written by correcting its blank cell.
    """

    key: Mapping[str, str]
    fields: tuple[str, ...]
    open_ended: bool = False


SUBJECTS = {
    "target": Subject(
        {"unit_code": "unit_code", "indicator_code": "indicator_code"}, ("target", "stretch", "applicable"), True
    ),
    "claim": Subject(
        {"unit_code": "unit_code", "indicator_code": "item_code", "object": "object_id"},
        ("level", "quantity", "document"),
    ),
    "mark": Subject({"unit_code": "unit_code", "indicator_code": "indicator_code", "object": "judge"}, ("mark",), True),
    "group": Subject({"unit_code": "unit_code"}, ("group",)),
    "post": Subject({"unit_code": "unit_code", "object": "official_code"}, ("from", "to", "share")),
}
SUBJECT_NAMES = {
    FIGURE: "数据", "target": "目标", "claim": "事项", "mark": "评委打分", "group": "分组", "post": "任职",
}  # fmt: skip
OF_THE_DEFINITION = ("target", "group", "post")
# Their objects are told apart as `evaluation.refiled` tells what is filed again.
WRITTEN_ALIKE = ("claim", "mark")
# A row that a correction adds stands in no file: what numbers rows there is unknown of it.
_NULLABLE = {"int64": "Int64"}


def rows_named(frame: pd.DataFrame, cell: Mapping[str, str]) -> Bools:
    """Which rows of a subject's frame the correction or cell (CELL) speaks of; matters and judges however written."""
    key = dict(SUBJECTS[cell["subject"]].key)
    written = key.pop("object") if cell["subject"] in WRITTEN_ALIKE else None
    found = np.ones(len(frame), dtype=bool)
    for name, column in key.items():
        found &= (frame[column] == cell[name]).fillna(False).to_numpy(dtype=bool)
    if written is not None:
        near = np.flatnonzero(found)
        alike, asked = matters_named(frame[written].iloc[near]), matters_named([cell["object"]])[0]
        found[near] = np.asarray(pc.fill_null(pc.equal(alike, asked), False))
    return found


def text_in(frame: pd.DataFrame, cell: Mapping[str, str]) -> str:
    """What stands in the cell; blank where nothing does. Rows that say one matter differently are all told."""
    texts = frame.loc[rows_named(frame, cell), cell["field"]].dropna()
    return "；".join(dict.fromkeys(texts.astype("str")))


def corrected(
    frame: pd.DataFrame, subject: str, corrections: pd.DataFrame, *, bound: bool = False, **new_row: Any
) -> pd.DataFrame:
    """The subject's frame with its corrections (CELL, `approval_seq`, `old_value`, `new_value`) put on it.

    `bound`: only where the table still says what it said when the correction was asked for (`file_value`; NA in those
    of programs that did not note it) and the old value stands, for a table that may have been written anew since.
    `new_row`: what else a row has that the corrections add.
    """
    written = frame
    own = corrections[corrections["subject"] == subject].sort_values("approval_seq")
    for one in own.to_dict("records"):
        noted = one.get("file_value")
        if bound and isinstance(noted, str) and text_in(written, one) != noted:
            continue
        if bound and text_in(frame, one) != _text(one["old_value"]):
            continue
        named = rows_named(frame, one)
        new = _text(one["new_value"]) or pd.NA
        if named.any():
            frame = frame.assign(**{one["field"]: frame[one["field"]].mask(named, new)})
        elif SUBJECTS[subject].open_ended:
            key = {column: one[name] for name, column in SUBJECTS[subject].key.items()}
            added = pd.DataFrame([key | {one["field"]: new} | new_row]).reindex(columns=frame.columns)
            kinds = {name: _NULLABLE.get(str(kind), kind) for name, kind in frame.dtypes.items()}
            frame = pd.concat([frame, added.astype(kinds)], ignore_index=True)
    return frame


def with_corrections(definition: Definition, corrections: pd.DataFrame) -> Definition:
    """The definition with the approved corrections of targets, groups and posts that still fit what it says."""
    if not corrections["subject"].isin(OF_THE_DEFINITION).any():
        return definition
    return replace(
        definition,
        targets=corrected(definition.targets, "target", corrections, bound=True),
        units=corrected(definition.units, "group", corrections, bound=True),
        officials=corrected(definition.officials, "post", corrections, bound=True),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
