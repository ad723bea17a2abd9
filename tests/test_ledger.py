from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from resources.ledger import GENESIS, Ledger, canonical, chain_hash
from resources.store import Store


@pytest.fixture
def chain(tmp_path: Path) -> Ledger:
    ledger = Ledger(Store(f"sqlite:///{tmp_path / 'kaohe.db'}"))
    for number in range(5):
        ledger.append("e-2025", "file_received", {"name": f"第{number}份", "sha256": "ab"})
    return ledger


def _change(ledger: Ledger, statement: str) -> None:
    with sqlite3.connect(ledger.store.url.removeprefix("sqlite:///")) as connection:
        connection.execute(statement)


def test_every_entry_follows_the_one_before(chain: Ledger) -> None:
    entries = chain.entries("e-2025")
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.prev_hash for entry in entries] == [GENESIS, *(entry.hash for entry in entries[:-1])]
    assert chain.verify() is None


def test_the_hash_can_be_recomputed_by_hand(chain: Ledger) -> None:
    entry = chain.entries("e-2025")[0]
    names = ("seq", "evaluation", "kind", "key", "actor", "recorded_at")
    written = {name: getattr(entry, name) for name in names} | {"payload": canonical(entry.payload)}
    assert entry.hash == chain_hash(GENESIS, canonical(written).encode())


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE ledger SET payload = replace(payload, '第2份', '第9份') WHERE seq = 3", 3),
        ("UPDATE ledger SET actor = 'somebody' WHERE seq = 2", 2),
        ("UPDATE ledger SET recorded_at = '2020-01-01T00:00:00+08:00' WHERE seq = 5", 5),
        ("DELETE FROM ledger WHERE seq = 4", 4),
        ("UPDATE ledger SET hash = prev_hash WHERE seq = 1", 1),
    ],
)
def test_verify_names_the_first_broken_link(chain: Ledger, statement: str, seq: int) -> None:
    _change(chain, statement)
    broken = chain.verify()
    assert broken is not None
    assert broken.seq == seq


def test_the_same_key_is_recorded_once(chain: Ledger) -> None:
    first = chain.append("e-2025", "correction_approved", {"request": 3}, key="approval:3")
    again = chain.append("e-2025", "correction_approved", {"request": 3}, key="approval:3")
    assert first == again
    assert chain.head() == (6, first.hash)


def test_entries_are_read_up_to_a_head(chain: Ledger) -> None:
    assert [entry.seq for entry in chain.entries("e-2025", up_to=2)] == [1, 2]
    assert chain.entries("other-2025") == []


def test_the_newest_of_a_kind_is_nought_before_the_first(chain: Ledger) -> None:
    assert chain.newest_of("e-2025", ["file_received"]) == 5
    assert chain.newest_of("e-2025", ["correction_approved"]) == 0
