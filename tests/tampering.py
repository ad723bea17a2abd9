"""What somebody with the database's own tools can do to a store."""

from __future__ import annotations

import sqlalchemy as sa

from resources import guards


def without_guards(connection: sa.Connection) -> None:
    """Take the ledger's guards away, as the owner of the database can."""
    if connection.dialect.name == "sqlite":
        for name in guards.SQLITE:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    else:
        connection.exec_driver_sql("ALTER TABLE ledger DISABLE TRIGGER USER")
        connection.exec_driver_sql("GRANT ALL ON ledger TO CURRENT_USER")
