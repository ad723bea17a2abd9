"""When each evaluation was last run, what came of it, and when a run last came to its end: a row for each."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from resources.clock import now
from resources.ledger import Ledger
from resources.rows import sealed
from resources.tables import HEARTBEATS

COLUMNS = [column for column in HEARTBEATS.columns if column.name != "seal"]


@dataclass(frozen=True)
class Heartbeat:
    """Times as ISO text; `finished_at` and `outcome` are empty while a run works, and after one that was ended."""

    evaluation: str
    run_id: str
    started_at: str
    finished_at: str = ""
    outcome: str = ""
    last_good_at: str = ""


def heartbeats(ledger: Ledger) -> list[Heartbeat]:
    """The newest of every evaluation that was ever run, by name."""
    with ledger.store.reading() as connection:
        rows = connection.execute(sa.select(*COLUMNS).order_by(HEARTBEATS.c.evaluation))
        return [Heartbeat(**row._mapping) for row in rows]


def record_start(connection: sa.Connection, evaluation: str, run_id: str) -> None:
    """A run begins; when the last good one ended is kept."""
    query = sa.select(HEARTBEATS.c.last_good_at).where(HEARTBEATS.c.evaluation == evaluation)
    last_good_at = connection.execute(query).scalar() or ""
    _keep(connection, Heartbeat(evaluation, run_id, now(), last_good_at=last_good_at))


def record_end(connection: sa.Connection, evaluation: str, run_id: str, outcome: str) -> None:
    """The run has come to its end, unless another has begun since."""
    query = sa.select(*COLUMNS).where(HEARTBEATS.c.evaluation == evaluation, HEARTBEATS.c.run_id == run_id)
    row = connection.execute(query).one_or_none()
    if row is not None:
        at = now()
        _keep(connection, replace(Heartbeat(**row._mapping), finished_at=at, outcome=outcome, last_good_at=at))


def _keep(connection: sa.Connection, beat: Heartbeat) -> None:
    connection.execute(sa.delete(HEARTBEATS).where(HEARTBEATS.c.evaluation == beat.evaluation))
    connection.execute(sa.insert(HEARTBEATS), sealed(vars(beat)))
