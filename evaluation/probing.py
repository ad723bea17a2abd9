"""Probing: what the unit of a ladder gets on a rung, for many units and rungs at once.

Units that are never compared with each other move in the same world, so that there are as many worlds as the largest
set of units that are. Here belongs sharing worlds out; which rungs are worth asking for is decided in `gaps.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from evaluation.apart import sets_apart
from evaluation.ladders import Ladder
from evaluation.rounding import decimal_text
from evaluation.touched import touched_by
from evaluation.worlds import FigureKey, Outlook, Today, World, Worlds


class Result(NamedTuple):
    """Of one unit: total in units of the last decimal, None without one; rank, 0 for none; grade, -1 for none."""

    total: int | None
    rank: int
    grade: int


Probe = tuple[int, int]


class Probing:
    """`results`: of every (ladder, rung) that was asked for; all ladders are of one figure."""

    def __init__(self, today: Today, ladders: Sequence[Ladder]) -> None:
        self.today = today
        self.ladders = ladders
        touched = touched_by(today.totals.sheet, [ladders[0].figure.code])
        self._worlds = Worlds(today, touched)
        self._sets = sets_apart(today.plan, [today.plan.tops[at] for at in touched.tops])
        self.results: dict[Probe, Result] = {
            (at, 0): result_of(today.outlook, 0, ladder.unit) for at, ladder in enumerate(ladders)
        }

    def ask(self, probes: Iterable[Probe]) -> None:
        """Find out what is not known yet."""
        queues: dict[int, list[Probe]] = {}
        for probe in dict.fromkeys(probes):
            if probe not in self.results:
                queues.setdefault(int(self._sets[self.ladders[probe[0]].unit]), []).append(probe)
        shared = [[queue[at] for queue in queues.values() if at < len(queue)] for at in range(_longest(queues))]
        if not shared:
            return
        outlook = self._worlds.outlook([World(dict(map(self._value, probes))) for probes in shared])
        for number, probes_there in enumerate(shared):
            for probe in probes_there:
                self.results[probe] = result_of(outlook, number, self.ladders[probe[0]].unit)

    def _value(self, probe: Probe) -> tuple[FigureKey, str]:
        ladder = self.ladders[probe[0]]
        return ladder.key, decimal_text(ladder.value(probe[1]))


def _longest(queues: dict[int, list[Probe]]) -> int:
    return max(map(len, queues.values()), default=0)


def result_of(outlook: Outlook, world: int, unit: int) -> Result:
    """What one unit gets in one world."""
    total = int(outlook.total[world, unit]) if outlook.has_total[world, unit] else None
    return Result(total, int(outlook.rank[world, unit]), int(outlook.grade[world, unit]))
