"""Corrections as ledger entries: request and approval by two people, bound to the value in force.

What a correction does to the row that it names stands in `evaluation/corrected.py` and `evaluation/acceptance.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import sqlalchemy as sa

from evaluation.corrected import CELL, FIGURE
from resources.adoption import TwoNamesNeeded, require_two_names
from resources.ledger import Entry, Ledger, Payload, append_within, entries_within

REQUESTED = "correction_requested"
APPROVED = "correction_approved"
COLUMNS = (
    "seq",
    "approval_seq",
    "unit_code",
    "indicator_code",
    "period",
    "old_value",
    "new_value",
    "reason",
    "reason_class",
    "document",
    "requested_by",
    "approved_by",
    "subject",
    "object",
    "field",
)
# What an entry leaves out: most corrections are of figures.
LEFT_OUT = dict.fromkeys(CELL, "") | {"subject": FIGURE, "field": "value"}
InForce = Callable[[Mapping[str, str]], str]


class NoSuchRequest(Exception):
    """The sequence number names no correction that waits for approval."""


class ValueHasChanged(Exception):
    """The value in force is no longer the one that the correction was asked for."""

    def __init__(self, expected: str, in_force: str) -> None:
        super().__init__(
            f"现行值是“{in_force or '（无）'}”，不是“{expected or '（无）'}”：别人已先更正，或所依据的报送、办法已变。"
            "未写入任何内容，请核对后重新申请。"
        )


def request(
    ledger: Ledger,
    evaluation: str,
    correction: Payload,
    approved_by: str | None = None,
    in_force: InForce | None = None,
    key: str | None = None,
    *,
    once: bool = False,
) -> list[Entry]:
    """Append the request and, where `approved_by` is given, its approval, both or neither.

    `correction` has CELL, `old_value`, `new_value`, `reason`, `reason_class`, `document`, `requested_by`.
    `in_force` is asked for the value of the cell while nobody else can write. A request of the same `key`, and where
    `once` the same that waits already, is returned instead.

    Raises:
        TwoNamesNeeded: the same person asks and approves.
        ValueHasChanged: `old_value` is no longer in force.
    """
    with ledger.store.writing() as connection:
        return request_within(connection, evaluation, correction, approved_by, in_force, key, once=once)


def request_within(
    connection: sa.Connection,
    evaluation: str,
    correction: Payload,
    approved_by: str | None = None,
    in_force: InForce | None = None,
    key: str | None = None,
    *,
    once: bool = False,
) -> list[Entry]:
    """`request` as part of a transaction that writes more."""
    if not correction["requested_by"].strip():
        raise TwoNamesNeeded("")
    if approved_by is not None:
        require_two_names(correction["requested_by"], approved_by)
    if in_force is not None:
        _require_in_force(correction, in_force)
    payload = {name: text for name, text in correction.items() if LEFT_OUT.get(name) != text}
    waits = _waiting(connection, evaluation, payload) if once else None
    entries = [waits or append_within(connection, evaluation, REQUESTED, payload, key)]
    if approved_by is not None:
        entries.append(append_within(connection, evaluation, APPROVED, *_approval(entries[0], approved_by)))
    return entries


def _waiting(connection: sa.Connection, evaluation: str, payload: Payload) -> Entry | None:
    """The request that says just this and waits for approval already."""
    entries = entries_within(connection, evaluation, [REQUESTED, APPROVED])
    decided = {entry.payload["request"] for entry in entries if entry.kind == APPROVED}
    same = (e for e in entries if e.kind == REQUESTED and e.seq not in decided and e.payload == payload)
    return next(same, None)


def approve(ledger: Ledger, evaluation: str, seq: int, by: str, in_force: InForce) -> Entry:
    """Append the approval of request `seq`; twice is once.

    Raises:
        NoSuchRequest, TwoNamesNeeded, ValueHasChanged: nothing is written.
    """
    entry = requested(ledger, evaluation, seq)
    require_two_names(entry.payload["requested_by"], by)
    with ledger.store.writing() as connection:
        approved = {e.payload["request"]: e for e in entries_within(connection, evaluation, [APPROVED])}
        if seq in approved:
            return approved[seq]
        _require_in_force(LEFT_OUT | entry.payload, in_force)
        return append_within(connection, evaluation, APPROVED, *_approval(entry, by))


def requested(ledger: Ledger, evaluation: str, seq: int) -> Entry:
    """The request of that number.

    Raises:
        NoSuchRequest: the entry is none, or of another evaluation.
    """
    entry = ledger.entry(seq) if 0 < seq < 2**63 else None
    if entry is None or entry.kind != REQUESTED or entry.evaluation != evaluation:
        raise NoSuchRequest(
            f"台账第{seq}号不是考核“{evaluation}”的更正申请。可用 kaohe status {evaluation} 查看待批更正。"
        )
    return entry


def corrections(ledger: Ledger, evaluation: str, up_to: int | None = None) -> pd.DataFrame:
    """All corrections asked for, with COLUMNS; `approval_seq` is NA and `approved_by` empty while one waits."""
    entries = ledger.entries(evaluation, [REQUESTED, APPROVED], up_to)
    approvals = {e.payload["request"]: e for e in entries if e.kind == APPROVED}
    rows = []
    for entry in entries:
        if entry.kind == REQUESTED:
            approval = approvals.get(entry.seq)
            decided = (approval.seq, approval.payload["approved_by"]) if approval else (None, None)
            said = LEFT_OUT | entry.payload
            rows.append({"seq": entry.seq, "approval_seq": decided[0], **said, "approved_by": decided[1]})
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return frame.astype({name: "Int64" if name.endswith("seq") else "str" for name in COLUMNS})


def approved(asked: pd.DataFrame) -> pd.DataFrame:
    """Of all corrections those that count, in the order of approval."""
    return asked[asked["approval_seq"].notna()].sort_values("approval_seq")


def _require_in_force(correction: Mapping[str, str], in_force: InForce) -> None:
    now = in_force(correction)
    if now != correction["old_value"]:
        raise ValueHasChanged(correction["old_value"], now)


def _approval(entry: Entry, by: str) -> tuple[Payload, str]:
    """Payload and key: bound to the request's content by its hash, and one approval a request."""
    payload = {"request": entry.seq, "request_hash": entry.hash, "approved_by": by}
    return payload, f"{APPROVED}:{entry.seq}"
