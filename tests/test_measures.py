"""Measures: from accepted values, targets, last year and the group to the number that is scored."""

from typing import Any

import pytest
from small_evaluations import cell, claims, column, figures, frame, item_score, items, scored

WHOLE = "rule: {kind: per_item, each: 1}"


def measured(item: str, *rows: tuple[Any, ...], **given: Any) -> list[Any]:
    """The published measure of item `i` for every unit."""
    keys = f"{{code: i, points: 10, max_points: none, min_points: -1000, {item}}}"
    scores = scored(items(keys, settings=given.pop("settings", "")), figures(*rows), **given)
    return column(scores.indicator_scores, "measure")


def test_completion_is_the_value_over_its_target() -> None:
    found = measured(f"measure: completion, {WHOLE}", ("A", "i", "3"), ("B", "i", "0"), targets="A,i,4,,\nB,i,4,,")
    assert found == ["0.75", "0"]


def test_completion_turns_round_where_lower_is_better() -> None:
    item = f"measure: completion, direction: lower_is_better, {WHOLE}"
    assert measured(item, ("A", "i", "8"), ("B", "i", "0"), targets="A,i,4,,\nB,i,4,,") == ["0.5", "1"]


@pytest.mark.parametrize(("value", "target"), [("3", "0"), ("3", "-2"), ("-1", "4"), ("3", "")])
def test_completion_needs_a_positive_target_and_a_value_that_is_not_negative(value: str, target: str) -> None:
    found = measured(f"measure: completion, {WHOLE}", ("A", "i", value), units="A", targets=f"A,i,{target},,")
    assert found == [None]


def test_growth_is_relative_to_the_size_of_last_years_value() -> None:
    last = figures(("A", "i", "-4", "2024"), ("B", "i", "0", "2024"))
    assert measured(f"measure: growth, {WHOLE}", ("A", "i", "-3"), ("B", "i", "3"), previous=last) == ["0.25", None]


def test_change_takes_last_years_value_of_the_figures_year() -> None:
    last = figures(("A", "i", "5", "2023"), ("A", "i", "7", "2024"))
    item = f"measure: change, data_year: 2024, {WHOLE}"
    assert measured(item, ("A", "i", "8", "2024"), units="A", previous=last) == ["3"]


def test_deviation_is_from_the_mean_of_those_that_have_a_value() -> None:
    found = measured(f"measure: deviation, {WHOLE}", ("A", "i", "23"), ("B", "i", "17"), units="A B C")
    assert found == ["0.15", "-0.15", None]


def test_a_unit_is_compared_within_its_group_unless_said_otherwise() -> None:
    units = "A,a,township,g\nB,b,township,g\nC,c,township,h"
    rows = (("A", "i", "5"), ("B", "i", "7"), ("C", "i", "9"))
    assert measured(f"measure: rank, {WHOLE}", *rows, units=units) == ["2", "1", "1"]
    assert measured(f"measure: rank, compare_within: kind, {WHOLE}", *rows, units=units) == ["3", "2", "1"]


def test_shortfall_is_what_is_missing_to_the_target() -> None:
    assert measured(f"measure: shortfall, {WHOLE}", ("A", "i", "3"), units="A", targets="A,i,4,,") == ["1"]


def test_equal_values_share_the_better_place() -> None:
    rows = [(unit, "i", value) for unit, value in zip("ABCD", ("32.2", "33.1", "33.1", "28"), strict=True)]
    assert measured(f"measure: rank, {WHOLE}", *rows, units="A B C D") == ["3", "1", "1", "4"]


def test_places_of_equal_shares_are_equal_although_floats_differ() -> None:
    units = "A,a,township,g,3\nB,b,township,g,0.3\nC,c,township,g,1"
    rows = (("A", "i", "1"), ("B", "i", "0.1"), ("C", "i", "0.3"))
    found = measured(f"measure: rank, per: people, {WHOLE}", *rows, units=units, columns=",people")
    assert found == ["1", "1", "3"]


def test_whoever_scores_with_last_years_value_stays_out_of_the_ranking_of_others() -> None:
    rows = (("A", "i", "5"), ("C", "i", "7"))
    last = figures(("B", "i", "6", "2024"))
    item = f"measure: rank, missing: previous, {WHOLE}"
    assert measured(item, *rows, units="A B C", previous=last) == ["2", "2", "1"]


def test_days_late_count_from_the_day_after_the_due_date() -> None:
    received = [("A", "i", "2026-01-15"), ("B", "i", "2026-01-18T09:30:00"), ("B", "i", "2026-02-01")]
    found = measured(
        f"measure: days_late, {WHOLE}",
        units="A B C",
        settings="calendar: {submissions_due: 2026-01-15}",
        received=frame(received, "unit_code", "indicator_code", "received_on"),
    )
    assert found == ["0", "3", None]


def test_count_and_quantity_take_one_matter_once() -> None:
    rows = claims(("A", "i", "x", None, "2", "d"), ("A", "i", "x", None, "2", "e"), ("A", "i", "y", None, "0.5"))
    assert measured(f"measure: count, {WHOLE}", units="A B", claims=rows) == ["2", "0"]
    assert measured(f"measure: quantity, {WHOLE}", units="A B", claims=rows) == ["2.5", "0"]


def test_approved_exemptions_are_added_back_to_the_value() -> None:
    rows = claims(("A", "i", "flood", "exemption", "2.5", "d"))
    found = measured(f"exemptions: true, {WHOLE}", ("A", "i", "7"), ("B", "i", "7"), claims=rows)
    assert found == ["9.5", "7"]


def test_value_and_target_are_both_divided_by_the_denominator() -> None:
    given: dict[str, Any] = {"units": "A,a,township,g,4\nB,b,township,g,\nC,c,township,g,0", "columns": ",people"}
    rows = [(unit, "i", "6") for unit in "ABC"]
    assert measured(f"per: people, {WHOLE}", *rows, **given) == ["1.5", None, None]
    targets = "A,i,8,,\nB,i,8,,\nC,i,8,,"
    assert measured(f"per: people, measure: completion, {WHOLE}", *rows, targets=targets, **given)[0] == "0.75"


QUARTERS = [("A", "i", "1", "2025Q1"), ("A", "i", "2.5", "2025Q2"), ("A", "i", "0.1", "2025Q4")]


@pytest.mark.parametrize(("how", "value"), [("latest", "0.1"), ("sum", "3.6"), ("mean", "1.2"), ("max", "2.5")])
def test_periods_are_combined_as_the_item_says(how: str, value: str) -> None:
    item = f"frequency: quarter, accumulate: {how}, {WHOLE}"
    assert measured(item, *QUARTERS, ("A", "i", "99", "2024Q4"), units="A") == [value]


def test_a_figure_that_two_items_name_is_read_by_both() -> None:
    book = items(
        f"{{code: i, points: 10, {WHOLE}}}", f"{{code: j, points: 10, figure: i, measure: completion, {WHOLE}}}"
    )
    scores = scored(book, figures(("A", "i", "3")), units="A", targets="A,j,6,,")
    assert column(scores.indicator_scores, "measure") == ["3", "0.5"]


def test_what_was_missing_is_named_in_the_reason() -> None:
    item = f"{{code: i, points: 10, measure: completion, {WHOLE}}}"
    scores = scored(items(item), figures(("A", "i", "3")), targets="B,i,4,,")
    reasons = column(scores.indicator_scores, "reason")
    assert "目标值" in reasons[0]
    assert "未报送" in reasons[1]
    assert cell(scores.indicator_scores, "state", unit_code="A") == "missing"


def test_a_part_with_sources_has_figures_of_its_own() -> None:
    item = (
        "{code: i, points: 10, parts: [{code: own, points: 4, sources: [self], rule: {kind: per_item, each: 1}},"
        " {code: shared, points: 6, rule: {kind: per_item, each: 1}}]}"
    )
    scores = scored(items(item), figures(("A", "i", "2"), ("A", "own", "1")), units="A")
    assert item_score(scores, "A", "i") == "3.00"
