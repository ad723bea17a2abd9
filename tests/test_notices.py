"""Who is told what on which day: reminders, what is overdue, findings, new versions; each matter once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from dagster import DagsterInstance
from previewed import SMALL, small_home, submit
from running import run

from orchestration import notifying, status
from orchestration.cli import main
from orchestration.notice_job import notify_people
from orchestration.notifying import Notified, notify
from resources.home import Home

WRONG = "单位编码,考核期,指标编码,数值\nD,2025,spending,约90\n"


@pytest.fixture
def home(fresh_small: Callable[[], Home]) -> Home:
    return fresh_small()


def on(day: str, home: Home, monkeypatch: pytest.MonkeyPatch) -> Notified:
    """`kaohe notify` as of that day."""
    for module in (notifying, status):
        monkeypatch.setattr(module, "now", lambda: f"{day}T08:00:00+08:00")
    return notify(home, SMALL)


def texts(done: Notified) -> dict[str, str]:
    return {path.name.split("_")[1]: path.read_text("utf-8") for path in done.written}


@pytest.fixture
def nothing_filed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The small evaluation, whose figures are due on 2025-12-31."""
    monkeypatch.setenv("KAOHE_HOME", str(tmp_path / "home"))
    return small_home(tmp_path / "home", filed=False)


@pytest.mark.parametrize(
    ("days", "reminders"),
    [
        (["12-23"], []),
        (["12-24", "12-25", "12-29"], ["还有7天"]),
        (["12-26", "12-30"], ["还有5天", "还有1天"]),
        (["12-31"], ["就是今天"]),
    ],
)
def test_a_sender_is_reminded_a_week_and_a_day_before(
    nothing_filed: Home, monkeypatch: pytest.MonkeyPatch, days: list[str], reminders: list[str]
) -> None:
    told = [texts(on(f"2025-{day}", nothing_filed, monkeypatch)).get("stats") for day in days]
    subjects = [text.splitlines()[0] for text in told if text]
    assert [subject.rpartition("，")[2] for subject in subjects] == reminders
    assert all("2025-12-31前应报8项" in subject for subject in subjects)


def test_what_is_overdue_is_told_on_the_day_after_and_then_every_week(
    nothing_filed: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = ["2026-01-01", "2026-01-02", "2026-01-06", "2026-01-07", "2026-01-13", "2026-01-14"]
    told = [texts(on(day, nothing_filed, monkeypatch)).get("stats") for day in days]
    assert [day for day, text in zip(days, told, strict=True) if text] == ["2026-01-01", "2026-01-07", "2026-01-14"]
    assert "有8项到期未报" in str(told[0])
    assert "“授权量”2025，东乡、南乡、西乡、北乡，共4项" in str(told[0])


def test_a_daemon_that_was_away_reminds_once(nothing_filed: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(on("2026-02-20", nothing_filed, monkeypatch).written) == 1
    assert on("2026-02-20", nothing_filed, monkeypatch).written == []


def test_a_new_version_is_told_to_the_examiner_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    told = texts(on("2025-06-01", home, monkeypatch))["examiner"]
    assert "第1版（试算）" in told
    assert on("2025-06-01", home, monkeypatch).written == []
    assert on("2025-06-02", home, monkeypatch).written == []


def test_a_finding_is_told_to_its_sender_once_and_a_new_one_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    on("2025-06-01", home, monkeypatch)
    submit(home, "补报.csv", WRONG)
    assert run(SMALL).success
    told = texts(on("2025-06-02", home, monkeypatch))
    assert "约90" in told["stats"]
    assert "补报.csv" in told["stats"]
    assert "stats" not in texts(on("2025-06-03", home, monkeypatch))
    submit(home, "再报.csv", WRONG.replace("D", "B"))
    assert run(SMALL).success
    again = texts(on("2025-06-04", home, monkeypatch))["stats"]
    assert "再报.csv" in again
    assert "补报.csv" not in again
    assert "另有1条以前通知过" in again


def test_the_command_tells_what_has_no_address(home: Home) -> None:
    told = json.loads(CliRunner().invoke(main, ["notify", SMALL, "--json"]).output)
    assert told["written"] == told["without_address"] != []
    assert "请转交" in CliRunner().invoke(main, ["notify", SMALL]).output


def test_contacts_that_reach_nobody_stop_sending_and_not_writing(home: Home) -> None:
    home.contacts.write_text("code,address\nexaminer,电话\n", encoding="utf-8")
    told = CliRunner().invoke(main, ["notify", SMALL])
    assert told.exit_code == 2
    assert "第2行" in told.output
    assert list((home.outbox / SMALL / "new").iterdir()) != []


def test_what_cannot_be_sent_is_tried_again_until_it_is_old(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.contacts.write_text("code,address\nexaminer,json://127.0.0.1:9/\n", encoding="utf-8")
    first = on("2025-06-01", home, monkeypatch)
    assert first.refused == first.written
    assert on("2025-06-04", home, monkeypatch).refused == first.written
    assert on("2025-06-05", home, monkeypatch).refused == []


def test_the_mornings_job_tells_every_evaluation(home: Home) -> None:
    with DagsterInstance.ephemeral() as instance:
        assert notify_people.execute_in_process(instance=instance).success
    assert list((home.outbox / SMALL / "new").iterdir()) != []


def test_an_evaluation_that_cannot_be_read_does_not_stop_the_others(home: Home) -> None:
    broken = home.evaluations / "a-broken-2025"
    broken.mkdir()
    (broken / "rulebook.yaml").write_text("evaluation: [", encoding="utf-8")
    with DagsterInstance.ephemeral() as instance:
        result = notify_people.execute_in_process(instance=instance, raise_on_error=False)
    (failed,) = [event for event in result.all_events if event.is_step_failure]
    told = str(failed.step_failure_data.error)
    assert "1个考核的通知没有写成或没有送出，其余的已办。“a-broken-2025”：rulebook.yaml" in told
    assert list((home.outbox / SMALL / "new").iterdir()) != []
