"""A correction asked for, approved or rejected: entries by two people, bound to the value in force.

Here belongs writing them; what all of them come to is read in `corrections.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from resources.accounts import same_person
from resources.adoption import TwoNamesNeeded, require_two_names
from resources.corrections import APPROVED, KINDS, LEFT_OUT, REJECTED, REQUESTED, applicants
from resources.ledger import Entry, Ledger, Payload, append_within, entries_within

InForce = Callable[[Mapping[str, str]], str]


class NoSuchRequest(Exception):
    """The sequence number names no correction that waits for approval."""


class RequestIsDecided(Exception):
    """The request was approved, rejected or withdrawn already."""


class ValueHasChanged(Exception):
    """The value in force is no longer the one that the correction was asked for."""

    def __init__(self, expected: str, in_force: str) -> None:
        super().__init__(
            f"现行值是“{in_force or '（无）'}”，不是“{expected or '（无）'}”：别人已先更正，或所依据的报送、办法已变。"
            "未写入任何内容，请核对后重新申请；不再需要的申请用 kaohe reject 退回。"
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

    `correction` has CELL, `old_value`, `new_value`, `reason`, `reason_class`, `document`, `requested_by`; of targets,
    groups and posts also `file_value`, what the definition's file says there.
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
    if same_person(correction["requested_by"], ""):
        raise TwoNamesNeeded("")
    if approved_by is not None:
        for name in applicants(correction):
            require_two_names(name, approved_by)
    if in_force is not None:
        _require_in_force(correction, in_force)
    payload = {name: text for name, text in correction.items() if LEFT_OUT.get(name) != text}
    waits = _waiting(connection, evaluation, payload) if once else None
    entries = [waits or append_within(connection, evaluation, REQUESTED, payload, key)]
    if approved_by is not None:
        entries.append(append_within(connection, evaluation, APPROVED, *_approval(entries[0], approved_by)))
    return entries


def request_anew(ledger: Ledger, evaluation: str, correction: Payload, key: str, before: Entry | None) -> Entry:
    """`request` of whoever has asked about that cell before: that request is withdrawn, where it waits still."""
    with ledger.store.writing() as connection:
        (entry,) = request_within(connection, evaluation, correction, key=key)
        if before is not None and _decision(connection, evaluation, before.seq) is None:
            because = f"申请人改报为 {correction['new_value'] or '（空白）'}，见台账第{entry.seq}号"
            append_within(connection, evaluation, REJECTED, *_rejection(before, because, correction["requested_by"]))
    return entry


def _waiting(connection: sa.Connection, evaluation: str, payload: Payload) -> Entry | None:
    """The request that says just this and waits for approval already."""
    entries = entries_within(connection, evaluation, KINDS)
    decided = {entry.payload["request"] for entry in entries if entry.kind != REQUESTED}
    same = (e for e in entries if e.kind == REQUESTED and e.seq not in decided and e.payload == payload)
    return next(same, None)


def approve(ledger: Ledger, evaluation: str, seq: int, by: str, in_force: InForce) -> Entry:
    """Append the approval of request `seq`; twice is once.

    Raises:
        NoSuchRequest, RequestIsDecided, TwoNamesNeeded, ValueHasChanged: nothing is written.
    """
    entry = requested(ledger, evaluation, seq)
    for name in applicants(entry.payload):
        require_two_names(name, by)
    with ledger.store.writing() as connection:
        decided = _decision(connection, evaluation, seq)
        if decided is not None and decided.kind == APPROVED:
            return decided
        _require_undecided(seq, decided)
        _require_in_force(LEFT_OUT | entry.payload, in_force)
        return append_within(connection, evaluation, APPROVED, *_approval(entry, by))


def reject(ledger: Ledger, evaluation: str, seq: int, reason: str, by: str) -> Entry:
    """Append that request `seq` is not approved, or withdrawn where `by` asked for it; twice is once.

    Raises:
        NoSuchRequest, RequestIsDecided: nothing is written.
    """
    entry = requested(ledger, evaluation, seq)
    with ledger.store.writing() as connection:
        decided = _decision(connection, evaluation, seq)
        payload, key = _rejection(entry, reason, by)
        if decided is not None and decided.kind == REJECTED and decided.payload == payload:
            return decided
        _require_undecided(seq, decided)
        return append_within(connection, evaluation, REJECTED, payload, key)


def _decision(connection: sa.Connection, evaluation: str, seq: int) -> Entry | None:
    entries = entries_within(connection, evaluation, [APPROVED, REJECTED])
    return next((entry for entry in entries if entry.payload["request"] == seq), None)


def _require_undecided(seq: int, decided: Entry | None) -> None:
    if decided is not None:
        by = decided.payload.get("approved_by") or decided.payload.get("rejected_by")
        how = "批准，不能再撤；数还不对的，请再申请更正" if decided.kind == APPROVED else "退回，请重新申请"
        raise RequestIsDecided(f"更正申请第{seq}号已由{by}{how}（台账第{decided.seq}号）。未写入任何内容。")


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


def _require_in_force(correction: Mapping[str, str], in_force: InForce) -> None:
    now = in_force(correction)
    if now != correction["old_value"]:
        raise ValueHasChanged(correction["old_value"], now)


def _approval(entry: Entry, by: str) -> tuple[Payload, str]:
    """Payload and key: bound to the request's content by its hash, and one approval a request."""
    payload = {"request": entry.seq, "request_hash": entry.hash, "approved_by": by}
    return payload, f"{APPROVED}:{entry.seq}"


def _rejection(entry: Entry, reason: str, by: str) -> tuple[Payload, str]:
    """Likewise."""
    payload = {"request": entry.seq, "request_hash": entry.hash, "rejected_by": by, "reason": reason}
    return payload, f"{REJECTED}:{entry.seq}"
