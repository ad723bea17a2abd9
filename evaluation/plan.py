"""The rulebook made ready for computing: a tree of items with their points by class of unit.

Here belongs what can be settled before any figure is read: which item applies to whom, whose figure and
target it reads, within what a missing item is made up for.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools
from evaluation.figures import figure_code, figure_owner, filed_under
from evaluation.items import Item
from evaluation.numbers import is_percent
from evaluation.params import Param, combine, constant
from evaluation.rounding import half_up
from evaluation.rulebook import Place, Rulebook
from evaluation.unit_classes import UnitClasses

ZERO = Fraction(0)
# With more parts of a point, sums of points would leave the whole numbers that floats hold.
MOST_PARTS = 10**6
BONUS = -1
PENALTY = -2


@dataclass(frozen=True, eq=False)
class Node:
    """An item or part. `points`, `applies`: by class of unit. `scope`: parent, section, total or none."""

    place: Place
    parts: tuple["Node", ...]
    points: Param
    applies: Bools
    scope: str

    @cached_property
    def item(self) -> Item:
        return self.place.item

    @cached_property
    def applies_to_all(self) -> bool:
        return bool(self.applies.all())

    @cached_property
    def code(self) -> str:
        return self.item.code

    @cached_property
    def owner(self) -> str:
        """The code under which the node's targets stand."""
        return figure_owner(self.place.chain).code

    @cached_property
    def filed_under(self) -> tuple[str, ...]:
        """The codes under which claims and marks for the node are filed."""
        return filed_under(self.place.chain)

    @cached_property
    def owed_by_unit(self) -> bool:
        """Whether it is the unit itself that is first to report the node's figure."""
        sources = figure_owner(self.place.chain).sources
        return not sources or sources[0] == "self"

    @cached_property
    def figure(self) -> str:
        return figure_code(self.place.chain)

    @cached_property
    def in_percent(self) -> bool:
        return is_percent(self.item.unit_of_measure)

    @cached_property
    def reads_own_figure(self) -> bool:
        """Whether it, or any of its parts, is scored by the figure under its own code."""
        return any(leaf.item.reads_figure() and leaf.figure == self.figure for leaf in self.leaves())

    def descendants(self) -> Iterator["Node"]:
        for part in self.parts:
            yield part
            yield from part.descendants()

    def leaves(self) -> Iterator["Node"]:
        """The nodes without parts, in order."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True, eq=False)
class Plan:
    """`tops`: indicators, bonus and penalty items; `section_of`: position of the section, or BONUS, PENALTY."""

    rulebook: Rulebook
    units: UnitClasses
    tops: tuple[Node, ...]
    section_of: tuple[int, ...]

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        return {node.code: node for top in self.tops for node in (top, *top.descendants())}

    def node(self, code: str) -> Node | None:
        """The item or part of that code."""
        return self._nodes.get(code)

    @cached_property
    def figure_codes(self) -> list[str]:
        """The figures of all items and parts, in order."""
        return sorted({node.figure for node in self._nodes.values()})

    @cached_property
    def finest(self) -> int:
        """Into how many parts a point is divided for the points of all items to be whole; 1 where too many."""
        denominators = (one.denominator for node in self._nodes.values() for one in node.points)
        parts = math.lcm(*denominators)
        return parts if parts <= MOST_PARTS else 1

    @cached_property
    def published_points(self) -> Any:
        """Items × units, in units of the last decimal; a number that is the same for all is repeated in view only."""
        decimals, classes = self.rulebook.scoring.decimals, len(self.units.classes)
        by_class = [np.array([half_up(one, decimals) for one in node.points]) for node in self.tops]
        if all(len(points) == 1 for points in by_class):
            return np.broadcast_to(np.stack(by_class), (len(self.tops), len(self.units)))
        return np.stack([np.broadcast_to(points, classes)[self.units.class_of] for points in by_class])

    @property
    def scale(self) -> int:
        """Scores are added and rounded in units of the last published decimal."""
        return int(10**self.rulebook.scoring.decimals)


def make_plan(rulebook: Rulebook, units: UnitClasses) -> Plan:
    places = list(rulebook.top_items())
    numbers = {section.code: at for at, section in enumerate(rulebook.sections)}
    blocks = {"bonuses": BONUS, "penalties": PENALTY}
    section_of = tuple(
        blocks[place.where] if place.section is None else numbers[place.section.code] for place in places
    )
    tops = tuple(
        _node(rulebook, units, place, _section_scope(place), _section_points(place, units)) for place in places
    )
    return Plan(rulebook, units, tops, section_of)


def _section_scope(place: Place) -> str:
    """Bonuses and penalties are outside what is reachable: there is nothing to make up for."""
    if place.section is None:
        return "none"
    return place.section.rescale_within or "total"


def _section_points(place: Place, units: UnitClasses) -> Param:
    given = place.section.points if place.section is not None else None
    return Param(units.read(given, lambda points: ZERO if points is None else points))


def _node(rulebook: Rulebook, units: UnitClasses, place: Place, scope: str, around: Param) -> Node:
    """`around`: the points of the item or section around it, of which points in % are a share."""
    item = place.item
    within = scope if scope == "none" else item.rescale_within or scope
    stated = constant(ZERO) if item.points is None else units.amounts(item.points, around)
    parts = tuple(_node(rulebook, units, _inside(place, part), within, stated) for part in item.parts or ())
    applies = np.ones(len(units.classes), dtype=bool)
    if _is_limited(place):
        applies[:] = [rulebook.applies(place, unit, group) for unit, group in units.classes]
    points = stated if item.points is not None else _sum_of_points(parts)
    return Node(place, parts, points, applies, within)


def _is_limited(place: Place) -> bool:
    """Whether anything around an item says to whom it applies."""
    if place.section is not None and place.section.applies_to is not None:
        return True
    return any(item.applies_to is not None or isinstance(item.points, Mapping) for item in place.chain)


def _inside(place: Place, part: Item) -> Place:
    return Place(place.where, place.section, (*place.chain, part), place.path)


def _sum_of_points(parts: tuple[Node, ...]) -> Param:
    total: tuple[Fraction, ...] = (ZERO,)
    for part in parts:
        applies = tuple(map(bool, part.applies))
        total = combine(lambda points, here, so_far: so_far + points * here, part.points, applies, total)
    return Param(total)
