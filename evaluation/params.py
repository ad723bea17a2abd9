"""Numbers of a rulebook, one for all classes of units or one for each, in every arithmetic.

Here belongs that their arrays are made once per definition, as nothing changes them. What the numbers mean
is said where they are used.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np

from evaluation.arithmetic import Bools, Numbers, Objects
from evaluation.bounded import Bounded
from evaluation.columns import constants
from evaluation.exact import Exact, Rational, objects
from evaluation.ratios import Ratios

T = TypeVar("T")
Arithmetic: TypeAlias = Literal["floats", "ratios", "fractions"]


class Param(tuple[Fraction, ...]):
    """One number for all classes (a tuple of one), or one for each class; each array is of its length."""

    @cached_property
    def floats(self) -> Bounded:
        return constants(self)

    @cached_property
    def fractions(self) -> Objects:
        return objects(map(Rational, self))

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


def tabled(params: Sequence[Param], arithmetic: Arithmetic, classes: int) -> tuple[Numbers, Bools | None]:
    """The params as rows: of one number where each is one for everybody, else by class.

    With it, which of them do not fit into 64 bits and are 0 here; None: all fit.
    """

    def rows(arrays: Sequence[Any]) -> Any:
        same = all(len(array) == 1 for array in arrays)
        return np.stack(arrays if same else [np.broadcast_to(array, classes) for array in arrays])

    if arithmetic == "fractions":
        return Exact(rows([param.fractions for param in params])), None
    if arithmetic == "ratios":
        ratios, over = zip(*(param.ratios for param in params), strict=True)
        numbers = Ratios(rows([one.top for one in ratios]), rows([one.bottom for one in ratios]))
        return numbers, rows(over) if any(one.any() for one in over) else None
    floats = [param.floats for param in params]
    whole, literal = all(one.whole for one in floats), all(one.literal for one in floats)
    relative = max(one.relative for one in floats)
    values, least = rows([one.value for one in floats]), min(one.least for one in floats)
    return Bounded(values, relative, whole=whole, literal=literal, least=least), None


def combine(function: Callable[..., T], *given: tuple[Any, ...]) -> tuple[T, ...]:
    """The function of one value from each tuple, class by class."""
    count = max(map(len, given))
    if count == 1:
        return (function(*(one[0] for one in given)),)
    return tuple(function(*(one[at % len(one)] for one in given)) for at in range(count))
