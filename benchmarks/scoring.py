"""What scoring costs beside bare numpy, and beside other ways to do the same work.

40,000 units × 60 items: completion capped at one × points, section sums, total, rank within the group. One run,
median (and minimum) of 9 rounds in which all take turns, so that a busy machine slows all of them alike.
Of numpy on numbers in memory, ours may take

* from numbers in memory to section sums, totals and ranks: 2 ×;
* the same with every item rounded half up exactly, deductions and ranks by section: 6 ×;
* from tidy frames whose keys and numbers are texts to ranks: 15 ×.

Ours is what `score()` runs: `Inputs` reads texts, `standings_of` scores and ranks. Numbers in memory are inputs
whose columns have been made once. Targets belong to the definition and are read with it; `cold` reads them too.
The others get the same: `wide` tables of numbers, or the two tidy frames of texts. scikit-criteria knows neither
targets nor groups: it is given the shares, adds them up by weight and ranks all units as one group.
duckdb and scikit-criteria are the dependency group `benchmarks`; `make benchmark` installs them.
"""

from __future__ import annotations

import dataclasses
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.scoring_work import ITEM_CODES, ITEMS, POINTS, SECTION_OF, SECTIONS, UNITS, Work, county
from evaluation.inputs import Inputs
from evaluation.ranking import places
from evaluation.score_tables import deductions
from evaluation.scoring import score, standings_of

CHECKOUT = Path(__file__).resolve().parents[1]
ROUNDS = 9
SIZES = {4_000: 9, UNITS: 9, 400_000: 3}
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
BY_SIZE = (BASELINE, "ours, in memory to ranks", "ours, tidy to ranks")


def milliseconds(run: Run) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def in_turns(runs: dict[str, Run], rounds: int) -> dict[str, list[float]]:
    """Times of each; the first round warms caches and does not count."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in runs.items():
            took = milliseconds(run)
            if number:
                times[name].append(took)
    return times


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    listed = [tuple(header), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    for first, *others in listed:
        numbers = "  ".join(text.rjust(width) for text, width in zip(others, widths[1:], strict=True))
        print(f"{first.ljust(widths[0])}  {numbers}", flush=True)
    print()


def beside_each_other() -> None:
    peaks = {name: _peak(name) for name in CANDIDATES}  # first: a process starts with its parent's peak as its own
    work = Work()
    times = in_turns({name: make(work) for name, (make, _) in CANDIDATES.items()}, ROUNDS)
    rows = []
    for name, (_, most) in CANDIDATES.items():
        ratio = statistics.median(a / b for a, b in zip(times[name], times[BASELINE], strict=True))
        took = (f"{min(times[name]):.0f}", f"{statistics.median(times[name]):.0f}", f"{ratio:.1f}")
        rows.append((name, *took, "" if most is None else f"{most:.0f}", f"{peaks[name]:.0f}"))
    print(f"{UNITS:,} units × {ITEMS} items, {ROUNDS} rounds; memory is the peak of a process of its own")
    table(("", "min ms", "median ms", "× numpy", "at most", "peak MB"), rows)


def _peak(name: str) -> float:
    """Peak memory in MB of a process that makes the work and does it once as the candidate does."""
    command = [sys.executable, "-m", "benchmarks.scoring", name]
    return float(subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout)


def alone(name: str) -> None:
    CANDIDATES[name][0](Work())()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def by_size() -> None:
    """The time of one unit more, between the smaller two sizes and between the larger two."""
    took: dict[int, dict[str, float]] = {}
    for units, rounds in SIZES.items():
        work = Work(units)
        times = in_turns({name: CANDIDATES[name][0](work) for name in BY_SIZE}, rounds)
        took[units] = {name: statistics.median(each) for name, each in times.items()}
    small, middle, large = SIZES
    rows = []
    for name in BY_SIZE:
        first = (took[middle][name] - took[small][name]) / (middle - small) * 1000
        second = (took[large][name] - took[middle][name]) / (large - middle) * 1000
        rows.append(
            (name, *(f"{took[n][name]:.1f}" for n in SIZES), f"{first:.2f}", f"{second:.2f}", f"{second / first:.2f}")
        )
    print("time by number of units; µs for one unit more, from size to size")
    table(("", *(f"{units:,} ms" for units in SIZES), "µs", "µs", "ratio"), rows)


def of_a_county() -> None:
    definition, given = county("qingshan-2025")
    previous = county("qingshan-2024")[1]["figures"]
    first = milliseconds(lambda: score(definition, **given, previous=previous))
    times = [milliseconds(lambda: score(definition, **given, previous=previous)) for _ in range(5 * ROUNDS)]
    items = len(list(definition.rulebook.top_items()))
    print(f"qingshan-2025, {len(definition.units)} units × {items} items, all tables: first {first:.1f} ms, ", end="")
    print(f"then median {statistics.median(times):.1f} ms, min {min(times):.1f} ms (at most 20)")


def main() -> None:
    beside_each_other()
    by_size()
    of_a_county()


if __name__ == "__main__":
    alone(sys.argv[1]) if len(sys.argv) > 1 else main()
