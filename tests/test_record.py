"""Random histories of one evaluation: submitted, corrected, adopted, scored, broken off, moved; as the model says.

`KAOHE_RECORD_EXAMPLES` histories (1) of `KAOHE_RECORD_STEPS` steps (6) are tried.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from record_machine import TINY, RecordMachine, first_home, submitted, text_of
from running import run

from resources.kaohe import work_on

EXAMPLES = int(os.environ.get("KAOHE_RECORD_EXAMPLES", "1"))
STEPS = int(os.environ.get("KAOHE_RECORD_STEPS", "6"))


@pytest.mark.timeout(7200)
def test_at_no_step_does_the_record_differ_from_its_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOHE_HOME", str(tmp_path / "home"))
    home, model = first_home(tmp_path / "home")
    machine = type("Tried", (RecordMachine,), {"made": home.path, "model_made": model})
    profile = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=profile)


def test_a_file_that_says_again_what_it_said_before_counts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAOHE_HOME", str(tmp_path / "home"))
    home, _ = first_home(tmp_path / "home")
    for value in ("12", "4", "12"):
        submitted(home, "stats", "一.csv", text_of({("C", "spending"): value}))
    assert run(TINY).success
    rows = work_on(home, TINY).read("accepted_values").set_index(["unit_code", "indicator_code"])
    assert rows.loc[("C", "spending"), "accepted_value"] == "12"
