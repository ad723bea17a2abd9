"""Where the evaluation stands, what keeps it from moving on, and the move: asked for by one person, made by another."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from evaluation.states import NEXT, STATES
from orchestration.desk.remembered import hindered
from orchestration.desk.shared import Desk, in_browser, page
from orchestration.moving import approve_state, propose_state
from orchestration.refusals import REFUSALS
from reports.harmless import visible
from resources.accounts import same_person
from resources.ledger import Entry
from resources.publications import Publications
from resources.roles import EXAMINING
from resources.states import MOVED, proposed, standing

ASK, APPROVE = "ask", "approve"


@page(*EXAMINING)
def state(desk: Desk) -> Response:
    form = desk.form
    if form.sent and form["do"] == APPROVE:
        number = int(form["seq"]) if form["seq"].isdecimal() and len(form["seq"]) < 18 else 0
        if form.done(lambda: approve_state(desk.home, desk.evaluation, number, desk.user.name), "approval"):
            return desk.to("state")
    elif form.sent and _asks(desk):
        return desk.to("state")
    stands, asked = standing(desk.ledger, desk.evaluation), proposed(desk.ledger, desk.evaluation)
    in_the_way, why_not = _hindered(desk)
    return desk.page(
        "state.html",
        states=STATES,
        stands=stands,
        following=NEXT[stands.state],
        hindered=in_the_way,
        why_not=why_not,
        asked=None if asked is None else _told(asked),
        own=asked is not None and same_person(asked.payload["by"], desk.user.name),
        moves=[_told(entry) for entry in reversed(desk.ledger.entries(desk.evaluation, [MOVED]))],
        newest=Publications(desk.home, desk.ledger, desk.evaluation).newest(),
    )


def _asks(desk: Desk) -> bool:
    form = desk.form
    if form["state"] not in STATES:
        form.faults["state"] = "请选择移到哪一状态。"
    if not form.require(document="请写明依据的文件名称及文号。"):
        return False
    asked = form.done(
        lambda: propose_state(desk.home, desk.evaluation, form["state"], form["document"], desk.user.name), "state"
    )
    return asked is not None


def _hindered(desk: Desk) -> tuple[dict[str, list[str]], str]:
    """What stands in the way of each state that may follow; or why nothing can be said of that yet."""
    try:
        found = hindered(desk)
    except REFUSALS as refused:
        return {}, in_browser(str(refused))
    return {state: [in_browser(visible(one)) for one in told] for state, told in found.items()}, ""


def _told(entry: Entry) -> dict[str, Any]:
    texts = {name: visible(text) if isinstance(text, str) else text for name, text in entry.payload.items()}
    return texts | {"seq": entry.seq, "at": entry.recorded_at[:16].replace("T", " ")}
