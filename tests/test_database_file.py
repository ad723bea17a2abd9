"""Whatever byte of SQLite's file is changed, verifying finds it, or the database says what it said."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from homes import CORRECTED
from hypothesis import given
from hypothesis import strategies as st
from tampering import TAMPERED, flipped

from orchestration.verifying import verify
from resources.database import StoreCannotBeUsed
from resources.home import Home
from resources.migrations import ProgramIsOlder
from resources.tables import metadata


@pytest.mark.parametrize("store_kind", ["sqlite"], indirect=True)
def test_a_changed_byte_of_the_database_file_is_found_or_says_nothing_else(
    evaluated_in: Callable[..., Home],
) -> None:
    corrected = evaluated_in(CORRECTED)
    path = corrected.path / "kaohe.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    whole, said = path.read_bytes(), _dump(path)

    @TAMPERED
    @given(data=st.data())
    def found(data: st.DataObject) -> None:
        path.write_bytes(flipped(whole, data))
        try:
            faults = verify(corrected).faults
        except (StoreCannotBeUsed, ProgramIsOlder) as told:
            faults = [str(told)]
        assert faults or _dump(path) == said

    try:
        found()
    finally:
        path.write_bytes(whole)
        for journal in corrected.path.glob("kaohe.db-*"):
            journal.unlink()
    assert verify(corrected).faults == []


def _dump(path: Path) -> list[list[tuple[object, ...]]]:
    """All rows of all tables, texts as they lie there."""
    with sqlite3.connect(path) as connection:
        connection.text_factory = bytes
        rows = [connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall() for table in metadata.tables]
    connection.close()
    return rows
