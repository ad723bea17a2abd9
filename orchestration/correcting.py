"""`kaohe correct` and `kaohe approve`: what is asked is checked against the value in force before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assets.cells import cell_asked, require_nothing_more
from assets.in_force import Correcting, written
from assets.new_values import new_value, require_change, require_possible, same_value
from evaluation.corrected import CELL, FIGURE
from orchestration.deciding import require_other
from orchestration.filing import ledger_of
from orchestration.unconcerned import unconcerned
from reports.corrections import cell_told, change_told
from resources.accounts import same_person
from resources.correction_requests import ValueHasChanged, approve, reject, request, requested
from resources.corrections import LEFT_OUT, applicants
from resources.home import Home
from resources.ledger import Entry, Payload
from resources.refused import Refused

Asked = Mapping[str, str | None]


@dataclass(frozen=True)
class Wanted:
    """A correction that can be asked for: what is to be recorded, and the cell in words."""

    correcting: Correcting
    payload: Payload
    what: str
    notes: list[str]

    @property
    def change(self) -> str:
        return f"{self.what}：{change_told(self.correcting.definition, self.payload)}"


def wanted(home: Home, asked: Asked) -> Wanted:
    """What `asked` comes to: CELL by `subject`, `unit`, …; `old_value`, `value`; why and by whom.

    Raises:
        Refused: a unit, indicator, period, row or value that there is not.
        ValueHasChanged: `old_value` is not the value in force.
    """
    evaluation = str(asked["evaluation"])
    home.definition_files(evaluation)
    correcting = Correcting(home, ledger_of(home), evaluation)
    definition = correcting.definition
    cell = cell_asked(correcting, asked)
    require_nothing_more(cell, asked)
    in_force, new = correcting.in_force(cell), new_value(definition, cell, str(asked["value"]))
    seen = asked.get("old_value")
    if seen is not None and not same_value(cell, seen.strip(), in_force):
        raise ValueHasChanged(seen, in_force)
    require_change(definition, cell, in_force, new)
    require_possible(definition, cell, in_force, new)
    reasons = {name: asked.get(name) or "" for name in ("reason", "reason_class", "document")}
    payload = {**cell, "old_value": in_force, "new_value": new, **reasons, "requested_by": asked.get("by") or ""}
    payload |= written(correcting, cell)
    return Wanted(correcting, payload, cell_told(definition, cell), unconcerned(definition, cell))


def request_correction(
    home: Home, asked: Asked, approved_by: str | None, *, once: bool = False
) -> tuple[list[Entry], str]:
    """Append the request (and the approval where `approved_by` is given); returns entries and a line about them.

    `once`: the same that waits already is returned instead.

    Raises:
        Refused: a unit, indicator, period, row or value that there is not.
        ValueHasChanged: `old_value` is not the value in force.
        TwoNamesNeeded: the same person asks and approves.
    """
    want = wanted(home, asked)
    correcting = want.correcting
    if approved_by:
        _require_may_approve(correcting, want.payload, approved_by)
    entries = request(
        correcting.ledger, correcting.evaluation, want.payload, approved_by, correcting.in_force, once=once
    )
    notes = "".join(f"\n注意：{note}" for note in want.notes)
    if approved_by:
        line = (
            f"更正已申请（台账第{entries[0].seq}号）并批准（第{entries[1].seq}号）：{want.change}。后台会自动重新计分。"
        )
        return entries, line + notes
    return entries, (
        f"更正已申请，台账第{entries[0].seq}号：{want.change}。"
        f"请另一人批准：kaohe approve {correcting.evaluation} {entries[0].seq} --by 姓名{notes}"
    )


def approve_correction(home: Home, evaluation: str, seq: int, by: str) -> str:
    """Append the approval; returns a line about it.

    Raises:
        NoSuchRequest, RequestIsDecided, TwoNamesNeeded, DecidesOwnCause, ValueHasChanged: nothing is written.
        Refused: what is asked can no longer be, because rules have changed meanwhile; or what came in since is not
            scored yet.
    """
    correcting = Correcting(home, ledger_of(home), evaluation)
    asked = LEFT_OUT | requested(correcting.ledger, evaluation, seq).payload
    _require_may_approve(correcting, asked, by)
    cell = {name: asked[name] for name in CELL}
    if correcting.in_force(cell) == asked["old_value"]:
        require_possible(correcting.definition, cell, asked["old_value"], asked["new_value"])
    newest, _ = correcting.ledger.head()
    entry = approve(correcting.ledger, evaluation, seq, by, correcting.in_force)
    if entry.seq <= newest:
        return f"更正申请第{seq}号已由{entry.payload['approved_by']}批准（台账第{entry.seq}号），没有再写。"
    return f"已批准更正申请第{seq}号（台账第{entry.seq}号）。后台会自动重新计分。"


def reject_correction(home: Home, evaluation: str, seq: int, reason: str, by: str) -> str:
    """Append that the request is not approved, or withdrawn by who asked; returns a line about it.

    Raises:
        NoSuchRequest, RequestIsDecided: nothing is written.
        Refused: no reason or no name.
    """
    home.definition_files(evaluation)
    if not reason.strip() or not by.strip():
        raise Refused("理由（--reason）和经办人（--by）都要写明。")
    ledger = ledger_of(home)
    own = any(same_person(name, by) for name in applicants(requested(ledger, evaluation, seq).payload))
    entry = reject(ledger, evaluation, seq, reason.strip(), by.strip())
    return f"更正申请第{seq}号已{'撤回' if own else '退回'}（台账第{entry.seq}号），理由：{reason.strip()}。"


def _require_may_approve(correcting: Correcting, asked: Mapping[str, Any], by: str) -> None:
    """Raises: DecidesOwnCause: it is for the approver's own unit. Refused: the rules have no such cell any more, or the
    value in force is not known yet."""
    names = {"subject": "subject", "unit": "unit_code", "indicator": "indicator_code"}
    names |= {name: name for name in ("period", "object", "field")}
    cell_asked(correcting, {name: str(asked[column]) or None for name, column in names.items()})
    require_other(correcting.definition, [str(asked["unit_code"])], by)
    if asked["subject"] == FIGURE and correcting.is_behind:
        raise Refused(
            f"又有报送还没有计分，不知道现行值是否还是“{asked['old_value'] or '（无）'}”。"
            f"请先运行 kaohe evaluate {correcting.evaluation}（后台也会自动计分），再批准。"
        )
