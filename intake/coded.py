"""Columns as numbers of their distinct values: what is asked of a value is asked once, however many rows have it.

Here belongs only this way of keeping columns. What is asked is said by the modules that read cells.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

Mask: TypeAlias = npt.NDArray[np.bool_]
T = TypeVar("T")
S = TypeVar("S")
_LARGEST = 2**62
_CHUNK = 1 << 16
_MOST_COUNTED = 4  # counting each number that could be is quicker than hashing those that are
_TEXT = pa.large_string()


class Coded(Generic[T]):
    """Row `n` has the value `distinct[numbers[n]]`; the values can be hashed."""

    def __init__(self, numbers: npt.NDArray[np.int64], distinct: Sequence[T]) -> None:
        self.numbers, self.distinct = numbers, distinct

    def __len__(self) -> int:
        return len(self.numbers)

    def map(self, function: Callable[[T], S]) -> "Coded[S]":
        """The function of every value; equal results have one number."""
        places: dict[S, int] = {}
        merged = [places.setdefault(function(value), len(places)) for value in self.distinct]
        same = len(places) == len(merged)
        return Coded(self.numbers if same else np.array(merged, dtype=np.int64)[self.numbers], list(places))

    def where(self, holds: Callable[[T], bool]) -> Mask:
        """The rows whose value has it."""
        if not len(self.numbers):
            return np.zeros(0, dtype=bool)
        held: Mask = np.array([holds(value) for value in self.distinct], dtype=bool)[self.numbers]
        return held

    def beside(self, other: "Coded[S]") -> "Coded[tuple[T, S]]":
        """The pairs of values in each row."""
        if len(other.distinct) == 1:
            return Coded(self.numbers, [(one, other.distinct[0]) for one in self.distinct])
        if len(self.distinct) == 1:
            return Coded(other.numbers, [(self.distinct[0], two) for two in other.distinct])
        count = max(len(other.distinct), 1)
        numbers, found = _numbered(self.numbers * count + other.numbers, len(self.distinct) * count)
        ones, twos = (found // count).tolist(), (found % count).tolist()
        return Coded(numbers, [(self.distinct[one], other.distinct[two]) for one, two in zip(ones, twos, strict=True)])

    def texts(self, where: Mask | None = None) -> pd.Series:
        """The values as they were, of all rows or of those given."""
        numbers = self.numbers if where is None else self.numbers[where]
        return spread(pd.Series(list(self.distinct), dtype="str"), numbers)


def _numbered(keys: npt.NDArray[np.int64], most: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Numbers from 0 for keys below `most`, and the key of each number."""
    if most > len(keys):
        numbers, found = pd.factorize(keys)
        return numbers, found
    present = np.zeros(most, dtype=bool)
    present[keys] = True
    return (np.cumsum(present) - 1)[keys], np.flatnonzero(present)


def spread(values: pd.Series, numbers: npt.NDArray[np.int64]) -> pd.Series:
    """`values[numbers]` under an index of its own."""
    if len(values) == 1 and len(numbers):
        return pd.Series(pd.array(repeated(values.iloc[0], len(numbers)), dtype="str"))
    return pd.Series(values.array.take(numbers))


def repeated(text: str, count: int) -> Any:
    """An Arrow column of the same text so many times; its chunks are one piece of memory."""
    chunk = pa.repeat(pa.scalar(text, _TEXT), min(count, _CHUNK))
    whole, rest = divmod(count, _CHUNK)
    return pa.chunked_array([*[chunk] * whole, chunk.slice(0, rest)] if count > _CHUNK else [chunk], _TEXT)


def coded(texts: pd.Series) -> Coded[str]:
    numbers, distinct = pd.factorize(texts)
    return Coded(numbers, distinct.tolist())


def row_numbers(columns: Sequence[Coded[Any]]) -> tuple[npt.NDArray[np.int64], int]:
    """One number per row, the same where all columns have the same numbers; and a number above all of them."""
    numbers, most = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        count = max(len(column.distinct), 1)
        if most * count >= _LARGEST:
            numbers, found = pd.factorize(numbers)
            most = len(found)
        numbers, most = numbers * count + column.numbers, most * count
    return numbers, most


def repeated_numbers(numbers: npt.NDArray[np.int64], most: int) -> Mask:
    """Which of the numbers, all below `most`, are there more than once."""
    if most > _MOST_COUNTED * len(numbers):
        return np.asarray(pd.Series(numbers).duplicated(keep=False), dtype=bool)
    repeated: Mask = (np.bincount(numbers, minlength=most) > 1)[numbers]
    return repeated
