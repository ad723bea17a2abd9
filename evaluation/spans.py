"""What was seen of each unit over many worlds: the lowest and the highest total, rank and grade.

Here belongs gathering; which worlds there are is decided in `firmness.py` and `rank_bounds.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Positions
from evaluation.grading import NONE
from evaluation.worlds import Outlook, Today

MOST = np.iinfo(np.int64).max
Pairs = set[tuple[int, int]]


@dataclass
class Span:
    """Per unit. Worlds in which the unit has no rank (or total, or grade) do not count; `worst` 0, `best_grade` MOST:
    there was no other. `unranked`: whether there was one."""

    low: Any
    high: Any
    best: Positions
    worst: Positions
    best_grade: Positions
    worst_grade: Positions
    unranked: Bools

    def put(self, here: Bools, other: Span) -> None:
        """Take over what the other says of some units."""
        for field in fields(self):
            getattr(self, field.name)[here] = getattr(other, field.name)[here]


def seen(outlook: Outlook) -> Span:
    """Over all worlds, of which the first is today."""
    ranked, graded = outlook.rank > 0, outlook.grade != NONE
    low = np.where(outlook.has_total, outlook.total, MOST).min(axis=0)
    high = np.where(outlook.has_total, outlook.total, -MOST).max(axis=0)
    return Span(
        np.where(low == MOST, outlook.total[0], low),
        np.where(high == -MOST, outlook.total[0], high),
        np.where(ranked, outlook.rank, MOST).min(axis=0),
        np.where(ranked, outlook.rank, 0).max(axis=0),
        np.where(graded, outlook.grade, MOST).min(axis=0),
        np.where(graded, outlook.grade, NONE).max(axis=0),
        np.asarray(~ranked.all(axis=0), dtype=bool),
    )


def open_pairs(today: Today, outlook: Outlook) -> Pairs:
    """Pairs of units ranked together whose order is not the same in all worlds in which both are ranked."""
    rivals = today.plan.units.compared(today.plan.rulebook.ranking.within)
    found: Pairs = set()
    for number in np.unique(rivals):
        members = np.flatnonzero(rivals == number)
        rank = outlook.rank[:, members]
        for at in range(len(members) - 1):
            both = (rank[:, at, None] > 0) & (rank[:, at + 1 :] > 0)
            order = np.sign(rank[:, at + 1 :] - rank[:, at, None])
            low = np.where(both, order, 2).min(axis=0)
            high = np.where(both, order, -2).max(axis=0)
            found |= {(int(members[at]), int(members[at + 1 + other])) for other in np.flatnonzero(low < high)}
    return found
