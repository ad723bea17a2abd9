"""Firmness of ranks: every combination by hand against what is enumerated, and bounds that hold all of them."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_evaluations import claims, definition, figures, items

from evaluation import firmness as module
from evaluation.explanation_view import ScoreInputs
from evaluation.firmness import firmness
from evaluation.inputs import Inputs
from evaluation.key_numbers import KEY
from evaluation.open_matters import Matter, Unsettled, open_matters
from evaluation.scoring import standings_of
from evaluation.touched import touched_by
from evaluation.worlds import FigureKey, Today, World, Worlds

RULES = (
    "departments: [{code: stats}]\n"
    "grades: [{grade: 优, at_least: 60, quota: '1/2'}, {grade: 差}]\n"
    "vetoes: [{code: v, effects: [fail]}]\n"
)
LINES = (
    "{code: i, points: 50, range: {min: 0, max: 99}, sources: [stats, self], tolerance: 5%, measure: completion, "
    "rule: {kind: proportional}}",
    "{code: d, points: 50, range: {min: 0, max: 99}, sources: [stats], measure: deviation, "
    "rule: {kind: steps, start: 30, step: 10%, better: 5, worse: 5}}",
    "{code: c, points: 10, sources: [stats], measure: count, rule: {kind: per_item, each: 4}}",
)
TARGETS = "A,i,40,50,\nB,i,40,50,\nC,i,40,50,\nD,i,40,50,"
UNITS = "A B C D"
VALUES = [
    *((unit, "i", value) for unit, value in zip("ABCD", ("30", "28", "20", "36"), strict=True)),
    *((unit, "d", value) for unit, value in zip("ABCD", ("10", "12", "9", "8"), strict=True)),
]


def today(values: list[Any] = VALUES, settings: str = RULES, **given: Any) -> Today:
    made = definition(items(*LINES, settings=settings), units=UNITS, targets=TARGETS)
    return Today(made, ScoreInputs(figures=figures(*values), claims=claims(), **given))


def otherwise(unit: str, code: str, *values: str) -> Matter:
    outcomes = (World(), *(World({FigureKey(unit, code, "2025"): value}) for value in values))
    return Matter("forecast", unit, code, "2025", outcomes)


def claimed(unit: str, code: str) -> Matter:
    row = claims((unit, code, "o", None, None, "文")).iloc[0].to_dict()
    return Matter("claim", unit, code, "m1", (World(), World(claims=(row,))))


MATTERS = [
    otherwise("A", "i", "24", "33"),
    otherwise("B", "d", "20"),
    otherwise("C", "i", "31"),
    claimed("C", "c"),
]


def by_hand(now: Today, matters: list[Matter]) -> tuple[Any, Any]:
    """Combinations × units: ranks and totals (in hundredths), one plain scoring each."""
    ranks, totals = [], []
    for outcomes in product(*(one.outcomes for one in matters)):
        frame, matter_rows = now.given.figures, now.given.claims
        for one in outcomes:
            for key, value in one.values.items():
                here = (frame["unit_code"] == key.unit) & (frame["indicator_code"] == key.figure)
                frame = frame.assign(accepted_value=frame["accepted_value"].mask(here, value))
            for claim in one.claims:
                matter_rows = pd.concat([matter_rows, pd.DataFrame([claim])], ignore_index=True).astype("str")
        standings = standings_of(Inputs(now.definition, frame, matter_rows))[1]
        ranks.append(standings.rank)
        totals.append(standings.total)
    return np.stack(ranks), np.stack(totals)


def expected(now: Today, matters: list[Matter]) -> list[tuple[Any, ...]]:
    rank, total = by_hand(now, matters)
    spans = (rank.min(axis=0), rank.max(axis=0), total.min(axis=0) / 100, total.max(axis=0) / 100)
    return list(zip("ABCD", *(span.tolist() for span in spans), strict=True))


def found(now: Today, matters: list[Matter]) -> list[tuple[Any, ...]]:
    units = firmness(now, matters).units
    low, high = units["score_low"].map(float), units["score_high"].map(float)
    return list(zip(units["unit_code"], units["rank_best"], units["rank_worst"], low, high, strict=True))


@pytest.mark.parametrize("round_at", ["item", "total"])
def test_few_matters_are_enumerated_exactly(round_at: str) -> None:
    now = today(settings=f"{RULES}scoring: {{round_at: {round_at}}}\n")
    assert found(now, MATTERS) == expected(now, MATTERS)
    assert set(firmness(now, MATTERS).units["method"]) == {"exact"}


def test_pairs_are_those_whose_order_changes() -> None:
    """The example of docs/analyses.md has four matters; two are enough here."""
    now, matters = today(), [MATTERS[0], MATTERS[2]]
    pairs = set(firmness(now, matters).pairs.itertuples(index=False, name=None))
    order: dict[tuple[str, str], set[int]] = {}
    every = by_hand(now, matters)[0]
    for (a, one), (b, other) in product(enumerate("ABCD"), repeat=2):
        if a < b:
            order[one, other] = set(np.sign(every[:, a] - every[:, b]).tolist())
    flipping = {frozenset(pair) for pair, signs in order.items() if len(signs) > 1}
    assert {frozenset(pair) for pair in pairs} == flipping
    assert flipping


@pytest.mark.parametrize("round_at", ["item", "total"])
def test_bounds_hold_every_combination(round_at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = today(settings=f"{RULES}scoring: {{round_at: {round_at}}}\n")
    exact = firmness(now, MATTERS)
    monkeypatch.setattr(module, "MOST_WORLDS", 1)
    bounds = firmness(now, MATTERS)
    assert set(bounds.units["method"]) == {"bounds"}
    assert (bounds.units["rank_best"] <= exact.units["rank_best"]).all()
    assert (bounds.units["rank_worst"] >= exact.units["rank_worst"]).all()
    assert (bounds.units["score_low"].map(float) <= exact.units["score_low"].map(float)).all()
    assert (bounds.units["score_high"].map(float) >= exact.units["score_high"].map(float)).all()
    assert {frozenset(pair) for pair in exact.pairs.to_numpy()} <= {frozenset(pair) for pair in bounds.pairs.to_numpy()}


def test_too_many_matters_of_one_item_leave_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WORLDS", 1)
    monkeypatch.setattr("evaluation.rank_bounds.MOST_COMBINATIONS", 2)
    found = firmness(today(), [otherwise("A", "i", "24", "33")]).units.set_index("unit_code")
    rest = float(found.at["A", "score"]) - 37.5
    assert [float(found.at["A", name]) for name in ("score_low", "score_high")] == [rest, rest + 50]


def test_nothing_open_means_a_settled_rank() -> None:
    units = firmness(today(), []).units
    assert units["rank"].tolist() == units["rank_best"].tolist() == units["rank_worst"].tolist()
    assert set(units["method"]) == {"settled"}


def test_a_claim_for_a_veto_may_cost_the_rank() -> None:
    units = firmness(today(), [claimed("A", "v")]).units.set_index("unit_code")
    assert units["may_be_unranked"].to_dict() == {"A": True, "B": False, "C": False, "D": False}
    assert (units.at["A", "grade_worst"], units.at["A", "rank_worst"]) == ("差", units.at["A", "rank"])
    assert (units["rank_best"] < units["rank"]).sum() == (units["rank"] > units.at["A", "rank"]).sum()


def test_an_appeal_may_bring_the_full_points() -> None:
    matters = open_matters(
        open_today(VALUES, {}), unsettled(appeals=pd.DataFrame([["C", "d", "申诉2026-001"]], columns=APPEAL))
    )
    assert [(one.kind, one.outcomes[1].scores) for one in matters] == [("appeal", {("C", "d"): 50})]
    units = firmness(today(), matters).units.set_index("unit_code")
    assert units.at["C", "score_high"] == "75.00"  # 25 of the first item, and all 50 of the second


APPEAL = ["unit_code", "indicator_code", "receipt"]
SUBMITTED = ["unit_code", "indicator_code", "period", "submitted_value", "source", "outcome", "seq", "row_id"]


def unsettled(values: pd.DataFrame | None = None, **given: pd.DataFrame) -> Unsettled:
    nothing = pd.DataFrame(columns=[*SUBMITTED, "received_at"], dtype="str")
    waiting = pd.DataFrame(columns=["unit_code", "item_code", "claim_id", "decision", "outcome"], dtype="str")
    frames = {
        "claims": waiting,
        "requested": pd.DataFrame(columns=[*KEY, "new_value"], dtype="str"),
        "appeals": pd.DataFrame(columns=APPEAL, dtype="str"),
    }
    return Unsettled(values=nothing if values is None else values, **(frames | given))


def open_today(values: list[Any], flags: dict[str, str]) -> Today:
    now = today(values)
    frame = now.given.figures
    told = frame["unit_code"].map(lambda unit: flags.get(unit, "")).where(frame["indicator_code"] == "i", "")
    marked = frame.assign(flags=told, provisional=told != "")
    return Today(now.definition, ScoreInputs(figures=marked, claims=claims()))


def test_open_matters_are_what_is_not_settled() -> None:
    """A forecast within the tolerance, a figure that a department owes, two sources that differ, a correction asked."""
    values = [row if row[:2] != ("B", "i") else ("B", "i", None) for row in VALUES]
    now = open_today(values, {"A": "forecast", "B": "owed", "C": "discrepancy"})
    two = [
        ("C", "i", "2025", "20", "stats", "accepted", 1, 1, "2026-01-01"),
        ("C", "i", "2025", "31", "self", "accepted", 2, 2, "2026-01-01"),
    ]
    asked = pd.DataFrame([["D", "i", "2025", "40"]], columns=[*KEY, "new_value"], dtype="str")
    frame = pd.DataFrame(two, columns=[*SUBMITTED, "received_at"])
    matters = open_matters(now, unsettled(frame, requested=asked))
    told = {(one.unit_code, one.kind): [*one.outcomes[1].values.values()] for one in matters}
    every = {one.unit_code: [value for world in one.outcomes[1:] for value in world.values.values()] for one in matters}
    assert set(told) == {("A", "forecast"), ("B", "missing"), ("C", "discrepancy"), ("D", "correction")}
    assert every == {"A": ["28.5", "31.5"], "B": ["20", "36", "40", "50"], "C": ["31"], "D": ["40"]}


@pytest.mark.parametrize("on", ["published", "exact"])
@pytest.mark.parametrize("round_at", ["item", "total"])
def test_a_score_that_is_set_breaks_ties_as_any_other(round_at: str, on: str) -> None:
    counted = "points: 20, sources: [stats], measure: value, rule: {kind: per_item, each: 1}"
    lines = [f"{{code: {code}, {counted}}}" for code in ("tied", "other")]
    settings = (
        f"departments: [{{code: stats}}]\nscoring: {{round_at: {round_at}}}\n"
        f"ranking: {{within: group, on: {on}, tie_breakers: ['indicator:tied']}}\n"
    )
    made = definition(items(*lines, settings=settings), units="A B")
    values = [("A", "tied", "5"), ("A", "other", "6"), ("B", "tied", "7"), ("B", "other", "7")]
    now = Today(made, ScoreInputs(figures=figures(*values)))
    upheld = World(scores={("A", "tied"): Fraction(8)})
    outlook = Worlds(now, touched_by(now.totals.sheet, [], ["tied"])).outlook([World(), upheld])
    assert outlook.total.tolist() == [[1100, 1400], [1400, 1400]]
    assert outlook.rank.tolist() == [[2, 1], [1, 2]]
