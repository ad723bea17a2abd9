"""One number of every unit compared within groups: mean, extremes, places.

Here belong statistics over units, each as a column again. Which number is compared, and which units count,
is decided by measures; a unit that does not count is still compared with those that do.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Codes, Floats, Objects, Positions
from evaluation.bounded import Bounded
from evaluation.claims import whole_column
from evaluation.columns import Column
from evaluation.exact import NOTHING, Rational, objects
from evaluation.reasons import NO_COMPARISON


class Compared:
    """`counted`: units that enter the statistics; `sets`: per unit, the number of its group."""

    def __init__(self, column: Column, counted: Bools, sets: Positions) -> None:
        self.column = column
        self.counted = counted
        self.sets = sets
        self.count = int(sets.max(initial=-1)) + 1
        self.sizes = np.bincount(sets[counted], minlength=self.count)

    @cached_property
    def _members(self) -> tuple[Positions, Positions]:
        """Counted units in the order of their sets, and where each set begins."""
        counted = np.flatnonzero(self.counted)
        counted = counted[np.argsort(self.sets[counted].astype(np.int32), kind="stable")]
        return counted, np.searchsorted(self.sets[counted], np.arange(self.count + 1))

    def members(self, number: int) -> Positions:
        members, starts = self._members
        return members[starts[number] : starts[number + 1]]

    def _of_sets(
        self, number: Bounded, deciding: Callable[[int], Positions], take: Callable[[Objects], Rational]
    ) -> Column:
        """A column out of one number per set; `take` makes it exactly of the `deciding` members, once where asked."""
        known: dict[int, Rational] = dict.fromkeys(np.flatnonzero(self.sizes == 0).tolist(), NOTHING)

        def of_units(units: Positions) -> Objects:
            sets = self.sets[units].tolist()
            asked = [each for each in dict.fromkeys(sets) if each not in known]
            known.update(zip(asked, self._taken([deciding(each) for each in asked], take), strict=True))
            return objects(known[each] for each in sets)

        empty = self.sizes[self.sets] == 0
        why: Codes | None = np.where(empty, NO_COMPARISON, 0).astype(np.int8) if empty.any() else None
        return Column(number[self.sets], why, of_units)

    def mean(self) -> Column:
        counted = np.flatnonzero(self.counted)
        total = self.column.number[counted].total_at(self.sets[counted], self.count)
        sizes = Bounded(np.maximum(self.sizes, 1).astype(np.float64), whole=True)
        return self._of_sets(total / sizes, self.members, lambda values: Rational(values.sum()) / len(values))

    def _taken(self, members: Sequence[Positions], take: Callable[[Objects], Rational]) -> list[Rational]:
        """What `take` makes of the exact numbers of each of several sets of units, asked for all at once."""
        if not members:
            return []
        values = self.column.exact(np.concatenate(members))
        bounds = np.cumsum([0, *map(len, members)])
        return [take(values[start:end]) for start, end in pairwise(bounds)]

    def lowest(self) -> Column:
        return self._extreme(1.0)

    def highest(self) -> Column:
        return self._extreme(-1.0)

    def _extreme(self, sign: float) -> Column:
        members, starts = self._members
        values = np.append(sign * self.column.number.value[members], np.inf)
        found = np.minimum.reduceat(values, starts[:-1]) if self.count else np.empty(0)
        found = np.where(self.sizes > 0, sign * found, 0.0)
        number = self.column.number
        absolute: Floats | float = 0.0
        if isinstance(number.absolute, np.ndarray):
            absolute = np.maximum.reduceat(
                np.append(np.broadcast_to(number.absolute, self.sets.shape)[members], 0.0), starts[:-1]
            )
        extreme = Bounded(found, number.relative, absolute, whole=number.whole, literal=number.literal)
        take: Callable[[Any], Rational] = min if sign > 0 else max
        return self._of_sets(extreme, lambda each: self._candidates(each, sign), take)

    def _candidates(self, number: int, sign: float) -> Positions:
        """Those members alone that may be the extreme."""
        members = self.members(number)
        values = sign * self.column.number.value[members]
        errors = np.broadcast_to(self.column.number.error(), self.sets.shape)[members]
        with np.errstate(invalid="ignore"):
            candidates: Positions = members[~(values - errors > (values + errors).min())]
        return candidates

    def places(self, higher_is_better: bool) -> Column:
        """Place within the set, 1 is best, equal numbers share the better one. Always exact."""
        places = np.zeros(len(self.sets), dtype=np.int64)
        for number in range(self.count):
            if self.sizes[number]:
                self._place_set(number, -1.0 if higher_is_better else 1.0, places)
        empty = self.sizes[self.sets] == 0
        return whole_column(places, np.where(empty, NO_COMPARISON, 0).astype(np.int8) if empty.any() else None)

    def _place_set(self, number: int, sign: float, places: Positions) -> None:
        members = self.members(number)
        keys = sign * self.column.number.value[members]
        order = np.argsort(keys, kind="stable")
        ranked = members[order]
        places[ranked] = 1 + first_of_ties(keys[order])
        if not self.column.number.comparable:
            self._settle_open_places(ranked, keys[order], sign, places)
        others = np.flatnonzero((self.sets == number) & ~self.counted & self.column.known)
        for unit in others:
            places[unit] = 1 + self._better_members(int(unit), ranked, keys[order], sign)

    def _settle_open_places(self, ranked: Positions, keys: Floats, sign: float, places: Positions) -> None:
        """Places of neighbours that are nearer than their errors, by their exact numbers."""
        errors = np.broadcast_to(self.column.number.error(), self.sets.shape)[ranked]
        for start, end in open_runs(keys, errors):
            exact = [(-1 if sign < 0 else 1) * value for value in self.column.exact(ranked[start:end])]
            ordered = sorted(exact)
            for unit, value in zip(ranked[start:end], exact, strict=True):
                places[unit] = 1 + start + bisect_left(ordered, value)

    def _better_members(self, unit: int, ranked: Positions, keys: Floats, sign: float) -> int:
        """How many counted members are better than a unit that does not count itself."""
        errors = np.broadcast_to(self.column.number.error(), self.sets.shape)
        key = sign * self.column.number.value[unit]
        bound = errors[ranked] + errors[unit]
        surely = keys + bound < key
        open_ones = ranked[~surely & ~(keys - bound > key)]
        own = self.column.exact(np.array([unit]))[0]
        better = [(value > own) if sign < 0 else (value < own) for value in self.column.exact(open_ones)]
        return int(surely.sum()) + sum(map(bool, better))


def first_of_ties(keys: Floats | Positions) -> Positions:
    """For sorted keys, the position of the first of its equals.

    >>> first_of_ties(np.array([1.0, 2.0, 2.0, 5.0])).tolist()
    [0, 1, 1, 3]
    """
    starts = np.zeros(len(keys), dtype=np.int64)
    starts[1:] = np.where(keys[1:] != keys[:-1], np.arange(1, len(keys)), 0)
    return np.maximum.accumulate(starts)


def open_runs(keys: Floats, errors: Floats) -> list[tuple[int, int]]:
    """Runs [start, end) of sorted keys whose neighbours lie within their errors of each other.

    >>> open_runs(np.array([1.0, 2.0, 2.1, 5.0]), np.full(4, 0.1))
    [(1, 3)]
    """
    # Over all before and all after: one number of large error may reach past its neighbour.
    with np.errstate(invalid="ignore"):
        highest = np.maximum.accumulate(keys + errors)
        lowest = np.minimum.accumulate((keys - errors)[::-1])[::-1]
        apart = highest[:-1] < lowest[1:]
    edges = np.flatnonzero(np.concatenate([[True], apart, [True]]))
    return [(int(a), int(b)) for a, b in pairwise(edges) if b - a > 1]
