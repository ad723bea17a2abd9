"""The order of operations: items, sections, what is made up for, weights, rounding, bonus, penalty, total."""

from typing import Any

import pytest
from small_evaluations import cell, claims, column, figures, item_score, items, scored

EACH = "rule: {kind: per_item, each: 1}"


def item(code: str, points: str = "10", more: str = "") -> str:
    return f"{{code: {code}, points: {points}, max_points: none, {EACH}{', ' + more if more else ''}}}"


def book(*sections: str, settings: str = "") -> str:
    """Sections in flow style."""
    return f"{settings}\nsections:\n" + "".join(f"  - {section}\n" for section in sections)


def section(code: str, *inside: str, more: str = "") -> str:
    return f"{{code: {code}, indicators: [{', '.join(inside)}]{', ' + more if more else ''}}}"


def total(scores: Any, unit: str = "A") -> Any:
    return cell(scores.total_scores, "total_score", unit_code=unit)


def test_w18_a_section_is_multiplied_by_its_weight() -> None:
    """(5 + 5 + 20) × (1 + 0.1 × 1.2) + 8 = 41.6, beyond the points of the rubric."""
    rulebook = book(section("s", item("a"), item("b"), item("c"), more="weight: load"), section("t", item("d")))
    rows = figures(*(("A", code, value) for code, value in zip("abcd", ("5", "5", "20", "8"), strict=True)))
    assert total(scored(rulebook, rows, units="A,a,township,g,1.12", columns=",load")) == "41.60"


def test_w27_sections_are_weighed_against_each_other() -> None:
    rulebook = book(section("s", item("a"), more="weight: 30%"), section("t", item("b"), more="weight: 70%"))
    assert total(scored(rulebook, figures(("A", "a", "96"), ("A", "b", "88")), units="A")) == "90.40"


ROUNDED = {"item": "2.02", "section": "2.01", "total": "2.01"}


@pytest.mark.parametrize("round_at", ROUNDED)
def test_what_is_rounded_before_it_is_added_is_the_rulebooks_choice(round_at: str) -> None:
    """1.005 + 1.005: as items 1.01 + 1.01, as a section or total 2.01."""
    rulebook = book(section("s", item("a"), item("b")), settings=f"scoring: {{round_at: {round_at}}}")
    scores = scored(rulebook, figures(("A", "a", "1.005"), ("A", "b", "1.005")), units="A")
    assert total(scores) == ROUNDED[round_at]


def test_what_is_multiplied_after_rounding_is_not_rounded_before_the_total() -> None:
    """0.01 × 0.5 + 0.01 × 0.5 = 0.01."""
    rulebook = book(*(section(code, item(f"i{code}"), more="weight: 0.5") for code in "st"))
    assert total(scored(rulebook, figures(("A", "is", "0.005"), ("A", "it", "0.005")), units="A")) == "0.01"


@pytest.mark.parametrize(("value", "points"), [("0.125", "0.13"), ("1.005", "1.01"), ("-0.125", "-0.13")])
def test_halves_are_rounded_away_from_zero(value: str, points: str) -> None:
    rulebook = book(section("s", item("a", more="min_points: -5")))
    scores = scored(rulebook, figures(("A", "a", value)), units="A")
    assert (item_score(scores, "A", "a"), total(scores)) == (points, points)


def test_limits_come_after_the_cliff() -> None:
    rulebook = items(f"{{code: a, points: 10, cliff: {{below: 2, points: -5}}, {EACH}}}")
    scores = scored(rulebook, figures(("A", "a", "1"), ("B", "a", "12")))
    assert column(scores.indicator_scores, "indicator_score") == ["0.00", "10.00"]


def test_a_section_is_capped_after_its_items_were_added() -> None:
    rulebook = book(section("s", item("a"), item("b"), more="points: 20, max_points: 75%"), section("t", item("c")))
    rows = figures(("A", "a", "10"), ("A", "b", "9"), ("A", "c", "1"))
    assert total(scored(rulebook, rows, units="A")) == "16.00"


def test_bonus_and_penalty_have_caps_of_their_own() -> None:
    rulebook = items(item("a")) + (
        f"bonuses: {{max_points: 3, items: [{item('x', '5')}]}}\n"
        f"penalties: {{max_points: 2, items: [{item('z', '5')}]}}\n"
    )
    scores = scored(rulebook, figures(("A", "a", "10"), ("A", "x", "4"), ("A", "z", "7")), units="A")
    row = scores.total_scores.iloc[0]
    assert [row["base_score"], row["bonus"], row["penalty"], row["total_score"]] == ["10.00", "3.00", "2.00", "11.00"]
    assert column(scores.indicator_scores, "section_code") == ["s", "bonus", "penalty"]
    assert column(scores.indicator_scores, "deduction") == ["0.00", None, None]


def test_a_total_may_be_negative() -> None:
    rulebook = items(item("a")) + f"penalties: {{items: [{item('z')}]}}\n"
    assert total(scored(rulebook, figures(("A", "z", "0.125")), units="A")) == "-0.13"


MISSING = {
    "zero": ("0.00", "missing", "20.00"),
    "{points: 3}": ("3.00", "missing", "23.00"),
    "{points: 120%}": ("12.00", "missing", "32.00"),
    "pending": ("0.00", "pending", "20.00"),
    "previous": ("7.00", "missing", "27.00"),
    "rescale": (None, "missing", "30.00"),
}


@pytest.mark.parametrize("missing", MISSING)
def test_a_missing_value_scores_as_missing_says(missing: str) -> None:
    rulebook = items(f"{{code: a, points: 10, missing: {missing}, {EACH}}}", item("b", "20"))
    scores = scored(rulebook, figures(("A", "b", "20")), units="A", previous=figures(("A", "a", "7", "2024")))
    state = cell(scores.indicator_scores, "state", indicator_code="a")
    assert (item_score(scores, "A", "a"), state, total(scores)) == MISSING[missing]
    assert bool(scores.total_scores["provisional"].iloc[0]) == (missing == "pending")


EXEMPT = {
    "full": ("10.00", "30.00"),
    "skip": (None, "20.00"),
    "rescale": (None, "30.00"),
    "{points: 4}": ("4.00", "24.00"),
}


@pytest.mark.parametrize("exempt", EXEMPT)
def test_a_unit_without_the_task_scores_as_not_applicable_says(exempt: str) -> None:
    rulebook = items(f"{{code: a, points: 10, not_applicable: {exempt}, {EACH}}}", item("b", "20"))
    rows = figures(("A", "a", "1"), ("A", "b", "20"))
    scores = scored(rulebook, rows, units="A", targets="A,a,,,no")
    assert (item_score(scores, "A", "a"), total(scores)) == EXEMPT[exempt]
    assert cell(scores.indicator_scores, "state", indicator_code="a") == "not_applicable"


def test_what_a_group_is_not_assessed_on_has_no_row_and_is_not_made_up_for() -> None:
    rulebook = items(item("a", "{g: 10}"), item("b", "20"), "{code: c, points: 5, applies_to: [B], " + EACH + "}")
    scores = scored(rulebook, figures(("A", "b", "20"), ("B", "b", "20")), units="A,a,township,h\nB,b,township,g")
    rows = scores.indicator_scores
    assert list(zip(rows["unit_code"], rows["indicator_code"], strict=True)) == [
        ("A", "b"),
        ("B", "a"),
        ("B", "b"),
        ("B", "c"),
    ]
    assert total(scores, "A") == "20.00"


@pytest.mark.parametrize(("within", "expected"), [("section", "20.00"), ("total", "16.67")])
def test_points_are_made_up_for_within_the_section_or_the_total(within: str, expected: str) -> None:
    """8 of 10 left of 20 and 4 of 20: 8 × 20/10 + 4 = 20, or (8 + 4) × 40/30 = 16 (rounded items 8, 4.5)."""
    rulebook = book(
        section("s", item("a", more=f"missing: rescale, rescale_within: {within}"), item("b")),
        section("t", item("c", "20")),
    )
    value = "4" if within == "section" else "4.5"
    scores = scored(rulebook, figures(("A", "b", "8"), ("A", "c", value)), units="A")
    assert total(scores) == expected


def test_full_marks_on_the_rest_stay_full_marks_whatever_is_made_up_for_where() -> None:
    rulebook = book(
        section(
            "s",
            item("a", more="missing: rescale, rescale_within: section"),
            item("b", more="missing: rescale"),
            item("c"),
            more="weight: 1.5",
        ),
        section("t", item("d")),
    )
    assert total(scored(rulebook, figures(("A", "c", "10"), ("A", "d", "10")), units="A")) == "55.00"


def test_a_part_is_made_up_for_within_its_item() -> None:
    parts = ", ".join(f"{{code: {code}, points: 5, sources: [self], {EACH}}}" for code in ("p", "q", "r"))
    rulebook = items(f"{{code: a, points: 15, missing: rescale, rescale_within: parent, parts: [{parts}]}}")
    scores = scored(rulebook, figures(("A", "p", "4"), ("A", "q", "3")), units="A B")
    assert item_score(scores, "A", "a") == "10.50"
    assert item_score(scores, "B", "a") is None
    assert (total(scores, "B"), cell(scores.total_scores, "rank", unit_code="B")) == (None, None)


def test_a_part_may_be_made_up_for_within_the_total() -> None:
    parts = ", ".join(f"{{code: {code}, points: 5, sources: [self], missing: rescale, {EACH}}}" for code in ("p", "q"))
    rulebook = items(f"{{code: a, points: 10, parts: [{parts}]}}", item("b"))
    assert total(scored(rulebook, figures(("A", "p", "4"), ("A", "b", "8")), units="A")) == "16.00"


def test_a_unit_with_nothing_left_to_reach_has_no_total_and_no_rank() -> None:
    scores = scored(items(item("a", more="missing: rescale")), figures(("B", "a", "3")))
    assert column(scores.total_scores, "total_score") == [None, "3.00"]
    assert column(scores.total_scores, "rank") == [None, 1]
    assert scores.total_scores["provisional"].tolist() == [True, False]


def test_parts_are_added_and_their_item_is_limited() -> None:
    parts = ", ".join(f"{{code: {code}, points: 8, sources: [self], {EACH}}}" for code in ("p", "q"))
    scores = scored(items(f"{{code: a, points: 10, parts: [{parts}]}}"), figures(("A", "p", "7"), ("A", "q", "6")))
    assert item_score(scores, "A", "a") == "10.00"


def test_parts_are_not_rounded() -> None:
    parts = ", ".join(f"{{code: {code}, points: 5, sources: [self], {EACH}}}" for code in ("p", "q"))
    rows = figures(("A", "p", "1.004"), ("A", "q", "1.004"))
    assert item_score(scored(items(f"{{code: a, points: 10, parts: [{parts}]}}"), rows), "A", "a") == "2.01"


def test_periods_scored_one_by_one_are_limited_one_by_one() -> None:
    rulebook = items(f"{{code: a, points: 10, frequency: quarter, periods: score_then_mean, {EACH}}}")
    rows = figures(("A", "a", "14", "2025Q1"), ("A", "a", "6", "2025Q2"), ("A", "a", "4", "2025Q3"))
    assert item_score(scored(rulebook, rows, units="A"), "A", "a") == "5.00"


def test_the_first_case_that_fits_decides() -> None:
    cases = (
        "[{when: {of: previous, at_least: 85}, rule: {kind: threshold, at_least: previous}},"
        " {measure: change, rule: {kind: threshold, at_least: 1}}]"
    )
    rows = [("A", "84", "85"), ("B", "85", "85"), ("C", "81", "80"), ("D", "80.5", "80"), ("E", "90", None)]
    scores = scored(
        items(f"{{code: a, points: 10, cases: {cases}}}"),
        figures(*((unit, "a", value) for unit, value, _ in rows)),
        units="A B C D E",
        previous=figures(*((unit, "a", last, "2024") for unit, _, last in rows if last)),
    )
    assert column(scores.indicator_scores, "indicator_score") == ["0.00", "10.00", "10.00", "0.00", "0.00"]
    assert column(scores.indicator_scores, "state")[-1] == "missing"


def test_where_no_case_fits_there_are_no_points() -> None:
    rulebook = items("{code: a, points: 10, cases: [{when: {of: a, at_least: 5}, rule: {kind: proportional}}]}")
    scores = scored(rulebook, figures(("A", "a", "4"), ("B", "a", "5")))
    assert column(scores.indicator_scores, "indicator_score") == ["0.00", "10.00"]


def test_the_state_of_the_target_follows_the_items_direction() -> None:
    rulebook = items(item("a"), item("b", more="direction: lower_is_better"))
    targets = "\n".join(f"{unit},a,30,40,\n{unit},b,30,20," for unit in "ABC")
    rows = [(unit, code, value) for unit, value in zip("ABC", ("29", "30", "40"), strict=True) for code in "ab"]
    scores = scored(rulebook, figures(*rows), units="A B C D", targets=targets)
    states = column(scores.indicator_scores, "target_state")
    assert states == ["unmet", "met", "met", "met", "stretched", "unmet", None, None]


def test_a_provisional_value_makes_item_and_total_provisional() -> None:
    scores = scored(items(item("a"), item("b")), figures(("A", "a", "4", "2025", True), ("B", "a", "4")))
    assert scores.indicator_scores["provisional"].tolist() == [True, False, False, False]
    assert scores.total_scores["provisional"].tolist() == [True, False]


def test_what_a_department_owes_is_missing_and_provisional() -> None:
    settings = "departments: [{code: stats, name: 统计局}]"
    rulebook = items(item("a", more="sources: [stats]"), item("b"), settings=settings)
    scores = scored(rulebook, figures(("A", "a", "1"), ("A", "b", "1")), units="A B")
    assert scores.indicator_scores["provisional"].tolist() == [False, False, True, False]


def test_units_keep_the_order_of_units_csv() -> None:
    scores = scored(items(item("a"), item("b")), figures(("A", "a", "1")), units="C A B")
    assert scores.total_scores["unit_code"].tolist() == ["C", "A", "B"]
    assert scores.indicator_scores["unit_code"].tolist() == ["C", "C", "A", "A", "B", "B"]


def test_numbers_without_end_are_added_exactly() -> None:
    """Three thirds of 10/3 points each are 10 points, not 9.999…"""
    rulebook = book(
        section("s", *(f"{{code: {code}, points: 10/3, rule: {{kind: proportional}}}}" for code in "abc")),
        settings="scoring: {round_at: total}\ngrades: [{grade: full, at_least: 10}, {grade: less}]",
    )
    scores = scored(rulebook, figures(*(("A", code, "1") for code in "abc")), units="A")
    assert (total(scores), cell(scores.total_scores, "grade")) == ("10.00", "full")


def test_numbers_of_any_size_are_scored_exactly() -> None:
    """(10⁴⁰ + 1)/10⁴⁰ is above 100 %, although no float tells."""
    big = "1" + "0" * 24
    rulebook = items("{code: a, points: 10, measure: completion, rule: {kind: threshold, above: 1}}")
    scores = scored(rulebook, figures(("A", "a", big[:-1] + "1"), ("B", "a", big)), targets=f"A,a,{big},,\nB,a,{big},,")
    assert column(scores.indicator_scores, "indicator_score") == ["10.00", "0.00"]


def test_a_claim_for_another_item_changes_nothing() -> None:
    rulebook = items("{code: a, points: 10, measure: count, rule: {kind: per_item, each: 1}}")
    assert total(scored(rulebook, claims=claims(("A", "b", "x"), ("Z", "a", "x"))), "A") == "0.00"
