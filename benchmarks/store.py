"""What keeping many rows costs beside the database's own least: 2.4 million submitted values in and out.

In turn: our `Store.replace` and `Store.read`, against `executemany` of ready tuples and `fetchmany` on SQLite, or COPY
of ready text on PostgreSQL (the store's URL as second argument; the first is the number of rows). Prints rows per
second, the ratio, and how far each step has raised the most memory that the process has held.
"""

from __future__ import annotations

import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from resources.rows import as_stored, csv_batches, frames_digest, sealed
from resources.store import Store
from resources.tables import CURRENT_RUNS, SUBMITTED_VALUES, contents

ROWS = 2_400_000


def submitted(count: int) -> pd.DataFrame:
    """Twenty thousand units' figures as their files were read."""
    number = np.arange(count)

    def texts(template: str, of: int) -> pd.Series:
        return pd.Series([template.format(n) for n in range(of)], dtype="str").take(number % of).reset_index(drop=True)

    values = pd.Series(number * 37 % 1_000_003).astype("str")
    few = {"sheet": "数据", "period": "2025", "status": "actual", "outcome": "accepted", "source": "stats"}
    columns: dict[str, Any] = {"row_id": number, "seq": number // 1000, "sha256": texts("{:064x}", 2400)}
    columns |= {"sender": texts("T{:05}", 2400), "file": texts("县统计局{}.xlsx", 2400), "cell": texts("D{}", 1000)}
    columns |= {"unit_code": texts("T{:05}", 20_000), "indicator_code": texts("i{:03}", 120)}
    columns |= {"raw": values, "submitted_value": values, "received_at": texts("2026-01-05T09:00:0{}+08:00", 10)}
    return pd.DataFrame(columns).assign(**few).astype(dict.fromkeys(few, "str"))


def measured(name: str, rows: int, work: Callable[[], object]) -> float:
    before, start = _megabytes(), time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(f"{name}: {rows / seconds:,.0f} rows/s, {_megabytes() - before:,.0f} MB more at most", flush=True)
    return seconds


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def claimed(store: Store) -> None:
    names = [column for column in CURRENT_RUNS.columns if column.name not in ("evaluation", "seal")]
    empty = {column.name: column.type.python_type() for column in names}
    with store.writing() as connection:
        connection.execute(sa.insert(CURRENT_RUNS), sealed(empty | {"evaluation": "e", "fence": 1}))


def bare(store: Store, frame: pd.DataFrame, table: str) -> tuple[Callable[[], object], Callable[[], object]]:
    """The database's own least, for rows that are ready: write them, read them."""
    names = ", ".join(f'"{column.name}"' for column in contents(SUBMITTED_VALUES))
    rows = as_stored(SUBMITTED_VALUES, frame)
    connection: Any = store.engine.raw_connection().driver_connection
    cursor = connection.cursor()
    cursor.execute(f"CREATE TABLE {table} AS SELECT {names} FROM submitted_values LIMIT 0")
    if store.engine.dialect.name == "sqlite":
        tuples = list(zip(*(column.to_pylist() for column in rows.columns), strict=True))
        marks = ", ".join("?" * rows.num_columns)

        def write() -> None:
            cursor.execute("BEGIN")
            cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", tuples)
            cursor.execute("COMMIT")

        def read() -> None:
            cursor.execute(f"SELECT * FROM {table}")
            while cursor.fetchmany(20_000):
                pass

        return write, read
    text = b"".join(csv_batches(rows))

    def copy_in() -> None:
        cursor.copy_expert(f"COPY {table} FROM STDIN WITH (FORMAT csv)", io.BytesIO(text))
        connection.commit()

    def copy_out() -> None:
        cursor.copy_expert(f"COPY {table} TO STDOUT WITH (FORMAT csv)", io.BytesIO())

    return copy_in, copy_out


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        store = Store(sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/kaohe.db")
        claimed(store)
        frame = submitted(count)
        measured("digest", count, lambda: frames_digest({"submitted_values": frame}))
        frames = {"submitted_values": frame}
        ours = [measured("replace", count, lambda: store.replace("e", 1, "k", "submitted_values", frames))]
        ours.append(measured("read", count, lambda: store.read("e", "submitted_values", "k", "submitted_values")))
        write, read = bare(store, frame, "bare")
        least = [measured("bare write", count, write), measured("bare read", count, read)]
        measured("to_csv, for comparison", count, lambda: frame.to_csv(index=False))
        print(f"ratios: write {ours[0] / least[0]:.2f}, read {ours[1] / least[1]:.2f}")


if __name__ == "__main__":
    main()
