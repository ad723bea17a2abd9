"""Floats with a bound on their error, as cells: which are picked, joined, replaced, and what holds of them.

Here belongs how bounds and flags travel with cells. What operators make of them is in `bounded.py`.
"""

import math
from abc import ABC
from collections.abc import Callable
from typing import Any, Self

import numpy as np

from evaluation.arithmetic import Bools, Floats, Numbers, spread

HALF_ULP = 2.0**-53
# Covers the products of bounds that formulas leave out, and the rounding of the bounds themselves.
SLACK = 1 + 2.0**-20


class BoundedCells(Numbers, ABC):
    """float64 whose error is at most `relative`·2⁻⁵³·|value| + `absolute`, and not below `least`.

    `whole`: every value is an integer below 2⁵³, without error. `literal`: every value is the nearest float
    of a decimal of at most 15 digits, so that two of them compare as the decimals do. `certain`, where
    given, tells which cells of a quotient have no error. Open comparisons are added to `doubts`, an array
    of the shape of the block in which the numbers are used; parts and sums have none until `noting` gives them.
    """

    __slots__ = ("absolute", "certain", "doubts", "least", "literal", "relative", "value", "whole")

    value: Floats

    def __init__(
        self,
        value: Floats,
        relative: float = 0.0,
        absolute: Floats | float = 0.0,
        *,
        whole: bool = False,
        literal: bool = False,
        least: float = -math.inf,
        certain: Callable[[], Bools] | None = None,
        doubts: Bools | None = None,
    ) -> None:
        self.value = value
        self.relative = relative
        self.absolute = absolute
        self.whole = whole
        self.literal = literal
        self.least = least
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
            least=self.least,
            certain=None if certain is None else lambda: certain()[index],
        )

    def noting(self, doubts: Bools | None) -> Self:
        return type(self)(
            self.value,
            self.relative,
            self.absolute,
            whole=self.whole,
            literal=self.literal,
            least=self.least,
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
            least=min(row.least for row in rows),
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
            spread(self.value, shape),
            self.relative,
            self.absolute,
            whole=self.whole,
            literal=self.literal,
            least=self.least,
            doubts=self.doubts,
        )

    @property
    def comparable(self) -> bool:
        """Whether floats of this kind compare as the numbers that they stand for."""
        return self.whole or self.literal

    def _quality(self, other: Self) -> dict[str, Any]:
        """What holds of numbers of which each is one of these or one of the others."""
        absolute: Floats | float = 0.0
        if not (is_zero(self.absolute) and is_zero(other.absolute)):
            absolute = np.maximum(self.absolute, other.absolute)
        return {
            "relative": max(self.relative, other.relative),
            "absolute": absolute,
            "whole": self.whole and other.whole,
            "literal": self.comparable and other.comparable,
            "least": min(self.least, other.least),
        }

    def _note(self, mask: Bools, other: Self) -> None:
        doubts = self.doubts if self.doubts is not None else other.doubts
        if doubts is None:
            if mask.any():
                raise ArithmeticError("a comparison is open and nobody asked for doubts")
            return
        doubts |= mask


def from_zero(*numbers: BoundedCells) -> float:
    """What is added, multiplied or divided of numbers none of which is below zero is not either."""
    return 0.0 if all(one.least >= 0.0 for one in numbers) else -math.inf


def is_zero(bound: Floats | float) -> bool:
    return isinstance(bound, float) and bound == 0.0
