"""The sheet of item scores of many worlds: items that a change can touch scored anew, the others taken over.

Here belongs how both are put together so that totals and ranks see one sheet; what differs between worlds is
in the inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Numbers
from evaluation.block import Block
from evaluation.bounded import Bounded
from evaluation.cells import Cells
from evaluation.fates import SCORED
from evaluation.inputs import Inputs
from evaluation.item_scores import ItemScores
from evaluation.plan import Node
from evaluation.rounding import half_up
from evaluation.score_sheet import ScoreSheet, scaled_scores
from evaluation.settling import Losses

Set = Mapping[tuple[int, int], Fraction]


class WorldSheet(ScoreSheet):
    """`inputs`: of the units of all worlds; `tops`: positions of the items scored anew.

    `given`: by item and unit (positions), scores that are simply set, in units of the last decimal; rounded where the
    rulebook rounds items.
    """

    def __init__(self, today: ScoreSheet, inputs: Inputs, tops: Sequence[int], given: Set) -> None:
        self.inputs = inputs
        self.nodes = inputs.plan.tops
        self.shape = (len(self.nodes), len(inputs.units))
        self._today = today
        self._tops = list(tops)
        self._rounds = inputs.rulebook.scoring.round_at == "item"
        self._anew = ItemScores(inputs, [self.nodes[at] for at in tops], rounded=self._rounds)
        self.places = {node: at for at, node in enumerate(self.nodes)}
        self.measured, self.found = self._anew.measured, self._anew.found
        self.fate = self._merged(today.fate, self._anew.fate)
        self.provisional = self._merged(today.provisional, self._anew.provisional)
        self.void = self._anew.void
        self._set = given
        self._given = {at: Fraction(half_up(score, 0)) if self._rounds else score for at, score in given.items()}
        for place in given:
            self.fate[place] = SCORED

    def _merged(self, old: Any, new: Any) -> Any:
        """Items × units of all worlds."""
        copies = self.shape[1] // old.shape[1]
        merged = np.tile(old, (1, copies))
        if new.dtype == object and merged.dtype != object:
            merged = merged.astype(object)
        merged[self._tops] = new
        return merged

    @property
    def scores(self) -> Bounded:
        old = self._today.scores
        new = self._anew.whole if self._rounds else self._anew.scaled
        absolute: Any = 0.0
        if any(isinstance(one.absolute, np.ndarray) for one in (old, new)):
            absolute = self._merged(*(np.broadcast_to(one.absolute, one.shape) for one in (old, new)))
        value, whole = self._merged(old.value, new.value), old.whole and new.whole
        literal = old.comparable and new.comparable
        for place, score in self._given.items():
            value[place] = float(score)
            whole, literal = whole and score.denominator == 1, False
            if isinstance(absolute, np.ndarray):
                absolute[place] = 0.0
        if self._given and not whole:  # the nearest float of a score that was set
            return Bounded(value, max(old.relative, new.relative, 1.0), absolute)
        return Bounded(value, max(old.relative, new.relative), absolute, whole=whole, literal=literal)

    def given_of(self, node: Node) -> dict[int, Fraction]:
        return {unit: score for (item, unit), score in self._set.items() if self.nodes[item] is node}

    @cached_property
    def published(self) -> Any:
        table = self._merged(self._today.published, self._anew.published)
        for place, score in self._given.items():
            table[place] = half_up(score, 0)
        return table

    def scaled_again(self, cells: Cells, doubts: Bools | None) -> Numbers:
        """The others are the same in every world: they are found among today's units."""
        tops = set(self._tops)
        others = [node for at, node in enumerate(self.nodes) if at not in tops]
        anew = [self.nodes[at] for at in self._tops]
        found = [
            scaled_scores(inputs, nodes, there, doubts)
            for inputs, nodes, there in (
                (self._today.inputs, others, self._there(cells)),
                (self.inputs, anew, cells),
            )
            if nodes
        ]
        order = np.argsort([self.places[node] for node in (*others, *anew)])
        joined: Numbers = type(found[0]).joined(found)[order]
        return self._with_given(joined, cells).noting(doubts)

    def _with_given(self, scaled: Numbers, cells: Cells) -> Numbers:
        """The scores that are set for some of the cells' units put over those that were found."""
        block = Block(self.inputs, [], cells)
        for (item, unit), score in self._given.items():
            here = (np.arange(self.shape[0]) == item)[:, None] & np.asarray(cells.units == unit, dtype=bool)
            if here.any():
                scaled = block.constant(score).where(here, scaled)
        return scaled

    def losses(self, cells: Cells, doubts: Bools | None) -> dict[int, Losses]:
        """Of items scored anew by themselves; of the others as today."""
        there = self._there(cells)
        noted = there.no_doubts(1)
        old = self._today.losses(there, noted)
        if cells.units is None:
            index = np.arange(self.shape[1]) % there.count
            old = {at: Losses(*(one[:, index] for one in vars(lost).values())) for at, lost in old.items()}
            noted = None if noted is None else noted[:, index]
        if doubts is not None and noted is not None:
            doubts |= noted
        taken = {at: lost for at, lost in old.items() if at not in set(self._tops)}
        return taken | super().losses(cells, doubts)

    def _there(self, cells: Cells) -> Cells:
        """Today's units of which the cells are copies; all of them where the cells are."""
        units = self._today.inputs.units
        return Cells(units, None if cells.units is None else cells.units % len(units), cells.arithmetic)
