"""Items through the years as rows for a table: for one unit, or the medians of a kind of units.

Here belongs which number stands in which cell, with its mark. Whether it is comparable is said by `years.csv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from reports.edition import Edition, made_once
from reports.language import Language, saying
from reports.rows import Rows, records
from reports.year_words import remarks_in
from reports.years import cycles_shown, years

BLANK = dict.fromkeys(("rate", "rate_mark", "figure", "figure_mark", "unit"), "")


def median_items(edition: Edition, kind: str, language: Language) -> Rows:
    """A row per item of the kind's units with the medians of each cycle."""
    rows = _shown(edition)
    own = rows[
        rows["measure"].isin(["median_score_rate", "median_figure"]) & rows["group"].isna() & rows["kind"].eq(kind)
    ]
    return item_rows(records(own), language)


@made_once
def _unit_rows(edition: Edition) -> dict[str, Rows]:
    rows = _shown(edition)
    own = rows[rows["measure"].isin(["score_rate", "figure"]) & rows["unit_code"].notna()]
    found: dict[str, Rows] = {}
    for row in records(own):
        found.setdefault(row["unit_code"], []).append(row)
    return found


def unit_items(edition: Edition, unit_code: str, language: Language) -> Rows:
    """A row per item of one unit, this cycle's first; of several predecessors each has its own cell."""
    return item_rows(_unit_rows(edition).get(unit_code, []), language)


def _shown(edition: Edition) -> pd.DataFrame:
    rows = years(edition)
    return rows[rows["indicator_then"].notna() & rows["cycle"].astype("int64").isin(cycles_shown(edition))]


def item_rows(rows: Iterable[Mapping[str, Any]], language: Language) -> Rows:
    """`name` (the newest), `cells`: by cycle a cell per unit (`rate, rate_mark, figure, figure_mark, unit, who`), and
    `told`: what is to be said of each cycle."""
    found: dict[str, dict[str, Any]] = {}
    newest_first = sorted(rows, key=lambda row: -int(row["cycle"]))
    for row in newest_first:
        key = row["indicator_code"] or f"{row['indicator_then']} "
        one = found.setdefault(
            key, {"name": row["indicator_name"], "dropped": not row["indicator_code"], "cells": {}, "why": {}}
        )
        cells = one["cells"].setdefault(row["cycle"], {})
        cell = cells.setdefault(row["unit_then"], {**BLANK, "who": row["unit_name"]})
        measure = "rate" if row["measure"].endswith("score_rate") else "figure"
        cell |= {measure: row["value"], f"{measure}_mark": row["comparable"]}
        cell |= {} if measure == "rate" else {"unit": row["unit_of_measure"]}
        told = one["why"].setdefault(row["cycle"], [])
        told += [remark for remark in row["remark"].split("；") if remark and remark not in told]
    kept = sorted(found.values(), key=lambda one: one["dropped"])
    return [_laid_out(one, language) for one in kept]


def _laid_out(one: dict[str, Any], language: Language) -> dict[str, Any]:
    say = saying(language)
    told = [(cycle, remarks_in(language, remarks)) for cycle, remarks in one["why"].items() if remarks]
    return {
        "name": one["name"],
        "cells": {cycle: list(cells.values()) for cycle, cells in one["cells"].items()},
        "told": [cycle + say("：") + text for cycle, text in told],
    }
