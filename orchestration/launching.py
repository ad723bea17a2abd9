"""Runs handed to workers on several machines through Celery, and how one whose worker vanished is told.

Celery itself never hears of a worker that was killed or of a machine that lost its power: to it, the run goes on for
ever. The store knows: a run keeps a session there as long as it lives (`resources.locks`). Dagster's own monitoring
asks here, ends the run, and its retries start it again.
"""

from __future__ import annotations

import time

from dagster import DagsterRun
from dagster._core.launcher import CheckRunHealthResult, WorkerStatus
from dagster._time import get_current_timestamp
from dagster_celery.launcher import CeleryRunLauncher

from resources.home import home_from_environment
from resources.kaohe import PARTITION_TAG
from resources.locks import has_session

GRACE = 60.0  # seconds that a run may take between its start and its session
ENDING = 2.0  # seconds between the end of a session and that of its run


class WatchedCeleryLauncher(CeleryRunLauncher):
    """Celery's launcher, to which a run is alive while it has a session at the store."""

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        if PARTITION_TAG not in run.tags:
            return super().check_run_worker_health(run)
        home = home_from_environment()
        if has_session(home, run.run_id) or self._is_fresh(run.run_id):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        time.sleep(ENDING)
        now = self._instance.get_run_by_id(run.run_id)
        if now is None or now.is_finished:
            return CheckRunHealthResult(WorkerStatus.SUCCESS)
        return CheckRunHealthResult(WorkerStatus.FAILED, "it has no session at the store: its worker is gone")

    def _is_fresh(self, run_id: str) -> bool:
        record = self._instance.get_run_record_by_id(run_id)
        started = record.start_time if record else None
        return started is None or get_current_timestamp() - started < GRACE
