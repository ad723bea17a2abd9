"""Random items for property tests: every measure, rule, limit and way of dealing with what is missing.

Here belongs what one item may look like; sections and everything around them are made in `strategies`.
What the contract leaves open is not made, so that a difference always means a mistake.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from oracle_inputs import number
from strategies_rules import POINTS, Chooser, Facts, bands, bound, levels, limit, per_item, rule, steps


def item(choose: Chooser, extra: bool = False, points: str | None = None, depth: int = 0) -> Facts:
    """An indicator or part; `extra`: an item of bonuses or penalties, where nothing is made up for."""
    code = choose.new_code("p" if depth else "i")
    made: Facts = {"code": code, "name": code, "points": points or item_points(choose, depth)}
    limits(choose, made)
    if choose.chance(10) and not depth:
        made["applies_to"] = choose.one(
            [choose.one(*choose.groups)], [choose.units[0]], [choose.groups[0], choose.units[-1]]
        )
    says_what_is_missing(choose, made, extra)
    if choose.charged and not extra and not depth and choose.chance(60):
        made["responsible"] = choose.one(
            ["party_secretary"], ["government_head"], ["party_secretary", "government_head"]
        )
    kind = choose.one("figure", "figure", "figure", "figure", "figure", "cases", "claims", "marks", "parts")
    if kind == "parts" and depth < 2 and not extra:
        return with_one_figure(choose, made, depth) if choose.chance(33) else with_parts(choose, made, depth)
    shared = depth and kind in ("claims", "marks") and choose.chance(50)  # what is filed for the item around it
    if (depth or kind in ("claims", "marks")) and not shared:
        made["sources"] = ["self"]
    makers = {"claims": by_claims, "marks": by_marks, "cases": by_cases}
    makers.get(kind, by_figure)(choose, made)
    return made


def item_points(choose: Chooser, depth: int) -> Any:
    if not depth and choose.chance(10):
        assessed = choose.groups[: choose.one(1, 2, 3)]
        by_group = {group: choose.one(*POINTS) for group in assessed}
        return {**by_group, **choose.one({}, {choose.units[-1]: "7"})}
    return choose.one(*POINTS)


def limits(choose: Chooser, made: Facts) -> None:
    by_group = {group: choose.one("12", "80%", "none") for group in choose.groups}
    highest = choose.one(None, "none", "none", "none", "120%", "30", by_group)
    lowest = choose.one(None, None, "-2", "-50%", "-100")
    made.update({"max_points": highest} if highest else {})
    made.update({"min_points": lowest} if lowest else {})


def says_what_is_missing(choose: Chooser, made: Facts, extra: bool) -> None:
    missing = choose.one("zero", "zero", "pending", "previous", "rescale", {"points": choose.plain_amount()})
    absent = choose.one("rescale", "rescale", "skip", "full", {"points": choose.plain_amount()})
    made["missing"] = "zero" if extra and missing == "rescale" else missing
    made["not_applicable"] = "skip" if extra and absent == "rescale" else absent


def with_parts(choose: Chooser, made: Facts, depth: int) -> Facts:
    """Parts that add up to the item; their own points are what a rescaled part takes out."""
    made.pop("points")
    choose.parted.append(made)
    made["parts"] = [item(choose, depth=depth + 1) for _ in range(choose.whole(1, 3))]
    for key in ("missing", "not_applicable"):
        if choose.chance(50):
            made["parts"][0].pop(key, None)
    if choose.chance(40):
        made["parts"][0]["rescale_within"] = choose.one("parent", "section", "total")
    if choose.chance(15):
        made["rescale_within"] = choose.one("section", "total")
    shares = "%" in str([made.get("max_points"), made.get("min_points")])
    if depth or shares or choose.chance(50):
        beyond = choose.one(Fraction(1), Fraction(1), Fraction(2, 3))
        made["points"] = str(Fraction(sum_of_points(made["parts"])) * beyond)
    elif len(made["parts"]) > 1 and choose.chance(30):
        made["parts"][-1]["applies_to"] = [choose.groups[0]]
    return made


def with_one_figure(choose: Chooser, made: Facts, depth: int) -> Facts:
    """Parts without sources: they score the item's figure in several ways."""
    made.pop("points")
    choose.figures.append(made)
    if depth:
        made["sources"] = ["self"]
    its_figure(choose, made)
    parts = [{"code": choose.new_code("p"), "points": choose.one(*POINTS)} for _ in range(choose.whole(1, 2))]
    for part in parts:
        limits(choose, part)
        part["measure"] = choose.one("value", "completion", "change", "shortfall", "rank")
        part["rule"] = rule(choose, part["measure"])
    made["parts"] = parts
    made["points"] = sum_of_points(parts)
    if choose.chance(30):
        shares = ["100%"] if len(parts) == 1 else choose.one(["40%", "60%"], ["100%", "30%"])
        for part, share in zip(parts, shares, strict=True):
            part["points"] = share
    return made


def sum_of_points(parts: list[Facts]) -> str:
    return str(sum((number(part["points"]) for part in parts), Fraction(0)))


def by_figure(choose: Chooser, made: Facts) -> None:
    choose.figures.append(made)
    made["measure"] = choose.one(
        "value", "value", "completion", "completion", "growth", "change", "deviation", "shortfall", "rank", "days_late"
    )
    its_figure(choose, made)
    if made["measure"] == "days_late":
        for key in ("frequency", "periods", "accumulate"):
            made.pop(key, None)
        made["sources"] = ["self"]
    made["rule"] = rule(choose, made["measure"])
    if choose.chance(15):
        made["cliff"] = {bound(choose): limit(choose, made["measure"]), "points": choose.amount()}
    if made["measure"] in ("value", "completion") and not {"per", "periods"} & set(made) and choose.chance(10):
        made["exemptions"] = "true"
    elif choose.chance(20):
        shared_figure(choose, made)


def its_figure(choose: Chooser, made: Facts) -> None:
    """How a figure is to be read, and who owes it."""
    made.update(choose.one({}, {}, {"direction": "lower_is_better"}))
    made.update(choose.one({}, {}, {}, {"unit_of_measure": "%"}, {"per": "population"}))
    made.update(choose.one({}, {}, {"compare_within": "kind"}, {"compare_within": "all"}))
    made.update(choose.one({}, {}, {"sources": ["stats"]}, {"sources": ["stats", "self"]}))
    over_time(choose, made)


def shared_figure(choose: Chooser, made: Facts) -> None:
    """The item reads what another item reads, of its own year; how it is reported is said there."""
    others = [one["code"] for one in choose.figures if one is not made and "figure" not in one and "cases" not in one]
    if others and made["measure"] != "days_late":
        made["figure"] = choose.one(*others)
        for key in ("frequency", "unit_of_measure", "sources"):
            made.pop(key, None)


def over_time(choose: Chooser, made: Facts) -> None:
    made.update(choose.one({}, {}, {}, {"frequency": "quarter"}, {"frequency": "month"}))
    made.update(choose.one({}, {}, {"data_year": "2024"}))
    if "frequency" not in made:
        return
    made["accumulate"] = choose.one("latest", "sum", "mean", "max")
    if choose.chance(40):
        made["periods"] = "score_then_mean"


def by_cases(choose: Chooser, made: Facts) -> None:
    choose.figures.append(made)
    known = [one["code"] for one in choose.figures if "per" not in one and one is not made]
    cases: list[Facts] = []
    for _ in range(choose.whole(1, 2)):
        of = choose.one("previous", "population", *known)
        measure = choose.one("value", "completion", "change")
        when = {"of": of, bound(choose): choose.number()}
        cases.append({"when": when, "measure": measure, "rule": rule(choose, measure)})
    if choose.chance(80):
        cases.append({"measure": "value", "rule": rule(choose, "value")})
    made["cases"] = cases


def by_claims(choose: Chooser, made: Facts) -> None:
    choose.claimed.append(made)
    kind = choose.one("count", "quantity", "levels", "checklist")
    if kind in ("count", "quantity"):
        made["measure"] = kind
        made["rule"] = choose.one(per_item, steps, bands)(choose, "count")
        if choose.chance(20):
            made["cliff"] = {bound(choose): choose.one("0", "1", "2", "mean"), "points": choose.amount()}
    elif kind == "levels":
        made["rule"] = levels(choose)
    else:
        pieces = [{"code": f"o{number}", "points": choose.amount()} for number in range(1, choose.whole(2, 4))]
        made["rule"] = {"kind": "checklist", "pieces": pieces, "mode": choose.one("sum", "all_or_nothing")}


def by_marks(choose: Chooser, made: Facts) -> None:
    choose.marked.append(made)
    made["rule"] = {"kind": "judged", "trim": choose.one("0", "0", "1"), "scale": choose.one("share", "points")}
