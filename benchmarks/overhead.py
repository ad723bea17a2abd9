"""What our own work costs beside what Dagster, Great Expectations and pandas cost anyhow.

Whole processes in turn: `kaohe evaluate yuxi-2017` against a job of 12 empty assets and 12 check results, in-process
on a SQLite instance, plus the import of Great Expectations and pandas. Median of 9; the ratio should stay ≤ 1.5.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
ROUNDS = 9

BASELINE = """
import great_expectations, pandas
from dagster import AssetCheckResult, AssetCheckSpec, DagsterInstance, Definitions, asset, in_process_executor
from dagster import MaterializeResult, define_asset_job

def empty(number):
    name = f"asset_{number:02}"
    deps = [f"asset_{number - 1:02}"] if number else []
    @asset(name=name, deps=deps, check_specs=[AssetCheckSpec("holds", asset=name)])
    def made():
        return MaterializeResult(check_results=[AssetCheckResult(passed=True)])
    return made

job = define_asset_job("all", executor_def=in_process_executor)
defs = Definitions(assets=[empty(n) for n in range(12)], jobs=[job])
with DagsterInstance.get() as instance:
    assert defs.resolve_job_def("all").execute_in_process(instance=instance).success
"""


def seconds(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise RuntimeError(done.stdout + done.stderr)
    return time.perf_counter() - start


def main() -> None:
    python = sys.executable
    kaohe = str(Path(python).with_name("kaohe"))
    with tempfile.TemporaryDirectory() as folder:
        home, empty = Path(folder) / "home", Path(folder) / "empty"
        empty.mkdir()
        (empty / "dagster.yaml").write_text("telemetry: {enabled: false}\n", encoding="utf-8")
        ours_env = {**os.environ, "KAOHE_HOME": str(home)}
        base_env = {**os.environ, "DAGSTER_HOME": str(empty)}
        seconds([kaohe, "init", str(home), "--example", "yuxi-2017"], ours_env)
        ours, base = [], []
        for number in range(ROUNDS + 1):
            base.append(seconds([python, "-c", BASELINE], base_env))
            ours.append(seconds([kaohe, "evaluate", "yuxi-2017"], ours_env))
            print(f"round {number}: baseline {base[-1]:.2f} s, kaohe evaluate {ours[-1]:.2f} s", flush=True)
        ratio = statistics.median(ours[1:]) / statistics.median(base[1:])  # the first round warms the caches
        print(f"median of {ROUNDS}: baseline {statistics.median(base[1:]):.2f} s, ", end="")
        print(f"kaohe evaluate {statistics.median(ours[1:]):.2f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
