"""Frames turned into what the templates loop over: rows of text, tables by pool, sections by unit.

Here belongs shaping for pages. What the words are, how they are computed and the html itself do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

import pandas as pd

from reports.charts import bars
from reports.rows import Rows, records
from reports.standings import hidden_order, kind_label
from reports.words import SEVERITIES

ROWS_SHOWN = 500
TENTH = Decimal("0.1")


def pools(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """One table per kind and pool of units ranked together; `rows` as of `standings`."""
    return [_pool(rows, str(kind), pool) for (kind, _), pool in rows.groupby(["kind", "pool"], sort=False)]


def _pool(rows: pd.DataFrame, kind: str, pool: pd.DataFrame) -> dict[str, Any]:
    label = kind_label(rows, kind)
    groups = pool["group_name"].unique().tolist()
    named = groups[0] if len(groups) == 1 and groups[0] else label
    return {
        "title": named if named == label else f"{label} · {named}",
        "units": len(pool),
        "graded": bool(pool["grade"].notna().any()),
        "awarded": bool(pool["award"].notna().any()),
        "scored": int(pool["total_score"].notna().sum()),
        "rows": records(pool.head(ROWS_SHOWN)),
        "grouped": len(groups) > 1,
        "hidden_order": hidden_order(pool),
        "bars": bars(pool),
    }


def sections(items: Rows) -> list[dict[str, Any]]:
    """A unit's items by section, in their order."""
    by_section = groupby(items, key=lambda one: (one["section_code"], one["section_name"]))
    return [{"name": name, "rows": list(rows)} for (_, name), rows in by_section]


def unverified(items: Rows) -> dict[str, str] | None:
    """Points that rest on figures only the unit vouches for, and their share; None where there are none."""
    scores = [_score(one["indicator_score"]) for one in items]
    resting = sum((score for score, one in zip(scores, items, strict=True) if one["unverified"]), Decimal(0))
    if not resting:
        return None
    share = (resting / sum(scores, Decimal(0)) * 100).quantize(TENTH, ROUND_HALF_UP)
    return {"points": f"{resting:f}", "share": f"{share:f}%"}


def _score(text: str) -> Decimal:
    """Points earned; marks and what was taken away earn nothing."""
    return Decimal(text) if text.replace(".", "").isdecimal() else Decimal(0)


def by_period(figures: Rows, items: Rows) -> Rows:
    """A unit's figures that the table of items does not show whole: of several periods, or of parts."""
    times = Counter(one["indicator_code"] for one in figures)
    shown = {one["figure"] for one in items}
    return [one for one in figures if times[one["indicator_code"]] > 1 or one["indicator_code"] not in shown]


def finding_caption(severities: Iterable[str]) -> str:
    """How many of each severity, and where the rest stands if not all are shown."""
    counts = Counter(severities)
    said = "，".join(f"{word} {counts[code]} 条" for code, word in SEVERITIES.items() if counts[code])
    rest = f"；此处列出前 {ROWS_SHOWN} 条，其余见 findings.csv" if counts.total() > ROWS_SHOWN else ""
    return f"共 {counts.total()} 条：{said}{rest}"
