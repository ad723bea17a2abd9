"""The launchpad's two jobs: a table of what would change, and a request that waits for another person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from click.testing import CliRunner
from dagster import DagsterInstance, DagsterInvalidConfigError, ExecuteInProcessResult
from previewed import SMALL

from orchestration.cli import main
from orchestration.definitions import defs
from orchestration.evaluating import failures_of
from orchestration.filing import ledger_of
from resources.corrections import corrections
from resources.home import Home
from resources.kaohe import ACCOUNT_TAG
from resources.ledger import account

CELL = {"evaluation": SMALL, "unit": "A", "indicator": "grants", "value": "5"}
WHY = {"reason": "核对", "document": "考〔2026〕1号", "by": "张三"}
OPS = {"preview_correction": "preview_of_correction", "request_correction": "requested_correction"}

# Each of them waits for whole runs of the job.
pytestmark = pytest.mark.timeout(600)


def launched(job: str, config: Mapping[str, Any], **tags: str) -> ExecuteInProcessResult:
    with DagsterInstance.ephemeral() as instance:
        return defs.resolve_job_def(job).execute_in_process(
            instance=instance, run_config={"ops": {OPS[job]: {"config": config}}}, raise_on_error=False, tags=tags
        )


def output(result: ExecuteInProcessResult) -> dict[str, Any]:
    (event,) = [event for event in result.all_events if event.event_type_value == "STEP_OUTPUT"]
    return dict(event.step_output_data.metadata)


def test_the_preview_is_a_table_in_the_runs_output(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    head = ledger_of(home).head()
    found = output(launched("preview_correction", CELL))
    rows = [record.data for record in found["单位"].records]
    assert {"更正", "单位", "党政领导", "说明"} <= set(found)
    assert rows[0]["单位"] == "东乡"
    assert rows[0]["起因"].startswith("本单位更正：授权量")
    assert ledger_of(home).head() == head


def test_a_preview_that_moves_nobody_says_so(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    found = output(launched("preview_correction", CELL | {"value": "18"}))
    assert (found["单位"].records, "没有一个单位" in str(found["说明"].value)) == ([], True)
    assert ledger_of(home).newest_of(SMALL, ["correction_requested"]) == 0


def test_a_request_is_the_act_of_the_account_that_launched_it(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    assert launched("request_correction", CELL | WHY, **{ACCOUNT_TAG: "zhang"}).success
    assert launched("request_correction", CELL | WHY | {"value": "6"}).success
    entries = ledger_of(home).entries(SMALL)[-2:]
    assert [entry.actor for entry in entries] == ["zhang", account()]


def test_a_request_from_the_launchpad_waits_for_approval(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    assert launched("request_correction", CELL | WHY).success
    (row,) = corrections(ledger_of(home), SMALL).to_dict("records")
    assert (row["unit_code"], row["old_value"], row["new_value"], row["requested_by"]) == ("A", "18", "5", "张三")
    assert corrections(ledger_of(home), SMALL)["approval_seq"].isna().all()


@pytest.mark.parametrize("wrong", [{"evaluation": "../etc"}, {"unit": "A'; DROP TABLE ledger; --"}, {"value": "五"}])
def test_what_is_no_code_is_refused_and_nothing_is_written(
    fresh_small: Callable[[], Home], wrong: dict[str, str]
) -> None:
    home = fresh_small()
    head = ledger_of(home).head()
    assert not launched("request_correction", CELL | WHY | wrong).success
    assert ledger_of(home).head() == head


@pytest.mark.parametrize("job", OPS)
@pytest.mark.parametrize(("wrong", "told"), [({"unit": "Z"}, "没有单位“Z”"), ({"old_value": "99"}, "现行值是“18”")])
def test_a_refusal_is_a_line_for_people_in_the_runs_log(
    fresh_small: Callable[[], Home], job: str, wrong: dict[str, str], told: str
) -> None:
    fresh_small()
    result = launched(job, CELL | (WHY if job == "request_correction" else {}) | wrong)
    (event,) = [event for event in result.all_events if event.is_step_failure]
    assert told in str(event.step_failure_data.user_failure_data.description)  # type: ignore[union-attr]
    assert event.step_failure_data.error.cause is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("job", "name"),
    [("preview_correction", "value"), ("request_correction", "value"), ("request_correction", "document")],
)
def test_no_variable_of_the_environment_is_read(
    fresh_small: Callable[[], Home], monkeypatch: pytest.MonkeyPatch, job: str, name: str
) -> None:
    home = fresh_small()
    head = ledger_of(home).head()
    monkeypatch.setenv("KAOHE_MAIL", "smtp://kaohe:secret@mail")
    config = CELL | (WHY if job == "request_correction" else {})
    (failure,) = failures_of(launched(job, config | {name: {"env": "KAOHE_MAIL"}}))
    assert f"{name}要直接写出来" in failure
    assert "secret" not in failure
    assert ledger_of(home).head() == head


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"object": "P-1"}, "更正数据不写对象（object），读到“P-1”"),
        ({"field": "level"}, "更正数据不写哪一栏（field），读到“level”"),
        ({"subject": "target", "period": "2025"}, "更正目标不写考核期（period），读到“2025”"),
    ],
)
def test_what_means_another_cell_is_refused(fresh_small: Callable[[], Home], more: dict[str, str], told: str) -> None:
    home = fresh_small()
    head = ledger_of(home).head()
    (failure,) = failures_of(launched("request_correction", CELL | WHY | more))
    assert told in failure
    assert ledger_of(home).head() == head


def test_the_same_request_again_is_noted_once(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    assert launched("request_correction", CELL | WHY).success
    assert launched("request_correction", CELL | WHY).success
    assert len(corrections(ledger_of(home), SMALL)) == 1


def test_the_launchpad_knows_what_can_be_corrected(fresh_small: Callable[[], Home]) -> None:
    fresh_small()
    with pytest.raises(DagsterInvalidConfigError, match="subject"):
        launched("request_correction", CELL | WHY | {"subject": "rule"})


@pytest.mark.parametrize("blank", [{"reason": ""}, {"reason": " "}, {"document": "\t"}, {"by": "\u3000"}])
def test_the_launchpad_asks_for_reason_document_and_name(
    fresh_small: Callable[[], Home], blank: dict[str, str]
) -> None:
    home = fresh_small()
    head = ledger_of(home).head()
    (failure,) = failures_of(launched("request_correction", CELL | WHY | blank))
    assert f"缺少 {next(iter(blank))}（只有预览可以不写）" in failure
    assert ledger_of(home).head() == head


def test_what_the_launchpad_is_told_is_recorded_without_blanks_around(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    assert launched("request_correction", CELL | {name: f" {text} " for name, text in WHY.items()}).success
    (row,) = corrections(ledger_of(home), SMALL).to_dict("records")
    assert {"reason": row["reason"], "document": row["document"], "by": row["requested_by"]} == WHY


@pytest.mark.parametrize(
    "options",
    [
        ("--target", "--mark", "甲"),
        ("--claim", "P-1", "--post", "pa"),
        ("--indicator", "grants"),
    ],
)
def test_the_command_refuses_what_is_not_clear_or_not_reasoned(
    fresh_small: Callable[[], Home], options: tuple[str, ...]
) -> None:
    home = fresh_small()
    head = ledger_of(home).head()
    assert CliRunner().invoke(main, ["correct", SMALL, "--unit", "A", "--value", "5", *options]).exit_code == 2
    assert ledger_of(home).head() == head


def test_a_target_is_corrected_by_the_command(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    why = ["--reason", "下达有误", "--document", "考〔2026〕1号", "--by", "张三", "--approved-by", "李四"]
    what = ["--unit", "B", "--target", "--indicator", "grants", "--old-value", "10", "--value", "12.50"]
    result = CliRunner().invoke(main, ["correct", SMALL, *what, *why])
    assert (result.exit_code, "10.0 → 12.5" in result.output) == (0, True), result.output
    entry = ledger_of(home).entries(SMALL, ["correction_requested"])[0]
    assert {name: entry.payload[name] for name in ("subject", "unit_code", "indicator_code", "field")} == {
        "subject": "target",
        "unit_code": "B",
        "indicator_code": "grants",
        "field": "target",
    }
    assert "period" not in entry.payload
