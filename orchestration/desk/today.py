"""The first page: where the evaluation stands, and what whoever logged in has to do today, each with its page."""

from __future__ import annotations

from typing import Any, NamedTuple

from starlette.responses import Response

from evaluation.states import CLOSED
from guard.users import EVERYBODY
from orchestration.desk.remembered import status
from orchestration.desk.shared import Desk, in_browser, page
from orchestration.status_told import how_far
from orchestration.tasks import OF_APPEALS, SIGN_OFF
from reports.harmless import visible
from resources.publications import Publications
from resources.states import proposed, standing

SHOWN = 12
OF_CORRECTIONS = "待批更正"
TO_FILE = ("缺报", "退回", "核对说明")


class Doable(NamedTuple):
    """Something to do in words, and the address of the page that does it ("" where a browser cannot)."""

    text: str
    address: str


@page(*EVERYBODY)
def today(desk: Desk) -> Response:
    found = status(desk)
    own = {name: _shown(desk, tasks) for name, tasks in _own(desk, found["tasks"]).items()}
    stands = standing(desk.ledger, desk.evaluation)
    return desk.page(
        "today.html",
        told=found,
        how_far=how_far(found) if desk.user.examines else "",
        groups=own,
        more=_more(desk),
        others=_others(desk, found["tasks"]),
        stands=stands,
        closed=stands.state in CLOSED,
        newest=Publications(desk.home, desk.ledger, desk.evaluation).newest(),
        most=SHOWN,
    )


def _own(desk: Desk, tasks: list[Any]) -> dict[str, list[Any]]:
    """Tasks of the user by what they are: an examiner's are the office's."""
    groups: dict[str, list[Any]] = {}
    for task in tasks:
        if task["who"] in (("",) if desk.user.examines else desk.user.codes):
            groups.setdefault(task["what"], []).append(task)
    return groups


def _shown(desk: Desk, tasks: list[Any]) -> list[Doable]:
    return [Doable(in_browser(visible(task["text"])), _address(desk, task)) for task in tasks]


def _address(desk: Desk, task: Any) -> str:
    what, number = task["what"], task["id"]
    if what == OF_CORRECTIONS:
        return desk.address("correction", seq=number)
    if what == OF_APPEALS:
        return desk.address("appeal", number=number)
    if what == SIGN_OFF:
        return desk.address("sign", department=task["who"])
    if not desk.user.examines:
        return desk.address("upload", sender=task["who"]) if what in TO_FILE else ""
    return desk.address("finding", id=number) if number else ""


def _others(desk: Desk, tasks: list[Any]) -> list[tuple[str, str, int]]:
    """For who examines: senders that have something to do, with code, name and number of tasks."""
    if not desk.user.examines:
        return []
    counts: dict[str, int] = {}
    for task in tasks:
        if task["who"]:
            counts[task["who"]] = counts.get(task["who"], 0) + 1
    return [(code, desk.senders[code], count) for code, count in counts.items()]


def _more(desk: Desk) -> list[Doable]:
    """What the status of filing does not know: a move that waits for a second person."""
    asked = proposed(desk.ledger, desk.evaluation) if desk.user.examines else None
    if asked is None:
        return []
    told = f"{asked.payload['by']}申请转入“{asked.payload['state']}”，待另一人批准"
    return [Doable(told, desk.address("state"))]
