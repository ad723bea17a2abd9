"""What is dear to work out for a page, kept as long as nothing has changed that it is worked out from."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from orchestration.desk.shared import Desk
from orchestration.moving import hindrances
from orchestration.status import status_of
from resources.clock import now
from resources.home import Home
from resources.runs import inputs_key
from resources.tables import CURRENT_RUNS, LEDGER, OUTPUTS

KEPT = 64


def status(desk: Desk) -> dict[str, Any]:
    """`status_of`, to be read and not changed."""
    return _status(desk.home, desk.evaluation, as_it_stands(desk))


def hindered(desk: Desk) -> dict[str, list[str]]:
    """`hindrances`, to be read and not changed. Raises: as they."""
    return _hindrances(desk.home, desk.evaluation, as_it_stands(desk))


def as_it_stands(desk: Desk) -> str:
    """A text that changes with whatever these are worked out from: ledger, inbox, definition, tables of runs, the day.

    Tables of all evaluations count, because one reads those of the cycle before.
    """
    parts = [now()[:10], inputs_key(desk.home, desk.ledger, desk.evaluation)]
    with desk.ledger.store.reading() as connection:
        for query in (
            sa.select(LEDGER.c.hash).order_by(LEDGER.c.seq.desc()).limit(1),
            sa.select(CURRENT_RUNS.c.seal).order_by(CURRENT_RUNS.c.evaluation),
            sa.select(OUTPUTS.c.seal).order_by(OUTPUTS.c.evaluation, OUTPUTS.c.table_name, OUTPUTS.c.producer),
        ):
            parts += connection.execute(query).scalars()
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@lru_cache(maxsize=KEPT)
def _status(home: Home, evaluation: str, _as_it_stands: str) -> dict[str, Any]:
    return status_of(home, evaluation)


@lru_cache(maxsize=KEPT)
def _hindrances(home: Home, evaluation: str, _as_it_stands: str) -> dict[str, list[str]]:
    return hindrances(home, evaluation)
