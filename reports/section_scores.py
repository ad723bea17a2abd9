"""What each unit got of each section's points, beside the median of the units it is ranked with.

Here belongs adding up published item scores by section. How sections make a total is told by `evaluation.explanation`.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import NamedTuple

from reports.edition import Edition
from reports.rows import Rows

TENTH = Decimal("0.1")


class SectionScore(NamedTuple):
    """One unit's section: `score` of `points` (sums over the items that it has a score for), `rate` in percent with one
    decimal, the `median` rate of the ranked units of its pool (empty where that is one or none)."""

    code: str
    name: str
    score: str
    points: str
    rate: str
    median: str
    weight: str


def section_scores(edition: Edition, rows: Rows) -> dict[str, list[SectionScore]]:
    """By unit, in the rulebook's order; `rows` of `standings`. Bonus and penalty are no sections."""
    sums = _sums(edition)
    pools = {row["unit_code"]: (row["kind"], row["pool"]) for row in rows}
    rates: dict[tuple[object, str], list[Decimal]] = {}
    ranked = {row["unit_code"] for row in rows if row["rank"] != ""}
    for (unit, section), (score, points) in sums.items():
        if points and unit in ranked:
            rates.setdefault((pools[unit], section), []).append(score / points * 100)
    sections = edition.definition.rulebook.sections
    weights = {one.code: "" if one.weight == 1 else str(one.weight) for one in sections}
    found: dict[str, list[SectionScore]] = {unit: [] for unit in pools}
    for unit, pool in pools.items():
        for one in sections:
            if (unit, one.code) not in sums:
                continue
            score, points = sums[unit, one.code]
            others = rates.get((pool, one.code), [])
            found[unit].append(
                SectionScore(
                    code=one.code,
                    name=one.name,
                    score=f"{score:f}",
                    points=f"{points:f}",
                    rate=rate_text(score / points * 100) if points else "",
                    median=rate_text(median(others)) if len(others) > 1 and points else "",
                    weight=weights[one.code],
                )
            )
    return found


def rate_text(rate: Decimal) -> str:
    """A share in percent with one decimal, half up.

    >>> rate_text(Decimal("81.25"))
    '81.3'
    """
    return f"{rate.quantize(TENTH, ROUND_HALF_UP):f}"


def _sums(edition: Edition) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    """Scores and points by unit and section, over items that have both."""
    items = edition.indicator_scores
    counted = items[items["indicator_score"].notna() & items["points"].notna()]
    found: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    columns = (counted[name].tolist() for name in ("unit_code", "section_code", "indicator_score", "points"))
    for unit, section, score, points in zip(*columns, strict=True):
        before = found.get((unit, section), (Decimal(0), Decimal(0)))
        found[unit, section] = (before[0] + Decimal(score), before[1] + Decimal(points))
    return found
