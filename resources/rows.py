"""Many rows at once, in and out of a table: COPY on PostgreSQL, tuples of Python's own driver on SQLite.

Both go through Arrow in batches, so that memory holds the columns and one batch of rows, never a row as an object.
"""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import sqlalchemy as sa

from resources.tables import WORKING_TABLES, contents

BATCH_ROWS = 20_000
TYPES = {str: pa.large_string(), int: pa.int64(), bool: pa.bool_()}
KINDS = {
    pa.large_string(): pd.StringDtype(na_value=np.nan),
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}
# Nothing is an empty field, a text is always quoted: an empty text stays one.
CSV = pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid", batch_size=BATCH_ROWS)
PARSING = pyarrow.csv.ParseOptions(newlines_in_values=True)


def as_stored(table: sa.Table, frame: pd.DataFrame) -> pa.Table:
    """The frame as the table keeps it: its columns in the table's order and types; absent ones and NA are null.

    Raises:
        TypeError: a column of texts holds floats; numbers are kept as decimal text.
    """
    columns = contents(table)
    arrays = [_array(column, frame.get(column.name), len(frame)) for column in columns]
    return pa.table(arrays, names=[column.name for column in columns])


def frames_digest(frames: Mapping[str, pd.DataFrame]) -> str:
    """SHA-256 of what the working tables of these names would keep, whatever dtypes held it."""
    return tables_digest({name: as_stored(WORKING_TABLES[name], frame) for name, frame in frames.items()})


def tables_digest(tables: Mapping[str, pa.Table]) -> str:
    """SHA-256 of tables' names and rows; null differs from an empty text."""
    return digests_of(tables)[0]


def digests_of(tables: Mapping[str, pa.Table]) -> tuple[str, dict[str, str]]:
    """`tables_digest` of all tables, and of each by itself."""
    whole, own = hashlib.sha256(), {name: hashlib.sha256() for name in tables}
    for name in sorted(tables):
        for text in chain([f"{name}\n".encode()], csv_batches(tables[name])):
            whole.update(text)
            own[name].update(text)
    return whole.hexdigest(), {name: digest.hexdigest() for name, digest in own.items()}


def sealed(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with the digest of its cells as `seal`, by which a changed cell is found."""
    text = json.dumps(row, sort_keys=True, ensure_ascii=False)
    return {**row, "seal": hashlib.sha256(text.encode()).hexdigest()}


def csv_batches(rows: pa.Table) -> Iterator[bytes]:
    """The rows as CSV without a header."""
    for batch in batches(rows):
        text = io.BytesIO()
        pyarrow.csv.write_csv(batch, text, CSV)
        yield text.getvalue()


def batches(rows: pa.Table) -> Iterator[pa.Table]:
    for start in range(0, len(rows), BATCH_ROWS):
        yield rows.slice(start, BATCH_ROWS)


def converting(types: Mapping[str, pa.DataType]) -> pyarrow.csv.ConvertOptions:
    """How the fields of `csv_batches`, or of PostgreSQL's COPY, become columns again."""
    return pyarrow.csv.ConvertOptions(
        column_types=types,
        true_values=["t", "true"],
        false_values=["f", "false"],
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )


def read_csv(text: bytes, columns: Iterable[tuple[str, pa.DataType]]) -> pa.Table:
    """What `csv_batches` wrote; there has to be at least one row."""
    types = dict(columns)
    options = pyarrow.csv.ReadOptions(column_names=list(types), block_size=len(text))
    return pyarrow.csv.read_csv(io.BytesIO(text), options, PARSING, converting(types))


def insert(connection: sa.Connection, table: sa.Table | sa.TableClause, rows: Iterable[pa.Table]) -> None:
    """Append rows that come in batches, inside the connection's transaction."""
    cursor = connection.connection.cursor()
    for batch in rows:
        names = ", ".join(_quoted(connection, name) for name in batch.column_names)
        if isinstance(cursor, sqlite3.Cursor):
            marks = ", ".join("?" * batch.num_columns)
            columns = [column.to_pylist() for column in batch.columns]
            cursor.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", zip(*columns, strict=True))
        else:
            text = b"".join(csv_batches(batch))
            cursor.copy_expert(f"COPY {table.name} ({names}) FROM STDIN WITH (FORMAT csv)", io.BytesIO(text))
    cursor.close()


def select(connection: sa.Connection, query: sa.Select[*tuple[Any, ...]], take: Callable[[pa.Table], object]) -> None:
    """Give what the query finds to `take`, batch by batch."""
    columns = [(column.name, TYPES[column.type.python_type]) for column in query.selected_columns]
    compiled = query.compile(dialect=connection.dialect)
    cursor = connection.connection.cursor()
    if isinstance(cursor, sqlite3.Cursor):
        cursor.execute(str(compiled), [compiled.params[name] for name in compiled.positiontup or ()])
        while rows := cursor.fetchmany(BATCH_ROWS):
            take(_of_tuples(rows, columns))
    else:
        statement = cursor.mogrify(str(compiled), compiled.params).decode()
        with Lines(lambda text: take(read_csv(text, columns))) as lines:
            cursor.copy_expert(f"COPY ({statement}) TO STDOUT WITH (FORMAT csv, FORCE_QUOTE *)", lines)
    cursor.close()


class Lines:
    """A file that COPY writes to, one row a call; gives them on by the batch."""

    def __init__(self, take: Callable[[bytes], object]) -> None:
        self._take = take
        self._rows: list[bytes] = []

    def write(self, row: bytes) -> None:
        self._rows.append(row)
        if len(self._rows) == BATCH_ROWS:
            self._give()

    def _give(self) -> None:
        if self._rows:
            self._take(b"".join(self._rows))
            self._rows = []

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._give()


def selected(connection: sa.Connection, query: sa.Select[*tuple[Any, ...]]) -> pa.Table:
    """All that the query finds."""
    schema = pa.schema([(column.name, TYPES[column.type.python_type]) for column in query.selected_columns])
    found = [schema.empty_table()]
    select(connection, query, found.append)
    return pa.concat_tables(found)


def frame_of(rows: pa.Table) -> pd.DataFrame:
    """Rows as a frame of texts, whole numbers (Int64) and flags (boolean)."""
    return rows.to_pandas(types_mapper=KINDS.get)


def _array(column: sa.Column[Any], values: pd.Series | None, length: int) -> pa.Array | pa.ChunkedArray:
    kind = TYPES[column.type.python_type]
    if values is None:
        return pa.nulls(length, kind)
    array = pa.array(values.array if isinstance(values.dtype, pd.StringDtype) else values, from_pandas=True)
    if kind == TYPES[str] and pa.types.is_floating(array.type) and array.null_count < length:
        raise TypeError(f"column {column.name!r} holds floats; numbers are kept as decimal text")
    array = array.cast(kind)
    return _without_nul(array) if kind == TYPES[str] else array


def _without_nul(array: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """PostgreSQL keeps no NUL in a text; in both databases it is shown as the sign for what cannot be shown."""
    chunks = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
    data = [buffer for chunk in chunks if (buffer := chunk.buffers()[2]) is not None and buffer.size]
    if all(np.frombuffer(buffer, np.uint8).all() for buffer in data):
        return array
    return pc.replace_substring(array, "\0", "\ufffd")


def _of_tuples(rows: list[tuple[Any, ...]], columns: list[tuple[str, pa.DataType]]) -> pa.Table:
    transposed = zip(columns, zip(*rows, strict=True), strict=True)
    return pa.table(
        [
            pa.array(values, pa.int8()).cast(kind) if kind == pa.bool_() else pa.array(values, kind)
            for (_, kind), values in transposed
        ],
        names=[name for name, _ in columns],
    )


def _quoted(connection: sa.Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
