"""Working tables that a run has written or read, kept until its end: no step reads from the database what an earlier
step has had, nor works out a second time what an earlier one has worked out.

A table counts as kept only while the store names the digest of its rows. Outside `keeping` nothing is kept. Big ones
wait in a temporary file that has no name: the end of the process is its end, too.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

# Of so many rows no more than a share of different texts: then numbers stand for them.
SAMPLE, REPEATING = 10_000, 0.2
MANY = 100_000  # rows from which on a table waits on disk, and it is worth while to give memory back
# A run makes objects by the million, nearly all of which live until its end: to look for cycles among them after each
# 700 new ones, as Python does by itself, takes a seventh of its time.
OBJECTS_BETWEEN_LOOKS = 50_000

Place = tuple[str, str, str, str]  # the store's URL, evaluation, table, producer
T = TypeVar("T")


class Kept:
    """Tables by their place. Columns whose texts repeat take four bytes a row."""

    def __init__(self) -> None:
        self._tables: dict[Place, tuple[str, pa.Table | IO[bytes]]] = {}
        self._made: dict[tuple[str, ...], Any] = {}
        self._users = 0

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Keep what is read and written within; forget all of it at the end."""
        # Arrow's own allocators hold on to what is free, by hundreds of megabytes.
        pa.set_memory_pool(pa.system_memory_pool())
        usual = gc.get_threshold()
        gc.set_threshold(OBJECTS_BETWEEN_LOOKS, *usual[1:])
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._tables.clear()
                self._made.clear()
            gc.set_threshold(*usual)

    def put(self, place: Place, digest: str, rows: pa.Table) -> None:
        if self._users:
            numbered = _numbered(rows)
            self._tables[place] = digest, _written(numbered) if rows.num_rows >= MANY else numbered

    def get(
        self,
        place: Place,
        digest: str,
        columns: Sequence[str] | None = None,
        row_ids: Collection[int] | None = None,
    ) -> pa.Table | None:
        """The rows with these columns and `row_id`s, all by default, if it is these rows that have that digest."""
        kept, rows = self._tables.get(place, ("", None))
        if rows is None or kept != digest:
            return None
        return _texts(part(rows if isinstance(rows, pa.Table) else _read(rows, columns), columns, row_ids))

    def once(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """What `make` makes, made on the first request for the key, which names the run."""
        if not self._users:
            return make()
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made


KEPT = Kept()


def part(rows: pa.Table, columns: Sequence[str] | None, row_ids: Collection[int] | None) -> pa.Table:
    """Those rows and columns; None: all."""
    if row_ids is not None:
        rows = rows.filter(pc.is_in(rows["row_id"], pa.array(row_ids, pa.int64())))
    return rows if columns is None else rows.select(columns)


def _written(rows: pa.Table) -> IO[bytes]:
    file = tempfile.TemporaryFile(prefix="kaohe-")  # noqa: SIM115  # lives as long as it is kept
    options = pa.ipc.IpcWriteOptions(unify_dictionaries=True)
    with pa.ipc.new_file(pa.PythonFile(file, mode="w"), rows.schema, options=options) as out:
        out.write_table(rows)
    give_back()
    return file


def _read(file: IO[bytes], columns: Sequence[str] | None) -> pa.Table:
    """All columns, or those: no others are read."""
    give_back()
    source = pa.PythonFile(file, mode="r")
    names = pa.ipc.open_file(source).schema.names
    wanted = None if columns is None else [names.index(name) for name in columns]
    return pa.ipc.open_file(source, options=pa.ipc.IpcReadOptions(included_fields=wanted)).read_all()


def give_back() -> None:
    """Hand what earlier steps have freed back to the system."""
    pa.default_memory_pool().release_unused()


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
