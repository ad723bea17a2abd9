"""Appeals against a result: filed within the notice period, decided by somebody else than who took them in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from resources.adoption import require_two_names
from resources.clock import start_of_day
from resources.ledger import Entry, Ledger, append_within, entries_within

FILED, DECIDED = "appeal_filed", "appeal_decided"
OUTCOMES = {"upheld": "支持", "partly": "部分支持", "refused": "不予支持", "withdrawn": "撤回"}


class AppealRefused(Exception):
    """There is no such appeal, it cannot be filed now, or it is decided already."""


@dataclass(frozen=True)
class Appeal:
    """One appeal. `number` counts from 1 within the evaluation; `outcome` is empty while it is open."""

    number: int
    seq: int
    unit_code: str
    indicator_code: str
    grounds: str
    document: str
    filed_by: str
    received_by: str
    received_on: str
    outcome: str = ""
    reason: str = ""
    decided_by: str = ""
    decided_seq: int | None = None

    @property
    def receipt(self) -> str:
        """What the unit quotes when it asks about its appeal."""
        return f"申诉{self.received_on[:4]}-{self.number:03}"


def file_appeal(ledger: Ledger, evaluation: str, payload: dict[str, Any]) -> Appeal:
    """Append an appeal (`unit_code, indicator_code, grounds, document, filed_by, received_by, received_on`)."""
    start_of_day(payload["received_on"])
    with ledger.store.writing() as connection:
        number = len(entries_within(connection, evaluation, [FILED])) + 1
        entry = append_within(connection, evaluation, FILED, {"number": number, **payload})
    return Appeal(seq=entry.seq, **entry.payload)


def decide_appeal(ledger: Ledger, evaluation: str, number: int, outcome: str, reason: str, by: str) -> Appeal:
    """Append the decision; the same decision twice is once.

    Raises:
        AppealRefused: no such appeal, or it was decided otherwise.
        TwoNamesNeeded: who took the appeal in may not decide it.
    """
    with ledger.store.writing() as connection:
        found = _appeals(entries_within(connection, evaluation, [FILED, DECIDED]))
        if number not in found:
            raise AppealRefused(f"没有第{number}号申诉。现有：{'、'.join(map(str, found)) or '（无）'}。")
        appeal = found[number]
        decided = (appeal.outcome, appeal.reason, appeal.decided_by)
        if appeal.outcome and decided != (outcome, reason, by):
            raise AppealRefused(f"第{number}号申诉已由{appeal.decided_by}裁定“{OUTCOMES[appeal.outcome]}”，不能改。")
        require_two_names(appeal.received_by, by)
        payload = {"appeal": appeal.seq, "outcome": outcome, "reason": reason, "decided_by": by}
        entry = append_within(connection, evaluation, DECIDED, payload, key=f"{DECIDED}:{appeal.seq}")
    return _decided(appeal, entry)


def appeals(ledger: Ledger, evaluation: str) -> dict[int, Appeal]:
    """All appeals by number, each with its decision where there is one."""
    return _appeals(ledger.entries(evaluation, [FILED, DECIDED]))


def _appeals(entries: list[Entry]) -> dict[int, Appeal]:
    decisions = {entry.payload["appeal"]: entry for entry in entries if entry.kind == DECIDED}
    filed = [Appeal(seq=entry.seq, **entry.payload) for entry in entries if entry.kind == FILED]
    return {one.number: _decided(one, decisions[one.seq]) if one.seq in decisions else one for one in filed}


def _decided(appeal: Appeal, entry: Entry) -> Appeal:
    made = {name: entry.payload[name] for name in ("outcome", "reason", "decided_by")}
    return Appeal(**{**vars(appeal), **made, "decided_seq": entry.seq})
