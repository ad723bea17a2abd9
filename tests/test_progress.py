"""Progress through the year: shares by hand, last year's pattern, and figures of which nothing may be said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from small_evaluations import definition, figures, items

from evaluation.explanation_view import ScoreInputs
from evaluation.progress import progress
from evaluation.worlds import Today
from reports.analyses import progress_told

HEAD = "calendar: {submissions_due: 2026-01-15}\ndepartments: [{code: stats, name: 统计局}]\n"
MONTHLY = (
    "{code: i, name: 专利授权量, points: 10, unit_of_measure: 件, sources: [stats], frequency: month, accumulate: sum, "
    "measure: completion, rule: {kind: proportional}}"
)
OCTOBER = date(2025, 10, 20)


def months(unit: str, code: str, *values: str, year: int = 2025) -> list[tuple[str, ...]]:
    return [(unit, code, value, f"{year}-{month:02}") for month, value in enumerate(values, 1)]


def watched(
    line: str, values: list[Any], targets: str, as_of: date = OCTOBER, last_year: list[Any] | None = None
) -> pd.DataFrame:
    made = definition(items(line, settings=HEAD), units="A B", targets=targets)
    previous = None if last_year is None else figures(*last_year)
    found = progress(Today(made, ScoreInputs(figures=figures(*values), previous=previous)), as_of)
    return progress_told(made, found)


def test_a_sum_is_held_against_the_share_of_the_year_that_has_passed() -> None:
    """The example of docs/analyses.md: 65 of 102 in nine months is 63.7 %, 11.3 points behind 75 %."""
    rows = watched(MONTHLY, months("A", "i", "7", "7", "7", "7", "7", "7", "7", "8", "8"), "A,i,102,,")
    (row,) = rows.to_dict("records")
    assert (row["done"], row["share"], row["expected_share"], row["behind"]) == ("65", "0.6373", "0.75", "11.27")
    assert (row["level"], row["basis"], row["through"]) == ("red", "year", "2025-09")
    assert row["sentence"] == ("1—9月完成专利授权量65件，占任务数102件的63.7%，低于序时进度（75.0%）11.3个百分点，红。")
    assert row["sentence_en"] == (
        "专利授权量 through 2025-09: 65件, 63.7% of 102件, 11.3 points below the share of the year (75.0%): red."
    )
    assert row["who"] == "A（推进）、统计局（数据来源）"


@pytest.mark.parametrize(("target", "level"), [("120", "green"), ("121", "amber"), ("138", "amber"), ("139", "red")])
def test_levels_change_just_past_their_thresholds(target: str, level: str) -> None:
    """90 of 120 is three quarters; 90 of 138 is 9.8 points behind, of 139 is 10.3."""
    rows = watched(MONTHLY, months("A", "i", *["10"] * 9), f"A,i,{target},,")
    assert rows["level"].tolist() == [level]


def test_the_countys_own_pattern_of_last_year_goes_before_the_calendar() -> None:
    """Last year 30 of 100 had come by September; a unit that left a month out says nothing about the pattern."""
    last_year = [
        *months("A", "i", *["2"] * 9, "20", "20", "22", year=2024),
        *months("B", "i", *["90"] * 11, year=2024),
    ]
    rows = watched(MONTHLY, months("A", "i", *["3"] * 9), "A,i,90,,", last_year=last_year)
    (row,) = rows.to_dict("records")
    assert (row["basis"], row["expected_share"], row["share"], row["level"]) == ("pattern", "0.225", "0.3", "green")
    assert "高于上年同期进度（22.5%）7.5个百分点，绿" in row["sentence"]


def test_cumulative_figures_are_not_added_up() -> None:
    line = MONTHLY.replace("accumulate: sum", "accumulate: latest").replace("month", "quarter")
    values = [("A", "i", "20", "2025Q1"), ("A", "i", "45", "2025Q2"), ("A", "i", "70", "2025Q3")]
    (row,) = watched(line, values, "A,i,100,,").to_dict("records")
    assert (row["done"], row["share"], row["level"]) == ("70", "0.7", "amber")
    assert row["sentence"].startswith("1—9月完成专利授权量70件")


@pytest.mark.parametrize(
    "line",
    [
        MONTHLY.replace("件", "'%'"),
        MONTHLY.replace("accumulate: sum", "accumulate: mean"),
        MONTHLY.replace("accumulate: sum", "accumulate: sum, periods: score_then_mean"),
        MONTHLY.replace("accumulate: sum", "accumulate: latest, direction: lower_is_better"),
        MONTHLY.replace("month", "year"),
        MONTHLY.replace("accumulate: sum", "accumulate: sum, data_year: 2024"),
    ],
)
def test_what_does_not_grow_through_the_year_is_not_warned_about(line: str) -> None:
    assert watched(line, months("A", "i", "1", "1"), "A,i,100,,").empty


@pytest.mark.parametrize("target", ["A,i,,,", "A,i,0,,", "A,i,100,,no", "B,i,100,,"])
def test_without_a_target_or_a_task_there_is_nothing_to_warn_of(target: str) -> None:
    rows = watched(MONTHLY, months("A", "i", "1", "1"), target)
    assert rows[rows["unit_code"] == "A"].empty


def test_an_allowance_is_held_the_other_way_round() -> None:
    line = MONTHLY.replace("accumulate: sum", "accumulate: sum, direction: lower_is_better")
    values = [*months("A", "i", *["9"] * 9), *months("B", "i", *["13"] * 9)]
    rows = watched(line, values, "A,i,100,,\nB,i,100,,")
    assert rows["level"].tolist() == ["amber", "red"]
    assert rows["sentence"].tolist() == [
        "1—9月已有专利授权量81件，占限额100件的81.0%，高于序时进度（75.0%）6.0个百分点，黄。",
        "1—9月已有专利授权量117件，占限额100件的117.0%，高于序时进度（75.0%）42.0个百分点，红。",
    ]


def test_months_that_are_overdue_are_named_and_who_must_report_them() -> None:
    """As of 20 October everything up to September's figures, due on 15 October, should be there."""
    rows = watched(MONTHLY, months("A", "i", "10", "10", "10", "10", "10", "10", "10"), "A,i,100,,\nB,i,50,,")
    assert rows["overdue"].tolist() == ["2025-08;2025-09", ";".join(f"2025-{month:02}" for month in range(1, 10))]
    assert rows["level"].tolist() == ["green", "unreported"]
    assert rows["sentence"].iloc[0].endswith("绿。8月、9月应报未报。")
    assert rows["who"].iloc[0] == "统计局（报送8月、9月数据）"


def test_periods_after_the_day_are_left_out_and_a_finished_year_has_no_pace() -> None:
    values = months("A", "i", *["10"] * 12)
    assert watched(MONTHLY, values, "A,i,130,,", date(2025, 6, 30))["done"].tolist() == ["60"]
    (row,) = watched(MONTHLY, values, "A,i,130,,", date(2026, 2, 1)).to_dict("records")
    assert row["sentence"] == "1—12月完成专利授权量120件，占任务数130件的92.3%，距完成任务差7.7个百分点，黄。"
