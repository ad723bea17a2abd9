"""Small multiples of totals through the years, as numbers that a template draws.

Here belongs the geometry. All drawings of one pool have one scale, so that they can be laid side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reports.charts import coordinate
from reports.rows import Rows
from reports.years import Past

WIDTH, HEIGHT = 200, 104
LEFT, RIGHT, TOP, BASE = Decimal(22), Decimal(178), Decimal(20), Decimal(84)


@dataclass(frozen=True)
class Point:
    """One cycle of one unit; `look`: "" filled, `open` where the contents changed, `cross` where it is another unit."""

    x: str
    y: str
    value: str
    label_y: str
    look: str


@dataclass(frozen=True)
class Trend:
    """`lines` and `median` are points of SVG polylines; a line of a predecessor is `dashed`; `years`: (place, year)."""

    points: list[Point]
    lines: list[tuple[str, bool]]
    median: str
    years: list[tuple[str, str]]
    said: list[tuple[str, str]]


def trends(pasts: Mapping[str, Past], cycles: Sequence[int]) -> dict[str, Trend]:
    """A drawing for each unit that has a total in two cycles or more, all on the scale of all of them."""
    rows = [row for past in pasts.values() for row in past.rows]
    known = [Decimal(row[name]) for row in rows for name in ("total_score", "median") if row[name]]
    if not known or len(cycles) < 2:
        return {}
    low, high = min(known), max(known)
    across = {str(cycle): LEFT + (RIGHT - LEFT) * at / (len(cycles) - 1) for at, cycle in enumerate(cycles)}
    scale = _Scale(across, low, (high - low) or Decimal(1))
    return {
        unit: _trend(past, scale)
        for unit, past in pasts.items()
        if len({row["cycle"] for row in past.rows if row["total_score"]}) > 1
    }


@dataclass(frozen=True)
class _Scale:
    across: Mapping[str, Decimal]
    low: Decimal
    span: Decimal

    def x(self, row: Mapping[str, str]) -> str:
        return coordinate(self.across[row["cycle"]])

    def down(self, value: str) -> Decimal:
        return BASE - (BASE - TOP) * (Decimal(value) - self.low) / self.span


def _trend(past: Past, scale: _Scale) -> Trend:
    rows = [row for row in past.rows if row["total_score"]]
    own = [row for row in rows if row["comparable"] != "no"]
    others: dict[str, Rows] = {}
    for row in rows:
        if row["comparable"] == "no":
            others.setdefault(row["unit_then"], []).append(row)
    lines = [(_line(own, scale), False), *((_line(each, scale), True) for each in others.values())]
    middles = {row["cycle"]: {**row, "total_score": row["median"]} for row in own if row["median"]}
    return Trend(
        points=[_point(row, scale, len(others) > 1 and row["comparable"] == "no") for row in rows],
        lines=[line for line in lines if " " in line[0]],
        median=_line(list(middles.values()), scale) if len(middles) > 1 else "",
        years=[(coordinate(x), cycle) for cycle, x in scale.across.items()],
        said=[(f"{row['cycle']} {row['unit_name']}" if others else row["cycle"], row["total_score"]) for row in rows],
    )


def _line(rows: Rows, scale: _Scale) -> str:
    return " ".join(f"{scale.x(row)},{coordinate(scale.down(row['total_score']))}" for row in rows)


def _point(row: Mapping[str, str], scale: _Scale, crowded: bool) -> Point:
    down = scale.down(row["total_score"])
    look = {"yes": "", "changed": "open", "no": "cross"}[row["comparable"]]
    value = "" if crowded else row["total_score"]
    return Point(scale.x(row), coordinate(down), value, coordinate(down - 7), look)
