"""From accepted values to the number that is scored, as the oracle reads the contract.

Here belong the measures, the statistics of a group and what a word or number of a rule stands for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from oracle_inputs import (
    Inputs,
    Place,
    Row,
    Undefined,
    accumulated,
    assessed,
    column,
    for_unit,
    frequency,
    in_percent,
    number,
    periods,
    reader_of,
    reported,
    target_row,
    year_of,
)

IN_THE_FIGURES_UNIT = ("value", "change", "shortfall")


@dataclass(frozen=True)
class Look:
    """One unit looked at for one item: in one period or all together, with its own value or last year's."""

    inputs: Inputs
    place: Place
    unit: Row
    measure: str
    period: str | None = None
    from_previous: bool = False

    @property
    def higher_is_better(self) -> bool:
        if self.measure in ("completion", "growth"):
            return True
        return self.measure not in ("shortfall", "rank", "days_late") and self.place.higher_is_better

    def of(self, unit: Row) -> Look:
        return replace(self, unit=unit, from_previous=False)


def per(look: Look, value: Fraction) -> Fraction:
    name = look.place.key("per")
    if name is None:
        return value
    denominator = column(look.unit, name)
    if denominator == 0:
        raise Undefined(name)
    return value / denominator


def due_of(look: Look) -> list[str]:
    """The periods that are looked at."""
    whole = periods(year_of(look.inputs, look.place), frequency(look.inputs, look.place))
    return whole if look.period is None else [look.period]


def own_value(look: Look) -> Fraction:
    return per(look, accepted_value(look))


def accepted_value(look: Look) -> Fraction:
    values = reported(look.inputs.figures, look.unit, look.place.figure, due_of(look))
    value = accumulated(values, look.place.key("accumulate", "latest"))
    if look.place.key("exemptions") == "true":
        value += exempted(look)
    return value


def matter(row: Row) -> str:
    """What is claimed, however it is written: letters and digits, half-width and small."""
    text = row["object_id"] or ""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN") or text


def exempted(look: Look) -> Fraction:
    rows = claims_of(look)
    quantities = {matter(row): Fraction(row["quantity"] or 0) for row in rows if row["level"] == "exemption"}
    return sum(quantities.values(), Fraction(0))


def previous_value(look: Look) -> Fraction:
    year = year_of(look.inputs, look.place) - 1
    due = periods(year, frequency(look.inputs, look.place)) if look.period is None else [f"{year}{look.period[4:]}"]
    values = reported(look.inputs.previous, look.unit, look.place.figure, due)
    return per(look, accumulated(values, look.place.key("accumulate", "latest")))


def value_a(look: Look) -> Fraction:
    return previous_value(look) if look.from_previous else own_value(look)


def aim(look: Look, name: str) -> Fraction:
    """The unit's `target` or `stretch`: the item's own, or that of the figure which it names."""
    codes = (str(look.place.reader()["code"]), look.place.figure)
    texts = [target_row(look.inputs, look.unit, code).get(name) for code in codes]
    text = texts[0] or texts[1]
    if text is None:
        raise Undefined(name)
    return per(look, compared(text, in_percent(look.inputs, look.place)))


def compared(text: str, percent: bool) -> Fraction:
    """What is compared with figures whose unit of measure is % is in that unit: `95%` is 95 there."""
    return number(text) * 100 if text.endswith("%") and percent else number(text)


def claims_of(look: Look) -> list[Row]:
    own = [row for row in look.inputs.claims if row["unit_code"] == look.unit["unit_code"]]
    return [row for row in own if row["item_code"] in look.place.filed_under]


def peers(look: Look) -> list[Row]:
    within = look.place.key("compare_within", "group")
    units = [unit for unit in look.inputs.units if within == "all" or unit[within] == look.unit[within]]
    return [unit for unit in units if assessed(look.inputs, look.place, unit)]


def among_peers(look: Look, one: Callable[[Look], Fraction]) -> list[Fraction]:
    """That number of every unit compared with; a unit without a value never enters."""
    found = []
    for unit in peers(look):
        try:
            found.append(one(look.of(unit)))
        except Undefined:
            continue
    if not found:
        raise Undefined("nobody has a value")
    return found


def mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def completion(look: Look) -> Fraction:
    a, t = value_a(look), aim(look, "target")
    if t <= 0 or a < 0:
        raise Undefined("completion")
    if look.place.higher_is_better:
        return a / t
    return Fraction(1) if a == 0 else t / a


def growth(look: Look) -> Fraction:
    a, p = value_a(look), previous_value(look)
    if p == 0:
        raise Undefined("previous")
    return (a - p) / abs(p)


def deviation(look: Look) -> Fraction:
    a, average = value_a(look), mean(among_peers(look, value_a))
    if average == 0:
        raise Undefined("mean")
    return (a - average) / abs(average)


def shortfall(look: Look) -> Fraction:
    a, t = value_a(look), aim(look, "target")
    return t - a if look.place.higher_is_better else a - t


def rank(look: Look) -> Fraction:
    a = value_a(look)
    others = among_peers(look, value_a)
    better = [b for b in others if (b > a if look.place.higher_is_better else b < a)]
    return Fraction(1 + len(better))


def days_late(look: Look) -> Fraction:
    due = date.fromisoformat(look.inputs.rulebook["calendar"]["submissions_due"])
    code = look.place.figure
    days = [
        date.fromisoformat(str(row["received_on"])[:10])
        for row in look.inputs.received
        if row["unit_code"] == look.unit["unit_code"] and row["indicator_code"] == code
    ]
    if not days:
        raise Undefined("never received")
    return Fraction(max((min(days) - due).days, 0))


def count(look: Look) -> Fraction:
    return Fraction(len({matter(row) for row in claims_of(look)}))


def quantity(look: Look) -> Fraction:
    """One matter that is listed twice counts once."""
    rows = claims_of(look)
    return sum({matter(row): Fraction(row["quantity"] or 0) for row in rows}.values(), Fraction(0))


MEASURES: dict[str, Callable[[Look], Fraction]] = {
    "value": value_a,
    "completion": completion,
    "growth": growth,
    "change": lambda look: value_a(look) - previous_value(look),
    "deviation": deviation,
    "shortfall": shortfall,
    "rank": rank,
    "days_late": days_late,
    "count": count,
    "quantity": quantity,
}


def measured(look: Look) -> Fraction:
    return MEASURES[look.measure](look)


def operand(look: Look, given: Any) -> Fraction:
    """What a word or a number of a rule stands for."""
    text = for_unit(given, look.unit)
    if text in ("target", "stretch"):
        return aim(look, text)
    if text == "previous":
        return previous_value(look)
    if text == "mean":
        return mean(among_peers(look, measured))
    if text in ("min", "max", "best", "worst"):
        highest = text == ("best" if look.higher_is_better else "worst") or text == "max"
        return (max if highest else min)(among_peers(look, measured))
    return compared(text, in_percent(look.inputs, look.place) and look.measure in IN_THE_FIGURES_UNIT)


def when_value(look: Look, of: str) -> tuple[Fraction, bool]:
    """The number a `when` looks at, and whether it is a figure in %."""
    if of == "previous":
        return previous_value(look), in_percent(look.inputs, look.place)
    if of in look.unit:
        return column(look.unit, of), False
    place, is_item = reader_of(look.inputs, of)
    other = Look(look.inputs, place, look.unit, "value")
    return own_value(other) if is_item else accepted_value(other), in_percent(look.inputs, place)
