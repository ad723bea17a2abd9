"""How each rule, case, part and period is told: whole clauses as they are read."""

from __future__ import annotations

from typing import Any

import pytest
from explained import evaluated
from small_evaluations import figures, items

from evaluation.explanation_words import Language


def said(item: str, *accepted: tuple[Any, ...], language: Language = "zh", **further: Any) -> str:
    """The sentence of unit A's item `i`."""
    made = evaluated(items(item), figures(*accepted), **further)
    assert made.faults(language) == []
    return made.sentences(language)["A", "i"]


HEAD = "code: i, name: 发明专利授权量, reference: 第三条第(二)项, unit_of_measure: 项, points: 10"


def test_the_sentence_reads_as_an_official_writes_it() -> None:
    sentence = said(
        f"{{{HEAD}, measure: completion, rule: {{kind: proportional}}}}", ("A", "i", "18"), targets="A,i,20,,"
    )
    assert sentence == "目标20项，完成18项，按比例得 18÷20×10=9.00 分，扣 1.00 分〔第三条第(二)项〕"


def test_the_sentence_is_english_on_request() -> None:
    item = f"{{{HEAD}, measure: completion, rule: {{kind: proportional}}}}"
    sentence = said(item, ("A", "i", "18"), targets="A,i,20,,", language="en")
    assert sentence == (
        "target 20 项, achieved 18 项, in proportion gets 18÷20×10=9.00 points, 1.00 points deducted [第三条第(二)项]"
    )


def test_a_limit_that_binds_is_told_with_the_arithmetic_before_it() -> None:
    item = f"{{{HEAD}, max_points: 12, measure: completion, rule: {{kind: proportional}}}}"
    sentence = said(item, ("A", "i", "30"), targets="A,i,20,,")
    assert "得 30÷20×10=15 分，封顶 12 分，计 12.00 分" in sentence


def test_a_number_that_never_ends_is_cut_and_marked() -> None:
    sentence = said("{code: i, points: 10, rule: {kind: per_item, each: 10/7}}", ("A", "i", "3"))
    assert "每1计 ≈1.428571 分，得 3×1.428571=4.29 分" in sentence


def test_a_cut_number_gives_way_to_the_fraction_where_it_would_come_to_other_points() -> None:
    book = "scoring: {decimals: 6}\n" + items("{code: i, points: 10, rule: {kind: per_item, each: 10/7}}")
    made = evaluated(book, figures(("A", "i", "7")))
    assert made.faults() == []
    assert "得 7×10÷7=10.000000 分" in made.sentences()["A", "i"].replace("(10÷7)", "10÷7")


def test_the_mean_of_the_group_and_the_steps_from_it_are_told() -> None:
    item = f"{{{HEAD}, max_points: none, measure: deviation, rule: {{kind: steps, step: 5%, better: 0.5, worse: 0.5}}}}"
    sentence = said(item, ("A", "i", "23"), ("B", "i", "17"))
    assert "本单位23项，同组均值20项，与均值相差(23-20)÷20=15%，每5%加 0.5 分，计3次，得 10+0.5×3=11.50 分" in sentence


def test_steps_that_are_not_whole_are_said_to_be_rounded_down() -> None:
    item = "{code: i, points: 5, unit_of_measure: '%', rule: {kind: steps, origin: 95, worse: 0.5}}"
    assert "核定值91.5%，比95%低3.5个百分点，每1个百分点扣 0.5 分，3.5取整计3次，得 5-0.5×3=3.50 分" in said(
        item, ("A", "i", "91.5")
    )


def test_the_case_that_fitted_is_told_with_its_number() -> None:
    item = (
        f"{{{HEAD}, cases: [{{when: {{of: previous, at_least: 10}}, measure: growth,"
        " rule: {kind: threshold, at_least: 0}}, {measure: change, rule: {kind: per_item, each: 2}}]}"
    )
    last = figures(("A", "i", "12", "2024"), ("B", "i", "3", "2024"))
    made = evaluated(items(item), figures(("A", "i", "18"), ("B", "i", "5")), previous=last)
    told = made.sentences()
    assert told["A", "i"].startswith("因上年 12项，不低于10项，按第1种情形，上年12项，本年18项，增长率(18-12)÷12=50%")
    assert told["B", "i"].startswith("不属前列情形，按第2种情形，上年3项，本年5项，比上年增减5-3=2项，每1项计 2 分")


def test_parts_stand_each_with_its_clause_before_the_sum_and_the_limit() -> None:
    item = (
        "{code: i, points: 5, parts: [{code: firms, name: 示范企业, reference: 第一款, sources: [self], points: 5,"
        " rule: {kind: per_item, each: 2}}, {code: grants, name: 专利, sources: [self], points: 5,"
        " rule: {kind: per_item, each: 0.5}}]}"
    )
    sentence = said(item, ("A", "firms", "2"), ("A", "grants", "6"))
    assert sentence == (
        "示范企业：核定值2，每1计 2 分，得 2×2=4 分〔第一款〕；专利：核定值6，每1计 0.5 分，得 6×0.5=3 分；"
        "合计得 4+3=7 分，封顶 5 分，计 5.00 分"
    )


def test_a_part_that_is_made_up_for_leaves_its_factor() -> None:
    item = (
        "{code: i, points: 10, parts: [{code: a, points: 6, sources: [self], rule: {kind: per_item, each: 1}},"
        "{code: b, points: 4, sources: [self], rescale_within: parent, rule: {kind: per_item, each: 1}}]}"
    )
    sentence = said(item, ("A", "a", "3"), targets="A,b,,,no")
    assert (
        "b：无此项任务，该小项 4 分由本项其余小项折算补足；其余小项折算系数10÷6≈1.666667，合计得 3×10÷6=5.00 分"
        in sentence
    )


def test_periods_are_told_one_by_one_and_then_their_mean() -> None:
    rule = "{kind: threshold, at_least: 5, otherwise: 2}"
    item = f"{{{HEAD}, frequency: quarter, periods: score_then_mean, rule: {rule}}}"
    sentence = said(item, *(("A", "i", value, f"2025Q{at}") for at, value in enumerate(("5", "6", "4"), 1)))
    assert "2025年第3季度：核定值4项，不符合“不低于5项”，得 2 分" in sentence
    assert "2025年第4季度：未报送数据，按缺报规定得 0 分；各期平均得 (10+10+2+0)÷4=5.50 分" in sentence


@pytest.mark.parametrize(
    ("accumulate", "told"),
    [
        ("latest", "核定值8（取最近一期2025年第3季度）"),
        ("sum", "核定值25（3期合计5+12+8=25）"),
        ("mean", "核定值≈8.333333（3期平均(5+12+8)÷3≈8.333333）"),
        ("max", "核定值12（取最高一期2025年第2季度）"),
    ],
)
def test_how_periods_were_combined_is_told(accumulate: str, told: str) -> None:
    item = f"{{code: i, points: 100, frequency: quarter, accumulate: {accumulate}, rule: {{kind: per_item, each: 1}}}}"
    assert said(item, *(("A", "i", v, f"2025Q{at}") for at, v in enumerate(("5", "12", "8"), 1))).startswith(told)


def test_nested_parts_stand_in_brackets_of_their_part() -> None:
    leaf = "sources: [self], rule: {kind: per_item, each: 1}"
    inner = f"{{code: c, name: 项目数, points: 3, {leaf}}}, {{code: d, name: 资金, points: 3, {leaf}}}"
    item = (
        f"{{code: i, points: 10, parts: [{{code: a, name: 签约, points: 4, {leaf}}},"
        f" {{code: b, name: 实施, reference: 第二款, points: 6, parts: [{inner}]}}]}}"
    )
    sentence = said(item, ("A", "a", "2"), ("A", "c", "3"), ("A", "d", "5"))
    assert sentence == (
        "签约：核定值2，得 2 分；实施（项目数：核定值3，得 3 分；资金：核定值5，得 5 分，封顶 3 分；"
        "合计得 3+3=6 分〔第二款〕）；合计得 2+6=8.00 分，扣 2.00 分"
    )


def test_a_cliff_of_an_item_with_parts_looks_at_its_own_figure() -> None:
    parts = (
        "{code: p, points: 4, rule: {kind: per_item, each: 1}}, {code: q, points: 6, rule: {kind: per_item, each: 2}}"
    )
    item = f"{{code: i, points: 10, cliff: {{below: 3, points: 1}}, parts: [{parts}]}}"
    made = evaluated(items(item), figures(("A", "i", "2"), ("B", "i", "3")), units="A B C")
    assert made.faults() == []
    told = made.sentences()
    assert told["A", "i"].endswith("；低于3的按固定分计，得 1.00 分，扣 9.00 分")
    assert told["B", "i"].endswith("；合计得 3+6=9.00 分，扣 1.00 分")


def test_a_case_may_look_at_a_figure_of_another_name() -> None:
    case = "{when: {of: output, above: 100}, measure: value, rule: {kind: per_item, each: 1}}"
    last = "{when: {of: output, at_most: 5}, measure: value, rule: {kind: per_item, each: 3}}"
    made = evaluated(
        items(
            "{code: o, name: 产值, figure: output, unit_of_measure: 亿元, points: 9, rule: {kind: per_item, each: 0}}",
            f"{{code: i, points: 9, cases: [{case}, {last}]}}",
        ),
        figures(("A", "output", "101"), ("A", "i", "2"), ("B", "output", "50"), ("B", "i", "2")),
    )
    assert made.faults() == []
    assert made.sentences()["A", "i"].startswith("因产值 101亿元，高于100亿元，按第1种情形，核定值2，得 2.00 分")
    assert made.sentences()["B", "i"].startswith("不属任何一种情形，得 0.00 分")


def test_periods_none_of_which_counts_have_no_arithmetic() -> None:
    rule = "frequency: month, periods: score_then_mean, missing: rescale, rule: {kind: threshold, at_least: 5}"
    made = evaluated(items(f"{{code: i, points: 10, {rule}}}", "{code: j, points: 5, rule: {kind: per_item, each: 1}}"))
    assert made.faults() == []
    assert made.sentences()["A", "i"].startswith("2025年1月：未报送数据，该项 10 分由其余各项折算补足；2025年2月：")


def test_a_divisor_too_small_to_be_shown_is_written_out() -> None:
    made = evaluated(
        items("{code: i, points: 10, per: area, rule: {kind: per_item, each: 0.0000001}}"),
        figures(("A", "i", "2")),
        units="A,甲镇,township,g,0.0000004",
        columns=",area",
    )
    assert made.faults() == []
    assert "得 5000000×0.0000001=0.50 分" in made.sentences()["A", "i"]


def test_points_that_start_from_nothing_are_not_added_to_nothing() -> None:
    item = "{code: i, points: 10, rule: {kind: steps, start: 0, origin: 5, better: 2}}"
    assert "比5高3，每1加 2 分，计3次，得 2×3=6.00 分" in said(item, ("A", "i", "8"))


def test_a_line_that_falls_to_nothing_is_told_from_there() -> None:
    item = "{code: i, points: 10, direction: lower_is_better, rule: {kind: interpolate, through: [[-4, 100%], [0, 0]]}}"
    assert "在-4（10 分）与0（0 分）之间按直线，得 10×(-1)÷(-4)=2.50 分" in said(item, ("A", "i", "-1"))


def test_the_latest_month_is_named() -> None:
    item = "{code: i, points: 10, frequency: month, rule: {kind: per_item, each: 1}}"
    assert said(item, ("A", "i", "3", "2025-03"), ("A", "i", "4", "2025-11")).startswith(
        "核定值4（取最近一期2025年11月）"
    )


def test_points_that_are_rounded_are_told_before_and_after() -> None:
    assert said("{code: i, points: 10, rule: {kind: per_item, each: 1}}", ("A", "i", "1.005")) == (
        "核定值1.005，得 1.005 分，四舍五入计 1.01 分，扣 8.99 分"
    )


def test_a_quotient_of_numbers_too_small_to_be_shown_is_written_out() -> None:
    made = evaluated(
        items("{code: i, points: 10, per: area, measure: completion, rule: {kind: proportional}}"),
        figures(("A", "i", "2")),
        units="A,甲镇,township,g,0.0000004",
        columns=",area",
        targets="A,i,4,,",
    )
    assert made.faults() == []
    assert made.sentences()["A", "i"].endswith("得 2÷0.0000004÷(4÷0.0000004)×10=5.00 分，扣 5.00 分")
