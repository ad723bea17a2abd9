"""The engine against the oracle on random evaluations, and the laws that hold for every rulebook.

`KAOHE_EXAMPLES` is how many evaluations are compared (default 120); treacherous numbers take half as many,
every law a tenth.
"""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from answers import differences, engine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Answer, Table
from oracle_builders import figure, inputs_of, item, rulebook, target, unit
from oracle_inputs import Inputs, Row, all_places
from strategies import evaluations, numeric_evaluations
from strategies_rules import PLAIN, Chooser, Facts

EXAMPLES = int(os.environ.get("KAOHE_EXAMPLES", "120"))
COMPARED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="KAOHE_EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)
LAW = settings(COMPARED, max_examples=max(EXAMPLES // 10, 1))

pytestmark = pytest.mark.timeout(0)


@COMPARED
@given(evaluations())
def test_the_engine_publishes_what_the_oracle_does(inputs: Inputs) -> None:
    assert differences(inputs) == []


@settings(COMPARED, max_examples=max(EXAMPLES // 2, 1))
@given(numeric_evaluations())
def test_treacherous_numbers_are_scored_exactly(inputs: Inputs) -> None:
    assert differences(inputs) == []


def by_unit(table: Table) -> dict[str | None, dict[str, str | None]]:
    return {row["unit_code"]: row for row in table}


def in_order(answer: Answer) -> list[list[tuple[tuple[str, str | None], ...]]]:
    """The rows of an answer without their order."""
    tables = (answer.indicator_scores, answer.total_scores, answer.official_scores)
    return [sorted((tuple(row.items()) for row in table), key=str) for table in tables]


@LAW
@given(evaluations())
def test_equal_scores_share_a_rank_and_a_higher_one_is_ahead(inputs: Inputs) -> None:
    ranking = {**inputs.rulebook["ranking"], "on": "published", "tie_breakers": []}
    rows = engine(replace(inputs, rulebook={**inputs.rulebook, "ranking": ranking})).total_scores
    within = "unit_group" if ranking["within"] == "group" else "kind"
    ranked = [row for row in rows if row["rank"] is not None]
    for one in ranked:
        for other in ranked:
            if one[within] == other[within]:
                better = Fraction(str(one["total_score"])) - Fraction(str(other["total_score"]))
                behind = int(str(one["rank"])) - int(str(other["rank"]))
                assert (better > 0, better == 0) == (behind < 0, behind == 0)


@LAW
@given(evaluations(), st.randoms(use_true_random=False))
def test_the_order_of_what_came_in_never_matters(inputs: Inputs, random: Any) -> None:
    def shuffled(rows: list[Row]) -> list[Row]:
        return list(random.sample(rows, len(rows)))

    tables = ("targets", "figures", "previous", "claims", "marks", "received")
    changes: dict[str, Any] = {name: shuffled(getattr(inputs, name)) for name in tables}
    mixed = replace(inputs, **changes)
    assert in_order(engine(inputs)) == in_order(engine(mixed))


@LAW
@given(evaluations(), st.randoms(use_true_random=False))
def test_the_order_of_units_never_matters(inputs: Inputs, random: Any) -> None:
    mixed = replace(inputs, units=random.sample(inputs.units, len(inputs.units)))
    assert in_order(engine(inputs)) == in_order(engine(mixed))


@st.composite
def monotone_items(draw: st.DrawFn) -> tuple[Facts, list[str]]:
    """A higher-is-better item whose rule never takes points for more, and values in ascending order."""
    choose = Chooser(draw, ("g",))
    points = sorted((draw(st.sampled_from(("0", "2", "2.5", "7", "10"))) for _ in range(3)), key=Fraction)
    places = sorted({choose.one(*PLAIN) for _ in range(3)}, key=Fraction)
    rule = choose.one(
        {"kind": "proportional"},
        {"kind": "per_item", "each": points[1]},
        {"kind": "threshold", choose.one("at_least", "above"): places[0], "otherwise": "0"},
        {"kind": "steps", "origin": places[0], "step": "0.3", "better": points[0], "worse": points[1]},
        {"kind": "interpolate", "through": [list(pair) for pair in zip(places, points, strict=False)]},
        {"kind": "interpolate", "through": [["min", points[0]], ["max", points[2]]]},
        {"kind": "bands", "bands": [{"at_least": places[-1], "points": "10"}, {"above": places[0], "points": "4"}]},
    )
    limits = choose.one({}, {"max_points": "none", "min_points": "-100"}, {"max_points": "120%"})
    measure = choose.one("value", "completion", "deviation", "growth", "change")
    values = draw(st.lists(st.sampled_from((*PLAIN, "7", "2.499", "2.501")), min_size=2, max_size=6))
    return item(rule=rule, measure=measure, **limits), sorted(values, key=Fraction)


@LAW
@given(monotone_items())
def test_a_higher_figure_never_lowers_the_score(case: tuple[Facts, list[str]]) -> None:
    made, values = case
    codes = [f"U{number}" for number in range(len(values))]
    inputs = inputs_of(
        rulebook(made),
        [figure(code, value) for code, value in zip(codes, values, strict=True)],
        units=[unit(code) for code in codes],
        targets=[target(code, "2.5") for code in codes],
        previous=[figure(code, "2", period="2024") for code in codes],
    )
    rows = [row for row in engine(inputs).indicator_scores if row["state"] == "scored"]
    scores = [Fraction(str(row["indicator_score"])) for row in rows]
    assert scores == sorted(scores)


@LAW
@given(evaluations())
def test_points_and_deductions_fit_each_other(inputs: Inputs) -> None:
    """A deduction is what is left of the points; where more was given it is nought."""
    for row in engine(inputs).indicator_scores:
        if row["indicator_score"] is not None and row["section_code"] not in ("bonus", "penalty"):
            scale = 10 ** int(inputs.rulebook["scoring"]["decimals"])
            left = Fraction(str(row["points"])) - Fraction(str(row["indicator_score"]))
            assert abs(Fraction(str(row["deduction"])) - max(left, Fraction(0))) * scale <= 1


@LAW
@given(evaluations())
def test_scored_items_stay_within_their_limits(inputs: Inputs) -> None:
    """`max_points: 30` of an item is never passed, nor is a `min_points` that is a number."""
    items = {place.code: place.item for place in all_places(inputs)}
    for row in engine(inputs).indicator_scores:
        if row["state"] == "scored":
            made, score = items[str(row["indicator_code"])], Fraction(str(row["indicator_score"]))
            if made.get("max_points") == "30":
                assert score <= 30
            if made.get("min_points") in ("-2", "-100"):
                assert score >= Fraction(made["min_points"])


@LAW
@given(evaluations())
def test_a_unit_without_the_task_changes_nobody_elses_scores(inputs: Inputs) -> None:
    """A unit to which no item applies, whatever its figures, is in no mean, extreme or rank of an item."""
    group = inputs.units[0]["group"]
    stranger = {**inputs.units[0], "unit_code": "X9", "name": "外来"}
    codes = [place.code for place in all_places(inputs) if place.reader() is place.item]
    with_it = replace(
        inputs,
        units=[*inputs.units, stranger],
        figures=inputs.figures + [figure("X9", "987654", code) for code in codes],
        targets=inputs.targets + [target("X9", None, code, applicable="no") for code in codes],
    )
    assert group is not None
    rows = [row for row in engine(with_it).indicator_scores if row["unit_code"] != "X9"]
    assert rows == engine(inputs).indicator_scores


@LAW
@given(evaluations())
def test_a_decimal_more_or_less_changes_no_exact_rank(inputs: Inputs) -> None:
    """Where nothing is rounded before the total and exact numbers are ranked, decimals only show."""
    book = inputs.rulebook
    exact = {**book["ranking"], "on": "exact"}
    ranks = []
    for decimals in ("1", "2", "3"):
        scoring = {"decimals": decimals, "round_at": "total"}
        answer = engine(replace(inputs, rulebook={**book, "ranking": exact, "scoring": scoring}))
        ranks.append([row["rank"] for row in answer.total_scores])
    assert ranks[0] == ranks[1] == ranks[2]


@LAW
@given(evaluations())
def test_what_is_provisional_in_an_item_is_provisional_in_the_total(inputs: Inputs) -> None:
    answer = engine(inputs)
    unsure = {row["unit_code"] for row in answer.indicator_scores if row["provisional"] == "true"}
    totals = by_unit(answer.total_scores)
    assert all(totals[code]["provisional"] == "true" for code in unsure)


@LAW
@given(evaluations())
def test_no_award_has_more_winners_than_places(inputs: Inputs) -> None:
    winners = engine(inputs).total_scores
    for award in inputs.rulebook["awards"]:
        for group in inputs.rulebook["groups"]:
            places = award["places"]
            places = places[group["code"]] if isinstance(places, dict) else places
            won = [row for row in winners if row["award"] == award["award"] and row["unit_group"] == group["code"]]
            assert award.get("ties_in") == "true" or len(won) <= int(places)
