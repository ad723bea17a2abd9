"""Numbers of a rulebook, one for all classes of units or one for each, in every arithmetic.

Here belongs that their arrays are made once per definition, as nothing changes them. What the numbers mean
is said where they are used.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import numpy as np

from evaluation.arithmetic import Bools, Objects
from evaluation.bounded import Bounded
from evaluation.columns import constants
from evaluation.exact import objects
from evaluation.ratios import Ratios

T = TypeVar("T")


class Param(tuple[Fraction, ...]):
    """One number for all classes (a tuple of one), or one for each class; each array is of its length."""

    @cached_property
    def floats(self) -> Bounded:
        return constants(self)

    @cached_property
    def fractions(self) -> Objects:
        return objects(self)

    @cached_property
    def ratios(self) -> tuple[Ratios, Bools]:
        """The numbers, and which of them do not fit into 64 bits and are 0 here."""
        over = np.zeros(len(self), dtype=bool)
        return Ratios.of(self, over), over


@lru_cache(maxsize=256)
def constant(value: Fraction) -> Param:
    """The same number for everybody."""
    return Param((value,))


ZERO, ONE = constant(Fraction(0)), constant(Fraction(1))


def combine(function: Callable[..., T], *given: tuple[Any, ...]) -> tuple[T, ...]:
    """The function of one value from each tuple, class by class."""
    count = max(map(len, given))
    if count == 1:
        return (function(*(one[0] for one in given)),)
    return tuple(function(*(one[at % len(one)] for one in given)) for at in range(count))
