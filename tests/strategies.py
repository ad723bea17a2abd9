"""Random evaluations for property tests: a valid rulebook, its units, and facts for all that it asks.

Here belongs what surrounds the items: sections, ranking, bonus and penalty, vetoes, grades, awards, officials.
"""

from __future__ import annotations

from typing import Any

import strategies_facts as facts
from hypothesis import strategies as st
from oracle_inputs import Inputs, Row
from strategies_items import item
from strategies_rules import LONG, PLAIN, TREACHEROUS, Chooser, Facts, rule

DECIMALS = st.decimals(-1000, 1000, places=3, allow_nan=False).map(lambda value: f"{value.normalize():f}")
KINDS = {"g1": "township", "g2": "township", "g3": "department"}
GRADES = ("优秀", "良好", "合格", "不合格")


@st.composite
def evaluations(draw: st.DrawFn) -> Inputs:
    groups = ("g1", "g2", "g3")[: draw(st.integers(1, 3))]
    choose = Chooser(draw, groups)
    fresh = draw(st.lists(DECIMALS, min_size=0, max_size=2))
    choose.charged = choose.chance(15)
    known = [*(choose.one(*PLAIN) for _ in range(4)), choose.one(*TREACHEROUS)]
    choose.pool = [*known, *fresh, *([choose.one(*LONG)] if choose.chance(20) else [])]
    units = [a_unit(choose, number) for number in range(1, choose.whole(1, 6) + 1)]
    choose.units = tuple(str(one["unit_code"]) for one in units)
    return with_facts(choose, units, a_rulebook(choose))


@st.composite
def numeric_evaluations(draw: st.DrawFn) -> Inputs:
    """Plain items over many units, of numbers that lie where the arithmetic may go wrong."""
    choose = Chooser(draw, ("g1",))
    choose.pool = draw(st.lists(st.sampled_from((*TREACHEROUS, *TREACHEROUS, *LONG)), min_size=2, max_size=5))
    items = [a_plain_item(choose, number) for number in range(1, choose.whole(1, 3) + 1)]
    section: Facts = {"code": "s1", "name": "s1", "indicators": items}
    section.update(choose.one({}, {"weight": "load"}, {"max_points": "12"}, {"weight": "1/3"}))
    units = [a_unit(choose, number) for number in range(1, choose.whole(2, 9) + 1)]
    return with_facts(choose, units, around(choose, [section]))


def a_plain_item(choose: Chooser, number: int) -> Facts:
    measure = choose.one("value", "completion", "growth", "change", "deviation", "shortfall", "rank")
    made: Facts = {"code": f"i{number}", "name": f"i{number}", "points": "10", "measure": measure}
    made["rule"] = rule(choose, measure)
    made.update(choose.one({}, {"max_points": "none", "min_points": "-1000"}))
    made.update(choose.one({}, {"per": "population"}, {"frequency": "quarter", "accumulate": "mean"}))
    choose.figures.append(made)
    return made


def with_facts(choose: Chooser, units: list[Row], book: Facts) -> Inputs:
    """The rulebook with facts for everything that it asks."""
    known = [*choose.figures, *choose.claimed, *choose.marked]
    exempting = [made["code"] for made in choose.figures if "exemptions" in made]
    parted = codes(choose.parted) if choose.chance(50) else []
    by_claim = [veto["code"] for veto in book["vetoes"] if "when" not in veto]
    return Inputs(
        book,
        units,
        targets=facts.targets(choose, units, known),
        figures=facts.figures(choose, units, choose.figures),
        previous=facts.figures(choose, units, choose.figures, back=1),
        claims=facts.claims(choose, units, [*codes(choose.claimed), *parted, *exempting, *by_claim]),
        marks=facts.marks(choose, units, [*codes(choose.marked), *parted]),
        received=facts.received(choose, units, choose.figures),
        officials=facts.posts(choose, units),
    )


def codes(made: list[Facts]) -> list[str]:
    return [one["code"] for one in made]


def a_unit(choose: Chooser, number: int) -> Row:
    group = choose.one(*choose.groups)
    return {
        "unit_code": f"U{number}",
        "name": f"单位{number}",
        "kind": KINDS[group],
        "group": group,
        "population": choose.one("1", "2", "12.5", "0", "3", None),
        "load": choose.one("1", "1.12", "0.5", "0"),
    }


def a_rulebook(choose: Chooser) -> Facts:
    sections = [a_section(choose, number) for number in range(1, choose.whole(1, 3) + 1)]
    return {**around(choose, sections), "bonuses": a_block(choose), "penalties": a_block(choose), **vetoes(choose)}


def vetoes(choose: Chooser) -> Facts:
    return {"vetoes": [a_veto(choose, number) for number in range(choose.whole(0, 2))]}


def around(choose: Chooser, sections: list[Facts]) -> Facts:
    """What every rulebook has besides items."""
    grades = some_grades(choose)
    return {
        "evaluation": "x-2025",
        "cycle": {"year": "2025", "starts": "2025-01-01", "ends": "2025-12-31"},
        "calendar": {"submissions_due": "2026-01-15"},
        "scoring": {
            "decimals": choose.one("2", "2", "0", "1", "4", "6"),
            "round_at": choose.one("item", "section", "total"),
        },
        "departments": [{"code": "stats", "name": "县统计局"}],
        "groups": [{"code": code, "name": code, "kind": KINDS[code]} for code in choose.groups],
        "sections": sections,
        "vetoes": [],
        "ranking": a_ranking(choose, sections),
        "grades": grades,
        "awards": some_awards(choose, grades),
        "officials": the_officials(choose),
    }


def a_section(choose: Chooser, number: int) -> Facts:
    made: Facts = {"code": f"s{number}", "name": f"s{number}"}
    made["indicators"] = [item(choose) for _ in range(choose.whole(1, 3))]
    weight = choose.one("1", "1", "load", choose.one("30%", "0"), "1.5")
    made.update({} if weight == "1" else {"weight": weight})
    made.update(choose.one({}, {}, {"max_points": "12"}, {"max_points": "80%"}))
    if "%" in made.get("max_points", "") and choose.chance(50):
        made["points"] = choose.one("10", "40")
    made.update(choose.one({}, {}, {"rescale_within": "section"}, {"rescale_within": "total"}))
    if choose.chance(10):
        made["applies_to"] = choose.one([choose.one(*choose.groups)], list(choose.units[:2]))
    return made


def a_block(choose: Chooser) -> Facts:
    items = [item(choose, extra=True) for _ in range(choose.one(0, 0, 1, 2))]
    return {
        "items": items,
        "max_points": choose.one("none", "3", {group: choose.one("3", "none") for group in choose.groups}),
    }


def a_veto(choose: Chooser, number: int) -> Facts:
    effects = choose.one(["fail"], ["demote"], ["no_award"], ["demote", "no_award"], ["fail", "no_award"])
    made: Facts = {"code": f"v{number}", "name": f"v{number}", "effects": effects}
    watched = [one["code"] for one in choose.figures if "parts" not in one]
    if watched and choose.chance(50):
        made["when"] = {"of": choose.one(*watched), choose.one("below", "at_most", "above"): choose.number()}
    if choose.chance(20):
        made["applies_to"] = [choose.one(*choose.groups)]
    return made


def a_ranking(choose: Chooser, sections: list[Facts]) -> Facts:
    breakers = [f"section:{section['code']}" for section in sections]
    breakers += [f"indicator:{made['code']}" for section in sections for made in section["indicators"]]
    return {
        "on": choose.one("published", "exact"),
        "ties": choose.one("competition", "dense"),
        "within": choose.one("group", "kind"),
        "tie_breakers": [choose.one(*breakers)] if choose.chance(40) else [],
        "vetoed": choose.one("unranked", "unranked", "ranked"),
    }


def some_grades(choose: Chooser) -> list[Facts]:
    made: list[Facts] = []
    for grade in GRADES[: choose.whole(0, 3)]:
        one: Facts = {"grade": grade}
        one.update(
            choose.one({}, {"at_least": choose.number()}, {"above": choose.number()}, {"at_least": by_group(choose)})
        )
        one.update(choose.one({}, {}, {"rank_at_most": choose.one("1", "2")}))
        if choose.chance(40):
            one["quota"] = choose.one("50%", "30%", "100%", "1/3", {choose.groups[0]: "60%"})
            one["quota_rounding"] = choose.one("down", "up", "half_up")
            one["ties_in"] = choose.one("false", "true")
        made.append(one)
    return [*made, {"grade": GRADES[3]}] if made else []


def by_group(choose: Chooser) -> dict[str, str]:
    return {group: choose.number() for group in choose.groups[: choose.whole(1, 3)]}


def some_awards(choose: Chooser, grades: list[Facts]) -> list[Facts]:
    return [an_award(choose, number, grades) for number in range(choose.whole(0, 2))]


def an_award(choose: Chooser, number: int, grades: list[Facts]) -> Facts:
    places: Any = choose.one("1", "2", {group: choose.one("0", "1", "2") for group in choose.groups})
    made: Facts = {"award": f"奖{number}", "places": places}
    made.update(choose.one({}, {"at_least": choose.number()}, {"rank_at_most": "2"}))
    if grades and choose.chance(40):
        made["grade_at_least"] = choose.one(*grades)["grade"]
    made.update(choose.one({}, {"refill": "false"}))
    made.update(choose.one({}, {"ties_in": "true"}))
    return made


def the_officials(choose: Chooser) -> Facts:
    return {
        "roles": ["party_secretary", "government_head"],
        "minimum_days": choose.one("0", "90"),
        "several_posts": choose.one("by_days", "by_share", "last_post"),
    }
