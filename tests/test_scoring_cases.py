"""Single cases in which the engine once differed from the contract, each with the sentence that decides it."""

from __future__ import annotations

import pandas as pd
import pytest
from answers import VALUES, definition_of, differences, engine, frame
from oracle import Table
from oracle_builders import figure, inputs_of, item, rulebook, target, unit, units, values

from evaluation.scoring import score

PER_ITEM = {"kind": "per_item", "each": "1"}
DAYS = {"U1": "2026-01-16", "U2": "2026-01-18"}


def column(table: Table, name: str, key: str = "unit_code") -> dict[str | None, str | None]:
    return {row[key]: row[name] for row in table}


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param([], id="nobody reported anything"),
        pytest.param([figure("U1", "3", "b")], id="another figure was reported"),
        pytest.param([figure("U1", None)], id="the figure is owed"),
        pytest.param([figure("U2", "3")], id="another unit reported it"),
    ],
)
def test_last_years_value_stands_in_for_a_missing_one(figures: list[dict[str, str | None]]) -> None:
    """`missing: previous` scores with last year's accepted value."""
    book = rulebook(item(missing="previous", rule=PER_ITEM), item("5", "b", rule=PER_ITEM))
    inputs = inputs_of(book, figures, previous=[figure("U1", "0.5", period="2024")])
    scores = [row for row in engine(inputs).indicator_scores if row["unit_code"] == "U1"]
    assert column(scores, "indicator_score", "indicator_code")["a"] == "0.50"


@pytest.mark.parametrize("beside", [[], [item("10", "b", rule=PER_ITEM)]], ids=["alone", "beside another item"])
def test_a_lost_part_is_made_up_for_where_every_item_is_scored(beside: list[dict[str, object]]) -> None:
    """`rescale` makes up for it within the total: points there × reachable / (reachable − lost)."""
    parts = [item("5", "p", rule=PER_ITEM, sources=["self"]), item("5", "q", rule=PER_ITEM, missing="rescale")]
    book = rulebook(item(None, parts=parts), *beside)
    inputs = inputs_of(book, [figure("U1", "3", "p"), figure("U1", "6", "b")])
    expected = "12.00" if beside else "6.00"
    assert column(engine(inputs).total_scores, "total_score") == {"U1": expected}


@pytest.mark.parametrize("on", ["published", "exact"])
def test_totals_of_sections_rounded_to_the_same_number_share_a_rank(on: str) -> None:
    """`round_at: section` rounds what is added, and −0.005 is −0.01: both totals are −0.01 exactly."""
    book = rulebook(
        item(rule=PER_ITEM, min_points="-10"), scoring={"round_at": "section"}, ranking={"on": on, "ties": "dense"}
    )
    answer = engine(inputs_of(book, values("-0.01", "-0.005", "-0.02")))
    assert column(answer.total_scores, "total_score") == {"U1": "-0.01", "U2": "-0.01", "U3": "-0.02"}
    assert column(answer.total_scores, "rank") == {"U1": "1", "U2": "1", "U3": "2"}


def test_a_place_that_a_veto_takes_is_lost_in_one_award_only() -> None:
    """A place that a veto frees goes to the next unit unless `refill: false`; each unit has at most one award."""
    book = rulebook(
        item("100", rule=PER_ITEM),
        item("1", "v", rule=PER_ITEM),
        vetoes=[{"code": "x", "name": "x", "when": {"of": "v", "below": "1"}, "effects": ["no_award"]}],
        awards=[
            {"award": "一等奖", "places": "2", "refill": "false"},
            {"award": "二等奖", "places": "1", "refill": "false"},
        ],
    )
    figures = [*values("90", "80", "70"), figure("U2", "0", "v")]
    answer = engine(inputs_of(book, figures, units=units(3)))
    assert column(answer.total_scores, "award") == {"U1": "一等奖", "U2": None, "U3": "二等奖"}


@pytest.mark.parametrize("frequency", ["year", "quarter"])
def test_a_period_scored_with_last_years_value_has_its_measure(frequency: str) -> None:
    """`missing: previous` scores with last year's accepted value: the measure shown is what was scored."""
    made = item(missing="previous", frequency=frequency, periods="score_then_mean", rule=PER_ITEM)
    last = "2024" if frequency == "year" else "2024Q1"
    inputs = inputs_of(rulebook(made), [], previous=[figure("U1", "4", period=last)])
    (row,) = engine(inputs).indicator_scores
    assert (row["measure"], row["state"]) == ("4", "missing")
    assert row["indicator_score"] == ("4.00" if frequency == "year" else "1.00")


def test_a_unit_of_measure_in_per_cent_reads_95_and_95_per_cent_alike() -> None:
    """What is compared with the figures of an indicator in % is in that unit, targets included."""
    for limit in ("95", "95%"):
        book = rulebook(item(unit_of_measure="%", rule={"kind": "threshold", "at_least": limit}))
        assert column(engine(inputs_of(book, values("95"))).total_scores, "total_score") == {"U1": "10.00"}
        book = rulebook(item(unit_of_measure="%", measure="completion", rule={"kind": "proportional"}))
        inputs = inputs_of(book, values("47.5"), targets=[target("U1", limit)])
        assert column(engine(inputs).total_scores, "total_score") == {"U1": "5.00"}


def test_a_weighted_section_is_not_rounded_again_before_the_total() -> None:
    """What is multiplied after rounding is not rounded again: 0.005 twice is 0.01, not 0.01 twice."""
    book = rulebook(item(rule=PER_ITEM), ranking={"on": "exact"})
    book["sections"][0]["weight"] = "load"
    book["sections"].append({"code": "t", "name": "t", "weight": "load", "indicators": [item(code="b", rule=PER_ITEM)]})
    inputs = inputs_of(book, values("0.01") + values("0.01", of="b"), units=[unit("U1", load="0.5")])
    assert column(engine(inputs).total_scores, "total_score") == {"U1": "0.01"}
    assert differences(inputs) == []


@pytest.mark.parametrize("missing", ["zero", "previous"])
def test_lateness_is_compared_among_all_whose_value_was_received(missing: str) -> None:
    """Group statistics are of the item's measure: whoever has days of lateness enters, accepted value or not."""
    made = item(measure="days_late", missing=missing, rule={"kind": "threshold", "below": "max"})
    received = [{"unit_code": code, "indicator_code": "a", "received_on": day} for code, day in DAYS.items()]
    inputs = inputs_of(
        rulebook(made, calendar={"submissions_due": "2026-01-15"}), [], units=units(2), received=received
    )
    assert column(engine(inputs).total_scores, "total_score") == {"U1": "10.00", "U2": "0.00"}


def test_last_years_value_stays_outside_the_statistics_of_the_group() -> None:
    """`missing: previous` scores outside these statistics, also where a negative value cannot be completed."""
    made = item(
        measure="completion", missing="previous", rule={"kind": "threshold", "at_least": "best", "otherwise": "1"}
    )
    inputs = inputs_of(
        rulebook(made),
        values("5", "-3", None),
        units=units(3),
        targets=[target(code, "10") for code in ("U1", "U2", "U3")],
        previous=[figure(code, "8", period="2024") for code in ("U2", "U3")],
    )
    assert column(engine(inputs).total_scores, "total_score") == {"U1": "10.00", "U2": "10.00", "U3": "10.00"}


def test_a_second_ranking_goes_by_the_change_of_the_total() -> None:
    """`also: [change]` ranks by the change of the total on the previous cycle."""
    book = rulebook(item("100", rule=PER_ITEM), ranking={"also": ["change"]})
    inputs = inputs_of(book, values("90", "80", "70"))
    before = pd.DataFrame({"unit_code": ["U1", "U2", "U3"], "total_score": ["90.5", "70", "60"]}, dtype="str")
    scores = score(definition_of(inputs), frame(inputs.figures, VALUES), previous_totals=before)
    assert dict(zip(scores.other_ranks["unit_code"], scores.other_ranks["rank"], strict=True)) == {
        "U1": 3,
        "U2": 1,
        "U3": 1,
    }


@pytest.mark.parametrize(
    ("loads", "scores"),
    [
        pytest.param(("1", "1"), {"U1": "7.00"}, id="both sections weigh"),
        pytest.param(("0", "1"), {"U1": "4.00"}, id="a section that weighs nothing adds nothing"),
        pytest.param(("0", "0"), {"U1": None}, id="nothing can be reached"),
    ],
)
def test_a_section_of_no_weight_is_not_among_what_can_be_reached(
    loads: tuple[str, str], scores: dict[str, str | None]
) -> None:
    """Reachable points are weighted like their section; nothing left to reach: the total is pending."""
    book = rulebook(item(rule=PER_ITEM))
    book["sections"][0]["weight"] = "load"
    book["sections"].append({"code": "t", "name": "t", "weight": "more", "indicators": [item(code="b", rule=PER_ITEM)]})
    own = unit("U1", load=loads[0], more=loads[1])
    inputs = inputs_of(book, values("3") + values("4", of="b"), units=[own])
    assert column(engine(inputs).total_scores, "total_score") == scores
    assert differences(inputs) == []


def test_a_unit_needs_no_weight_for_a_section_that_does_not_apply_to_it() -> None:
    """What `applies_to` excludes is outside reachable points."""
    book = rulebook(item(rule=PER_ITEM))
    more = {
        "code": "t",
        "name": "t",
        "weight": "load",
        "applies_to": ["U2"],
        "indicators": [item(code="b", rule=PER_ITEM)],
    }
    book["sections"].append(more)
    own = [{**unit("U1"), "load": None}, unit("U2", load="2")]
    inputs = inputs_of(book, [*values("3", "3"), *values("0", "4", of="b")], units=own)
    assert column(engine(inputs).total_scores, "total_score") == {"U1": "3.00", "U2": "11.00"}
    assert differences(inputs) == []
