"""The schema's history: numbered steps by Alembic, applied at a store's first use, keeping what it holds.

A step is made by `make migration NAME=…`, which compares `resources/tables.py` with the newest step.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from resources import guards
from resources.database import reading, writing

FOLDER = Path(__file__).parent
VERSION_TABLE = "schema_version"  # Dagster keeps its own `alembic_version`, maybe in the same database


class ProgramIsOlder(Exception):
    """The store was written by a newer version of the program."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"数据库的表结构是第{found}版，本程序只认识到第{known}版：它由更新的程序写过。"
            "请安装新版程序后再用；什么也没有改动。"
        )


def steps() -> list[str]:
    """Numbers of the steps, oldest first."""
    return sorted(path.name.split("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def bring_up_to_date(engine: sa.Engine, to: str | None = None) -> None:
    """Apply the steps that the store has not seen, up to `to` (default: the newest), by one process at a time.

    Raises:
        ProgramIsOlder: the store has seen a step that this program does not know; nothing is changed.
    """
    wanted = to or steps()[-1]
    with reading(engine) as connection:
        current = step_of(connection)
    if current != wanted:
        with writing(engine) as connection:
            if step_of(connection) != wanted:  # another process may have been faster
                _upgrade(connection, wanted)


def step_of(connection: sa.Connection) -> str | None:
    """The newest step that the store has seen; None before the first.

    Raises:
        ProgramIsOlder: it is none of this program's.
    """
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()
    if found is not None and found not in steps():
        raise ProgramIsOlder(found, steps()[-1])
    return found


def _upgrade(connection: sa.Connection, to: str) -> None:
    from alembic import command  # takes half a second: only where there is something to do
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    guards.install(connection)
