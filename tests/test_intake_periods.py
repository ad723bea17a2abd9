import pytest
from small_evaluations import definition, items

from intake.keys import catalogue_of
from intake.periods import read_day, read_period
from intake.raw import DATE


@pytest.mark.parametrize(
    ("raw", "period"),
    [
        *[(raw, "2025") for raw in ("2025", "2025年", "2025年度", " ２０２５ ")],
        *[
            (raw, "2025-09")
            for raw in ("2025-09", "2025-9", "2025/9", "2025年9月", "2025年09月份", "202509", "2025.09")
        ],
        *[(raw, "2025Q3") for raw in ("2025Q3", "2025-Q3", "2025q3", "2025年第三季度", "2025年3季度", "2025年三季度")],
        *[(raw, "2025-09") for raw in ("2025-09-30", "2025/9/1", "2025年9月30日", "2025-09-30 00:00:00")],
        ("2025.10", "2025-10"),
        ("2025.2", "2025-02"),
    ],
)
def test_periods_are_read_in_the_ways_people_write_them(raw: str, period: str) -> None:
    assert read_period(raw) == (period, "", "")


def test_a_date_cell_is_its_month() -> None:
    assert read_period("2025-09-01", DATE).period == "2025-09"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "2025-13",
        "2025年0月",
        "25-09",
        "2025Q5",
        "2025年1-9月",
        "2025上半年",
        "45901",
        "2025-02-30",
        "九月",
        "2025①",
    ],
)
def test_what_is_no_period_is_refused(raw: str) -> None:
    assert read_period(raw)[:2] == ("", "PERIOD")


def test_a_lost_zero_is_not_guessed() -> None:
    assert read_period("2026.1").code == "PERIOD_AMBIGUOUS"


def test_days_exist_or_are_refused() -> None:
    assert read_day("2024年2月29日") == "2024-02-29"
    assert read_day("2025-02-29") == ""
    assert read_day("昨天") == ""


def test_a_figure_that_is_asked_for_two_years_is_due_in_both() -> None:
    made = definition(
        items(
            "{code: spend, points: 5, sources: [self], rule: {kind: per_item, each: 1}}",
            "{code: before, figure: spend, data_year: 2024, points: 5, rule: {kind: per_item, each: 1}}",
        )
    )
    assert catalogue_of(made).periods == {"spend": ("2025", "2024")}
