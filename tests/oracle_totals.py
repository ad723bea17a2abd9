"""From items to totals, in the order of operations of the contract.

Here belong rounding, section caps, rescaling within a section and within the total, weights, bonus and penalty.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from oracle_inputs import Inputs, Place, Row, amount, column, for_unit, half_up, number
from oracle_items import Outcome, losses, outcome


@dataclass(frozen=True)
class SectionScore:
    """Before rescaling within the total, already weighted.

    `reach` is what the unit can reach here, `lost` what is to be made up for by the total.
    """

    code: str
    items: tuple[Outcome, ...]
    score: Fraction
    reach: Fraction
    lost: Fraction
    weight: Fraction
    broken: bool


@dataclass(frozen=True)
class UnitTotal:
    unit: Row
    sections: tuple[SectionScore, ...]
    bonuses: tuple[Outcome, ...]
    penalties: tuple[Outcome, ...]
    base: Fraction
    bonus: Fraction
    penalty: Fraction
    exact: Fraction | None
    published: Fraction | None
    provisional: bool


def total_of(inputs: Inputs, unit: Row) -> UnitTotal:
    scoring = inputs.rulebook.get("scoring", {})
    sections = tuple(
        section_score(inputs, section, unit) for section in inputs.rulebook["sections"] if reaches(section, unit)
    )
    bonus, bonuses = block(inputs, "bonuses", unit)
    penalty, penalties = block(inputs, "penalties", unit)
    base, pending = base_of(scoring, sections)
    exact = base + bonus - penalty
    decimals = int(scoring.get("decimals", "2"))
    rows = [one for section in sections for one in section.items] + [*bonuses, *penalties]
    return UnitTotal(
        unit,
        sections,
        bonuses,
        penalties,
        base,
        bonus,
        penalty,
        None if pending else exact,
        None if pending else half_up(exact, decimals),
        pending or any(one.provisional for one in rows),
    )


def reaches(section: dict[str, Any], unit: Row) -> bool:
    return any(Place(section, (item,)).applies(unit) for item in section["indicators"])


def rounded(scoring: dict[str, Any], at: str, value: Fraction) -> Fraction:
    """The value, rounded if the rulebook rounds there."""
    if scoring.get("round_at", "item") != at:
        return value
    return half_up(value, int(scoring.get("decimals", "2")))


def section_score(inputs: Inputs, section: dict[str, Any], unit: Row) -> SectionScore:
    scoring = inputs.rulebook.get("scoring", {})
    places = [Place(section, (item,)) for item in section["indicators"]]
    items = tuple(outcome(inputs, place, unit) for place in places if place.applies(unit))
    score = sum((rounded(scoring, "item", one.score or Fraction(0)) for one in items), Fraction(0))
    score = capped(section, unit, score, items)
    lost = losses(items)
    inside, reach = lost.get("section", Fraction(0)), sum((one.reach for one in items), Fraction(0))
    broken = any(one.broken for one in items) or (inside > 0 and reach == 0)
    if inside > 0 and reach > 0:
        score *= (reach + inside) / reach
    weight = weight_of(section, unit)
    return SectionScore(
        section["code"],
        items,
        rounded(scoring, "section", score * weight),
        (reach + inside) * weight,
        lost.get("total", Fraction(0)) * weight,
        weight,
        broken,
    )


def capped(section: dict[str, Any], unit: Row, score: Fraction, items: tuple[Outcome, ...]) -> Fraction:
    given = for_unit(section.get("max_points", "none"), unit)
    if given is None or given == "none":
        return score
    stated = for_unit(section.get("points"), unit)
    points = number(stated) if stated is not None else sum((one.points for one in items), Fraction(0))
    return min(score, amount(given, unit, points))


def weight_of(section: dict[str, Any], unit: Row) -> Fraction:
    given = section.get("weight", "1")
    return column(unit, given) if given in unit else number(given)


def base_of(scoring: dict[str, Any], sections: tuple[SectionScore, ...]) -> tuple[Fraction, bool]:
    """The base, and whether nothing is left to reach somewhere."""
    base = sum((section.score for section in sections), Fraction(0))
    reach = sum((section.reach for section in sections), Fraction(0))
    lost = sum((section.lost for section in sections), Fraction(0))
    if reach == 0 or any(section.broken for section in sections):
        return Fraction(0), True
    return base * (reach + lost) / reach, False


def block(inputs: Inputs, name: str, unit: Row) -> tuple[Fraction, tuple[Outcome, ...]]:
    """Bonus or penalty: the items, at most so many points, rounded as sections are."""
    scoring, given = inputs.rulebook.get("scoring", {}), inputs.rulebook.get(name, {})
    places = [Place(None, (item,)) for item in given.get("items", [])]
    items = tuple(outcome(inputs, place, unit) for place in places if place.applies(unit))
    total = sum((rounded(scoring, "item", one.score or Fraction(0)) for one in items), Fraction(0))
    highest = for_unit(given.get("max_points", "none"), unit)
    if highest not in (None, "none"):
        total = min(total, number(highest))
    return rounded(scoring, "section", total), items
