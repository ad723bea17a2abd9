"""A block: items of one shape × units, in one of the two arithmetics; what measures and rules ask for numbers.

A block in floats covers all units, one in fractions the few that floats leave in doubt, and no formula knows
which it is in. Here belongs how numbers of units and of the rulebook become arrays; formulas are not here.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from evaluation.arithmetic import Bools, Codes, Numbers, Objects, Positions
from evaluation.bounded import Bounded
from evaluation.columns import Column, constants
from evaluation.comparison import Compared
from evaluation.exact import Exact, objects
from evaluation.inputs import Inputs
from evaluation.numbers import Operand
from evaluation.plan import Node
from evaluation.reasons import NO_LIMIT, ZERO_DIVISOR
from evaluation.unit_classes import Param, UnitClasses, combine

ZERO = Fraction(0)


class Reading(NamedTuple):
    """Numbers (items × units, or broadcastable to it) and why some are undefined; None: all are defined."""

    number: Numbers
    why: Codes | None


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
    """`units` None: all units, in floats; else the units at these positions, in fractions."""

    def __init__(
        self,
        inputs: Inputs,
        nodes: Sequence[Node],
        units: Positions | None = None,
        period: str | None = None,
    ) -> None:
        self.inputs = inputs
        self.nodes = tuple(nodes)
        self.units = units
        self.period = period
        self.classes: UnitClasses = inputs.units
        self.shape = (len(self.nodes), len(inputs.units) if units is None else len(units))
        self.doubts: Bools | None = np.zeros(self.shape, dtype=bool) if units is None else None

    @property
    def item(self) -> Any:
        """The item that stands for all: what belongs to the shape is the same in every one."""
        return self.nodes[0].item

    def columns(self, columns: Sequence[Column]) -> Reading:
        """One column per item, as rows."""
        if self.units is not None:
            chosen = self.units
            numbers: Numbers = Exact(_rows([column.exact(chosen) for column in columns]))
            return Reading(
                numbers, _rows_of_reasons([None if c.why is None else c.why[chosen] for c in columns], self.shape)
            )
        number = stacked([column.number for column in columns], self.doubts)
        return Reading(number, _rows_of_reasons([column.why for column in columns], self.shape))

    def param(self, params: Sequence[Param]) -> Numbers:
        """Numbers of the rulebook, one param per item."""
        if all(len(param) == 1 for param in params):
            values = [param[0] for param in params]
            if self.units is not None:
                return Exact(objects(values)[:, None])
            number = constants(values)
            return _reshaped(number, number.value[:, None], self.doubts)
        count = len(self.classes.classes)
        table = [param[at % len(param)] for param in params for at in range(count)]
        where = self.classes.class_of if self.units is None else self.classes.class_of[self.units]
        if self.units is not None:
            return Exact(objects(table).reshape(len(params), count)[:, where])
        number = constants(table)
        return _reshaped(number, number.value.reshape(len(params), count)[:, where], self.doubts)

    def constant(self, value: Fraction) -> Numbers:
        return self.param([(value,)])

    def amounts(self, given: Callable[[Node], Any]) -> Numbers:
        """Points as written in each item; shares are of the item's points."""
        return self.param([self.classes.amounts(given(node), node.points) for node in self.nodes])

    @property
    def points(self) -> Numbers:
        return self.param([node.points for node in self.nodes])

    def by_class(self, flags: Callable[[Node], Sequence[bool]]) -> Bools:
        """Something that is said per class of unit, as items × units."""
        where = self.classes.class_of if self.units is None else self.classes.class_of[self.units]
        return np.array([flags(node) for node in self.nodes], dtype=bool)[:, where]

    def own_figure(self) -> Reading:
        """The accepted value, divided by `per`; nothing stands in for a missing one."""
        return self._per(self.columns([self.inputs.figure(node, self.period) for node in self.nodes]))

    def figure(self) -> Reading:
        """a: the accepted value, divided by `per`; last year's where that is the rule for missing ones."""
        reading = self.columns([self.inputs.figure(node, self.period) for node in self.nodes])
        if self.item.missing == "previous" and reading.why is not None:
            last = self.columns([self.inputs.previous(node, self.period) for node in self.nodes])
            taken = (reading.why != 0) & (np.zeros(self.shape, np.int8) if last.why is None else last.why == 0)
            reading = Reading(last.number.where(taken, reading.number), np.where(taken, 0, reading.why).astype(np.int8))
        return self._per(reading)

    def previous(self) -> Reading:
        return self._per(self.columns([self.inputs.previous(node, self.period) for node in self.nodes]))

    def target(self, which: str = "target") -> Reading:
        return self._per(self.columns([self.inputs.target(node, which) for node in self.nodes]))

    def _per(self, reading: Reading) -> Reading:
        if self.item.per is None:
            return reading
        divisor = self.columns([self.inputs.unit_column(node.item.per) for node in self.nodes])
        return self.quotient(reading, divisor)

    def quotient(self, one: Reading, other: Reading, *why: Codes | None) -> Reading:
        """The quotient, undefined where the divisor is zero."""
        zero = other.number.equals(self.constant(ZERO))
        divisor = self.constant(Fraction(1)).where(zero, other.number) if zero.any() else other.number
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
        read = [self.classes.read(given(node), lambda operand: operand) for node in self.nodes]
        numbers: list[Param] = [
            combine(lambda o, node=node: _number(o, in_percent(node)), operands)
            for node, operands in zip(self.nodes, read, strict=True)
        ]
        reading = Reading(self.param(numbers), None)
        words = sorted({o.word for operands in read for o in operands if o is not None and o.word})
        for each in words:
            reading = self._with_word(
                reading, word(each), self._said(read, lambda o, e=each: o is not None and o.word == e)
            )
        absent = any(operand is None for operands in read for operand in operands)
        if absent:
            reading = Reading(
                reading.number, first_reason(reading.why, reason_where(self._said(read, lambda o: o is None), NO_LIMIT))
            )
        return reading

    def _said(self, read: Sequence[tuple[Operand | None, ...]], test: Callable[[Operand | None], bool]) -> Bools:
        if all(len(operands) == 1 for operands in read):
            return np.array([[test(operands[0])] for operands in read])
        flags = {
            id(node): [test(operands[at % len(operands)]) for at in range(len(self.classes.classes))]
            for node, operands in zip(self.nodes, read, strict=True)
        }
        return self.by_class(lambda node: flags[id(node)])

    def _with_word(self, reading: Reading, said: Reading, here: Bools) -> Reading:
        if here.all():
            return said
        why = None if said.why is None else np.where(here, said.why, 0).astype(np.int8)
        return Reading(said.number.where(here, reading.number), first_reason(reading.why, why))


def compared(inputs: Inputs, node: Node, period: str | None, take: Callable[[Block], Reading]) -> Compared:
    """The numbers of one item as a column, ready to be compared within the item's groups."""

    def exact(units: Positions) -> Objects:
        number = take(Block(inputs, [node], units, period)).number
        return np.broadcast_to(number.value, (1, len(units)))[0]  # type: ignore[attr-defined, no-any-return]

    block = Block(inputs, [node], None, period)
    reading = take(block)
    number = reading.number.spread(block.shape)[0].noting(None)
    why = None if reading.why is None else np.broadcast_to(reading.why, block.shape)[0]
    assert isinstance(number, Bounded)
    doubts = block.doubts[0] if block.doubts is not None else np.empty(0, dtype=bool)
    if doubts.any():
        units = np.flatnonzero(doubts)
        again = take(Block(inputs, [node], units, period))
        number = number.patched(units, exact(units))
        why = patched_reasons(why, units, again.why, len(doubts))
    counted = inputs.takes_part(node) & (np.ones(len(doubts), dtype=bool) if why is None else why == 0)
    if node.item.missing == "previous" and node.item.reads_figure():
        counted &= inputs.figure(node, period).known
    return Compared(Column(number, why, exact), counted, inputs.units.compared(node.item.compare_within))


def patched_reasons(why: Codes | None, units: Positions, new: Codes | None, count: int) -> Codes | None:
    """Reasons of which some were found anew (`new`: of these units, a row)."""
    if why is None and new is None:
        return None
    result = np.zeros(count, dtype=np.int8) if why is None else why.copy()
    result[units] = 0 if new is None else np.broadcast_to(new, (1, len(units)))[0]
    return result


def _number(operand: Operand | None, in_percent: bool) -> Fraction:
    return ZERO if operand is None or operand.word else operand.number(in_percent)


def stacked(numbers: Sequence[Bounded], doubts: Bools | None) -> Bounded:
    """Rows of numbers per unit as one array."""
    if len(numbers) == 1:
        value = numbers[0].value[None, :]
    else:
        value = np.stack([number.value for number in numbers])
    absolute: Any = 0.0
    if any(isinstance(number.absolute, np.ndarray) for number in numbers):
        absolute = np.stack([np.broadcast_to(n.absolute, n.shape) for n in numbers])
    return Bounded(
        value,
        max(number.relative for number in numbers),
        absolute,
        whole=all(number.whole for number in numbers),
        literal=all(number.comparable for number in numbers),
        doubts=doubts,
    )


def _reshaped(number: Bounded, value: Any, doubts: Bools | None) -> Bounded:
    return Bounded(value, number.relative, whole=number.whole, literal=number.literal, doubts=doubts)


def _rows(rows: Sequence[Objects]) -> Objects:
    return np.stack(rows)


def _rows_of_reasons(rows: Sequence[Codes | None], shape: tuple[int, int]) -> Codes | None:
    if all(row is None for row in rows):
        return None
    none = np.zeros(shape[1], dtype=np.int8)
    return np.stack([none if row is None else row for row in rows])
