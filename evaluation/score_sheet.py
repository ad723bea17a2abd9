"""The sheet of item scores: items × units, and what of them is added up, in any arithmetic.

Here belongs what totals, ranks and tables read of items. How items are scored, and again where floats left
doubts, stands in `item_scores.py`.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Numbers
from evaluation.assessment import Measured, assess
from evaluation.block import Block
from evaluation.bounded import Bounded
from evaluation.cells import Cells
from evaluation.exact import Exact
from evaluation.inputs import Inputs
from evaluation.item_scores import ItemScores
from evaluation.plan import Node
from evaluation.ratios import Ratios
from evaluation.settling import Losses


class ScoreSheet(ItemScores):
    """Every item of every unit; `scores`: what is added up, rounded or not."""

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(inputs, inputs.plan.tops, rounded=inputs.rulebook.scoring.round_at == "item")

    @property
    def scores(self) -> Bounded:
        return self.whole if self.inputs.rulebook.scoring.round_at == "item" else self.scaled

    def scores_again(self, cells: Cells, doubts: Bools | None) -> Numbers:
        """What is added up, items × the cells' units, in their arithmetic."""
        if self.inputs.rulebook.scoring.round_at == "item":
            published = cells.chosen(self.published)
            if cells.arithmetic == "fractions" or published.dtype == object:
                return _in(cells, published.astype(object), doubts)
            return Ratios(published, np.ones_like(published), doubts)
        return self.scaled_again(cells, doubts)

    def scaled_again(self, cells: Cells, doubts: Bools | None) -> Numbers:
        """Items × the cells' units, unrounded, in their arithmetic."""
        return scaled_scores(self.inputs, self.nodes, cells, doubts)

    def given_of(self, node: Node) -> dict[int, Fraction]:
        """Unrounded scores of the item that are simply set, by unit; none on a sheet of what is."""
        return {}

    def losses(self, cells: Cells, doubts: Bools | None) -> dict[int, Losses]:
        """Losses within items with parts, by the item's position."""
        nested = self._losses(self.measured)
        if cells.units is None:
            if doubts is not None:
                for at, losses in nested.items():
                    self._note_other_losses(at, losses, doubts[0])
            return nested
        again = list(assess(self.inputs, [self.nodes[at] for at in nested], cells))
        for one in again:
            if doubts is not None and one.doubts is not None:
                doubts |= one.doubts
        return self._losses([one.measured for one in again])

    def _losses(self, measured: Sequence[Measured]) -> dict[int, Losses]:
        """By position, of the items that have parts and lost something."""
        return {self.places[one.nodes[0]]: one.losses for one in measured if one.losses is not None}

    def _note_other_losses(self, at: int, losses: Losses, doubts: Bools) -> None:
        """Units in doubt: those of which something else was lost when the item was computed again."""
        for units, found in ((one.units, one.found) for one in self.found if self.nodes[at] in one.found.nodes):
            again = found.outcome.losses
            if again is None:
                doubts[units] = True
                continue
            for mine, other in zip(vars(losses).values(), vars(again).values(), strict=True):
                first = np.broadcast_to(mine.value, (1, len(doubts)))[0, units]
                second = np.broadcast_to(other.value, (1, len(units)))[0]
                doubts[units] |= np.asarray(first != second, dtype=bool)


def scaled_scores(inputs: Inputs, nodes: Sequence[Node], cells: Cells, doubts: Bools | None) -> Numbers:
    """Items × the cells' units, unrounded, in units of the last decimal; what is open is added to the doubts."""
    scaled = []
    for one in (found := list(assess(inputs, nodes, cells))):
        block = Block(inputs, one.nodes, cells)
        block.doubts = one.doubts
        scaled.append(block.scaled(one.outcome.points))
        if doubts is not None and one.doubts is not None:
            doubts |= one.doubts.any(axis=0)
    places = {node: at for at, node in enumerate(nodes)}
    order = np.argsort([places[node] for one in found for node in one.nodes])
    joined: Numbers = type(scaled[0]).joined(scaled)[order]
    return joined.noting(doubts)


def _in(cells: Cells, whole: Any, doubts: Bools | None) -> Numbers:
    if cells.arithmetic == "fractions":
        return Exact(whole)
    rows = [Ratios.of(map(Fraction, row), np.zeros(len(row), bool) if doubts is None else doubts[0]) for row in whole]
    return Ratios.joined([row[None, :] for row in rows]).noting(doubts)
