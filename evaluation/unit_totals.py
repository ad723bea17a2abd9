"""Totals of all units as published, with what ranks need to compare them without rounding.

Here belongs how the arithmetics work together on totals; the sums themselves are in `totals.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Numbers, Objects, Positions
from evaluation.block import Block
from evaluation.bounded import Bounded
from evaluation.cells import Cells, again
from evaluation.columns import Column
from evaluation.item_scores import put, whole_numbers
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
    """`published`: by name, whole numbers per unit in units of the last decimal. `pending`: no total.

    `adding`, `floats`: the sums in floats. `doubted`: units in which these left something open that was
    rounded or compared.
    """

    sheet: ScoreSheet
    adding: Adding
    floats: Totals
    published: dict[str, Any]
    sections: list[Any]
    pending: Bools
    doubted: Bools

    def exactly(self, read: Callable[[Totals], Numbers]) -> Column:
        """Something of the totals without rounding, per unit."""

        def exact(units: Positions) -> Objects:
            cells = Cells(self.sheet.inputs.units, units, "fractions")
            found: Objects = np.broadcast_to(read(Adding(self.sheet, cells).totals()).value, (1, len(units)))[0]
            return found

        number = read(self.floats).spread((1, len(self.pending)))[0]
        assert isinstance(number, Bounded)
        if self.doubted.any():  # a section rounded the wrong way is off by more than its bound
            unbounded = np.where(self.doubted, np.inf, number.absolute)
            number = Bounded(number.value, number.relative, unbounded)
        return Column(number, None, exact)


def unit_totals(sheet: ScoreSheet) -> UnitTotals:
    adding = Adding(sheet)
    totals = adding.totals()
    readers = [*FIELDS.values(), *(_section(at) for at in range(len(totals.sections)))]
    rounded = [_rounded(read(totals), adding.block) for read in readers]
    pending = np.array(np.broadcast_to(totals.pending, adding.block.shape)[0])
    assert adding.block.doubts is not None
    doubted = np.array(adding.block.doubts[0])

    def compute(cells: Cells) -> tuple[Any, ...]:
        there = Adding(sheet, cells)
        sums = there.totals()
        numbers = [_rounded(read(sums), there.block) for read in readers]
        empty = np.broadcast_to(sums.pending, there.block.shape)[0]
        return numbers, empty, None if there.block.doubts is None else there.block.doubts[0]

    for units, (numbers, empty, _) in again(sheet.inputs.units, np.flatnonzero(doubted), compute):
        pending[units] = empty
        rounded = [put(mine, units, new) for mine, new in zip(rounded, numbers, strict=True)]
    published = dict(zip(FIELDS, rounded, strict=False))
    return UnitTotals(sheet, adding, totals, published, rounded[len(FIELDS) :], pending, doubted)


def _section(at: int) -> Callable[[Totals], Numbers]:
    return lambda totals: totals.sections[at]


def _rounded(number: Numbers, block: Block) -> Any:
    """A row of its own, into which what is found later may be put."""
    whole = whole_numbers(number.noting(block.doubts).rounded())
    own = isinstance(number, Bounded) and whole.shape == block.shape
    return whole[0] if own else np.array(np.broadcast_to(whole, block.shape)[0])
