"""Several scores made into one, told: the mean of periods; the sum of parts, and what makes up for some of them.

Here belongs the arithmetic over scores that were told before. Each of them is told in `explanation_items.py`.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol

from evaluation.block import Block
from evaluation.explanation_cases import cliff_told, limits
from evaluation.explanation_figures import period_said
from evaluation.explanation_terms import Term, equation, number, sum_of
from evaluation.explanation_told import Told, told_part
from evaluation.explanation_view import Cell, Method, View, present
from evaluation.explanation_words import Words
from evaluation.fates import ABSENT, is_out
from evaluation.parts import Standing
from evaluation.settling import Outcome

ZERO = Fraction(0)


class ScoredPart(Protocol):
    """A part or period of one unit."""

    @property
    def told(self) -> Told: ...

    @property
    def fate(self) -> int: ...


def mean_told(periods: Sequence[tuple[str, ScoredPart]], words: Words) -> Told:
    """The mean of the periods that are in."""
    counted = [one for _, one in periods if not out(one.fate)]
    parts = tuple(told_part(period_said(name, words), one.told, words) for name, one in periods)
    if not counted:
        return Told((), None, parts=parts)
    total = sum_of([number(one.told.value) for one in counted])
    term = total / number(len(counted)) if len(counted) > 1 else total
    return Told((), term, words("mean_of_periods"), parts=parts)


def out(fate: int) -> bool:
    """Whether nothing is added for it."""
    return bool(is_out(fate))  # type: ignore[arg-type]


class Parts:
    """The parts of one item, for the units of a view."""

    def __init__(self, view: View, outcome: Outcome, parts: Sequence[Outcome], words: Words) -> None:
        self.view = view
        self.words = words
        self._fates = view.codes(outcome.fate)
        self._standings = [self._standing(*one) for one in zip(view.node.parts, parts, strict=True)]

    def _standing(self, part: object, outcome: Outcome) -> list[tuple[Fraction, Fraction]]:
        """Per unit: points that can be reached or are made up for within the item, and of them the latter."""
        view = self.view
        standing = Standing(Block(view.inputs, [view.node], view.block.cells), part, outcome)  # type: ignore[arg-type]
        there = standing.assessed - standing.skipped - standing.section - standing.total
        finest = view.inputs.plan.finest
        pairs = zip(view.numbers(there), view.numbers(standing.parent), strict=True)
        return [(reachable / finest, lost / finest) for reachable, lost in pairs]

    def told(self, at: int, parts: Sequence[ScoredPart]) -> Told:
        """The sum of the parts, what is made up for, the item's own cliff and limits."""
        words = self.words
        items = [part.item for part in self.view.node.parts]
        here = [(item, one) for item, one in zip(items, parts, strict=True) if one.fate != ABSENT]
        listed = tuple(told_part(item.name, one.told, words, item.reference) for item, one in here)
        if out(self._fates[at]):
            return Told((words("nothing_left"),), None, parts=listed)
        term = sum_of([number(one.told.value) for _, one in here if not out(one.fate)])
        term, said = self._made_up(at, term)
        told = Told(said, term, words("together"), parts=listed)
        return self._with_cliff(at, told).within(*limits(self.view, at))

    def _made_up(self, at: int, term: Term) -> tuple[Term, tuple[str, ...]]:
        reach = sum((one[at][0] for one in self._standings), ZERO)
        lost = sum((one[at][1] for one in self._standings), ZERO)
        if lost <= 0:
            return term, ()
        factor = number(reach) / number(reach - lost)
        return term * factor, (self.words("factor", equation=equation(factor)),)

    def _with_cliff(self, at: int, told: Told) -> Told:
        """The cliff looks at the item's own measure; where that is undefined there is none."""
        item = self.view.node.item
        if item.cliff is None:
            return told
        method = self.view.once("own method", lambda: Method(self.view, item.measure, None))
        looking = Method(self.view, item.measure, item.cliff)
        limits_known = all(looking.limits(written)[at].value is not None for _, written in item.cliff.stated())
        if method.measured[at] is None or not limits_known:
            return told
        return cliff_told(Cell(method, at), told, present(method.measured[at]), self.words)
