"""What verifying the chain costs beside reading its rows and hashing their stored bytes.

A ledger of a million entries (or as many as the first argument says) in a SQLite file, read whole in turn both ways;
with a second argument, the store's URL, there instead. Median of 5; the ratio should stay ≤ 1.5.
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

import pyarrow as pa
import sqlalchemy as sa

from resources.chain import first_broken_link, stored_entries
from resources.ledger import GENESIS, canonical, chain_hash, entry_bytes
from resources.rows import insert
from resources.store import Store
from resources.tables import LEDGER

ROUNDS = 5
BATCH = 20_000


def entries(count: int) -> Iterator[pa.Table]:
    """Entries as files received make them, chained."""
    previous, rows = GENESIS, []
    for seq in range(1, count + 1):
        file = {"sender": f"T{seq % 500:03}", "name": f"{seq}月科技指标报送表.xlsx", "size": 20_000 + seq}
        payload = canonical(file | {"sha256": hashlib.sha256(str(seq).encode()).hexdigest()})
        entry = (
            seq,
            f"county-{seq % 9}",
            "file_received",
            f"file_received:{seq}",
            payload,
            "root",
            "2026-01-05T09:00:00+08:00",
        )
        found = chain_hash(previous, entry_bytes(*entry))
        rows.append((*entry, previous, found))
        previous = found
        if len(rows) == BATCH or seq == count:
            yield pa.table(list(map(list, zip(*rows, strict=True))), names=[column.name for column in LEDGER.columns])
            rows = []


def read_and_hash(connection: sa.Connection) -> None:
    """The least that verifying can be: every row read, its stored bytes hashed."""
    for entry in stored_entries(connection):
        hashlib.sha256("".join(entry[1:]).encode()).hexdigest()


def verify(connection: sa.Connection) -> None:
    broken = first_broken_link(connection)
    if broken is not None:
        raise RuntimeError(str(broken))


def seconds(store: Store, work: Callable[[sa.Connection], None]) -> float:
    with store.reading() as connection:
        start = time.perf_counter()
        work(connection)
        return time.perf_counter() - start


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        store = Store(sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/kaohe.db")
        with store.writing() as connection:
            start = time.perf_counter()
            insert(connection, LEDGER, entries(count))
            print(f"{count} entries appended past their guards in {time.perf_counter() - start:.1f} s", flush=True)
        bare, ours = [], []
        for number in range(ROUNDS):
            bare.append(seconds(store, read_and_hash))
            ours.append(seconds(store, verify))
            print(f"round {number}: read and hash {bare[-1]:.2f} s, verify {ours[-1]:.2f} s", flush=True)
        print(f"ratio of medians {statistics.median(ours) / statistics.median(bare):.2f}")


if __name__ == "__main__":
    main()
