"""One database by its URL: transactions, locks and settings of SQLite and of PostgreSQL. What is kept stands elsewhere.

All access to SQLite goes through one library (Python's): a second copy in the same process, as ADBC's driver brings,
would not see its file locks, because POSIX locks belong to the process.
"""

from __future__ import annotations

import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

# What every writer of a PostgreSQL store locks, as SQLite's BEGIN IMMEDIATE does: "kaohe" in ASCII.
WRITE_LOCK = 0x6B616F6865
WAIT_SECONDS = 60
SQLITE_SETTINGS = (
    f"busy_timeout = {WAIT_SECONDS * 1000}",  # first: the next ones may have to wait
    "page_size = 16384",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",  # without it, REPLACE deletes rows and no trigger sees it
    "cache_size = -32768",
)
# Words in a driver's message, and what it means to the person who asked.
TROUBLES = {
    "locked": "另一个程序正在写数据库，等了一分钟还没有写完。请稍后再试。",
    "lock timeout": "另一个程序正在写数据库，等了一分钟还没有写完。请稍后再试。",
    "full": "磁盘满了，什么也没有写入。请腾出空间后再试。",
    "readonly": "数据库所在的文件夹只能读不能写。请检查文件夹权限或磁盘是否只读。",
    "unable to open": "打不开数据库文件。请检查 KAOHE_HOME 所指的文件夹在不在、有没有权限、磁盘是否只读。",
    "malformed": "数据库文件已损坏。请用 kaohe restore 从备份恢复。",
    "not a database": "数据库文件已损坏。请用 kaohe restore 从备份恢复。",
    "unsupported file format": "数据库文件已损坏。请用 kaohe restore 从备份恢复。",
    "could not decode": "数据库里有不是文字的内容：文件已损坏。请用 kaohe restore 从备份恢复。",
    "no such column": "数据库的表结构被改动过，或文件已损坏。请用 kaohe restore 从备份恢复。",
    "no such table": (
        "数据库的表结构被改动过，或文件已损坏。请用 kaohe restore 从备份恢复；"
        "是最早的试用版建的，用原来的程序 kaohe backup，再用本程序恢复到空的工作文件夹。"
    ),
    "already exists": "数据库里已有同名的表，却没有表结构的版本：被改动过，或不是空库。请用 kaohe restore 从备份恢复。",
    "disk i/o error": "数据库所在的磁盘读写出错，什么也没有写入。请检查磁盘空间和磁盘本身。",
    "permission denied": "KAOHE_STORE 的账号在数据库里没有这项权限。请改用建库的账号，或由数据库管理员授权。",
    "read-only": "数据库只能读不能写（备用库，或账号、会话设成了只读）。请检查 KAOHE_STORE 指的是不是主库。",
    "could not translate host": "找不到 PostgreSQL 的主机。请检查 KAOHE_STORE（口令里的 @ 要写成 %40）。",
    "authentication failed": "PostgreSQL 不认 KAOHE_STORE 里的账号或口令。请核对（口令里的 @ 要写成 %40）。",
    "connection to server": "连不上 PostgreSQL。请检查 KAOHE_STORE 和数据库服务。",
    "connection": "与 PostgreSQL 的连接断了，未完成的写入都已撤销。请检查数据库服务后再试。",
}
# SQLSTATE by which a PostgreSQL server that speaks another language than English says the same.
WORDS_OF = {
    "42703": "no such column",
    "42P01": "no such table",
    "42P07": "already exists",
    "25006": "read-only",
    "42501": "permission denied",
    "53100": "full",
    "55P03": "lock timeout",
    "57P01": "connection",
    "57P02": "connection",
    "57P03": "connection",
}


class StoreCannotBeUsed(Exception):
    """The database cannot be opened, is locked for too long, full, read-only or damaged; nothing was written."""


@lru_cache(maxsize=8)
def postgresql_engine(url: str) -> sa.Engine:
    """The process's pool of connections to one PostgreSQL database."""
    # COPY sends UTF-8, whatever role, database or environment ask of other programs.
    engine = sa.create_engine(url, pool_pre_ping=True, client_encoding="utf8")
    sa.event.listen(engine, "connect", _require_utf8)
    sa.event.listen(engine, "begin", _begin_postgresql)
    return engine


def sqlite_engine(url: str) -> sa.Engine:
    """Connections to one SQLite file, which may be moved or made anew while the process lives."""
    engine = sa.create_engine(url)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def engine_of(url: str) -> sa.Engine:
    """Raises: StoreCannotBeUsed: neither SQLite nor PostgreSQL, or the driver is not installed."""
    try:
        backend = sa.make_url(url).get_backend_name()
    except (sa.exc.ArgumentError, ValueError):  # a port that is no number; what is read has a password in it
        raise StoreCannotBeUsed(
            f"KAOHE_STORE 不是数据库地址（开头是“{url.partition(':')[0]}”）。"
            "不写，或写 postgresql+psycopg2://账号:口令@主机:端口/库（口令里的 @ : / 要写成 %40 %3A %2F）。"
        ) from None
    if backend == "sqlite":
        return sqlite_engine(url)
    if backend == "postgresql":
        try:
            return postgresql_engine(url)
        except ModuleNotFoundError as missing:
            raise StoreCannotBeUsed(
                f"没有驱动 {missing.name}：KAOHE_STORE 要写明 postgresql+psycopg2://…；没有 psycopg2 的先安装它。"
            ) from None
    raise StoreCannotBeUsed(f"KAOHE_STORE 只能是 sqlite 或 postgresql+psycopg2，不能是 {backend}。")


def hide(engine: sa.Engine) -> None:
    """Others than owner and group do not read an SQLite file and its journal, which have hashes of passwords."""
    if engine.dialect.name == "sqlite" and engine.url.database:
        for end in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError, PermissionError):  # whoever owns it will
                file = Path(f"{engine.url.database}{end}")
                mode = stat.S_IMODE(file.stat().st_mode)
                if mode & stat.S_IRWXO:
                    file.chmod(mode & ~stat.S_IRWXO)


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that sees one state of the database and writes nothing."""
    with _troubles_told(), engine.connect().execution_options(kaohe_reads=True) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that holds the database's write lock from its first moment."""
    with _troubles_told(), engine.connect().execution_options(kaohe_writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def _troubles_told() -> Iterator[None]:
    try:
        yield
    except _driver_errors() as error:
        told = trouble(getattr(error, "orig", None) or error)
        if told is None:
            raise
        raise StoreCannotBeUsed(told) from error


def _driver_errors() -> tuple[type[Exception], ...]:
    """What a driver raises, through SQLAlchemy or past it."""
    psycopg2 = sys.modules.get("psycopg2")
    return (sa.exc.DBAPIError, sqlite3.Error, *([psycopg2.Error] if psycopg2 else []))


def trouble(error: BaseException) -> str | None:
    """What a driver's error means to a person; None where it is a fault of the program."""
    text = f"{WORDS_OF.get(getattr(error, 'pgcode', None) or '', '')} {error}".lower()
    return next((f"{told}（{error}）".replace("\n", " ") for words, told in TROUBLES.items() if words in text), None)


def _require_utf8(connection: Any, _record: object) -> None:
    """Raises: StoreCannotBeUsed: a database in which not every character can be written."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StoreCannotBeUsed(
            f"数据库的编码是 {encoding}，存不全汉字，什么也没有写入。"
            "请另建一个 UTF8 的库（CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0），再让 KAOHE_STORE 指向它。"
        )


def trouble_behind(fault: BaseException | None) -> str | None:
    """`trouble` of the driver's error behind an exception of another library; None where there is no such error."""
    while fault is not None:
        told = trouble(getattr(fault, "orig", None) or fault) if isinstance(fault, _driver_errors()) else None
        if told is not None:
            return told
        fault = fault.__cause__ or fault.__context__
    return None


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    try:
        for setting in SQLITE_SETTINGS:
            connection.execute(f"PRAGMA {setting}")
    except UnicodeDecodeError as error:  # the driver cannot even say what is malformed
        raise sqlite3.DatabaseError(f"malformed: {error}") from error


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("kaohe_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: sa.Connection) -> None:
    """The driver's own options are left alone: once set, they have sessions write that an administrator has set to
    reading, or ask a standby for it."""
    if connection.get_execution_options().get("kaohe_reads", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    if connection.get_execution_options().get("kaohe_writes", False):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{round(WAIT_SECONDS * 1000)}ms'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")
