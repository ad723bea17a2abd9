"""Runs that break off at a named step: killed without any clean-up, or by an exception there."""

from __future__ import annotations

import contextlib
import functools
import importlib
import itertools
import os
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

import pytest
from running import TO_THE_VERSION, run

from resources.database import postgresql_engine

STEPS = {
    "archive, before the copy": ("resources.inbox:archived", "before", 1),
    "archive, before the rename": ("os:replace", "before", 1),
    "archive, after the copy": ("resources.inbox:archived", "after", 1),
    "ledger, before the entry": ("resources.inbox:append_within", "before", 1),
    "ledger, entry not yet committed": ("resources.inbox:append_within", "after", 1),
    "claim, before the row": ("resources.runs:record_run", "before", 1),
    "claim, not yet committed": ("resources.runs:record_run", "after", 1),
    "rows, before the insert": ("resources.store:insert", "before", 4),
    "rows, after the insert": ("resources.store:insert", "after", 4),
    "rows, committed": ("resources.store:Store.replace", "after", 4),
    "scores, committed": ("resources.store:Store.replace", "after", 8),
    "an event of Dagster, before it is stored": ("dagster:DagsterInstance.handle_new_event", "before", 60),
    "an event of Dagster, stored": ("dagster:DagsterInstance.handle_new_event", "after", 60),
    "version, being written": ("assets.scorecards:write_folder", "after", 1),
    "version, before it is moved": ("pathlib:Path.rename", "before", 1),
    "version, moved and not recorded": ("pathlib:Path.rename", "after", 1),
    "version, recorded and not committed": ("resources.publications:append_within", "after", 1),
    "version, before latest points to it": ("resources.publications:Publications.point_to_newest", "before", 2),
}


class BrokeOff(BaseException):
    """What a run of the test's own process is stopped by; nothing in the program catches it."""


def forked(work: Callable[..., object], *given: object) -> BaseProcess:
    """`work` in a process that needs no imports of its own, and none of this one's connections."""
    url = os.environ.get("KAOHE_STORE")

    def alone() -> None:
        if url:
            postgresql_engine(url).dispose(close=False)
        work(*given)

    process = get_context("fork").Process(target=alone)
    process.start()
    return process


def crashing_run(evaluation: str, step: str, killed: bool = True) -> bool:
    """A run that ends at a step of STEPS; whether it came to its end, because it never got there.

    `killed`: in a process of its own, at once and without any clean-up; else by an exception in this one.
    """
    if killed:
        process = forked(_run_until, evaluation, step)
        process.join(100)
        assert process.exitcode in (0, 9)
        return process.exitcode == 0
    broke: list[bool] = []
    with pytest.MonkeyPatch.context() as monkeypatch, contextlib.suppress(BrokeOff):
        _break_at(step, monkeypatch, lambda: _raise(broke))
        assert run(evaluation, TO_THE_VERSION).success or broke
    return not broke


def _run_until(evaluation: str, step: str) -> None:
    _break_at(step, pytest.MonkeyPatch(), lambda: os._exit(9))
    assert run(evaluation, TO_THE_VERSION).success


def _raise(broke: list[bool]) -> None:
    broke.append(True)
    raise BrokeOff


def _break_at(step: str, monkeypatch: pytest.MonkeyPatch, end: Callable[[], object]) -> None:
    """Make the run end before or after the n-th call of the step's function."""
    place, when, number = STEPS[step]
    module, _, name = place.partition(":")
    *parts, last = name.split(".")
    owner = functools.reduce(getattr, parts, importlib.import_module(module))
    real, calls = getattr(owner, last), itertools.count(1)

    def broken(*given: object, **named: object) -> object:
        reached = next(calls) == number
        if reached and when == "before":
            end()
        made = real(*given, **named)
        if reached:
            end()
        return made

    monkeypatch.setattr(owner, last, broken)
