"""A block: items of one shape × units, in one arithmetic; what measures and rules ask for numbers.

No formula knows which units or which arithmetic a block is in. Here belongs how the numbers of units and
items are found for it; formulas are not here.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from evaluation.arithmetic import Bools, Codes, Numbers, Objects, Positions
from evaluation.bounded import Bounded
from evaluation.cells import Cells
from evaluation.columns import Column
from evaluation.comparison import Compared
from evaluation.exact import Exact
from evaluation.inputs import Inputs
from evaluation.numbers import Operand
from evaluation.params import ONE, ZERO, Param, constant
from evaluation.plan import Node
from evaluation.reasons import NO_LIMIT, ZERO_DIVISOR


class Reading(NamedTuple):
    """Numbers (items × units, or broadcastable to it) and why some are undefined; None: all are defined."""

    number: Numbers
    why: Codes | None


class Said(NamedTuple):
    """What a rule compares with, by class: numbers, and the word ("": none) where it says one; None: nothing."""

    numbers: Param
    words: tuple[str | None, ...]


def first_reason(*reasons: Codes | None) -> Codes | None:
    """The first of several reasons, cell by cell."""
    found: Codes | None = None
    for why in reasons:
        if why is not None:
            found = why if found is None else np.where(found != 0, found, why)
    return found


def reason_where(condition: Bools, reason: int) -> Codes | None:
    return np.where(condition, reason, 0).astype(np.int8) if condition.any() else None


class Block:
    """`shape`: items × units; `doubts`: cells with a comparison that the arithmetic left open.

    `read_figure`: whether anything asked for the figure, for which last year's value may stand in.
    """

    def __init__(
        self,
        inputs: Inputs,
        nodes: Sequence[Node],
        cells: Cells | Positions | None = None,
        period: str | None = None,
    ) -> None:
        """`cells`: units and arithmetic; positions of units alone mean fractions, None all units in floats."""
        self.inputs = inputs
        self.nodes = tuple(nodes)
        if not isinstance(cells, Cells):
            cells = Cells(inputs.units, cells, "floats" if cells is None else "fractions")
        self.cells = cells
        self.period = period
        self.read_figure = False
        self.last_years: Bools | None = None  # where a measure took last year's value for an unusable one
        self.classes = inputs.units
        rows = max(len(self.nodes), 1)
        self.shape = (rows, self.cells.count)
        self.doubts = self.cells.no_doubts(rows)

    @property
    def item(self) -> Any:
        """The item that stands for all: what belongs to the shape is the same in every one."""
        return self.nodes[0].item

    def columns(self, columns: Sequence[Column]) -> Reading:
        """One column per item, as rows."""
        return Reading(self.cells.columns(columns, self.doubts), self.cells.reasons(columns))

    def param(self, params: Sequence[Param]) -> Numbers:
        """Numbers of the rulebook, one param per item."""
        return self.cells.params(params, self.doubts)

    def constant(self, value: Fraction) -> Numbers:
        return self.param([constant(value)])

    @cached_property
    def zero(self) -> Numbers:
        return self.param([ZERO])

    @cached_property
    def one(self) -> Numbers:
        return self.param([ONE])

    def scaled(self, points: Numbers) -> Numbers:
        """Points in units of the last published decimal."""
        return points.noting(self.doubts) * self.constant(Fraction(self.inputs.plan.scale))

    def amounts(self, given: Callable[[Node], Any]) -> Numbers:
        """Points as written in each item; shares are of the item's points."""
        return self.param([self.classes.amounts(given(node), node.points) for node in self.nodes])

    @property
    def points(self) -> Numbers:
        return self.param([node.points for node in self.nodes])

    def parts_of_points(self, nodes: Sequence[Node]) -> Numbers:
        """The points of items in `plan.finest` parts of a point: whole, so that what can be reached has no error."""
        finest = self.inputs.plan.finest

        def parts(node: Node) -> Param:
            return self.classes.once(("parts of points", node), lambda: Param(one * finest for one in node.points))

        return self.param([parts(node) for node in nodes])

    def by_class(self, flags: Callable[[Node], Sequence[bool]]) -> Bools:
        """Something that is said per class of unit, as items × units."""
        table = np.array([flags(node) for node in self.nodes], dtype=bool)
        return np.asarray(table[:, self.cells.chosen(self.classes.class_of)], dtype=bool)

    def own_figure(self) -> Reading:
        """The accepted value, divided by `per`; nothing stands in for a missing one."""
        return self._per(self.columns([self.inputs.figure(node, self.period) for node in self.nodes]))

    def figure(self) -> Reading:
        """a: the accepted value, divided by `per`; last year's where that is the rule for missing ones."""
        self.read_figure = True
        reading = self.columns([self.inputs.figure(node, self.period) for node in self.nodes])
        taken = self.substituted
        if taken is not None and reading.why is not None:
            last = self.columns([self.inputs.previous(node, self.period) for node in self.nodes])
            why = np.where(taken, 0, reading.why).astype(np.int8)
            reading = Reading(last.number.where(taken, reading.number), why)
        return self._per(reading)

    @cached_property
    def substituted(self) -> Bools | None:
        """Where last year's value stands in for a missing one; None: nowhere."""
        if self.item.missing != "previous" or not self.item.reads_figure():
            return None
        own = self.cells.reasons([self.inputs.figure(node, self.period) for node in self.nodes])
        last = self.cells.reasons([self.inputs.previous(node, self.period) for node in self.nodes])
        if own is None:
            return None
        known = True if last is None else last == 0
        return np.asarray((own != 0) & known, dtype=bool)

    def previous(self) -> Reading:
        return self._per(self.columns([self.inputs.previous(node, self.period) for node in self.nodes]))

    def target(self, which: str = "target") -> Reading:
        return self._per(self.columns([self.inputs.target(node, which) for node in self.nodes]))

    def _per(self, reading: Reading) -> Reading:
        if self.item.per is None:
            return reading
        divisor = self.columns([self.inputs.unit_column(str(node.item.per)) for node in self.nodes])
        return self.quotient(reading, divisor)

    def quotient(self, one: Reading, other: Reading, *why: Codes | None) -> Reading:
        """The quotient, undefined where the divisor is zero."""
        zero = other.number.equals(self.zero)
        divisor = self.one.where(zero, other.number) if zero.any() else other.number
        reasons = first_reason(one.why, other.why, *why, reason_where(zero, ZERO_DIVISOR))
        return Reading(one.number / divisor, reasons)

    def over_group(
        self, basis: str, take: Callable[["Block"], Reading], statistic: Callable[[Compared, Node], Column]
    ) -> Reading:
        """A statistic of each item within its groups; `basis` names what `take` reads."""
        return self.columns([statistic(self._compared(node, basis, take), node) for node in self.nodes])

    def _compared(self, node: Node, basis: str, take: Callable[["Block"], Reading]) -> Compared:
        key = ("compared", node, self.period, basis)
        return self.inputs.once(key, lambda: compared(self.inputs, node, self.period, take))

    def operand(
        self, given: Callable[[Node], Any], in_percent: Callable[[Node], bool], word: Callable[[str], Reading]
    ) -> Reading:
        """What a measure is compared with: numbers, or a word that stands for a number of the unit."""
        said = [self._said(given(node), in_percent(node)) for node in self.nodes]
        reading = Reading(self.param([one.numbers for one in said]), None)
        words = {word for one in said for word in one.words}
        for each in sorted(words - {None, ""}, key=str):
            reading = self._with_word(reading, word(str(each)), self._saying(said, each))
        if None in words:
            why = first_reason(reading.why, reason_where(self._saying(said, None), NO_LIMIT))
            reading = Reading(reading.number, why)
        return reading

    def _said(self, given: Any, in_percent: bool) -> Said:
        def make() -> Said:
            operands = self.classes.read(given, lambda operand: operand)
            numbers = Param(_number(operand, in_percent) for operand in operands)
            return Said(numbers, tuple(None if one is None else one.word or "" for one in operands))

        return self.classes.once(("operand", given, in_percent), make)

    def _saying(self, said: Sequence[Said], word: str | None) -> Bools:
        """Where an operand is that word; None: where nothing is given."""
        if all(len(one.words) == 1 for one in said):
            return np.array([[one.words[0] == word] for one in said], dtype=bool)
        count = len(self.classes.classes)
        table = np.array([[one.words[at % len(one.words)] == word for at in range(count)] for one in said], dtype=bool)
        return np.asarray(table[:, self.cells.chosen(self.classes.class_of)], dtype=bool)

    def _with_word(self, reading: Reading, said: Reading, here: Bools) -> Reading:
        if here.all():
            return said
        why = None if said.why is None else np.where(here, said.why, 0).astype(np.int8)
        return Reading(said.number.where(here, reading.number), first_reason(reading.why, why))


def compared(inputs: Inputs, node: Node, period: str | None, take: Callable[[Block], Reading]) -> Compared:
    """The numbers of one item as a column, ready to be compared within the item's groups."""

    def exactly(units: Positions) -> Reading:
        return take(Block(inputs, [node], Cells(inputs.units, units, "fractions"), period))

    def exact(units: Positions) -> Objects:
        found: Objects = np.broadcast_to(exactly(units).number.value, (1, len(units)))[0]
        return found

    block = Block(inputs, [node], None, period)
    reading = take(block)
    number = reading.number.spread(block.shape)[0]
    why = None if reading.why is None else np.broadcast_to(reading.why, block.shape)[0]
    assert isinstance(number, Bounded)
    assert block.doubts is not None
    units = np.flatnonzero(block.doubts[0])
    if units.size:
        number = number.patched(units, Exact(exact(units)))
        why = patched_reasons(why, units, exactly(units).why, block.shape[1])
    counted = inputs.takes_part(node) & (True if why is None else why == 0)
    if block.read_figure and block.substituted is not None:
        counted = counted & ~block.substituted[0]
    if block.last_years is not None:
        counted = counted & ~np.broadcast_to(block.last_years, block.shape)[0]
    return Compared(Column(number, why, exact), counted, inputs.units.compared(node.item.compare_within))


def patched_reasons(why: Codes | None, units: Positions, new: Codes | None, count: int) -> Codes | None:
    """Reasons of which some were found anew (`new`: of these units, a row)."""
    if why is None and new is None:
        return None
    result = np.zeros(count, dtype=np.int8) if why is None else why.copy()
    result[units] = 0 if new is None else np.broadcast_to(new, (1, len(units)))[0]
    return result


def _number(operand: Operand | None, in_percent: bool) -> Fraction:
    return Fraction(0) if operand is None or operand.word else operand.number(in_percent)
