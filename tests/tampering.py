"""What somebody with the database's own tools, or an editor of bytes, can do to a store."""

from __future__ import annotations

import os

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from resources import guards

TAMPERED = settings(
    deadline=None, max_examples=int(os.environ.get("KAOHE_TAMPERED", "12")), suppress_health_check=list(HealthCheck)
)


def flipped(kept: bytes, data: st.DataObject) -> bytes:
    """With one byte changed to another."""
    place, flip = data.draw(st.integers(0, len(kept) - 1)), data.draw(st.integers(1, 255))
    return kept[:place] + bytes([kept[place] ^ flip]) + kept[place + 1 :]


def without_guards(connection: sa.Connection) -> None:
    """Take the ledger's guards away, as the owner of the database can."""
    if connection.dialect.name == "sqlite":
        for name in guards.SQLITE:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    else:
        connection.exec_driver_sql("ALTER TABLE ledger DISABLE TRIGGER USER")
        connection.exec_driver_sql("GRANT ALL ON ledger TO CURRENT_USER")
