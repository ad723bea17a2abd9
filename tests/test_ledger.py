from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from stores import on_both_stores
from tampering import without_guards

from resources.chain import BrokenLink, first_broken_link, parting
from resources.ledger import GENESIS, Ledger, NotText, canonical, chain_hash
from resources.store import Store

pytestmark = on_both_stores


@pytest.fixture
def chain(store_url: str) -> Ledger:
    ledger = Ledger(Store(store_url))
    for number in range(5):
        ledger.append("e-2025", "file_received", {"name": f"第{number}份", "sha256": "ab"})
    return ledger


def _change(ledger: Ledger, statement: str) -> None:
    with ledger.store.writing() as connection:
        without_guards(connection)
        connection.exec_driver_sql(statement)


def _verified(ledger: Ledger) -> BrokenLink | None:
    with ledger.store.reading() as connection:
        return first_broken_link(connection)


def _parting(ledger: Ledger, head: str) -> BrokenLink | None:
    with ledger.store.reading() as connection:
        return parting(connection, head)


def test_every_entry_follows_the_one_before(chain: Ledger) -> None:
    entries = chain.entries("e-2025")
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.prev_hash for entry in entries] == [GENESIS, *(entry.hash for entry in entries[:-1])]
    assert _verified(chain) is None


def test_the_hash_can_be_recomputed_by_hand(chain: Ledger) -> None:
    entry = chain.entries("e-2025")[0]
    names = ("seq", "evaluation", "kind", "key", "actor", "recorded_at")
    written = {name: getattr(entry, name) for name in names} | {"payload": entry.payload}
    assert entry.hash == chain_hash(GENESIS, canonical(written).encode())


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE ledger SET payload = replace(payload, '第2份', '第9份') WHERE seq = 3", 3),
        ("UPDATE ledger SET actor = 'somebody' WHERE seq = 2", 2),
        ("UPDATE ledger SET recorded_at = '2020-01-01T00:00:00+08:00' WHERE seq = 5", 5),
        ("DELETE FROM ledger WHERE seq = 4", 4),
        ("UPDATE ledger SET hash = prev_hash WHERE seq = 1", 1),
        ("UPDATE ledger SET hash = upper(hash) WHERE seq = 4", 4),
        ("UPDATE ledger SET seq = 9 WHERE seq = 5", 5),
    ],
)
def test_verify_names_the_first_broken_link(chain: Ledger, statement: str, seq: int) -> None:
    _change(chain, statement)
    broken = _verified(chain)
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


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET actor = 'somebody' WHERE seq = 2",
        "DELETE FROM ledger WHERE seq = 5",
        "DELETE FROM ledger",
        "INSERT INTO ledger SELECT 9, evaluation, kind, 'k', payload, actor, recorded_at, hash, hash FROM ledger "
        "WHERE seq = 5",
        "INSERT INTO ledger SELECT 6, evaluation, kind, 'k', payload, actor, recorded_at, prev_hash, hash FROM ledger "
        "WHERE seq = 5",
    ],
)
def test_the_database_itself_refuses_what_is_no_next_entry(chain: Ledger, statement: str) -> None:
    before = chain.head()
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), chain.store.writing() as connection:
        connection.exec_driver_sql(statement)
    assert chain.head() == before
    assert _verified(chain) is None


def test_replacing_and_truncating_are_refused_too(chain: Ledger, store_kind: str) -> None:
    copied = "evaluation, kind, {key}, payload, 'somebody', recorded_at, {previous}, hash FROM ledger WHERE seq = {old}"
    statements = ["TRUNCATE ledger"]
    if store_kind == "sqlite":
        same = "REPLACE INTO ledger SELECT 3, " + copied.format(key="key", previous="prev_hash", old=3)
        collides = "REPLACE INTO ledger SELECT 6, " + copied.format(key="key", previous="hash", old=5)
        statements = [same, collides, "PRAGMA recursive_triggers = OFF", same, collides]
    with chain.store.engine.connect() as connection:
        for statement in statements:
            if statement.startswith("PRAGMA"):
                connection.exec_driver_sql(statement)
                continue
            with pytest.raises(sa.exc.DBAPIError, match="append-only"):
                connection.exec_driver_sql(statement)
            connection.rollback()
    assert _verified(chain) is None


def test_an_old_head_is_a_prefix_of_the_chain(chain: Ledger) -> None:
    seq, head = chain.head()
    chain.append("e-2025", "file_received", {"name": "第六份"})
    for known in (head, f"{seq}:{head}", GENESIS, f"0:{GENESIS}"):
        assert _parting(chain, known) is None


def test_a_head_that_is_no_prefix_is_told_with_where_it_parts(chain: Ledger) -> None:
    other = "ab" * 32
    cases = {other: 0, f"4:{other}": 4, f"9:{other}": 6, f"4:{chain.head()[1]}": 4}
    for head, seq in cases.items():
        found = _parting(chain, head)
        assert found is not None
        assert found.seq == seq


def test_numbers_are_kept_as_decimal_text(chain: Ledger) -> None:
    entry = chain.append("e-2025", "marked", {"value": Decimal("1.50"), "places": [Decimal("1E+2")]})
    assert entry.payload == {"value": "1.50", "places": ["100"]}
    with pytest.raises(TypeError, match="float"):
        chain.append("e-2025", "marked", {"value": 1.5})


def test_hostile_texts_are_only_texts(chain: Ledger) -> None:
    name = '"},"recorded_at":"x","seq":7}\x01\u2028\\'
    entry = chain.append(f"e-'{name[:5]}", "file_received", {"name": name})
    assert entry.payload["name"] == name
    assert chain.entry(entry.seq) == entry
    assert _verified(chain) is None


@pytest.mark.parametrize("payload", [{"reason": "a\0b"}, {"files": {"a": ["b", "\0"]}}])
def test_what_not_every_database_keeps_is_no_text(chain: Ledger, payload: dict[str, object]) -> None:
    head = chain.head()
    with pytest.raises(NotText):
        chain.append("e-2025", "marked", payload)
    assert chain.head() == head
