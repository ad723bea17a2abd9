"""Killed at any step, with no room, no rights or no lock: nothing half is seen, and one more run makes it whole."""

from __future__ import annotations

import errno
import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from crashes import STEPS, crashing_run, forked
from homes import Homes
from postgresql_server import Databases
from running import TO_THE_VERSION, run
from stores import on_both_stores, on_sqlite
from test_corrections import ASKED
from test_flow import drop, published

import resources.store
from orchestration.cli import main
from orchestration.correcting import request_correction
from orchestration.evaluating import failures_of
from orchestration.filing import ledger_of
from orchestration.verifying import verify
from resources import database, locks
from resources.archive import Archive
from resources.database import StoreCannotBeUsed
from resources.home import CHECKOUT, Home
from resources.kaohe import work_on
from resources.locks import EvaluationIsBusy, holding
from resources.store import Store
from resources.tables import WORKING_TABLES

FIGURES = "单位编码,考核期,指标编码,数值\n530402,2017,base_score,77.5\n530424,2017,base_score,约70\n"

ON_POSTGRESQL = ("ledger, entry not yet committed", "rows, after the insert", "version, moved and not recorded")


def _result(home: Home) -> tuple[object, ...]:
    """Rows and published files, less what tells one ledger from another: times and hashes."""
    work = work_on(home, "yuxi-2017")
    rows = {name: work.read(name).to_csv() for name in ("accepted_values", "indicator_scores", "total_scores")}
    versions = sorted(path.name for path in (home.published / "yuxi-2017").iterdir())
    tables = [published(home, name) for name in ("ranking.csv", "indicator_scores.csv", "findings.csv")]
    kinds = [entry.kind for entry in work.ledger.entries("yuxi-2017")]
    archived = sorted(Archive(home.archive).digests())
    return rows, versions, tables, kinds, archived, len(work.findings())


@pytest.fixture(scope="module")
def undisturbed(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        home, _ = homes.copy(tmp_path_factory.mktemp("undisturbed") / "home", monkeypatch, "sqlite")
        monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
        drop(home, "补报.csv", FIGURES)
        assert run("yuxi-2017", TO_THE_VERSION).success
        return _result(home)


def _one_more_run_makes_it_whole(home: Home, steps: Iterable[str], undisturbed: tuple[object, ...]) -> None:
    """After runs that were killed one after the other, each at its own step."""
    drop(home, "补报.csv", FIGURES)
    before = published(home, "ranking.csv")
    for step in steps:
        assert not crashing_run("yuxi-2017", step), step
        assert published(home, "ranking.csv") == before, step  # people see what they saw
        assert [fault for fault in verify(home).faults if "latest" not in fault] == [], step
    assert run("yuxi-2017", TO_THE_VERSION).success
    assert _result(home) == undisturbed
    assert verify(home).faults == []


# An early step, one in the middle and a late one: what each left behind is met by all that follow.
@pytest.mark.parametrize("steps", [list(STEPS)[first::6] for first in range(6)], ids="; ".join)
def test_killed_runs_are_made_whole_by_the_next(
    evaluated: Home, steps: list[str], undisturbed: tuple[object, ...]
) -> None:
    _one_more_run_makes_it_whole(evaluated, steps, undisturbed)


@pytest.mark.parametrize("store_kind", ["postgresql"], indirect=True)
def test_killed_runs_are_made_whole_on_postgresql_too(evaluated: Home, undisturbed: tuple[object, ...]) -> None:
    _one_more_run_makes_it_whole(evaluated, ON_POSTGRESQL, undisturbed)


def test_what_dead_writers_left_is_swept(evaluated: Home) -> None:
    old, new = evaluated.archive / ".writing-old", evaluated.archive / ".writing-new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    drop(evaluated, "补报.csv", FIGURES)
    assert run("yuxi-2017").success
    assert (old.exists(), new.exists()) == (False, True)


WITH_LITTLE_ROOM = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from orchestration.cli import main
main(sys.argv[2:])
"""


def test_where_there_is_no_room_nothing_is_recorded_and_the_reason_told(evaluated: Home, tmp_path: Path) -> None:
    before = ledger_of(evaluated).head()
    file = tmp_path / "大文件.csv"
    file.write_bytes(b"x" * 200_000)
    command = [sys.executable, "-c", WITH_LITTLE_ROOM, "100000", "submit", "yuxi-2017", "lead_office", str(file)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "磁盘" in done.stderr
    assert "Traceback" not in done.stderr
    assert ledger_of(evaluated).head() == before
    assert verify(evaluated).faults == []


@on_sqlite
def test_a_database_that_another_program_locks_is_told(evaluated: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resources.database.SQLITE_SETTINGS", ("busy_timeout = 50", "recursive_triggers = ON"))
    blocker = sa.create_engine(evaluated.store_url, isolation_level="AUTOCOMMIT").connect()
    blocker.exec_driver_sql("BEGIN IMMEDIATE")
    with pytest.raises(StoreCannotBeUsed, match="另一个程序正在写数据库"):
        request_correction(evaluated, ASKED, "李四")
    blocker.exec_driver_sql("ROLLBACK")
    assert len(request_correction(evaluated, ASKED, "李四")[0]) == 2


@pytest.mark.parametrize("store_kind", ["postgresql"], indirect=True)
def test_a_postgresql_that_another_program_locks_is_told(evaluated: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resources.database.WAIT_SECONDS", 0.05)
    blocker = sa.create_engine(evaluated.store_url, isolation_level="AUTOCOMMIT").connect()
    blocker.exec_driver_sql(f"SELECT pg_advisory_lock({database.WRITE_LOCK})")
    with pytest.raises(StoreCannotBeUsed, match="另一个程序正在写数据库"):
        request_correction(evaluated, ASKED, "李四")
    blocker.exec_driver_sql(f"SELECT pg_advisory_unlock({database.WRITE_LOCK})")
    assert len(request_correction(evaluated, ASKED, "李四")[0]) == 2
    blocker.close()


def _no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@on_sqlite
@pytest.mark.parametrize(
    ("place", "instead", "told"),
    [
        ("resources.database.SQLITE_SETTINGS", (*database.SQLITE_SETTINGS, "query_only = ON"), "只能读不能写"),
        ("assets.scorecards.write_folder", _no_room, "No space left"),
    ],
)
def test_a_run_that_cannot_write_fails_and_one_more_makes_it_whole(
    evaluated: Home,
    place: str,
    instead: object,
    told: str,
    undisturbed: tuple[object, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drop(evaluated, "补报.csv", FIGURES)
    before = published(evaluated, "ranking.csv")
    with monkeypatch.context() as patched:
        patched.setattr(place, instead)
        failed = run("yuxi-2017", TO_THE_VERSION)
    assert not failed.success
    assert any(told in failure for failure in failures_of(failed)), failures_of(failed)
    assert published(evaluated, "ranking.csv") == before
    assert run("yuxi-2017", TO_THE_VERSION).success
    assert _result(evaluated) == undisturbed


@pytest.mark.parametrize(("number", "told"), [(errno.ENOSPC, "磁盘满了"), (errno.EROFS, "磁盘是否只读")])
def test_a_disk_that_takes_nothing_is_told_and_nothing_recorded(
    evaluated: Home, number: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ledger_of(evaluated).head()
    file = tmp_path / "补报.csv"
    file.write_text(FIGURES, encoding="utf-8")

    def refused(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(evaluated.archive))

    monkeypatch.setattr("resources.archive.write_whole", refused)
    result = CliRunner().invoke(main, ["submit", "yuxi-2017", "lead_office", str(file)])
    assert (result.exit_code, told in result.output) == (2, True), result.output
    assert ledger_of(evaluated).head() == before


@pytest.mark.parametrize("store_kind", ["postgresql"], indirect=True)
def test_postgresql_that_stops_in_mid_run_is_told_and_one_more_run_makes_it_whole(
    evaluated: Home, databases: Databases, undisturbed: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(evaluated, "补报.csv", FIGURES)
    before, calls, real = published(evaluated, "ranking.csv"), itertools.count(1), resources.store.insert

    def stopped(*given: Any) -> None:
        if next(calls) == 4:
            databases.halt()
        real(*given)

    with monkeypatch.context() as patched:
        patched.setattr("resources.store.insert", stopped)
        try:
            failed = run("yuxi-2017", TO_THE_VERSION)
        finally:
            databases.resume()
    assert not failed.success
    assert any("PostgreSQL" in failure for failure in failures_of(failed))
    assert published(evaluated, "ranking.csv") == before
    assert run("yuxi-2017", TO_THE_VERSION).success
    assert _result(evaluated) == undisturbed
    assert verify(evaluated).faults == []


@on_sqlite
def test_a_damaged_database_is_told(evaluated: Home) -> None:
    path = evaluated.path / "kaohe.db"
    path.write_bytes(b"no database at all" * 1000)
    for journal in evaluated.path.glob("kaohe.db-*"):
        journal.unlink()
    with pytest.raises(StoreCannotBeUsed, match="已损坏"):
        ledger_of(evaluated).head()


def test_a_clock_that_was_set_back_changes_no_order(evaluated: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resources.ledger.now", lambda: "2001-01-01T00:00:00+08:00")
    entries, _ = request_correction(evaluated, ASKED, "李四")
    assert run("yuxi-2017").success
    assert (evaluated.published / "yuxi-2017" / "latest").resolve().name == "v0002"
    assert entries[1].seq == entries[0].seq + 1
    assert verify(evaluated).faults == []


@on_both_stores
def test_two_runs_of_one_evaluation_wait_for_each_other(evaluated: Home) -> None:
    drop(evaluated, "补报.csv", FIGURES)
    started = [forked(lambda: sys.exit(not run("yuxi-2017").success)) for _ in range(2)]
    for process in started:
        process.join(100)
    assert [process.exitcode for process in started] == [0, 0]
    assert sorted(path.name for path in (evaluated.published / "yuxi-2017").glob("v*")) == ["v0001", "v0002"]
    assert verify(evaluated).faults == []


@pytest.mark.parametrize("store_kind", ["postgresql"], indirect=True)
def test_the_lock_holds_between_machines_and_names_its_holder(
    evaluated: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "WAIT_SECONDS", 0.2)
    monkeypatch.setattr(locks, "POLL_SECONDS", 0.01)
    other_machine = Home(tmp_path / "other")  # its own files, the same database
    with holding(evaluated, "yuxi-2017", "nightly"):
        with pytest.raises(EvaluationIsBusy, match="kaohe nightly"), holding(other_machine, "yuxi-2017", "command"):
            pass
        with holding(other_machine, "qingshan-2024", "command"):
            pass
    with holding(other_machine, "yuxi-2017", "command"):
        pass


@on_both_stores
def test_writers_wait_for_each_other(evaluated: Home) -> None:
    ledger, before = ledger_of(evaluated), ledger_of(evaluated).head()[0]
    writers = [
        threading.Thread(target=ledger_of(evaluated).append, args=("yuxi-2017", "noted", {"writer": str(number)}))
        for number in range(8)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert ledger.head()[0] == before + 8
    assert verify(evaluated).faults == []


def test_readers_see_the_rows_of_one_run(evaluated: Home) -> None:
    store = ledger_of(evaluated).store
    table = WORKING_TABLES["accepted_values"]
    with store.reading() as connection:
        before = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar()
        with store.writing() as writer:
            writer.execute(sa.delete(table))
        assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == before


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql+psycopg2://nobody@127.0.0.1:1/none", "连不上 PostgreSQL"),
        ("postgresql://nobody@127.0.0.1:1/none", r"写明 postgresql\+psycopg2"),
        ("mysql://nobody@127.0.0.1/none", "只能是 sqlite 或 postgresql"),
        ("sqlite:////nowhere/at/all.db", "打不开数据库文件"),
    ],
)
def test_a_store_that_cannot_be_reached_is_told(url: str, told: str) -> None:
    with pytest.raises(StoreCannotBeUsed, match=told), Store(url).reading():
        pass
