"""What must hold of claims and marks beside those of other files: that they came in time, and that they count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from checks.claim_statements import claim_texts, with_names
from checks.statements import Statement, Suite, one_of
from evaluation.decided import REPLACED
from evaluation.definition import Definition
from evaluation.discrepancies import came_late
from evaluation.ranges import in_ranges
from evaluation.refiled import MATTER, judges, marks_that_count, with_matters

_CLAIM = "{unit_name}“{item_name}”事项 {object_text}"
_MARK = "{unit_name}“{item_name}”：评委{judge}打分 {mark}"
_INSTEAD = "{late_text}此事另有报送，以台账第 {other_seq} 号《{other_file}》{other_cell} 为准，这一行不计分"


def claims_refiled_suite(definition: Definition, claims: pd.DataFrame) -> Suite:
    """Claims that could be read; each that its sender has replaced beside the row that counts."""
    read = claims[claims["outcome"] == "accepted"]
    frame = with_matters(with_names(definition, read)).reset_index(drop=True)
    counts = frame["decision"] != REPLACED
    frame = _beside(definition, frame, counts, ["sender", *MATTER], "claim_id")
    frame = frame.assign(claim_text=claim_texts(frame), identity=frame["claim_id"])
    what_to_do = "不必再办；应以这一行为准的，由考核办认可这一行（kaohe decide）"
    message = _CLAIM + "（{claim_text}，编号 {claim_id}）：" + _INSTEAD
    replaced = Statement("CLAIM_REPLACED", "note", *one_of("stands", [True]), message, what_to_do)
    return Suite("claims_refiled", frame, [_late(_CLAIM, "个事项"), replaced])


def marks_refiled_suite(definition: Definition, marks: pd.DataFrame) -> Suite:
    """Marks that could be read; each that does not count beside the one of the same judge that does."""
    read = marks[marks["outcome"] == "accepted"].reset_index(drop=True)
    counts = pd.Series(read.index.isin(marks_that_count(definition.rulebook, read).index), index=read.index)
    frame = with_names(definition, read.rename(columns={"indicator_code": "item_code"})).assign(same_judge=judges(read))
    frame = _beside(definition, frame, counts, ["unit_code", "item_code", "same_judge"], "mark")
    what_to_do = "不必再办；应以这一行为准的，请申请更正"
    replaced = Statement("MARK_REPLACED", "note", *one_of("stands", [True]), _MARK + "：" + _INSTEAD, what_to_do)
    return Suite("marks_refiled", frame, [_late(_MARK, "个打分"), replaced])


def _beside(
    definition: Definition, rows: pd.DataFrame, counts: pd.Series[bool], key: list[str], content: str
) -> pd.DataFrame:
    """The rows with the place of the last that counts of their key; `stands`: what the row says does, here or there;
    `late`: it counts and came late."""
    late = came_late(definition.rulebook, rows["received_at"])
    standing = rows[counts].drop_duplicates(key, keep="last").set_index(key)[["seq", "file", "cell", content]]
    other = standing.reindex(pd.MultiIndex.from_frame(rows[key]))
    return rows.assign(
        stands=counts | (other[content].to_numpy() == rows[content].to_numpy()),
        late=counts & late,
        late_text=np.where(late, "收到时已过截止日期；", ""),
        other_seq=other["seq"].to_numpy(),
        other_file=other["file"].to_numpy(),
        other_cell=other["cell"].to_numpy(),
    )


def _late(single: str, several: str) -> Statement:
    """Those that came late and are used."""
    what_to_do = "首次报送的照用；要替换按期报送的，请申请更正"
    told = _gathered(single, several)
    return Statement("LATE", "note", *one_of("late", [False]), "{what}，收到时已过截止日期", what_to_do, told=told)


def _gathered(single: str, several: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """A file that came late is told of once a column."""

    def told(failing: pd.DataFrame) -> pd.DataFrame:
        rows = in_ranges(failing, ["sha256", "sender", "file", "sheet"], ["unit_code", "indicator_code"])
        return rows.assign(what=[_what(row) for row in rows.to_dict("records")], identity=pd.NA)

    def _what(row: dict[Any, Any]) -> str:
        return single.format_map(row) if row["count"] == 1 else f"《{row['file']}》的 {row['count']} {several}"

    return told
