"""Gaps (差距分析): the least change of one figure with which a unit gains the next rank or the next grade.

All other figures stay. Every answer was scored exactly with everything that the rulebook says of limits, steps,
rounding, quotas, vetoes and units compared with each other. Here belongs the search over rungs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from evaluation.grading import NONE
from evaluation.ladders import Ladder, ladders
from evaluation.probing import Probing, Result
from evaluation.thresholds import thresholds
from evaluation.touched import readers
from evaluation.worlds import Today

RANK, GRADE = "rank", "grade"
GOALS = (RANK, GRADE)
# How many rungs between two known ones are tried at once.
AT_ONCE = 12


class Gap(NamedTuple):
    """What one figure can do for one goal. `rung` None: it cannot alone; `best` is then the most it brings."""

    ladder: Ladder
    goal: str
    rung: int | None
    before: Result
    after: Result


def gained(goal: str, before: Result, after: Result) -> bool:
    """Whether the goal is reached: a better rank, or a better grade, than before."""
    if goal == RANK:
        return after.rank > 0 and (before.rank == 0 or after.rank < before.rank)
    return after.grade != NONE and (before.grade == NONE or after.grade < before.grade)


def has_more_to_gain(goal: str, before: Result) -> bool:
    """Whether there is anything better than what the unit has."""
    return before.rank != 1 if goal == RANK else before.grade != 0


def gaps(today: Today, units: Iterable[int] | None = None) -> list[Gap]:
    """Every goal, unit and figure, in the order of the rulebook's figures; `units`: positions, default all."""
    wanted = set(range(len(today.plan.units)) if units is None else units)
    graded = bool(today.plan.rulebook.grades)
    steps = [one for figure in today.plan.rulebook.figures() for one in ladders(today, figure) if one.unit in wanted]
    return _Search(today, steps).run([RANK, GRADE] if graded else [RANK])


@dataclass
class _Between:
    """A goal of one ladder: not reached on the rung `low`, reached on `high` (None: not known to be on any)."""

    at: int
    goal: str
    low: int = 0
    high: int | None = None

    @property
    def is_open(self) -> bool:
        return self.high is not None and self.high - self.low > 1


class _Search:
    def __init__(self, today: Today, ladders: Sequence[Ladder]) -> None:
        self.today = today
        self.ladders = ladders
        self.probing = Probing(today, ladders)
        self.results = self.probing.results

    def run(self, goals: Sequence[str]) -> list[Gap]:
        sought = [
            _Between(at, goal)
            for at in range(len(self.ladders))
            for goal in goals
            if has_more_to_gain(goal, self.results[at, 0])
        ]
        first = {at: self._first_rungs(at) for at in {one.at for one in sought}}
        self.probing.ask((at, rung) for at, rungs in first.items() for rung in rungs)
        for one in sought:
            self._narrow(one, first[one.at])
        while open_ones := [one for one in sought if one.is_open]:
            tried = [(one, self._rungs_between(one)) for one in open_ones]
            self.probing.ask((one.at, rung) for one, rungs in tried for rung in rungs)
            for one, rungs in tried:
                self._narrow(one, [*rungs, one.high or 0])
        return [self._gap(one, first[one.at]) for one in sought]

    def _first_rungs(self, at: int) -> list[int]:
        """The first and the last, and both sides of every threshold."""
        ladder = self.ladders[at]
        rungs = {1, ladder.count}
        nodes = readers(self.today.plan, ladder.figure.code)
        for value in thresholds(self.today, nodes, ladder.unit):
            there = ladder.rung(ladder.in_period(value))
            rungs |= {there - 1, there, there + 1}
        return sorted(rung for rung in rungs if 1 <= rung <= ladder.count)

    def _narrow(self, one: _Between, rungs: Sequence[int]) -> None:
        """To the first rung that reaches the goal, of those asked for, and the one before it."""
        before = self.results[one.at, 0]
        for rung in rungs:
            if gained(one.goal, before, self.results[one.at, rung]):
                one.high = rung
                return
            one.low = rung

    def _rungs_between(self, one: _Between) -> list[int]:
        assert one.high is not None
        way = one.high - one.low
        rungs = {one.low + way * part // (AT_ONCE + 1) for part in range(1, AT_ONCE + 1)} | set(self._guesses(one))
        return sorted(rung for rung in rungs if one.low < rung < one.high)

    def _guesses(self, one: _Between) -> Iterator[int]:
        """Where the total would pass that of the next unit if it grew evenly."""
        low, high = (self.results[one.at, rung].total for rung in (one.low, one.high or 0))
        if low is None or high is None or high == low:
            return
        for total in self._totals_ahead(self.ladders[one.at].unit):
            share = Fraction(total - low, high - low)
            guess = one.low + int(share * ((one.high or 0) - one.low))
            yield from range(guess - 1, guess + 3)

    def _totals_ahead(self, unit: int) -> list[int]:
        """Today's totals of those ranked next before the unit."""
        today = self.today.standings
        rivals = self.today.plan.units.compared(self.today.plan.rulebook.ranking.within)
        ahead = (rivals == rivals[unit]) & (today.rank > 0) & (today.total > today.total[unit])
        return sorted({int(total) for total in today.total[ahead]})[:2]

    def _gap(self, one: _Between, tried: Sequence[int]) -> Gap:
        before = self.results[one.at, 0]
        if one.high is not None:
            return Gap(self.ladders[one.at], one.goal, one.high, before, self.results[one.at, one.high])
        best = max((self.results[one.at, rung] for rung in tried), key=_worth, default=before)
        return Gap(self.ladders[one.at], one.goal, None, before, max(best, before, key=_worth))


def _worth(result: Result) -> tuple[int, int]:
    """The total, and of equal ones the better rank; 0 is none."""
    return (-(1 << 62) if result.total is None else result.total, -(result.rank or 1 << 62))
