"""Appeals against a result: filed within the notice period, decided by somebody else than who took them in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from evaluation.corrected import CELL
from resources.adoption import require_two_names
from resources.clock import start_of_day
from resources.correction_requests import InForce, request_within
from resources.corrections import LEFT_OUT
from resources.ledger import Entry, Ledger, Payload, append_within, entries_within
from resources.tables import LEDGER

FILED, DECIDED = "appeal_filed", "appeal_decided"
OUTCOMES = {"upheld": "支持", "partly": "部分支持", "refused": "不予支持", "withdrawn": "撤回"}


class AppealRefused(Exception):
    """There is no such appeal, it cannot be filed now, or it is decided already."""


@dataclass(frozen=True)
class Appeal:
    """One appeal. `number` counts from 1 within the evaluation; `outcome` is empty while it is open.

    `correction`: the ledger entry of the correction that the decision asked for and approved.
    """

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
    correction: int | None = None

    @property
    def receipt(self) -> str:
        """What the unit quotes when it asks about its appeal."""
        return f"申诉{self.received_on[:4]}-{self.number:03}"


def file_appeal(ledger: Ledger, evaluation: str, payload: dict[str, Any], *, once: bool = False) -> Appeal:
    """Append an appeal (`unit_code, indicator_code, grounds, document, filed_by, received_by, received_on`).

    `once`: the same that is open already is returned instead.
    """
    start_of_day(payload["received_on"])
    with ledger.store.writing() as connection:
        found = _appeals(entries_within(connection, evaluation, [FILED, DECIDED]))
        for one in found.values():
            if once and not one.outcome and all(getattr(one, name) == text for name, text in payload.items()):
                return one
        number = len(found) + 1
        entry = append_within(connection, evaluation, FILED, {"number": number, **payload})
    return Appeal(seq=entry.seq, **entry.payload)


@dataclass(frozen=True)
class Ruling:
    """How an appeal is decided. `correction` (`resources.corrections.request`) where it changes a figure."""

    outcome: str
    reason: str
    by: str
    correction: Payload | None = None


def decide_appeal(
    ledger: Ledger, evaluation: str, number: int, ruling: Ruling, in_force: InForce | None = None
) -> Appeal:
    """Append the decision and the correction that it makes, all or nothing; the same decision twice is once.

    Raises:
        AppealRefused: no such appeal, or it was decided otherwise.
        TwoNamesNeeded: who took the appeal in, or filed it, may not decide it.
        ValueHasChanged: the value that is to be corrected is no longer in force.
    """
    with ledger.store.writing() as connection:
        found = _appeals(entries_within(connection, evaluation, [FILED, DECIDED]))
        if number not in found:
            raise AppealRefused(f"没有第{number}号申诉。现有：{'、'.join(map(str, found)) or '（无）'}。")
        appeal = found[number]
        if appeal.outcome:
            _require_same(connection, appeal, ruling)
            return appeal
        require_two_names(appeal.received_by, ruling.by)
        require_two_names(appeal.filed_by, ruling.by)
        payload = {
            "appeal": appeal.seq,
            "outcome": ruling.outcome,
            "reason": ruling.reason,
            "decided_by": ruling.by,
        }
        if ruling.correction is not None:
            asked, _ = request_within(connection, evaluation, ruling.correction, ruling.by, in_force)
            payload["correction"] = asked.seq
        entry = append_within(connection, evaluation, DECIDED, payload, key=f"{DECIDED}:{appeal.seq}")
    return _decided(appeal, entry)


def _require_same(connection: sa.Connection, appeal: Appeal, ruling: Ruling) -> None:
    made: Payload | None = None
    if appeal.correction is not None:
        query = sa.select(LEDGER.c.payload).where(LEDGER.c.seq == appeal.correction)
        made = LEFT_OUT | json.loads(connection.execute(query).scalar_one())
    decided = (appeal.outcome, appeal.reason, appeal.decided_by, _corrects(made))
    if decided != (ruling.outcome, ruling.reason, ruling.by, _corrects(ruling.correction)):
        where = " ".join(made[one] for one in ("indicator_code", "period") if made[one]) if made else ""
        said = OUTCOMES[appeal.outcome] + (f"，{where} 更正为{made['new_value']}" if made else "")
        raise AppealRefused(f"第{appeal.number}号申诉已由{appeal.decided_by}裁定“{said}”，不能改。")


def _corrects(correction: Payload | None) -> list[str] | None:
    """Which cell, and to what."""
    return None if correction is None else [correction[name] for name in (*CELL, "new_value")]


def appeals(ledger: Ledger, evaluation: str) -> dict[int, Appeal]:
    """All appeals by number, each with its decision where there is one."""
    return _appeals(ledger.entries(evaluation, [FILED, DECIDED]))


def _appeals(entries: list[Entry]) -> dict[int, Appeal]:
    decisions = {entry.payload["appeal"]: entry for entry in entries if entry.kind == DECIDED}
    filed = [Appeal(seq=entry.seq, **entry.payload) for entry in entries if entry.kind == FILED]
    return {one.number: _decided(one, decisions[one.seq]) if one.seq in decisions else one for one in filed}


def _decided(appeal: Appeal, entry: Entry) -> Appeal:
    made = {name: entry.payload.get(name) for name in ("outcome", "reason", "decided_by", "correction")}
    return Appeal(**{**vars(appeal), **made, "decided_seq": entry.seq})
