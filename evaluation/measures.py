"""Measures (计分依据): from accepted values to the number that is scored, one function per `measure`.

Each reads a block (items × units) and knows nothing of rules or of the arithmetic. `a` accepted value, `t`
target, `p` last year's value. Where a number is undefined the reading says why.
"""

from collections.abc import Callable

from evaluation.block import Block, Reading, first_reason, reason_where
from evaluation.columns import Column
from evaluation.comparison import Compared
from evaluation.plan import Node
from evaluation.reasons import NOT_POSITIVE

# Sides of a rule, `best` and `worst` where the item's own direction does not say them.
HIGHER = frozenset({"completion", "growth"})
LOWER = frozenset({"shortfall", "rank", "days_late"})
# Measures in the unit of measure of the item's figures.
IN_FIGURE_UNITS = frozenset({"value", "change", "shortfall"})


def higher_is_better(measure: str, direction: str) -> bool:
    """Which side of the measure is the better one."""
    return measure in HIGHER or (measure not in LOWER and direction == "higher_is_better")


def value(block: Block) -> Reading:
    return block.figure()


def completion(block: Block) -> Reading:
    """a / t; where lower is better t / a, and 1 where a = 0. Only for t > 0 and a ≥ 0."""
    a, t = block.figure(), block.target()
    zero = block.zero
    if block.item.missing == "previous":
        a = _unless_negative(block, a)
    higher = block.item.direction == "higher_is_better"
    if higher and a.number.least >= 0 and t.number.least > 0:  # as nearly always; seen faster than by comparing
        return Reading(a.number / t.number, first_reason(a.why, t.why))
    outside = ~(t.number.above(zero) & a.number.at_least(zero))
    why = first_reason(a.why, t.why, reason_where(outside, NOT_POSITIVE))
    one = block.one
    if higher:
        divisor = one.where(outside, t.number) if outside.any() else t.number
        return Reading(a.number / divisor, why)
    none = a.number.equals(zero)
    divisor = one.where(outside | none, a.number)
    return Reading(one.where(none, t.number / divisor), why)


def _unless_negative(block: Block, a: Reading) -> Reading:
    """Last year's value where this year's cannot be used."""
    p = block.previous()
    negative = block.zero.above(a.number) & (True if p.why is None else p.why == 0)
    block.last_years = negative
    return Reading(p.number.where(negative, a.number), a.why) if negative.any() else a


def growth(block: Block) -> Reading:
    a, p = block.figure(), block.previous()
    difference = Reading(a.number - p.number, first_reason(a.why, p.why))
    return block.quotient(difference, Reading(p.number.absolute_value(), None))


def change(block: Block) -> Reading:
    a, p = block.figure(), block.previous()
    return Reading(a.number - p.number, first_reason(a.why, p.why))


def deviation(block: Block) -> Reading:
    """(a − mean) / abs(mean) of the group."""
    a = block.figure()
    mean = block.over_group("figure", Block.figure, _mean)
    difference = Reading(a.number - mean.number, first_reason(a.why, mean.why))
    return block.quotient(difference, Reading(mean.number.absolute_value(), None))


def shortfall(block: Block) -> Reading:
    a, t = block.figure(), block.target()
    higher = block.item.direction == "higher_is_better"
    number = t.number - a.number if higher else a.number - t.number
    return Reading(number, first_reason(a.why, t.why))


def rank(block: Block) -> Reading:
    """Place in the group, 1 is best, equals share the better place."""
    places = block.over_group("figure", Block.figure, _places)
    return Reading(places.number, first_reason(block.figure().why, places.why))


def days_late(block: Block) -> Reading:
    return block.columns([block.inputs.days_late(node) for node in block.nodes])


def count(block: Block) -> Reading:
    return block.columns([block.inputs.claims_of(node).count for node in block.nodes])


def quantity(block: Block) -> Reading:
    return block.columns([block.inputs.claims_of(node).quantity for node in block.nodes])


def _mean(compared: Compared, node: Node) -> Column:
    return compared.mean()


def _places(compared: Compared, node: Node) -> Column:
    return compared.places(node.item.direction == "higher_is_better")


MEASURES: dict[str, Callable[[Block], Reading]] = {
    "value": value,
    "completion": completion,
    "growth": growth,
    "change": change,
    "deviation": deviation,
    "shortfall": shortfall,
    "rank": rank,
    "days_late": days_late,
    "count": count,
    "quantity": quantity,
}
