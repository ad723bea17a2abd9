"""What `kaohe doctor` finds, what it advises, and that it changes nothing."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from filelock import FileLock
from stores import on_sqlite
from tampering import without_guards

from orchestration import doctor_machine
from orchestration.cli import main
from orchestration.doctor import FAULT, NOTICE, SOUND, Diagnosis, examined
from orchestration.filing import ledger_of
from resources import ledger as ledger_module
from resources.home import Home

YUXI = "yuxi-2017"


def diagnosis(home: Home, subject: str) -> Diagnosis:
    return next(one for one in examined(home) if one.subject == subject)


def contents(home: Home) -> dict[Path, bytes]:
    """All files but those of SQLite, which tidies up between connections."""
    return {path: path.read_bytes() for path in home.path.rglob("*") if path.is_file() and "kaohe.db" not in path.name}


def test_a_fresh_home_is_sound_but_for_the_background(home: Home) -> None:
    before, head = contents(home), ledger_of(home).head()
    assert {one.subject: one.state for one in examined(home) if one.state != SOUND} == {"后台程序": NOTICE}
    assert (contents(home), ledger_of(home).head()) == (before, head)


def test_the_command_tells_it_in_words_and_as_json(home: Home) -> None:
    told = CliRunner().invoke(main, ["doctor"])
    assert told.exit_code == 1
    assert "kaohe ui" in told.output
    listed = json.loads(CliRunner().invoke(main, ["doctor", "--json"]).output)
    assert {one["subject"] for one in listed} >= {"程序库", "磁盘", "时钟", "字体", "数据库", "锁", "收件", "考核办法"}


def test_where_there_is_no_home_it_says_so_and_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOHE_HOME", str(tmp_path / "none"))
    told = CliRunner().invoke(main, ["doctor"])
    assert told.exit_code == 2
    assert "kaohe init" in told.output
    assert not (tmp_path / "none").exists()


def test_a_home_without_a_store_gets_none(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert diagnosis(home, "数据库").state == NOTICE
    assert diagnosis(home, "工作文件夹").state == FAULT
    assert list(tmp_path.iterdir()) == []


def test_another_version_of_a_library_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    real = doctor_machine.version
    monkeypatch.setattr(doctor_machine, "version", lambda name: "0.0.1" if name == "pandas" else real(name))
    found = diagnosis(home, "程序库")
    assert found.state == NOTICE
    assert "pandas 0.0.1" in found.seen


@pytest.mark.parametrize("variable", ["KAOHE_SETTLE_SECONDS", "KAOHE_LIMIT_SECONDS"])
def test_a_setting_that_is_no_number_is_a_fault(home: Home, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "abc")
    (found,) = [one for one in examined(home) if one.state == FAULT and one.subject == "设置"]
    assert variable in found.seen


def test_a_full_disk_is_a_fault(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_machine.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 100_000_000}))
    assert diagnosis(home, "磁盘").state == FAULT


@on_sqlite
def test_a_store_on_a_network_disk_is_a_fault(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_machine, "_file_system", lambda _: "nfs4")
    assert [one.state for one in examined(home) if one.subject == "磁盘"] == [SOUND, FAULT]


def test_a_clock_that_was_set_back_is_a_fault(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "now", lambda: "2999-01-01T00:00:00+08:00")
    ledger_of(home).append(YUXI, "remark", {})
    found = diagnosis(home, "时钟")
    assert found.state == FAULT
    assert "2999-01-01" in found.seen


def test_a_running_evaluation_is_told(home: Home) -> None:
    home.locks.mkdir(exist_ok=True)
    with FileLock(home.locks / f"{YUXI}.lock"):
        assert f"“{YUXI}”自" in diagnosis(home, "锁").seen
    assert diagnosis(home, "锁").seen == "没有正在进行的计算。"


def test_a_background_that_does_not_report_is_told(home: Home) -> None:
    (home.dagster / "ui").mkdir()
    with (home.dagster / "ui" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = diagnosis(home, "后台程序")
    assert found.state == NOTICE
    assert "没有按时报到" in found.seen


def test_guards_that_were_taken_away_are_missed(home: Home) -> None:
    with ledger_of(home).store.writing() as connection:
        without_guards(connection)
    found = diagnosis(home, "数据库")
    assert found.state == FAULT
    assert "kaohe verify" in found.remedy


def test_an_inbox_that_is_not_mounted_is_a_fault(home: Home) -> None:
    (home.inbox / YUXI / ".inbox").unlink()
    assert diagnosis(home, "收件").state == FAULT


def test_a_link_in_the_inbox_is_told(home: Home) -> None:
    (home.inbox / YUXI / "lead_office" / "快捷方式.xlsx").symlink_to("/etc/passwd")
    assert "不能收取1份" in diagnosis(home, "收件").seen


def test_rules_edited_but_not_adopted_are_told(home: Home) -> None:
    rulebook = home.evaluations / YUXI / "rulebook.yaml"
    rulebook.write_text(rulebook.read_text("utf-8") + "# 改\n", "utf-8")
    assert diagnosis(home, "考核办法").state == NOTICE
    rulebook.write_text("evaluation: [", "utf-8")
    assert diagnosis(home, "考核办法").state == FAULT


def test_a_notice_that_was_interrupted_is_told(home: Home) -> None:
    (home.outbox / YUXI / "sending").mkdir(parents=True)
    (home.outbox / YUXI / "sending" / "2026-01-01_T01_0123456789.txt").write_text("题\n\n文\n\n编号：k\n", "utf-8")
    assert diagnosis(home, "通知").state == NOTICE


def test_a_look_that_fails_does_not_stop_the_others(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(doctor_machine.LOOKS, "字体", lambda _: iter([1 / 0]))
    found = {one.subject: one.state for one in examined(home)}
    assert found["字体"] == FAULT
    assert found["考核办法"] == SOUND


def test_what_a_look_is_refused_says_itself_what_to_do(home: Home) -> None:
    with ledger_of(home).store.writing() as connection:
        connection.exec_driver_sql("UPDATE schema_version SET version_num = '9999'")
    told = [one for one in examined(home) if "9999" in one.seen]
    assert told
    assert {(one.state, one.remedy) for one in told} == {(FAULT, "")}
    assert all(one.seen.startswith("数据库的表结构是第9999版") for one in told)
