"""Every run leaves a heartbeat: finished with its outcome, or seen to have been ended."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from filelock import FileLock
from previewed import SMALL
from running import run

from orchestration import heartbeat
from orchestration.cli import main
from orchestration.filing import ledger_of
from orchestration.heartbeat import ENDED, GOOD, NEVER, OVERDUE, RUNNING, UNREADABLE, beats, write_page
from resources.heartbeats import heartbeats, record_end, record_start
from resources.home import Home


@pytest.fixture
def home(fresh_small: Callable[[], Home]) -> Home:
    return fresh_small()


def begun(home: Home, run_id: str) -> None:
    with ledger_of(home).store.writing() as connection:
        record_start(connection, SMALL, run_id)


def state(home: Home) -> str:
    (beat,) = beats(home)
    return beat.state


def test_a_run_that_came_to_its_end_says_what_came_of_it(home: Home) -> None:
    (first,) = heartbeats(ledger_of(home))
    assert first.outcome == "出了第1版：首次发布"
    assert first.last_good_at == first.finished_at >= first.started_at
    assert run(SMALL).success
    (second,) = heartbeats(ledger_of(home))
    assert second.outcome == "没有变化，不出新版"
    assert second.run_id != first.run_id
    assert state(home) == GOOD


def test_a_run_that_was_ended_is_told_and_the_last_good_one_kept(home: Home) -> None:
    (before,) = heartbeats(ledger_of(home))
    begun(home, "another")
    (after,) = heartbeats(ledger_of(home))
    assert (after.finished_at, after.last_good_at) == ("", before.last_good_at)
    assert state(home) == ENDED


def test_a_run_at_work_is_told(home: Home) -> None:
    begun(home, "another")
    home.locks.mkdir(exist_ok=True)
    with FileLock(home.locks / f"{SMALL}.lock"):
        assert state(home) == RUNNING


def test_the_end_of_a_run_that_another_has_overtaken_is_not_recorded(home: Home) -> None:
    begun(home, "first")
    begun(home, "second")
    with ledger_of(home).store.writing() as connection:
        record_end(connection, SMALL, "first", "出了第9版")
    (beat,) = heartbeats(ledger_of(home))
    assert (beat.run_id, beat.outcome) == ("second", "")


def test_a_missed_night_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "now", lambda: "2999-01-01T08:00:00+08:00")
    assert state(home) == OVERDUE


def test_the_command_writes_the_page_and_asks_for_somebody(home: Home) -> None:
    (home.evaluations / "neu-2025").mkdir()
    (home.evaluations / "neu-2025" / "rulebook.yaml").write_text("evaluation: [", encoding="utf-8")
    told = CliRunner().invoke(main, ["heartbeat", "--json"])
    assert told.exit_code == 1
    assert {one["evaluation"]: one["state"] for one in json.loads(told.output)} == {SMALL: GOOD, "neu-2025": UNREADABLE}
    page = (home.path / "heartbeat.html").read_text("utf-8")
    assert "1个考核要看一看" in page
    assert "kaohe lint" in page


def test_an_evaluation_that_was_never_run_is_told(home: Home) -> None:
    other = home.evaluations / "other-2025"
    other.mkdir()
    text = (home.evaluations / SMALL / "rulebook.yaml").read_text("utf-8")
    (other / "rulebook.yaml").write_text(text.replace(SMALL, "other-2025"), encoding="utf-8")
    (other / "units.csv").write_bytes((home.evaluations / SMALL / "units.csv").read_bytes())
    assert {beat.evaluation: beat.state for beat in beats(home)} == {SMALL: GOOD, "other-2025": NEVER}


def test_names_on_the_page_are_harmless(home: Home) -> None:
    begun(home, "another")
    with ledger_of(home).store.writing() as connection:
        record_end(connection, SMALL, "another", "<script>alert(1)</script>")
    assert "<script>" not in write_page(home, beats(home)).read_text("utf-8")
