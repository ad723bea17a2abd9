"""Probing: what the unit of a ladder gets on a rung, for many units and rungs at once.

Units that are never compared with each other move in the same world, so that a figure takes as many worlds as the
largest set of units that are. Worlds of several figures are scored together: scoring costs the same work for a few
worlds as for many. Here belongs sharing worlds out; which rungs are worth asking for is decided in `gaps.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from evaluation.apart import sets_apart
from evaluation.arithmetic import Positions
from evaluation.ladders import Ladder
from evaluation.rounding import decimal_text
from evaluation.touched import touched_by
from evaluation.worlds import FigureKey, Outlook, Today, World, Worlds, worlds_at_once


class Result(NamedTuple):
    """Of one unit: total in units of the last decimal, None without one; rank, 0 for none; grade, -1 for none."""

    total: int | None
    rank: int
    grade: int


Probe = tuple[int, int]


class Probing:
    """`results`: of every (ladder, rung) that was asked for."""

    def __init__(self, today: Today, ladders: Sequence[Ladder]) -> None:
        self.today = today
        self.ladders = ladders
        self._sets = {code: self._sets_of(code) for code in dict.fromkeys(one.figure.code for one in ladders)}
        self.results: dict[Probe, Result] = {
            (at, 0): result_of(today.outlook, 0, ladder.unit) for at, ladder in enumerate(ladders)
        }

    def ask(self, probes: Iterable[Probe]) -> None:
        """Find out what is not known yet."""
        queues: dict[str, dict[int, list[Probe]]] = {code: {} for code in self._sets}
        for probe in dict.fromkeys(probes):
            if probe not in self.results:
                ladder = self.ladders[probe[0]]
                code = ladder.figure.code
                queues[code].setdefault(int(self._sets[code][ladder.unit]), []).append(probe)
        shared = [(code, probes) for code, by_set in queues.items() for probes in _side_by_side(by_set)]
        at_once = worlds_at_once(self.today.plan)
        for start in range(0, len(shared), at_once):
            self._ask_at_once(shared[start : start + at_once])

    def _ask_at_once(self, shared: Sequence[tuple[str, list[Probe]]]) -> None:
        """A world for each; only what their figures touch is scored anew."""
        touched = touched_by(self.today.totals.sheet, {code for code, _ in shared})
        worlds = [World(dict(map(self._value, probes))) for _, probes in shared]
        outlook = Worlds(self.today, touched).outlook(worlds)
        for number, (_, probes) in enumerate(shared):
            for probe in probes:
                self.results[probe] = result_of(outlook, number, self.ladders[probe[0]].unit)

    def _sets_of(self, figure: str) -> Positions:
        """Per unit, the number of the set within which a change of the figure can move anything."""
        touched = touched_by(self.today.totals.sheet, [figure])
        return sets_apart(self.today.plan, [self.today.plan.tops[at] for at in touched.tops])

    def _value(self, probe: Probe) -> tuple[FigureKey, str]:
        ladder = self.ladders[probe[0]]
        return ladder.key, decimal_text(ladder.value(probe[1]))


def _side_by_side(queues: Mapping[int, list[Probe]]) -> Iterator[list[Probe]]:
    """The first of every queue, then the second of each that has one, and so on."""
    longest = max(map(len, queues.values()), default=0)
    return ([queue[at] for queue in queues.values() if at < len(queue)] for at in range(longest))


def result_of(outlook: Outlook, world: int, unit: int) -> Result:
    """What one unit gets in one world."""
    total = int(outlook.total[world, unit]) if outlook.has_total[world, unit] else None
    return Result(total, int(outlook.rank[world, unit]), int(outlook.grade[world, unit]))
