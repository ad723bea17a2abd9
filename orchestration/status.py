"""`kaohe status`: who has filed what by today, what is not settled, and who must do what.

How it is told stands in `status_told.py`, what is to be done in `tasks.py`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from assets.in_force import definition_of
from evaluation.completeness import completeness, counted, share_met
from evaluation.corrected import of_figures
from evaluation.definition import Definition
from evaluation.open_findings import open_findings
from orchestration.filing import ledger_of
from orchestration.signing import SignOff, sign_offs
from orchestration.signing_told import sign_off_json
from orchestration.tasks import tasks_of
from resources.appeals import Appeal, appeals
from resources.clock import now
from resources.corrections import approved, corrections, waiting
from resources.home import Home
from resources.inbox import RECEIVED, Inbox
from resources.kaohe import work_on
from resources.ledger import Ledger
from resources.locks import is_at_work
from resources.receipts import Receipts
from resources.runs import Run, current_run, inputs_key
from resources.store import NotProducedYet
from resources.tables import FINDINGS, SUBMITTED_VALUES, contents

PLACE = ["sha256", "sender", "sheet", "cell"]


@dataclass(frozen=True)
class Situation:
    """An evaluation as it stands today: what its newest run has read, and what came in since.

    `run` is None before the first run, `at_work`: it goes on; `unread` counts files that no run has read, by sender;
    `waiting` are corrections to approve, `appeals` those to decide.
    """

    evaluation: str
    definition: Definition
    today: date
    run: Run | None
    at_work: bool
    stale: bool
    unread: dict[str, int]
    states: pd.DataFrame
    findings: pd.DataFrame
    waiting: pd.DataFrame
    appeals: list[Appeal]
    sign_offs: list[SignOff]


def status_of(home: Home, evaluation: str) -> dict[str, Any]:
    """Obligations by sender, period and state, what waits for the examiner, and who must do what (`tasks`, `to_do`).

    Raises:
        UnknownEvaluation, InvalidRulebook: as their names say.
    """
    stands = situation(home, evaluation)
    tasks = tasks_of(stands)
    senders = counted(stands.states, "owed_by").rename(columns={"owed_by": "sender"})
    names = {task["who"]: task["who_name"] for task in tasks} | _names(stands.definition)
    senders.insert(1, "sender_name", senders["sender"].map(names))
    rulebook = stands.definition.rulebook
    return {
        "evaluation": evaluation,
        "title": rulebook.title or evaluation,
        "today": stands.today.isoformat(),
        "evaluated": stands.run is not None,
        "stale": stands.stale,
        "unread": stands.unread,
        "owed": len(stands.states),
        "states": Counter(stands.states["state"].tolist()),
        "share_met": round(share_met(stands.states), 4),
        "senders": senders.to_dict("records"),
        "periods": counted(stands.states, "period").to_dict("records"),
        "findings": len(stands.findings),
        "waiting_corrections": [int(seq) for seq in stands.waiting["seq"]],
        "sign_offs": [sign_off_json(one) for one in stands.sign_offs],
        "waiting": Counter(task["what"] for task in tasks if task["who"] == ""),
        "receipts": str(Receipts(home, evaluation).folder),
        "tasks": tasks,
        "to_do": [f"{task['who_name']}：{task['text']}" for task in tasks],
    }


def situation(home: Home, evaluation: str) -> Situation:
    """Read from ledger, inbox and store; nothing is taken in or written."""
    ledger = ledger_of(home)
    definition = definition_of(home, ledger, evaluation)
    asked = corrections(ledger, evaluation)
    values, found, ruled_out, run = _read(home, ledger, evaluation)
    today = date.fromisoformat(now()[:10])
    given = of_figures(approved(asked))
    stale = run is None or run.inputs_key != inputs_key(home, ledger, evaluation)
    return Situation(
        evaluation=evaluation,
        definition=definition,
        today=today,
        run=run,
        at_work=run is not None and run.unfinished and is_at_work(home, evaluation, run.run_id),
        stale=stale,
        unread=_unread(home, ledger, evaluation, 0 if run is None else run.ledger_seq) if stale else {},
        states=completeness(definition, values, ruled_out, given, today),
        findings=open_findings(found),
        waiting=waiting(asked),
        appeals=[one for one in appeals(ledger, evaluation).values() if not one.outcome],
        sign_offs=_sign_offs(home, evaluation) if run else [],
    )


def _sign_offs(home: Home, evaluation: str) -> list[SignOff]:
    try:
        return sign_offs(work_on(home, evaluation))
    except NotProducedYet:
        return []


def _read(home: Home, ledger: Ledger, evaluation: str) -> tuple[pd.DataFrame, pd.DataFrame, set[int], Run | None]:
    """What the newest run has read and found; nothing, and no run, where it came to nothing."""
    run = current_run(ledger, evaluation)
    if run is not None:
        work = work_on(home, evaluation)
        try:
            values, found = work.submitted_values, work.findings()
        except NotProducedYet:
            run = None
        else:
            errors = pd.MultiIndex.from_frame(found.loc[found["severity"] == "error", PLACE].fillna(""))
            out = pd.MultiIndex.from_frame(values[PLACE].fillna("")).isin(errors)
            return values, found, set(values.loc[out, "row_id"]), run
    nothing = pd.DataFrame(columns=[column.name for column in contents(SUBMITTED_VALUES)], dtype="str").astype(
        {"seq": "int64", "row_id": "int64"}
    )
    return nothing, pd.DataFrame(columns=[column.name for column in contents(FINDINGS)], dtype="str"), set(), run


def _unread(home: Home, ledger: Ledger, evaluation: str, read_up_to: int) -> dict[str, int]:
    """Files by sender that came after the newest run, or lie in the inbox and are not in the ledger yet."""
    entries = ledger.entries(evaluation, [RECEIVED])
    unread = Counter(entry.payload["sender"] for entry in entries if entry.seq > read_up_to)
    unread.update(file.sender for file in Inbox(home, evaluation).waiting(ledger))
    return dict(unread)


def _names(definition: Definition) -> dict[str, str]:
    return definition.sender_names
