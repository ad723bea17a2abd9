"""Bounds of ranks where open matters have too many combinations to score each: items at their worst and at their best.

A unit's total lies between the sums of the lowest and of the highest that each of its items can score, as nothing
that follows the items (caps, weights, rounding, what is made up for) turns more into less. Ranks follow from totals
that cannot overlap. Here belongs finding these sums and comparing them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Positions
from evaluation.block import Block
from evaluation.cells import Cells
from evaluation.grading import NONE
from evaluation.item_outcomes import limited
from evaluation.open_matters import Matter
from evaluation.plan import PENALTY
from evaluation.spans import MOST, Pairs, Span
from evaluation.thresholds import compares
from evaluation.touched import touched_by
from evaluation.worlds import Today, World, Worlds

# Combinations of the matters of one item that are scored one by one; more than these, and its limits are taken.
MOST_COMBINATIONS = 256
# More than any item scores: what is left of it are the item's limits.
FAR = Fraction(10**6)


def bounds(today: Today, matters: Sequence[Matter], sets: Positions) -> tuple[Span, Pairs]:
    """Of all units; grades are not bounded. `sets`: per unit, the number of the set in which it is compared."""
    low, high = _totals(today, matters, sets)
    unranked = _may_be_unranked(today, matters)
    rank = today.outlook.rank[0]
    ahead = _ahead(today, low, high, unranked)
    dense = today.plan.rulebook.ranking.ties == "dense"
    surely = ahead[0].sum(axis=1)
    best = np.where(rank > 0, 1 + (np.minimum(surely, 1) if dense else surely), MOST)
    worst = np.where(rank > 0, 1 + ahead[1].sum(axis=1), 0)
    count = len(rank)
    nothing = (np.full(count, MOST), np.full(count, NONE))
    overlap = ahead[1] & ahead[1].T
    pairs = {(int(a), int(b)) for a, b in zip(*np.nonzero(np.triu(overlap, 1)), strict=True)}
    return Span(low, high, best, worst, *nothing, unranked | (rank == 0)), pairs


def _ahead(today: Today, low: Any, high: Any, unranked: Bools) -> tuple[Any, Any]:
    """Units × rivals: who is ahead of the unit surely, and who may be."""
    rivals = today.plan.units.compared(today.plan.rulebook.ranking.within)
    rank, settled = today.outlook.rank[0], low == high
    together = (rivals[:, None] == rivals) & ~np.eye(len(rank), dtype=bool) & (rank > 0) & (rank > 0)[:, None]
    as_today = settled[:, None] & settled & (low[:, None] == low)
    surely = together & ~unranked & (low > high[:, None])
    maybe = together & np.where(as_today, rank < rank[:, None], high >= low[:, None])
    return surely, maybe


def _totals(today: Today, matters: Sequence[Matter], sets: Positions) -> tuple[Any, Any]:
    """The lowest and the highest total of every unit, in units of the last decimal."""
    plan, codes = today.plan, today.plan.units.codes.to_pylist()
    sides: tuple[dict[tuple[str, str], Fraction], dict[tuple[str, str], Fraction]] = ({}, {})
    touched = touched_by(today.totals.sheet, *read_by(today, matters))
    for at in touched.tops:
        least, most = _of_item(today, at, [one for one in matters if at in touching(today, one)], sets)
        if plan.section_of[at] == PENALTY:
            least, most = most, least
        for unit in np.flatnonzero(least != most):
            for side, value in zip(sides, (least, most), strict=True):
                side[codes[unit], plan.tops[at].code] = Fraction(int(value[unit]), plan.scale)
    outlook = Worlds(today, touched).outlook([World(scores=side) for side in sides])
    return outlook.total[0], outlook.total[1]


def read_by(today: Today, matters: Sequence[Matter]) -> tuple[set[str], set[str]]:
    """Figures and items that some outcome of the matters changes."""
    worlds = [world for one in matters for world in one.outcomes]
    figures = {key.figure for world in worlds for key in world.values}
    items = {claim["item_code"] for world in worlds for claim in world.claims}
    return figures, items | {item for world in worlds for _, item in world.scores}


def touching(today: Today, matter: Matter) -> tuple[int, ...]:
    """Positions of the items that the matter touches."""
    return touched_by(today.totals.sheet, *read_by(today, [matter])).tops


def _of_item(today: Today, at: int, matters: Sequence[Matter], sets: Positions) -> tuple[Any, Any]:
    """The least and the most that the item scores for each unit, as whole units of the last decimal."""
    joint = compares(today.plan.tops[at])
    places = {code: unit for unit, code in enumerate(today.plan.units.codes.to_pylist())}
    apart = sets if joint else np.arange(len(sets))
    parts: dict[int, list[Matter]] = {}
    for one in matters:
        parts.setdefault(int(apart[places[one.unit_code]]), []).append(one)
    few = [part for part in parts.values() if combinations(part) <= MOST_COMBINATIONS]
    touched = touched_by(today.totals.sheet, *read_by(today, matters))
    least, most = Worlds(today, touched).extremes(side_by_side(few), at)
    for number, part in parts.items():
        if part not in few:
            _to_limits(today, at, np.flatnonzero(apart == number), least, most)
    return least, most


def combinations(matters: Sequence[Matter]) -> int:
    """In how many ways the matters can turn out together."""
    return math.prod(len(one.outcomes) for one in matters)


def side_by_side(parts: Sequence[Sequence[Matter]]) -> list[World]:
    """Every combination of each part, all parts in the same worlds; the first world is today."""
    worlds = [World()]
    for part in parts:
        for at, outcomes in enumerate(product(*(one.outcomes for one in part))):
            if at == len(worlds):
                worlds.append(World())
            for outcome in outcomes:
                worlds[at] = worlds[at].and_also(outcome)
    return worlds


def _to_limits(today: Today, at: int, units: Positions, least: Any, most: Any) -> None:
    """Anything between the item's limits."""
    block = Block(today.inputs, [today.plan.tops[at]], Cells(today.plan.units, units, "fractions"))
    for side, far, rounded in ((least, -FAR, math.floor), (most, FAR, math.ceil)):
        limits = limited(block, block.constant(far)).spread(block.shape)
        side[units] = [rounded(one * today.plan.scale) for one in np.asarray(limits.value)[0]]


def _may_be_unranked(today: Today, matters: Sequence[Matter]) -> Bools:
    """Units that lose their rank in some outcome of a single matter."""
    touched = touched_by(today.totals.sheet, *read_by(today, matters))
    worlds = [world for one in matters for world in one.outcomes[1:]]
    return np.asarray((Worlds(today, touched).outlook(worlds).rank == 0).any(axis=0), dtype=bool)
