"""A unit's total told: sections with their items, caps, weights and what is made up for; bonus, penalty, total.

Here belongs the arithmetic after the items, for one unit. Rank, grade, vetoes and awards are told in
`explanation_standing.py`.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from evaluation.arithmetic import Positions
from evaluation.cells import Cells
from evaluation.explanation_terms import Term, equation, number, shown_number, sum_of
from evaluation.explanation_told import Told, score_clause
from evaluation.explanation_words import Words
from evaluation.fates import ABSENT, is_out
from evaluation.items import Section
from evaluation.plan import BONUS, PENALTY
from evaluation.rescaling import Reach, reach
from evaluation.rounding import half_up
from evaluation.totals import Adding
from evaluation.unit_totals import UnitTotals

ZERO = Fraction(0)


class Sums:
    """What the totals of the units asked for are added up from, exactly; worked out once, told in any language.

    `units`: their positions in units.csv.
    """

    def __init__(self, totals: UnitTotals, units: Positions) -> None:
        self.totals = totals
        self.units = units
        self.adding = Adding(totals.sheet, Cells(totals.sheet.inputs.units, units, "fractions"))

    @cached_property
    def reach(self) -> list[Reach]:
        """By section."""
        adding, tops = self.adding, self.totals.sheet.inputs.plan.tops
        sections = range(len(self.totals.sheet.inputs.rulebook.sections))
        nodes = [{at: tops[at] for at in adding.positions(section)} for section in sections]
        return [reach(adding.block, one, adding.fate, adding.losses) for one in nodes]


class TotalTold:
    """`at`: the unit's place among those that the sums are of."""

    def __init__(self, sums: Sums, at: int, words: Words) -> None:
        self.totals = totals = sums.totals
        self.inputs = totals.sheet.inputs
        self.at = at
        self.unit = int(sums.units[at])
        self.words = words
        self.scale = self.inputs.plan.scale
        self._sums = sums
        self._adding = sums.adding
        self._fates = totals.sheet.fate[:, self.unit]

    @property
    def pending(self) -> bool:
        return bool(self.totals.pending[self.unit])

    def lines(self) -> list[str]:
        """Sections, base, bonus, penalty, total."""
        words, book = self.words, self.inputs.rulebook
        sections = [at for at in range(len(book.sections)) if self._assessed(at)]
        names = [book.sections[at].name for at in sections]
        values = [self._section(at) for at in sections]
        told = [words("named", name=name, told=text) for name, (_, text) in zip(names, values, strict=True)]
        if self.pending:
            return [*told, words("total_pending")]
        base = self._base([value for value, _ in values])
        bonus = self._outside("bonus", BONUS, book.bonuses.max_points)
        penalty = self._outside("penalty", PENALTY, book.penalties.max_points)
        total = number(base.value)
        total = total + number(self._counted(bonus)) if bonus.term is not None else total
        total = total - number(self._counted(penalty)) if penalty.term is not None else total
        parts = [base, *(one for one in (bonus, penalty) if one.term is not None)]
        summed = Told((), total, words("total"))
        lines = [words.sentence([*one.said, score_clause(one, words, "comes_to")]) for one in (*parts, summed)]
        return [*told, *lines, *self._differing(summed.value)]

    def _differing(self, total: Fraction) -> list[str]:
        """A warning where the arithmetic told does not come to the total: one of the two is wrong."""
        published = int(self.totals.published["total"][self.unit])
        if half_up(total, self.words.decimals) == published:
            return []
        return [self.words("differs", points=self.words.points(Fraction(published, self.scale)))]

    def _assessed(self, section: int) -> bool:
        return any(self._fates[at] != ABSENT for at in self._adding.positions(section))

    def _scores(self, section: int) -> list[Term]:
        """What is added of the items: rounded where the rulebook rounds items."""
        values = self._adding.scores.value
        here = [item for item in self._adding.positions(section) if not is_out(self._fates[item])]
        return [number(Fraction(values[item, self.at]) / self.scale) for item in here]

    def _for_unit(self, given: Any) -> Any:
        values = self.inputs.units.read(given, lambda one: one)
        return values[self.inputs.units.class_of[self.unit] % len(values)]

    def _section(self, at: int) -> tuple[Fraction, str]:
        """Σ items → cap → made up for within the section → weight → rounding."""
        words, section = self.words, self.inputs.rulebook.sections[at]
        scores = self._scores(at)
        if not scores:
            return ZERO, words("no_item_scored")
        told = Told((), sum_of(scores)).within(None, self._cap(section, at))
        steps = [words.scored(equation(sum_of(scores)))]
        steps += [words("capped", points=words.exact_points(told.value))] if told.bound else []
        there = self._reach[at]
        value, more = self._made_up(told.value, there.in_section, there.section, "made_up_in_section")
        steps += more
        weight = self._weight(section)
        if weight != 1:
            term = number(value) * number(weight)
            steps.append(words("weighted", equation=words.scored(equation(term))))
            value = term.value
        if self.inputs.rulebook.scoring.round_at == "section":
            rounded = Fraction(half_up(value, words.decimals), self.scale)
            steps += [words("rounded", points=words.points(rounded))] if rounded != value else []
            value = rounded
        return value, words.sentence(steps)

    def _cap(self, section: Section, at: int) -> Fraction | None:
        given = self._for_unit(section.max_points)
        if given is None or given == "none":
            return None
        stated = self._for_unit(section.points)
        return Fraction(given.of(self._points(at) if section.points is None else stated or ZERO))

    def _points(self, section: int) -> Fraction:
        """The points of the section's items that apply to the unit."""
        where = self.inputs.units.class_of[self.unit]
        nodes = [self.inputs.plan.tops[at] for at in self._adding.positions(section)]
        return sum((node.points[where % len(node.points)] for node in nodes if node.applies[where]), ZERO)

    def _weight(self, section: Section) -> Fraction:
        if isinstance(section.weight, Fraction):
            return section.weight
        return Fraction(self.inputs.unit_column(section.weight).exact(np.array([self.unit]))[0])

    @cached_property
    def _reach(self) -> list["_There"]:
        return [_There(one, self.at, self.inputs.plan.finest) for one in self._sums.reach]

    def _made_up(self, points: Fraction, reachable: Fraction, lost: Fraction, key: str) -> tuple[Fraction, list[str]]:
        """points × reachable ÷ (reachable − lost)"""
        if lost <= 0 or reachable <= lost:
            return points, []
        term = number(points) * number(reachable) / number(reachable - lost)
        told = self.words(key, lost=self.words.exact_points(lost), equation=self.words.scored(equation(term)))
        return term.value, [told]

    def _base(self, sections: Sequence[Fraction]) -> Told:
        """Σ sections, and what is made up for within the total."""
        words = self.words
        term = sum_of([number(value) for value in sections])
        weights = [self._weight(section) for section in self.inputs.rulebook.sections]
        reachable = sum((w * one.reachable for w, one in zip(weights, self._reach, strict=True)), ZERO)
        lost = sum((w * one.total for w, one in zip(weights, self._reach, strict=True)), ZERO)
        if lost <= 0:
            return Told((), term, words("base"))
        summed = words("sections_sum", points=words.scored(equation(term)))
        factor = words("made_up_in_total", lost=words.exact_points(lost), left=shown_number(reachable - lost))
        return Told((summed, factor), number(term.value) * number(reachable) / number(reachable - lost), words("base"))

    def _outside(self, key: str, which: int, cap: Any) -> Told:
        """Bonus or penalty; no term where the unit has no such item."""
        if not self._assessed(which):
            return Told((), None)
        given = self._for_unit(cap)
        some = [score for score in self._scores(which) if score.value]
        told = Told((), sum_of(some), self.words(key))
        return told.within(None, None if given == "none" else given)

    def _counted(self, told: Told) -> Fraction:
        """What is added of bonus or penalty: rounded as sections are."""
        if self.inputs.rulebook.scoring.round_at != "section":
            return told.value
        return Fraction(half_up(told.value, self.words.decimals), self.scale)


class _There:
    """What one unit can reach in a section, exactly, in points."""

    def __init__(self, there: Reach, at: int, finest: int) -> None:
        self.reachable = _one(there.reachable, at) / finest
        self.section = _one(there.within_section, at) / finest
        self.total = _one(there.within_total, at) / finest

    @property
    def in_section(self) -> Fraction:
        """Without what the total makes up for."""
        return self.reachable - self.total


def _one(numbers: Any, at: int) -> Fraction:
    """Of one unit; a number that is the same for all stands there once."""
    return Fraction(numbers.value[0, min(at, numbers.shape[1] - 1)])
