"""Explanations recompute the score: over the examples, the worked examples of every rule, and random evaluations."""

from __future__ import annotations

import answers
import golden_cases
import pytest
from explained import Caught, evaluated, example
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle_inputs import Inputs
from small_evaluations import claims, figures, frame, items
from strategies import evaluations
from written_arithmetic import compute, equations

from evaluation.definition import InvalidRulebook
from evaluation.explanation_words import LANGUAGES, Language

CASES = [case for case in golden_cases.all_cases() if "expect" in case.tree]
FEW = settings(max_examples=8, deadline=None, derandomize=True)
NUMBERS = st.sampled_from(["0", "1", "2", "3", "7", "10", "18", "0.005", "33.333", "99.995", "-1", "123456.789"])


@pytest.mark.parametrize("name", ["yuxi-2017", "wuhe-2015"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_are_explained(name: str, language: Language) -> None:
    shipped = example(name)
    assert len(shipped.scores.indicator_scores) >= 9
    assert shipped.faults(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_worked_example_is_explained(language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    caught = Caught(monkeypatch, golden_cases)
    wrong = []
    for case in CASES:
        case.scores()
        assert caught.last is not None
        wrong += [f"{case.file} {case.name} {fault}" for fault in caught.last.faults(language)]
    assert len(CASES) > 80
    assert wrong == []


@settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
@given(evaluations(), st.sampled_from(LANGUAGES))
def test_random_evaluations_are_explained(inputs: Inputs, language: Language) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        caught = Caught(monkeypatch, answers)
        try:
            answers.engine(inputs)
        except InvalidRulebook:
            return
        assert caught.last is not None
        assert caught.last.faults(language) == []


RULES = {
    "proportional": "{kind: proportional}",
    "threshold": "{kind: threshold, above: 2.5, otherwise: 1/3}",
    "bands": "{kind: bands, bands: [{at_least: 90%, points: 100%}, {above: 0, below: 90%, points: 10/7}]}",
    "per_item": "{kind: per_item, each: 1/7}",
    "steps": "{kind: steps, origin: mean, step: 1/3, start: 60%, better: 0.05, worse: 2%}",
    "linear steps": "{kind: steps, origin: previous, step: 7, better: 1, worse: 1, whole: false}",
    "interpolate": "{kind: interpolate, through: [[min, 10%], [max, 100%]]}",
    "goals": "{kind: interpolate, through: [[0, 0], [target, 100%], [stretch, 120%]]}",
}
MEASURES = ("value", "completion", "growth", "change", "deviation", "shortfall", "rank")


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("rule", RULES)
@FEW
@given(st.lists(NUMBERS, min_size=9, max_size=9))
def test_every_measure_with_every_rule_is_explained(rule: str, measure: str, numbers: list[str]) -> None:
    lines = f"{{code: i, points: 10, max_points: 120%, min_points: -3, measure: {measure}, rule: {RULES[rule]}}}"
    one, two, three, last, before, other, target, stretch, population = numbers
    made = evaluated(
        items(lines.replace("points: 10,", "points: 10, per: population,", 1) if rule == "steps" else lines),
        figures(("A", "i", one), ("B", "i", two), ("C", "i", three)),
        units=f"A,甲镇,township,g,{population}\nB,乙镇,township,g,3\nC,丙镇,township,g,7",
        columns=",population",
        targets=f"A,i,{target},{stretch},\nB,i,10,20,\nC,i,7,7,",
        previous=figures(("A", "i", last, "2024"), ("B", "i", before, "2024"), ("C", "i", other, "2024")),
    )
    assert made.faults() == []


def said(item: str, *accepted: tuple[object, ...], language: Language = "zh", **given_: object) -> str:
    """The sentence of unit A's item `i`."""
    made = evaluated(items(item), figures(*accepted), **given_)
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
    item = (
        f"{{{HEAD}, max_points: none, measure: deviation, rule: {{kind: steps, step: 5%, better: 0.5, worse: 0.5}}}}"
    )
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
    assert "b：无此项任务，该小项 4 分由本项其余小项折算补足；其余小项折算系数10÷6≈1.666667，合计得 3×10÷6=5.00 分" in sentence


def test_periods_are_told_one_by_one_and_then_their_mean() -> None:
    item = (
        f"{{{HEAD}, frequency: quarter, periods: score_then_mean, rule: {{kind: threshold, at_least: 5, otherwise: 2}}}}"
    )
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
