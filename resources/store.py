"""The store: transactions, and working tables read and replaced as DataFrames. What the rows mean stands elsewhere.

All access goes through one SQLite library (Python's): a second copy in the same process, as ADBC's driver brings,
would not see its file locks, because POSIX locks belong to the process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import pandas as pd
import sqlalchemy as sa

from resources.tables import CURRENT_RUNS, OUTPUTS, WORKING_TABLES, metadata


class StoreIsNewer(Exception):
    """Another run has claimed the evaluation since; this one may not write any more."""


class NotProducedYet(Exception):
    """A table that this step reads has not been written for the run's inputs."""


class Store:
    """One database, by SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        self.url = url

    @cached_property
    def _engine(self) -> sa.Engine:
        engine = sa.create_engine(self.url)
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _prepare_sqlite)
            sa.event.listen(engine, "begin", _begin_sqlite)
        metadata.create_all(engine)
        return engine

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state of the store and writes nothing."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that holds the store's write lock from its first moment."""
        with self._engine.connect().execution_options(kaohe_writes=True) as connection, connection.begin():
            yield connection

    def replace(
        self, evaluation: str, fence: int, run_key: str, producer: str, frames: Mapping[str, pd.DataFrame]
    ) -> str:
        """Replace what `producer` wrote for the evaluation, in one transaction; returns the content's digest.

        Raises:
            StoreIsNewer: a newer run has claimed the evaluation.
        """
        digest = frames_digest(frames)
        with self.writing() as connection:
            check_fence(connection, evaluation, fence)
            for name, frame in frames.items():
                _replace_rows(connection, name, evaluation, run_key, producer, frame)
            connection.execute(
                sa.delete(OUTPUTS).where(OUTPUTS.c.evaluation == evaluation, OUTPUTS.c.producer == producer)
            )
            row = {"evaluation": evaluation, "producer": producer, "run_key": run_key, "digest": digest}
            connection.execute(sa.insert(OUTPUTS), row)
        return digest

    def read(self, evaluation: str, table: str, run_key: str, producer: str) -> pd.DataFrame:
        """The rows that `producer` wrote into `table` from the inputs that `run_key` names.

        Raises:
            NotProducedYet: there are none for these inputs; the producing asset has to run first.
        """
        with self.reading() as connection:
            written = connection.execute(
                sa.select(OUTPUTS.c.run_key).where(OUTPUTS.c.evaluation == evaluation, OUTPUTS.c.producer == producer)
            ).scalar()
            if written != run_key:
                raise NotProducedYet(
                    f"{table} of {evaluation} was made from {written or 'nothing'}, the run reads {run_key}: "
                    f"materialize {producer} (or the whole evaluation) first"
                )
            rows = WORKING_TABLES[table]
            return _read_rows(connection, rows, *_of(rows, evaluation, producer))

    def read_findings(self, evaluation: str, run_key: str) -> pd.DataFrame:
        """Findings of all producers for the inputs that `run_key` names."""
        with self.reading() as connection:
            table = WORKING_TABLES["findings"]
            return _read_rows(connection, table, table.c.evaluation == evaluation, table.c.run_key == run_key)

    def output_digests(self, evaluation: str, producers: list[str]) -> list[str]:
        """Digests of what `producers` wrote last, in their order."""
        with self.reading() as connection:
            rows = connection.execute(
                sa.select(OUTPUTS.c.producer, OUTPUTS.c.digest).where(OUTPUTS.c.evaluation == evaluation)
            )
            digests: dict[str, str] = {row.producer: row.digest for row in rows}
        return [digests[producer] for producer in producers]


def check_fence(connection: sa.Connection, evaluation: str, fence: int) -> None:
    """Let only the newest claimant of the evaluation write.

    Raises:
        StoreIsNewer: the fence in the store is another one.
    """
    newest = connection.execute(sa.select(CURRENT_RUNS.c.fence).where(CURRENT_RUNS.c.evaluation == evaluation)).scalar()
    if newest != fence:
        raise StoreIsNewer(f"{evaluation}: run with fence {fence} may not write, the store is at {newest}")


def frames_digest(frames: Mapping[str, pd.DataFrame]) -> str:
    """SHA-256 of the frames' contents, independent of dtypes that hold the same values."""
    digest = hashlib.sha256()
    for name in sorted(frames):
        digest.update(name.encode())
        digest.update(frames[name].to_csv(index=False).encode())
    return digest.hexdigest()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 60000", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("kaohe_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _of(table: sa.Table, evaluation: str, producer: str) -> list[sa.ColumnElement[bool]]:
    conditions = [table.c.evaluation == evaluation]
    return [*conditions, table.c.producer == producer] if "producer" in table.c else conditions


def _replace_rows(
    connection: sa.Connection, name: str, evaluation: str, run_key: str, producer: str, frame: pd.DataFrame
) -> None:
    table = WORKING_TABLES[name]
    connection.execute(sa.delete(table).where(*_of(table, evaluation, producer)))
    fixed = {"evaluation": evaluation, "run_key": run_key}
    if "producer" in table.c:
        fixed["producer"] = producer
    columns = [column.name for column in table.columns if column.name not in fixed]
    values = frame.reindex(columns=columns).astype(object)
    values = values.where(values.notna(), None).assign(**fixed)
    if len(values):
        connection.execute(sa.insert(table), values.to_dict("records"))


def _read_rows(connection: sa.Connection, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> pd.DataFrame:
    columns = [column for column in table.columns if column.name not in ("evaluation", "run_key")]
    rows = connection.execute(sa.select(*columns).where(*conditions))
    frame = pd.DataFrame(rows.all(), columns=[column.name for column in columns], dtype=object)
    kinds: dict[type, str] = {bool: "boolean", int: "Int64"}
    return frame.astype({column.name: kinds.get(column.type.python_type, "str") for column in columns})
