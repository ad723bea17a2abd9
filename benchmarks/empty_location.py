"""A code location with nothing in it but steps: what Dagster itself takes, for `benchmarks/correction.py`.

As many assets and checks as the job `evaluate` has (`KAOHE_BENCHMARK_STEPS`, `…_CHECKS`), none of which does anything;
a sensor like ours starts them when the file `$KAOHE_BENCHMARK_FOLDER/asked` changes, and the last one copies it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetChecksDefinition,
    AssetsDefinition,
    DefaultSensorStatus,
    Definitions,
    MaterializeResult,
    RunRequest,
    SensorEvaluationContext,
    asset,
    asset_check,
    define_asset_job,
    in_process_executor,
    sensor,
)

STEPS = int(os.environ.get("KAOHE_BENCHMARK_STEPS", "12"))
CHECKS = int(os.environ.get("KAOHE_BENCHMARK_CHECKS", "12"))
FOLDER = Path(os.environ.get("KAOHE_BENCHMARK_FOLDER", "."))
ASKED, DONE = FOLDER / "asked", FOLDER / "done"


def empty(number: int) -> AssetsDefinition:
    @asset(name=f"empty_{number:02}", deps=[f"empty_{number - 1:02}"] if number else [])
    def made() -> MaterializeResult[Any]:
        if number == STEPS - 1 and ASKED.exists():
            shutil.copyfile(ASKED, DONE)
        return MaterializeResult()

    return made


def check(number: int) -> AssetChecksDefinition:
    @asset_check(asset=f"empty_{number % STEPS:02}", name=f"holds_{number:02}")
    def held() -> AssetCheckResult:
        return AssetCheckResult(passed=True)

    return held


job = define_asset_job("empty", executor_def=in_process_executor)


@sensor(job=job, minimum_interval_seconds=3, default_status=DefaultSensorStatus.RUNNING)
def asked(_context: SensorEvaluationContext) -> RunRequest | None:
    return RunRequest(run_key=ASKED.read_text()) if ASKED.exists() else None


defs = Definitions(
    assets=[empty(number) for number in range(STEPS)],
    asset_checks=[check(number) for number in range(CHECKS)],
    jobs=[job],
    sensors=[asked],
)
