"""The schema's history: what the steps make is what the tables say, and a store keeps what it holds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from stores import on_both_stores

from resources import guards, migrations
from resources.database import StoreCannotBeUsed
from resources.home import CHECKOUT
from resources.ledger import Ledger
from resources.migrations import ProgramIsOlder, step_of, steps
from resources.store import Store
from resources.tables import metadata

pytestmark = on_both_stores

LATER = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"


def upgrade() -> None:
    with op.batch_alter_table("ledger") as ledger:
        ledger.add_column(sa.Column("weather", sa.String(), nullable=False, server_default="fine"))
        ledger.alter_column("actor", existing_type=sa.String(), type_=sa.Text())
    op.create_table("later", sa.Column("name", sa.String()))
"""


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that knows one more step than this one."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for file in [*migrations.FOLDER.glob("*.py"), *migrations.FOLDER.glob("versions/*.py")]:
        (folder / file.relative_to(migrations.FOLDER)).write_bytes(file.read_bytes())
    (folder / "versions" / "9999_later.py").write_text(LATER.format(before=steps()[-1]), encoding="utf-8")
    monkeypatch.setattr(migrations, "FOLDER", folder)


def test_the_steps_make_what_the_tables_say(store_url: str) -> None:
    def ours(_item: object, name: str | None, kind: str, *_: object) -> bool:
        return kind != "table" or name != migrations.VERSION_TABLE

    with Store(store_url).reading() as connection:
        options = {"include_object": ours, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        assert step_of(connection) == steps()[-1]


def test_dagster_may_keep_its_tables_in_the_same_database(store_url: str) -> None:
    with sa.create_engine(store_url).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('5771160a95ad')")
    assert Ledger(Store(store_url)).head()[0] == 0


def test_an_older_store_is_brought_up_to_date_and_keeps_everything(
    store_url: str, request: pytest.FixtureRequest
) -> None:
    old = Store(store_url)
    entries = [Ledger(old).append("e-2025", "file_received", {"name": name}) for name in ("一", "二")]
    old.engine.dispose()
    request.getfixturevalue("later")
    ledger = Ledger(Store(store_url))
    with ledger.store.reading() as connection:
        assert step_of(connection) == "9999"
        assert connection.exec_driver_sql("SELECT weather FROM ledger").scalars().all() == ["fine", "fine"]
        assert guards.missing(connection) == []
        kept = connection.exec_driver_sql("SELECT hash FROM ledger ORDER BY seq").scalars().all()
    assert kept == [entry.hash for entry in entries]
    assert Ledger(Store(store_url)).append("e-2025", "file_received", {"name": "三"}).prev_hash == entries[1].hash


def test_a_store_of_a_newer_program_is_refused_and_left_alone(
    store_url: str, later: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(store_url).engine.dispose()
    monkeypatch.undo()
    with pytest.raises(ProgramIsOlder, match=r"第9999版.*安装新版程序"), Store(store_url).reading():
        pass


def test_a_step_that_fails_leaves_the_store_as_it_was(
    store_url: str, later: None, request: pytest.FixtureRequest
) -> None:
    step = migrations.FOLDER / "versions" / "9999_later.py"
    text = step.read_text(encoding="utf-8")
    step.unlink()
    Ledger(Store(store_url)).append("e-2025", "file_received", {"name": "一"})
    step.write_text(text + "    raise RuntimeError('half way')\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="half way"), Store(store_url).reading():
        pass
    step.unlink()
    with Store(store_url).reading() as connection:
        assert not sa.inspect(connection).has_table("later")
        assert step_of(connection) == steps()[-1]
    assert Ledger(Store(store_url)).head()[0] == 1


FIRST_USE = "import sys; from resources.ledger import Ledger; from resources.store import Store\n"
FIRST_USE += "Ledger(Store(sys.argv[1])).append('e-2025', 'file_received', {'name': sys.argv[2]})"


def test_processes_that_come_first_at_once_wait_for_each_other(store_url: str, store_kind: str) -> None:
    if store_kind == "postgresql":  # empty, not even up to date
        with sa.create_engine(store_url).begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    command = [sys.executable, "-c", FIRST_USE, store_url]
    started = [
        subprocess.Popen([*command, str(number)], cwd=CHECKOUT, stderr=subprocess.PIPE, text=True)
        for number in range(4)
    ]
    errors = [process.communicate(timeout=100)[1] for process in started]
    assert errors == [""] * 4
    entries = Ledger(Store(store_url)).entries("e-2025")
    assert sorted(entry.payload["name"] for entry in entries) == ["0", "1", "2", "3"]
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]


@pytest.mark.parametrize("lost", ["DELETE FROM schema_version", "DROP TABLE accounts"])
def test_a_schema_that_was_changed_by_hand_is_told_in_words(store_url: str, lost: str) -> None:
    with Store(store_url).writing() as connection:
        connection.exec_driver_sql(lost)
    with pytest.raises(StoreCannotBeUsed, match="kaohe restore"), Store(store_url).reading() as connection:
        connection.execute(sa.select(metadata.tables["accounts"]))
