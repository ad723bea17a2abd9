"""The ledger is append-only in the database itself: triggers refuse whatever is no next entry of the chain.

They stand beside the schema and are put in place whenever it changes, because a table that is made anew loses them.
The owner of a database can take them away; then `kaohe verify` says so, and the chain shows what was changed.
"""

from __future__ import annotations

import sqlalchemy as sa

REFUSAL = "the ledger is append-only"
# REPLACE takes away what it collides with, so an entry that collides is refused before it can.
NO_NEXT_ENTRY = """
    NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
    OR NEW.prev_hash <> coalesce((SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1), '{genesis}')
    OR EXISTS (SELECT 1 FROM ledger WHERE key = NEW.key)
""".format(genesis="0" * 64)

SQLITE = {
    "ledger_no_update": f"BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "ledger_no_delete": f"BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "ledger_in_order": f"BEFORE INSERT ON ledger WHEN {NO_NEXT_ENTRY} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
}
POSTGRESQL = {
    "ledger_no_update": "BEFORE UPDATE OR DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION kaohe_refuse()",
    "ledger_no_truncate": "BEFORE TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION kaohe_refuse()",
    "ledger_in_order": "BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION kaohe_next_entry()",
}
FUNCTIONS = {
    "kaohe_refuse": f"BEGIN RAISE EXCEPTION '{REFUSAL}'; END",
    "kaohe_next_entry": f"BEGIN IF {NO_NEXT_ENTRY} THEN RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN NEW; END",
}
INSTALLED = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    # 'A': it fires whatever role a session plays.
    "postgresql": """
        SELECT tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
        WHERE tgrelid = to_regclass('ledger') AND tgenabled = 'A'
    """,
}


def install(connection: sa.Connection) -> None:
    """Put the guards in place, anew where they are there already."""
    if connection.dialect.name == "sqlite":
        for name, rest in SQLITE.items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(f"CREATE TRIGGER {name} {rest}")
        return
    for name, body in FUNCTIONS.items():
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        )
    for name, rest in POSTGRESQL.items():
        connection.exec_driver_sql(f"CREATE OR REPLACE TRIGGER {name} {rest}")
        connection.exec_driver_sql(f"ALTER TABLE ledger ENABLE ALWAYS TRIGGER {name}")
    for role in ("PUBLIC", "CURRENT_USER"):
        connection.exec_driver_sql(f"REVOKE UPDATE, DELETE, TRUNCATE ON ledger FROM {role}")


def missing(connection: sa.Connection) -> list[str]:
    """Names of the guards that are not as they were put in place."""
    dialect = connection.dialect.name
    found = {row[0]: row[1] for row in connection.exec_driver_sql(INSTALLED[dialect])}
    if dialect == "sqlite":
        return [name for name, rest in SQLITE.items() if found.get(name) != f"CREATE TRIGGER {name} {rest}"]
    bodies = {name: next(body for of, body in FUNCTIONS.items() if of in rest) for name, rest in POSTGRESQL.items()}
    return [name for name, body in bodies.items() if found.get(name) != body]
