"""Working tables that a run has written or read, kept until its end: no step reads from the database what an earlier
step has had.

A table counts as kept only while the store names the digest of its rows. Outside `keeping` nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.compute as pc

# Of so many rows no more than a share of different texts: then numbers stand for them.
SAMPLE, REPEATING = 10_000, 0.2

Place = tuple[str, str, str, str]  # the store's URL, evaluation, table, producer


class Kept:
    """Tables by their place. Columns whose texts repeat take four bytes a row."""

    def __init__(self) -> None:
        self._tables: dict[Place, tuple[str, pa.Table]] = {}
        self._users = 0

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Keep what is read and written within; forget all of it at the end."""
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._tables.clear()

    def put(self, place: Place, digest: str, rows: pa.Table) -> None:
        if self._users:
            self._tables[place] = digest, _numbered(rows)

    def get(self, place: Place, digest: str, columns: Sequence[str] | None = None) -> pa.Table | None:
        """The rows with these columns, all by default, if it is these rows that have that digest."""
        kept, rows = self._tables.get(place, ("", None))
        if rows is None or kept != digest:
            return None
        return _texts(rows if columns is None else rows.select(columns))


KEPT = Kept()


def _numbered(rows: pa.Table) -> pa.Table:
    columns = [column.dictionary_encode() if _repeats(column) else column for column in rows.columns]
    return pa.table(columns, names=rows.column_names)


def _repeats(column: pa.ChunkedArray) -> bool:
    sample = column.slice(0, SAMPLE)
    few = bool(pc.count_distinct(sample).as_py() <= REPEATING * len(sample))
    return few and bool(pa.types.is_large_string(column.type))


def _texts(rows: pa.Table) -> pa.Table:
    columns = [
        column.cast(pa.large_string()) if pa.types.is_dictionary(column.type) else column for column in rows.columns
    ]
    return pa.table(columns, names=rows.column_names)
