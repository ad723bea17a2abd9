"""From item scores to totals: sections, their caps and weights, base, bonus, penalty, total.

Here belongs the order of operations after the items, over sections × units in any arithmetic. Scores
stand in units of the last published decimal throughout.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Codes, Numbers
from evaluation.block import Block
from evaluation.cells import Cells
from evaluation.fates import ABSENT, is_out
from evaluation.items import Section
from evaluation.params import Param, combine
from evaluation.plan import BONUS, PENALTY, Plan
from evaluation.rescaling import Reach, made_up_for, reach
from evaluation.score_sheet import ScoreSheet
from evaluation.settling import Losses

ZERO = Fraction(0)


@dataclass(frozen=True)
class Totals:
    """1 × units each; `sections` before what is made up for within the total. `pending`: without a total."""

    sections: Sequence[Numbers]
    base: Numbers
    bonus: Numbers
    penalty: Numbers
    pending: Bools

    @property
    def total(self) -> Numbers:
        return self.base + self.bonus - self.penalty


class Adding:
    """The sums of one sheet, for the units and in the arithmetic of the cells."""

    def __init__(self, sheet: ScoreSheet, cells: Cells | None = None) -> None:
        self.sheet = sheet
        self.plan: Plan = sheet.inputs.plan
        self.block = Block(sheet.inputs, [], cells)
        self.cells = self.block.cells
        self.fate: Codes = self.cells.chosen(sheet.fate)
        self._reached: dict[int, Reach] = {}
        if cells is None:
            self.scores: Numbers = sheet.scores
        else:
            self.scores = sheet.scores_again(cells, self.block.doubts)

    def totals(self) -> Totals:
        sections = [self._section(at) for at in range(len(self.plan.rulebook.sections))]
        pending = self.cells.chosen(self.sheet.void)[None, :] | ~self._anything_counts()
        for _, empty in sections:
            pending = pending | empty
        base, empty = self._base([section for section, _ in sections])
        bonus = self._outside(BONUS, self.plan.rulebook.bonuses.max_points)
        penalty = self._outside(PENALTY, self.plan.rulebook.penalties.max_points)
        return Totals([section for section, _ in sections], base, bonus, penalty, pending | empty)

    def _anything_counts(self) -> Bools:
        """Where some section has a weight and an item that is not out: elsewhere there is no total."""
        given = self.plan.rulebook.sections
        if not self._anything_lost and any(self._weight(section) is None for section in given):
            return np.ones((1, 1), dtype=bool)
        counts: Bools = np.zeros(self.block.shape, dtype=bool)
        for number, section in enumerate(given):
            here = ~is_out(self.fate[self.positions(number)]).all(axis=0, keepdims=True)
            weight = self._weight(section)
            counts |= here if weight is None else here & ~weight[0].equals(self.block.zero)
        return counts

    def positions(self, section: int) -> list[int]:
        return [at for at, number in enumerate(self.plan.section_of) if number == section]

    def sum_of(self, at: list[int]) -> Numbers:
        """The scores of items added, 1 × units."""
        one_after_other = at == list(range(at[0], at[0] + len(at)))
        scores = self.scores[at[0] : at[0] + len(at)] if one_after_other else self.scores[at]
        return scores.noting(self.block.doubts).total()[None, :].noting(self.block.doubts)

    @cached_property
    def losses(self) -> dict[int, Losses]:
        return self.sheet.losses(self.cells, self.block.doubts)

    def _section(self, number: int) -> tuple[Numbers, Bools]:
        """Σ items → cap → made up for within the section → weight → rounding."""
        section = self.plan.rulebook.sections[number]
        points = self._capped(self.sum_of(self.positions(number)), self._section_cap(section, number))
        empty: Bools = np.zeros((1, 1), dtype=bool)
        if self._anything_lost:
            there = self._reach(number)
            points, empty = made_up_for(self.block, points, there.reachable - there.within_total, there.within_section)
        points, weightless = self.weighted(section, points)
        weightless = weightless & (self.fate[self.positions(number)] != ABSENT).any(axis=0, keepdims=True)
        rounds = self.plan.rulebook.scoring.round_at == "section"
        return points.rounded() if rounds else points, empty | weightless

    @cached_property
    def _anything_lost(self) -> bool:
        return int(self.fate.max(initial=0)) > 0 or bool(self.losses)

    def _reach(self, number: int) -> Reach:
        if number not in self._reached:
            self._reached[number] = self._made_reach(number)
        return self._reached[number]

    def _made_reach(self, number: int) -> Reach:
        nodes = {at: self.plan.tops[at] for at in self.positions(number)}
        return reach(self.block, nodes, self.fate, self.losses)

    def _section_cap(self, section: Section, number: int) -> tuple[Fraction | None, ...]:
        if section.max_points is None:
            return (None,)
        return self.block.classes.once(("cap", section), lambda: self._made_cap(section, number))

    def _made_cap(self, section: Section, number: int) -> tuple[Fraction | None, ...]:
        own = self._section_points(section, number)
        given = self.block.classes.read(section.max_points, lambda limit: limit)
        return combine(lambda limit, points: None if limit is None or limit == "none" else limit.of(points), given, own)

    def _section_points(self, section: Section, number: int) -> tuple[Fraction, ...]:
        if section.points is not None:
            return self.block.classes.read(section.points, lambda points: points or ZERO)
        total: tuple[Fraction, ...] = (ZERO,)
        for at in self.positions(number):
            node = self.plan.tops[at]
            applies = tuple(map(bool, node.applies))
            total = combine(lambda so_far, points, here: so_far + points * here, total, node.points, applies)
        return total

    def _capped(self, points: Numbers, caps: tuple[Fraction | None, ...]) -> Numbers:
        """At most the caps, which are in points; None: no cap."""
        if all(cap is None for cap in caps):
            return points
        scale = self.plan.scale
        scaled = self.block.classes.once(("caps", *caps), lambda: Param((cap or ZERO) * scale for cap in caps))
        capped = points.minimum(self.block.param([scaled]))
        if all(cap is not None for cap in caps):
            return capped
        count = len(self.block.classes.classes)
        flags = np.array([(cap is None) for cap in (caps * count)[:count]])
        return points.where(flags[self.cells.chosen(self.block.classes.class_of)][None, :], capped)

    def _weight(self, section: Section) -> tuple[Numbers, Bools] | None:
        """The weight and where it is unknown; None: 1."""
        if isinstance(section.weight, Fraction):
            return None if section.weight == 1 else (self.block.constant(section.weight), np.zeros((1, 1), dtype=bool))
        reading = self.block.columns([self.block.inputs.unit_column(section.weight)])
        return reading.number, np.zeros((1, 1), dtype=bool) if reading.why is None else reading.why != 0

    def weighted(self, section: Section, points: Numbers) -> tuple[Numbers, Bools]:
        weight = self._weight(section)
        if weight is None:
            return points, np.zeros((1, 1), dtype=bool)
        return points * weight[0], weight[1]

    def _base(self, sections: Sequence[Numbers]) -> tuple[Numbers, Bools]:
        base = sections[0]
        for section in sections[1:]:
            base = base + section
        if not self._anything_lost:
            return base, np.zeros((1, 1), dtype=bool)
        zero = self.block.zero
        reachable, lost = zero, zero
        for number, given in enumerate(self.plan.rulebook.sections):
            there = self._reach(number)
            reachable = reachable + self.weighted(given, there.reachable)[0]
            lost = lost + self.weighted(given, there.within_total)[0]
        return made_up_for(self.block, base, reachable, lost)

    def _outside(self, which: int, cap: Any) -> Numbers:
        """Bonus or penalty: Σ items, capped, rounded as sections are."""
        at = self.positions(which)
        if not at:
            return self.block.zero.spread(self.block.shape)
        caps = self.block.classes.read(cap, lambda limit: None if limit == "none" else limit)
        points = self._capped(self.sum_of(at), caps)
        return points.rounded() if self.plan.rulebook.scoring.round_at == "section" else points
