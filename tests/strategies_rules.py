"""Random numbers and rules for property tests: every kind of rule, by numbers, shares and words.

Here belongs what a rule of an item may look like, and how choices are drawn; items stand in `strategies_items`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from oracle_inputs import number

Facts = dict[str, Any]

POINTS = ("10", "5", "1", "2.5", "20", "10/7", "0.3", "15")
PLAIN = ("0", "1", "2", "3", "10", "0.5", "2.5", "100", "0.005", "1.005", "-1", "-0.125", "99.995")
# Numbers that binary fractions get wrong, or that have more digits than they hold.
TREACHEROUS = ("0.1", "0.2", "0.3", "3.3", "2.675", "1.115", "0.285", "4.35", "-2.675", "0.29")
LONG = (
    "33.333333333",
    "123456789.987654321",
    "0.000001",
    "1000000000000",
    "-7777777.77",
    "0.123456789012345",
    "99999999999999999999.5",
    "9007199254740993",
    "0.000000000000001",
)
STEPS = ("1", "0.1", "5%", "0.5", "1/3", "10")
WORDS_OF_GROUP = ("mean", "min", "max", "best", "worst")


@dataclass
class Chooser:
    """Draws, and what has been drawn: `pool` holds the numbers that limits, targets and figures share."""

    draw: st.DrawFn
    groups: tuple[str, ...]
    units: tuple[str, ...] = ("U1",)
    pool: list[str] = field(default_factory=list)
    codes: int = 0
    charged: bool = False
    figures: list[Facts] = field(default_factory=list)
    claimed: list[Facts] = field(default_factory=list)
    marked: list[Facts] = field(default_factory=list)
    parted: list[Facts] = field(default_factory=list)

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


def bound(choose: Chooser) -> str:
    return str(choose.one("at_least", "above", "at_most", "below"))


def limit(choose: Chooser, measure: str) -> Any:
    """What a number is compared with: a number, a share or a word."""
    words: tuple[str, ...] = WORDS_OF_GROUP
    if measure in ("value", "change"):
        words += ("target", "stretch", "previous")
    if choose.chance(20):
        return choose.one(*words)
    if choose.chance(10):
        return {group: choose.number() for group in choose.groups}
    return choose.one(choose.number(), choose.number(), "95%", "1", "10%")


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
        if measure in ("value", "change") and choose.chance(40):
            places = choose.one(["target", "stretch"], ["stretch", "target"])
    else:
        places = sorted({choose.number() for _ in range(choose.whole(1, 4))}, key=number)
        places[1:2] = places[1:2] * (2 if len(places) > 2 and choose.chance(30) else 1)
        places = places[::-1] if choose.chance(30) else places
    return {"kind": "interpolate", "through": [[place, choose.amount()] for place in places]}


def levels(choose: Chooser) -> Facts:
    made: Facts = {"kind": "levels", "levels": {"national": "7", "city": choose.one("2", "3/7", "20%"), "absent": "-1"}}
    for key in ("start", "each"):
        if choose.chance(40):
            made[key] = choose.amount()
    made.update(choose.one({}, {"document_required": "false"}))
    made.update(choose.one({}, {}, {"same_document": "zero_all"}))
    return made
