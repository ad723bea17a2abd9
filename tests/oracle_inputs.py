"""What the oracle is given, and how it reads a number, a unit's share of a mapping and a figure.

The oracle is a second reading of the contract of rulebooks: slow, exact, one unit and one item at a time, on the
parsed YAML itself. It shares no code with the package, so that both would have to make the same mistake.
Here belongs reading only; what a measure or a rule makes of it stands in the other `oracle_*` modules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Row = dict[str, str | None]

INHERITED = ("missing", "not_applicable", "compare_within")
INHERITED_WITH_FIGURE = (
    "direction",
    "unit_of_measure",
    "per",
    "frequency",
    "accumulate",
    "periods",
    "data_year",
    "exemptions",
)


class Undefined(Exception):
    """A number of the measure or of the rule does not exist for this unit."""


@dataclass(frozen=True)
class Inputs:
    """A definition and its facts; every number is text, what is not known is None or absent.

    Provisional figures say `provisional: "true"`. `claims` are those that count.
    """

    rulebook: dict[str, Any]
    units: list[Row]
    targets: list[Row] = field(default_factory=list)
    figures: list[Row] = field(default_factory=list)
    previous: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)
    marks: list[Row] = field(default_factory=list)
    received: list[Row] = field(default_factory=list)
    officials: list[Row] = field(default_factory=list)


def number(text: str) -> Fraction:
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def for_unit(given: Any, unit: Row) -> Any:
    """A unit's key goes before its group's."""
    if isinstance(given, dict):
        return given.get(unit["unit_code"], given.get(unit["group"]))
    return given


def amount(given: Any, unit: Row, points: Fraction) -> Fraction:
    """Points; `5%` is that share of `points`."""
    text = for_unit(given, unit)
    return number(text) * points if text.endswith("%") else number(text)


def half_up(value: Fraction, decimals: int) -> Fraction:
    """A half goes away from zero: 0.125 is 0.13 and -0.125 is -0.13."""
    shifted = abs(value) * 10**decimals + Fraction(1, 2)
    rounded = Fraction(shifted.numerator // shifted.denominator, 10**decimals)
    return -rounded if value < 0 else rounded


def shown(value: Fraction | None, decimals: int) -> str | None:
    """As published: that many decimals, half up."""
    if value is None:
        return None
    whole = int(half_up(value, decimals) * 10**decimals)
    digits = str(abs(whole)).rjust(decimals + 1, "0")
    text = digits if decimals == 0 else f"{digits[:-decimals]}.{digits[-decimals:]}"
    return f"-{text}" if whole < 0 else text


@dataclass(frozen=True)
class Place:
    """An item and the items around it, outermost first; `section` is None in bonuses and penalties."""

    section: dict[str, Any] | None
    chain: tuple[dict[str, Any], ...]

    @property
    def item(self) -> dict[str, Any]:
        return self.chain[-1]

    @property
    def code(self) -> str:
        return str(self.item["code"])

    def parts(self) -> list[Place]:
        return [Place(self.section, (*self.chain, part)) for part in self.item.get("parts", [])]

    def key(self, name: str, default: Any = None) -> Any:
        """The key as the item itself states it, or as a part takes it over from its item."""
        for depth in range(len(self.chain) - 1, -1, -1):
            item = self.chain[depth]
            if name in item:
                return item[name]
            own_figure = depth == 0 or "sources" in item or "figure" in item
            if name not in INHERITED and (own_figure or name not in INHERITED_WITH_FIGURE):
                return default
        return default

    def reader(self) -> dict[str, Any]:
        """The item whose figure and targets are read: the nearest one that has figures of its own."""
        with_own = [item for item in self.chain[1:] if "sources" in item or "figure" in item]
        return with_own[-1] if with_own else self.chain[0]

    @property
    def figure(self) -> str:
        """The code under which what it reads is reported."""
        return str(self.reader().get("figure", self.reader()["code"]))

    @property
    def filed_under(self) -> set[str]:
        """The codes under which claims and marks for it are filed."""
        return {str(self.reader()["code"]), self.code}

    @property
    def higher_is_better(self) -> bool:
        return bool(self.key("direction", "higher_is_better") == "higher_is_better")

    def applies(self, unit: Row) -> bool:
        """Whether the unit is assessed on the item at all; targets.csv is another matter."""
        scopes = [item.get("applies_to") for item in (self.section or {}, *self.chain)]
        named = (unit["unit_code"], unit["group"])
        if any(scope is not None and not set(named) & set(scope) for scope in scopes):
            return False
        return all("points" not in item or for_unit(item["points"], unit) is not None for item in self.chain)


def target_row(inputs: Inputs, unit: Row, code: str) -> Row:
    for row in inputs.targets:
        if row["unit_code"] == unit["unit_code"] and row["indicator_code"] == code:
            return row
    return {}


def assessed(inputs: Inputs, place: Place, unit: Row) -> bool:
    """The item applies to the unit, and targets.csv does not say that the unit has no such task."""
    return place.applies(unit) and not any(
        target_row(inputs, unit, str(item["code"])).get("applicable") == "no" for item in place.chain
    )


def year_of(inputs: Inputs, place: Place) -> int:
    return int(place.key("data_year", inputs.rulebook["cycle"]["year"]))


def of_the_figure(inputs: Inputs, place: Place, name: str) -> Any:
    """A key of the figure that is read: as the item of the figure's code says it, or the first that does."""
    readers = [one.reader() for one in all_places(inputs) if one.figure == place.figure]
    saying = [item for item in sorted(readers, key=lambda item: item["code"] != place.figure) if name in item]
    return saying[0][name] if saying else None


def in_percent(inputs: Inputs, place: Place) -> bool:
    """Whether its figures are in %: its own unit of measure, or that of the figure which it names."""
    return bool((place.key("unit_of_measure") or of_the_figure(inputs, place, "unit_of_measure")) == "%")


def frequency(inputs: Inputs, place: Place) -> str:
    """How often its figure is reported, whoever reads it."""
    return str(of_the_figure(inputs, place, "frequency") or "year")


def periods(year: int, frequency: str) -> list[str]:
    if frequency == "quarter":
        return [f"{year}Q{quarter}" for quarter in range(1, 5)]
    if frequency == "month":
        return [f"{year}-{month:02d}" for month in range(1, 13)]
    return [str(year)]


def reported(rows: list[Row], unit: Row, code: str, due: list[str]) -> list[Fraction]:
    """The values reported for the periods due, in their order."""
    values = {
        row["period"]: row["accepted_value"]
        for row in rows
        if row["unit_code"] == unit["unit_code"] and row["indicator_code"] == code
    }
    return [Fraction(text) for text in map(values.get, due) if text is not None]


def accumulated(values: list[Fraction], way: str) -> Fraction:
    if not values:
        raise Undefined("no value")
    if way == "sum":
        return sum(values, Fraction(0))
    if way == "mean":
        return sum(values, Fraction(0)) / len(values)
    return max(values) if way == "max" else values[-1]


def column(unit: Row, name: str) -> Fraction:
    text = unit.get(name)
    if text is None or not re.fullmatch(r"-?[0-9.]+", text):
        raise Undefined(name)
    return Fraction(text)


def all_places(inputs: Inputs) -> list[Place]:
    """Every item and part, wherever it stands."""
    found: list[Place] = []
    waiting = [Place(section, (item,)) for section in inputs.rulebook["sections"] for item in section["indicators"]]
    for block in ("bonuses", "penalties"):
        waiting += [Place(None, (item,)) for item in inputs.rulebook.get(block, {}).get("items", [])]
    while waiting:
        place = waiting.pop(0)
        found.append(place)
        waiting += place.parts()
    return found


def reader_of(inputs: Inputs, code: str) -> tuple[Place, bool]:
    """The item of that code, or one that reads the figure of that code; whether it is the item's."""
    places = all_places(inputs)
    own = [place for place in places if place.code == code]
    return (own or [place for place in places if place.figure == code])[0], bool(own)
