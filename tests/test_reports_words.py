"""Titles, dates and text from outside as readers see them."""

import pytest

from reports.harmless import shortened, visible
from reports.words import draft, heading, long_date


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2025年度青山县目标责任制考核办法（试行）", "2025年度青山县目标责任制考核结果"),
        ("科技进步考核实施细则", "科技进步考核结果"),
        ("创新目标任务", "创新目标任务考核结果"),
        ("考核暂行办法", "考核结果"),
    ],
)
def test_title_of_a_result_follows_from_the_title_of_the_rules(title: str, expected: str) -> None:
    assert heading(title, "结果") == expected


def test_drafts_are_called_by_their_state() -> None:
    assert [draft(state) for state in ("试算", "公示", "定稿")] == ["试算稿", "公示稿", "定稿"]


def test_dates_are_written_without_leading_zeros() -> None:
    assert long_date("2026-01-05") == "2026年1月5日"


@pytest.mark.parametrize("hidden", ["\u202e", "\x00", "\x1b", "\u200b", "\ufeff", "\u2028", "\x7f", "\uffff"])
def test_characters_that_nobody_sees_are_spelled_out(hidden: str) -> None:
    shown = visible(f"甲{hidden}乙\n丙")
    assert hidden not in shown
    assert shown.startswith("甲〔U+")
    assert shown.endswith("〕乙\n丙")


def test_long_text_is_cut_and_says_so() -> None:
    assert shortened("长" * 200) == "长" * 200
    assert shortened("长" * 201) == "长" * 200 + "……（全文见 csv）"
