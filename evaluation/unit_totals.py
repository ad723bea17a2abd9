"""Totals of all units as published, with what ranks need to compare them without rounding.

Here belongs how the two arithmetics work together on totals; the sums themselves are in `totals.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Numbers, Objects, Positions
from evaluation.bounded import Bounded
from evaluation.columns import Column
from evaluation.score_sheet import ScoreSheet
from evaluation.totals import Adding, Totals

FIELDS: dict[str, Callable[[Totals], Numbers]] = {
    "base": lambda totals: totals.base,
    "bonus": lambda totals: totals.bonus,
    "penalty": lambda totals: totals.penalty,
    "total": lambda totals: totals.total,
}


@dataclass(frozen=True)
class UnitTotals:
    """`published`: by name, whole numbers per unit in units of the last decimal. `pending`: no total."""

    sheet: ScoreSheet
    floats: Totals
    published: dict[str, Any]
    sections: list[Any]
    pending: Bools

    def exactly(self, read: Callable[[Totals], Numbers]) -> Column:
        """Something of the totals without rounding, per unit."""

        def exact(units: Positions) -> Objects:
            number = read(Adding(self.sheet, units).totals())
            return np.broadcast_to(number.value, (1, len(units)))[0]  # type: ignore[attr-defined, no-any-return]

        number = read(self.floats).spread((1, len(self.pending)))
        assert isinstance(number, Bounded)
        return Column(number[0].noting(None), None, exact)


def unit_totals(sheet: ScoreSheet) -> UnitTotals:
    adding = Adding(sheet)
    totals = adding.totals()
    shape = (1, len(sheet.inputs.units))
    readers = [*FIELDS.values(), *(_section(at) for at in range(len(totals.sections)))]
    rounded = [_whole(read(totals).spread(shape).rounded()) for read in readers]
    pending = np.array(np.broadcast_to(totals.pending, shape)[0])
    doubts = adding.block.doubts
    assert doubts is not None
    for one in sheet.assessed:
        if one.outcome.losses is not None and one.doubts is not None:
            doubts[0] |= one.doubts
    units = np.flatnonzero(doubts[0])
    if units.size:
        again = Adding(sheet, units).totals()
        pending[units] = np.broadcast_to(again.pending, (1, len(units)))[0]
        rounded = [_patched(mine, units, read(again)) for mine, read in zip(rounded, readers, strict=True)]
    published = dict(zip(FIELDS, rounded, strict=False))
    return UnitTotals(sheet, totals, published, rounded[len(FIELDS) :], pending)


def _section(at: int) -> Callable[[Totals], Numbers]:
    return lambda totals: totals.sections[at]


def _whole(number: Any) -> Any:
    with np.errstate(invalid="ignore"):
        return number.value[0].astype(np.int64)


def _patched(mine: Any, units: Positions, number: Any) -> Any:
    """Whole numbers of some units replaced by exact ones, as objects once int64 cannot hold them."""
    exact = [int(one) for one in np.broadcast_to(number.rounded().value, (1, len(units)))[0]]
    if any(abs(one) >= 2**62 for one in exact):
        mine = mine.astype(object)
    mine[units] = exact
    return mine
