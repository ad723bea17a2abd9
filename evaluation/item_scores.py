"""Items × units scored: in floats at once, and what floats left in doubt again in other arithmetics.

Here belongs how the arithmetics work together on items. Scores stand in units of the last published decimal,
so that rounded ones are whole numbers. What is added up of them is said in `score_sheet.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, NamedTuple, TypeVar

import numpy as np

from evaluation.arithmetic import Bools, Floats, Numbers, Positions
from evaluation.assessment import BLOCK_CELLS, Assessed, Measured, alike, assess
from evaluation.block import Block
from evaluation.bounded import WHOLE_LIMIT, Bounded
from evaluation.cells import Cells, again
from evaluation.inputs import Inputs
from evaluation.params import constant
from evaluation.plan import Node
from evaluation.ratios import Ratios

T = TypeVar("T")


class Again(NamedTuple):
    """Items computed again for some units: `where` they stand, exact numbers, unrounded and as whole ones."""

    where: tuple[Any, Any]
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
        self.places = {node: at for at, node in enumerate(self.nodes)}
        self.fate, self.why = np.zeros(self.shape, dtype=np.int8), np.zeros(self.shape, dtype=np.int8)
        self.provisional = np.zeros(self.shape, dtype=bool)
        nested = any(node.parts for node in self.nodes)  # nothing else can have nothing left to reach
        void = np.zeros(self.shape if nested else (0, self.shape[1]), dtype=bool)
        self._codes = {"fate": self.fate, "why": self.why, "provisional": self.provisional}
        self._codes |= {"void": void} if nested else {}
        self.measured: list[Measured] = []
        doubts = np.zeros(self.shape, dtype=bool)
        scaled = self._assess(doubts)
        whole = self._rounded(scaled, doubts) if rounded else None
        self.found = list(self._again(doubts))
        self.scaled = _patched(scaled, self.found)
        self._whole = None if whole is None else _with_found(whole, self.found)
        self._correct_codes()
        self.void = np.asarray(void.any(axis=0), dtype=bool)

    def rows(self, one: Assessed | Measured) -> Any:
        """Where the items of a block stand in the tables: positions, or a slice where they are neighbours."""
        places = [self.places[node] for node in one.nodes]
        neighbours = places == list(range(places[0], places[0] + len(places)))
        return slice(places[0], places[0] + len(places)) if neighbours else np.array(places)

    @property
    def whole(self) -> Bounded:
        """The scores rounded, as whole numbers in floats; with an error only where they are too large for that."""
        if self._whole is None:
            doubts = np.zeros(self.shape, dtype=bool)
            whole = self._rounded(self.scaled, doubts)
            self.found += self._again(doubts)
            self._whole = _with_found(whole, self.found)
        return self._whole

    @cached_property
    def published(self) -> Any:
        """The scores rounded, as int64, or as objects where they do not fit."""
        table = whole_numbers(self.whole)
        if not self.whole.whole:
            for one in self.found:
                table = put(table, one.where, one.whole)
        return table

    def _assess(self, doubts: Bools) -> Bounded:
        """The points of all items in units of the last decimal; doubts and codes go into their tables."""
        value = np.empty(self.shape)
        scale = constant(Fraction(self.inputs.plan.scale)).floats
        blocks = []
        for one in assess(self.inputs, self.nodes, Cells(self.inputs.units)):
            rows, points = self.rows(one), one.outcome.points
            assert isinstance(points, Bounded)
            here = value[rows]
            blocks.append((rows, points.times(scale, out=here)))
            if not isinstance(rows, slice):
                value[rows] = here
            if one.doubts is not None and one.doubts.any():
                doubts[rows] = one.doubts
            for name, table in self._codes.items():
                codes = getattr(one.outcome, name)
                if codes is not None:
                    table[rows] = codes
            self.measured.append(one.measured)
        return joined(value, blocks)

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
        for units, found in self.settled(doubts, self._exactly):
            for one, scaled, whole in found:
                yield Again(self.cells_of(one, units), units, one, scaled, whole)

    def settled(
        self, doubts: Bools, compute: Callable[[Sequence[Node], Cells], tuple[T, Bools | None]]
    ) -> Iterator[tuple[Positions, T]]:
        """What is computed again for items × units in doubt: items of one shape together, as `again` does."""
        open_items = tuple(self.nodes[at] for at in np.flatnonzero(doubts.any(axis=1)).tolist())
        for group in alike(self.inputs, open_items):
            units = np.flatnonzero(doubts[[self.places[node] for node in group]].any(axis=0))
            for where, (found, _) in again(self.inputs.units, units, partial(compute, group)):
                yield where, found

    def cells_of(self, one: Assessed | Measured, units: Positions) -> tuple[Any, Any]:
        """Where the items of a block and some units stand in the tables."""
        rows = self.rows(one)
        return (rows, units) if isinstance(rows, slice) else (rows[:, None], units)

    def _exactly(self, nodes: Sequence[Node], cells: Cells) -> tuple[list[tuple[Assessed, Any, Any]], Bools | None]:
        found, left = [], cells.no_doubts(1)
        for one in assess(self.inputs, nodes, cells):
            block = Block(self.inputs, one.nodes, cells)
            block.doubts = one.doubts
            scaled = block.scaled(one.outcome.points)
            found.append((one, scaled, whole_numbers(scaled.rounded())))
            if left is not None and one.doubts is not None:
                left |= one.doubts.any(axis=0)
        return found, None if left is None else left[0]

    def _correct_codes(self) -> None:
        """Codes of what was computed again."""
        for one in self.found:
            for name, table in self._codes.items():
                codes = getattr(one.found.outcome, name)
                table[one.where] = 0 if codes is None else codes


def joined(value: Floats, blocks: Sequence[tuple[Any, Bounded]]) -> Bounded:
    """Blocks of rows as one table, whose `value` is given; a block without a bound leaves the others theirs."""
    bounded = [block.relative for _, block in blocks if np.isfinite(block.relative)]
    absolute: Floats | float = 0.0
    if len(bounded) < len(blocks) or any(isinstance(block.absolute, np.ndarray) for _, block in blocks):
        absolute = np.zeros(value.shape)
        for rows, block in blocks:
            absolute[rows] = block.absolute if np.isfinite(block.relative) else np.inf
    whole, literal = all(block.whole for _, block in blocks), all(block.comparable for _, block in blocks)
    least = min((block.least for _, block in blocks), default=0.0)
    return Bounded(value, max(bounded, default=0.0), absolute, whole=whole, literal=literal, least=least)


def _patched(scaled: Bounded, found: Sequence[Again]) -> Bounded:
    """The table with the nearest floats of what was found exactly."""
    if not found:
        return scaled
    for one in found:
        scaled.value[one.where] = one.scaled.nearest()
        if isinstance(scaled.absolute, np.ndarray):
            scaled.absolute[one.where] = 0.0
    return Bounded(scaled.value, max(scaled.relative, 3.0), scaled.absolute)


def _with_found(whole: Floats, found: Sequence[Again]) -> Bounded:
    for one in found:
        whole[one.where] = one.whole.astype(np.float64)
    exact = max(float(whole.max(initial=0.0)), -float(whole.min(initial=0.0))) < WHOLE_LIMIT
    return Bounded(whole, whole=True) if exact else Bounded(whole, 1.0)


def put(table: Any, where: Any, numbers: Any) -> Any:
    """Whole numbers into a table of int64, which becomes one of objects once they do not fit."""
    if numbers.dtype == object and table.dtype != object and any(abs(one) >= 2**62 for one in numbers.flat):
        table = table.astype(object)
    table[where] = numbers
    return table


def whole_numbers(number: Numbers) -> Any:
    """Whole numbers as int64, or as objects where they come from fractions."""
    if isinstance(number, Ratios):
        return number.top
    if isinstance(number, Bounded):
        with np.errstate(invalid="ignore"):
            return number.value.astype(np.int64)
    return number.value
