"""The sheet of item scores: items × units, rounded for publication, exact where floats left doubts.

Here belongs what totals, ranks and tables read of items. Scores stand in units of the last published
decimal, so that rounded ones are whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Codes, Positions
from evaluation.assessment import Assessed, assess
from evaluation.block import Block, stacked
from evaluation.bounded import WHOLE_LIMIT, Bounded
from evaluation.exact import Exact
from evaluation.inputs import Inputs
from evaluation.item_outcomes import Losses, Outcome


@dataclass(frozen=True)
class ScoreSheet:
    """`published`: items × units, whole numbers; `scores`: what is added up, rounded or not.

    `losses`: of items with parts, by position. `void`: units for which an item has nothing left to reach.
    """

    inputs: Inputs
    assessed: Sequence[Assessed]
    published: Any
    scores: Bounded
    fate: Codes
    why: Codes
    void: Bools

    @property
    def rounds_items(self) -> bool:
        return self.inputs.rulebook.scoring.round_at == "item"

    def exact_scores(self, units: Positions) -> Exact:
        """Items × some units, as they are added up."""
        if self.rounds_items:
            return Exact(self.published[:, units].astype(object))
        scale = self.inputs.plan.scale
        rows = [one.outcome.points * Exact(np.array([[Fraction(scale)]], dtype=object)) for one in self._again(units)]
        return Exact(np.concatenate([row.value for row in rows]))

    def _again(self, units: Positions) -> list[Assessed]:
        return assess(self.inputs, self.inputs.plan.tops, units)

    def losses(self, units: Positions | None) -> dict[int, Losses]:
        """Losses within items with parts, by the item's position; of some units in fractions."""
        nested = [at for at, one in enumerate(self.assessed) if one.outcome.losses is not None]
        if units is None:
            return {at: _given(self.assessed[at].outcome.losses) for at in nested}
        again = assess(self.inputs, [self.assessed[at].node for at in nested], units)
        found = {at: one.outcome.losses for at, one in zip(nested, again, strict=True)}
        return {at: losses for at, losses in found.items() if losses is not None}


def _given(losses: Losses | None) -> Losses:
    assert losses is not None
    return losses


def score_sheet(inputs: Inputs) -> ScoreSheet:
    """Every item of every unit."""
    tops = inputs.plan.tops
    assessed = assess(inputs, tops)
    shape = (len(tops), len(inputs.units))
    published = np.zeros(shape, dtype=np.int64)
    fate, why = np.zeros(shape, dtype=np.int8), np.zeros(shape, dtype=np.int8)
    void = np.zeros(shape[1], dtype=bool)
    rows: list[Bounded] = []
    for at, one in enumerate(assessed):
        row = _Row(inputs, one)
        published = row.write(published, at)
        fate[at], why[at] = row.fate, row.why
        void |= row.void
        rows.append(row.scaled)
    rounds = inputs.rulebook.scoring.round_at == "item"
    scores = _whole(published) if rounds else stacked(rows, None)
    return ScoreSheet(inputs, assessed, published, scores, fate, why, void)


def _whole(published: Any) -> Bounded:
    values = published.astype(np.float64)
    if published.dtype != object or np.abs(values).max(initial=0.0) < WHOLE_LIMIT:
        return Bounded(values, whole=True)
    return Bounded(values, 1.0)


class _Row:
    """One item of all units, with what was in doubt computed again."""

    def __init__(self, inputs: Inputs, one: Assessed) -> None:
        factory = Block(inputs, [one.node])
        if one.doubts is not None:
            factory.doubts = one.doubts[None, :]
        scale = Fraction(inputs.plan.scale)
        scaled = one.outcome.points.noting(factory.doubts) * factory.constant(scale)  # type: ignore[attr-defined]
        whole = scaled.rounded()
        self._units = np.flatnonzero(factory.doubts[0]) if factory.doubts is not None else np.empty(0, np.int64)
        self.fate, self.why, self.void = _codes(one.outcome, len(inputs.units))
        self.scaled: Bounded = scaled[0].noting(None)
        with np.errstate(invalid="ignore"):
            self._published = whole.value[0].astype(np.int64)
        self._exact: list[int] = []
        if self._units.size:
            self._settle(assess(inputs, [one.node], self._units)[0], scale)

    def _settle(self, again: Assessed, scale: Fraction) -> None:
        exact = again.outcome.points * Exact(np.array([[scale]], dtype=object))
        self.scaled = self.scaled.patched(self._units, exact.value[0])  # type: ignore[attr-defined]
        self._exact = [int(value) for value in exact.rounded().value[0]]  # type: ignore[attr-defined]
        for mine, new in zip((self.fate, self.why, self.void), _codes(again.outcome, len(self._units)), strict=True):
            mine[self._units] = new

    def write(self, published: Any, at: int) -> Any:
        """Into the table of whole numbers, which holds objects once one leaves the range of int64."""
        if any(abs(value) >= 2**62 for value in self._exact):
            published = published.astype(object)
        published[at] = self._published
        published[at, self._units] = self._exact
        return published


def _codes(outcome: Outcome, count: int) -> tuple[Codes, Codes, Bools]:
    def row(codes: Any, kind: type) -> Any:
        return np.zeros(count, dtype=kind) if codes is None else np.array(np.broadcast_to(codes, (1, count))[0])

    return row(outcome.fate, np.int8), row(outcome.why, np.int8), row(outcome.void, np.bool_)
