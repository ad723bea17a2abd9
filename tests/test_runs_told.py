"""What the page of a failed run tells people before Dagster's own stack, whichever of its pages it was launched on."""

from __future__ import annotations

from typing import Any

import pytest
from dagster import AssetKey, DagsterInstance
from homes import YUXI
from running import TO_THE_VERSION, run
from test_corrections import ASKED

from orchestration.correcting import request_correction
from orchestration.definitions import defs
from orchestration.evaluating import QUIET, failures_of
from resources.home import Home
from resources.partitions import evaluations

JOBS = {"evaluate": None, "of one asset": ["definition", "received_files"]}


def told(job: str, partition: str | None) -> list[str]:
    """The errors of a run that fails, as they stand in its log, but for those that only name a step."""
    alone = JOBS[job]
    whole: Any = defs.resolve_implicit_global_asset_job_def() if alone else defs.resolve_job_def(job)
    with DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(evaluations.name), [YUXI, "gone", "../../gone"])
        result = whole.execute_in_process(
            instance=instance,
            partition_key=partition,
            raise_on_error=False,
            run_config=QUIET,
            asset_selection=[AssetKey(name) for name in alone] if alone else None,
        )
        assert not result.success
        logged = [entry for entry in instance.all_logs(result.run_id) if entry.dagster_event is None]
    return [entry.user_message for entry in logged if "Not executing" not in entry.user_message]


@pytest.mark.parametrize("job", JOBS)
def test_a_refusal_is_a_line_of_the_runs_log(evaluated: Home, job: str) -> None:
    assert {line.partition("。")[0] for line in told(job, "gone")} == {"没有考核“gone”"}


@pytest.mark.parametrize("job", JOBS)
def test_a_partition_that_is_a_path_leads_nowhere(evaluated: Home, job: str) -> None:
    assert {line.partition("。")[0] for line in told(job, "../../gone")} == {"没有考核“../../gone”"}
    assert not list(evaluated.path.parent.glob("gone*"))


@pytest.mark.parametrize("job", JOBS)
def test_what_of_the_whole_does_not_hold_is_a_line_of_the_runs_log(evaluated: Home, job: str) -> None:
    (evaluated.inbox / YUXI / ".inbox").unlink()
    (line,) = told(job, YUXI)
    assert line.startswith("不成立：收件箱在（以 .inbox 标记文件为准）。磁盘没有挂上就挂上")


@pytest.mark.parametrize("job", JOBS)
def test_a_run_for_no_evaluation_says_what_to_choose(evaluated: Home, job: str) -> None:
    assert {line.partition("：")[0] for line in told(job, None)} == {"没有写明算哪个考核"}


def test_publication_alone_says_what_stands_in_its_way(evaluated: Home) -> None:
    request_correction(evaluated, ASKED, "李四")
    (evaluated.inbox / YUXI / ".inbox").unlink()
    assert not run(YUXI).success
    assert run(YUXI, TO_THE_VERSION[2:-1]).success
    (line,) = failures_of(run(YUXI, ["publication"]))
    assert f"“{YUXI}”没有发布。不成立：收件箱在" in line
    assert f"不符的1行：收件箱 {evaluated.inbox / YUXI}。" in line
