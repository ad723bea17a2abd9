"""float64 arrays with a bound on their error: fast, and aware of every comparison that the bound leaves open.

Here belong the operators and what they do to the bound. Open comparisons are noted as *doubts*; whoever
computes sees to it that doubtful cells are computed again in another arithmetic.
"""

import math
from collections.abc import Callable
from typing import Any, Self

import numpy as np

from evaluation.arithmetic import Bools, Floats, Positions
from evaluation.bounded_cells import HALF_ULP, SLACK, BoundedCells, from_zero, is_zero

WHOLE_LIMIT = 2.0**53


class Bounded(BoundedCells):
    """Operators over floats with a bound on their error."""

    __slots__ = ()

    def _sum(self, other: Self, value: Floats, least: float) -> Self:
        if self.whole and other.whole and _within_whole_limit(value):
            return self._like(other, value, whole=True, least=least)
        return self._like(other, value, relative=1.0, absolute=self.error() + other.error(), least=least)

    def __add__(self, other: Self) -> Self:
        return self._sum(other, self.value + other.value, from_zero(self, other))

    def __sub__(self, other: Self) -> Self:
        return self._sum(other, self.value - other.value, -math.inf)

    def __mul__(self, other: Self) -> Self:
        return self.times(other)

    def times(self, other: Self, out: Floats | None = None) -> Self:
        """The product, whose floats may be put into a given array."""
        value = np.multiply(self.value, other.value, out=out)
        if self.whole and other.whole and _within_whole_limit(value):
            return self._like(other, value, whole=True, least=from_zero(self, other))
        absolute: Floats | float = 0.0
        if not (is_zero(self.absolute) and is_zero(other.absolute)):
            with np.errstate(invalid="ignore", over="ignore"):
                absolute = self._error_of_product(other)
        relative = self.relative + other.relative + 1.0
        return self._like(other, value, relative=relative, absolute=absolute, least=from_zero(self, other))

    def _error_of_product(self, other: Self) -> Floats | float:
        own = self.error()
        return own * np.abs(other.value) + (np.abs(self.value) + own) * other.error()

    def __truediv__(self, other: Self) -> Self:
        absolute: Floats | float = 0.0
        if self.comparable and other.comparable and other.least > 0.0:  # nothing to be silent about
            value = self.value / other.value
        else:
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                value = self.value / other.value
                if not (is_zero(self.absolute) and is_zero(other.absolute)):
                    size = np.abs(other.value) - other.error()
                    reach = (self.error() + np.abs(value) * other.error()) / size
                    absolute = np.where(size > 0, reach, np.inf)
        certain = (lambda: self._divides(other, value)) if self.comparable and other.comparable else None
        relative = self.relative + other.relative + 1.0
        least = from_zero(self, other)
        return self._like(other, value, relative=relative, absolute=absolute, least=least, certain=certain)

    def _divides(self, other: Self, value: Floats) -> Bools:
        """Where a quotient has no error: of equal numbers, and of whole numbers that leave no rest."""
        if not (self.whole and other.whole):
            return np.asarray(self.value == other.value, dtype=bool)
        with np.errstate(invalid="ignore"):
            return np.asarray((np.rint(value) == value) & (value * other.value == self.value), dtype=bool)

    def absolute_value(self) -> Self:
        return self._like(self, np.abs(self.value), **self._quality(self) | {"least": 0.0})

    def minimum(self, other: Self) -> Self:
        quality = self._quality_of_chosen(other, lambda: self.value < other.value)
        return self._like(other, np.minimum(self.value, other.value), **quality)

    def maximum(self, other: Self) -> Self:
        quality = self._quality_of_chosen(other, lambda: self.value > other.value)
        quality["least"] = max(self.least, other.least)
        return self._like(other, np.maximum(self.value, other.value), **quality)

    def _quality_of_chosen(self, other: Self, mine: Callable[[], Bools]) -> dict[str, Any]:
        """What holds of the smaller or larger: where both are clearly apart, the bound of the one taken."""
        quality = self._quality(other)
        if isinstance(quality["absolute"], np.ndarray):
            with np.errstate(invalid="ignore"):
                apart = np.abs(self.value - other.value) > self.error() + other.error()
            own = np.where(mine(), self.absolute, other.absolute)
            quality["absolute"] = np.where(apart, own, quality["absolute"])
        return quality

    def where(self, condition: Bools, other: Self) -> Self:
        quality = self._quality(other)
        if isinstance(quality["absolute"], np.ndarray):
            quality["absolute"] = np.where(condition, self.absolute, other.absolute)
        return self._like(other, np.where(condition, self.value, other.value), **quality)

    def at_least(self, other: Self) -> Bools:
        self._note_ties(other)
        return np.asarray(self.value >= other.value, dtype=bool)

    def above(self, other: Self) -> Bools:
        self._note_ties(other)
        return np.asarray(self.value > other.value, dtype=bool)

    def equals(self, other: Self) -> Bools:
        self._note_ties(other)
        return np.asarray(self.value == other.value, dtype=bool)

    def _note_ties(self, other: Self) -> None:
        if self.comparable and other.comparable:
            return
        with np.errstate(invalid="ignore"):
            bound = self.error() + other.error()
            apart = np.abs(self.value - other.value) > bound
        if not apart.all():
            apart = apart | (bound == 0.0) | self._settled(other) | other._settled(self)
            self._note(~apart, other)

    def _settled(self, other: Self) -> Bools | bool:
        return self.certain() if self.certain is not None and other.whole else False

    def floor(self) -> Self:
        if self.whole:
            return self
        nearest = np.rint(self.value)
        with np.errstate(invalid="ignore"):
            bound = self.error()
            apart = (np.abs(self.value - nearest) > bound) | (bound == 0.0)
            apart = apart if self.certain is None or apart.all() else apart | self.certain()
            self._note(~apart | (np.abs(self.value) > WHOLE_LIMIT / 4), self)
        return self._like(self, np.floor(self.value), whole=True)

    def total(self) -> Self:
        value = self.value.sum(axis=0)
        least = from_zero(self)
        size = value if least == 0.0 else np.abs(self.value).sum(axis=0)
        if self.whole and size.max(initial=0.0) < WHOLE_LIMIT:
            return type(self)(value, whole=True, least=least)
        table = isinstance(self.absolute, np.ndarray)
        errors = np.broadcast_to(self.absolute, self.shape).sum(axis=0) if table else self.absolute * len(self.value)
        rounding = size * ((self.relative + len(self.value)) * HALF_ULP)
        return type(self)(value, absolute=(errors + rounding) * SLACK, least=least)

    def total_at(self, places: Positions, count: int) -> Self:
        """The sum of the numbers at each of `count` places."""
        value = sums_at(places, self.value, count)
        size = sums_at(places, np.abs(self.value), count)
        if self.whole and size.max(initial=0.0) < WHOLE_LIMIT:
            return type(self)(value, whole=True)
        errors = sums_at(places, np.broadcast_to(self.error(), self.shape), count)
        rounding = size * ((np.bincount(places, minlength=count) + 1) * HALF_ULP)
        return type(self)(value, absolute=(errors + rounding) * SLACK)

    def rounded(self) -> Self:
        if self.whole:
            return self
        shifted = self.value + 0.5
        result = np.floor(shifted)
        with np.errstate(invalid="ignore"):
            # In place: how far the shifted number lies from the middle between two whole numbers.
            gap = np.subtract(shifted, result, out=shifted)
            gap = np.abs(np.subtract(gap, 0.5, out=gap), out=gap)
            settled = gap < 0.5 - self._rounding_error()
        if not settled.all():
            self._note(~settled, self)
        return self._like(self, result, whole=True, least=from_zero(self))

    def _rounding_error(self) -> Floats | float:
        """The bound with the addition of one half in it; one number for all cells where they are small."""
        lowest = 0.0 if self.least >= 0.0 else float(self.value.min(initial=0.0))
        largest = max(float(self.value.max(initial=0.0)), -lowest)
        relative = (self.relative + 1.0) * HALF_ULP * SLACK
        if largest * relative < 1e-9:
            return (largest + 1.0) * relative + self.absolute
        bound = (np.abs(self.value) + 1.0) * relative + self.absolute
        return np.where(np.abs(self.value) < WHOLE_LIMIT / 4, bound, np.inf)


def sums_at(places: Positions, values: Floats, count: int) -> Floats:
    """The sum of the values at each place."""
    return np.asarray(np.bincount(places, weights=values, minlength=count), dtype=np.float64)


def _within_whole_limit(value: Floats) -> bool:
    return bool(np.abs(value).max(initial=0.0) < WHOLE_LIMIT)
