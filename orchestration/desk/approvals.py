"""One request for a correction: who asked and why, what it would change, what was decided, and what came of it."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from guard.users import EVERYBODY
from orchestration.correcting import approve_correction, reject_correction
from orchestration.desk.corrections import seen, told
from orchestration.desk.effects import Effect, effect_shown
from orchestration.desk.results import Progress, progress, ranking_shown
from orchestration.desk.shared import Desk, page
from orchestration.previewing import preview_correction
from resources.accounts import same_person
from resources.corrections import REQUESTED

REJECT = "reject"


@page(*EVERYBODY)
def correction(desk: Desk) -> Response:
    """Raises: HTTPException: 404: no such request; 403: it is not the user's, or he may not approve."""
    form = desk.form
    row = _row(desk, form["seq"])
    own = same_person(row["requested_by"], desk.user.name)
    if form.sent and _decided(desk, row["seq"], own=own):
        return desk.to("correction", seq=row["seq"])
    one = told(desk.definition, row)
    stands: Progress | None = progress(desk, int(row["approval_seq"])) if one["approved"] else None
    return desk.page(
        "correction.html",
        one=one,
        effect=None if one["decided"] else _effect(desk, row),
        own=own,
        may_approve=desk.user.examines and not own,
        may_reject=desk.user.examines or own,
        progress=stands,
        ranking=ranking_shown(desk) if stands and stands.version and desk.user.examines else None,
    )


def _decided(desk: Desk, seq: int, *, own: bool) -> bool:
    """Approve or reject as asked; False, and the form tells why, where that cannot be.

    Raises: HTTPException: 403: only who examines decides, and who asked may withdraw.
    """
    form, rejects = desk.form, desk.form["do"] == REJECT
    if not desk.user.examines and not (rejects and own):
        raise HTTPException(403)
    if rejects:
        return form.require(reason="请写明理由。") and bool(
            form.done(lambda: reject_correction(desk.home, desk.evaluation, seq, form["reason"], desk.user.name))
        )
    return bool(form.done(lambda: approve_correction(desk.home, desk.evaluation, seq, desk.user.name)))


def _row(desk: Desk, seq: str) -> dict[str, Any]:
    for row in seen(desk):
        if str(row["seq"]) == seq:
            return row
    known = {str(entry.seq) for entry in desk.ledger.entries(desk.evaluation, [REQUESTED])}
    raise HTTPException(403 if seq in known else 404)


def _effect(desk: Desk, row: dict[str, Any]) -> Effect | None:
    asked = {name: str(row[name]) for name in ("subject", "period", "object", "field", "old_value", "reason")}
    more = {"unit": row["unit_code"], "indicator": row["indicator_code"], "value": row["new_value"]}
    said = {**asked, **more, "evaluation": desk.evaluation}
    found = desk.form.done(lambda: preview_correction(desk.home, said), "stale")
    return None if found is None else effect_shown(desk, found)
