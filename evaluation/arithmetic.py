"""Numbers over arrays in three arithmetics that share one interface, so that every formula is written once.

`bounded.py` computes fast and knows what it cannot decide; `ratios.py` decides that as long as integers fit
into 64 bits, and `exact.py` what is left. Here belongs what all can do, and nothing about evaluations.
"""

import math
from abc import ABC, abstractmethod
from typing import Any, Self, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Codes: TypeAlias = npt.NDArray[np.int8]
Positions: TypeAlias = npt.NDArray[np.int64]
ShortPositions: TypeAlias = npt.NDArray[np.int32]
Objects: TypeAlias = npt.NDArray[np.object_]


def spread(array: Any, shape: tuple[int, ...]) -> Any:
    """The array in that shape, as `np.broadcast_to`, which is slow to find out that nothing is to be done."""
    return array if array.shape == shape else np.broadcast_to(array, shape)


class Numbers(ABC):
    """An array of numbers; operands are of the same class and broadcast."""

    @property
    @abstractmethod
    def value(self) -> Any:
        """The numbers as floats or fractions."""

    @property
    @abstractmethod
    def shape(self) -> tuple[int, ...]: ...

    least: float = -math.inf
    """No number has a nearest float below it, as far as is known: where it is 0, no number is below 0."""

    def noting(self, doubts: Bools | None) -> Self:
        """The same numbers, whose open comparisons go to other doubts."""
        return self

    @abstractmethod
    def __add__(self, other: Any) -> Self: ...

    @abstractmethod
    def __sub__(self, other: Any) -> Self: ...

    @abstractmethod
    def __mul__(self, other: Any) -> Self: ...

    @abstractmethod
    def __truediv__(self, other: Any) -> Self:
        """The quotient; what is divided by zero is not a number and has to be masked by the caller."""

    @abstractmethod
    def __getitem__(self, index: Any) -> Self: ...

    @abstractmethod
    def absolute_value(self) -> Self: ...

    @abstractmethod
    def floor(self) -> Self: ...

    @abstractmethod
    def minimum(self, other: Any) -> Self: ...

    @abstractmethod
    def maximum(self, other: Any) -> Self: ...

    @abstractmethod
    def where(self, condition: Bools, other: Any) -> Self:
        """These numbers where the condition holds, the other ones elsewhere."""

    @abstractmethod
    def at_least(self, other: Any) -> Bools: ...

    @abstractmethod
    def above(self, other: Any) -> Bools: ...

    @abstractmethod
    def equals(self, other: Any) -> Bools: ...

    @abstractmethod
    def total(self) -> Self:
        """The sum over the first axis."""

    @abstractmethod
    def rounded(self) -> Self:
        """The nearest whole number; halves away from zero."""

    @classmethod
    @abstractmethod
    def joined(cls, rows: Any) -> Self:
        """Numbers one below the other."""

    @abstractmethod
    def spread(self, shape: tuple[int, ...]) -> Self:
        """Broadcast to a shape."""
