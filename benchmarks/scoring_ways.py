"""The ways to score that `scoring.py` measures beside each other: ours, bare numpy, and what others do.

Each makes a run out of the work, so that what it is given in memory is made before the clock starts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.scoring_work import ITEM_CODES, ITEMS, POINTS, SECTION_OF, SECTIONS, Work
from evaluation.inputs import Inputs
from evaluation.ranking import places
from evaluation.score_tables import deductions
from evaluation.scoring import standings_of

KEY = ["unit_code", "indicator_code"]
Run = Callable[[], Any]


def ranks_within(group: Any, total: Any) -> Any:
    """Competition ranks, the highest total first."""
    order = np.lexsort((-total, group))
    group, total = group[order], total[order]
    starts = np.ones(len(order), dtype=bool)
    starts[1:] = group[1:] != group[:-1]
    differs = starts.copy()
    differs[1:] |= total[1:] != total[:-1]
    at = np.arange(len(order))
    place = np.maximum.accumulate(np.where(differs, at, 0)) - np.maximum.accumulate(np.where(starts, at, 0))
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = place + 1
    return ranks


def numpy_alone(work: Work) -> Run:
    """The baseline: nothing rounded, nothing missing, nothing checked."""
    values, targets = work.matrices

    def run() -> Any:
        scores = np.minimum(values / targets, 1.0) * POINTS[:, None]
        sections = scores.reshape(SECTIONS, ITEMS // SECTIONS, work.units).sum(axis=1)
        total = sections.sum(axis=0)
        return sections, total, ranks_within(work.group, total)

    return run


def ours_ranks(work: Work) -> Run:
    inputs = Inputs(work.definition("total"), work.frames[0])
    return lambda: standings_of(inputs)


def ours_audit(work: Work) -> Run:
    inputs = Inputs(work.definition("item"), work.frames[0])

    def run() -> Any:
        totals, standings = standings_of(inputs)
        ranked = ~totals.pending
        by_section = [places([-points], inputs.units.group_of, ranked, dense=False) for points in totals.sections]
        return totals.sheet.published, deductions(totals.sheet), by_section, standings

    return run


def ours_tidy(work: Work) -> Run:
    definition, figures = work.definition("total"), work.frames[0]
    return lambda: standings_of(Inputs(definition, figures))


def ours_tidy_cold(work: Work) -> Run:
    definition, figures = work.definition("total"), work.frames[0]
    return lambda: standings_of(Inputs(dataclasses.replace(definition), figures))


def pandas_wide(work: Work) -> Run:
    values, targets = work.wide

    def run() -> Any:
        scores = (values / targets).clip(upper=1.0) * POINTS
        sections = scores.T.groupby(SECTION_OF).sum().T
        total = sections.sum(axis=1)
        return sections, total, total.groupby(work.group).rank(method="min", ascending=False)

    return run


def pandas_merge(work: Work) -> Run:
    figures, targets = work.frames
    items = pd.DataFrame({"indicator_code": ITEM_CODES, "points": POINTS, "section": SECTION_OF})
    units = pd.DataFrame({"unit_code": work.unit_codes, "group": work.group})

    def run() -> Any:
        rows = figures.merge(targets, on=KEY).merge(items, on="indicator_code")
        share = rows["accepted_value"].astype("float64") / rows["target"].astype("float64")
        rows["score"] = share.clip(upper=1.0) * rows["points"]
        sections = rows.groupby(["unit_code", "section"], as_index=False)["score"].sum()
        total = sections.groupby("unit_code", as_index=False)["score"].sum().merge(units, on="unit_code")
        return sections, total.groupby("group")["score"].rank(method="min", ascending=False)

    return run


SQL = """
with sections as (
  select f.unit_code, i.section,
         sum(least(cast(f.accepted_value as double) / cast(t.target as double), 1.0) * i.points) as score
  from figures f join targets t using (unit_code, indicator_code) join items i using (indicator_code)
  group by all
), totals as (select unit_code, list(score) as sections, sum(score) as total from sections group by unit_code)
select unit_code, sections, total, rank() over (partition by "group" order by total desc) as rank
from totals join units using (unit_code)
"""


def duckdb_sql(work: Work) -> Run:
    import duckdb

    figures, targets = (pa.Table.from_pandas(frame, preserve_index=False) for frame in work.frames)
    items = pa.table({"indicator_code": ITEM_CODES, "points": POINTS, "section": SECTION_OF})
    units = pa.table({"unit_code": work.unit_codes, "group": work.group})
    connection = duckdb.connect()
    for name, table in {"figures": figures, "targets": targets, "items": items, "units": units}.items():
        connection.register(name, table)
    return lambda: connection.sql(SQL).to_arrow_table()


def scikit_criteria(work: Work) -> Run:
    from skcriteria import mkdm
    from skcriteria.agg.simple import WeightedSumModel

    values, targets = (frame.to_numpy() for frame in work.wide)

    def run() -> Any:
        shares = np.minimum(values / targets, 1.0)
        return WeightedSumModel().evaluate(mkdm(shares, [max] * ITEMS, weights=POINTS))

    return run


# What each is measured as, and the most that it may take, in times of the first.
CANDIDATES: dict[str, tuple[Callable[[Work], Run], float | None]] = {
    "numpy, in memory": (numpy_alone, None),
    "ours, in memory to ranks": (ours_ranks, 2),
    "ours, with rounding and audit": (ours_audit, 6),
    "pandas wide, in memory": (pandas_wide, None),
    "scikit-criteria, in memory": (scikit_criteria, None),
    "ours, tidy to ranks": (ours_tidy, 15),
    "ours, tidy to ranks, cold": (ours_tidy_cold, None),
    "pandas merge and group, tidy": (pandas_merge, None),
    "duckdb, tidy": (duckdb_sql, None),
}
BASELINE = next(iter(CANDIDATES))
