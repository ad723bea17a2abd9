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
NO_EDGE = 0  # no unit has that rank, so no tie is at it
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
    """Chooses the best ranks of every group, and keeps what ties were met at the edge."""

    standings: Standings
    ties: list[EdgeTie] = field(default_factory=list)

    def best(self, candidates: Bools, counts: Positions, name: str, ties_in: bool) -> Positions:
        """The units with the best ranks, of each group as many as `counts` says; of a tie across the edge all or
        none."""
        units = np.flatnonzero(candidates)
        units = units[np.lexsort((self.standings.rank[units], self.standings.units.group_of[units]))]
        group, rank = self.standings.units.group_of[units], self.standings.rank[units]
        first = np.searchsorted(group, np.arange(len(counts)))
        place, count = np.arange(len(units)) - first[group], counts[group]
        # The rank of the first who finds no place any more, who is tied with the last who found one or not.
        left_out = np.flatnonzero((place == count) & (place > 0))
        across = left_out[rank[left_out] == rank[left_out - 1]]
        edge = np.full(len(counts), NO_EDGE)
        edge[group[across]] = rank[across]
        at_edge = rank == edge[group]
        for tied in group[across].tolist():
            code, here = self.standings.units.groups[tied], units[at_edge & (group == tied)]
            self.ties.append(EdgeTie(name, code, int(edge[tied]), here, ties_in))
        chosen: Positions = units[((place < count) & ~at_edge) | (at_edge & ties_in)]
        return chosen


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
    rounded = _ROUNDINGS[grade.quota_rounding]
    ranked = np.bincount(standings.units.group_of[standings.rank > 0], minlength=len(standings.units.groups))
    shares = zip(_by_group(grade.quota, standings), ranked.tolist(), strict=True)
    counts = np.array([0 if share is None else rounded(share * many) for share, many in shares], dtype=np.int64)
    chosen[edges.best(fitting & standings.in_quotas, counts, grade.grade, grade.ties_in)] = True
    return chosen


def _by_group(given: Any, standings: Standings) -> list[Any]:
    """What is given for each group; one value is for all of them."""
    groups = standings.units.groups
    return [given.get(code) for code in groups] if isinstance(given, dict) else [given] * len(groups)


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
        # Without refill a vetoed unit keeps the place that it may not have: once, of all awards.
        candidates = (eligible if award.refill else eligible | before) & (found == NONE)
        counts = np.array([count or 0 for count in _by_group(award.places, standings)], dtype=np.int64)
        chosen = edges.best(candidates, counts, award.award, award.ties_in)
        forgone[chosen] = ~eligible[chosen]
        found[chosen[eligible[chosen]]] = at
    return found


def _graded(award: Award, names: list[str], grade: Positions) -> Bools:
    if award.grade_at_least is None:
        return np.ones(len(grade), dtype=bool)
    return np.asarray((grade != NONE) & (grade <= names.index(award.grade_at_least)), dtype=bool)
