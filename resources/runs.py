"""Runs: each bound to the inputs that it read at its start. That there is one at a time stands in `locks.py`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from evaluation.definition import Definition
from resources.adoption import ADOPTED, DefinitionInForce, archived_definition, definition_in_force
from resources.archive import Archive
from resources.clock import now
from resources.corrections import APPROVED
from resources.decisions import DECISION_KINDS
from resources.heartbeats import record_end, record_start
from resources.home import Home
from resources.inbox import RECEIVED, Inbox
from resources.ledger import Ledger, canonical, entries_within, head_within
from resources.rows import sealed
from resources.states import MOVED
from resources.store import check_fence
from resources.tables import CURRENT_RUNS

# Entries that can change a result; what a run itself records (a version) is none of them.
INPUT_KINDS = (RECEIVED, ADOPTED, APPROVED, MOVED, *DECISION_KINDS)
RUN_COLUMNS = [column for column in CURRENT_RUNS.columns if column.name != "seal"]


# Before the key of a run that has not come to its end yet, and may never.
UNFINISHED = "?"


class NotOpened(Exception):
    """No run has read this evaluation's inputs yet."""


@dataclass(frozen=True)
class Run:
    """What a run reads: everything up to one ledger entry, by one definition.

    `inputs_key` equals `inputs_key()` of today where the run came to its end and nothing has changed since.
    """

    evaluation: str
    fence: int
    run_id: str
    run_key: str
    as_of: str
    ledger_seq: int
    ledger_head: str
    definition_digest: str
    definition_files: str  # JSON: name → SHA-256 in the archive
    adopted: bool
    edited: bool
    inbox_present: bool
    inputs_key: str

    @property
    def unfinished(self) -> bool:
        """Whether it goes on or broke off."""
        return self.inputs_key.startswith(UNFINISHED)


def finish_run(connection: sa.Connection, run: Run, outcome: str) -> None:
    """Record that the run has come to its end, and what it came to: until then it is due, and after a power cut it is
    due again.

    Raises:
        StoreIsNewer: another run has claimed the evaluation since.
    """
    check_fence(connection, run.evaluation, run.fence)
    record_run(connection, replace(run, inputs_key=run.inputs_key.removeprefix(UNFINISHED)))
    record_end(connection, run.evaluation, run.run_id, outcome)


def run_definition(home: Home, run: Run) -> Definition:
    """The definition that the run reads.

    Raises:
        InvalidRulebook: it is not adopted and cannot be read.
    """
    files = tuple(json.loads(run.definition_files).items())
    return archived_definition(Archive(home.archive), files, run.evaluation)


def open_run(home: Home, ledger: Ledger, evaluation: str, run_id: str) -> Run:
    """Take in what lies in the inbox, read the ledger's head, and claim the evaluation for `run_id`.

    Called twice in one run, the second call gives what the first one read.
    """
    current = current_run(ledger, evaluation)
    if current is None or current.run_id != run_id:
        return _claim(home, ledger, evaluation, run_id)
    return current


def current_run(ledger: Ledger, evaluation: str) -> Run | None:
    """The newest claimant of the evaluation."""
    with ledger.store.reading() as connection:
        row = connection.execute(sa.select(*RUN_COLUMNS).where(CURRENT_RUNS.c.evaluation == evaluation)).one_or_none()
    return None if row is None else Run(**row._mapping)


def all_runs(ledger: Ledger) -> list[Run]:
    """The newest claimant of every evaluation."""
    with ledger.store.reading() as connection:
        return [Run(**row._mapping) for row in connection.execute(sa.select(*RUN_COLUMNS))]


def inputs_key(home: Home, ledger: Ledger, evaluation: str, listing: str | None = None) -> str:
    """A text that changes whenever a run would read something else: ledger, definition or inbox.

    `listing` is the inbox's at an earlier moment, where one was taken.
    """
    seq = ledger.newest_of(evaluation, INPUT_KINDS)
    digest = hashlib.sha256((listing or Inbox(home, evaluation).listing()).encode())
    for name, data in sorted(home.definition_files(evaluation).items()):
        digest.update(f"{name}:{len(data)}:".encode() + data)
    return f"{seq}:{digest.hexdigest()[:16]}"


def by_definition(in_force: DefinitionInForce) -> dict[str, Any]:
    """What a run says of the definition that it works by."""
    return {
        "definition_digest": in_force.digest,
        "definition_files": canonical(in_force.files),
        "adopted": in_force.adopted,
        "edited": in_force.edited,
    }


def _claim(home: Home, ledger: Ledger, evaluation: str, run_id: str) -> Run:
    inbox = Inbox(home, evaluation)
    present, listing = inbox.present, inbox.listing()
    if present:
        Archive(home.archive).sweep()
        inbox.take_in(ledger)
        inbox.note_left_alone(ledger)
    # The listing is from before the files were taken in: one dropped meanwhile makes another run.
    key = UNFINISHED + inputs_key(home, ledger, evaluation, listing)
    with ledger.store.writing() as connection:
        seq, head = head_within(connection)
        before = connection.execute(
            sa.select(CURRENT_RUNS.c.fence).where(CURRENT_RUNS.c.evaluation == evaluation)
        ).scalar()
        in_force = definition_in_force(home, ledger, evaluation, seq)
        run = Run(
            evaluation=evaluation,
            fence=(before or 0) + 1,
            run_id=run_id,
            run_key=f"{seq}:{in_force.digest}",
            as_of=_as_of(connection, evaluation),
            ledger_seq=seq,
            ledger_head=head,
            **by_definition(in_force),
            inbox_present=present,
            inputs_key=key,
        )
        record_run(connection, run)
        record_start(connection, evaluation, run_id)
    return run


def record_run(connection: sa.Connection, run: Run) -> None:
    """Make the run its evaluation's newest."""
    connection.execute(sa.delete(CURRENT_RUNS).where(CURRENT_RUNS.c.evaluation == run.evaluation))
    connection.execute(sa.insert(CURRENT_RUNS), sealed(vars(run)))


def _as_of(connection: sa.Connection, evaluation: str) -> str:
    """The day of the newest entry that can change a result: the same inputs make the same files on any day."""
    entries = entries_within(connection, evaluation, INPUT_KINDS)
    return (entries[-1].recorded_at if entries else now())[:10]
