"""Where a rule may turn: the values of a figure at which some number that the rule states is met.

Here belongs going back from a measure to the figure. Between two neighbours of these the points of an item run in
one direction, so that nobody has to try every value.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from evaluation.block import Block, compared
from evaluation.columns import Column
from evaluation.measures import IN_FIGURE_UNITS, MEASURES
from evaluation.numbers import Operand, for_unit
from evaluation.paths import values_within
from evaluation.plan import Node
from evaluation.worlds import Today

ONE = Fraction(1)
COMPARING = ("rank", "deviation")
STATISTICS = ("mean", "min", "max", "best", "worst")


def thresholds(today: Today, nodes: list[Node], unit: int) -> set[Fraction]:
    """Values of the figure, all periods together, that rules, cliffs and other units' figures state for the unit."""
    return {value for node in nodes for value in _of_node(today, node, unit)}


def _of_node(today: Today, node: Node, unit: int) -> Iterator[Fraction]:
    known = _Known(today, node, unit)
    yield from known.words.values()
    conditions = (*(item.cliff for item in node.place.chain), *(veto.when for veto in today.plan.rulebook.vetoes))
    for measure, rule in node.item.methods():
        operands = list(_operands((rule, *conditions), *_class_of(today, unit)))
        in_percent = node.in_percent and measure in IN_FIGURE_UNITS
        said = [known.words.get(one.word) if one.word else one.number(in_percent) for one in operands]
        numbers = [number for number in said if number is not None]
        basis = "value" if measure in COMPARING else measure
        if measure in COMPARING or any(operand.word in STATISTICS for operand in operands):
            compared_with = _compared(today, node, unit, basis)
            others = [one for at, one in compared_with.items() if at != unit]
            turns = _turns_of_mean(others, numbers if measure == "deviation" else [])
            yield from (figure for one in (*compared_with.values(), *turns) for figure in known.figure_for(basis, one))
        yield from (figure for number in numbers for figure in known.figure_for(measure, number))


def _compared(today: Today, node: Node, unit: int, measure: str) -> dict[int, Fraction]:
    """The numbers of the unit and of those that it is compared with, by position."""
    take, basis = (Block.figure, "figure") if measure == "value" else (MEASURES[measure], f"measure {measure}")
    inputs = today.inputs
    found = inputs.once(("compared", node, None, basis), lambda: compared(inputs, node, None, take))
    here = np.flatnonzero(found.counted & (found.sets == found.sets[unit]))
    return dict(zip(here.tolist(), map(_fraction, found.column.exact(here)), strict=True))


def _turns_of_mean(others: list[Fraction], deviations: list[Fraction]) -> Iterator[Fraction]:
    """The unit's numbers at which it is the mean, at which the mean is 0, and at which it deviates from it so far."""
    if not others:
        return
    total, count = sum(others, Fraction(0)), len(others) + 1
    yield total / (count - 1)
    yield -total
    for far in (signed for one in deviations for signed in (one, -one)):  # above a mean below 0 as well
        if far != count - 1:
            yield total * (1 + far) / (count - 1 - far)


def _fraction(number: Any) -> Fraction:
    """Python's own: gmpy2's rational numbers cannot be compared with a fraction that is made of its integers."""
    return Fraction(int(number.numerator), int(number.denominator))


def _class_of(today: Today, unit: int) -> tuple[str, str]:
    units = today.plan.units.units
    return str(units["unit_code"].iat[unit]), str(units["group"].iat[unit])


def _operands(models: tuple[object, ...], unit_code: str, group: str) -> Iterator[Operand]:
    for _, value in values_within(models):
        given = for_unit(value, unit_code, group) if isinstance(value, dict) else value
        if isinstance(given, Operand):
            yield given


def compares(top: Node) -> bool:
    """Whether points of the item or of its parts depend on other units."""
    return any(_compares(node) for node in (top, *top.descendants()))


def _compares(node: Node) -> bool:
    for measure, rule in node.item.methods():
        said = {one.word for _, one in values_within((rule, node.item.cliff)) if isinstance(one, Operand)}
        if measure in COMPARING or said & set(STATISTICS) or getattr(rule, "same_document", "") == "zero_all":
            return True
    return False


class _Known:
    """What is known of the unit's figure besides its value; `words` stand in rules."""

    def __init__(self, today: Today, node: Node, unit: int) -> None:
        inputs, self.node = today.inputs, node
        self._at = np.array([unit])
        columns = {
            "target": inputs.target(node, "target"),
            "stretch": inputs.target(node, "stretch"),
            "previous": inputs.previous(node),
        }
        found = {word: self._number(column) for word, column in columns.items()}
        self.words = {word: number for word, number in found.items() if number is not None}
        per = None if node.item.per is None else self._number(inputs.unit_column(node.item.per))
        self.per = per or ONE

    def _number(self, column: Column) -> Fraction | None:
        return _fraction(column.exact(self._at)[0]) if column.known[self._at[0]] else None

    def figure_for(self, measure: str, number: Fraction) -> Iterator[Fraction]:
        """The figure whose measure is the number, where that can be said of the unit alone."""
        target, previous = self.words.get("target"), self.words.get("previous")
        if measure == "value":
            yield number * self.per
        if measure == "completion" and target is not None:
            yield from (number * target, Fraction(0))
            yield from [target / number] if number else []
        if measure == "growth" and previous is not None:
            yield previous + number * abs(previous)
        if measure == "change" and previous is not None:
            yield previous + number * self.per
        if measure == "shortfall" and target is not None:
            yield target - number * self.per
            yield target + number * self.per
