"""Runs of the job in the test's own process, on an instance that leaves nothing behind."""

from __future__ import annotations

from typing import Any

from dagster import DagsterInstance, ExecuteInProcessResult

from orchestration.definitions import defs
from orchestration.evaluating import QUIET
from resources.partitions import evaluations

# All that leads to what people see; not the letters to senders.
TO_THE_VERSION = [
    "definition", "received_files", "submitted_values", "submitted_claims", "findings", "accepted_values",
    "indicator_scores", "total_scores", "official_scores", "township_scorecards", "department_scorecards",
    "publication",
]  # fmt: skip


def run(evaluation: str, assets: list[str] | None = None, tags: dict[str, str] | None = None) -> ExecuteInProcessResult:
    """The whole job for one evaluation, or only `assets` of it with their checks."""
    with DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(evaluations.name), [evaluation])
        job: Any = defs.resolve_job_def("evaluate")
        if assets is not None:
            from dagster import AssetKey

            return job.execute_in_process(
                instance=instance,
                partition_key=evaluation,
                raise_on_error=False,
                run_config=QUIET,
                tags=tags,
                asset_selection=[AssetKey(name) for name in assets],
            )
        return job.execute_in_process(
            instance=instance, partition_key=evaluation, raise_on_error=False, run_config=QUIET, tags=tags
        )
