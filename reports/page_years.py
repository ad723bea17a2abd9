"""What the page of the years shows: from which versions, a table and drawings for each pool, items, changed units.

Here belongs gathering it. How it is shown does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reports.gathered import Gathered
from reports.language import Language, Say, saying
from reports.page_index import ROWS_LEAST
from reports.rows import Rows
from reports.standings import kind_label
from reports.words import KINDS
from reports.year_charts import trends
from reports.year_items import median_items
from reports.year_words import remark_in, remarks_in, streak_told
from reports.years import Past, compared_years, cycles_shown, pasts


def years_contents(gathered: Gathered, language: Language) -> dict[str, Any]:
    """Contents of the template of the years; there is an earlier cycle."""
    edition = gathered.edition
    kinds = dict.fromkeys(row["kind"] for row in gathered.rows)
    shown = [(kind, median_items(edition, kind, language)) for kind in kinds]
    return {
        "years": [str(cycle) for cycle in cycles_shown(edition)],
        "versions": list(_versions(gathered, language)),
        "tables": list(_pools(gathered, language)),
        "items": [(kind_label(gathered.ranked, kind, saying(language)), rows) for kind, rows in shown if rows],
        "gone": _gone(gathered, language),
        "linked": edition.detailed,
    }


def _versions(gathered: Gathered, language: Language) -> Iterator[dict[str, Any]]:
    """This version, then the earlier cycles with what differs from this one's contents, by kind of unit."""
    edition = gathered.edition
    rulebook = edition.definition.rulebook
    units, kinds = len(edition.total_scores), dict.fromkeys(row["kind"] for row in gathered.rows)
    yield {"year": rulebook.cycle.year, "version": edition.version, "state": edition.state, "units": units, "told": []}
    found = compared_years(edition)
    for at, cycle in enumerate(edition.cycles[: len(cycles_shown(edition)) - 1], 1):
        told = [(kind, found.changes_of(at, kind)) for kind in kinds] if found else []
        yield {
            "year": cycle.year,
            "version": cycle.version,
            "state": cycle.state,
            "units": len(cycle.totals),
            "told": [_change(kind, text, language) for kind, text in told],
        }


def _change(kind: str, text: str, language: Language) -> str:
    say = saying(language)
    said = remark_in(language, f"考核内容有变：{text}") if text else say("考核内容与本年相同")
    return say(KINDS[kind]) + say("：") + said


def _pools(gathered: Gathered, language: Language) -> Iterator[dict[str, Any]]:
    """One table per kind and pool of units ranked together, best of this cycle first."""
    pools: dict[tuple[str, str], Rows] = {}
    for row in gathered.rows_in(language):
        pools.setdefault((row["kind"], row["pool"]), []).append(row)
    detailed, say = gathered.edition.detailed, saying(language)
    for (kind, _), pool in pools.items():
        ordered = sorted(pool, key=lambda row: (row["rank"] == "", row["rank"] or 0))
        shown = ordered if detailed else ordered[:ROWS_LEAST]
        found = pasts(gathered.edition, [row["unit_code"] for row in shown])
        drawn = trends(found, cycles_shown(gathered.edition)) if detailed else {}
        label = kind_label(gathered.ranked, kind, say)
        groups = list(dict.fromkeys(row["group_name"] for row in pool))
        named = groups[0] if len(groups) == 1 and groups[0] else label
        yield {
            "title": named if named == label else f"{label} · {named}",
            "units": len(pool),
            "rows": [_row(row, found[row["unit_code"]], language) for row in shown if row["unit_code"] in found],
            "trends": [(row, drawn[row["unit_code"]]) for row in shown if row["unit_code"] in drawn],
        }


def _row(unit: dict[str, Any], past: Past, language: Language) -> dict[str, Any]:
    """The unit with its cells by cycle; remarks that are not about the contents, which all units share."""
    cells: dict[str, Rows] = {}
    for one in past.rows:
        cells.setdefault(one["cycle"], []).append(one)
    about = [(one["cycle"], [told for told in one["remarks"] if not told.startswith("考核内容")]) for one in past.rows]
    told = dict.fromkeys(
        f"{cycle}{saying(language)('：')}{remarks_in(language, told)}" for cycle, told in about if told
    )
    return {**unit, "cells": cells, "streaks": streak_told(past, language), "about": list(told)}


def _gone(gathered: Gathered, language: Language) -> list[str]:
    """Units of earlier cycles that none of this cycle continues, with their last total and rank."""
    say: Say = saying(language)
    past = pasts(gathered.edition, [""]).get("")
    if past is None:
        return []
    return [
        say(
            "{cycle}：{name}，总分 {total}，名次 {rank}",
            cycle=one["cycle"],
            name=one["unit_name"],
            total=one["total_score"] or "—",
            rank=one["rank"] or "-",
        )
        for one in past.rows
    ]
