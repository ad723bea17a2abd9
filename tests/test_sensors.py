"""What is due is worked out from the store: once, however often and however late somebody looks."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

import pytest
from crashes import crashing_run
from dagster import DagsterInstance, RunRequest, SkipReason, build_schedule_context, build_sensor_context
from homes import YUXI
from running import run
from test_corrections import ASKED
from test_flow import drop

from orchestration.correcting import request_correction
from orchestration.schedules import nightly
from orchestration.sensors import due_evaluations
from orchestration.status import status_of
from orchestration.tasks import EXAMINER
from resources.clock import SHANGHAI
from resources.home import Home
from resources.inbox import MARKER
from resources.locks import holding
from resources.partitions import evaluations


def due() -> list[RunRequest]:
    """What one tick of the sensor asks for."""
    with DagsterInstance.ephemeral() as instance, build_sensor_context(instance) as context:
        return list(due_evaluations(context).run_requests or [])  # type: ignore[union-attr]


def night(home: Home, ago: timedelta) -> list[RunRequest | SkipReason]:
    """What the schedule asks for, for a night that is so long ago."""
    with DagsterInstance.local_temp(str(home.dagster)) as instance:
        instance.add_dynamic_partitions(str(evaluations.name), [YUXI])
        when = datetime.now(SHANGHAI) - ago
        with build_schedule_context(instance, scheduled_execution_time=when) as context:
            return list(nightly(context))  # type: ignore[call-overload]


def test_nothing_is_due_where_nothing_has_changed(evaluated: Home) -> None:
    assert due() == []


def test_what_a_week_has_brought_is_asked_for_once(evaluated: Home) -> None:
    drop(evaluated, "补报.csv", "单位编码,考核期,指标编码,数值\n530402,2017,base_score,77.5\n")
    for value in ("75.5", "76", "76.5"):
        request_correction(evaluated, {**ASKED, "value": value}, "李四")
    first, again = due(), due()
    assert [one.partition_key for one in first] == [YUXI]
    assert first[0].run_key == again[0].run_key  # a tick that comes twice makes one run
    assert run(YUXI).success
    assert due() == []


def test_a_run_that_broke_off_is_asked_for_once_more(evaluated: Home) -> None:
    request_correction(evaluated, ASKED, "李四")
    (asked,) = due()
    assert not crashing_run(YUXI, "rows, committed")
    (again,) = due()
    assert again.run_key != asked.run_key
    with holding(evaluated, YUXI, "another"):
        assert due() == []
    assert not crashing_run(YUXI, "rows, committed")
    assert [one.run_key for one in due()] == [again.run_key]  # which Dagster does not run a second time
    assert f"{EXAMINER}：上次没有做完，还没有计分" in status_of(evaluated, YUXI)["to_do"][0]
    assert run(YUXI).success
    assert due() == []


def test_a_run_that_breaks_off_again_another_night_is_asked_for_again(evaluated: Home) -> None:
    keys = []
    for _ in range(2):
        assert not crashing_run(YUXI, "rows, committed")
        (again,) = due()
        keys.append(again.run_key)
        assert run(YUXI).success
        assert due() == []
    assert len(set(keys)) == 2  # Dagster runs a key once for ever


def test_an_inbox_that_is_mounted_again_makes_a_run_due(evaluated: Home) -> None:
    for sender in (evaluated.inbox / YUXI).glob("*/"):
        shutil.rmtree(sender)
    assert run(YUXI).success
    marker = evaluated.inbox / YUXI / MARKER
    marker.rename(evaluated.path / "away")
    (gone,) = due()
    assert not run(YUXI).success
    assert f"{YUXI}:" in due()[0].run_key  # once more, which fails as well
    assert not run(YUXI).success
    (evaluated.path / "away").rename(marker)
    (back,) = due()
    assert "again" not in str(back.run_key)
    assert back.run_key != gone.run_key
    assert run(YUXI).success
    assert due() == []


@pytest.mark.parametrize("days", [1, 2, 7])
def test_nights_that_nobody_was_there_are_made_up_for_by_the_last(evaluated: Home, days: int) -> None:
    (last,) = night(evaluated, timedelta(hours=3))
    assert isinstance(last, RunRequest)
    assert last.partition_key == YUXI
    (missed,) = night(evaluated, timedelta(days=days))
    assert isinstance(missed, SkipReason)
