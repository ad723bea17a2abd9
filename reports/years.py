"""`years.csv` and what pages and terminal show of it: this cycle beside those before it.

Here belongs turning tidy rows into what is laid out. What they are, stands in `evaluation/years.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evaluation.years import COLUMNS, Results, Years
from reports.csv_files import indicator_scores, ranking
from reports.edition import Edition, made_once
from reports.rows import Rows, records

SHOWN_CYCLES = 8
MARKS = {"yes": "可比", "changed": "口径有变", "no": "不可比"}


@made_once
def compared_years(edition: Edition) -> Years | None:
    """This cycle with those before it; items only where units are few enough to be told of. None without a past."""
    if not edition.cycles:
        return None
    items = indicator_scores(edition) if edition.detailed else None
    rows = ranking(edition)
    now = Results(edition.definition, rows.assign(rank=rows["rank"].astype("str")), items)
    past = [Results(one.definition, one.totals, one.items if edition.detailed else None) for one in edition.cycles]
    return Years([now, *past])


@made_once
def years(edition: Edition) -> pd.DataFrame:
    """The rows of `years.csv`; none where no earlier cycle was published."""
    found = compared_years(edition)
    return pd.DataFrame(columns=COLUMNS, dtype="str") if found is None else found.rows()


@made_once
def cycles_shown(edition: Edition) -> list[int]:
    """The cycles that pages show, oldest first: the newest SHOWN_CYCLES."""
    found = [edition.definition.rulebook.cycle.year, *(one.year for one in edition.cycles)]
    return sorted(found[:SHOWN_CYCLES])


@dataclass(frozen=True)
class Past:
    """One unit's years, oldest first: `rows` with the keys of a cycle's totals, and how long it has held what it has.

    A row has `cycle, unit_then, unit_name, total_score, base_score, rank, ranked, percentile, grade`, `median` (of its
    group's totals), `comparable` (of the total), `rank_comparable`, `remarks`.
    """

    rows: Rows
    first: int = 0
    in_grade: int = 0
    grade: str = ""

    @property
    def steady(self) -> bool:
        """Whether the unit was one and the same in all its cycles."""
        return all(row["comparable"] != "no" for row in self.rows)


def pasts(edition: Edition, units: Collection[str] | None = None) -> dict[str, Past]:
    """By unit of this cycle (None: all, and `""` for those that nobody continues)."""
    if not edition.detailed:
        return pasts_in(years(edition), cycles_shown(edition), units)
    return {unit: past for unit, past in _all_pasts(edition).items() if units is None or unit in units}


@made_once
def _all_pasts(edition: Edition) -> dict[str, Past]:
    return pasts_in(years(edition), cycles_shown(edition))


def pasts_in(rows: pd.DataFrame, cycles: Collection[int], units: Collection[str] | None = None) -> dict[str, Past]:
    """The same out of the rows of `years.csv`, of these cycles."""
    shown = rows["cycle"].astype("int64").isin(list(cycles))
    own = rows[rows["unit_then"].notna() & rows["indicator_then"].isna() & shown]
    own = own if units is None else own[own["unit_code"].fillna("").isin(list(units))]
    medians = _medians(rows)
    found: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
    held: dict[str, dict[str, Any]] = {}
    for row in records(own):
        if row["measure"].startswith("years_"):
            held.setdefault(row["unit_code"], {})[row["measure"]] = row
            continue
        one = found.setdefault(row["unit_code"], {}).setdefault((row["cycle"], row["unit_then"]), _blank(row, medians))
        one[row["measure"]] = row["value"]
        if row["measure"] in ("total_score", "rank"):
            one["comparable" if row["measure"] == "total_score" else "rank_comparable"] = row["comparable"]
            one["remarks"] = list(dict.fromkeys([*one["remarks"], *filter(None, row["remark"].split("；"))]))
    return {unit: _past(list(cycles.values()), held.get(unit, {})) for unit, cycles in found.items()}


def _blank(row: dict[str, Any], medians: dict[tuple[str, str, str], str]) -> dict[str, Any]:
    names = ("total_score", "base_score", "rank", "ranked", "percentile", "grade")
    kept = {name: row[name] for name in ("cycle", "unit_then", "unit_name", "kind", "group")}
    median = medians.get((row["cycle"], row["kind"], row["group"]), "")
    return {
        **dict.fromkeys(names, ""),
        **kept,
        "median": median,
        "comparable": "yes",
        "rank_comparable": "yes",
        "remarks": [],
    }


def _past(rows: Rows, held: dict[str, Any]) -> Past:
    first, grade = held.get("years_first"), held.get("years_in_grade")
    return Past(
        rows=rows,
        first=int(first["value"]) if first else 0,
        in_grade=int(grade["value"]) if grade else 0,
        grade=str(grade["remark"]) if grade else "",
    )


def _medians(rows: pd.DataFrame) -> dict[tuple[str, str, str], str]:
    """Median totals by cycle, kind and group."""
    own = rows[rows["measure"] == "median_total_score"]
    return {(row["cycle"], row["kind"], row["group"]): row["value"] for row in records(own)}
