"""The ledger: one append-only hash chain of everything that decides a result.

hash = SHA-256(0x00 ‖ prev_hash ‖ entry bytes); entry bytes are the canonical JSON of the entry without its hashes.
How the chain is recomputed stands in `chain.py`, what the database itself refuses in `guards.py`.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from decimal import Decimal
from json.encoder import encode_basestring as _text
from typing import Any

import sqlalchemy as sa

from resources.clock import now
from resources.store import Store
from resources.tables import LEDGER

GENESIS = "0" * 64
Payload = dict[str, Any]
_acting: ContextVar[str] = ContextVar("acting", default="")


class NotText(Exception):
    """What is to be recorded holds bytes that are no text."""

    def __init__(self) -> None:
        super().__init__(
            "写的内容里有不是文字的字节（空字符，或终端的编码不对），没有记入台账。请用 UTF-8 的终端重新输入。"
        )


@dataclass(frozen=True)
class Entry:
    """One entry as it stands in the chain. `payload` holds text, numbers as decimal text."""

    seq: int
    evaluation: str
    kind: str
    key: str
    payload: Payload
    actor: str
    recorded_at: str
    prev_hash: str
    hash: str


class Ledger:
    """Appends to and reads from the chain in one store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def append(self, evaluation: str, kind: str, payload: Payload, key: str | None = None) -> Entry:
        """Append one entry and return it; an entry that already has `key` is returned instead."""
        with self.store.writing() as connection:
            return append_within(connection, evaluation, kind, payload, key)

    def entries(self, evaluation: str, kinds: Iterable[str] | None = None, up_to: int | None = None) -> list[Entry]:
        """Entries of one evaluation in the chain's order, at most up to sequence number `up_to`."""
        with self.store.reading() as connection:
            return entries_within(connection, evaluation, kinds, up_to)

    def each(self, kinds: Iterable[str]) -> Iterator[Entry]:
        """Entries of these kinds of all evaluations, in the chain's order, read one after the other."""
        query = sa.select(LEDGER).where(LEDGER.c.kind.in_(list(kinds))).order_by(LEDGER.c.seq)
        with self.store.reading() as connection:
            for row in connection.execution_options(yield_per=1000).execute(query):
                yield _entry(row)

    def entry(self, seq: int) -> Entry | None:
        """The entry with that sequence number."""
        with self.store.reading() as connection:
            row = connection.execute(sa.select(LEDGER).where(LEDGER.c.seq == seq)).one_or_none()
        return None if row is None else _entry(row)

    def head(self) -> tuple[int, str]:
        """Sequence number and hash of the newest entry; (0, GENESIS) before the first."""
        with self.store.reading() as connection:
            return head_within(connection)

    def newest_of(self, evaluation: str, kinds: Iterable[str]) -> int:
        """Sequence number of the newest entry of these kinds, 0 where there is none."""
        query = sa.select(sa.func.max(LEDGER.c.seq)).where(
            LEDGER.c.evaluation == evaluation, LEDGER.c.kind.in_(list(kinds))
        )
        with self.store.reading() as connection:
            return connection.execute(query).scalar() or 0


def append_within(
    connection: sa.Connection, evaluation: str, kind: str, payload: Payload, key: str | None = None
) -> Entry:
    """Append inside a writing transaction, so that an entry and what it records stand or fall together.

    Raises:
        NotText: a text of the payload cannot be written down.
    """
    seq, previous = head_within(connection)
    text = canonical(payload)
    if not _is_text(text):
        raise NotText
    key = key or f"{kind}:{evaluation}:{seq + 1}"
    existing = connection.execute(sa.select(LEDGER).where(LEDGER.c.key == key)).one_or_none()
    if existing is not None:
        return _entry(existing)
    row: dict[str, Any] = {
        "seq": seq + 1,
        "evaluation": evaluation,
        "kind": kind,
        "key": key,
        "payload": text,
        "actor": account(),
        "recorded_at": now(),
    }
    entry = Entry(**row, hash=chain_hash(previous, entry_bytes(**row)), prev_hash=previous)
    connection.execute(sa.insert(LEDGER), vars(entry))
    return replace(entry, payload=json.loads(text))


def entries_within(
    connection: sa.Connection, evaluation: str, kinds: Iterable[str] | None = None, up_to: int | None = None
) -> list[Entry]:
    """`Ledger.entries` as this transaction sees them."""
    query = sa.select(LEDGER).where(LEDGER.c.evaluation == evaluation).order_by(LEDGER.c.seq)
    if kinds is not None:
        query = query.where(LEDGER.c.kind.in_(list(kinds)))
    if up_to is not None:
        query = query.where(LEDGER.c.seq <= up_to)
    return [_entry(row) for row in connection.execute(query)]


def head_within(connection: sa.Connection) -> tuple[int, str]:
    """The chain's head as this transaction sees it."""
    row = connection.execute(
        sa.select(LEDGER.c.seq, LEDGER.c.hash).order_by(LEDGER.c.seq.desc()).limit(1)
    ).one_or_none()
    return (0, GENESIS) if row is None else (row.seq, row.hash)


def account() -> str:
    """Who acts: the account logged in at the guard, else the one that the operating system has authenticated."""
    return acting() or pwd.getpwuid(os.getuid()).pw_name


def acting() -> str:
    """The account logged in at the guard for which this is done; empty where it is done otherwise."""
    return _acting.get()


@contextmanager
def acting_as(name: str) -> Iterator[None]:
    """What is appended within was done by the account `name`, which the caller has authenticated; empty: by none."""
    before = _acting.set(name)
    try:
        yield
    finally:
        _acting.reset(before)


def canonical(value: object) -> str:
    """Canonical JSON: sorted keys, no spaces, Chinese as it is; a Decimal is its text.

    Raises:
        TypeError: a float, which has no one text.
        NotText: a NUL, which PostgreSQL keeps in no text.
    """
    return json.dumps(_exact(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def chain_hash(prev_hash: str, entry: bytes) -> str:
    """The hash of an entry that follows `prev_hash` (both hex)."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(prev_hash) + entry).hexdigest()


def entry_bytes(seq: int, evaluation: str, kind: str, key: str, payload: str, actor: str, recorded_at: str) -> bytes:
    """The canonical JSON of an entry whose `payload` is canonical JSON already: its stored bytes are what is hashed."""
    return (
        f'{{"actor":{_text(actor)},"evaluation":{_text(evaluation)},"key":{_text(key)},"kind":{_text(kind)},'
        f'"payload":{payload},"recorded_at":{_text(recorded_at)},"seq":{seq}}}'
    ).encode()


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _exact(value: object) -> object:
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float; the ledger keeps numbers as decimal text")
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str) and "\0" in value:
        raise NotText
    if isinstance(value, dict):
        return {name: _exact(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact(part) for part in value]
    return value


def _entry(row: Any) -> Entry:
    fields = dict(row._mapping)
    fields["payload"] = json.loads(fields["payload"])
    return Entry(**fields)
