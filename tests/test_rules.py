"""Every rule of the rulebook page by a number, and the worked examples of real rubrics."""

import csv
from pathlib import Path
from typing import Any

import pytest
from small_evaluations import claims, column, figures, frame, item_score, items, scored

GOLDEN = Path(__file__).parent / "golden" / "worked_rule_examples.csv"
EXPECTED = {row["id"]: row["expected_score"] for row in csv.DictReader(GOLDEN.open(encoding="utf-8"))}

BY_TARGET = "{code: i, points: 15, max_points: 19, measure: completion, rule: {kind: proportional}}"
BY_MEAN = (
    "{code: i, points: 10, max_points: none, measure: deviation,"
    " rule: {kind: steps, step: 5%, better: 0.5, worse: 0.5}}"
)
BY_RANK = "{code: i, points: %s, direction: lower_is_better, rule: {kind: steps, origin: 1, worse: 5%%}}"
BY_QUARTER = (
    "{code: i, points: 20, direction: lower_is_better, frequency: quarter, periods: score_then_mean,"
    " rule: {kind: steps, origin: 1, worse: 5%}}"
)
ALL_OR_NOTHING = "{code: i, points: 4, unit_of_measure: '%', rule: {kind: threshold, at_least: 100%}}"
ON_LAST_YEAR = "{code: i, points: 2.4, measure: change, rule: {kind: steps, step: 0.1, better: 0.3, worse: 0.8}}"
BELOW_ZERO = (
    "{code: i, points: 2, min_points: -2, unit_of_measure: '%', measure: change,"
    " rule: {kind: steps, step: 1%, worse: 0.4}}"
)
WITH_FLOOR = (
    "{code: i, points: 2.5, unit_of_measure: '%', cliff: {below: 90%},"
    " rule: {kind: steps, origin: 95%, step: 1%, worse: 0.5}}"
)
PER_TEN_POINTS = "{code: i, points: 1.5, measure: completion, rule: {kind: steps, origin: 1, step: 10%, worse: 0.15}}"
LATE = "{code: i, points: 5, measure: days_late, cliff: {at_least: 4}, rule: {kind: steps, worse: 1}}"
ERROR_RATE = (
    "{code: i, points: 15, unit_of_measure: '%', direction: lower_is_better, rule: {kind: bands, bands:"
    " [{below: 5, points: 12}, {below: 10, points: 9}, {below: 15, points: 6}, {below: 20, points: 3},"
    " {points: 0}]}}"
)
MISSING_REPORTS = "{code: i, points: 5, direction: lower_is_better, rule: {kind: steps, worse: 2.5}}"
CAPPED_PARTS = (
    "{code: i, points: 5, parts: ["
    "{code: firms, sources: [self], points: 5, rule: {kind: per_item, each: 2}},"
    "{code: grants, sources: [self], points: 5, rule: {kind: per_item, each: 0.5}}]}"
)
HIGHEST_LEVEL = (
    "{code: i, points: 10, rule: {kind: levels, each: 3, levels: {national: 7, provincial: 5, city: 3, county: 2}}}"
)
MISSED = (
    "{code: i, points: 3, max_points: 8, min_points: -3, cliff: {below: 3, points: -3},"
    " rule: {kind: steps, origin: 3, better: 1}}"
)
NO_TASK = (
    "{code: i, points: 15, not_applicable: {points: 10}, measure: completion,"
    " rule: {kind: threshold, at_least: 90%, otherwise: 8}}"
)
JUDGED = "{code: i, points: 0.42, rule: {kind: judged}}"
TARGET_100 = "A,i,100,,"

WORKED = {
    "W01": (BY_TARGET, {"a": "120", "targets": TARGET_100}),
    "W02": (BY_TARGET, {"a": "140", "targets": TARGET_100}),
    "W03": (BY_TARGET, {"a": "80", "targets": TARGET_100}),
    "W04": (BY_MEAN, {"a": "23", "others": [("B", "i", "17")]}),
    "W05": (BY_RANK % 30, {"a": "1"}),
    "W06": (BY_RANK % 30, {"a": "4"}),
    "W07": (BY_QUARTER, {"others": [("A", "i", r, f"2025Q{q}") for q, r in enumerate("1232", 1)]}),
    "W08": (ALL_OR_NOTHING, {"a": "99.9"}),
    "W09": (ON_LAST_YEAR, {"a": "2.8", "p": "3"}),
    "W10": (BELOW_ZERO, {"a": "81", "p": "88"}),
    "W11": (BELOW_ZERO, {"a": "76", "p": "88"}),
    "W12": (WITH_FLOOR, {"a": "92"}),
    "W13": (WITH_FLOOR, {"a": "89.9"}),
    "W14": (PER_TEN_POINTS, {"a": "74", "targets": TARGET_100}),
    "W15": (LATE, {"received": "2026-01-18"}),
    "W16": (LATE, {"received": "2026-01-19"}),
    "W17": (ERROR_RATE, {"a": "12"}),
    "W19": (MISSING_REPORTS, {"a": "1"}),
    "W20": (CAPPED_PARTS, {"others": [("A", "firms", "2"), ("A", "grants", "6")]}),
    "W21": (HIGHEST_LEVEL, {"claims": [("provincial", "doc"), ("county", "doc")]}),
    "W22": (MISSED, {"a": "2.9"}),
    "W23": (MISSED, {"a": "10"}),
    "W24": (NO_TASK, {"targets": "A,i,,,no"}),
    "W25": (JUDGED, {"marks": "0.8"}),
}


@pytest.mark.parametrize("example", WORKED)
def test_worked_examples_of_real_rubrics(example: str) -> None:
    item, given = WORKED[example]
    settings = "scoring: {decimals: 3}\ncalendar: {submissions_due: 2026-01-15}"
    accepted = [("A", "i", given["a"])] if "a" in given else []
    scores = scored(
        items(item, settings=settings),
        figures(*accepted, *given.get("others", [])),
        targets=given.get("targets", ""),
        previous=figures(("A", "i", given["p"], "2024")) if "p" in given else None,
        claims=claims(*(("A", "i", "base", level, None, doc) for level, doc in given.get("claims", []))),
        marks=frame([("A", "i", "j", given.get("marks"))], "unit_code", "indicator_code", "judge", "mark"),
        received=frame([("A", "i", given.get("received"))], "unit_code", "indicator_code", "received_on"),
    )
    score = item_score(scores, "A", "i")
    assert score is not None
    assert float(score) == float(EXPECTED[example])


def points(rule: str, *values: str, keys: str = "", **given: Any) -> list[str | None]:
    """The score of each unit A, B, C … with its value; 10 points, no limits."""
    units = "ABCDEFGH"[: len(values)]
    item = f"{{code: i, points: 10, max_points: none, min_points: -100, {keys}rule: {{{rule}}}}}"
    rows = figures(*((unit, "i", value) for unit, value in zip(units, values, strict=True) if value))
    given.setdefault("units", " ".join(units))
    return column(scored(items(item), rows, **given).indicator_scores, "indicator_score")


def test_bands_are_read_from_the_top_and_all_their_conditions_hold_together() -> None:
    rule = "kind: bands, bands: [{at_least: 3, below: 5, points: 50%}, {above: 3, points: 7}, {at_most: 1, points: -2}]"
    assert points(rule, "3", "5", "4.99", "2", "1") == ["5.00", "7.00", "5.00", "0.00", "-2.00"]


def test_steps_count_whole_steps_on_both_sides_unless_linear() -> None:
    rule = "kind: steps, origin: 10, step: 3, better: 1, worse: 2"
    assert points(rule, "15", "13", "10", "8", "3") == ["11.00", "11.00", "10.00", "10.00", "6.00"]
    assert points(f"{rule}, whole: false", "15", "8") == ["11.67", "8.67"]
    assert points(rule, "15", "3", keys="direction: lower_is_better, ") == ["8.00", "12.00"]


def test_whole_steps_of_decimals_are_counted_as_decimals() -> None:
    """(0.3 − 0) / 0.1 is 2.9999999999999996 in floats, and three steps."""
    assert points("kind: steps, step: 0.1, start: 0, better: 1", "0.3", "0.7", "0.29") == ["3.00", "7.00", "2.00"]


LINE = "kind: interpolate, through: [[0, 0], [target, 100%], [stretch, 120%]]"


def test_straight_lines_run_through_target_and_stretch_and_are_flat_outside() -> None:
    targets = "\n".join(f"{unit},i,30,40," for unit in "ABCDE")
    found = points(LINE, "33", "15", "30", "99", "-5", targets=targets)
    assert found == ["10.60", "5.00", "10.00", "12.00", "0.00"]


def test_a_word_without_a_number_leaves_the_item_undefined() -> None:
    assert points(LINE, "33", targets="A,i,30,,", keys="missing: {points: 1}, ") == ["1.00"]


def test_points_at_one_place_give_the_higher_and_beyond_an_end_the_outermost_holds() -> None:
    rule = "kind: interpolate, through: [[2, 1], [2, 5], [4, 5], [4, 3]]"
    assert points(rule, "1", "2", "3", "4", "5") == ["1.00", "5.00", "5.00", "5.00", "3.00"]
    falling = "kind: interpolate, through: [[4, 3], [2, 5]]"
    assert points(falling, "5", "3", "1") == ["3.00", "4.00", "5.00"]


def test_goalposts_and_efficacy_coefficients_are_lines_between_extremes() -> None:
    assert points("kind: interpolate, through: [[min, 0], [max, 100%]]", "30", "50", "70") == ["0.00", "5.00", "10.00"]
    efficacy = "kind: interpolate, through: [[worst, 60%], [best, 100%]]"
    assert points(efficacy, "30", "50", "70") == ["6.00", "8.00", "10.00"]
    assert points(efficacy, "30", "50", "70", keys="direction: lower_is_better, ") == ["10.00", "8.00", "6.00"]
    assert points(efficacy, "7", "7") == ["10.00", "10.00"]


def test_a_threshold_may_be_the_mean_of_the_group() -> None:
    found = points("kind: threshold, at_least: mean, otherwise: 3", "0.1", "0.2", "0.3")
    assert found == ["3.00", "10.00", "10.00"]


def test_points_may_be_given_by_group_or_unit_and_the_unit_goes_first() -> None:
    units = "A,a,township,g\nB,b,township,h\nC,c,township,h"
    assert points("kind: per_item, each: {g: 1, h: 2, C: 3}", "5", "5", "5", units=units) == ["5.00", "10.00", "15.00"]


LEVELS = "kind: levels, levels: {national: 7, city: 3, absent: -4}, each: 0.5"


def claimed(*rows: tuple[str, str, str | None, str | None]) -> Any:
    return claims(*((unit, "i", matter, level, None, document) for unit, matter, level, document in rows))


def test_of_each_matter_the_highest_level_counts_once() -> None:
    rows = claimed(
        ("A", "x", "city", "d"), ("A", "x", "national", "e"), ("A", "y", "absent", "f"), ("B", "x", None, "g")
    )
    assert points(LEVELS, "", "", claims=rows) == ["4.00", "0.50"]


def test_claims_without_a_document_are_dropped_before_the_highest_level_is_taken() -> None:
    rows = claimed(("A", "x", "city", "d"), ("A", "x", "national", None))
    assert points(LEVELS, "", claims=rows) == ["3.50"]
    assert points(f"{LEVELS}, document_required: false", "", claims=rows) == ["7.50"]


def test_two_units_with_one_document_may_both_get_nothing() -> None:
    rows = claimed(("A", "x", "city", "d"), ("B", "y", "city", "d"), ("C", "z", "city", "e"), ("C", "u", "city", "e"))
    assert points(f"{LEVELS}, same_document: zero_all", "", "", "", claims=rows) == ["0.00", "0.00", "7.00"]
    assert points(LEVELS, "", "", "", claims=rows)[:2] == ["3.50", "3.50"]


def test_a_checklist_adds_the_pieces_that_are_there_or_wants_all() -> None:
    rule = "kind: checklist, pieces: [{code: plan, points: 2}, {code: summary, points: 3}]"
    rows = claimed(
        ("A", "plan", None, None), ("A", "plan", None, None), ("B", "plan", None, "d"), ("B", "summary", None, "d")
    )
    assert points(rule, "", "", "", claims=rows) == ["2.00", "5.00", "0.00"]
    assert points(f"{rule}, mode: all_or_nothing", "", "", claims=rows) == ["0.00", "5.00"]


def judged(rule: str, *marks: str) -> str | None:
    rows = frame(
        [("A", "i", f"j{at}", mark) for at, mark in enumerate(marks)], "unit_code", "indicator_code", "judge", "mark"
    )
    return points(f"kind: judged{rule}", "", marks=rows, keys="missing: {points: 1}, ")[0]


def test_marks_are_averaged_without_the_highest_and_lowest() -> None:
    assert judged("", "0.5", "0.8", "1") == "7.67"
    assert judged(", trim: 1", "0.5", "0.8", "1") == "8.00"
    assert judged(", scale: points", "5", "8") == "6.50"


def test_marks_that_are_all_trimmed_away_are_missing() -> None:
    assert judged(", trim: 1", "0.5", "0.8") == "1.00"


def test_a_cliff_replaces_whatever_the_rule_said() -> None:
    assert points("kind: per_item, each: 1", "4", "3.99", keys="cliff: {below: 4, points: 10%}, ") == ["4.00", "1.00"]
