"""Items × units scored: in floats at once, and what floats left in doubt again in other arithmetics.

Here belongs how the arithmetics work together on items. Scores stand in units of the last published decimal,
so that rounded ones are whole numbers. What is added up of them is said in `score_sheet.py`.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np

from evaluation.arithmetic import Bools, Floats, Numbers, Positions
from evaluation.assessment import BLOCK_CELLS, Assessed, alike, assess
from evaluation.block import Block
from evaluation.bounded import WHOLE_LIMIT, Bounded
from evaluation.cells import Cells, again
from evaluation.inputs import Inputs
from evaluation.plan import Node
from evaluation.ratios import Ratios


class Again(NamedTuple):
    """One item computed again for some units: exact numbers, unrounded and rounded to whole ones."""

    at: int
    units: Positions
    found: Assessed
    scaled: Any
    whole: Any


class ItemScores:
    """`scaled`: items × units, unrounded. `fate`, `why`, `provisional`: items × units; `void`: units.

    `rounded`: whether scores are rounded in any case, so that all doubts are settled at once.
    """

    def __init__(self, inputs: Inputs, nodes: Sequence[Node], rounded: bool = True) -> None:
        self.inputs = inputs
        self.nodes = tuple(nodes)
        self.shape = (len(self.nodes), len(inputs.units))
        self.assessed = assess(inputs, self.nodes, Cells(inputs.units))
        scaled = self._scaled()
        doubts = np.zeros(self.shape, dtype=bool)
        for at, one in enumerate(self.assessed):
            if one.doubts is not None and one.doubts.any():
                doubts[at] = one.doubts
        whole = self._rounded(scaled, doubts) if rounded else None
        self._found = list(self._again(doubts))
        self.scaled = _patched(scaled, self._found)
        self._whole = None if whole is None else _with_found(whole, self._found)
        self._read_codes()

    @cached_property
    def resolved(self) -> Sequence[list[tuple[Positions, Assessed]]]:
        """By item, what was computed again."""
        found: list[list[tuple[Positions, Assessed]]] = [[] for _ in self.nodes]
        for one in self._found:
            found[one.at].append((one.units, one.found))
        return found

    @property
    def whole(self) -> Bounded:
        """The scores rounded, as whole numbers in floats; with an error only where they are too large for that."""
        if self._whole is None:
            doubts = np.zeros(self.shape, dtype=bool)
            whole = self._rounded(self.scaled, doubts)
            self._found += self._again(doubts)
            self._whole = _with_found(whole, self._found)
        return self._whole

    @cached_property
    def published(self) -> Any:
        """The scores rounded, as int64, or as objects where they do not fit."""
        table = whole_numbers(self.whole)
        if not self.whole.whole:
            for one in self._found:
                table = put(table, one.at, one.units, one.whole)
        return table

    def _scaled(self) -> Bounded:
        """The points of all items in units of the last decimal."""
        value, scale = np.empty(self.shape), Fraction(self.inputs.plan.scale)
        rows = []
        for at, one in enumerate(self.assessed):
            row = one.outcome.points * Block(self.inputs, [one.node]).constant(scale)
            assert isinstance(row, Bounded)
            value[at] = row.value[0]
            rows.append(row[0])
        return joined(value, rows)

    def _rounded(self, scaled: Bounded, doubts: Bools) -> Floats:
        """Rounded to whole numbers; what is open about it is added to the doubts."""
        whole = np.empty(self.shape)
        at_once = max(1, BLOCK_CELLS // max(1, self.shape[1]))
        for start in range(0, self.shape[0], at_once):
            here = slice(start, start + at_once)
            whole[here] = scaled[here].noting(doubts[here]).rounded().value
        return whole

    def _again(self, doubts: Bools) -> Iterator[Again]:
        """Items of one shape together, for all units that any of them left in doubt."""
        places = {self.nodes[at]: at for at in np.flatnonzero(doubts.any(axis=1)).tolist()}
        for group in alike(self.inputs, tuple(places)):
            units = np.flatnonzero(doubts[[places[node] for node in group]].any(axis=0))
            for where, (found, _) in again(self.inputs.units, units, partial(self._exactly, group)):
                for one, scaled, whole in found:
                    yield Again(places[one.node], where, one, scaled, whole)

    def _exactly(self, nodes: Sequence[Node], cells: Cells) -> tuple[list[tuple[Assessed, Any, Any]], Bools | None]:
        found, left = [], cells.no_doubts(1)
        for one in assess(self.inputs, nodes, cells):
            block = Block(self.inputs, [one.node], cells)
            block.doubts = None if one.doubts is None else one.doubts[None, :]
            scaled = one.outcome.points.noting(block.doubts) * block.constant(Fraction(self.inputs.plan.scale))
            found.append((one, scaled[0], whole_numbers(scaled.rounded())[0]))
            if left is not None and one.doubts is not None:
                left |= one.doubts
        return found, None if left is None else left[0]

    def _read_codes(self) -> None:
        self.fate, self.why = np.zeros(self.shape, dtype=np.int8), np.zeros(self.shape, dtype=np.int8)
        self.provisional = np.zeros(self.shape, dtype=bool)
        void = np.zeros(self.shape, dtype=bool)
        tables = {"fate": self.fate, "why": self.why, "provisional": self.provisional, "void": void}
        for at, one in enumerate(self.assessed):
            _put_codes(tables, at, slice(None), one)
        for other in self._found:
            _put_codes(tables, other.at, other.units, other.found)
        self.void = np.asarray(void.any(axis=0), dtype=bool)


def _put_codes(tables: dict[str, Any], at: int, units: Any, one: Assessed) -> None:
    everybody = isinstance(units, slice)
    for name, table in tables.items():
        codes = getattr(one.outcome, name)
        if codes is not None:
            table[at, units] = codes[0]
        elif not everybody:
            table[at, units] = 0


def joined(value: Floats, rows: Sequence[Bounded]) -> Bounded:
    """Rows of numbers as one table, whose `value` is given; a row without a bound leaves the others theirs."""
    bounded = [row.relative for row in rows if np.isfinite(row.relative)]
    absolute: Floats | float = 0.0
    if len(bounded) < len(rows) or any(isinstance(row.absolute, np.ndarray) for row in rows):
        absolute = np.stack([np.broadcast_to(row.absolute, row.shape) for row in rows])
        absolute[[not np.isfinite(row.relative) for row in rows]] = np.inf
    whole, literal = all(row.whole for row in rows), all(row.comparable for row in rows)
    return Bounded(value, max(bounded, default=0.0), absolute, whole=whole, literal=literal)


def _patched(scaled: Bounded, found: Sequence[Again]) -> Bounded:
    """The table with the nearest floats of what was found exactly."""
    if not found:
        return scaled
    for one in found:
        scaled.value[one.at, one.units] = one.scaled.nearest()
        if isinstance(scaled.absolute, np.ndarray):
            scaled.absolute[one.at, one.units] = 0.0
    return Bounded(scaled.value, max(scaled.relative, 3.0), scaled.absolute)


def _with_found(whole: Floats, found: Sequence[Again]) -> Bounded:
    for one in found:
        whole[one.at, one.units] = one.whole.astype(np.float64)
    exact = max(float(whole.max(initial=0.0)), -float(whole.min(initial=0.0))) < WHOLE_LIMIT
    return Bounded(whole, whole=True) if exact else Bounded(whole, 1.0)


def put(table: Any, row: Any, where: Any, numbers: Any) -> Any:
    """Whole numbers into a table of int64, which becomes one of objects once they do not fit."""
    if numbers.dtype == object and table.dtype != object and any(abs(one) >= 2**62 for one in numbers):
        table = table.astype(object)
    table[row, where] = numbers
    return table


def whole_numbers(number: Numbers) -> Any:
    """Whole numbers as int64, or as objects where they come from fractions."""
    if isinstance(number, Ratios):
        return number.top
    if isinstance(number, Bounded):
        with np.errstate(invalid="ignore"):
            return number.value.astype(np.int64)
    return number.value
