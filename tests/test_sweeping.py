"""Dagster's record of runs: what nobody works on is ended, what is old is forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus
from filelock import FileLock
from stores import on_sqlite

from orchestration import sweeping
from orchestration.notice_job import notify_people
from orchestration.sweeping import PARTITION, end_abandoned, forget_old
from resources.home import Home

MakeRun = Callable[..., DagsterRun]


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    with DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def made(instance: DagsterInstance) -> MakeRun:
    def make(status: DagsterRunStatus, evaluation: str | None = "e-2025") -> DagsterRun:
        tags = {} if evaluation is None else {PARTITION: evaluation}
        return instance.create_run_for_job(notify_people, status=status, tags=tags)

    return make


def test_a_run_whose_process_is_gone_is_ended(instance: DagsterInstance, made: MakeRun, home: Home) -> None:
    started, other = made(DagsterRunStatus.STARTED), made(DagsterRunStatus.STARTING, None)
    waiting, done = made(DagsterRunStatus.NOT_STARTED), made(DagsterRunStatus.SUCCESS)
    assert set(end_abandoned(instance, home)) == {started.run_id, other.run_id}
    statuses = [instance.get_run_by_id(run.run_id) for run in (started, other, waiting, done)]
    assert [run.status.value for run in statuses if run] == ["FAILURE", "FAILURE", "NOT_STARTED", "SUCCESS"]
    assert end_abandoned(instance, home) == []


@on_sqlite  # on PostgreSQL it has a session: test_province.py
def test_a_run_of_the_command_line_is_left_at_work(instance: DagsterInstance, made: MakeRun, home: Home) -> None:
    at_work, gone = made(DagsterRunStatus.STARTED), made(DagsterRunStatus.STARTED)
    home.locks.mkdir(exist_ok=True)
    (home.locks / "e-2025.holder.json").write_text(json.dumps({"run": at_work.run_id}), encoding="utf-8")
    with FileLock(home.locks / "e-2025.lock"):
        assert end_abandoned(instance, home) == [gone.run_id]
    assert end_abandoned(instance, home) == [at_work.run_id]  # its note is left, its lock is not


def test_old_runs_are_forgotten_but_for_the_newest_of_each_evaluation(
    instance: DagsterInstance, made: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    for evaluation in ("e-2024", "e-2025", None):
        for _ in range(4):
            made(DagsterRunStatus.SUCCESS, evaluation)
    working = made(DagsterRunStatus.STARTED)
    assert forget_old(instance) == 0
    monkeypatch.setattr(sweeping, "KEPT", 3)
    monkeypatch.setattr(sweeping, "REMEMBERED", timedelta(days=-1))
    assert forget_old(instance) == 1 + 1 + 4
    left = [run.tags.get(PARTITION) for run in instance.get_runs() if run.run_id != working.run_id]
    assert sorted(map(str, left)) == ["e-2024"] * 3 + ["e-2025"] * 3
