"""Gaps in sentences, Chinese and English: what more of one figure would bring, or that it cannot alone.

Here belongs wording; the numbers are those of `evaluation.gap_table`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from evaluation.figures import Figure
from evaluation.gap_table import BEST, REACHED, VETOED
from evaluation.gaps import RANK
from evaluation.numbers import is_percent

Row = dict[str, Any]
GOALS = {RANK: "名次", "grade": "等次"}


def gap_sentence(figure: Figure | None, row: Row) -> str:
    """`row`: of `gap_table`, unknown values as None; `figure` None where the row is about none."""
    rank = row["goal"] == RANK
    if row["outcome"] == BEST:
        return "已列第1名，名次无可再进。" if rank else f"已是最高等次“{row['grade_before']}”。"
    if row["outcome"] == VETOED or figure is None:
        return f"因事项被一票否决，任何一项数据都改变不了{'名次' if rank else '等次'}。"
    if row["outcome"] != REACHED:
        most = f"，做到最好总分为{row['score_after']}" if row["score_after"] else ""
        return f"无法仅靠“{figure.name}”一项{'取得更前的名次' if rank else '取得更高的等次'}{most}。"
    return f"“{figure.name}”{change(figure, row)}，{_result(row)}。"


def change(figure: Figure, row: Row) -> str:
    """How much more or less of the figure, from what to what."""
    of, up = figure.unit_of_measure or "", figure.definer.direction == "higher_is_better"
    before, after, whole = _told_values(figure, row)
    period = "" if whole and figure.frequency == "year" else f"{row['period']}"
    if before is None:
        return f"{period}补报，{'达到' if up else '不超过'}{_with_unit(after, of)}"
    more = ("再提高" if up else "再降低") if is_percent(of) else ("再增加" if up else "再减少")
    size = f"{_size(row['change'])}{'个百分点' if is_percent(of) else of}"
    of_year = "全年" if period and whole else ""
    return f"{period}{more}{size}（{of_year}由{_with_unit(before, of)}到{_with_unit(after, of)}）"


def _told_values(figure: Figure, row: Row) -> tuple[str | None, str, bool]:
    """Of the whole year where that is what one says of the figure, else of the period that changes."""
    whole = figure.accumulate != "mean" and figure.definer.periods != "score_then_mean"
    which = "year" if whole else "value"
    return row[f"{which}_before"], row[f"{which}_after"], whole


def _with_unit(number: str, unit_of_measure: str) -> str:
    return f"{number}{unit_of_measure}"


def _size(change: str) -> str:
    return f"{abs(Decimal(change)):f}"


def _result(row: Row) -> str:
    return "，".join([f"总分由{row['score_before'] or '待定'}到{row['score_after']}", *gains(row)])


def gains(row: Row) -> list[str]:
    """What of rank and grade gets better."""
    said = []
    if row["rank_before"] != row["rank_after"] and row["rank_after"]:
        said.append(f"名次由{_place(row['rank_before'])}升至第{row['rank_after']}")
    if row["grade_before"] != row["grade_after"]:
        said.append(f"等次由{row['grade_before'] or '无'}升为{row['grade_after']}")
    return said


def _place(rank: Any) -> str:
    return f"第{rank}" if rank else "不参加排名"


def gap_sentence_en(figure: Figure | None, row: Row) -> str:
    """The same in English; names stay as the rulebook has them."""
    rank = row["goal"] == RANK
    if row["outcome"] == BEST:
        return "Ranked 1st already." if rank else f"Has the highest grade already ({row['grade_before']})."
    if row["outcome"] == VETOED or figure is None:
        return f"Vetoed by a matter: no figure can change the {row['goal']}."
    if row["outcome"] != REACHED:
        most = f"; at its best the total is {row['score_after']}" if row["score_after"] else ""
        return f"{figure.name} alone cannot gain the next {row['goal']}{most}."
    return f"{figure.name}: {_change_en(figure, row)}; {_result_en(row)}."


def _change_en(figure: Figure, row: Row) -> str:
    of, up = figure.unit_of_measure or "", figure.definer.direction == "higher_is_better"
    before, after, whole = _told_values(figure, row)
    where = "" if whole and figure.frequency == "year" else f" in {row['period']}"
    if before is None:
        return f"report{where} {'at least' if up else 'at most'} {after}{of}"
    year = " for the year" if where and whole else ""
    points = " percentage points" if is_percent(of) else of
    return f"{_size(row['change'])}{points} {'more' if up else 'less'}{where} (from {before} to {after}{year})"


def _result_en(row: Row) -> str:
    said = [f"total from {row['score_before'] or 'pending'} to {row['score_after']}"]
    if row["rank_before"] != row["rank_after"] and row["rank_after"]:
        said.append(f"rank from {row['rank_before'] or 'none'} to {row['rank_after']}")
    if row["grade_before"] != row["grade_after"]:
        said.append(f"grade from {row['grade_before'] or 'none'} to {row['grade_after']}")
    return ", ".join(said)


def with_gap_sentences(gaps: pd.DataFrame, figures: dict[str, Figure]) -> pd.DataFrame:
    """With `figure_name`, `sentence`, `sentence_en`."""
    rows: list[Row] = gaps.astype("object").where(gaps.notna(), None).to_dict("records")
    about = [figures.get(str(row["indicator_code"])) for row in rows]
    return gaps.assign(
        figure_name=pd.array([None if one is None else one.name for one in about], dtype="str"),
        sentence=pd.array([gap_sentence(*pair) for pair in zip(about, rows, strict=True)], dtype="str"),
        sentence_en=pd.array([gap_sentence_en(*pair) for pair in zip(about, rows, strict=True)], dtype="str"),
    )
