"""The chain recomputed: what was changed in the ledger since it was written, and whether an old head is part of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from resources.ledger import GENESIS, chain_hash, entry_bytes
from resources.tables import LEDGER

BATCH_ROWS = 10_000
HASHED = [LEDGER.c[name] for name in ("seq", "evaluation", "kind", "key", "payload", "actor", "recorded_at")]


@dataclass(frozen=True)
class BrokenLink:
    """The first entry of the chain that is not what was written; `reason` is for people."""

    seq: int
    reason: str


def first_broken_link(connection: sa.Connection) -> BrokenLink | None:
    """Recompute the whole chain; None where every link holds."""
    previous, expected = GENESIS, 1
    for *entry, prev_hash, found in stored_entries(connection):
        if entry[0] != expected:
            return BrokenLink(expected, "缺这一号")
        if prev_hash != previous:
            return BrokenLink(expected, "没有接着前一号")
        if found != _hash(previous, entry):
            return BrokenLink(expected, "内容与哈希不符")
        previous, expected = found, expected + 1
    return None


def _hash(previous: str, entry: list[Any]) -> str | None:
    """The hash that the entry has to have; None where a cell holds what no entry can."""
    try:
        return chain_hash(previous, entry_bytes(*entry))
    except TypeError:
        return None


def parting(connection: sa.Connection, head: str) -> BrokenLink | None:
    """None where `head` (a hash, or `seq:hash` as printed) is the hash of an entry, which holds all before it.

    The chain itself has to hold. A hash that is no entry's was never this chain's, or what it stood for was rewritten:
    then the sequence number beside it is the first that is known to differ.
    """
    number, _, found = head.rpartition(":")
    seq = connection.execute(sa.select(LEDGER.c.seq).where(LEDGER.c.hash == found)).scalar()
    if found == GENESIS or (seq is not None and number in ("", str(seq))):
        return None
    last = connection.execute(sa.select(sa.func.max(LEDGER.c.seq))).scalar() or 0
    if not number:
        return BrokenLink(0, "台账里没有这个哈希：它不属于这本台账，或者它以前的记录被改写过")
    if int(number) > last:
        return BrokenLink(last + 1, f"那时已有第{number}号，现在只到第{last}号：后面的被删去了")
    return BrokenLink(int(number), "这一号的哈希已经不同：它或它以前的记录被改写过")


def stored_entries(connection: sa.Connection) -> Iterator[tuple[Any, ...]]:
    """The chain as plain tuples by the driver's own cursor: of a million entries no more than a batch in memory."""
    query = str(sa.select(*HASHED, LEDGER.c.prev_hash, LEDGER.c.hash).order_by(LEDGER.c.seq))
    driver: Any = connection.connection
    cursor = driver.cursor() if connection.dialect.name == "sqlite" else driver.cursor("chain")
    cursor.execute(query)
    while rows := cursor.fetchmany(BATCH_ROWS):
        yield from rows
    cursor.close()
