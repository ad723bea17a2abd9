from __future__ import annotations

import io
from types import SimpleNamespace

from rich.console import Console

from orchestration.definitions import defs
from orchestration.steps_shown import BETWEEN, STEPS, steps_shown


def _event(key: str, what: str) -> SimpleNamespace:
    kinds = ("is_step_start", "is_step_success", "is_step_failure", "is_step_skipped")
    told = {kind: kind == what for kind in kinds}
    return SimpleNamespace(dagster_event=SimpleNamespace(step_key=key, **told))


def test_the_step_at_work_and_how_many_are_done_are_shown() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    with steps_shown("e-2025", 3, console) as take:
        take(SimpleNamespace(dagster_event=None))
        for key in ("definition", "definition_checks"):
            take(_event(key, "is_step_start"))
            take(_event(key, "is_step_success"))
        take(_event("score_units", "is_step_start"))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert f"e-2025　{STEPS['score_units']}" in shown
    assert "2/3" in shown


def test_nobody_at_a_terminal_sees_nothing() -> None:
    console = Console(file=io.StringIO(), force_terminal=False)
    with steps_shown("e-2025", 3, console) as take:
        take(_event("definition", "is_step_start"))
    assert console.file.getvalue() == ""  # type: ignore[attr-defined]


def test_every_step_but_the_checks_has_a_name() -> None:
    unnamed = {node.name for node in defs.resolve_job_def("evaluate").nodes} - set(STEPS)
    assert unnamed
    assert all(name.endswith("_checks") for name in unnamed)
    assert BETWEEN not in STEPS.values()
