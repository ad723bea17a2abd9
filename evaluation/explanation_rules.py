"""Rules over a measured number told: which condition, step or line gave the points, and the arithmetic of it.

Here belongs one function per `kind`. Rules over claims and marks are told in `explanation_claims.py`; limits,
cliff and cases in `explanation_items.py`.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from evaluation.explanation_claims import checklist_told, judged_told, levels_told
from evaluation.explanation_measures import Measured, distance_in_style, in_style, measured, plain_term, whom
from evaluation.explanation_terms import Term, equation, number
from evaluation.explanation_told import Told
from evaluation.explanation_view import Cell, Limit, present
from evaluation.explanation_words import Words
from evaluation.items import CLAIM_MEASURES
from evaluation.measures import higher_is_better

# A line of `interpolate`: from (m, points) to (m, points).
Line = tuple[tuple[Limit, Fraction], tuple[Limit, Fraction]]

MEETS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "at_least": lambda m, limit: m >= limit,
    "above": lambda m, limit: m > limit,
    "at_most": lambda m, limit: m <= limit,
    "below": lambda m, limit: m < limit,
}


def rule_told(cell: Cell, words: Words) -> Told:
    """The points of the cell's rule, before cliff and limits."""
    return RULES[cell.method.rule.kind](cell, words)


def limit_said(cell: Cell, limit: Limit, words: Words) -> str:
    """A number that a rule compares with, called by its word where the rule says one."""
    shown = in_style(cell, present(limit.value), words)
    if limit.word is None:
        return shown
    return words("word_number", word=words(f"word_{limit.word}", whom=whom(cell, words)), number=shown)


def stated(cell: Cell, bounds: Any) -> list[tuple[str, Limit]]:
    return [(key, cell.limit(written)) for key, written in bounds.stated()]


def meets(cell: Cell, bounds: Any) -> bool:
    m = cell.number
    return all(MEETS[key](m, present(limit.value)) for key, limit in stated(cell, bounds))


def bounds_said(cell: Cell, bounds: Any, words: Words) -> str:
    return words("and").join(words(key, limit=limit_said(cell, limit, words)) for key, limit in stated(cell, bounds))


def _proportional(cell: Cell, words: Words) -> Told:
    found = measured(cell, words)
    return Told(found.said, found.term * number(cell.view.points[cell.at]), words("in_proportion"))


def _per_item(cell: Cell, words: Words) -> Told:
    found = measured(cell, words)
    each = cell.amount(cell.method.rule.each)
    if each == 1 or (found.term.value == 0 and cell.method.measure in CLAIM_MEASURES):
        return Told(found.said, found.term)
    told = words("each", one=in_style(cell, Fraction(1), words), points=words.exact_points(each))
    return Told((*_numbered(found, words), told), plain_term(cell) * number(each))


def _numbered(found: Measured, words: Words) -> tuple[str, ...]:
    """The facts and the number that they come to."""
    return (*found.said, found.told) if found.told else found.said


def _threshold(cell: Cell, words: Words) -> Told:
    rule = cell.method.rule
    met = meets(cell, rule)
    key = "meets" if met else "fails"
    said = (*_numbered(measured(cell, words), words), words(key, condition=bounds_said(cell, rule, words)))
    return Told(said, number(cell.view.points[cell.at] if met else cell.amount(rule.otherwise)))


def _bands(cell: Cell, words: Words) -> Told:
    said = _numbered(measured(cell, words), words)
    for place, band in enumerate(cell.method.rule.bands):
        if meets(cell, band):
            condition = bounds_said(cell, band, words)
            told = words("meets", condition=condition) if condition else words("other_band" if place else "any_band")
            return Told((*said, told), number(cell.amount(band.points)))
    return Told((*said, words("no_band")), number(0))


@dataclass(frozen=True)
class _Stepping:
    """`ahead`: on the better side; `distance` from the origin in the measure."""

    origin: Limit
    step: Fraction
    distance: Fraction
    ahead: bool
    each: Fraction

    @property
    def plain(self) -> bool:
        """Whether the number that has been told is itself the distance."""
        return self.origin.value == 0 and self.origin.word is None


def _stepping(cell: Cell) -> _Stepping:
    rule = cell.method.rule
    origin, step = cell.limit(rule.origin), present(cell.limit(rule.step).value)
    beyond = cell.number - present(origin.value)
    higher = higher_is_better(cell.method.measure, cell.view.node.item.direction)
    ahead = beyond > 0 if higher else beyond < 0
    return _Stepping(origin, step, abs(beyond), ahead, cell.amount(rule.better if ahead else rule.worse))


def _steps(cell: Cell, words: Words) -> Told:
    found, rule = _stepping(cell), cell.method.rule
    start = number(cell.amount(rule.start))
    said = _numbered(measured(cell, words), words)
    if found.distance == 0:
        exactly = words("at_origin", origin=limit_said(cell, found.origin, words))
        return Told(said if found.plain else (*said, exactly), start)
    said = (*said, *_side_said(cell, found, words))
    if found.each == 0:
        return Told((*said, words("no_step_ahead" if found.ahead else "no_step_behind")), start)
    count = found.distance / found.step
    whole = Fraction(math.floor(count)) if rule.whole else count
    term = number(abs(found.each)) * number(whole)
    adds = found.ahead == (found.each > 0)
    told = words(
        "step_adds" if adds else "step_takes",
        step=distance_in_style(cell, found.step, words),
        points=words.exact_points(abs(found.each)),
    )
    counted = _count_said(count, whole, words)
    if start.value == 0 and adds:
        return Told((*said, told, counted), term)
    return Told((*said, told, counted), start + term if adds else start - term)


def _side_said(cell: Cell, found: _Stepping, words: Words) -> tuple[str, ...]:
    """How far the number is from the origin."""
    if found.plain:
        return ()
    above = cell.number > present(found.origin.value)
    names = {"rank": ("rank_behind", "rank_ahead")}.get(cell.method.measure, ("higher_by", "lower_by"))
    distance = distance_in_style(cell, found.distance, words)
    origin = limit_said(cell, found.origin, words)
    return (words(names[0] if above else names[1], origin=origin, distance=distance),)


def number_text(value: Fraction) -> str:
    return equation(number(value))


def _count_said(count: Fraction, whole: Fraction, words: Words) -> str:
    key = "steps_whole" if count == whole else "steps_cut"
    return words(key, count=number_text(count), whole=number_text(whole))


def _interpolate(cell: Cell, words: Words) -> Told:
    """Of the lines and points that hold at the number the one with the most points."""
    through = [(cell.limit(place), cell.amount(points)) for place, points in cell.method.rule.through]
    said = _numbered(measured(cell, words), words)
    m = cell.number
    point = max(_points_at(m, through), key=lambda found: found[1], default=None)
    line = max(_lines_around(m, through), key=lambda found: _on_line(found, m), default=None)
    if line is None or (point is not None and point[1] >= _on_line(line, m)):
        assert point is not None
        limit, points = point
        key = "at_point" if limit.value == m else "beyond_high" if m > present(limit.value) else "beyond_low"
        return Told((*said, words(key, limit=limit_said(cell, limit, words))), number(points))
    (start, low), (end, high) = line
    told = words(
        "between",
        start=limit_said(cell, start, words),
        low=words.exact_points(low),
        end=limit_said(cell, end, words),
        high=words.exact_points(high),
    )
    return Told((*said, told), _line_term(cell, line))


def _lines_around(m: Fraction, through: list[tuple[Limit, Fraction]]) -> Iterable[Line]:
    for start, end in pairwise(through):
        low, high = sorted((present(start[0].value), present(end[0].value)))
        if low < m < high:
            yield start, end


def _on_line(line: Line, m: Fraction) -> Fraction:
    (start, low), (end, high) = line
    x, next_x = present(start.value), present(end.value)
    return low + (high - low) * (m - x) / (next_x - x)


def _points_at(m: Fraction, through: list[tuple[Limit, Fraction]]) -> Iterable[tuple[Limit, Fraction]]:
    """Points given exactly there, and the outermost one where the number lies beyond the ends."""
    low, high = sorted((through[0], through[-1]), key=lambda point: present(point[0].value))
    if m < present(low[0].value):
        yield low
    if m > present(high[0].value):
        yield high
    yield from (point for point in through if point[0].value == m)


def _line_term(cell: Cell, line: Line) -> Term:
    (start, low), (end, high) = line
    percent = plain_term(cell).percent
    m, x, next_x = (number(value, percent) for value in (cell.number, present(start.value), present(end.value)))
    if x.value == 0 and low == 0:
        return number(high) * m / next_x
    if next_x.value == 0 and high == 0:
        return number(low) * m / x
    rise = number(high) if low == 0 else number(high) - number(low)
    climbed = rise * (m - x) / (next_x - x)
    return climbed if low == 0 else number(low) + climbed


RULES: dict[str, Callable[[Cell, Words], Told]] = {
    "proportional": _proportional,
    "threshold": _threshold,
    "bands": _bands,
    "per_item": _per_item,
    "steps": _steps,
    "interpolate": _interpolate,
    "levels": levels_told,
    "checklist": checklist_told,
    "judged": judged_told,
}
