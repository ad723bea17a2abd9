"""float64 arrays with a bound on their error: fast, and aware of every comparison that the bound leaves open.

Here belong the operators and what they do to the bound. Open comparisons are noted as *doubts*; whoever
computes sees to it that doubtful cells are computed again with `exact.py`.
"""

from collections.abc import Callable
from typing import Any, Self

import numpy as np

from evaluation.arithmetic import Bools, Floats, Numbers

HALF_ULP = 2.0**-53
# Covers the products of bounds that the formulas below leave out, and the rounding of the bounds themselves.
SLACK = 1 + 2.0**-20
WHOLE_LIMIT = 2.0**53


class Bounded(Numbers):
    """float64 whose error is at most `relative`·2⁻⁵³·|value| + `absolute`.

    `whole`: every value is an integer below 2⁵³, without error. `literal`: every value is the nearest float
    of a decimal of at most 15 digits, so that two of them compare as the decimals do. `certain`, where
    given, tells which cells of a quotient have no error. Open comparisons are added to `doubts`, an array
    of the shape of the block in which the numbers are used; parts and sums have none until `noting` gives them.
    """

    __slots__ = ("absolute", "certain", "doubts", "literal", "relative", "value", "whole")

    value: Floats

    def __init__(
        self,
        value: Floats,
        relative: float = 0.0,
        absolute: Floats | float = 0.0,
        *,
        whole: bool = False,
        literal: bool = False,
        certain: Callable[[], Bools] | None = None,
        doubts: Bools | None = None,
    ) -> None:
        self.value = value
        self.relative = relative
        self.absolute = absolute
        self.whole = whole
        self.literal = literal
        self.certain = certain
        self.doubts = doubts

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def error(self) -> Floats | float:
        """The bound of every cell."""
        if self.relative == 0.0:
            return self.absolute
        return np.abs(self.value) * (self.relative * HALF_ULP * SLACK) + self.absolute * SLACK

    def _like(self, other: Self, value: Floats, **stated: Any) -> Self:
        return type(self)(value, doubts=self.doubts if self.doubts is not None else other.doubts, **stated)

    def _sum(self, other: Self, value: Floats) -> Self:
        if self.whole and other.whole and _within_whole_limit(value):
            return self._like(other, value, whole=True)
        return self._like(other, value, relative=1.0, absolute=self.error() + other.error())

    def __add__(self, other: Self) -> Self:
        return self._sum(other, self.value + other.value)

    def __sub__(self, other: Self) -> Self:
        return self._sum(other, self.value - other.value)

    def __mul__(self, other: Self) -> Self:
        value = self.value * other.value
        if self.whole and other.whole and _within_whole_limit(value):
            return self._like(other, value, whole=True)
        absolute: Floats | float = 0.0
        if not (_is_zero(self.absolute) and _is_zero(other.absolute)):
            with np.errstate(invalid="ignore", over="ignore"):
                absolute = self._error_of_product(other)
        return self._like(other, value, relative=self.relative + other.relative + 1.0, absolute=absolute)

    def _error_of_product(self, other: Self) -> Floats | float:
        own = self.error()
        return own * np.abs(other.value) + (np.abs(self.value) + own) * other.error()

    def __truediv__(self, other: Self) -> Self:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            value = self.value / other.value
            absolute: Floats | float = 0.0
            if not (_is_zero(self.absolute) and _is_zero(other.absolute)):
                least = np.abs(other.value) - other.error()
                reach = (self.error() + np.abs(value) * other.error()) / least
                absolute = np.where(least > 0, reach, np.inf)
        certain = (lambda: self.value == other.value) if self.comparable and other.comparable else None
        relative = self.relative + other.relative + 1.0
        return self._like(other, value, relative=relative, absolute=absolute, certain=certain)

    def __getitem__(self, index: Any) -> Self:
        absolute = self.absolute
        if isinstance(absolute, np.ndarray):
            absolute = np.broadcast_to(absolute, self.shape)[index]
        certain = self.certain
        return type(self)(
            self.value[index],
            self.relative,
            absolute,
            whole=self.whole,
            literal=self.literal,
            certain=None if certain is None else lambda: certain()[index],
        )

    def noting(self, doubts: Bools | None) -> Self:
        return type(self)(
            self.value,
            self.relative,
            self.absolute,
            whole=self.whole,
            literal=self.literal,
            certain=self.certain,
            doubts=doubts,
        )

    @classmethod
    def joined(cls, rows: Any) -> Self:
        absolute = np.concatenate([np.broadcast_to(row.absolute, row.shape) for row in rows])
        return cls(
            np.concatenate([row.value for row in rows]),
            max(row.relative for row in rows),
            absolute if absolute.any() else 0.0,
            whole=all(row.whole for row in rows),
            literal=all(row.comparable for row in rows),
        )

    def patched(self, where: Any, exact: Any) -> Self:
        """The same numbers, some of which were found exactly (`exact`: numbers of another arithmetic)."""
        value = np.array(self.value)
        value[where] = exact.nearest()
        absolute = np.array(np.broadcast_to(self.absolute, self.shape))
        absolute[where] = 0.0
        bound: Floats | float = absolute if absolute.any() else 0.0
        return type(self)(value, max(self.relative, 3.0), bound, doubts=self.doubts)

    def spread(self, shape: tuple[int, ...]) -> Self:
        return type(self)(
            np.broadcast_to(self.value, shape),
            self.relative,
            self.absolute,
            whole=self.whole,
            literal=self.literal,
            doubts=self.doubts,
        )

    @property
    def comparable(self) -> bool:
        """Whether floats of this kind compare as the numbers that they stand for."""
        return self.whole or self.literal

    def absolute_value(self) -> Self:
        return self._like(self, np.abs(self.value), **self._quality(self))

    def _quality(self, other: Self) -> dict[str, Any]:
        """What holds of numbers of which each is one of these or one of the others."""
        absolute: Floats | float = 0.0
        if not (_is_zero(self.absolute) and _is_zero(other.absolute)):
            absolute = np.maximum(self.absolute, other.absolute)
        return {
            "relative": max(self.relative, other.relative),
            "absolute": absolute,
            "whole": self.whole and other.whole,
            "literal": self.comparable and other.comparable,
        }

    def minimum(self, other: Self) -> Self:
        return self._like(other, np.minimum(self.value, other.value), **self._quality(other))

    def maximum(self, other: Self) -> Self:
        return self._like(other, np.maximum(self.value, other.value), **self._quality(other))

    def where(self, condition: Bools, other: Self) -> Self:
        quality = self._quality(other)
        if isinstance(quality["absolute"], np.ndarray):
            quality["absolute"] = np.where(condition, self.absolute, other.absolute)
        return self._like(other, np.where(condition, self.value, other.value), **quality)

    def at_least(self, other: Self) -> Bools:
        self._note_ties(other)
        return self.value >= other.value

    def above(self, other: Self) -> Bools:
        self._note_ties(other)
        return self.value > other.value

    def equals(self, other: Self) -> Bools:
        self._note_ties(other)
        return self.value == other.value

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
        return self.certain() if self.certain is not None and other.relative == 0.0 else False

    def _note(self, mask: Bools, other: Self) -> None:
        doubts = self.doubts if self.doubts is not None else other.doubts
        if doubts is None:
            if mask.any():
                raise ArithmeticError("a comparison is open and nobody asked for doubts")
            return
        doubts |= mask

    def floor(self) -> Self:
        if self.whole:
            return self
        nearest = np.rint(self.value)
        with np.errstate(invalid="ignore"):
            bound = self.error()
            apart = (np.abs(self.value - nearest) > bound) | (bound == 0.0)
            self._note(~apart | (np.abs(self.value) > WHOLE_LIMIT / 4), self)
        return self._like(self, np.floor(self.value), whole=True)

    def total(self) -> Self:
        value = self.value.sum(axis=0)
        if self.whole and np.abs(self.value).sum(axis=0).max(initial=0.0) < WHOLE_LIMIT:
            return type(self)(value, whole=True)
        errors = np.broadcast_to(self.error(), self.shape).sum(axis=0)
        rounding = np.abs(self.value).sum(axis=0) * (len(self.value) * HALF_ULP)
        return type(self)(value, absolute=(errors + rounding) * SLACK)

    def rounded(self) -> Self:
        if self.whole:
            return self
        shifted = self.value + 0.5
        result = np.floor(shifted)
        with np.errstate(invalid="ignore"):
            gap = np.abs(shifted - np.rint(shifted))
        self._note(~(gap > self._rounding_error()), self)
        return self._like(self, result, whole=True)

    def _rounding_error(self) -> Floats | float:
        """The bound with the addition of one half in it; one number for all cells where they are small."""
        largest = float(np.abs(self.value).max(initial=0.0))
        relative = (self.relative + 1.0) * HALF_ULP * SLACK
        if largest * relative < 1e-9:
            return (largest + 1.0) * relative + self.absolute
        bound = (np.abs(self.value) + 1.0) * relative + self.absolute
        return np.where(np.abs(self.value) < WHOLE_LIMIT / 4, bound, np.inf)


def _is_zero(bound: Floats | float) -> bool:
    return isinstance(bound, float) and bound == 0.0


def _within_whole_limit(value: Floats) -> bool:
    return bool(np.abs(value).max(initial=0.0) < WHOLE_LIMIT)
