"""What is told of totals, ranks, grades, vetoes and awards; what explanations leave alone; their wording."""

from __future__ import annotations

import pytest
from explained import Evaluated, evaluated
from small_evaluations import claims, figures, frame, items

from evaluation import explanation_totals
from evaluation.explanation import explain_total
from evaluation.explanation_terms import number

ONE = "{code: i, name: 投入, points: 60, rule: {kind: per_item, each: 1}}"


def lines(made: Evaluated, unit: str = "A") -> list[str]:
    assert made.faults("zh") + made.faults("en") == []
    return explain_total(made.definition, made.inputs, unit)


def book(*sections: str, more: str = "") -> str:
    return "sections:\n" + "".join(f"  - {section}\n" for section in sections) + more


def test_the_total_is_told_from_sections_to_award() -> None:
    rulebook = book(
        "{code: s, name: 科技创新, max_points: 50, indicators: ["
        "{code: i, points: 40, rule: {kind: per_item, each: 1}},"
        "{code: j, points: 20, rule: {kind: per_item, each: 1}}]}",
        "{code: t, name: 科技服务, weight: 0.5, indicators: [{code: k, points: 80, rule: {kind: per_item, each: 1}}]}",
        more="bonuses: {max_points: 2, items: [{code: b, points: 5, rule: {kind: per_item, each: 1}}]}\n"
        "penalties: {items: [{code: c, points: 5, rule: {kind: per_item, each: 1}}]}\n"
        "grades: [{grade: 优秀, at_least: 90}, {grade: 良好, at_least: 60, quota: 60%}, {grade: 合格}]\n"
        "awards: [{award: 先进, places: 1, grade_at_least: 良好}]\n",
    )
    accepted = [("A", "i", "38"), ("A", "j", "15"), ("A", "k", "60.5"), ("A", "b", "3"), ("A", "c", "1")]
    made = evaluated(rulebook, figures(*accepted, ("B", "k", "10"), ("B", "b", "0"), ("B", "c", "0")))
    assert lines(made) == [
        "科技创新：38+15=53 分，封顶 50 分",
        "科技服务：60.5 分，乘权重 60.5×0.5=30.25 分",
        "基础分 50+30.25=80.25 分",
        "加分 3 分，封顶 2 分，计 2.00 分",
        "扣分 1.00 分",
        "总分 80.25+2-1=81.25 分",
        "g2个单位中列第1名",
        "等次良好：总分不低于60，名额60%×2=1.2，舍去小数计1个；未列优秀：总分未达到“不低于90”",
        "获先进：等次在良好以上，名额1个",
    ]
    assert lines(made, "B")[-2:] == [
        "等次合格：没有其他条件；未列优秀：总分未达到“不低于90”；未列良好：总分未达到“不低于60”",
        "未获先进：等次不到良好",
    ]


def test_what_is_made_up_for_is_told_where_it_is() -> None:
    item = "points: 20, rule: {kind: per_item, each: 1}}"
    rulebook = book(
        f"{{code: s, name: 甲, rescale_within: section, indicators: [{{code: i, {item}, {{code: j, {item}]}}",
        f"{{code: t, name: 乙, indicators: [{{code: k, {item}, {{code: l, {item}, {{code: m, {item}]}}",
    )
    accepted = figures(("A", "i", "15"), ("A", "k", "12"), ("A", "l", "10"))
    made = evaluated(rulebook, accepted, units="A", targets="A,j,,,no\nA,m,,,no")
    assert lines(made)[:4] == [
        "甲：15 分，未计的 20 分由本板块其余各项补足，15×40÷20=30 分",
        "乙：12+10=22 分",
        "各板块合计 30+22=52 分，未计的 20 分由其余各项补足，可得分只剩 80，基础分 52×100÷80=65.00 分",
        "总分 65.00 分",
    ]


def test_rounding_is_told_where_the_rulebook_rounds() -> None:
    half = "points: 20, rule: {kind: per_item, each: 0.125}}"
    rulebook = "scoring: {round_at: section}\n" + book(
        f"{{code: s, name: 甲, indicators: [{{code: i, {half}, {{code: j, {half}]}}",
        f"{{code: t, name: 乙, indicators: [{{code: k, {half}]}}",
        more=f"bonuses: {{items: [{{code: b, {half}]}}\n",
    )
    made = evaluated(rulebook, figures(("A", "i", "1"), ("A", "j", "2"), ("A", "k", "4"), ("A", "b", "1")), units="A")
    assert lines(made)[:5] == [
        "甲：0.125+0.25=0.375 分，四舍五入计 0.38 分",
        "乙：0.5 分",
        "基础分 0.38+0.5=0.88 分",
        "加分 0.125 分，四舍五入计 0.13 分",
        "总分 0.88+0.13=1.01 分",
    ]


def test_a_total_that_is_pending_is_said_to_be() -> None:
    made = evaluated(items(ONE), figures(("B", "i", "5")), targets="A,i,,,no")
    assert lines(made) == ["s：各项均不计分", "总分待定", "总分待定，不排名"]


def test_ties_and_what_parts_equal_totals_are_told() -> None:
    rulebook = items(
        "{code: i, name: 投入, points: 60, rule: {kind: per_item, each: 1}}",
        "{code: j, name: 专利, points: 40, rule: {kind: per_item, each: 1}}",
        settings="ranking: {tie_breakers: [indicator:j]}",
    )
    accepted = figures(*((unit, code, value) for unit, *pair in TIED for code, value in zip("ij", pair, strict=True)))
    made = evaluated(rulebook, accepted, units="A B C")
    assert lines(made)[-1] == "g3个单位中列第2名，与B并列，总分与C相同，按专利定先后"


TIED = (("A", "30", "10"), ("B", "30", "10"), ("C", "20", "20"))


def test_the_change_on_last_year_is_told() -> None:
    totals = frame([("A", "20"), ("B", "40")], "unit_code", "total_score")
    made = evaluated(
        items(ONE, settings="ranking: {also: [change]}"),
        figures(("A", "i", "30"), ("B", "i", "35"), ("C", "i", "1")),
        units="A B C",
        previous_totals=totals,
    )
    assert lines(made)[-1] == "总分比上年增减 10.00 分，进步列第1名"
    assert lines(made, "B")[-1] == "总分比上年增减 -5.00 分，进步列第2名"
    assert lines(made, "C")[-1] == "没有上年总分可比，不排进步名次"


VETOES = """
vetoes:
  - {code: fraud, name: 弄虚作假, reference: 第九条, effects: [fail]}
  - {code: safety, name: 安全事故, effects: [demote, no_award]}
  - {code: low, name: 投入不达标, when: {of: i, below: 10}, effects: [no_award]}
  - {code: small, name: 人口过少, when: {of: population, at_most: 100}, effects: [demote]}
grades: [{grade: 优秀, at_least: 30}, {grade: 良好, at_least: 20}, {grade: 合格}]
awards: [{award: 先进, places: 2, refill: false}]
"""


def test_vetoes_are_told_with_what_they_rest_on_and_what_they_do() -> None:
    rows = claims(("A", "fraud", "虚报专利", None, None, "县纪3号"), ("B", "safety", None, None, None, "应急2号"))
    made = evaluated(
        items(ONE) + VETOES,
        figures(("A", "i", "40"), ("B", "i", "35"), ("C", "i", "5"), ("D", "i", "12")),
        units="\n".join(f"{code},{code},township,g,{people}" for code, people in zip("ABCD", "9999", strict=True))
        .replace("A,A,township,g,9", "A,A,township,g,900")
        .replace("B,B,township,g,9", "B,B,township,g,900")
        .replace("C,C,township,g,9", "C,C,township,g,900"),
        columns=",population",
        claims=rows,
    )
    assert lines(made)[3:] == [
        "一票否决，不排名",
        "一票否决：弄虚作假，定为最低等次；依据：虚报专利（县纪3号）〔第九条〕",
        "等次优秀：总分不低于30",
        "因一票否决，等次由优秀改为合格",
        "未获先进：不占名额",
    ]
    assert lines(made, "B")[4:] == [
        "一票否决：安全事故，降一等次、不得评奖；依据：应急2号",
        "等次优秀：总分不低于30",
        "因一票否决，等次由优秀改为良好",
        "未获先进：因一票否决不得评奖",
    ]
    assert "一票否决：投入不达标，不得评奖；依据：投入 5，低于10" in lines(made, "C")
    assert "一票否决：人口过少，降一等次；依据：人口 9，不高于100" in lines(made, "D")


def test_a_veto_by_a_word_names_what_it_stands_for() -> None:
    item = "{code: o, name: 产值, figure: output, unit_of_measure: 亿元, points: 9, rule: {kind: per_item, each: 1}}"
    rulebook = items(item, ONE) + (
        "vetoes:\n"
        "  - {code: v, name: 下滑, when: {of: o, below: previous}, effects: [no_award]}\n"
        "  - {code: w, name: 过低, when: {of: output, below: 3}, effects: [no_award]}\n"
    )
    made = evaluated(rulebook, figures(("A", "output", "2")), previous=figures(("A", "output", "4", "2024")))
    assert lines(made)[-2:] == [
        "一票否决：下滑，不得评奖；依据：产值 2亿元，低于上年4亿元",
        "一票否决：过低，不得评奖；依据：产值 2亿元，低于3亿元",
    ]


def test_a_group_that_the_rulebook_gives_no_standard_is_told_so() -> None:
    rulebook = (
        items(ONE) + "grades: [{grade: 优秀, rank_at_most: {h: 1}}, {grade: 良好, at_least: {h: 1}}, {grade: 合格}]\n"
    )
    made = evaluated(rulebook, figures(("A", "i", "5")))
    assert lines(made)[-1] == (
        "等次合格：没有其他条件；未列优秀：细则对该单位没有规定标准；未列良好：细则对该单位没有规定标准"
    )


def test_a_total_that_the_arithmetic_does_not_come_to_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    made = evaluated(items(ONE), figures(("A", "i", "5")))
    monkeypatch.setattr(explanation_totals, "sum_of", lambda terms: number(7))
    assert "与公布得分 5.00 分不一致，请核对算式" in explain_total(made.definition, made.inputs, "A")


def test_a_tie_across_the_edge_of_a_quota_is_told() -> None:
    rulebook = items(ONE) + "grades: [{grade: 优秀, rank_at_most: 2, quota: 25%, quota_rounding: up}, {grade: 良好}]\n"
    accepted = figures(*((unit, "i", value) for unit, value in zip("ABCD", ("30", "30", "20", "1"), strict=True)))
    made = evaluated(rulebook, accepted, units="A B C D")
    assert lines(made)[-1].endswith("未列优秀：名额25%×4=1，向上取整计1个，第1名并列而名额不足，均不列入")
    assert lines(made, "D")[-1].endswith("未列优秀：名次不在前2名")


def test_a_quota_is_told_with_the_units_that_it_counts() -> None:
    """Failed units that are ranked all the same are counted, and take no place."""
    grades = "ranking: {vetoed: ranked}\ngrades: [{grade: 优秀, quota: 50%}, {grade: 良好}]\n"
    vetoes = "vetoes: [{code: v, effects: [fail]}]\n"
    accepted = figures(*((unit, "i", value) for unit, value in zip("ABCD", ("30", "20", "10", "1"), strict=True)))
    made = evaluated(
        items(ONE) + grades + vetoes, accepted, units="A B C D", claims=claims(("A", "v", "x", None, None, "d"))
    )
    assert "50%×4=2" in lines(made, "D")[-1]


def test_items_that_leave_the_total_provisional_are_named() -> None:
    made = evaluated(items(ONE), figures(("A", "i", "5", "2025", True), ("B", "i", "5")))
    assert "总分暂定，待核定的有：投入" in lines(made)
    assert not any("暂定" in line for line in lines(made, "B"))
