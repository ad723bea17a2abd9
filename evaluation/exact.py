"""Arrays of exact numbers: no error and no doubt, at the price of time.

Here belong the operators of `arithmetic.py` for them and the type they have, and nothing else.
"""

import math
from collections.abc import Iterable
from typing import Any, Self, TypeAlias

import numpy as np
from gmpy2 import mpq

from evaluation.arithmetic import Bools, Floats, Numbers, Objects, spread

# What the engine computes exactly with: GMP's rationals, equal to fractions and hashed like them, and ten times as
# fast. Definitions hold `fractions.Fraction`, of which these are made once.
Rational: TypeAlias = mpq
NOTHING, HALF = Rational(0), Rational(1, 2)

_floor = np.frompyfunc(lambda number: int(number // 1), 1, 1)
_quotient = np.frompyfunc(lambda a, b: Rational(a) / b, 2, 1)


def objects(values: Iterable[Any]) -> Objects:
    """A one-dimensional array of the values as they are."""
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


class Exact(Numbers):
    """Arrays of `Rational` (or int): no error and no doubt, at the price of time."""

    __slots__ = ("value",)
    value: Objects

    def __init__(self, value: Objects) -> None:
        self.value = value

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def nearest(self) -> Floats:
        return np.array([_float(one) for one in self.value.ravel()]).reshape(self.value.shape)

    def __add__(self, other: Self) -> Self:
        return type(self)(self.value + other.value)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.value - other.value)

    def __mul__(self, other: Self) -> Self:
        return type(self)(self.value * other.value)

    def __truediv__(self, other: Self) -> Self:
        safe = np.where(_as_bools(other.value != 0), other.value, 1)
        return type(self)(np.asarray(_quotient(self.value, safe), dtype=object))

    def __getitem__(self, index: Any) -> Self:
        return type(self)(self.value[index])

    @classmethod
    def joined(cls, rows: Any) -> Self:
        return cls(np.concatenate([row.value for row in rows]))

    def spread(self, shape: tuple[int, ...]) -> Self:
        return type(self)(spread(self.value, shape))

    def absolute_value(self) -> Self:
        return type(self)(np.abs(self.value))

    def floor(self) -> Self:
        return type(self)(np.asarray(_floor(self.value), dtype=object))

    def minimum(self, other: Self) -> Self:
        return type(self)(np.minimum(self.value, other.value))

    def maximum(self, other: Self) -> Self:
        return type(self)(np.maximum(self.value, other.value))

    def where(self, condition: Bools, other: Self) -> Self:
        return type(self)(np.where(condition, self.value, other.value))

    def at_least(self, other: Self) -> Bools:
        return _as_bools(self.value >= other.value)

    def above(self, other: Self) -> Bools:
        return _as_bools(self.value > other.value)

    def equals(self, other: Self) -> Bools:
        return _as_bools(self.value == other.value)

    def total(self) -> Self:
        return type(self)(np.asarray(self.value.sum(axis=0), dtype=object))

    def rounded(self) -> Self:
        away = np.where(_as_bools(self.value < 0), -1, 1)
        return type(self)(np.asarray(_floor(np.abs(self.value) + HALF), dtype=object) * away)


def _float(number: Any) -> float:
    """The nearest float, infinite where there is none."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _as_bools(comparison: Any) -> Bools:
    return np.asarray(comparison, dtype=bool)
