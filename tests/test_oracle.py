"""The oracle against answers that were worked out by hand from printed rubrics, W01 to W27.

Each case is a rule as a rubric words it, in the keys of a rulebook, its input, and the points that follow.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from oracle import evaluate
from oracle_builders import Facts, claim, figure, inputs_of, item, mark, rulebook, target, unit, units, values
from oracle_inputs import Inputs, half_up, shown


def scores_of(inputs: Inputs, code: str = "U1") -> dict[str, str | None]:
    rows = [row for row in evaluate(inputs).indicator_scores if row["unit_code"] == code]
    return {str(row["indicator_code"]): row["indicator_score"] for row in rows}


def total_of(inputs: Inputs, code: str = "U1") -> dict[str, str | None]:
    return next(row for row in evaluate(inputs).total_scores if row["unit_code"] == code)


def score(keys: Facts, figures: list[Any], points: str = "10", unit_code: str = "U1", **tables: Any) -> Fraction:
    """The points that one item gives to one unit."""
    book = rulebook(item(points, **keys), scoring={"decimals": "6"}, calendar={"submissions_due": "2026-01-15"})
    return Fraction(str(scores_of(inputs_of(book, figures, **tables), unit_code)["a"]))


CAPPED_RATIO = {"measure": "completion", "rule": {"kind": "proportional"}, "max_points": "19"}
FALLING_RANKS = {"measure": "rank", "rule": {"kind": "steps", "origin": "1", "worse": "5%"}}
AROUND_MEAN = {
    "measure": "deviation",
    "max_points": "none",
    "rule": {"kind": "steps", "step": "5%", "better": "0.5", "worse": "0.5"},
}
PRO_RATA = {
    "unit_of_measure": "%",
    "rule": {"kind": "steps", "origin": "95%", "worse": "0.5", "whole": "false"},
    "cliff": {"below": "90%"},
}
WHOLE_TENTHS = {"measure": "completion", "rule": {"kind": "steps", "origin": "1", "step": "10%", "worse": "0.15"}}
CHANGE = {"measure": "change", "rule": {"kind": "steps", "step": "0.1", "better": "0.3", "worse": "0.8"}}
DROPS = {"min_points": "-2", "direction": "lower_is_better", "rule": {"kind": "steps", "worse": "0.4"}}
LATENESS = {"measure": "days_late", "rule": {"kind": "steps", "worse": "1"}, "cliff": {"at_least": "4"}}
ERROR_BANDS = {
    "unit_of_measure": "%",
    "rule": {
        "kind": "bands",
        "bands": [
            {"below": "5", "points": "12"},
            {"below": "10", "points": "9"},
            {"below": "15", "points": "6"},
            {"below": "20", "points": "3"},
        ],
    },
}
MISSING_REPORTS = {"rule": {"kind": "steps", "worse": "2.5"}, "direction": "lower_is_better"}
MISSED_TARGET = {
    "max_points": "8",
    "min_points": "-3",
    "rule": {"kind": "steps", "origin": "3", "better": "1"},
    "cliff": {"below": "3", "points": "-3"},
}


@pytest.mark.parametrize(
    ("keys", "points", "aim", "value", "expected"),
    [
        pytest.param(CAPPED_RATIO, "15", "100", "120", "18", id="W01"),
        pytest.param(CAPPED_RATIO, "15", "100", "140", "19", id="W02"),
        pytest.param(CAPPED_RATIO, "15", "100", "80", "12", id="W03"),
        pytest.param({"rule": {"kind": "threshold", "at_least": "100%"}}, "4", None, "0.999", "0", id="W08"),
        pytest.param(DROPS, "2", None, "7", "-0.8", id="W10"),
        pytest.param(DROPS, "2", None, "12", "-2", id="W11"),
        pytest.param(PRO_RATA, "2.5", None, "92", "1", id="W12"),
        pytest.param(PRO_RATA, "2.5", None, "89.9", "0", id="W13"),
        pytest.param(WHOLE_TENTHS, "1.5", "100", "74", "1.2", id="W14"),
        pytest.param(ERROR_BANDS, "15", None, "12", "6", id="W17"),
        pytest.param(ERROR_BANDS, "15", None, "20", "0", id="W17 at the last edge"),
        pytest.param(MISSING_REPORTS, "5", None, "1", "2.5", id="W19"),
        pytest.param(MISSED_TARGET, "3", None, "2.9", "-3", id="W22"),
        pytest.param(MISSED_TARGET, "3", None, "10", "8", id="W23"),
    ],
)
def test_a_rubric_gives_the_points_worked_out_by_hand(
    keys: Facts, points: str, aim: str | None, value: str, expected: str
) -> None:
    assert score(keys, values(value), points, targets=[target("U1", aim)]) == Fraction(expected)


def test_w04_whole_steps_above_the_mean_of_the_group() -> None:
    assert score(AROUND_MEAN, values("23", "17", "20")) == Fraction("11.5")


@pytest.mark.parametrize(("place", "expected"), [(1, "30"), (4, "25.5")])
def test_w05_w06_every_place_costs_five_per_cent(place: int, expected: str) -> None:
    assert score(FALLING_RANKS, values("9", "8", "7", "6"), "30", f"U{place}") == Fraction(expected)


def test_w07_four_quarters_are_ranked_one_by_one() -> None:
    keys = {**FALLING_RANKS, "frequency": "quarter", "periods": "score_then_mean"}
    places = {"U1": "9878", "U2": "8999", "U3": "7787"}
    quarters = [
        figure(code, value, period=f"2025Q{number}")
        for code, row in places.items()
        for number, value in enumerate(row, start=1)
    ]
    assert score(keys, quarters, "20") == 19


def test_w09_steps_up_and_down_from_last_year_differ() -> None:
    last_year = [figure("U1", "1.2", period="2024")]
    assert score(CHANGE, values("1"), "2.4", previous=last_year) == Fraction("0.8")


@pytest.mark.parametrize(("day", "expected"), [("2026-01-18", "2"), ("2026-01-19", "0"), ("2026-01-10", "5")])
def test_w15_w16_days_late_cost_a_point_each_until_the_cliff(day: str, expected: str) -> None:
    received = [{"unit_code": "U1", "indicator_code": "a", "received_on": day}]
    assert score(LATENESS, values("1"), "5", received=received) == Fraction(expected)


def test_w18_a_workload_multiplies_a_section_beyond_its_points() -> None:
    first = [
        item(points, code, rule={"kind": "per_item", "each": "1"}) for code, points in zip("abc", "558", strict=True)
    ]
    book = rulebook(*first[:2], item("20", "c", rule={"kind": "per_item", "each": "1"}))
    book["sections"][0]["weight"] = "load"
    book["sections"].append({"code": "t", "name": "t", "indicators": [item("10", "d", rule=first[0]["rule"])]})
    figures = [figure("U1", value, of) for of, value in zip("abcd", ("5", "5", "20", "8"), strict=True)]
    assert total_of(inputs_of(book, figures, units=[unit("U1", load="1.12")]))["total_score"] == "41.60"


def test_w20_several_kinds_of_pieces_share_one_cap() -> None:
    parts = [
        item("5", "firms", rule={"kind": "per_item", "each": "2"}, sources=["self"]),
        item("5", "grants", rule={"kind": "per_item", "each": "0.5"}, sources=["self"]),
    ]
    figures = [figure("U1", "2", "firms"), figure("U1", "6", "grants")]
    assert score({"parts": parts}, figures, "5") == 5


def test_w21_of_one_project_only_the_highest_level_counts() -> None:
    rule = {"kind": "levels", "each": "3", "levels": {"national": "7", "provincial": "5", "city": "3", "district": "2"}}
    claims = [claim("U1", "base", level="provincial"), claim("U1", "base", level="district")]
    assert score({"rule": rule}, [], claims=claims) == 8


def test_w24_a_unit_without_the_task_gets_what_the_rubric_says() -> None:
    keys = {
        "measure": "completion",
        "rule": {"kind": "threshold", "at_least": "90%", "otherwise": "8"},
        "not_applicable": {"points": "10"},
    }
    assert score(keys, values("95"), "15", targets=[target("U1", "100", applicable="no")]) == 10
    assert score(keys, values("90"), "15", targets=[target("U1", "100")]) == 15
    assert score(keys, values("89.9"), "15", targets=[target("U1", "100")]) == 8


def test_w25_the_judges_coefficient_multiplies_the_points() -> None:
    marks = [mark("U1", "j1", "0.8"), mark("U1", "j2", "0.7"), mark("U1", "j3", "0.9")]
    assert score({"rule": {"kind": "judged"}}, [], "0.42", marks=marks) == Fraction("0.336")
    assert score({"rule": {"kind": "judged", "trim": "1"}}, [], "0.42", marks=marks) == Fraction("0.336")


def test_w26_the_best_grade_takes_both_the_first_rank_and_ninety() -> None:
    grades = [
        {"grade": "优秀", "at_least": "90", "rank_at_most": "1"},
        {"grade": "良好", "at_least": "70"},
        {"grade": "不合格"},
    ]
    book = rulebook(item("100", rule={"kind": "per_item", "each": "1"}), grades=grades)
    answer = evaluate(inputs_of(book, values("95", "93", "69.99")))
    assert [row["grade"] for row in answer.total_scores] == ["优秀", "良好", "不合格"]


def test_w27_two_blocks_are_weighed_against_each_other() -> None:
    book = rulebook(item("100", rule={"kind": "per_item", "each": "1"}))
    book["sections"][0]["weight"] = "30%"
    second = {"code": "t", "name": "t", "weight": "70%"}
    book["sections"].append({**second, "indicators": [item("100", "b", rule={"kind": "per_item", "each": "1"})]})
    assert total_of(inputs_of(book, values("96") + values("88", of="b")))["total_score"] == "90.40"


def test_halves_are_rounded_away_from_zero() -> None:
    assert [shown(Fraction(text), 2) for text in ("0.125", "1.005", "-0.125", "-0.004", "7")] == [
        "0.13",
        "1.01",
        "-0.13",
        "0.00",
        "7.00",
    ]
    assert half_up(Fraction(5, 2), 0) == 3


def test_what_is_rescaled_is_made_up_for_over_the_total() -> None:
    """10 of 40 points are not assessed: 24 of 30 become 32 of 40."""
    book = rulebook(
        item("30", rule={"kind": "per_item", "each": "1"}),
        item("10", "b", rule={"kind": "per_item", "each": "1"}, missing="rescale"),
    )
    assert total_of(inputs_of(book, values("24")))["total_score"] == "32.00"


def test_a_tie_at_the_edge_of_a_quota_lets_in_nobody() -> None:
    book = rulebook(
        item("100", rule={"kind": "per_item", "each": "1"}),
        grades=[{"grade": "优秀", "quota": "50%"}, {"grade": "合格"}],
    )
    answer = evaluate(inputs_of(book, values("95", "90", "90", "80"), units=units(4)))
    assert [row["grade"] for row in answer.total_scores] == ["优秀", "合格", "合格", "合格"]
    assert [row["rank"] for row in answer.total_scores] == ["1", "2", "2", "4"]
