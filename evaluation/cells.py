"""Which units are computed and in which arithmetic, and how numbers become arrays for them.

All units are computed in floats; the few that floats leave in doubt again, as ratios of 64-bit integers or
as fractions. Here belongs that choice, so that nothing else has to know of it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Codes, Numbers, Positions
from evaluation.bounded import Bounded
from evaluation.columns import Column, ratios_of
from evaluation.exact import Exact
from evaluation.params import Arithmetic, Param, tabled
from evaluation.unit_classes import UnitClasses

# For no more units than this, fractions are done before arrays are set up.
FEW = 20


@dataclass(frozen=True, eq=False)
class Cells:
    """`units` None: all units."""

    classes: UnitClasses
    units: Positions | None = None
    arithmetic: Arithmetic = "floats"

    @property
    def count(self) -> int:
        return len(self.classes) if self.units is None else len(self.units)

    def no_doubts(self, rows: int) -> Bools | None:
        """Where open comparisons are noted; None in fractions, which leave none open."""
        return None if self.arithmetic == "fractions" else np.zeros((rows, self.count), dtype=bool)

    def chosen(self, table: Any) -> Any:
        """The columns of an array whose last axis are all units."""
        return table if self.units is None else table[..., self.units]

    def columns(self, columns: Sequence[Column], doubts: Bools | None) -> Numbers:
        """Columns as rows."""
        if self.units is None:
            return stacked([column.number for column in columns], doubts)
        if self.arithmetic == "fractions" or doubts is None:
            return Exact(np.stack([column.exact(self.units) for column in columns]))
        return ratios_of(columns, self.units, doubts)

    def reasons(self, columns: Sequence[Column]) -> Codes | None:
        """Why numbers of columns are unknown; None where all are known."""
        if all(column.why is None for column in columns):
            return None
        known = np.zeros(self.count, dtype=np.int8)
        return np.stack([known if column.why is None else self.chosen(column.why) for column in columns])

    def params(self, params: Sequence[Param], doubts: Bools | None) -> Numbers:
        """Numbers of the rulebook, one row each: a single number, or one per unit."""
        count, key = len(self.classes.classes), (self.arithmetic, *params)
        numbers, over = self.classes.once(key, lambda: tabled(params, self.arithmetic, count))
        if over is not None and doubts is not None:
            doubts |= self._by_unit(over)
        chosen: Numbers = self._by_unit(numbers)
        return chosen.noting(doubts)

    def _by_unit(self, table: Any) -> Any:
        """A table by class as one by unit; a single column stands for everybody."""
        return table if table.shape[1] == 1 else table[:, self.chosen(self.classes.class_of)]


def again(
    classes: UnitClasses, units: Positions, compute: Callable[[Cells], tuple[Any, ...]]
) -> Iterator[tuple[Positions, Any]]:
    """What is computed for units in doubt: as ratios, then for those still in doubt in fractions.

    `compute` returns a tuple whose last element are the doubts left, per unit. What comes later replaces
    what came before.
    """
    left = units
    if units.size > FEW:
        found = compute(Cells(classes, units, "ratios"))
        yield units, found
        left = units[found[-1]]
    if left.size:
        yield left, compute(Cells(classes, left, "fractions"))


def stacked(numbers: Sequence[Bounded], doubts: Bools | None) -> Bounded:
    """Rows of numbers per unit as one array."""
    single, values = len(numbers) == 1, [number.value for number in numbers]
    absolute: Any = 0.0
    if any(isinstance(number.absolute, np.ndarray) for number in numbers):
        absolute = np.stack([np.broadcast_to(number.absolute, number.shape) for number in numbers])
    # Rows one after the other are put together faster than stacked.
    return Bounded(
        numbers[0].value[None, :] if single else np.concatenate(values).reshape(len(values), -1),
        max(number.relative for number in numbers),
        absolute,
        whole=all(number.whole for number in numbers),
        literal=all(number.comparable for number in numbers),
        least=min(number.least for number in numbers),
        doubts=doubts,
    )
