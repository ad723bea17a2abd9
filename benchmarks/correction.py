"""What a correction costs from its approval to the page: beside as many empty steps, and through the daemon.

In the example county (`qingshan-2025`), or in the example that the first argument names:

* within a run, from its start to the moved pointer, against a job of as many empty steps and checks in the same
  process, which has the same imports (in turn, median of 9; should stay ≤ 1.5 times);
* end to end through the daemon, from the approval to the moved pointer, against an empty job of another code location
  that the same daemon starts by the same kind of sensor (in turn, at ten moments of the five seconds for which the
  daemon looks at no sensor; median; at most 5 s more);
* the preview of one correction, after imports (median of 9; below 1 s).
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

# What is corrected where, and from which value on.
CELLS = {"qingshan-2025": ("T01", "rd_spending", 20_200), "yuxi-2017": ("530424", "base_score", 10)}
EVALUATION = sys.argv[1] if len(sys.argv) > 1 else "qingshan-2025"
UNIT, INDICATOR, FIRST = CELLS[EVALUATION]
STEP = FIRST // 400 or 1  # large enough to be seen in a score
ROUNDS, DAEMON_ROUNDS = 9, 10
LONGEST = 300.0
SENSORS_SLEEP = 5.0  # seconds between the daemon's looks


def asked(value: str) -> dict[str, str | None]:
    why = {"reason": "核对", "reason_class": "录入错误", "document": "考〔2026〕1号", "by": "张三"}
    return {"evaluation": EVALUATION, "unit": UNIT, "indicator": INDICATOR, "value": value, **why}


class Corrected:
    """A home that is corrected again and again, each time to another value."""

    def __init__(self, folder: Path) -> None:
        from orchestration.setting_up import set_up
        from resources.home import Home

        self.home = Home(folder / "home")
        list(set_up(self.home.path, [EVALUATION]))
        os.environ["KAOHE_HOME"] = str(self.home.path)
        os.environ["KAOHE_SETTLE_SECONDS"] = "0"
        self.value = FIRST

    def correct(self) -> None:
        from orchestration.correcting import request_correction

        self.value += STEP
        request_correction(self.home, asked(str(self.value)), "李四")

    def shown(self) -> str:
        return str((self.home.published / EVALUATION / "latest").readlink())


def run_here(corrected: Corrected, instance: Any) -> tuple[float, Any]:
    """Seconds from the run's start to the moved pointer, and the run."""
    from orchestration.definitions import defs
    from orchestration.evaluating import QUIET
    from resources.publications import Publications

    moved: list[float] = []
    real = Publications.point_to_newest

    def stamped(self: Publications) -> None:
        real(self)
        moved.append(time.perf_counter())

    job = defs.resolve_job_def("evaluate")
    start = time.perf_counter()
    with patched(Publications, "point_to_newest", stamped):
        run = job.execute_in_process(instance=instance, partition_key=EVALUATION, run_config=QUIET)
    return moved[-1] - start, run


@contextlib.contextmanager
def patched(owner: Any, name: str, value: Any) -> Iterator[None]:
    kept = getattr(owner, name)
    setattr(owner, name, value)
    yield
    setattr(owner, name, kept)


def empty_here(instance: Any) -> float:
    from benchmarks.empty_location import defs
    from orchestration.evaluating import QUIET

    job = defs.resolve_job_def("empty")
    start = time.perf_counter()
    job.execute_in_process(instance=instance, run_config=QUIET)
    return time.perf_counter() - start


def within_a_run(corrected: Corrected) -> None:
    from dagster import DagsterInstance

    from resources.partitions import evaluations

    os.environ["DAGSTER_HOME"] = str(corrected.home.dagster)
    with DagsterInstance.get() as instance:
        instance.add_dynamic_partitions(str(evaluations.name), [EVALUATION])
        _, run = run_here(corrected, instance)  # warms every cache
        checks = len(run.get_asset_check_evaluations())
        steps = len({event.asset_key for event in run.get_asset_materialization_events()})
        os.environ |= {"KAOHE_BENCHMARK_STEPS": str(steps), "KAOHE_BENCHMARK_CHECKS": str(checks)}
        print(f"{steps} assets and {checks} checks", flush=True)
        empty_here(instance)
        ours, least, used = [], [], [0.0, 0.0]
        for number in range(ROUNDS):
            corrected.correct()
            before, start = corrected.shown(), time.process_time()
            least.append(empty_here(instance))
            between = time.process_time()
            ours.append(run_here(corrected, instance)[0])
            used = [used[0] + between - start, used[1] + time.process_time() - between]
            if corrected.shown() == before:
                raise RuntimeError("the correction made no version")
            print(f"round {number}: empty steps {least[-1]:.2f} s, ours {ours[-1]:.2f} s", flush=True)
    ratio = statistics.median(ours) / statistics.median(least)
    print(f"within a run, median of {ROUNDS}: empty steps {statistics.median(least):.2f} s, ", end="")
    print(f"to the moved pointer {statistics.median(ours):.2f} s, ratio {ratio:.2f}; ", end="")
    print(f"of processor time, to the end of the run, {used[1] / used[0]:.2f}", flush=True)


def previewing(corrected: Corrected) -> None:
    from orchestration.previewing import preview_correction

    taken = []
    for number in range(ROUNDS + 1):
        start = time.perf_counter()
        found = preview_correction(corrected.home, asked(str(corrected.value + (1 + number) * STEP)))
        taken.append(time.perf_counter() - start)
        if found.units.empty:
            raise RuntimeError("the preview is of nothing")
    print(f"preview of one correction, median of {ROUNDS}: {statistics.median(taken[1:]):.2f} s", flush=True)


@contextlib.contextmanager
def daemon(folder: Path, corrected: Corrected) -> Iterator[None]:
    """A daemon with our code location, served as `kaohe ui` does, and the empty one, both warm."""
    from orchestration.ui import code_location

    ours = code_location(corrected.home.path, CHECKOUT / "workspace.yaml")
    module = {"module_name": "benchmarks.empty_location", "working_directory": str(CHECKOUT), "location_name": "empty"}
    served = {"location_name": ours.name, "socket": str(ours.socket)}
    workspace = folder / "workspace.yaml"
    load_from = [{"grpc_server": served}, {"python_module": module}]
    workspace.write_text(yaml.safe_dump({"load_from": load_from}), encoding="utf-8")
    environment = {**os.environ, "DAGSTER_HOME": str(corrected.home.dagster), "KAOHE_BENCHMARK_FOLDER": str(folder)}
    behind = ["dagster._daemon", "run", "--workspace", str(workspace), "--log-level", "warning"]
    with (folder / "daemon.log").open("w") as log, contextlib.ExitStack() as stack:
        for command in (ours.server_command(), behind):
            process = subprocess.Popen(
                [sys.executable, "-m", *command], cwd=CHECKOUT, env=environment, stdout=log, stderr=log
            )
            stack.callback(process.wait, 60)
            stack.callback(process.terminate)
        yield


def until(reached: Any) -> float:
    start = time.perf_counter()
    while not reached():
        if time.perf_counter() - start > LONGEST:
            raise RuntimeError("nothing has come of it")
        time.sleep(0.05)
    return time.perf_counter() - start


def end_to_end(folder: Path, corrected: Corrected) -> None:
    request, done = folder / "asked", folder / "done"
    ours, least = [], []
    with daemon(folder, corrected):
        for number in range(DAEMON_ROUNDS + 1):
            moment = number * SENSORS_SLEEP / DAEMON_ROUNDS
            time.sleep(moment)
            request.write_text(str(number))
            least.append(until(lambda n=number: done.exists() and done.read_text() == str(n)))  # type: ignore[misc]
            before = corrected.shown()
            time.sleep(moment)
            corrected.correct()
            ours.append(until(lambda b=before: corrected.shown() != b))  # type: ignore[misc]
            print(f"round {number}: empty job {least[-1]:.1f} s, correction {ours[-1]:.1f} s", flush=True)
    more = statistics.median(ours[1:]) - statistics.median(least[1:])  # the first round loads the locations
    print(f"through the daemon, median of {DAEMON_ROUNDS}: empty job {statistics.median(least[1:]):.1f} s, ", end="")
    print(f"correction {statistics.median(ours[1:]):.1f} s, {more:.1f} s more")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corrected = Corrected(folder)
        within_a_run(corrected)
        previewing(corrected)
        end_to_end(folder, corrected)


if __name__ == "__main__":
    main()
