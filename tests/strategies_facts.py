"""Random facts for the items of a random rulebook: targets, figures, last year, claims, marks, posts.

Values lean to the edges: equal to targets and limits, equal among units, missing, zero, negative, very long.
"""

from __future__ import annotations

from typing import Any

from oracle_inputs import Row, number, periods
from strategies_rules import Chooser, Facts

QUANTITIES = {"o1": "1", "o2": "2.5", "o3": "0", "o4": "3"}


def plain(choose: Chooser) -> str:
    """A figure: decimal text, neither a share nor a fraction."""
    text = choose.number()
    if choose.chance(20):
        text = choose.one("0", "1", "2", "2", "3")
    return text


def targets(choose: Chooser, units: list[Row], items: list[Facts]) -> list[Row]:
    rows: list[Row] = []
    for made in items:
        for unit in units:
            if choose.chance(80):
                rows.append(target(choose, unit, made))
    return rows


def target(choose: Chooser, unit: Row, made: Facts) -> Row:
    absent = choose.chance(12)
    low, high = sorted((plain(choose), plain(choose)), key=number)
    if made.get("direction") == "lower_is_better":
        low, high = high, low
    return {
        "unit_code": unit["unit_code"],
        "indicator_code": made["code"],
        "target": None if absent else low,
        "stretch": None if absent or choose.chance(30) else high,
        "applicable": "no" if absent else None,
    }


def figures(choose: Chooser, units: list[Row], items: list[Facts], back: int = 0) -> list[Row]:
    """What was accepted, for every period due; the year before where `back` is 1."""
    rows: list[Row] = []
    items_of_own = {made["code"]: made for made in items}
    reported: set[tuple[str, int]] = set()
    for item in items:
        year = int(item.get("data_year", "2025")) - back
        made = items_of_own.get(item.get("figure", ""), item)
        if (made["code"], year) in reported:
            continue
        reported.add((made["code"], year))
        year += choose.one(0, 0, 0, 0, 1) * (1 - back) if "frequency" not in made else 0
        for unit in units:
            unsure = choose.chance(10) and "cases" not in made
            for period in periods(year, made.get("frequency", "year")):
                rows += figure(choose, unit, made["code"], period, unsure)
    return only_first(rows)


def only_first(rows: list[Row]) -> list[Row]:
    """One accepted value for a unit, figure and period, as the store has it, though two items read it."""
    by_key: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        by_key.setdefault((row["unit_code"], row["indicator_code"], row["period"]), row)
    return list(by_key.values())


def figure(choose: Chooser, unit: Row, code: str, period: str, unsure: bool) -> list[Row]:
    if choose.chance(12):
        return []
    value = None if choose.chance(5) else plain(choose)
    key: Row = {"unit_code": unit["unit_code"], "indicator_code": code, "period": period}
    return [{**key, "accepted_value": value, "provisional": str(unsure).lower()}]


def claims(choose: Chooser, units: list[Row], codes: list[str]) -> list[Row]:
    rows: list[Row] = []
    for code in codes:
        for unit in units:
            for _ in range(choose.whole(0, 2)):
                rows.append(claim(choose, unit, code))
    return rows


def claim(choose: Chooser, unit: Row, code: str) -> Row:
    matter = choose.one(*QUANTITIES)
    return {
        "unit_code": unit["unit_code"],
        "item_code": code,
        "object_id": choose.one(matter, matter.upper(), f" {matter}"),
        "level": choose.one("national", "city", "absent", "exemption"),
        "quantity": QUANTITIES[matter],
        "document": choose.one("a.pdf", "b.pdf", f"{unit['unit_code']}.pdf", None),
    }


def marks(choose: Chooser, units: list[Row], codes: list[str]) -> list[Row]:
    rows: list[Row] = []
    for code in codes:
        for unit in units:
            for judge in range(choose.whole(0, 3)):
                mark = choose.one("1", "0.8", "0.125", "0", "0.875", "0.333")
                key: Row = {"unit_code": unit["unit_code"], "indicator_code": code}
                rows.append({**key, "judge": f"j{judge}", "mark": mark})
    return rows


def received(choose: Chooser, units: list[Row], items: list[Facts]) -> list[Row]:
    """Around the due day, which is 15 January."""
    rows: list[Row] = []
    for made in items:
        if made.get("measure") == "days_late":
            for unit in units:
                day = choose.one("2026-01-10", "2026-01-15", "2026-01-16", "2026-01-20", "2026-03-01", None)
                key: Row = {"unit_code": unit["unit_code"], "indicator_code": made["code"]}
                rows += [] if day is None else [{**key, "received_on": day}]
    return rows


def posts(choose: Chooser, units: list[Row]) -> list[Row]:
    """Officials with one or two posts one after the other, at one unit or at two."""
    rows: list[Row] = []
    for number_ in range(choose.whole(0, 3)):
        change = choose.one("2025-06-30", "2025-03-01", "2025-11-30")
        spans = choose.one([("2024-05-01", None)], [("2024-05-01", change), (next_day(change), None)])
        for start, end in spans:
            rows.append(post(choose, units, f"o{number_}", start, end))
    return rows


def next_day(day: str) -> str:
    return {"2025-06-30": "2025-07-01", "2025-03-01": "2025-03-02", "2025-11-30": "2025-12-01"}[day]


def post(choose: Chooser, units: list[Row], code: str, start: str, end: Any) -> Row:
    return {
        "official_code": code,
        "unit_code": choose.one(*units)["unit_code"],
        "role": choose.one("party_secretary", "government_head"),
        "name": code,
        "from": start,
        "to": end,
        "share": choose.one("0.5", "30%", "1"),
    }
