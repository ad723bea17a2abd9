"""Dagster's own record of runs, kept in order: runs whose process is gone are ended, very old ones forgotten.

Our record (ledger, versions, archive) is never swept.
"""

from datetime import datetime, timedelta

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from resources.clock import SHANGHAI
from resources.home import Home
from resources.locks import is_at_work

WORKING = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
OVER = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
PARTITION = "dagster/partition"
# How long a run is remembered, and how many of an evaluation are however old they are.
REMEMBERED, KEPT = timedelta(days=180), 30
AT_ONCE = 200


def end_abandoned(instance: DagsterInstance, home: Home) -> list[str]:
    """End the runs that no process works on any more; returns their ids. For when no other daemon serves this home.

    A run of the command line, or of a worker on another machine, is told by the lock that it holds; all others were
    children of a daemon that is gone.
    """
    ended = []
    for run in instance.get_runs(RunsFilter(statuses=WORKING)):
        evaluation = run.tags.get(PARTITION)
        if evaluation is None or not is_at_work(home, evaluation, run.run_id):
            instance.report_run_failed(run, "its process is gone; the next run makes it whole")
            ended.append(run.run_id)
    return ended


def forget_old(instance: DagsterInstance) -> int:
    """Delete runs that ended long ago, but for the newest of each evaluation; returns how many."""
    before = datetime.now(SHANGHAI) - REMEMBERED
    keep: set[str] = set()
    for evaluation in {run.tags.get(PARTITION) for run in _over(instance, before)} - {None}:
        newest = RunsFilter(statuses=OVER, tags={PARTITION: str(evaluation)})
        keep |= {run.run_id for run in instance.get_runs(newest, limit=KEPT)}
    old = [run.run_id for run in _over(instance, before) if run.run_id not in keep]
    for run_id in old:
        instance.delete_run(run_id)
    return len(old)


def _over(instance: DagsterInstance, before: datetime) -> list:  # type: ignore[type-arg]
    filters = RunsFilter(statuses=OVER, created_before=before)
    return [record.dagster_run for record in instance.get_run_records(filters, limit=AT_ONCE, ascending=True)]
