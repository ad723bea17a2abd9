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

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks import county_work
from benchmarks.scoring_ways import BASELINE, CANDIDATES, Run
from benchmarks.scoring_work import ITEMS, UNITS, Work
from evaluation.definition import Definition
from evaluation.scoring import score
from resources.kept import KEPT

CHECKOUT = Path(__file__).resolve().parents[1]
ROUNDS = 9
SIZES = (4_000, UNITS, 400_000)
AT_SIZE = "--at-size"
BY_SIZE = (BASELINE, "ours, in memory to ranks", "ours, tidy to ranks")
MOST_FOR_A_COUNTY = 20


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
    return float(_in_a_process(name))


def _in_a_process(*arguments: str) -> str:
    command = [sys.executable, "-m", "benchmarks.scoring", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout


def alone(name: str) -> None:
    CANDIDATES[name][0](Work())()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def by_size() -> None:
    """The time of one unit more, between the smaller two sizes and between the larger two.

    Each size in a process of its own: what another has left in the allocator is not what is measured.
    """
    took = {units: json.loads(_in_a_process(AT_SIZE, str(units))) for units in SIZES}
    small, middle, large = SIZES
    more = {name: (_more(took, name, small, middle), _more(took, name, middle, large)) for name in BY_SIZE}
    growth = {name: second / first for name, (first, second) in more.items()}
    rows = [
        (
            name,
            *(f"{took[units][name]:.1f}" for units in SIZES),
            *(f"{each:.2f}" for each in more[name]),
            f"{growth[name]:.2f}",
            f"{growth[name] / growth[BASELINE]:.2f}",
        )
        for name in BY_SIZE
    ]
    print("time by number of units; µs for one unit more, from size to size, their ratio, and that against numpy's")
    table(("", *(f"{units:,} ms" for units in SIZES), "µs", "µs", "ratio", "× numpy's"), rows)


def _more(took: dict[int, dict[str, float]], name: str, few: int, many: int) -> float:
    """What one unit more takes between two sizes, in µs."""
    return (took[many][name] - took[few][name]) / (many - few) * 1000


def at_size(units: int) -> None:
    """The medians of one size, as JSON; in the allocator that a run has."""
    with KEPT.keeping():
        work = Work(units)
        times = in_turns({name: CANDIDATES[name][0](work) for name in BY_SIZE}, ROUNDS)
    print(json.dumps({name: statistics.median(each) for name, each in times.items()}))


def of_a_county(name: str, county: tuple[Definition, dict[str, pd.DataFrame]], most: float | None = None) -> None:
    """All tables, with the definition read before as it is between two runs."""
    definition, given = county

    def run() -> Any:
        return score(definition, **given)

    first, *_ = times = [milliseconds(run) for _ in range(5 * ROUNDS + 1)]
    items = len(list(definition.rulebook.top_items()))
    print(
        f"{name}, {len(definition.units)} units × {items} items, all tables: first {first:.1f} ms, then median ", end=""
    )
    print(f"{statistics.median(times[1:]):.1f} ms, min {min(times):.1f} ms" + (f" (at most {most})" if most else ""))


def main() -> None:
    with KEPT.keeping():  # first, as a run meets it: with no millions of texts in memory that came before
        of_a_county("a county", county_work.typical(), MOST_FOR_A_COUNTY)
        of_a_county("qingshan-2025", county_work.example("qingshan-2025"))
    beside_each_other()
    by_size()


if __name__ == "__main__":
    match sys.argv[1:]:
        case [first, units] if first == AT_SIZE:
            at_size(int(units))
        case [name]:
            alone(name)
        case _:
            main()
