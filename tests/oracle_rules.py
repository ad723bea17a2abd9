"""From the number to points, as the oracle reads the contract: the rules, cliffs and limits.

Every number that a rule names is looked up before the rule is applied, so that a missing one is never passed over;
only bands and cases below the one that fits are not looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from oracle_inputs import Undefined, amount, for_unit, number
from oracle_measures import Look, claims_of, compared, matter, measured, operand, when_value

BOUNDS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "at_least": lambda m, x: m >= x,
    "above": lambda m, x: m > x,
    "at_most": lambda m, x: m <= x,
    "below": lambda m, x: m < x,
}


def meets(look: Look, bounds: dict[str, Any], m: Fraction) -> bool:
    limits = {key: operand(look, bounds[key]) for key in BOUNDS if key in bounds}
    return all(BOUNDS[key](m, limit) for key, limit in limits.items())


def fits(look: Look, when: dict[str, Any]) -> bool:
    value, in_percent = when_value(look, when["of"])
    return all(
        BOUNDS[key](value, compared(for_unit(when[key], look.unit), in_percent)) for key in BOUNDS if key in when
    )


def proportional(look: Look, rule: dict[str, Any], points: Fraction) -> Fraction:
    return points * measured(look)


def threshold(look: Look, rule: dict[str, Any], points: Fraction) -> Fraction:
    met = meets(look, rule, measured(look))
    return points if met else amount(rule.get("otherwise", "0"), look.unit, points)


def bands(look: Look, rule: dict[str, Any], points: Fraction) -> Fraction:
    m = measured(look)
    fitting = next((band for band in rule["bands"] if meets(look, band, m)), None)
    return Fraction(0) if fitting is None else amount(fitting["points"], look.unit, points)


def per_item(look: Look, rule: dict[str, Any], points: Fraction) -> Fraction:
    return amount(rule["each"], look.unit, points) * measured(look)


def steps(look: Look, rule: dict[str, Any], points: Fraction) -> Fraction:
    m, origin, step = measured(look), operand(look, rule.get("origin", "0")), operand(look, rule.get("step", "1"))
    if step == 0:
        raise Undefined("step")
    n = abs(m - origin) / step
    if rule.get("whole", "true") == "true":
        n = Fraction(n.numerator // n.denominator)
    start = amount(rule.get("start", "100%"), look.unit, points)
    if m != origin and (m > origin) == look.higher_is_better:
        return start + amount(rule.get("better", "0"), look.unit, points) * n
    return start - amount(rule.get("worse", "0"), look.unit, points) * n


def interpolate(look: Look, rule: dict[str, Any], points: Fraction) -> Fraction:
    m = measured(look)
    line = [(operand(look, x), amount(y, look.unit, points)) for x, y in rule["through"]]
    if line[0][0] > line[-1][0]:
        line.reverse()
    on_it = [y for x, y in line if x == m]
    if on_it:
        return max(on_it)
    if m < line[0][0]:
        return line[0][1]
    if m > line[-1][0]:
        return line[-1][1]
    return between(line, m)


def between(line: list[tuple[Fraction, Fraction]], m: Fraction) -> Fraction:
    """On the straight line between the neighbours; of points at one place the one on that side."""
    (x0, y0) = [point for point in line if point[0] < m][-1]
    (x1, y1) = next(point for point in line if point[0] > m)
    return y0 + (y1 - y0) * (m - x0) / (x1 - x0)


def levels(look: Look, rule: dict[str, Any], points: Fraction) -> Fraction:
    if rule.get("same_document") == "zero_all" and shares_a_document(look):
        return Fraction(0)
    rows = claims_of(look)
    if rule.get("document_required", "true") == "true":
        rows = [row for row in rows if row["document"] is not None]
    table = rule.get("levels", {})
    total = amount(rule.get("start", "0"), look.unit, points)
    for one in {matter(row) for row in rows}:
        named = [row["level"] for row in rows if matter(row) == one and row["level"] in table]
        worth = [amount(table[level], look.unit, points) for level in named]
        total += max(worth, key=abs, default=Fraction(0)) + amount(rule.get("each", "0"), look.unit, points)
    return total


def shares_a_document(look: Look) -> bool:
    mine = {row["document"] for row in claims_of(look)} - {None}
    return any(
        row["document"] in mine
        for row in look.inputs.claims
        if row["item_code"] in look.place.filed_under and row["unit_code"] != look.unit["unit_code"]
    )


def checklist(look: Look, rule: dict[str, Any], points: Fraction) -> Fraction:
    claimed = {row["object_id"] for row in claims_of(look)}
    pieces = {piece["code"]: amount(piece["points"], look.unit, points) for piece in rule["pieces"]}
    if rule.get("mode", "sum") == "all_or_nothing" and not set(pieces) <= claimed:
        return Fraction(0)
    return sum((worth for code, worth in pieces.items() if code in claimed), Fraction(0))


def marks_left(look: Look, rule: dict[str, Any]) -> list[Fraction]:
    rows = [row for row in look.inputs.marks if row["unit_code"] == look.unit["unit_code"]]
    given = sorted(number(str(row["mark"])) for row in rows if row["indicator_code"] in look.place.filed_under)
    trim = int(rule.get("trim", "0"))
    return given[trim : len(given) - trim]


def judged(look: Look, rule: dict[str, Any], points: Fraction) -> Fraction:
    left = marks_left(look, rule)
    if not left:
        raise Undefined("no mark")
    average = sum(left, Fraction(0)) / len(left)
    return average if rule.get("scale", "share") == "points" else points * average


RULES: dict[str, Callable[[Look, dict[str, Any], Fraction], Fraction]] = {
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


def limited(look: Look, value: Fraction, points: Fraction) -> Fraction:
    item = look.place.item
    highest = for_unit(item.get("max_points", "100%"), look.unit)
    if highest != "none":
        value = min(value, amount(highest, look.unit, points))
    return max(value, amount(item.get("min_points", "0"), look.unit, points))


def way_of(look: Look) -> tuple[str, dict[str, Any]] | None:
    """(measure, rule) of the item, or of its first case that fits; None where none does."""
    item = look.place.item
    if "cases" not in item:
        return item.get("measure", "value"), item["rule"]
    for case in item["cases"]:
        if "when" not in case or fits(look, case["when"]):
            return case.get("measure", "value"), case["rule"]
    return None
