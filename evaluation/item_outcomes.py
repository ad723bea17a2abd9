"""Items without parts scored: measure → rule or cases → cliff → limits.

Here belongs the order in which these come for a block of items. What is missing or not applicable is settled
in `settling.py`, parts are put together in `parts.py`.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from evaluation.arithmetic import Bools, Codes, Numbers
from evaluation.block import Block, Reading, first_reason
from evaluation.cases import case_number
from evaluation.claim_rules import measured as counted_for_rule
from evaluation.fates import MISSING, SCORED
from evaluation.items import CLAIM_MEASURES, Case
from evaluation.params import Param, combine
from evaluation.plan import Node
from evaluation.reasons import NO_CONDITION
from evaluation.rule_kinds import RuleKinds
from evaluation.rules import RULES
from evaluation.settling import Outcome, either, settled, unmarked, unsettled
from evaluation.way import Way, conditions_met

ZERO = Fraction(0)


def item_outcome(block: Block) -> Outcome:
    """Items of one shape, none of which has parts."""
    found = _found(block) if block.item.cases is None else _found_by_case(block)
    return settled(block, found, found.why)


def _found(block: Block) -> Outcome:
    item = block.item
    points, measure = _by_one_way(Way(block, item.measure, lambda node: node.item.rule))
    fate = _stood_in(block, np.full((1, 1), _reads_value(item.measure, item.rule)))
    everywhere = np.ones((1, 1), dtype=bool)
    uncertain = unsettled(block, everywhere, points.why) if item.reads_figure() else None
    uncertain = either(uncertain, unmarked(block, everywhere, points.why) if item.reads_marks() else None)
    return Outcome(limited(block, points.number), fate, points.why, measure, uncertain)


def _found_by_case(block: Block) -> Outcome:
    """The first case that fits; 0 where none does, undefined where its condition cannot be judged."""
    points = measure = block.zero
    why: Codes | None = None
    undecided: Bools = np.ones(block.shape, dtype=bool)
    read, valued, judged = (np.zeros(block.shape, dtype=bool) for _ in range(3))
    for at, case in enumerate(block.item.cases):
        way = Way(block, case.measure, _case_rule(at))
        fits, unknown = _fits(way, at)
        blocked = undecided & (unknown != 0) if unknown is not None else None
        if blocked is not None:
            why = first_reason(why, np.where(blocked, NO_CONDITION, 0).astype(np.int8))
            undecided = undecided & ~blocked
            read |= blocked
        here = undecided & fits
        scored, measured = _by_one_way(way)
        points, measure = scored.number.where(here, points), measured.number.where(here, measure)
        if scored.why is not None:
            why = first_reason(why, np.where(here, scored.why, 0).astype(np.int8))
        undecided = undecided & ~here
        read |= here & _reads_figure(case.measure, case.rule)
        valued |= here & _reads_value(case.measure, case.rule)
        judged |= here & (case.rule.kind in RuleKinds.MARKS)
    fate, uncertain = _stood_in(block, valued), either(unsettled(block, read, why), unmarked(block, judged, why))
    return Outcome(limited(block, points), fate, why, Reading(measure, why), uncertain)


def _reads_figure(measure: str, rule: Any) -> bool:
    """Whether the figure, its value or its arrival, decides."""
    return measure not in CLAIM_MEASURES and rule.kind not in RuleKinds.CLAIMS | RuleKinds.MARKS


def _reads_value(measure: str, rule: Any) -> bool:
    return measure != "days_late" and _reads_figure(measure, rule)


def _stood_in(block: Block, read: Bools) -> Codes | None:
    """MISSING where last year's value was read instead of this year's."""
    if block.substituted is None:
        return None
    return np.where(block.substituted & read, MISSING, SCORED).astype(np.int8)


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
    limits = block.classes.once(("limits", *block.nodes), lambda: _limits(block))
    if points.least < 0.0 or limits.above_zero:
        points = points.maximum(block.param(limits.lowest))
    if limits.unlimited is None:
        return points.minimum(block.param(limits.highest))
    if limits.unlimited.all():
        return points
    unlimited = limits.unlimited[:, block.cells.chosen(block.classes.class_of)]
    return points.where(unlimited, points.minimum(block.param(limits.highest)))


class Limits(NamedTuple):
    """Of items, by class: the least points, whether any are above 0; the most, 0 where there is no limit.

    `unlimited`: where there is none; None: nowhere.
    """

    lowest: list[Param]
    above_zero: bool
    highest: list[Param]
    unlimited: Bools | None


def _limits(block: Block) -> Limits:
    lowest = [block.classes.amounts(node.item.min_points, node.points) for node in block.nodes]
    limits = [_highest(block, node) for node in block.nodes]
    highest = [Param(limit or ZERO for limit in each) for each in limits]
    count = len(block.classes.classes)
    unlimited = np.array([[each[at % len(each)] is None for at in range(count)] for each in limits])
    above_zero = any(points > 0 for each in lowest for points in each)
    return Limits(lowest, above_zero, highest, unlimited if unlimited.any() else None)


def _highest(block: Block, node: Node) -> tuple[Fraction | None, ...]:
    if node.item.max_points is None and node.item.points is None and not node.parts:
        return (None,)
    given = block.classes.read(node.item.max_points, lambda limit: limit)

    def limit(written: Any, points: Fraction) -> Fraction | None:
        return None if written == "none" else points if written is None else written.of(points)

    return combine(limit, given, node.points)
