"""Arrays of ratios of 64-bit integers: exact like fractions, fast like floats, as long as the integers fit.

Here belong the operators of `arithmetic.py` for them. A cell whose integers do not fit is noted as a doubt
and holds 0 from then on; whoever computes sees to it that it is computed again with `exact.py`.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Self

import numpy as np

from evaluation.arithmetic import Bools, Floats, Numbers, Positions, spread
from evaluation.exact import Rational

LIMIT = 2.0**62


class Ratios(Numbers):
    """`top` / `bottom`, the bottom positive; `doubts` has the shape of the block."""

    __slots__ = ("bottom", "doubts", "top")

    def __init__(self, top: Positions, bottom: Positions, doubts: Bools | None = None) -> None:
        self.top = top
        self.bottom = bottom
        self.doubts = doubts

    @classmethod
    def of(cls, fractions: Iterable[Fraction], doubts: Bools | None = None) -> "Ratios":
        """One row of fractions; those that do not fit are doubts."""
        pairs = [(one.numerator, one.denominator) for one in fractions]
        fits = [abs(top) < LIMIT and bottom < LIMIT for top, bottom in pairs]
        whole = np.array([pair if fit else (0, 1) for pair, fit in zip(pairs, fits, strict=True)], dtype=np.int64)
        whole = whole.reshape(len(pairs), 2)
        made = cls(whole[:, 0], whole[:, 1], doubts)
        if not all(fits):
            made._note(~np.array(fits, dtype=bool))
        return made

    @property
    def shape(self) -> tuple[int, ...]:
        return self.top.shape

    @property
    def value(self) -> Any:
        """The ratios as exact numbers."""
        pairs = zip(self.top.ravel().tolist(), self.bottom.ravel().tolist(), strict=True)
        fractions = np.empty(self.top.size, dtype=object)
        fractions[:] = [Rational(top, bottom) for top, bottom in pairs]
        return fractions.reshape(self.top.shape)

    def nearest(self) -> Floats:
        """Floats within three halves of a unit in the last place."""
        return self.top / self.bottom

    def noting(self, doubts: Bools | None) -> Self:
        return type(self)(self.top, self.bottom, doubts)

    def _note(self, mask: Bools) -> None:
        if self.doubts is None:
            raise ArithmeticError("an integer does not fit and nobody asked for doubts")
        self.doubts |= mask

    def _sink(self, other: Self) -> Bools | None:
        return self.doubts if self.doubts is not None else other.doubts

    def _times(self, one: Positions, other: Positions) -> Positions:
        """The product, 0 and a doubt where it does not fit."""
        size = np.abs(one.astype(np.float64) * other)
        if size.max(initial=0.0) < LIMIT:
            return one * other
        over = size >= LIMIT
        self._note(over)
        return np.where(over, 0, one) * np.where(over, 0, other)

    def _made(self, top: Positions, bottom: Positions, other: Self) -> Self:
        """In lowest terms; a bottom of 0 stands for what did not fit."""
        bottom = np.where(bottom == 0, 1, bottom)
        common = np.gcd(top, bottom)
        return type(self)(top // common, bottom // common, self._sink(other))

    def __add__(self, other: Self) -> Self:
        here = self.noting(self._sink(other))
        common = np.gcd(self.bottom, other.bottom)
        rest = other.bottom // common
        top = here._times(self.top, rest)
        more = here._times(other.top, self.bottom // common)
        size = np.abs(top.astype(np.float64) + more)
        if size.max(initial=0.0) >= LIMIT:
            here._note(size >= LIMIT)
            top, more = np.where(size >= LIMIT, 0, top), np.where(size >= LIMIT, 0, more)
        return here._made(top + more, here._times(self.bottom, rest), other)

    def __sub__(self, other: Self) -> Self:
        return self + type(self)(-other.top, other.bottom, other.doubts)

    def __mul__(self, other: Self) -> Self:
        here = self.noting(self._sink(other))
        left, right = np.gcd(self.top, other.bottom), np.gcd(other.top, self.bottom)
        top = here._times(self.top // left, other.top // right)
        return here._made(top, here._times(self.bottom // right, other.bottom // left), other)

    def __truediv__(self, other: Self) -> Self:
        sign = np.where(other.top < 0, -1, 1)
        safe = np.where(other.top == 0, 1, np.abs(other.top))
        return self * type(self)(other.bottom * sign, safe, other.doubts)

    def __getitem__(self, index: Any) -> Self:
        return type(self)(self.top[index], self.bottom[index])

    @classmethod
    def joined(cls, rows: Any) -> Self:
        return cls(np.concatenate([row.top for row in rows]), np.concatenate([row.bottom for row in rows]))

    def spread(self, shape: tuple[int, ...]) -> Self:
        return type(self)(spread(self.top, shape), spread(self.bottom, shape), self.doubts)

    def absolute_value(self) -> Self:
        return type(self)(np.abs(self.top), self.bottom, self.doubts)

    def floor(self) -> Self:
        return type(self)(self.top // self.bottom, np.ones_like(self.bottom), self.doubts)

    def minimum(self, other: Self) -> Self:
        return self.where(other.at_least(self), other)

    def maximum(self, other: Self) -> Self:
        return self.where(self.at_least(other), other)

    def where(self, condition: Bools, other: Self) -> Self:
        return type(self)(
            np.where(condition, self.top, other.top),
            np.where(condition, self.bottom, other.bottom),
            self._sink(other),
        )

    def _sides(self, other: Self) -> tuple[Positions, Positions]:
        here = self.noting(self._sink(other))
        return here._times(self.top, other.bottom), here._times(other.top, self.bottom)

    def at_least(self, other: Self) -> Bools:
        left, right = self._sides(other)
        return np.asarray(left >= right, dtype=bool)

    def above(self, other: Self) -> Bools:
        left, right = self._sides(other)
        return np.asarray(left > right, dtype=bool)

    def equals(self, other: Self) -> Bools:
        left, right = self._sides(other)
        return np.asarray(left == right, dtype=bool)

    def total(self) -> Self:
        total = type(self)(np.zeros(self.shape[1:], np.int64), np.ones(self.shape[1:], np.int64), self.doubts)
        for row in range(len(self.top)):
            total = total + self[row]
        return total

    def rounded(self) -> Self:
        """(2·|top| + bottom) // (2·bottom), without leaving 64 bits: the rest decides."""
        size = np.abs(self.top)
        whole, rest = size // self.bottom, size % self.bottom
        up = rest >= self.bottom - rest
        return type(self)((whole + up) * np.sign(self.top), np.ones_like(self.bottom), self.doubts)
