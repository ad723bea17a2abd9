"""One run at a time per evaluation: a lock that is free again when its holder dies, on this machine and on others.

On one machine the operating system holds it; where the store is PostgreSQL, which several machines share, a session of
the database does first: it decides, and says of a run on any machine whether it lives. What a run may write if it lost
its lock all the same, the fence decides.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from filelock import FileLock, Timeout

from resources.clock import now
from resources.database import engine_of, reading
from resources.home import Home

WAIT_SECONDS = 900.0
POLL_SECONDS = 0.5
# A machine that vanished keeps its session only as long as the server does not ask for it.
KEEPALIVE = "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
HOLDER = """
SELECT application_name, host(client_addr), backend_start FROM pg_stat_activity JOIN pg_locks USING (pid)
WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32) + objid::bigint = {key}
AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
SESSION = "SELECT 1 FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()"


class EvaluationIsBusy(Exception):
    """Another run holds the evaluation's lock for longer than we wait."""

    def __init__(self, evaluation: str, holder: object) -> None:
        super().__init__(f"“{evaluation}”正在由另一次运行计算，等了{WAIT_SECONDS / 60:g}分钟还没有完：{holder}。")


@contextmanager
def holding(home: Home, evaluation: str, holder: str) -> Iterator[None]:
    """Hold the evaluation's lock for `holder`.

    Raises:
        EvaluationIsBusy: not free within WAIT_SECONDS; the message names the holder.
    """
    with _on_every_machine(home, evaluation, holder), _on_this_machine(home, evaluation, holder):
        yield


def is_held(home: Home, evaluation: str) -> bool:
    """A process on this machine holds the evaluation's lock; nothing is written."""
    path = home.locks / f"{evaluation}.lock"
    if not path.is_file():
        return False
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True


def holder_of(home: Home, evaluation: str) -> str | None:
    """The run that holds the evaluation's lock on this machine."""
    if not is_held(home, evaluation):
        return None
    run: str = json.loads((home.locks / f"{evaluation}.holder.json").read_text(encoding="utf-8"))["run"]
    return run


def is_at_work(home: Home, evaluation: str, holder: str) -> bool:
    """Whether that run holds the evaluation's lock or waits for it: on PostgreSQL any machine's, else this one's."""
    if engine_of(home.store_url).dialect.name == "sqlite":
        return holder_of(home, evaluation) == holder
    return has_session(home, holder)


def has_session(home: Home, holder: str) -> bool:
    """Whether a run has its session at the store, which must be PostgreSQL; a killed one's ends with its process."""
    with reading(engine_of(home.store_url)) as connection:
        return connection.exec_driver_sql(SESSION, (_session_name(holder),)).first() is not None


def is_free(home: Home, evaluation: str) -> bool:
    """Whether no run is at the evaluation at this moment, on any machine."""
    if is_held(home, evaluation):
        return False
    try:
        with _on_every_machine(home, evaluation, "sensor", 0):
            return True
    except EvaluationIsBusy:
        return False


@contextmanager
def _on_this_machine(home: Home, evaluation: str, holder: str) -> Iterator[None]:
    home.locks.mkdir(parents=True, exist_ok=True)
    note = home.locks / f"{evaluation}.holder.json"
    lock = FileLock(home.locks / f"{evaluation}.lock", timeout=WAIT_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise EvaluationIsBusy(evaluation, note.read_text(encoding="utf-8")) from None
    try:
        note.write_text(json.dumps({"run": holder, "pid": os.getpid(), "since": now()}), encoding="utf-8")
        yield
    finally:
        lock.release()


@contextmanager
def _on_every_machine(home: Home, evaluation: str, holder: str, wait: float | None = None) -> Iterator[None]:
    engine = engine_of(home.store_url)
    if engine.dialect.name == "sqlite":  # a file, which other machines do not write to
        yield
        return
    key = lock_key(evaluation)
    # Not of the pool: nobody else may use this session, and closing it frees the lock.
    alone = sa.create_engine(engine.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with alone.connect() as session:
        session.exec_driver_sql(KEEPALIVE)
        session.exec_driver_sql("SELECT set_config('application_name', %s, false)", (_session_name(holder),))
        until = time.monotonic() + (WAIT_SECONDS if wait is None else wait)
        while not session.exec_driver_sql(f"SELECT pg_try_advisory_lock({key})").scalar():
            if time.monotonic() > until:
                raise EvaluationIsBusy(evaluation, session.exec_driver_sql(HOLDER.format(key=key)).one_or_none())
            time.sleep(POLL_SECONDS)
        yield


def _session_name(holder: str) -> str:
    return f"kaohe {holder}"[:63]  # longer names are cut off by the server


def lock_key(evaluation: str) -> int:
    """The evaluation's number among PostgreSQL's advisory locks: 62 bits of its name's digest."""
    return int.from_bytes(hashlib.sha256(f"kaohe:{evaluation}".encode()).digest()[:8]) >> 2


def free(lock: int) -> bool:
    """Take the lock on an open file (its descriptor) if nobody has it; it is given back when the file is closed."""
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
