"""Grades and awards: thresholds, quotas and places by published total and published rank.

Here belongs who gets which grade and award, with what vetoes do to both. Ties at an edge are told, because
somebody has to explain them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Positions
from evaluation.outcomes import Award, Grade
from evaluation.unit_classes import UnitClasses
from evaluation.vetoes import Vetoed

NONE = -1
_ROUNDINGS: dict[str, Callable[[Fraction], int]] = {
    "down": math.floor,
    "up": math.ceil,
    "half_up": lambda number: math.floor(number + Fraction(1, 2)),
}


@dataclass(frozen=True)
class EdgeTie:
    """Units that share a rank across the edge of a quota or of places."""

    name: str
    group: str
    rank: int
    units: Positions
    admitted: bool


@dataclass(frozen=True)
class Standings:
    """Per unit: total in units of the last decimal, rank (0: none), whether there is a total, vetoes."""

    units: UnitClasses
    scale: int
    total: Any
    has_total: Bools
    rank: Positions
    vetoed: Vetoed

    @property
    def in_quotas(self) -> Bools:
        """Units that may take a place: a failed one takes none, even where it is ranked."""
        return (self.rank > 0) & ~self.vetoed.fail

    def reaching(self, given: Any, strictly: bool = False) -> Bools:
        """Units whose total is at least (or above) what is given for them; nobody where nothing is."""
        if given is None:
            return np.ones(len(self.units), dtype=bool)
        limits = self.units.read(given, lambda limit: limit)
        least = [None if one is None else math.ceil(one * self.scale) for one in limits]
        if strictly:
            least = [None if one is None else math.floor(one * self.scale) + 1 for one in limits]
        return self._compare(least, lambda limit: np.asarray(self.total >= limit, dtype=bool))

    def placed(self, given: Any) -> Bools:
        """Units whose rank is at most what is given for them."""
        if given is None:
            return np.ones(len(self.units), dtype=bool)
        limits = self.units.read(given, lambda limit: limit)
        return (self.rank > 0) & self._compare(list(limits), lambda limit: self.rank <= limit)

    def _compare(self, limits: list[Any], test: Callable[[Any], Bools]) -> Bools:
        result = np.zeros(len(self.units), dtype=bool)
        for at, limit in enumerate(limits):
            here = (self.units.class_of == at) if len(limits) > 1 else np.ones(len(self.units), dtype=bool)
            if limit is not None:
                result |= here & test(limit)
        return result


@dataclass
class Edges:
    """Chooses the best ranks of one group, and keeps what ties were met at the edge."""

    standings: Standings
    ties: list[EdgeTie] = field(default_factory=list)

    def best(self, candidates: Bools, group: int, count: int, name: str, ties_in: bool) -> Positions:
        """The units with the best ranks, `count` of them; of a tie across the edge all or none."""
        units = np.flatnonzero(candidates & (self.standings.units.group_of == group))
        units = units[np.argsort(self.standings.rank[units], kind="stable")]
        rank = self.standings.rank[units]
        if count <= 0 or count >= len(units):
            return units[: max(count, 0)]
        if rank[count - 1] != rank[count]:
            return units[:count]
        edge = int(rank[count])
        code = self.standings.units.groups[group]
        self.ties.append(EdgeTie(name, code, edge, units[rank == edge], ties_in))
        return units[rank <= edge] if ties_in else units[rank < edge]


def grades(standings: Standings, given: tuple[Grade, ...], edges: Edges) -> tuple[Positions, Positions]:
    """Position of each unit's grade before and after vetoes, NONE where there is none."""
    found = np.full(len(standings.units), NONE, dtype=np.int64)
    for at, grade in enumerate(given):
        fitting = (found == NONE) & standings.has_total & standings.placed(grade.rank_at_most)
        fitting &= standings.reaching(grade.at_least) & standings.reaching(grade.above, strictly=True)
        if grade.quota is not None:
            fitting = _within_quota(standings, grade, fitting, edges)
        found[fitting] = at
    lowest = len(given) - 1
    after = np.where(found == NONE, NONE, np.minimum(found + standings.vetoed.demoted, lowest))
    return found, np.where(standings.vetoed.fail & standings.has_total, lowest, after)


def _within_quota(standings: Standings, grade: Grade, fitting: Bools, edges: Edges) -> Bools:
    chosen = np.zeros(len(fitting), dtype=bool)
    for group, code in enumerate(standings.units.groups):
        share = _for_group(grade.quota, code)
        ranked = int(((standings.rank > 0) & (standings.units.group_of == group)).sum())
        count = 0 if share is None else _ROUNDINGS[grade.quota_rounding](share * ranked)
        candidates = fitting & standings.in_quotas
        chosen[edges.best(candidates, group, count, grade.grade, grade.ties_in)] = True
    return chosen


def _for_group(given: Any, code: str) -> Any:
    return given.get(code) if isinstance(given, dict) else given


def awards(
    standings: Standings,
    given: tuple[Award, ...],
    names: list[str],
    grade: tuple[Positions, Positions],
    edges: Edges,
) -> Positions:
    """Position of each unit's award, NONE where it has none; `grade` before and after vetoes."""
    found = np.full(len(standings.units), NONE, dtype=np.int64)
    forgone = np.zeros(len(standings.units), dtype=bool)
    for at, award in enumerate(given):
        worthy = standings.in_quotas & standings.reaching(award.at_least) & standings.placed(award.rank_at_most)
        before = worthy & _graded(award, names, grade[0]) & ~forgone
        eligible = worthy & _graded(award, names, grade[1]) & ~standings.vetoed.no_award
        for group, code in enumerate(standings.units.groups):
            # Without refill a vetoed unit keeps the place that it may not have: once, of all awards.
            candidates = (eligible if award.refill else eligible | before) & (found == NONE)
            chosen = edges.best(candidates, group, _for_group(award.places, code) or 0, award.award, award.ties_in)
            forgone[chosen] = ~eligible[chosen]
            found[chosen[eligible[chosen]]] = at
    return found


def _graded(award: Award, names: list[str], grade: Positions) -> Bools:
    if award.grade_at_least is None:
        return np.ones(len(grade), dtype=bool)
    return np.asarray((grade != NONE) & (grade <= names.index(award.grade_at_least)), dtype=bool)
