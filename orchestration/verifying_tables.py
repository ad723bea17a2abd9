"""Working tables against the digests that were kept when they were written, and the rows that say what a run read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from resources.rows import sealed, tables_digest
from resources.store import rows_within
from resources.tables import CURRENT_RUNS, HEARTBEATS, LEDGER, OUTPUTS, WORKING_TABLES, metadata


def table_faults(connection: sa.Connection) -> Iterator[str]:
    """A line for each table whose rows, or what is said of them, are not what a run has written."""
    altered = list(_schema_faults(connection))
    yield from altered
    if altered:  # what the tables hold cannot be read by their names
        return
    for table in (CURRENT_RUNS, HEARTBEATS, OUTPUTS):
        for row in connection.execute(sa.select(table)):
            cells = dict(row._mapping)
            if not _is_sealed(cells):
                yield f"数据库 {table.name} 中“{cells['evaluation']}”的一行被改动过。请重新运行该考核。"
    yield from _run_faults(connection)
    written = {(row.table_name, row.evaluation, row.producer): row for row in connection.execute(sa.select(OUTPUTS))}
    for (table_name, evaluation, producer), output in written.items():
        if table_name in WORKING_TABLES and not _is_as_written(connection, output):
            told = f"数据库 {table_name} 中“{evaluation}”由 {producer} 写的各行与写入时不符。"
            yield told + f"可用 kaohe rebuild {evaluation} 从存档和台账重做。"
    for name, table in WORKING_TABLES.items():
        for evaluation, producer in connection.execute(_writers(table)):
            known = [key for key in written if key[:2] == (name, evaluation) and producer in (None, key[2])]
            if not known:
                yield f"数据库 {name} 中有“{evaluation}”的若干行，没有一次运行写过。"


def _schema_faults(connection: sa.Connection) -> Iterator[str]:
    """Tables whose columns are not those that this program's steps have made; what SQLite finds wrong in its file."""
    inspector = sa.inspect(connection)
    for table in metadata.sorted_tables:
        columns = inspector.get_columns(table.name) if inspector.has_table(table.name) else []
        found = {column["name"]: str(column["type"]) for column in columns}
        if found != {column.name: column.type.compile(connection.dialect) for column in table.columns}:
            yield f"数据库 {table.name} 的表结构被改动过。请从备份恢复。"
    if connection.dialect.name == "sqlite":
        for (told,) in connection.exec_driver_sql("PRAGMA integrity_check(3)"):
            if told != "ok":
                yield f"数据库文件内部有误，请从备份恢复：{told}"


def _is_sealed(cells: dict[str, Any]) -> bool:
    try:
        return sealed({name: cell for name, cell in cells.items() if name != "seal"}) == cells
    except TypeError:  # a cell holds what none of ours can
        return False


def _run_faults(connection: sa.Connection) -> Iterator[str]:
    """The head that a run read has to be the chain's at that number."""
    chain = sa.select(LEDGER.c.hash).where(LEDGER.c.seq == CURRENT_RUNS.c.ledger_seq).scalar_subquery()
    differs = CURRENT_RUNS.c.ledger_head != sa.func.coalesce(chain, "")
    query = sa.select(CURRENT_RUNS.c.evaluation).where(CURRENT_RUNS.c.ledger_seq > 0, differs)
    for evaluation in connection.execute(query).scalars():
        yield f"“{evaluation}”最近一次运行读到的台账哈希不在今天的台账里。"


def _is_as_written(connection: sa.Connection, output: Any) -> bool:
    table = WORKING_TABLES[output.table_name]
    try:
        rows = rows_within(connection, output.evaluation, table.name, output.producer)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # another kind of value than the column's
        return False
    conditions = [table.c.evaluation == output.evaluation]
    conditions += [table.c.producer == output.producer] if "producer" in table.c else []
    numbers = sa.select(table.c.row_number).where(*conditions).order_by(table.c.row_number)
    in_order = all(number == place for place, number in enumerate(connection.execute(numbers).scalars()))
    return in_order and tables_digest({table.name: rows}) == output.digest


def _writers(table: sa.Table) -> sa.Select[Any]:
    producer = table.c.producer if "producer" in table.c else sa.null()
    return sa.select(table.c.evaluation, producer).distinct()
