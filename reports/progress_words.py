"""Progress in sentences that may be read out at a meeting, and the words of the colours.

Here belongs wording; the numbers are those of `evaluation.progress`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from evaluation.figures import Figure
from evaluation.obligations import last_day
from evaluation.progress import AMBER, BY_PATTERN, GREEN, RED, UNREPORTED

LEVELS = {RED: "红", UNREPORTED: "未报", AMBER: "黄", GREEN: "绿"}
LEVELS_EN = {RED: "red", AMBER: "amber", GREEN: "green", UNREPORTED: "not reported"}
Row = dict[str, Any]


def progress_sentence(figure: Figure, row: Row) -> str:
    """1—9月完成…，占任务数…的63.7%，低于序时进度（75.0%）11.3个百分点，红。"""
    overdue = f"{overdue_months(row['overdue'])}应报未报。" if row["overdue"] else ""
    if row["level"] == UNREPORTED:
        return f"“{figure.name}”{overdue}"
    of = figure.unit_of_measure or ""
    months = last_day(row["through"]).month
    until = "1月" if months == 1 else f"1—{months}月"
    lower = figure.definer.direction == "lower_is_better"
    head = f"{until}{'已有' if lower else '完成'}{figure.name}{row['done']}{of}，"
    share = f"占{'限额' if lower else '任务数'}{row['target']}{of}的{percent(row['share'])}，"
    return f"{head}{share}{_pace(row, lower)}，{LEVELS[row['level']]}。{overdue}"


def _pace(row: Row, lower: bool) -> str:
    if Decimal(row["expected_share"]) == 1:
        return _at_the_end(Decimal(row["behind"]), lower)
    measure = "上年同期进度" if row["basis"] == BY_PATTERN else "序时进度"
    behind = Decimal(row["behind"])
    if behind == 0:
        return f"与{measure}（{percent(row['expected_share'])}）持平"
    side = "高于" if (behind > 0) == lower else "低于"
    return f"{side}{measure}（{percent(row['expected_share'])}）{_points(behind)}个百分点"


def _at_the_end(behind: Decimal, lower: bool) -> str:
    """Once the year is over there is no pace any more."""
    if lower:
        return f"超出限额{_points(behind)}个百分点" if behind > 0 else "没有超出限额"
    return f"距完成任务差{_points(behind)}个百分点" if behind > 0 else "任务已完成"


def overdue_months(overdue: str) -> str:
    """2025-07;2025-08 → 7月、8月; 2025Q3 → 第3季度."""
    return "、".join(f"第{one[-1]}季度" if "Q" in one else f"{int(one[5:])}月" for one in overdue.split(";"))


def progress_sentence_en(figure: Figure, row: Row) -> str:
    """The same in English; names stay as the rulebook has them."""
    overdue = f" Overdue: {row['overdue'].replace(';', ', ')}." if row["overdue"] else ""
    if row["level"] == UNREPORTED:
        return f"{figure.name}: nothing reported.{overdue}"
    of = figure.unit_of_measure or ""
    done = f"{figure.name} through {row['through']}: {row['done']}{of}, {percent(row['share'])} of {row['target']}{of}"
    pace = _pace_en(row, figure.definer.direction == "lower_is_better")
    return f"{done}, {pace}: {LEVELS_EN[row['level']]}.{overdue}"


def _pace_en(row: Row, lower: bool) -> str:
    behind = Decimal(row["behind"])
    if Decimal(row["expected_share"]) == 1:
        short = f"{_points(behind)} points {'over the allowance' if lower else 'short of the target'}"
        return short if behind > 0 else f"the {'allowance is kept' if lower else 'target is reached'}"
    measure = "last year's pace" if row["basis"] == BY_PATTERN else "the share of the year"
    expected = f"{measure} ({percent(row['expected_share'])})"
    if behind == 0:
        return f"on a par with {expected}"
    return f"{_points(behind)} points {'above' if (behind > 0) == lower else 'below'} {expected}"


def percent(share: str) -> str:
    """0.637 → 63.7%"""
    return f"{(Decimal(share) * 100).quantize(Decimal('0.1')):f}%"


def _points(behind: Decimal) -> str:
    return f"{abs(behind).quantize(Decimal('0.1')):f}"


def with_progress_sentences(
    progress: pd.DataFrame, figures: dict[str, Figure], senders: dict[str, str], units: dict[str, str]
) -> pd.DataFrame:
    """With `unit_name`, `figure_name`, `level_name`, `who` and `who_en` (who must act), `sentence`, `sentence_en`."""
    rows: list[Row] = progress.astype("object").where(progress.notna(), None).to_dict("records")
    about = [figures[row["indicator_code"]] for row in rows]
    return progress.assign(
        unit_name=progress["unit_code"].map(units),
        figure_name=pd.array([one.name for one in about], dtype="str"),
        level_name=progress["level"].map(LEVELS),
        who=pd.array([_who(row, senders, units) for row in rows], dtype="str"),
        who_en=pd.array([_who_en(row, senders, units) for row in rows], dtype="str"),
        sentence=_texts([progress_sentence(*pair) for pair in zip(about, rows, strict=True)]),
        sentence_en=_texts([progress_sentence_en(*pair) for pair in zip(about, rows, strict=True)]),
    )


def _texts(texts: Sequence[str]) -> Any:
    return pd.array(texts, dtype="str")


def _who(row: Row, senders: dict[str, str], units: dict[str, str]) -> str:
    """Who is behind must do more; who has not reported must report. Nobody has to act on green."""
    unit, source = _named(row, senders, units)
    act = [f"{unit}（推进）"] if row["level"] in (RED, AMBER) else []
    report = [f"{source}（报送{overdue_months(row['overdue'])}数据）"] if row["overdue"] else []
    checks = [f"{source}（数据来源）"] if act and not report and source != unit else []
    return "、".join([*act, *report, *checks])


def _who_en(row: Row, senders: dict[str, str], units: dict[str, str]) -> str:
    unit, source = _named(row, senders, units)
    act = [f"{unit} (catch up)"] if row["level"] in (RED, AMBER) else []
    report = [f"{source} (report {row['overdue'].replace(';', ', ')})"] if row["overdue"] else []
    checks = [f"{source} (source)"] if act and not report and source != unit else []
    return ", ".join([*act, *report, *checks])


def _named(row: Row, senders: dict[str, str], units: dict[str, str]) -> tuple[str, str]:
    """The unit, and who reports the figure first."""
    unit, code = units[row["unit_code"]], str(row["department_code"])
    return unit, unit if code == "self" else senders.get(code, code)
