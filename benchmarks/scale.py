"""A country on one machine: 40,000 units × 60 items, from csv in the inbox to the published version.

Beside it, in the same run and in a process of its own, what cannot be saved: pandas reads the same csv files, numpy
scores and ranks, and pandas writes the columns of `ranking.csv` and `indicator_scores.csv`. Both totals are compared.

| what | goal |
|---|---|
| processor time of `kaohe evaluate` and its children, against that floor | ≤ 10 |
| memory of all its processes at one moment, and of the largest | ≤ 3 GB |
| a unit more, from 20,000 to 40,000 against from 4,000 to 20,000 | ≤ 1.2 |
| PostgreSQL against SQLite, the server's own time included (`--postgresql`) | ≤ 1.5 |

    python benchmarks/scale.py [--sizes 4000 20000 40000] [--postgresql] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "tests")]

from scale_work import EVALUATION, Country, floor, same_totals, write_country  # noqa: E402

from orchestration.setting_up import make_folders  # noqa: E402
from resources.adoption import adopt  # noqa: E402
from resources.home import Home  # noqa: E402
from resources.ledger import Ledger  # noqa: E402
from resources.store import Store  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
NEEDS_SOMEBODY = 1


@dataclass(frozen=True)
class Cost:
    """Processor time of a process and its children, by the clock, and memory in MB at its most."""

    processor: float
    elapsed: float
    largest: float
    together: float

    def __str__(self) -> str:
        times = f"{self.processor:.1f} s of processor time, {self.elapsed:.0f} s by the clock"
        return f"{times}, {self.together:,.0f} MB in all processes, {self.largest:,.0f} MB in the largest"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--sizes", type=int, nargs="+", default=[4_000, 20_000, 40_000])
    options.add_argument("--postgresql", action="store_true")
    options.add_argument("--keep", type=Path, help="leave the homes here")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="kaohe-") as temporary:
        folder = given.keep or Path(temporary)
        costs = {units: _evaluated(folder / str(units), units) for units in given.sizes}
        steps = list(zip(given.sizes, given.sizes[1:], strict=False))
        more = [(costs[b].processor - costs[a].processor) / (b - a) for a, b in steps]
        for (a, b), seconds in zip(steps, more, strict=True):
            print(f"a unit more, from {a:,} to {b:,}: {seconds * 1000:.2f} ms")
        if len(more) > 1:
            print(f"ratio {more[-1] / more[0]:.2f} (≤ 1.2)")
        largest = given.sizes[-1]
        bare = measured([sys.executable, __file__, "--floor", str(folder / str(largest))], {}, (0,))
        print(f"floor: {bare}\nratio {costs[largest].processor / bare.processor:.1f} (≤ 10)")
        print(f"largest difference of a total: {same_totals(Country(folder / str(largest), largest))}")
        if given.postgresql:
            _on_postgresql(folder / "postgresql", largest, costs[largest])
    print(f"load of the last minutes: {os.getloadavg()}")


def _evaluated(path: Path, units: int, store: str = "") -> Cost:
    """Makes the home and evaluates it as a user would."""
    country, home = _made(path, units), Home(path)
    environment = {"KAOHE_HOME": str(path)} | ({"KAOHE_STORE": store} if store else {})
    os.environ.update(environment)
    adopt(home, Ledger(Store(store or home.store_url)), EVALUATION, "经办", "批准")
    cost = measured([sys.executable, "-m", "orchestration", "evaluate", EVALUATION], environment, (NEEDS_SOMEBODY,))
    published = sum(file.stat().st_size for file in country.published.iterdir()) / 1e6
    print(f"{units:,} units, {country.figures:,} figures: {cost}; {published:.0f} MB published", flush=True)
    return cost


def _made(path: Path, units: int) -> Country:
    make_folders(Home(path))
    country = write_country(path, units)
    settled = time.time() - 60  # what was just written is left for the next run
    os.utime(country.submission, (settled, settled))
    return country


def measured(command: list[str], environment: dict[str, str], expected: tuple[int, ...]) -> Cost:
    """What the command and all that it starts cost; Linux alone tells. Raises: RuntimeError: it ended otherwise."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log)
        with _watched(process.pid) as most:
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = code = os.waitstatus_to_exitcode(status)
        if code not in expected:
            log.seek(0)
            raise RuntimeError(f"{command} ended with {code}: {log.read()[-3000:].decode(errors='replace')}")
    largest = max(most["largest"], used.ru_maxrss / 1000)
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - start, largest, max(most["together"], largest))


@contextmanager
def _watched(pid: int) -> Iterator[dict[str, float]]:
    """Looks ten times a second how much memory the process and its descendants hold."""
    most, done = {"largest": 0.0, "together": 0.0}, threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            held = [_resident(one) for one in _family(pid)]
            most["largest"] = max([most["largest"], *held])
            most["together"] = max(most["together"], sum(held))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


def _family(pid: int) -> list[int]:
    try:
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:  # it has just ended
        return []
    return [pid, *(one for child in children for one in _family(child))]


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _on_postgresql(path: Path, units: int, sqlite: Cost) -> None:
    from postgresql_server import Databases

    databases = Databases()
    try:
        server = databases._server.get_pid()
        url, before = databases.fresh(), _processor(server)
        cost = _evaluated(path, units, url)
        databases.drop(url)  # its backends have ended and are counted
        own = _processor(server) - before
        ratio = (cost.processor + own) / sqlite.processor
        print(f"on PostgreSQL: {cost}, and {own:.1f} s of the server's; ratio to SQLite {ratio:.2f} (≤ 1.5)")
    finally:
        databases.stop()


def _processor(pid: int) -> float:
    """Of the process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(one) for one in fields[11:15]) / TICKS


if __name__ == "__main__":
    if sys.argv[1:2] == ["--floor"]:
        floor(Country(Path(sys.argv[2]), int(Path(sys.argv[2]).name)))
    else:
        main()
