"""The sheet of item scores: items × units, rounded for publication, exact where floats left doubts.

Here belongs what totals, ranks and tables read of items. Scores stand in units of the last published
decimal, so that rounded ones are whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Codes, Numbers, Positions
from evaluation.assessment import Assessed, assess
from evaluation.block import Block
from evaluation.bounded import WHOLE_LIMIT, Bounded
from evaluation.cells import Cells, again, stacked
from evaluation.exact import Exact
from evaluation.inputs import Inputs
from evaluation.ratios import Ratios
from evaluation.settling import Losses, Outcome


@dataclass(frozen=True, eq=False)
class ScoreSheet:
    """`published`: items × units, whole numbers; `scores`: what is added up, rounded or not.

    `fate`, `why`, `provisional`: items × units. `void`: units for which an item has nothing left to reach.
    `resolved`: by item, what was computed again.
    """

    inputs: Inputs
    assessed: Sequence[Assessed]
    resolved: Sequence[list[tuple[Positions, Assessed]]]
    published: Any
    scores: Bounded
    fate: Codes
    why: Codes
    provisional: Bools
    void: Bools

    def scores_again(self, cells: Cells, doubts: Bools | None) -> Numbers:
        """What is added up, items × the cells' units, in their arithmetic."""
        if self.inputs.rulebook.scoring.round_at == "item":
            published = cells.chosen(self.published)
            if cells.arithmetic == "fractions" or published.dtype == object:
                return _in(cells, published.astype(object), doubts)
            return Ratios(published, np.ones_like(published), doubts)
        rows = assess(self.inputs, self.inputs.plan.tops, cells)
        factory = Block(self.inputs, [], cells)
        scale = factory.constant(Fraction(self.inputs.plan.scale))
        scaled = [row.outcome.points.noting(factory.doubts) * scale for row in rows]
        for own in [factory.doubts, *(row.doubts for row in rows)]:
            if doubts is not None and own is not None:
                doubts |= own
        joined: Numbers = type(scaled[0]).joined(scaled)
        return joined.noting(doubts)

    def exact_scores(self, units: Positions) -> Any:
        """Items × some units as fractions."""
        return self.scores_again(Cells(self.inputs.units, units, "fractions"), None).value

    def losses(self, cells: Cells, doubts: Bools | None) -> dict[int, Losses]:
        """Losses within items with parts, by the item's position."""
        nested = {at: one.outcome.losses for at, one in enumerate(self.assessed) if one.outcome.losses is not None}
        if cells.units is None:
            if doubts is not None:
                for at, losses in nested.items():
                    self._note_other_losses(at, losses, doubts[0])
            return nested
        rows = assess(self.inputs, [self.assessed[at].node for at in nested], cells)
        for row in rows:
            if doubts is not None and row.doubts is not None:
                doubts |= row.doubts
        pairs = zip(nested, rows, strict=True)
        return {at: row.outcome.losses for at, row in pairs if row.outcome.losses is not None}

    def _note_other_losses(self, at: int, losses: Losses, doubts: Bools) -> None:
        """Units in doubt: those of which something else was lost when the item was computed again."""
        for units, found in self.resolved[at]:
            again = found.outcome.losses
            if again is None:
                doubts[units] = True
                continue
            for mine, other in zip(vars(losses).values(), vars(again).values(), strict=True):
                first = np.broadcast_to(mine.value, (1, len(doubts)))[0, units]
                second = np.broadcast_to(other.value, (1, len(units)))[0]
                doubts[units] |= np.asarray(first != second, dtype=bool)


def _in(cells: Cells, whole: Any, doubts: Bools | None) -> Numbers:
    if cells.arithmetic == "fractions":
        return Exact(whole)
    rows = [Ratios.of(map(Fraction, row), np.zeros(len(row), bool) if doubts is None else doubts[0]) for row in whole]
    return Ratios.joined([row[None, :] for row in rows]).noting(doubts)


def score_sheet(inputs: Inputs) -> ScoreSheet:
    """Every item of every unit."""
    tops = inputs.plan.tops
    assessed = assess(inputs, tops, Cells(inputs.units))
    shape = (len(tops), len(inputs.units))
    published: Any = np.zeros(shape, dtype=np.int64)
    fate, why = np.zeros(shape, dtype=np.int8), np.zeros(shape, dtype=np.int8)
    provisional, void = np.zeros(shape, dtype=bool), np.zeros(shape[1], dtype=bool)
    rows = [ItemRow(inputs, one) for one in assessed]
    for at, row in enumerate(rows):
        published = put(published, at, slice(None), row.published)
        fate[at], why[at], provisional[at] = row.fate, row.why, row.provisional
        void |= row.void
    rounds = inputs.rulebook.scoring.round_at == "item"
    scores = _whole(published) if rounds else stacked([row.scaled for row in rows], None)
    resolved = [row.resolved for row in rows]
    return ScoreSheet(inputs, assessed, resolved, published, scores, fate, why, provisional, void)


def put(table: Any, row: Any, where: Any, numbers: Any) -> Any:
    """Whole numbers into a table of int64, which becomes one of objects once they do not fit."""
    if numbers.dtype == object and table.dtype != object and any(abs(one) >= 2**62 for one in numbers):
        table = table.astype(object)
    table[row, where] = numbers
    return table


def _whole(published: Any) -> Bounded:
    values = published.astype(np.float64)
    if published.dtype != object or np.abs(values).max(initial=0.0) < WHOLE_LIMIT:
        return Bounded(values, whole=True)
    return Bounded(values, 1.0)


class ItemRow:
    """One item of all units, with what was in doubt computed again."""

    def __init__(self, inputs: Inputs, one: Assessed) -> None:
        factory = Block(inputs, [one.node])
        factory.doubts = None if one.doubts is None else one.doubts[None, :]
        scaled, self.published = _rounded(factory, one)
        assert isinstance(scaled, Bounded)
        self.scaled = scaled[0]
        own = _codes(one.outcome, len(inputs.units))
        self.fate, self.why, self.provisional, self.void = own
        self.resolved: list[tuple[Positions, Assessed]] = []
        units = np.flatnonzero(factory.doubts[0]) if factory.doubts is not None else np.empty(0, np.int64)

        def compute(cells: Cells) -> tuple[Assessed, Any, Bools | None]:
            found = assess(inputs, [one.node], cells)[0]
            block = Block(inputs, [one.node], cells)
            block.doubts = None if found.doubts is None else found.doubts[None, :]
            return found, _rounded(block, found), found.doubts

        for where, (found, (exact, whole), _) in again(inputs.units, units, compute):
            self.scaled = self.scaled.patched(where, exact[0])
            self.published = put(self.published[None, :], 0, where, whole)[0]
            for mine, new in zip(own, _codes(found.outcome, len(where)), strict=True):
                mine[where] = new
            self.resolved.append((where, found))


def _rounded(block: Block, one: Assessed) -> tuple[Numbers, Any]:
    """Points in units of the last decimal, and the same rounded to whole numbers."""
    scale = block.constant(Fraction(block.inputs.plan.scale))
    scaled = one.outcome.points.noting(block.doubts) * scale
    return scaled, whole_numbers(scaled.rounded())[0]


def whole_numbers(number: Numbers) -> Any:
    """Whole numbers as int64, or as objects where they come from fractions."""
    if isinstance(number, Ratios):
        return number.top
    if isinstance(number, Bounded):
        with np.errstate(invalid="ignore"):
            return number.value.astype(np.int64)
    return number.value


def _codes(outcome: Outcome, count: int) -> tuple[Codes, Codes, Bools, Bools]:
    def row(codes: Any, kind: type) -> Any:
        return np.zeros(count, dtype=kind) if codes is None else np.array(np.broadcast_to(codes, (1, count))[0])

    codes = row(outcome.fate, np.int8), row(outcome.why, np.int8)
    return *codes, row(outcome.provisional, np.bool_), row(outcome.void, np.bool_)
