"""Small evaluations for tests that ask the oracle, or the engine, one question.

Here belongs how a definition is put together from its parts in code; random ones are made in `strategies`.
"""

from __future__ import annotations

from typing import Any

from oracle_inputs import Inputs, Row

Facts = dict[str, Any]


def unit(code: str, group: str = "g", **columns: str) -> Row:
    return {"unit_code": code, "name": f"单位{code}", "kind": "township", "group": group, **columns}


def figure(code: str, value: str | None, of: str = "a", period: str = "2025", provisional: str = "false") -> Row:
    return {
        "unit_code": code,
        "indicator_code": of,
        "period": period,
        "accepted_value": value,
        "provisional": provisional,
    }


def target(code: str, value: str | None, of: str = "a", stretch: str | None = None, applicable: str = "") -> Row:
    return {
        "unit_code": code,
        "indicator_code": of,
        "target": value,
        "stretch": stretch,
        "applicable": applicable or None,
    }


def claim(code: str, object_id: str, of: str = "a", **columns: str | None) -> Row:
    row: Row = {"unit_code": code, "item_code": of, "object_id": object_id, "level": None, "quantity": "1"}
    return {**row, "document": f"{code}-{object_id}.pdf", **columns}


def mark(code: str, judge: str, value: str, of: str = "a") -> Row:
    return {"unit_code": code, "indicator_code": of, "judge": judge, "mark": value}


def rulebook(*items: Facts, groups: tuple[str, ...] = ("g",), **keys: Any) -> Facts:
    """One section with these items."""
    return {
        "evaluation": "x-2025",
        "cycle": {"year": "2025", "starts": "2025-01-01", "ends": "2025-12-31"},
        "groups": [{"code": code, "name": code, "kind": "township"} for code in groups],
        "sections": [{"code": "s", "name": "s", "indicators": list(items)}],
        **keys,
    }


def item(points: str | None = "10", code: str = "a", **keys: Any) -> Facts:
    return {"code": code, "name": code, **({} if points is None else {"points": points}), **keys}


def values(*figures: str | None, of: str = "a") -> list[Row]:
    """One value a unit, for U1, U2, …"""
    return [figure(f"U{number}", value, of) for number, value in enumerate(figures, start=1)]


def units(count: int) -> list[Row]:
    return [unit(f"U{number}") for number in range(1, count + 1)]


def inputs_of(book: Facts, figures: list[Row], **tables: Any) -> Inputs:
    """With as many units as figures speak of, unless `units` says otherwise."""
    known = sorted({str(row["unit_code"]) for row in figures} | {"U1"})
    return Inputs(book, tables.pop("units", [unit(code) for code in known]), figures=figures, **tables)
