"""Corrections as ledger entries: request and approval by two people, bound to the value in force."""

from __future__ import annotations

import pandas as pd

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
)


class NoSuchRequest(Exception):
    """The sequence number names no correction that waits for approval."""


class ValueHasChanged(Exception):
    """The value in force is no longer the one that the correction was asked for."""

    def __init__(self, expected: str, in_force: str) -> None:
        super().__init__(
            f"现行核定值是“{in_force or '（无）'}”，不是“{expected or '（无）'}”：别人已先更正。"
            "未写入任何内容，请核对后重新申请。"
        )


def request(ledger: Ledger, evaluation: str, correction: Payload, approved_by: str | None = None) -> list[Entry]:
    """Append the request and, where `approved_by` is given, its approval, both or neither.

    `correction` has the keys of COLUMNS from `unit_code` to `requested_by`.

    Raises:
        TwoNamesNeeded: the same person asks and approves.
    """
    if not correction["requested_by"].strip():
        raise TwoNamesNeeded("")
    if approved_by is not None:
        require_two_names(correction["requested_by"], approved_by)
    with ledger.store.writing() as connection:
        entries = [append_within(connection, evaluation, REQUESTED, correction)]
        if approved_by is not None:
            entries.append(append_within(connection, evaluation, APPROVED, *_approval(entries[0], approved_by)))
        return entries


def approve(ledger: Ledger, evaluation: str, seq: int, by: str, value_in_force: str) -> Entry:
    """Append the approval of request `seq`; twice is once.

    Raises:
        NoSuchRequest, TwoNamesNeeded, ValueHasChanged: nothing is written.
    """
    entry = ledger.entry(seq)
    if entry is None or entry.kind != REQUESTED or entry.evaluation != evaluation:
        raise NoSuchRequest(
            f"台账第{seq}号不是考核“{evaluation}”的更正申请。可用 kaohe status {evaluation} 查看待批更正。"
        )
    require_two_names(entry.payload["requested_by"], by)
    with ledger.store.writing() as connection:
        approved = {e.payload["request"]: e for e in entries_within(connection, evaluation, [APPROVED])}
        if seq in approved:
            return approved[seq]
        if value_in_force != entry.payload["old_value"]:
            raise ValueHasChanged(entry.payload["old_value"], value_in_force)
        return append_within(connection, evaluation, APPROVED, *_approval(entry, by))


def corrections(ledger: Ledger, evaluation: str, up_to: int | None = None) -> pd.DataFrame:
    """All corrections asked for, with COLUMNS; `approval_seq` is NA and `approved_by` empty while one waits."""
    entries = ledger.entries(evaluation, [REQUESTED, APPROVED], up_to)
    approvals = {e.payload["request"]: e for e in entries if e.kind == APPROVED}
    rows = []
    for entry in entries:
        if entry.kind == REQUESTED:
            approval = approvals.get(entry.seq)
            decided = (approval.seq, approval.payload["approved_by"]) if approval else (None, None)
            rows.append({"seq": entry.seq, "approval_seq": decided[0], **entry.payload, "approved_by": decided[1]})
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return frame.astype({name: "Int64" if name.endswith("seq") else "str" for name in COLUMNS})


def _approval(entry: Entry, by: str) -> tuple[Payload, str]:
    """Payload and key: bound to the request's content by its hash, and one approval a request."""
    payload = {"request": entry.seq, "request_hash": entry.hash, "approved_by": by}
    return payload, f"{APPROVED}:{entry.seq}"
