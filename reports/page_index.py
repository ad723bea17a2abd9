"""What the index shows: the result in numbers, a table for each pool of units, findings and corrections.

Here belongs gathering it. How it is shown does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from reports.charts import bars, movement
from reports.gathered import Gathered
from reports.language import Language, Say, saying
from reports.listings import unsettled
from reports.page_rows import ROWS_SHOWN, finding_caption
from reports.rows import Rows, records
from reports.standings import by_change, kind_label, ties_told
from reports.words import SEVERITIES

# Over 500 units the index keeps to so many rows in all, and to so many of each pool at least.
ROWS_IN_ALL, ROWS_LEAST = 2000, 20


def index_contents(gathered: Gathered, language: Language) -> dict[str, Any]:
    """Contents of the index template."""
    edition, names, say = gathered.edition, gathered.names, saying(language)
    rows = gathered.rows_in(language)
    unit_names = edition.changes["unit_code"].map(names.units).fillna(edition.changes["unit_code"])
    return {
        "overview": list(_overview(gathered, rows, say)),
        "counts": _counts(gathered),
        "tables": list(_pools(gathered, rows, say)),
        "moved": records(by_change(gathered.ranked, edition).head(ROWS_SHOWN)),
        "ties": ties_told(edition, names, say),
        "linked": edition.detailed,
        "changes": records(edition.changes.assign(unit_name=unit_names).head(ROWS_SHOWN)),
        "change_count": len(edition.changes),
        "findings": records(gathered.findings.head(ROWS_SHOWN)),
        "finding_caption": finding_caption(edition.findings["severity"].tolist(), say),
        "corrections": records(gathered.corrections),
    }


def _overview(gathered: Gathered, rows: Rows, say: Say) -> Iterator[tuple[str, str, str]]:
    """Each kind of unit with its number and how many have each grade."""
    order = dict.fromkeys(grade.grade for grade in gathered.edition.definition.rulebook.grades)
    for kind in dict.fromkeys(row["kind"] for row in rows):
        grades = Counter(row["grade"] for row in rows if row["kind"] == kind)
        told = " · ".join(f"{name} {grades[name]}" for name in order if grades[name])
        yield kind_label(gathered.ranked, kind, say), say("{n} 个单位", n=grades.total()), told


def _counts(gathered: Gathered) -> dict[str, int]:
    """What whoever answers for the result asks first."""
    severities = Counter(unsettled(gathered.edition.findings)["severity"])
    return {
        "provisional": sum(bool(row["provisional"]) for row in gathered.rows),
        "vetoed": sum(row["veto"] != "" for row in gathered.rows),
        "unranked": sum(row["rank"] == "" for row in gathered.rows),
        **{name: severities[name] for name in SEVERITIES},
    }


def _pools(gathered: Gathered, rows: Rows, say: Say) -> Iterator[dict[str, Any]]:
    """One table per kind and pool of units ranked together, those without a rank last."""
    pools: dict[tuple[str, str], Rows] = {}
    for row in rows:
        pools.setdefault((row["kind"], row["pool"]), []).append(row)
    detailed = gathered.edition.detailed
    most = ROWS_SHOWN if detailed else min(ROWS_SHOWN, max(ROWS_LEAST, ROWS_IN_ALL // len(pools)))
    for (kind, _), pool in pools.items():
        ordered = sorted(pool, key=lambda row: (row["rank"] == "", row["rank"] or 0))
        yield _pool(gathered, kind_label(gathered.ranked, kind, say), ordered, ordered[:most])


def _pool(gathered: Gathered, label: str, pool: Rows, shown: Rows) -> dict[str, Any]:
    edition = gathered.edition
    groups = list(dict.fromkeys(row["group_name"] for row in pool))
    named = groups[0] if len(groups) == 1 and groups[0] else label
    names = {row["unit_code"]: row["unit_name"] for row in pool}
    grades = {grade.grade: place for place, grade in enumerate(edition.definition.rulebook.grades)}
    return {
        "title": named if named == label else f"{label} · {named}",
        "units": len(pool),
        **{name: any(row[column] != "" for row in pool) for name, column in SHOWN_WHERE_KNOWN.items()},
        "rows": [{**row, "grade_order": grades.get(row["grade"], "")} for row in shown],
        "grouped": len(groups) > 1,
        "hidden_order": _hidden_order(pool),
        "bars": bars(pool, edition.decimals),
        "sections": _section_table(gathered, shown) if edition.detailed else {"columns": []},
        "movement": movement(_ranks(gathered, pool), names) if edition.detailed else None,
    }


SHOWN_WHERE_KNOWN = {"graded": "grade", "awarded": "award", "remarked": "because", "compared": "previous_total"}


def _hidden_order(pool: Rows) -> bool:
    """Whether units that show the same total have different ranks."""
    seen = {(row["total_score"], row["rank"]) for row in pool if row["rank"] != ""}
    return len(seen) > len({total for total, _ in seen})


def _section_table(gathered: Gathered, shown: Rows) -> dict[str, Any]:
    """`columns`: the sections that a unit here has, with their points where all have the same; `cells` by unit and
    section; none where there are less than two sections."""
    cells = {row["unit_code"]: {one.code: one for one in gathered.scores[row["unit_code"]]} for row in shown}
    columns = []
    for section in gathered.edition.definition.rulebook.sections:
        found = [of[section.code] for of in cells.values() if section.code in of]
        if found:
            points = {one.points for one in found}
            middle = next((one.median for one in found if one.median), "")
            columns.append((section.code, section.name, points.pop() if len(points) == 1 else "", middle))
    return {"columns": columns if len(columns) > 1 else [], "cells": cells}


def _ranks(gathered: Gathered, pool: Rows) -> dict[str, dict[str, int]]:
    """By version, oldest first, this one last: unit → rank, of the units of the pool."""
    units = {row["unit_code"] for row in pool}
    found: dict[str, dict[str, int]] = {}
    for row in gathered.earlier:
        ranks = found.setdefault(str(row["version"]), {})
        if row["unit_code"] in units and row["rank"] != "":
            ranks[row["unit_code"]] = int(row["rank"])
    found[str(gathered.edition.version)] = {row["unit_code"]: int(row["rank"]) for row in pool if row["rank"] != ""}
    return found
