"""Moves between states as ledger entries: each with its document and two people, bound to the results they saw."""

from __future__ import annotations

from collections.abc import Iterable

from evaluation.states import CLOSED, NEXT, NOTICE, STATES, Standing
from resources.adoption import require_two_names
from resources.ledger import Entry, Ledger, Payload, append_within, entries_within

MOVED = "state_moved"
# Somebody asks for a move; it moves nothing until another person does it.
PROPOSED = "state_proposed"


class MoveRefused(Exception):
    """The evaluation cannot go from the state it stands in to the one that was asked for."""


def standing_of(entries: Iterable[Entry]) -> Standing:
    """Where these entries (of one evaluation, in order) have brought it; others than moves do not count."""
    standing = Standing()
    for entry in entries:
        if entry.kind == MOVED:
            moved = entry.payload
            opened = moved["state"] not in CLOSED
            closed_seq = None if opened else standing.closed_seq or entry.seq
            notice_until = "" if opened else standing.notice_until or moved["notice_until"]
            standing = Standing(moved["state"], moved["results_digest"], closed_seq, notice_until)
    return standing


def standing(ledger: Ledger, evaluation: str, up_to: int | None = None) -> Standing:
    """Where the evaluation stands at ledger entry `up_to` (default: now)."""
    return standing_of(ledger.entries(evaluation, [MOVED], up_to))


def notice_began(ledger: Ledger, evaluation: str) -> str:
    """The day of the move to 公示, YYYY-MM-DD; for evaluations that have been moved there."""
    return next(e.recorded_at for e in ledger.entries(evaluation, [MOVED]) if e.payload["state"] == NOTICE)[:10]


def move(ledger: Ledger, evaluation: str, to: Payload, seen: Standing) -> Entry:
    """Append the move `to` (`state, results_digest, version, notice_until, document, by, approved_by`).

    `seen` is the standing that its conditions were judged by.

    Raises:
        TwoNamesNeeded, MoveRefused: nothing is written.
    """
    require_two_names(to["by"], to["approved_by"])
    with ledger.store.writing() as connection:
        now = standing_of(entries_within(connection, evaluation, [MOVED]))
        if now != seen:
            raise MoveRefused(f"状态刚被别人移到“{now.state}”，未写入任何内容。请查看后再试。")
        require_order(now.state, to["state"])
        return append_within(connection, evaluation, MOVED, to)


def propose(ledger: Ledger, evaluation: str, asked: Payload) -> Entry:
    """Append that a move is asked for (`state, document, results_digest, by`); the same that waits already is once."""
    with ledger.store.writing() as connection:
        waiting = _proposed_of(entries_within(connection, evaluation, [PROPOSED, MOVED]))
        if waiting is not None and waiting.payload == asked:
            return waiting
        return append_within(connection, evaluation, PROPOSED, asked)


def proposed(ledger: Ledger, evaluation: str) -> Entry | None:
    """The move that was asked for last, if there was none since."""
    return _proposed_of(ledger.entries(evaluation, [PROPOSED, MOVED]))


def _proposed_of(entries: list[Entry]) -> Entry | None:
    return entries[-1] if entries and entries[-1].kind == PROPOSED else None


def require_order(state: str, to: str) -> None:
    """Raises: MoveRefused: `to` is no state, or does not follow `state`."""
    if to not in STATES:
        raise MoveRefused(f"没有状态“{to}”。状态依次为：{' → '.join(STATES)}。")
    if to not in NEXT[state]:
        following = "、".join(NEXT[state]) or "（无，已经通报）"
        raise MoveRefused(f"现在是“{state}”，不能移到“{to}”；可以移到：{following}。")


def require_open(ledger: Ledger, evaluation: str) -> None:
    """Raises: MoveRefused: rules may no longer change, because the results have been shown."""
    now = standing(ledger, evaluation)
    if now.closed:
        raise MoveRefused(f"“{evaluation}”已进入{now.state}，考核办法不能再改；结果有误请申请更正。")
