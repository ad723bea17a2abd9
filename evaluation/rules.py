"""Rules (计分办法) over a measured number: from `m` to points, one function per `kind`.

`P` is the item's points. Each function works on items × units in whichever arithmetic the block is in.
Limits and cliff come after and are not here; rules over claims and marks are in `claim_rules.py`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Codes, Numbers
from evaluation.block import Reading, first_reason, reason_where
from evaluation.claim_rules import checklist, judged, levels
from evaluation.reasons import ZERO_DIVISOR
from evaluation.way import Way


def proportional(way: Way) -> Reading:
    """P·m"""
    return Reading(way.block.points * way.number, None)


def threshold(way: Way) -> Reading:
    """P where the condition is met, else `otherwise`."""
    met, why = way.meets(lambda rule: rule)
    return Reading(way.block.points.where(met, way.amounts(lambda rule: rule.otherwise)), why)


def _band(at: int) -> Callable[[Any], Any]:
    return lambda rule: rule.bands[at]


def _band_points(at: int) -> Callable[[Any], Any]:
    return lambda rule: rule.bands[at].points


def _through(at: int, which: int) -> Callable[[Any], Any]:
    return lambda rule: rule.through[at][which]


def bands(way: Way) -> Reading:
    """Points of the first band whose conditions are met; 0 where none is.

    Undefined where a band that is reached compares with a number that is not known; bands below are not reached.
    """
    points = way.block.zero
    open_cells: Bools = np.ones((1, 1), dtype=bool)
    why: Codes | None = None
    for at in range(len(way.rule.bands)):
        met, unknown = way.meets(_band(at))
        if unknown is not None:
            why = first_reason(why, np.where(open_cells, unknown, 0).astype(np.int8))
            open_cells = open_cells & (unknown == 0)
        points = way.amounts(_band_points(at)).where(met & open_cells, points)
        open_cells = open_cells & ~met
    return Reading(points, why)


def per_item(way: Way) -> Reading:
    """each·m"""
    return Reading(way.amounts(lambda rule: rule.each) * way.number, None)


def steps(way: Way) -> Reading:
    """start + better·n on the better side of the origin, start − worse·n on the worse, n = |m − origin| / step."""
    origin = way.operand(lambda rule: rule.origin)
    step = way.operand(lambda rule: rule.step)
    zero = way.block.zero
    no_step = step.number.equals(zero)
    size = way.block.one.where(no_step, step.number)
    ahead = way.number - origin.number if way.higher else origin.number - way.number
    behind = zero - ahead
    points = way.amounts(lambda rule: rule.start)
    points = points + way.amounts(lambda rule: rule.better) * _count_of_steps(way, ahead.maximum(zero), size)
    points = points - way.amounts(lambda rule: rule.worse) * _count_of_steps(way, behind.maximum(zero), size)
    return Reading(points, first_reason(origin.why, step.why, reason_where(no_step, ZERO_DIVISOR)))


def _count_of_steps(way: Way, distance: Numbers, size: Numbers) -> Numbers:
    count = distance / size
    return count.floor() if way.rule.whole else count


def interpolate(way: Way) -> Reading:
    """Straight lines through the points, flat outside; where points coincide, the higher."""
    count = len(way.rule.through)
    places = [way.operand(_through(at, 0)) for at in range(count)]
    heights = [way.amounts(_through(at, 1)) for at in range(count)]
    why = first_reason(*(place.why for place in places))
    xs = [place.number for place in places]
    if count == 1:
        return Reading(heights[0], why)
    points = _outermost(way.number, xs, heights)
    for at in range(count - 1):
        points = _on_line(way, points, (xs[at], heights[at]), (xs[at + 1], heights[at + 1]))
    return Reading(points, why)


def _outermost(m: Numbers, xs: list[Numbers], heights: list[Numbers]) -> Numbers:
    """Points beyond the ends; between them the lowest of all, which every line reaches."""
    least = heights[0]
    for height in heights[1:]:
        least = least.minimum(height)
    falling = xs[0].above(xs[-1])
    at_low, at_high = heights[-1].where(falling, heights[0]), heights[0].where(falling, heights[-1])
    below, beyond = xs[0].minimum(xs[-1]).above(m), m.above(xs[0].maximum(xs[-1]))
    return at_low.where(below, at_high.where(beyond, least))


def _on_line(way: Way, points: Numbers, start: tuple[Numbers, Numbers], end: tuple[Numbers, Numbers]) -> Numbers:
    """Points between two given ones, where the number lies there and they are more than `points`."""
    (x, height), (next_x, next_height) = start, end
    m = way.number
    inside = m.at_least(x.minimum(next_x)) & x.maximum(next_x).at_least(m)
    upright = x.equals(next_x)
    width = way.block.one.where(upright, next_x - x)
    line = height + (next_height - height) * ((m - x) / width)
    line = height.maximum(next_height).where(upright, line)
    return points.maximum(line).where(inside, points)


RULES: dict[str, Callable[[Way], Reading]] = {
    "proportional": proportional,
    "threshold": threshold,
    "bands": bands,
    "per_item": per_item,
    "steps": steps,
    "interpolate": interpolate,
    "levels": levels,
    "checklist": checklist,
    "judged": judged,
}
