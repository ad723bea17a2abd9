"""Years side by side: what is laid beside what, and how far it may be compared."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from small_evaluations import figures
from three_years import ITEMS, definition, results

from evaluation.continuity import in_this_years_codes, totals_in_this_years_codes
from evaluation.definition import Definition
from evaluation.faults import InvalidRulebook
from evaluation.lint import lint
from evaluation.years import COLUMNS, Years


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return Years([results(2025), results(2024), results(2023)]).rows()


def cells(rows: pd.DataFrame, *shown: str, **where: Any) -> list[tuple[Any, ...]]:
    """The values of some columns where others are these."""
    for name, value in where.items():
        rows = rows[rows[name].isna()] if value is None else rows[rows[name] == value]
    return list(rows[list(shown)].fillna("").itertuples(index=False, name=None))


def test_a_unit_that_went_on_has_its_years_with_place_and_percentile(rows: pd.DataFrame) -> None:
    assert rows.columns.tolist() == COLUMNS
    assert cells(rows, "cycle", "value", unit_code="E", measure="total_score") == [
        ("2023", "90.00"),
        ("2024", "80.00"),
        ("2025", "81.00"),
    ]
    assert cells(rows, "cycle", "value", unit_code="E", measure="percentile")[1:] == [
        ("2024", "66.7"),
        ("2025", "50.0"),
    ]


def test_predecessors_of_a_merged_unit_stand_each_by_itself(rows: pd.DataFrame) -> None:
    found = cells(rows, "cycle", "unit_then", "value", "comparable", unit_code="M", measure="total_score")
    assert found == [
        ("2023", "A", "70.00", "no"),
        ("2023", "B", "60.00", "no"),
        ("2024", "A", "75.00", "no"),
        ("2024", "B", "65.00", "no"),
        ("2025", "M", "78.00", "yes"),
    ]
    told = cells(rows, "remark", cycle="2024", unit_code="M", unit_then="A", measure="grade")
    assert told == [("其后与南乡合并为东南镇",)]


def test_only_figures_that_may_be_added_are_summed(rows: pd.DataFrame) -> None:
    own = {"unit_code": "M", "unit_then": "A;B"}
    assert cells(rows, "cycle", "indicator_code", "measure", "value", "comparable", **own) == [
        ("2023", "grants", "figure", "7", "yes"),
        ("2024", "grants", "figure", "10", "yes"),
    ]


def test_a_split_unit_is_shown_under_both_and_compared_with_none_but_its_own_code(rows: pd.DataFrame) -> None:
    found = {
        unit: cells(rows, "value", "comparable", "remark", cycle="2023", unit_code=unit, measure="grade")
        for unit in "CE"
    }
    assert found["E"] == [("优秀", "no", "其后分为西乡、西岭乡")]
    assert found["C"] == [("优秀", "changed", "其后析出西岭乡")]


def test_units_that_nobody_continues_are_kept_and_new_ones_have_no_past(rows: pd.DataFrame) -> None:
    assert cells(rows, "cycle", "value", unit_then="F", measure="total_score") == [("2023", "50.00"), ("2024", "55.00")]
    assert set(rows.loc[rows["unit_then"] == "F", "comparable"]) == {"no"}
    assert set(rows.loc[rows["unit_code"] == "G", "cycle"]) == {"2025"}


def test_a_renamed_item_goes_on_and_equal_rules_compare_over_all_years(rows: pd.DataFrame) -> None:
    found = cells(rows, "cycle", "indicator_then", "value", "comparable", unit_code="N", indicator_code="rd_input")
    assert ("2023", "rd", "20.0", "yes") in found
    assert ("2024", "rd", "3", "yes") in found
    assert len(found) == 6


def test_other_points_leave_the_rate_with_a_mark_and_the_figure(rows: pd.DataFrame) -> None:
    own = {"cycle": "2024", "indicator_code": "grants"}
    assert cells(rows, "measure", "value", "comparable", "remark", unit_code="C", **own) == [
        ("score_rate", "90.0", "changed", "口径有变：标准分"),
        ("figure", "9", "yes", ""),
    ]
    # The points of the other group are what they were.
    assert {mark for (mark,) in cells(rows, "comparable", unit_code="N", **own)} == {"yes"}


def test_what_the_rulebook_calls_not_comparable_is_shown_with_its_reason(rows: pd.DataFrame) -> None:
    found = cells(rows, "measure", "comparable", "remark", cycle="2023", unit_code="N", indicator_code="output")
    assert found == [(one, "no", "不可比：只统计大中型企业") for one in ("score_rate", "figure")]


def test_items_without_counterpart_are_called_new_or_dropped(rows: pd.DataFrame) -> None:
    assert {told for (told,) in cells(rows, "remark", indicator_code="space")} == {"新增"}
    dropped = rows[rows["indicator_then"] == "radio"]
    assert set(dropped["cycle"]) == {"2023", "2024"}
    assert dropped["indicator_code"].replace("", pd.NA).isna().all()
    assert set(dropped["comparable"]) == {"no"}


def test_a_score_that_waits_has_no_rate(rows: pd.DataFrame) -> None:
    assert cells(rows, "value", cycle="2025", unit_code="E", indicator_code="output", measure="score_rate") == []


def test_totals_are_marked_by_what_changed_for_the_unit(rows: pd.DataFrame) -> None:
    told = cells(rows, "comparable", "remark", cycle="2024", unit_code="N", measure="total_score")
    assert told == [("changed", "考核内容有变：新增1项、取消1项、不可比1项")]
    told = cells(rows, "remark", cycle="2024", unit_code="C", measure="total_score")
    assert told == [("考核内容有变：新增1项、取消1项、口径有变1项、不可比1项",)]


def test_medians_of_group_and_kind_stand_beside(rows: pd.DataFrame) -> None:
    found = cells(rows, "group", "value", cycle="2024", measure="median_total_score")
    assert found == [("g", "77.50"), ("h", "70.50"), ("", "77.50")]
    assert cells(rows, "value", cycle="2024", measure="median_figure", indicator_then="grants", group="h") == [("2",)]


def test_streaks_run_on_over_new_names_and_end_at_mergers(rows: pd.DataFrame) -> None:
    assert cells(rows, "unit_code", "value", measure="years_first") == [("C", "3"), ("N", "3")]
    assert cells(rows, "unit_code", "value", "remark", measure="years_in_grade") == [
        ("C", "3", "优秀"),
        ("E", "2", "优秀"),
        ("N", "3", "优秀"),
    ]


def test_another_group_makes_ranks_incomparable_and_ends_a_streak() -> None:
    moved = results(2025)
    moved.totals.loc[moved.totals["unit_code"] == "C", "group"] = "h"
    rows = Years([moved, results(2024)]).rows()
    assert cells(rows, "comparable", "remark", cycle="2024", unit_code="C", measure="rank") == [("no", "其后换了分组")]
    assert "C" not in [unit for (unit,) in cells(rows, "unit_code", measure="years_first")]


def test_a_year_left_out_ends_a_streak() -> None:
    rows = Years([results(2025), results(2023)]).rows()
    assert cells(rows, "value", measure="years_first") == []


@pytest.mark.parametrize(
    ("key", "remark"),
    [
        ("unit_of_measure: 万件", "计量单位由件改为万件"),
        ("unit_of_measure: 件, frequency: quarter, accumulate: sum", "几期合成一年的办法有变"),
        ("unit_of_measure: 件, data_year: 2024", "数据年度与考核年度的间隔有变"),
        ("unit_of_measure: 件, figure: rd_input", "读的不是同一项数据"),
        ("unit_of_measure: 件, measure: count, additive: false", "数据的来历有变"),
    ],
)
def test_another_figure_is_not_comparable_and_says_why(key: str, remark: str) -> None:
    now = changed_items("unit_of_measure: 件, points: {g: 20, h: 5}, additive: true", f"points: {{g: 20, h: 5}}, {key}")
    rows = Years([with_rules(now), results(2024)]).rows()
    found = cells(rows, "comparable", "remark", cycle="2024", unit_code="C", indicator_code="grants", measure="figure")
    assert found == [("no", remark)]
    rate = cells(
        rows, "comparable", "remark", cycle="2024", unit_code="C", indicator_code="grants", measure="score_rate"
    )
    assert rate[0][0] == "changed"
    assert "数据" in rate[0][1]


def changed_items(old: str, new: str) -> Definition:
    """This year's rules with another text in the item of grants."""
    texts = [text.replace(old, new) if text.startswith("{code: grants") else text for text in ITEMS[2025]]
    assert texts != list(ITEMS[2025])
    return definition(2025, items="".join(f"      - {text}\n" for text in texts))


def with_rules(rules: Definition) -> Any:
    from dataclasses import replace

    return replace(results(2025), definition=rules)


def test_last_years_values_are_found_under_this_years_codes() -> None:
    last = figures(
        ("A", "rd", "3", "2024"), ("B", "rd", "4", "2024"), ("D", "rd", "5", "2024"),
        ("A", "grants", "0.1", "2024"), ("B", "grants", "0.2", "2024"), ("C", "radio", "1", "2024"),
    )  # fmt: skip
    found = in_this_years_codes(definition(2025), last)
    assert sorted(found[["unit_code", "indicator_code", "accepted_value"]].itertuples(index=False, name=None)) == [
        ("M", "grants", "0.3"),
        ("N", "rd_input", "5"),
    ]
    split = in_this_years_codes(definition(2024), figures(("C", "rd", "7", "2023")))
    assert split["unit_code"].tolist() == ["C"]


def test_a_sum_needs_a_value_of_every_unit_that_was_merged() -> None:
    last = figures(("A", "grants", "3", "2024"), ("B", "grants", None, "2024"))
    assert in_this_years_codes(definition(2025), last).empty


def test_last_years_totals_follow_new_codes_and_are_never_added() -> None:
    found = totals_in_this_years_codes(definition(2025), results(2024).totals)
    assert dict(zip(found["unit_code"], found["total_score"], strict=True)) == {
        "C": "91.00",
        "E": "80.00",
        "N": "86.00",
    }


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("continues: none, not_comparable: x, rule: {kind: per_item, each: 1}", "谈不上可比不可比"),
        ("additive: true, rule: {kind: judged}", "谈不上相加"),
    ],
)
def test_what_cannot_be_said_of_last_year_is_refused(keys: str, told: str) -> None:
    with pytest.raises(InvalidRulebook, match=told):
        definition(2025, items=f"      - {{code: a, points: 1, {keys}}}\n")


def test_one_item_of_last_year_has_one_successor() -> None:
    rule = "points: 1, rule: {kind: per_item, each: 1}"
    for texts in (
        ("{code: a, continues: rd, %s}", "{code: b, continues: rd, %s}"),
        ("{code: rd, %s}", "{code: b, continues: rd, %s}"),
    ):
        with pytest.raises(InvalidRulebook, match="不能再接续它"):
            definition(2025, items="".join(f"      - {text % rule}\n" for text in texts))
    with pytest.raises(InvalidRulebook, match="没有写 previous"):
        definition(2023, items=f"      - {{code: a, continues: b, {rule}}}\n")


def test_lint_knows_last_years_codes() -> None:
    rules = definition(
        2025,
        items="      - {code: a, continues: nowhere, points: 1, rule: {kind: per_item, each: 1}}\n"
        "      - {code: rd, unit_of_measure: 亿元, measure: growth, points: 1, rule: {kind: per_item, each: 1}}\n"
        "      - {code: b, not_comparable: 换了口径, points: 1, rule: {kind: per_item, each: 1}}\n",
        units="A,东乡,g,X\nB,南乡,g,\nP,西东乡,g,C\nQ,西西乡,g,C\n",
    )
    told = [(one.severity, one.message) for one in lint(rules, previous=definition(2024))]
    assert [one for one in told if "上年" in one[1] and one[0] == "error"] == [
        ("error", "上年的细则里没有 nowhere，a无可接续"),
        ("error", "rd与上年值相比，而上年以万元计，今年以亿元计"),
        ("error", "上年没有单位 X，A 无可接续"),
    ]
    assert ("warning", "b上年没有，谈不上不可比") in told
    assert ("note", "上年的北乡（D）本年没有单位接续") in told
    assert ("note", "上年的西乡（C）由 P、Q 接续，按拆分处理，得分、名次不作比较") in told
    assert not [one for one in lint(rules) if "上年没有" in one.message]
