"""PostgreSQL as its administrator has set it up: encodings, rights, and what is said where they do not do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from postgresql_server import Databases
from tampering import without_guards
from test_store import EVALUATION, VALUES, claim

from orchestration.as_of import evaluate_as_of
from orchestration.cli import main
from orchestration.filing import ledger_of
from orchestration.setting_up import make_folders, set_up
from resources.clock import now
from resources.database import StoreCannotBeUsed, engine_of, reading, trouble, writing
from resources.home import Home
from resources.store import Store


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "EUC_CN", "LATIN1"])
def test_a_database_that_cannot_hold_every_character_is_refused(databases: Databases, encoding: str) -> None:
    url = databases.fresh(encoding=encoding)
    with pytest.raises(StoreCannotBeUsed, match=f"数据库的编码是 {encoding}"):
        Store(url).engine.connect()
    assert databases.tables(url) == []


def test_what_other_programs_write_in_does_not_matter(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "GBK")
    store = Store(databases.fresh())
    claim(store, 1)
    named = VALUES.assign(source=["县统计局", "𠮷"])
    store.replace(EVALUATION, 1, "k", "accepted_values", {"accepted_values": named})
    assert store.read(EVALUATION, "accepted_values", "k", "accepted_values")["source"].tolist() == ["县统计局", "𠮷"]


SETTINGS = ("isolation", "read_only")
Transaction = Callable[[sa.Engine], AbstractContextManager[sa.Connection]]

NOBODY_THERE = "postgresql+psycopg2://kaohe@127.0.0.1:1/kaohe"
NO_HOST = "postgresql+psycopg2://kaohe:p@ss@nowhere.invalid/kaohe"
NO_PORT = "postgresql+psycopg2://kaohe:secret@127.0.0.1:abc/kaohe"
NO_DRIVER = "postgresql+pg8000://kaohe@127.0.0.1/kaohe"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (NOBODY_THERE, "连不上 PostgreSQL"),
        (NO_HOST, "PostgreSQL 的主机"),
        (NO_DRIVER, "没有驱动 pg8000"),
        (NO_PORT, "不是数据库地址"),
    ],
)
@pytest.mark.parametrize("command", [["verify"], ["evaluate", "yuxi-2017"]])
def test_a_database_that_does_not_answer_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], url: str, told: str
) -> None:
    monkeypatch.setenv("KAOHE_HOME", str(tmp_path))
    list(set_up(tmp_path, ["yuxi-2017"]))
    monkeypatch.setenv("KAOHE_STORE", url)
    (tmp_path / "dagster" / "dagster.yaml").unlink()
    make_folders(Home(tmp_path))
    _is_told(command, told)


def test_an_account_without_rights_is_told_so(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAOHE_HOME", str(tmp_path))
    url = databases.fresh()
    monkeypatch.setenv("KAOHE_STORE", url)
    list(set_up(tmp_path, ["yuxi-2017"]))
    monkeypatch.setenv("KAOHE_STORE", databases.stranger(url))
    for command in (["verify"], ["evaluate", "yuxi-2017"], ["submit", "yuxi-2017", "lead_office", __file__]):
        _is_told(command, "没有这项权限")


def test_a_day_is_reproduced_however_the_ledgers_rows_lie(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("KAOHE_HOME", str(home.path))
    monkeypatch.setenv("KAOHE_STORE", databases.fresh())
    list(set_up(home.path, ["yuxi-2017"]))
    with ledger_of(home).store.writing() as connection:
        without_guards(connection)
        connection.exec_driver_sql("UPDATE ledger SET kind = kind WHERE seq = 1")  # it lies last now
    assert "重算" in evaluate_as_of(home, "yuxi-2017", now()[:10], tmp_path / "out").told()


def test_a_password_is_not_told() -> None:
    with pytest.raises(StoreCannotBeUsed) as told:
        engine_of(NO_PORT)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("transaction", [reading, writing])
def test_nobody_who_answers_is_told_in_words_by_every_transaction(transaction: Transaction) -> None:
    with pytest.raises(StoreCannotBeUsed, match="连不上 PostgreSQL"), transaction(engine_of(NOBODY_THERE)):
        pass


def test_a_database_that_is_set_to_reading_is_not_written_to_after_it_was_read(databases: Databases) -> None:
    store = Store(databases.fresh())
    claim(store, 1)
    with store.writing() as connection:
        connection.exec_driver_sql(
            f'ALTER DATABASE "{store.engine.url.database}" SET default_transaction_read_only = on'
        )
    store.engine.dispose()
    with store.reading() as connection:
        connection.exec_driver_sql("SELECT 1")
    with pytest.raises(StoreCannotBeUsed, match="只能读不能写"):
        claim(store, 2)


def test_the_doctor_finds_a_database_that_is_set_to_reading(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = databases.fresh()
    monkeypatch.setenv("KAOHE_HOME", str(tmp_path))
    monkeypatch.setenv("KAOHE_STORE", url)
    list(set_up(tmp_path, ["yuxi-2017"]))
    with Store(url).writing() as connection:
        connection.exec_driver_sql(
            f'ALTER DATABASE "{sa.make_url(url).database}" SET default_transaction_read_only = on'
        )
    engine_of(url).dispose()
    _is_told(["doctor", "--json"], "只能读不能写（备用库，或库、账号设成了只读）")


def test_a_transaction_that_reads_sees_one_state_and_cannot_write(databases: Databases) -> None:
    store = Store(databases.fresh())
    with store.reading() as connection:
        settings = [connection.exec_driver_sql(f"SHOW transaction_{name}").scalar() for name in SETTINGS]
    assert settings == ["repeatable read", "on"]
    with store.writing() as connection:
        settings = [connection.exec_driver_sql(f"SHOW transaction_{name}").scalar() for name in SETTINGS]
    assert settings == ["read committed", "off"]


def test_a_server_that_speaks_chinese_is_understood() -> None:
    class Told(Exception):
        pgcode = "25006"

    told = trouble(Told("错误:  不能在一个只读模式的事务中执行INSERT"))
    assert told is not None
    assert told.startswith("数据库只能读不能写")


def _is_told(command: list[str], told: str) -> None:
    result = CliRunner().invoke(main, command)
    assert (result.exit_code, told in result.output) == (2, True), result.output
    assert "Traceback" not in result.output
