"""The store: transactions, and working tables read and replaced as DataFrames. What the rows mean stands elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from resources import database
from resources.kept import KEPT, Place, part
from resources.migrations import bring_up_to_date
from resources.rows import as_stored, batches, digests_of, frame_of, insert, sealed, selected
from resources.tables import CURRENT_RUNS, OUTPUTS, WORKING_TABLES, contents

logger = logging.getLogger("kaohe.store")


class StoreIsNewer(Exception):
    """Another run has claimed the evaluation since; this one may not write any more."""


class NotProducedYet(Exception):
    """A table that this step reads has not been written for the run's inputs."""


class Store:
    """One database, by SQLAlchemy URL; brought up to date when it is first used."""

    def __init__(self, url: str) -> None:
        self.url = url

    @cached_property
    def engine(self) -> sa.Engine:
        """Raises: StoreCannotBeUsed, ProgramIsOlder: as their names say."""
        engine = database.engine_of(self.url)
        bring_up_to_date(engine)
        database.hide(engine)
        return engine

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state of the store and writes nothing."""
        with database.reading(self.engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that holds the store's write lock from its first moment."""
        with database.writing(self.engine) as connection:
            yield connection

    def replace(
        self, evaluation: str, fence: int, run_key: str, producer: str, frames: Mapping[str, pd.DataFrame]
    ) -> str:
        """Replace what `producer` wrote for the evaluation, in one transaction; returns the content's digest.

        Raises:
            StoreIsNewer: a newer run has claimed the evaluation.
        """
        tables = {name: _signed(WORKING_TABLES[name], frame, producer) for name, frame in frames.items()}
        whole, digests = digests_of(tables)
        with self.writing() as connection:
            check_fence(connection, evaluation, fence)
            for name, rows in tables.items():
                written = {"evaluation": evaluation, "table_name": name, "producer": producer, "run_key": run_key}
                _replace_rows(connection, WORKING_TABLES[name], rows, written | {"digest": digests[name]})
        for name, rows in tables.items():
            KEPT.put((self.url, evaluation, name, producer), digests[name], rows)
        return whole

    def read(
        self,
        evaluation: str,
        table: str,
        run_key: str,
        producer: str,
        columns: Sequence[str] | None = None,
        row_ids: Collection[int] | None = None,
    ) -> pd.DataFrame:
        """The rows that `producer` wrote into `table` from the inputs that `run_key` names; by default all, with all
        columns. With `row_ids`, `row_id` has to be among the columns.

        Raises:
            NotProducedYet: there are none for these inputs; the producing asset has to run first, which the log names.
        """
        with self.reading() as connection:
            outputs = sa.select(OUTPUTS.c.run_key, OUTPUTS.c.digest)
            outputs = outputs.where(*_written(WORKING_TABLES[table], evaluation, producer))
            written, digest = connection.execute(outputs).one_or_none() or ("", "")
            if written != run_key:
                logger.info(
                    "%s was made from %s, the run reads %s: materialize %s or the whole evaluation first",
                    *(table, written or "nothing", run_key, producer),
                    extra={"evaluation": evaluation},
                )
                raise NotProducedYet(f"“{evaluation}”上次计分没有做完，请先运行 kaohe evaluate {evaluation}。")
            return frame_of(self._rows(connection, (self.url, evaluation, table, producer), digest, columns, row_ids))

    def read_findings(self, evaluation: str, run_key: str) -> pd.DataFrame:
        """Findings of all producers for the inputs that `run_key` names."""
        table = WORKING_TABLES["findings"]
        with self.reading() as connection:
            producers = sa.select(OUTPUTS.c.producer, OUTPUTS.c.digest).where(
                OUTPUTS.c.evaluation == evaluation, OUTPUTS.c.table_name == table.name, OUTPUTS.c.run_key == run_key
            )
            writers = sorted((row.producer, row.digest) for row in connection.execute(producers))
            parts = [
                self._rows(connection, (self.url, evaluation, table.name, producer), digest)
                for producer, digest in writers
            ]
        nothing = as_stored(table, pd.DataFrame())
        return frame_of(pa.concat_tables([nothing, *parts]))

    def _rows(
        self,
        connection: sa.Connection,
        place: Place,
        digest: str,
        columns: Sequence[str] | None = None,
        row_ids: Collection[int] | None = None,
    ) -> pa.Table:
        """What stands at that place, out of the database only where it is not kept."""
        kept = KEPT.get(place, digest, columns, row_ids)
        if kept is not None:
            return kept
        rows = rows_within(connection, *place[1:])
        KEPT.put(place, digest, rows)
        return part(rows, columns, row_ids)

    def output_digests(self, evaluation: str, tables: list[str]) -> list[str]:
        """Digests of what `tables` hold, in their order."""
        query = sa.select(OUTPUTS.c.table_name, OUTPUTS.c.digest).where(OUTPUTS.c.evaluation == evaluation)
        with self.reading() as connection:
            digests = {row.table_name: row.digest for row in connection.execute(query)}
        return [digests[table] for table in tables]


def rows_within(connection: sa.Connection, evaluation: str, table: str, producer: str) -> pa.Table:
    """What `producer` wrote into a working table, in the order in which it was written."""
    rows = WORKING_TABLES[table]
    query = sa.select(*contents(rows)).where(*_of(rows, evaluation, producer)).order_by(rows.c.row_number)
    return selected(connection, query)


def forget_rows(connection: sa.Connection, evaluation: str) -> None:
    """Delete everything that can be made again from archive and ledger."""
    for table in (*WORKING_TABLES.values(), OUTPUTS):
        connection.execute(sa.delete(table).where(table.c.evaluation == evaluation))


def check_fence(connection: sa.Connection, evaluation: str, fence: int) -> None:
    """Let only the newest claimant of the evaluation write.

    Raises:
        StoreIsNewer: the fence in the store is another one.
    """
    newest = connection.execute(sa.select(CURRENT_RUNS.c.fence).where(CURRENT_RUNS.c.evaluation == evaluation)).scalar()
    if newest != fence:
        raise StoreIsNewer(f"{evaluation}: run with fence {fence} may not write, the store is at {newest}")


def _signed(table: sa.Table, frame: pd.DataFrame, producer: str) -> pa.Table:
    return as_stored(table, frame.assign(producer=producer) if "producer" in table.c else frame)


def _replace_rows(connection: sa.Connection, table: sa.Table, rows: pa.Table, written: dict[str, str]) -> None:
    evaluation, producer = written["evaluation"], written["producer"]
    connection.execute(sa.delete(table).where(*_of(table, evaluation, producer)))
    connection.execute(sa.delete(OUTPUTS).where(*_written(table, evaluation, producer)))
    insert(connection, table, _numbered(rows, evaluation))
    connection.execute(sa.insert(OUTPUTS), sealed(written))


def _of(table: sa.Table, evaluation: str, producer: str) -> list[sa.ColumnElement[bool]]:
    """The rows of one evaluation; where several producers share the table, those of one."""
    conditions = [table.c.evaluation == evaluation]
    return [*conditions, table.c.producer == producer] if "producer" in table.c else conditions


def _written(table: sa.Table, evaluation: str, producer: str) -> list[sa.ColumnElement[bool]]:
    """The output that says what these rows were made from."""
    conditions = [OUTPUTS.c.evaluation == evaluation, OUTPUTS.c.table_name == table.name]
    return [*conditions, OUTPUTS.c.producer == producer] if "producer" in table.c else conditions


def _numbered(rows: pa.Table, evaluation: str) -> Iterator[pa.Table]:
    """Batches with the columns that only the store needs."""
    first = 0
    for batch in batches(rows):
        numbers = pa.array(range(first, first + len(batch)), pa.int64())
        named = batch.append_column("evaluation", pa.repeat(pa.scalar(evaluation, pa.large_string()), len(batch)))
        yield named.append_column("row_number", numbers)
        first += len(batch)
