"""Gaps: the value suggested gains the rank or grade when it is put in, and one step less does not.

`KAOHE_EXAMPLES` / 60 random evaluations of each kind (3 by default) are searched; what is found is put into the
plain scoring.
"""

from __future__ import annotations

import os
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from answers import definition_of
from hypothesis import HealthCheck, Phase, given, settings
from oracle_inputs import Inputs
from small_evaluations import claims, definition, figures, items
from strategies import evaluations, numeric_evaluations
from worlds_by_hand import given_of, on_rung

from evaluation.apart import narrowed
from evaluation.explanation_view import ScoreInputs
from evaluation.gap_table import gap_table
from evaluation.gaps import Gap, _worth, gained, gaps
from evaluation.probing import Result
from evaluation.thresholds import thresholds
from evaluation.worlds import Today

SEARCHED = settings(
    max_examples=max(int(os.environ.get("KAOHE_EXAMPLES", "200")) // 60, 1),
    deadline=None,
    derandomize="KAOHE_EXAMPLES" not in os.environ,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
pytestmark = pytest.mark.timeout(0)
GRADES = "grades: [{grade: 优, at_least: 80}, {grade: 良, at_least: 60}, {grade: 差}]\n"


def holds(inputs: Inputs) -> None:
    """A few of the gaps of an evaluation, each against the plain scoring on rungs from all over its ladder."""
    defined, facts = definition_of(inputs), given_of(inputs)
    random, found = Random(1), gaps(Today(defined, facts))
    for one in random.sample(found, min(3, len(found))):
        before = on_rung(defined, facts, one.ladder, 0)
        assert before == one.before
        if one.rung is not None:
            assert on_rung(defined, facts, one.ladder, one.rung) == one.after
            assert gained(one.goal, before, one.after)
        last = (one.rung or one.ladder.count + 1) - 1
        for rung in {1, 2, last, *(random.randint(1, max(last, 1)) for _ in range(3))}:
            if 1 <= rung <= last:
                assert not gained(one.goal, before, on_rung(defined, facts, one.ladder, rung)), (one, rung)


@SEARCHED
@given(evaluations())
def test_the_suggested_figure_gains_the_goal_and_one_step_less_does_not(inputs: Inputs) -> None:
    holds(inputs)


@SEARCHED
@given(numeric_evaluations())
def test_treacherous_numbers_are_searched_exactly(inputs: Inputs) -> None:
    holds(inputs)


def small(
    *lines: str, values: Any, settings: str = GRADES, targets: str = "", units: str = "A B C", **given: Any
) -> tuple[Any, ScoreInputs]:
    made = definition(items(*lines, settings=settings), units=units, targets=targets)
    return made, ScoreInputs(figures=figures(*values), **given)


def every_gap(made: Any, facts: ScoreInputs) -> dict[tuple[str, str], Gap]:
    """By unit and goal, of evaluations with one figure."""
    return {(one.ladder.key.unit, one.goal): one for one in gaps(Today(made, facts))}


@pytest.mark.parametrize(
    "line",
    [
        "{code: i, points: 100, unit_of_measure: 件, range: {min: 0, max: 32}, measure: completion, "
        "rule: {kind: proportional}}",
        "{code: i, points: 100, unit_of_measure: 件, range: {min: 0, max: 32}, rule: {kind: bands, bands: "
        "[{at_least: 30, points: 10}, {at_least: 26, points: 90}, {at_least: 20, points: 60}, {points: 5}]}}",
        "{code: i, points: 100, unit_of_measure: 件, range: {min: 0, max: 32}, rule: {kind: interpolate, "
        "through: [[0, 0], [20, 80], [24, 20], [28, 100]]}, cliff: {above: 30, points: 0}}",
        "{code: i, points: 100, unit_of_measure: 件, range: {min: 0, max: 32}, measure: rank, "
        "rule: {kind: steps, origin: 1, worse: 30}}",
        "{code: i, points: 100, unit_of_measure: 件, range: {min: 0, max: 32}, measure: deviation, "
        "rule: {kind: steps, start: 60, step: 10%, better: 7, worse: 7}}",
        "{code: i, points: 100, unit_of_measure: 件, direction: lower_is_better, range: {min: 0, max: 32}, "
        "rule: {kind: interpolate, through: [[best, 100%], [worst, 40%]]}}",
        "{code: i, points: 100, unit_of_measure: 件, range: {min: 0, max: 32}, frequency: quarter, "
        "periods: score_then_mean, rule: {kind: steps, origin: target, worse: 5}}",
        "{code: i, points: 100, unit_of_measure: 件, range: {min: 0, max: 32}, frequency: quarter, "
        "accumulate: max, rule: {kind: steps, origin: target, worse: 5}}",
    ],
)
def test_every_rung_was_tried_by_hand(line: str) -> None:
    """Two of three units hold other items, so that totals differ; each ladder has at most 32 rungs."""
    period = "2025Q4" if "quarter" in line else "2025"
    values = [
        *(("A", "i", "18", period), ("B", "i", "22", period), ("C", "i", "3", period)),
        *(("A", "i", "24", "2025Q1"),) * (period != "2025"),
        *(("A", "j", "1"), ("B", "j", "2"), ("C", "j", "8")),
    ]
    made, facts = small(
        line, "{code: j, points: 20, range: {min: 0, max: 9}, rule: {kind: per_item, each: 1}}",
        values=values, targets="A,i,28,30,\nB,i,30,,\nC,i,20,,",
    )  # fmt: skip
    assert {one.ladder.figure.code for one in gaps(Today(made, facts))} == {"i", "j"}
    every_rung_says_the_same(made, facts)


def every_rung_says_the_same(made: Any, facts: ScoreInputs) -> None:
    """What is found is the first rung that reaches the goal, of all."""
    found = gaps(Today(made, facts))
    tried = {
        key: [on_rung(made, facts, ladder, rung) for rung in range(ladder.count + 1)]
        for key, ladder in {one.ladder.key: one.ladder for one in found}.items()
    }
    for one in found:
        before, *after = tried[one.ladder.key]
        gains = [rung for rung, there in enumerate(after, 1) if gained(one.goal, before, there)]
        assert one.rung == (gains[0] if gains else None), one


AROUND_ZERO = "unit_of_measure: 件, range: {min: -12, max: 12}"


@pytest.mark.parametrize(
    ("line", "values", "targets"),
    [
        (f"points: 100, {AROUND_ZERO}, measure: deviation, rule: {{kind: steps, start: 60, origin: 100%, step: 10%, "
         "worse: 6}, cliff: {below: -50%, points: 20}", "-5 6 5 -8", ""),
        (f"points: 100, {AROUND_ZERO}, measure: deviation, rule: {{kind: threshold, above: -20%}}", "-5 6 5 -8", ""),
        (f"points: 100, {AROUND_ZERO}, measure: deviation, rule: {{kind: bands, bands: [{{at_least: 50%, points: 0}}, "
         "{at_least: 20%, points: 100}, {points: 10}]}", "0 12 1 -11", ""),
        (f"points: 100, {AROUND_ZERO}, direction: lower_is_better, measure: completion, "
         "rule: {kind: threshold, at_least: mean, otherwise: 10}", "5 10 5 4", "14 4 5 11"),
        (f"points: 100, {AROUND_ZERO}, per: people, measure: rank, rule: {{kind: interpolate, "
         "through: [[1, 20], [2, 90], [3, 40], [4, 0]]}", "-8 6 12 -10", ""),
    ],
)  # fmt: skip
def test_where_the_mean_turns_is_tried(line: str, values: str, targets: str) -> None:
    made = definition(
        items(f"{{code: i, {line}}}", "{code: j, points: 60, rule: {kind: per_item, each: 10}}", settings=GRADES),
        units="".join(
            f"{unit},{unit},township,g,{people}\n" for unit, people in zip("ABCD", (1, 2, 3, 1), strict=True)
        ),
        targets="".join(f"{unit},i,{target},,\n" for unit, target in zip("ABCD", targets.split(), strict=False)),
        columns=",people",
    )
    rows = [(unit, "i", value) for unit, value in zip("ABCD", values.split(), strict=True)]
    rows += [(unit, "j", value) for unit, value in zip("ABCD", ("9", "6", "1", "3"), strict=True)]
    every_rung_says_the_same(made, ScoreInputs(figures=figures(*rows)))


COUNTED = (
    "{code: i, points: 100, unit_of_measure: 件, range: {min: 0, max: 100}, measure: completion, "
    "rule: {kind: proportional}}"
)
TARGETS = "A,i,50,,\nB,i,50,,\nC,i,50,,"


def test_a_count_moves_by_whole_numbers_and_a_share_by_its_own_decimals() -> None:
    made, facts = small(COUNTED, values=[("A", "i", "20"), ("B", "i", "25"), ("C", "i", "9")], targets=TARGETS)
    gap = every_gap(made, facts)["A", "rank"]
    assert gap.rung is not None
    assert (gap.ladder.value(gap.rung), gap.after.rank) == (25, 1)  # equal totals share a rank
    made, facts = small(
        COUNTED.replace("件", "'%'"), values=[("A", "i", "20"), ("B", "i", "25.04"), ("C", "i", "9")], targets=TARGETS
    )
    gap = every_gap(made, facts)["A", "rank"]
    assert gap.rung is not None
    assert gap.ladder.value(gap.rung) == Fraction("25.04")


def test_the_first_and_a_unit_alone_in_its_group_have_nothing_to_gain() -> None:
    made, facts = small(
        COUNTED,
        values=[("A", "i", "45"), ("B", "i", "20"), ("D", "i", "1")],
        units="A,A,township,g\nB,B,township,g\nD,D,township,h",
        targets="A,i,50,,\nB,i,50,,\nD,i,50,,",
    )
    table = gap_table(Today(made, facts))
    best = table[table["outcome"] == "best"]
    assert list(zip(best["unit_code"], best["goal"], strict=True)) == [("A", "rank"), ("A", "grade"), ("D", "rank")]


def test_tied_units_need_what_brings_them_past_the_tie() -> None:
    made, facts = small(COUNTED, values=[("A", "i", "20"), ("B", "i", "20"), ("C", "i", "20")], targets=TARGETS)
    assert all(one.before.rank == 1 for one in gaps(Today(made, facts)))
    made, facts = small(COUNTED, values=[("A", "i", "30"), ("B", "i", "20"), ("C", "i", "20")], targets=TARGETS)
    gap = every_gap(made, facts)["B", "rank"]
    assert gap.rung is not None
    assert (gap.before.rank, gap.ladder.value(gap.rung), gap.after.rank) == (2, 30, 1)


VETOES = "vetoes: [{code: v, effects: [fail]}, {code: w, when: {of: i, below: 5}, effects: [fail]}]\n"


def test_a_matter_that_vetoes_cannot_be_undone_and_a_figure_can() -> None:
    claimed = claims(("A", "v", "o", None, None, "文"))
    made, facts = small(
        COUNTED,
        values=[("A", "i", "20"), ("B", "i", "4"), ("C", "i", "9")],
        targets=TARGETS,
        settings=GRADES + VETOES,
        claims=claimed,
    )
    table = gap_table(Today(made, facts)).set_index(["unit_code", "goal"])
    assert table.loc[("A", "rank"), "outcome"] == "vetoed"
    lifted = table.loc[("B", "rank")]
    assert (lifted["value_after"], lifted["rank_after"], lifted["outcome"]) == ("5", 2, "reached")


def test_an_item_that_is_not_applicable_is_left_out_and_a_missing_figure_is_to_be_reported() -> None:
    made, facts = small(
        COUNTED,
        "{code: j, points: 20, unit_of_measure: 件, range: {min: 0, max: 9}, rule: {kind: per_item, each: 1}}",
        values=[("A", "i", "20"), ("B", "i", "25"), ("C", "i", "9"), ("B", "j", "1"), ("C", "j", "1")],
        targets=TARGETS + "\nA,j,,,no",
    )
    table = gap_table(Today(made, facts))
    assert table[table["unit_code"] == "A"]["indicator_code"].tolist() == ["i", "i"]
    made, facts = small(COUNTED, values=[("B", "i", "25"), ("C", "i", "9")], targets=TARGETS)
    row = gap_table(Today(made, facts), ["A"]).iloc[0]
    assert row.isna()["value_before"]
    assert (row["value_after"], row["rank_after"], row["period"]) == ("9", 2, "2025")


def test_what_one_figure_cannot_gain_is_said_with_the_best_that_it_brings() -> None:
    made, facts = small(
        "{code: i, points: 10, unit_of_measure: 件, range: {min: 0, max: 100}, rule: {kind: per_item, each: 1}}",
        "{code: j, points: 90, range: {min: 0, max: 100}, rule: {kind: per_item, each: 1}}",
        values=[("A", "i", "2"), ("B", "i", "2"), ("C", "i", "2"), ("A", "j", "70"), ("B", "j", "50"), ("C", "j", "0")],
    )
    row = gap_table(Today(made, facts), ["C"]).iloc[0]
    assert (row["outcome"], row["score_after"]) == ("out_of_reach", "10.00")


def test_a_quota_is_kept_however_much_a_figure_grows() -> None:
    rules = "grades: [{grade: 优, at_least: 60, quota: '1/3'}, {grade: 差}]\n"
    made, facts = small(
        COUNTED,
        values=[("A", "i", "45"), ("B", "i", "40"), ("C", "i", "9")],
        targets=TARGETS,
        settings=rules,
    )
    gap = every_gap(made, facts)["B", "grade"]
    assert gap.rung is not None
    assert gap.ladder.value(gap.rung) == 46  # at 45 the tie across the edge lets in neither


def test_figures_of_several_periods_say_which_one_moves() -> None:
    line = (
        "{code: i, points: 100, unit_of_measure: 件, frequency: month, accumulate: sum, range: {min: 0, max: 50}, "
        "measure: completion, rule: {kind: proportional}}"
    )
    months = [
        ("A", "i", "10", "2025-01"),
        ("A", "i", "5", "2025-02"),
        ("B", "i", "20", "2025-01"),
        ("C", "i", "1", "2025-01"),
    ]
    made, facts = small(line, values=months, targets=TARGETS)
    row = gap_table(Today(made, facts), ["A"]).iloc[0]
    told = [row[name] for name in ("period", "value_before", "value_after", "change", "year_before", "year_after")]
    assert told == ["2025-02", "5", "10", "5", "15", "20"]


def test_units_that_are_not_compared_may_be_left_out() -> None:
    made, facts = small(
        COUNTED,
        values=[("A", "i", "20"), ("B", "i", "25"), ("D", "i", "1"), ("E", "i", "2")],
        units="A,A,township,g\nB,B,township,g\nD,D,township,h\nE,E,township,h",
        targets="A,i,50,,\nB,i,50,,\nD,i,50,,\nE,i,50,,",
    )
    alone = narrowed(made, ["D"])
    assert alone.units["unit_code"].tolist() == ["D", "E"]
    whole = gap_table(Today(made, facts), ["D"])
    assert gap_table(Today(alone, facts), ["D"]).equals(whole)
    everybody = small(COUNTED.replace("measure: completion", "measure: rank, compare_within: kind"), values=[])[0]
    assert len(narrowed(everybody, ["A"]).units) == len(everybody.units)


def test_a_threshold_that_equals_anothers_figure_is_found_once() -> None:
    """The mean asks for the figures of others, the cliff for half of the target: both are 10 here."""
    line = (
        "{code: i, points: 100, sources: [stats], measure: completion, rule: {kind: threshold, at_least: mean}, "
        "cliff: {below: 50%}}"
    )
    settings = f"departments: [{{code: stats}}]\n{GRADES}"
    made, facts = small(
        line, values=[("A", "i", "15"), ("B", "i", "10")], settings=settings, targets="A,i,20,,\nB,i,10,,", units="A B"
    )
    assert {unit for unit, _ in every_gap(made, facts)} == {"A"}
    assert thresholds(Today(made, facts), [made.plan.tops[0]], 0) >= {Fraction(10), Fraction(15), Fraction(20)}


def test_of_equal_totals_the_better_rank_is_the_best() -> None:
    results = [Result(None, 0, -1), Result(4, 1, 0), Result(5, 0, 0), Result(5, 3, 0), Result(5, 2, 0)]
    assert all(_worth(one) < _worth(other) for one, other in pairwise(results))
