"""Lint finds points, limits, bands and grades that contradict each other, with line, clause and remedy."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_rulebooks import findings, item, one, rulebook, section

from evaluation.lint_bands import coverage
from evaluation.lint_subject import decimal


def test_a_sound_rulebook_has_no_findings() -> None:
    assert findings(rulebook(section(item()))) == []


# Rubrics as issued: 石城县 2018, river chiefs.
def test_an_item_of_three_points_with_parts_of_one_and_one_is_found() -> None:
    parts = "[{code: p1, points: 1, rule: {kind: judged}}, {code: p2, points: 1, rule: {kind: judged}}]"
    patrols = item("i17", "97", name="侵占岸线")
    mining = item("i18", "3", rule="", name="非法采砂", reference="四、18", parts=parts)
    found = one(findings(rulebook(section(patrols, mining))), "非法采砂", "3 分", "2 分")
    assert (found.file, found.line, found.severity, found.clause) == ("rulebook.yaml", 13, "error", "四、18")
    assert found.key == "sections.s.indicators.i18.points"
    assert found.remedy


def test_parts_may_exceed_their_item() -> None:
    parts = "[{code: p1, points: 60, rule: {kind: judged}}, {code: p2, points: 60, rule: {kind: judged}}]"
    assert findings(rulebook(section(item(rule="", parts=parts)))) == []


def test_a_department_of_sixty_points_with_items_of_fifty_is_found() -> None:
    common = [item(f"c{number}", points) for number, points in enumerate(("8", "7", "10", "10", "5"))]
    mines = [item(f"m{number}", points) for number, points in enumerate(("20", "10", "20"))]
    text = rulebook(section(*common, points="40", code="common"), section(*mines, points="60", code="kuangguan"))
    found = one(findings(text), "60 分", "50 分")
    assert (found.line, found.severity) == (19, "error")


def test_blocks_that_add_to_107_are_found() -> None:
    blocks = {"one": "31", "two": "2", "three": "15", "four": "45", "five": "7", "six": "7"}
    text = rulebook(*(section(item(f"i{code}", points), points=points, code=code) for code, points in blocks.items()))
    found = one(findings(text), "107")
    assert (found.severity, found.line) == ("warning", 7)
    assert len(findings(text)) == 1


def test_a_block_for_one_township_only_is_noted_and_counted_for_it() -> None:
    lake = section(item("lake", "2"), points="2", code="lake", applies_to="[T1]")
    found = findings(rulebook(section(item("rest", "98"), points="98"), lake))
    assert one(found, "只适用于一个单位").severity == "note"
    assert "产区、非产区" in one(found, "98").message


def test_points_by_group_are_added_by_group() -> None:
    text = rulebook(section(item("a", "{grain: 60, other: 50}"), item("b", "40")))
    found = one(findings(text), "90 分")
    assert "非产区" in found.message
    assert "、产区" not in found.message


@pytest.mark.parametrize(
    ("keys", "words", "severity"),
    [
        ({"min_points": "120"}, ("下限 120", "上限 100"), "error"),
        ({"max_points": "80"}, ("上限 80", "标准分 100"), "warning"),
        ({"range": "{min: 5, max: 1}"}, ("min 大于 max",), "error"),
        ({"rule": "{kind: interpolate, through: [[0, 0], [1, 120%]]}"}, ("120", "上限 100"), "warning"),
        ({"rule": "{kind: threshold, at_least: 1, otherwise: -2}"}, ("-2", "下限 0"), "warning"),
        ({"cliff": "{below: 1, points: -3}"}, ("-3", "下限 0"), "warning"),
        ({"rule": "{kind: interpolate, through: [[0, 0], [1, 80%]]}"}, ("最多得 80",), "warning"),
        ({"rule": "{kind: steps, start: 60, worse: 1}"}, ("最多得 60",), "warning"),
        ({"rule": "{kind: checklist, pieces: [{code: x, points: 1}]}"}, ("最多得 1 ",), "warning"),
        ({"rule": "{kind: levels, start: 9, levels: {state: -2}}", "min_points": "-9"}, ("最多得 9 ",), "warning"),
        ({"rule": "{kind: per_item, each: 0.3}", "range": "{max: 10}"}, ("最多得 3 ",), "warning"),
    ],
)
def test_limits_and_full_points_are_held_against_the_rule(
    keys: dict[str, str], words: tuple[str, ...], severity: str
) -> None:
    found = one(findings(rulebook(section(item(**keys)))), *words)
    assert (found.line, found.clause, found.severity) == (12, "第a条", severity)


@pytest.mark.parametrize(
    "keys",
    [
        {"rule": "{kind: interpolate, through: [[0, 0], [1, 120%]]}", "max_points": "120%"},
        {"rule": "{kind: threshold, at_least: 1, otherwise: -2}", "min_points": "-2"},
        {"rule": "{kind: levels, levels: {national: 7, provincial: 5}}"},
        {"rule": "{kind: steps, start: 60, better: 1}"},
        {"rule": "{kind: per_item, each: 0.3}"},
        {"rule": "{kind: bands, bands: [{at_least: 90, points: 100%}, {at_least: 60, points: 60%}, {points: 0}]}"},
    ],
)
def test_rules_within_their_limits_are_not_found(keys: dict[str, str]) -> None:
    assert findings(rulebook(section(item(**keys)))) == []


@pytest.mark.parametrize(
    ("bands", "words", "severity"),
    [
        ("[{at_least: 60, points: 100}, {at_least: 80, points: 50}]", ("第 2 档",), "warning"),
        ("[{points: 100}, {at_least: 80, points: 50}]", ("第 2 档",), "warning"),
        ("[{at_least: 9, below: 3, points: 100}, {points: 100}]", ("第 1 档", "矛盾"), "warning"),
        ("[{above: 80, points: 100}, {below: 80, points: 0}]", ("恰为 80",), "warning"),
        ("[{at_least: 80, points: 100}, {at_most: 70, points: 0}]", ("70 与 80 之间",), "warning"),
        ("[{at_least: 4, points: 100}, {at_most: 3, points: 0}]", ("3 与 4 之间",), "note"),
    ],
)
def test_bands_out_of_reach_and_gaps_are_found(bands: str, words: tuple[str, ...], severity: str) -> None:
    found = findings(rulebook(section(item(rule=f"{{kind: bands, bands: {bands}}}"))))
    assert (one(found, *words).severity, len(found)) == (severity, 1)


@pytest.mark.parametrize(
    ("measure", "bands"),
    [
        ("rank", "[{at_most: 3, points: 100}, {at_least: 4, points: 5}]"),
        ("value", "[{at_least: target, points: 100}, {at_least: target, points: 5}]"),
        ("value", "[{at_least: {grain: 3, other: 5}, points: 100}, {at_least: 2, points: 5}]"),
    ],
)
def test_sound_bands_are_not_found(measure: str, bands: str) -> None:
    text = rulebook(section(item(rule=f"{{kind: bands, bands: {bands}}}", measure=measure)))
    targets = "unit_code,indicator_code,target\nT1,a,3\nT2,a,3\nT3,a,3\n" if "target" in bands else ""
    assert findings(text, targets=targets) == []


def test_a_band_that_only_one_group_cannot_reach_names_the_group() -> None:
    bands = "[{at_least: {grain: 3, other: 1}, points: 100}, {at_least: 2, points: 5}]"
    found = one(findings(rulebook(section(item(rule=f"{{kind: bands, bands: {bands}}}")))), "第 2 档")
    assert found.message.endswith("(非产区)")


limits = st.integers(-3, 3).map(Fraction)
conditions = st.lists(st.tuples(st.sampled_from(["at_least", "above", "at_most", "below"]), limits), max_size=2).map(
    tuple
)


@given(st.lists(conditions, min_size=1, max_size=4))
def test_a_band_is_unreachable_exactly_when_no_quarter_reaches_it(
    bands: list[tuple[tuple[str, Fraction], ...]],
) -> None:
    def fits(band: tuple[tuple[str, Fraction], ...], number: Fraction) -> bool:
        meets = {"at_least": number.__ge__, "above": number.__gt__, "at_most": number.__le__, "below": number.__lt__}
        return all(meets[key](limit) for key, limit in band)

    numbers = [Fraction(quarter, 4) for quarter in range(-20, 21)]
    firsts = [next((at for at, band in enumerate(bands) if fits(band, number)), None) for number in numbers]
    found = coverage(bands)
    assert set(found.unreachable) == set(range(len(bands))) - set(firsts)
    covered = [at for at, first in enumerate(firsts) if first is not None]
    inside = firsts[covered[0] : covered[-1]] if covered else []
    assert bool(found.gaps) == (None in inside)


def test_cases_of_one_number_are_read_as_bands() -> None:
    whens = ("{of: a, at_least: 5}", "{of: a, below: 4}")
    cases = f"[{', '.join(f'{{when: {when}, rule: {{kind: proportional}}}}' for when in whens)}]"
    found = one(findings(rulebook(section(item(rule="", cases=cases)))), "4 与 5 之间")
    assert found.key == "sections.s.indicators.a.cases"


def test_grades_that_nobody_can_get_are_found() -> None:
    grades = (
        "grades: [{grade: 优秀, at_least: 80}, {grade: 良好, at_least: 90}, {grade: 合格}, {grade: 差, at_least: 1}]\n"
    )
    found = findings(rulebook(section(item()), more=grades))
    assert one(found, "良好", "轮不到").severity == "warning"
    assert one(found, "差", "轮不到")
    assert one(found, "没有等次")


@pytest.mark.parametrize(
    ("grades", "total"),
    [("{grade: 优秀, quota: 30}", "3000%"), ("{grade: 优秀, quota: 60%}, {grade: 良好, quota: 50%}", "110%")],
)
def test_quotas_over_a_hundred_percent_are_found(grades: str, total: str) -> None:
    text = rulebook(section(item()), more=f"grades: [{grades}, {{grade: 合格}}]\n")
    assert one(findings(text), total).severity == "error"


@given(st.fractions(min_value=-1000, max_value=1000, max_denominator=64))
def test_numbers_are_shown_as_they_are(number: Fraction) -> None:
    assert Fraction(decimal(number)) == number
