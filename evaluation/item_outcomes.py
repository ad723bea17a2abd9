"""Items without parts scored: measure → rule or cases → cliff → limits → what is missing or not applicable.

Here belongs the order in which these come for a block of items. Parts are put together in `parts.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Codes, Numbers
from evaluation.block import Block, Reading, first_reason
from evaluation.cases import case_number
from evaluation.claim_rules import measured as counted_for_rule
from evaluation.fates import ABSENT, EXEMPT, EXEMPT_LOST, LOST, MISSING, PENDING, SKIPPED
from evaluation.items import Case, FixedPoints
from evaluation.numbers import FULL_POINTS, NO_POINTS
from evaluation.plan import Node
from evaluation.reasons import NO_CONDITION
from evaluation.rule_kinds import RuleKinds
from evaluation.rules import RULES
from evaluation.unit_classes import combine
from evaluation.way import Way, conditions_met

ZERO = Fraction(0)
MISSING_FATES = {"zero": MISSING, "previous": MISSING, "pending": PENDING, "rescale": LOST}
EXEMPT_FATES = {"full": EXEMPT, "skip": SKIPPED, "rescale": EXEMPT_LOST}


@dataclass(frozen=True)
class Losses:
    """Points of an item's parts that are out of reach, by what makes up for them."""

    skipped: Numbers
    section: Numbers
    total: Numbers


@dataclass(frozen=True)
class Outcome:
    """Items × units. `fate`, `why` None: all scored, all defined. `void`: nothing left within the item."""

    points: Numbers
    fate: Codes | None
    why: Codes | None
    measure: Reading
    losses: Losses | None = None
    void: Bools | None = None


def item_outcome(block: Block) -> Outcome:
    """Items of one shape, none of which has parts."""
    points, measure, why = _limited(block) if block.item.cases is None else _limited_cases(block)
    return settled(block, Outcome(points, None, why, measure), why)


def _limited(block: Block) -> tuple[Numbers, Reading, Codes | None]:
    item = block.item
    points, measure = _by_one_way(Way(block, item.measure, lambda node: node.item.rule))
    return limited(block, points.number), measure, points.why


def _limited_cases(block: Block) -> tuple[Numbers, Reading, Codes | None]:
    """The first case that fits; 0 where none does, undefined where its condition cannot be judged."""
    points = measure = block.constant(ZERO)
    why: Codes | None = None
    undecided: Bools = np.ones(block.shape, dtype=bool)
    for at, case in enumerate(block.item.cases):
        way = Way(block, case.measure, _case_rule(at))
        fits, unknown = _fits(way, at)
        blocked = undecided & (unknown != 0) if unknown is not None else None
        if blocked is not None:
            why = first_reason(why, np.where(blocked, NO_CONDITION, 0).astype(np.int8))
            undecided = undecided & ~blocked
        here = undecided & fits
        scored, measured = _by_one_way(way)
        points, measure = scored.number.where(here, points), measured.number.where(here, measure)
        if scored.why is not None:
            why = first_reason(why, np.where(here, scored.why, 0).astype(np.int8))
        undecided = undecided & ~here
    return limited(block, points), Reading(measure, why), why


def _case(node: Node, at: int) -> Case:
    assert node.item.cases is not None
    return node.item.cases[at]


def _case_rule(at: int) -> Callable[[Node], Any]:
    return lambda node: _case(node, at).rule


def _fits(way: Way, at: int) -> tuple[Bools, Codes | None]:
    when = way.block.item.cases[at].when
    if when is None:
        return np.ones((1, 1), dtype=bool), None
    number, in_percent = case_number(way.block, when.of)

    def limit(key: str) -> Reading:
        return way.block.operand(
            lambda node: getattr(_case(node, at).when, key), lambda node: in_percent(node), way.word
        )

    met, why = conditions_met(number.number, when.stated(), limit)
    return met, first_reason(number.why, why)


def _by_one_way(way: Way) -> tuple[Reading, Reading]:
    """Points with the cliff, and the measure."""
    claimed = way.rule.kind in RuleKinds.CLAIMS | RuleKinds.MARKS
    measured = counted_for_rule(way) if claimed else way.measured
    points = RULES[way.rule.kind](way)
    why = first_reason(measured.why, points.why)
    number, limit_why = with_cliff(way, points.number, measured)
    return Reading(number, first_reason(why, limit_why)), measured


def with_cliff(way: Way, points: Numbers, measured: Reading) -> tuple[Numbers, Codes | None]:
    """Where the measure meets the cliff's condition, its points instead."""
    block = way.block
    if block.item.cliff is None:
        return points, None

    def limit(key: str) -> Reading:
        return Way(block, way.measure, lambda node: node.item.cliff).operand(lambda cliff: getattr(cliff, key))

    met, why = conditions_met(measured.number, block.item.cliff.stated(), limit)
    return block.amounts(_cliff_points).where(met, points), why


def _cliff_points(node: Node) -> Any:
    assert node.item.cliff is not None
    return node.item.cliff.points


def limited(block: Block, points: Numbers) -> Numbers:
    """Within min_points (0) and max_points (the item's points; `none`: no limit)."""
    points = points.maximum(block.amounts(lambda node: node.item.min_points))
    highest = [_highest(block, node) for node in block.nodes]
    if all(limit is None for limits in highest for limit in limits):
        return points
    capped = points.minimum(block.param([combine(lambda limit: limit or ZERO, limits) for limits in highest]))
    if all(limit is not None for limits in highest for limit in limits):
        return capped
    open_ended = {id(n): [limit is None for limit in limits] for n, limits in zip(block.nodes, highest, strict=True)}
    count = len(block.classes.classes)
    unlimited = block.by_class(lambda node: (open_ended[id(node)] * count)[:count])
    return points.where(unlimited, capped)


def _highest(block: Block, node: Node) -> tuple[Fraction | None, ...]:
    if node.item.max_points is None and node.item.points is None and not node.parts:
        return (None,)
    given = block.classes.read(node.item.max_points, lambda limit: limit)

    def limit(written: Any, points: Fraction) -> Fraction | None:
        return None if written == "none" else points if written is None else written.of(points)

    return combine(limit, given, node.points)


def settled(block: Block, outcome: Outcome, why: Codes | None) -> Outcome:
    """What is missing, not applicable or not assessed, as the items say."""
    exempt = exempt_units(block)
    applies = (
        None if all(node.applies.all() for node in block.nodes) else block.by_class(lambda node: node.applies.tolist())
    )
    if why is None and exempt is None and applies is None:
        return outcome
    fate = np.zeros(block.shape, dtype=np.int8) if outcome.fate is None else outcome.fate.copy()
    points = outcome.points
    if why is not None:
        missing = np.broadcast_to(why != 0, block.shape)
        fate = np.where(missing, _fates(block, lambda i: i.missing, MISSING_FATES, MISSING), fate)
        points = _fixed(block, lambda item: item.missing).where(missing, points)
    if exempt is not None:
        fate = np.where(exempt, _fates(block, lambda i: i.not_applicable, EXEMPT_FATES, EXEMPT), fate)
        points = _fixed(block, lambda item: item.not_applicable).where(exempt, points)
    if applies is not None:
        fate = np.where(applies, fate, ABSENT)
        points = points.where(applies, block.constant(ZERO))
    void = None if outcome.void is None else outcome.void & (fate == LOST)
    return Outcome(points, fate.astype(np.int8), why, outcome.measure, outcome.losses, void)


def exempt_units(block: Block) -> Bools | None:
    """Where targets.csv says that the unit has no such task; None where it says so for none."""
    rows = [block.inputs.targets.exempt(node.code) for node in block.nodes]
    if all(row is None for row in rows):
        return None
    none = np.zeros(len(block.inputs.units), dtype=bool)
    exempt = np.stack([none if row is None else row for row in rows])
    return np.asarray(block.cells.chosen(exempt), dtype=bool)


def _fates(block: Block, policy: Any, fates: dict[str, int], with_points: int) -> Codes:
    chosen = [policy(node.item) for node in block.nodes]
    return np.array([[with_points if isinstance(one, FixedPoints) else fates[one]] for one in chosen], dtype=np.int8)


def _fixed(block: Block, policy: Any) -> Numbers:
    """The points that `full` or `{points}` give; 0 otherwise."""

    def given(node: Node) -> Any:
        chosen = policy(node.item)
        return chosen.points if isinstance(chosen, FixedPoints) else FULL_POINTS if chosen == "full" else NO_POINTS

    return block.amounts(given)
