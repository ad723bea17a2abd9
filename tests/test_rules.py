"""Every rule of the rulebook page by a number, and the worked examples of real rubrics."""

import csv
from pathlib import Path

import pytest

from small_evaluations import claims, figures, frame, item_score, items, scored

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
    "{code: i, points: 10, rule: {kind: levels, each: 3,"
    " levels: {national: 7, provincial: 5, city: 3, county: 2}}}"
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
