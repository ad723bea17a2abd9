"""One item for the units asked for: every number behind its scores, exact, one per unit.

Here belongs fetching; what is said of a number is decided by the modules that explain measures and rules.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from evaluation.arithmetic import Codes, Numbers, Positions
from evaluation.block import Block, Reading
from evaluation.cells import Cells
from evaluation.definition import Definition
from evaluation.inputs import Inputs
from evaluation.numbers import Operand
from evaluation.plan import Node
from evaluation.way import Way

T = TypeVar("T")
Row = list[Fraction | None]


class Limit(NamedTuple):
    """A number that a rule compares with: `word` where the rule says one. `value` None: not known."""

    value: Fraction | None
    word: str | None


@dataclass(frozen=True)
class ScoreInputs:
    """The frames that `score()` takes besides the definition."""

    figures: pd.DataFrame
    claims: pd.DataFrame | None = None
    marks: pd.DataFrame | None = None
    previous: pd.DataFrame | None = None
    previous_totals: pd.DataFrame | None = None
    received: pd.DataFrame | None = None

    def ready(self, definition: Definition) -> Inputs:
        """The same, ready for computing by a definition."""
        return Inputs(definition, self.figures, self.claims, self.marks, self.previous, self.received)


@dataclass(frozen=True)
class Record:
    """What scores are made from: ready for computing, and as it was given, for names and documents."""

    inputs: Inputs
    given: ScoreInputs


def exactly(record: Record, units: Positions) -> Cells:
    """Those units, computed in fractions."""
    return Cells(record.inputs.units, units, "fractions")


class View:
    """`units`: positions of the units asked for; every row has one entry for each of them, in their order."""

    def __init__(self, record: Record, node: Node, units: Positions, period: str | None = None) -> None:
        self.record = record
        self.inputs = inputs = record.inputs
        self.node = node
        self.units = units
        self.period = period
        self.block = Block(inputs, [node], exactly(record, units), period)
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made

    def numbers(self, numbers: Numbers) -> list[Fraction]:
        spread: Any = numbers.spread(self.block.shape)
        return [one if isinstance(one, Fraction) else Fraction(one) for one in spread.value[0]]

    def known(self, reading: Reading) -> Row:
        """Numbers, None where they are undefined."""
        whys = self.codes(reading.why)
        return [None if why else one for one, why in zip(self.numbers(reading.number), whys, strict=True)]

    def codes(self, codes: Codes | None) -> list[int]:
        row = np.zeros(self.block.shape, np.int8) if codes is None else np.broadcast_to(codes, self.block.shape)
        return [int(code) for code in row[0]]

    @property
    def points(self) -> list[Fraction]:
        return self.once("points", lambda: self.numbers(self.block.points))

    def amounts(self, key: Hashable, given: Any) -> list[Fraction]:
        """Points as written in the item, made of its points where they are a share."""
        return self.once(("amounts", key), lambda: self.numbers(self.block.amounts(lambda _: given)))

    @property
    def own(self) -> Row:
        """The figure as accepted, with exemptions, before it is divided by anything."""
        return self.once("own", lambda: self._column(self.inputs.figure(self.node, self.period)))

    @property
    def last(self) -> Row:
        return self.once("last", lambda: self._column(self.inputs.previous(self.node, self.period)))

    def target(self, which: str = "target") -> Row:
        return self.once(which, lambda: self._column(self.inputs.target(self.node, which)))

    @property
    def divisor(self) -> Row | None:
        name = self.node.item.per
        if name is None:
            return None
        return self.once("per", lambda: self._column(self.inputs.unit_column(name)))

    def _column(self, column: Any) -> Row:
        return self.known(self.block.columns([column]))

    def given(self, written: Any) -> list[Any]:
        """What the rulebook says for each unit."""
        values = self.block.classes.read(written, lambda one: one)
        return [values[self.block.classes.class_of[unit] % len(values)] for unit in self.units]


class Method:
    """One measure and one rule of an item, for the units of a view."""

    def __init__(self, view: View, measure: str, rule: Any) -> None:
        self.view = view
        self.measure = measure
        self.rule = rule
        self.way = Way(view.block, measure, lambda _: rule)
        self._made: dict[Hashable, Any] = {}

    @property
    def measured(self) -> Row:
        return self.view.once(("measure", self.measure), lambda: self.view.known(self.way.measured))

    def amounts(self, written: Any) -> list[Fraction]:
        return self.view.amounts(("rule", id(written)), written)

    def limits(self, written: Any) -> list[Limit]:
        key = ("limits", self.measure, id(written))
        return self.view.once(key, lambda: self._limits(written))

    def _limits(self, written: Any) -> list[Limit]:
        values = self.view.known(self.way.operand(lambda _: written))
        operands: list[Operand | None] = self.view.given(written)
        return [Limit(v, None if o is None else o.word) for v, o in zip(values, operands, strict=True)]


@dataclass(frozen=True)
class Cell:
    """One method for one unit: `at` is its place in the rows."""

    method: Method
    at: int

    @property
    def view(self) -> View:
        return self.method.view

    @property
    def unit(self) -> int:
        """The unit's position in units.csv."""
        return int(self.view.units[self.at])

    @property
    def number(self) -> Fraction:
        """The measure, which is known."""
        return present(self.method.measured[self.at])

    def amount(self, written: Any) -> Fraction:
        return self.method.amounts(written)[self.at]

    def limit(self, written: Any) -> Limit:
        return self.method.limits(written)[self.at]


def present(value: Fraction | None) -> Fraction:
    """A number that must be known where it is asked for."""
    assert value is not None
    return value
