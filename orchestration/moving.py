"""`kaohe state`: move an evaluation on, and what stands in the way of that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from assets.editions import Draft, draft_of
from evaluation.states import APPROVED, FINAL, NEXT, NOTICE, REVIEWED, Standing
from orchestration.filing import ledger_of
from orchestration.still_open import still_open
from resources.adoption import require_two_names
from resources.clock import now
from resources.holidays import last_working_day, read_holidays
from resources.home import Home
from resources.kaohe import Work, work_on
from resources.ledger import Entry
from resources.publications import Publications
from resources.runs import inputs_key
from resources.states import MoveRefused, move, propose, proposed, require_order, standing


class Seen(NamedTuple):
    """The evaluation as whoever moves it sees it."""

    work: Work
    draft: Draft
    standing: Standing
    today: date


def move_state(home: Home, evaluation: str, state: str, document: str, by: str, approved_by: str) -> dict[str, Any]:
    """Append the move; returns `seq, state, version, notice_until, open` (matters that stand open, in words).

    Raises:
        UnknownEvaluation, NotOpened, TwoNamesNeeded: as their names say.
        MoveRefused: the order, unscored inputs, the notice period or open matters forbid it; nothing is written.
    """
    home.definition_files(evaluation)
    if not document.strip():
        raise MoveRefused("依据的文件（--document）要写明。")
    seen = _seen(home, evaluation)
    require_order(seen.standing.state, state)
    left_open = list(still_open(seen.work))
    _require_free(seen, state, left_open)
    newest = Publications(home, seen.work.ledger, evaluation).newest()
    payload = {
        "state": state,
        "results_digest": seen.draft.results_digest,
        "version": newest.version if newest else 0,
        "notice_until": _notice_until(home, seen) if state == NOTICE else "",
        "document": document,
        "by": by,
        "approved_by": approved_by,
    }
    entry = move(seen.work.ledger, evaluation, payload, seen.standing)
    return {"seq": entry.seq, **{n: payload[n] for n in ("state", "version", "notice_until")}, "open": left_open}


def _require_free(seen: Seen, state: str, left_open: list[str]) -> None:
    """Raises: MoveRefused: something stands in the way of the state."""
    for obstacle in _obstacles(seen, state):
        raise MoveRefused(f"不能转入“{state}”：{obstacle}")
    if left_open and state in (NOTICE, FINAL):
        raise MoveRefused(
            f"不能转入“{state}”，还有{len(left_open)}件事没有办结：\n" + "\n".join(f"· {m}" for m in left_open)
        )


def hindrances(home: Home, evaluation: str) -> dict[str, list[str]]:
    """For each state that may follow, what stands in the way of it, in words.

    Raises:
        UnknownEvaluation, NotOpened, MoveRefused: as `move_state`; the last, where inputs are not scored yet.
    """
    home.definition_files(evaluation)
    seen = _seen(home, evaluation)
    left_open = list(still_open(seen.work))
    return {
        state: [*_obstacles(seen, state), *(left_open if state in (NOTICE, FINAL) else [])]
        for state in NEXT[seen.standing.state]
    }


def propose_state(home: Home, evaluation: str, state: str, document: str, by: str) -> Entry:
    """Append that `by` asks for the move, which another person makes by `approve_state`; the same again is once.

    Raises:
        MoveRefused: as `move_state`; nothing is written.
    """
    home.definition_files(evaluation)
    if not document.strip():
        raise MoveRefused("依据的文件（--document）要写明。")
    seen = _seen(home, evaluation)
    require_order(seen.standing.state, state)
    _require_free(seen, state, list(still_open(seen.work)))
    asked = {"state": state, "document": document.strip(), "results_digest": seen.draft.results_digest, "by": by}
    return propose(seen.work.ledger, evaluation, asked)


def approve_state(home: Home, evaluation: str, seq: int, approved_by: str) -> dict[str, Any]:
    """Make the move that entry `seq` asks for; returns as `move_state`.

    Raises:
        MoveRefused: it waits no longer, or results are others than those it was asked for.
        TwoNamesNeeded, MoveRefused: as `move_state`.
    """
    asked = proposed(ledger_of(home), evaluation)
    if asked is None or asked.seq != seq:
        raise MoveRefused("这项申请已经不在：状态已经移动，或有了新的申请。请重新打开本页查看。")
    told = asked.payload
    require_two_names(told["by"], approved_by)
    if _seen(home, evaluation).draft.results_digest != told["results_digest"]:
        raise MoveRefused("申请以后结果又有变化，没有移动。请看过现在的结果，再由经办人重新申请。")
    return move_state(home, evaluation, told["state"], told["document"], told["by"], approved_by)


def state_of(home: Home, evaluation: str) -> Standing:
    """Raises: UnknownEvaluation: there is no such evaluation."""
    home.definition_files(evaluation)
    return standing(ledger_of(home), evaluation)


def _seen(home: Home, evaluation: str) -> Seen:
    work = work_on(home, evaluation)
    if work.run.inputs_key != inputs_key(home, work.ledger, evaluation):
        raise MoveRefused(
            f"还有新的报送、更正、办法或状态没有计分，请先运行 kaohe evaluate {evaluation}，看过结果再办。"
        )
    return Seen(work, draft_of(work), standing(work.ledger, evaluation), date.fromisoformat(now()[:10]))


def _obstacles(seen: Seen, state: str) -> Iterator[str]:
    lapsed = seen.draft.results_digest != seen.standing.results_digest
    if not seen.work.run.adopted:
        yield "考核办法还没有下发（kaohe adopt）。"
    if state == APPROVED and seen.standing.state == APPROVED and not lapsed:
        yield "结果已经审定，没有变化。"
    if state == NOTICE and lapsed:
        yield f"审定之后结果又有变化，须重新审定（kaohe state {seen.work.evaluation} {APPROVED} …）。"
    if state == REVIEWED and not lapsed:
        yield "公示以来没有批准的更正，结果没有变化，可以直接定稿。"
    if state == FINAL and lapsed:
        yield f"公示以来批准的更正还没有汇总成复核稿，请先转入“{REVIEWED}”。"
    if state == FINAL and seen.today.isoformat() <= seen.standing.notice_until:
        yield f"公示期到{seen.standing.notice_until}止，还没有满。"


def _notice_until(home: Home, seen: Seen) -> str:
    """The last day of the notice period by the rulebook's working days; empty where it names none."""
    publicity = seen.work.definition.rulebook.calendar.publicity
    if publicity is None:
        return ""
    listed = read_holidays(home.holidays)
    return last_working_day(seen.today, publicity.working_days, listed).isoformat()
