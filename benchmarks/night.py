"""Nights with many evaluations through the real daemon (`python -m benchmarks.night [COPIES]`, 30 by default).

A fresh home with two cycles of the county and copies of small examples. The first night: the daemon's sensor finds
them all and every one is run. The second: the nightly schedule, from a code location in which it ticks every minute,
runs all of them again with nothing new. Shown for both: time until all are done, the most memory that the daemon and
its runs had, how often two runs of one evaluation overlapped, and what was written; errors in the logs end it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import yaml

from benchmarks.many_home import make

CHECKOUT = Path(__file__).resolve().parents[1]
LONGEST = 4 * 3600.0
EVERY = 2.0


@contextmanager
def daemon(home: Path, module: str, log: Path) -> Iterator[psutil.Process]:
    workspace = home / "workspace.yaml"
    where = {"module_name": module, "working_directory": str(CHECKOUT), "location_name": "kaohe"}
    workspace.write_text(yaml.safe_dump({"load_from": [{"python_module": where}]}), encoding="utf-8")
    environment = {**os.environ, "KAOHE_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}
    environment["KAOHE_SETTLE_SECONDS"] = "0"
    command = [sys.executable, "-m", "dagster._daemon", "run", "--workspace", str(workspace), "--log-level", "warning"]
    with log.open("w") as out:
        started = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=out, stderr=out)
        try:
            yield psutil.Process(started.pid)
        finally:
            started.terminate()
            started.wait(120)


def memory(parent: psutil.Process) -> int:
    """Bytes that the process and all below it have for themselves and share."""
    total = 0
    for one in [parent, *parent.children(recursive=True)]:
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def until_all_ran(instance: Any, parent: psutil.Process, names: list[str], seen: set[str]) -> None:
    """Wait for one more run of each; prints what it took."""
    start, most = time.monotonic(), 0
    while True:
        records = [one for one in instance.get_run_records() if one.dagster_run.run_id not in seen]
        done = {one.dagster_run.tags.get("dagster/partition") for one in records if one.dagster_run.is_finished}
        most = max(most, memory(parent))
        if done >= set(names):
            break  # the schedule may have asked for more by now
        if time.monotonic() - start > LONGEST:
            raise RuntimeError(f"not done: {sorted(set(names) - done)}")
        time.sleep(EVERY)
    records = [one for one in records if one.dagster_run.is_finished]
    failed = [one.dagster_run.tags["dagster/partition"] for one in records if not one.dagster_run.is_success]
    spans: dict[str, list[tuple[float, float]]] = {}
    for one in records:
        spans.setdefault(one.dagster_run.tags["dagster/partition"], []).append((one.start_time, one.end_time))
    overlaps = sum(
        later[0] < before[1]
        for own in spans.values()
        for before, later in zip(sorted(own), sorted(own)[1:], strict=False)
    )
    print(f"{len(records)} runs of {len(spans)} evaluations in {time.monotonic() - start:.0f} s; ", end="")
    print(f"{len(failed)} failed {failed or ''}; {overlaps} overlaps; at most {most / 1e6:.0f} MB", flush=True)
    seen.update(one.dagster_run.run_id for one in records)


def written(home: Path) -> dict[str, int]:
    """What a quiet night must not change: versions, entries of the ledger, files published and in the archive."""
    from orchestration.filing import ledger_of
    from resources.home import Home

    files = {name: sum(1 for _ in (home / name).rglob("*")) for name in ("published", "archive", "receipts")}
    return {**files, "entries": ledger_of(Home(home)).head()[0]}


def main() -> None:
    from dagster import DagsterInstance

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        names = make(home, int(sys.argv[1]) if len(sys.argv) > 1 else 30)
        seen: set[str] = set()
        for night, module in (("first", "orchestration.definitions"), ("second", "benchmarks.night_location")):
            before = written(home)
            with (
                daemon(home, module, home / f"{night}.log") as parent,
                DagsterInstance.from_config(str(home / "dagster")) as instance,
            ):
                print(f"{night} night: ", end="", flush=True)
                until_all_ran(instance, parent, names, seen)
            changed = {name: count - before[name] for name, count in written(home).items() if count != before[name]}
            size = sum(file.stat().st_size for file in (home / "dagster").rglob("*") if file.is_file())
            print(f"  written: {changed or 'nothing'}; Dagster's own store {size / 1e6:.0f} MB", flush=True)
        lines = [json.loads(line) for line in (home / "logs" / "kaohe.log").read_text("utf-8").splitlines()]
        print(f"  kaohe.log: {len(lines)} lines, errors: {[one for one in lines if one['level'] == 'error'][:2]}")
        print("  said by the daemon:", [(home / f"{night}.log").read_text()[:500] for night in ("first", "second")])


if __name__ == "__main__":
    main()
