"""What each item makes of one unit: points, or what the contract says where there is nothing to score.

Here belong items and their parts up to the item's limits, and rescaling within a parent. Rounding, sections
and what is rescaled further out stand in `oracle_totals`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from oracle_inputs import (
    Inputs,
    Place,
    Row,
    Undefined,
    amount,
    assessed,
    frequency,
    periods,
    reported,
    year_of,
)
from oracle_measures import Look, aim, due_of, measured, value_a
from oracle_rules import RULES, limited, marks_left, meets, way_of

CLAIM_RULES = ("levels", "checklist")
CLAIM_MEASURES = ("count", "quantity")

# What the contract does not say, as the state of an item some of whose parts are scored and some missing.
LEFT_OPEN = "left open"


@dataclass(frozen=True)
class Outcome:
    """One item of one unit; `score` is None where it is skipped or rescaled.

    `reach` is what the unit can still reach here, `lost` what is to be made up for further out, by scope;
    `broken`: something had to be made up for where nothing is left to reach.
    """

    place: Place
    points: Fraction
    score: Fraction | None
    state: str
    provisional: bool
    reach: Fraction
    lost: dict[str, Fraction] = field(default_factory=dict)
    broken: bool = False
    measure: Fraction | None = None
    target_state: str | None = LEFT_OPEN
    parts: tuple[Outcome, ...] = ()

    def all(self) -> Iterator[Outcome]:
        yield self
        for part in self.parts:
            yield from part.all()


def points_of(place: Place, unit: Row) -> Fraction:
    """Points as stated, a share being of the item around; where none are, the sum of the parts that apply."""
    if "points" in place.item:
        around = Place(place.section, place.chain[:-1])
        shared = len(place.chain) > 1 and "points" in around.item
        return amount(place.item["points"], unit, points_of(around, unit) if shared else Fraction(0))
    return sum((points_of(part, unit) for part in place.parts() if part.applies(unit)), Fraction(0))


def outcome(inputs: Inputs, place: Place, unit: Row) -> Outcome:
    if not assessed(inputs, place, unit):
        return settled(inputs, place, unit, place.key("not_applicable", "rescale"), "not_applicable", False)
    if "parts" in place.item:
        return of_parts(inputs, place, unit)
    if place.key("periods") == "score_then_mean" and frequency(inputs, place) != "year":
        return of_periods(inputs, place, unit)
    return scored(Look(inputs, place, unit, ""))


def settled(inputs: Inputs, place: Place, unit: Row, says: Any, state: str, provisional: bool) -> Outcome:
    """Where there is nothing to score: what `missing` or `not_applicable` says."""
    points = points_of(place, unit)
    if says == "skip":
        return Outcome(place, points, None, state, provisional, Fraction(0))
    if says == "rescale":
        return Outcome(place, points, None, state, provisional, Fraction(0), {scope_of(place): points})
    if says == "pending":
        return Outcome(place, points, Fraction(0), "pending", True, points)
    score = points if says == "full" else Fraction(0)
    if isinstance(says, dict):
        score = amount(says["points"], unit, points)
    return Outcome(place, points, score, state, provisional, points)


def scope_of(place: Place) -> str:
    """The nearest enclosing `rescale_within`."""
    for holder in (*reversed(place.chain), place.section or {}):
        if "rescale_within" in holder:
            return str(holder["rescale_within"])
    return "total"


def scored(look: Look) -> Outcome:
    """The item in one period, or in all periods combined."""
    place, points = look.place, points_of(look.place, look.unit)
    uncertain = provisional(look)
    try:
        score, m = by_rule(look, points)
        return Outcome(place, points, score, "scored", uncertain, points, measure=m, target_state=target_state(look))
    except Undefined:
        uncertain = uncertain or owed_by_department(look)
    says = place.key("missing", "zero")
    if says == "previous":
        return from_previous(look, points, uncertain)
    return settled(look.inputs, place, look.unit, says, "missing", uncertain)


def target_state(look: Look) -> str | None:
    """How the accepted value stands to target and stretch, where the item itself reads a figure."""
    item = look.place.item
    if "cases" in item or item.get("measure") == "days_late" or look.period is not None:
        return LEFT_OPEN
    if not reads_figure(look) or not has_value(look):
        return LEFT_OPEN
    state = None
    for name, reached in (("target", "met"), ("stretch", "stretched")):
        try:
            a, t = value_a(look), aim(look, name)
        except Undefined:
            break
        met = a >= t if look.place.higher_is_better else a <= t
        state = reached if met else state or "unmet"
    return state


def from_previous(look: Look, points: Fraction, uncertain: bool) -> Outcome:
    """Last year's accepted value scored in this year's place; without one, nothing."""
    try:
        score, m = by_rule(replace(look, from_previous=True), points)
    except Undefined:
        return Outcome(look.place, points, Fraction(0), "missing", uncertain, points)
    state = LEFT_OPEN if has_value(look) else "missing"
    return Outcome(look.place, points, score, state, uncertain, points, measure=m)


def by_rule(look: Look, points: Fraction) -> tuple[Fraction, Fraction | None]:
    """Points after rule, cliff and limits, and the number they were made from."""
    way = way_of(look)
    if way is None:
        return limited(look, Fraction(0), points), None
    look, rule = replace(look, measure=way[0]), way[1]
    score = RULES[rule["kind"]](look, rule, points)
    m = None if rule["kind"] in (*CLAIM_RULES, "judged") else measured(look)
    cliff = look.place.item.get("cliff")
    if cliff is not None and m is not None and meets(look, cliff, m):
        score = amount(cliff.get("points", "0"), look.unit, points)
    return limited(look, score, points), m


def reads_figure(look: Look) -> bool:
    """The way in which the item is scored, or may be where that is not known, reads its figure."""
    try:
        way = way_of(look)
    except Undefined:
        return True
    return way is not None and way[0] not in CLAIM_MEASURES and way[1]["kind"] not in (*CLAIM_RULES, "judged")


def provisional(look: Look) -> bool:
    """A value it is scored by is only provisional."""
    if not reads_figure(look):
        return False
    due, code = due_of(look), look.place.figure
    return any(
        row.get("provisional") == "true" and row["period"] in due
        for row in look.inputs.figures
        if row["unit_code"] == look.unit["unit_code"] and row["indicator_code"] == code
    )


def owed_by_department(look: Look) -> bool:
    """The figure itself or every mark is missing, and its most trusted source is not the unit."""
    if look.place.reader().get("sources", ["self"])[0] == "self":
        return False
    if rule := way_of_marks(look):
        return not marks_left(look, rule)
    return reads_figure(look) and not has_value(look)


def way_of_marks(look: Look) -> dict[str, Any] | None:
    """The rule over marks by which the item is scored; None where it is scored otherwise, or that is not known."""
    try:
        way = way_of(look)
    except Undefined:
        return None
    return way[1] if way is not None and way[1]["kind"] == "judged" else None


def has_value(look: Look) -> bool:
    return bool(reported(look.inputs.figures, look.unit, look.place.figure, due_of(look)))


def of_periods(inputs: Inputs, place: Place, unit: Row) -> Outcome:
    """Every period due scored for itself, limits included, and the mean of them.

    A period that the others make up for (`missing: rescale`) leaves the mean.
    """
    due = periods(year_of(inputs, place), frequency(inputs, place))
    each = [scored(Look(inputs, place, unit, "", period)) for period in due]
    points = points_of(place, unit)
    counted = [one.score for one in each if one.score is not None]
    if not counted:
        return replace(each[0], provisional=any(one.provisional for one in each))
    state = state_of(each)
    score = sum(counted, Fraction(0)) / len(counted)
    return Outcome(place, points, score, state, any(one.provisional for one in each), points)


def of_parts(inputs: Inputs, place: Place, unit: Row) -> Outcome:
    """The sum of the parts, made up for within the item where they say so, then the item's limits."""
    parts = tuple(outcome(inputs, part, unit) for part in place.parts() if part.applies(unit))
    points, lost = points_of(place, unit), losses(parts)
    reach = sum((part.reach for part in parts), Fraction(0))
    score = sum((part.score or Fraction(0) for part in parts), Fraction(0))
    inside = lost.pop("parent", Fraction(0))
    left = reach + inside
    for scope in ("section", "total"):
        # Of parts that together have more than their item, only what the item cannot reach any more is lost.
        more = left + lost.get(scope, Fraction(0))
        lost[scope] = min(more, points) - min(left, points)
        left = more
    broken = any(part.broken for part in parts) or (inside > 0 and reach == 0)
    if inside > 0 and reach > 0:
        score *= (reach + inside) / reach
    nothing = all(part.score is None for part in parts)
    return Outcome(
        place,
        points,
        None if nothing else limited(Look(inputs, place, unit, ""), score, points),
        state_of(parts),
        any(part.provisional for part in parts),
        min(reach + inside, points),
        lost,
        broken,
        parts=parts,
    )


def losses(outcomes: tuple[Outcome, ...]) -> dict[str, Fraction]:
    lost: dict[str, Fraction] = {}
    for one in outcomes:
        for scope, points in one.lost.items():
            lost[scope] = lost.get(scope, Fraction(0)) + points
    return lost


def state_of(parts: Sequence[Outcome]) -> str:
    """One word for several: said only where one is pending or all are scored or missing alike."""
    states = {part.state for part in parts}
    if "pending" in states:
        return "pending"
    return states.pop() if states in ({"scored"}, {"missing"}) else LEFT_OPEN
