"""Ranks, grades, vetoes and awards, in that order, as the oracle reads the contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from oracle_inputs import Inputs, Row, Undefined, all_places, for_unit, half_up, number
from oracle_measures import Look
from oracle_rules import fits
from oracle_totals import UnitTotal

Facts = dict[str, Any]


@dataclass
class Standing:
    """What a unit comes to. `forgone`: a veto cost it an award."""

    total: UnitTotal
    vetoes: list[str]
    effects: list[str]
    rank: int | None = None
    grade: str | None = None
    grade_before: str | None = None
    award: str | None = None
    forgone: bool = False

    @property
    def unit(self) -> Row:
        return self.total.unit

    @property
    def failed(self) -> bool:
        return "fail" in self.effects


def standings(inputs: Inputs, totals: list[UnitTotal]) -> list[Standing]:
    found = [Standing(total, *vetoes_of(inputs, total.unit)) for total in totals]
    rank(inputs, found)
    grade(inputs, found)
    apply_vetoes(inputs, found)
    for award in inputs.rulebook.get("awards", []):
        for group in inputs.rulebook["groups"]:
            give(inputs, award, [one for one in found if one.unit["group"] == group["code"]])
    return found


def vetoes_of(inputs: Inputs, unit: Row) -> tuple[list[str], list[str]]:
    hit = [veto for veto in inputs.rulebook.get("vetoes", []) if vetoed(inputs, veto, unit)]
    return [veto["code"] for veto in hit], [effect for veto in hit for effect in veto["effects"]]


def vetoed(inputs: Inputs, veto: Facts, unit: Row) -> bool:
    scope = veto.get("applies_to")
    if scope is not None and unit["unit_code"] not in scope and unit["group"] not in scope:
        return False
    if "when" in veto:
        try:
            return fits(Look(inputs, all_places(inputs)[0], unit, "value"), veto["when"])
        except Undefined:
            return False
    return any(
        row["unit_code"] == unit["unit_code"] and row["item_code"] == veto["code"] and row["document"] is not None
        for row in inputs.claims
    )


def ranking_of(inputs: Inputs) -> Facts:
    return dict(inputs.rulebook.get("ranking", {}))


def rank(inputs: Inputs, found: list[Standing]) -> None:
    within, ties = ranking_of(inputs).get("within", "group"), ranking_of(inputs).get("ties", "competition")
    failed_too = ranking_of(inputs).get("vetoed", "unranked") == "ranked"
    racing = [one for one in found if one.total.published is not None and (failed_too or not one.failed)]
    for one in racing:
        rivals = [other for other in racing if other.unit[within] == one.unit[within]]
        ahead = [key(inputs, other) for other in rivals if key(inputs, other) > key(inputs, one)]
        one.rank = 1 + (len(set(ahead)) if ties == "dense" else len(ahead))


def key(inputs: Inputs, one: Standing) -> tuple[Fraction, ...]:
    """What is compared: the total, then the tie-breakers, rounded unless exact numbers decide."""
    exact = [one.total.exact or Fraction(0)]
    exact += [broken_by(one.total, name) for name in ranking_of(inputs).get("tie_breakers", [])]
    if ranking_of(inputs).get("on", "published") == "exact":
        return tuple(exact)
    decimals = int(inputs.rulebook.get("scoring", {}).get("decimals", "2"))
    return tuple(half_up(value, decimals) for value in exact)


def broken_by(total: UnitTotal, name: str) -> Fraction:
    """`section:CODE` or `indicator:CODE`; what does not apply counts 0."""
    kind, code = name.split(":")
    if kind == "section":
        return sum((section.score for section in total.sections if section.code == code), Fraction(0))
    items = [item for section in total.sections for top in section.items for item in top.all()]
    return sum((item.score or Fraction(0) for item in items if item.place.code == code), Fraction(0))


def taken(ordered: list[Standing], places: int, ties_in: bool) -> list[Standing]:
    """Who has one of the places; a tie across the edge lets in nobody, or everybody."""
    inside: list[Standing] = []
    for place in sorted({one.rank or 0 for one in ordered}):
        tied = [one for one in ordered if one.rank == place]
        fit = len(inside) + len(tied) <= places
        if not fit and (len(inside) >= places or not ties_in):
            break
        inside += tied
    return inside


def grade(inputs: Inputs, found: list[Standing]) -> None:
    for rule in inputs.rulebook.get("grades", []):
        fitting = [one for one in found if one.grade is None and earns(rule, one)]
        if "quota" in rule:
            fitting = within_quota(rule, fitting, found)
        for one in fitting:
            one.grade = one.grade_before = rule["grade"]


def earns(rule: Facts, one: Standing) -> bool:
    """The conditions on total and rank; a unit without a total has no grade."""
    total = one.total.published
    if total is None:
        return False
    at_least, above = for_unit(rule.get("at_least"), one.unit), for_unit(rule.get("above"), one.unit)
    rank_at_most = for_unit(rule.get("rank_at_most"), one.unit)
    if any(key in rule and for_unit(rule[key], one.unit) is None for key in ("at_least", "above", "rank_at_most")):
        return False  # a limit that is given for others only is met by nobody else
    return (
        (at_least is None or total >= number(at_least))
        and (above is None or total > number(above))
        and (rank_at_most is None or (one.rank is not None and one.rank <= int(rank_at_most)))
    )


def within_quota(rule: Facts, fitting: list[Standing], found: list[Standing]) -> list[Standing]:
    """The best of each group; a quota counts the ranked units of the group."""
    inside: list[Standing] = []
    for group in {one.unit["group"] for one in fitting}:
        ranked = [one for one in found if one.unit["group"] == group and one.rank is not None]
        members = [one for one in fitting if one in ranked and not one.failed and one.unit["group"] == group]
        if members:
            share = number(for_unit(rule["quota"], {**members[0].unit, "unit_code": ""}) or "0") * len(ranked)
            places = WAYS[rule.get("quota_rounding", "down")](share)
            inside += taken(members, places, rule.get("ties_in") == "true")
    return inside


WAYS: dict[str, Callable[[Fraction], int]] = {
    "down": lambda share: share.numerator // share.denominator,
    "up": lambda share: -(-share.numerator // share.denominator),
    "half_up": lambda share: int(half_up(share, 0)),
}


def apply_vetoes(inputs: Inputs, found: list[Standing]) -> None:
    grades = [rule["grade"] for rule in inputs.rulebook.get("grades", [])]
    for one in found:
        if one.grade is not None:
            lower = min(grades.index(one.grade) + one.effects.count("demote"), len(grades) - 1)
            one.grade = grades[lower]
        if grades and one.failed and one.total.published is not None:
            one.grade = grades[-1]


def give(inputs: Inputs, award: Facts, group: list[Standing]) -> None:
    """One award in one group, to those who have none yet."""
    pool = [one for one in group if one.rank is not None and not one.failed and one.award is None]
    if not pool:
        return
    places = int(for_unit(award["places"], {**pool[0].unit, "unit_code": ""}) or 0)
    can = [one for one in pool if "no_award" not in one.effects and worthy(inputs, award, one, one.grade)]
    winners = taken(can, places, award.get("ties_in") == "true")
    if award.get("refill", "true") == "false":
        would = [
            one for one in pool if one in can or (not one.forgone and worthy(inputs, award, one, one.grade_before))
        ]
        seated = taken(would, places, award.get("ties_in") == "true")
        winners = [one for one in seated if one in can]
        for one in seated:
            one.forgone = one not in can
    for one in winners:
        one.award = award["award"]


def worthy(inputs: Inputs, award: Facts, one: Standing, grade: str | None) -> bool:
    grades = [rule["grade"] for rule in inputs.rulebook.get("grades", [])]
    lowest = award.get("grade_at_least")
    if lowest is not None and (grade is None or grades.index(grade) > grades.index(lowest)):
        return False
    return earns({name: award[name] for name in ("at_least", "rank_at_most") if name in award}, one)
