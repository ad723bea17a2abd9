"""Random items for property tests: every measure, rule, limit and way of dealing with what is missing.

Here belongs what one item may look like; sections and everything around them are made in `strategies`.
What the contract leaves open is not made, so that a difference always means a mistake.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from oracle_inputs import number

Facts = dict[str, Any]

POINTS = ("10", "5", "1", "2.5", "20", "10/7", "0.3", "15")
PLAIN = ("0", "1", "2", "3", "10", "0.5", "2.5", "100", "0.005", "1.005", "-1", "-0.125", "99.995")
LONG = ("33.333333333", "123456789.987654321", "0.000001", "1000000000000", "-7777777.77")
STEPS = ("1", "0.1", "5%", "0.5", "1/3", "10")
WORDS_OF_GROUP = ("mean", "min", "max", "best", "worst")


@dataclass
class Chooser:
    """Draws, and what has been drawn: `pool` holds the numbers that limits, targets and figures share."""

    draw: st.DrawFn
    groups: tuple[str, ...]
    pool: list[str] = field(default_factory=list)
    codes: int = 0
    figures: list[Facts] = field(default_factory=list)
    claimed: list[Facts] = field(default_factory=list)
    marked: list[Facts] = field(default_factory=list)

    def one(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) >= 100 - percent

    def whole(self, lowest: int, highest: int) -> int:
        return self.draw(st.integers(lowest, highest))

    def number(self) -> str:
        """Mostly one that occurs elsewhere, sometimes just beside it."""
        return str(self.one(*self.pool))

    def amount(self) -> Any:
        """Points or a share of them, sometimes by group."""
        if self.chance(10):
            return {group: self.plain_amount() for group in self.groups}
        return self.plain_amount()

    def plain_amount(self) -> str:
        return str(self.one("1", "0", "50%", "100%", "5%", "0.5", "-1", "1/3", "2.005", "12.5%", "3"))

    def new_code(self, letter: str) -> str:
        self.codes += 1
        return f"{letter}{self.codes}"


def item(choose: Chooser, extra: bool = False, points: str | None = None, depth: int = 0) -> Facts:
    """An indicator or part; `extra`: an item of bonuses or penalties, where nothing is made up for."""
    code = choose.new_code("p" if depth else "i")
    made: Facts = {"code": code, "name": code, "points": points or item_points(choose, depth)}
    limits(choose, made)
    if choose.chance(10) and not depth:
        made["applies_to"] = [choose.one(*choose.groups)]
    says_what_is_missing(choose, made, extra)
    kind = choose.one("figure", "figure", "figure", "figure", "figure", "cases", "claims", "marks", "parts")
    if kind == "parts" and depth < 2 and not extra:
        return with_parts(choose, made, depth)
    if depth or kind in ("claims", "marks"):
        made["sources"] = ["self"]
    makers = {"claims": by_claims, "marks": by_marks, "cases": by_cases}
    makers.get(kind, by_figure)(choose, made)
    return made


def item_points(choose: Chooser, depth: int) -> Any:
    if not depth and choose.chance(10):
        return {group: choose.one(*POINTS) for group in choose.groups}
    return choose.one(*POINTS)


def limits(choose: Chooser, made: Facts) -> None:
    highest = choose.one(None, "none", "none", "none", "120%", "30")
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
    made["parts"] = [item(choose, depth=depth + 1) for _ in range(choose.whole(1, 3))]
    for key in ("missing", "not_applicable"):
        if choose.chance(50):
            made["parts"][0].pop(key, None)
    if choose.chance(40):
        made["parts"][0]["rescale_within"] = choose.one("parent", "section", "total")
    shares = [made.get(key, "").endswith("%") for key in ("max_points", "min_points")]
    if depth or any(shares) or choose.chance(50):
        made["points"] = sum_of_points(made["parts"])
    return made


def sum_of_points(parts: list[Facts]) -> str:
    return str(sum((number(part["points"]) for part in parts), Fraction(0)))


def by_figure(choose: Chooser, made: Facts) -> None:
    choose.figures.append(made)
    made["measure"] = choose.one(
        "value", "value", "completion", "completion", "growth", "change", "deviation", "shortfall", "rank", "days_late"
    )
    made.update(choose.one({}, {}, {"direction": "lower_is_better"}))
    made.update(choose.one({}, {}, {"unit_of_measure": "%"}, {"per": "population"}, {"compare_within": "kind"}))
    if made["measure"] != "days_late":
        over_time(choose, made)
    made["rule"] = rule(choose, made["measure"])
    if choose.chance(15):
        made["cliff"] = {bound(choose): choose.number(), "points": choose.amount()}
    if made["measure"] in ("value", "completion") and choose.chance(10) and "per" not in made:
        made["exemptions"] = "true"


def over_time(choose: Chooser, made: Facts) -> None:
    made.update(choose.one({}, {}, {}, {"frequency": "quarter"}, {"frequency": "month"}))
    made.update(choose.one({}, {}, {"data_year": "2024"}))
    if "frequency" not in made:
        return
    made["accumulate"] = choose.one("latest", "sum", "mean", "max")
    simple = made["measure"] in ("value", "completion", "rank", "deviation", "shortfall")
    if simple and made["missing"] not in ("rescale", "previous") and choose.chance(40):
        made["periods"] = "score_then_mean"


def bound(choose: Chooser) -> str:
    return str(choose.one("at_least", "above", "at_most", "below"))


def limit(choose: Chooser, measure: str) -> Any:
    """What a number is compared with: a number, a share or a word."""
    words = WORDS_OF_GROUP
    if measure in ("value", "change"):
        words += ("target", "stretch", "previous")
    if choose.chance(20):
        return choose.one(*words)
    if choose.chance(10):
        return {group: choose.number() for group in choose.groups}
    return choose.one(choose.number(), choose.number(), "95%", "1")


def rule(choose: Chooser, measure: str) -> Facts:
    made = choose.one(proportional, threshold, bands, per_item, steps, interpolate)(choose, measure)
    return dict(made)


def proportional(choose: Chooser, measure: str) -> Facts:
    return {"kind": "proportional"}


def threshold(choose: Chooser, measure: str) -> Facts:
    otherwise = {"otherwise": choose.amount()} if choose.chance(40) else {}
    return {"kind": "threshold", bound(choose): limit(choose, measure), **otherwise}


def bands(choose: Chooser, measure: str) -> Facts:
    made: list[Facts] = []
    for _ in range(choose.whole(1, 3)):
        both = {"at_least": limit(choose, measure), "below": limit(choose, measure)}
        one = {bound(choose): limit(choose, measure)}
        made.append({**(both if choose.chance(20) else one), "points": choose.amount()})
    return {"kind": "bands", "bands": made + ([{"points": choose.amount()}] if choose.chance(50) else [])}


def per_item(choose: Chooser, measure: str) -> Facts:
    return {"kind": "per_item", "each": choose.amount()}


def steps(choose: Chooser, measure: str) -> Facts:
    made: Facts = {"kind": "steps", "step": choose.one(*STEPS), "whole": choose.one("true", "false")}
    if choose.chance(70):
        made["origin"] = limit(choose, measure)
    for key in ("start", "better", "worse"):
        if choose.chance(60):
            made[key] = choose.amount()
    return made


def interpolate(choose: Chooser, measure: str) -> Facts:
    ends = [("min", "max"), ("worst", "best"), ("min", "mean", "max")]
    if choose.chance(30):
        places = list(choose.one(*ends))
    else:
        places = sorted({choose.number() for _ in range(choose.whole(1, 4))}, key=number)
        places += places[-1:] if choose.chance(20) else []
        places = places[::-1] if choose.chance(30) else places
    return {"kind": "interpolate", "through": [[place, choose.amount()] for place in places]}


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
    elif kind == "levels":
        made["rule"] = levels(choose)
    else:
        pieces = [{"code": f"o{number}", "points": choose.amount()} for number in range(1, choose.whole(2, 4))]
        made["rule"] = {"kind": "checklist", "pieces": pieces, "mode": choose.one("sum", "all_or_nothing")}


def levels(choose: Chooser) -> Facts:
    made: Facts = {"kind": "levels", "levels": {"national": "7", "city": choose.one("2", "3/7", "20%"), "absent": "-1"}}
    for key in ("start", "each"):
        if choose.chance(40):
            made[key] = choose.amount()
    made.update(choose.one({}, {"document_required": "false"}))
    made.update(choose.one({}, {}, {"same_document": "zero_all"}))
    return made


def by_marks(choose: Chooser, made: Facts) -> None:
    choose.marked.append(made)
    made["rule"] = {"kind": "judged", "trim": choose.one("0", "0", "1"), "scale": choose.one("share", "points")}
