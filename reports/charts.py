"""Bars for the totals of one table, as numbers that a template draws as SVG.

Here belongs the geometry. Text stays outside the drawing, in html: it wraps on a phone and can be read aloud.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from reports.rows import rows_of

BARS_SHOWN = 60
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Bar:
    """One unit's total; `start` and `width` are shares of the drawing's width in percent."""

    name: str
    score: str
    place: str
    start: str
    width: str
    look: str
    provisional: bool


def bars(rows: pd.DataFrame) -> list[Bar]:
    """A bar per scored unit in the order given (`standings`), from nought; at most BARS_SHOWN."""
    scored = rows[rows["total_score"].notna()].head(BARS_SHOWN)
    totals = [Decimal(text) for text in scored["total_score"]]
    low, high = min([Decimal(0), *totals]), max([Decimal(0), *totals])
    span = (high - low) or Decimal(1)
    return [
        Bar(
            name=one.unit_name,
            score=one.total_score,
            place=one.place,
            start=_share(min(total, Decimal(0)) - low, span),
            width=_share(abs(total), span),
            look=_look(total, one.rank != ""),
            provisional=bool(one.provisional),
        )
        for one, total in zip(rows_of(scored), totals, strict=True)
    ]


def _look(total: Decimal, ranked: bool) -> str:
    """How a bar differs from a plain one, readable without colour: below nought, or not ranked."""
    if total < 0:
        return "below"
    return "" if ranked else "unranked"


def _share(part: Decimal, span: Decimal) -> str:
    return f"{(part / span * 100).quantize(HUNDREDTH):f}"
