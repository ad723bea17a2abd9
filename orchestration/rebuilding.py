"""`kaohe rebuild` and `kaohe restore`: what was lost made again, from the record or from a backup, and proven."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from assets.last_year import previous_seq
from orchestration.evaluating import QUIET
from orchestration.filing import ledger_of
from orchestration.setting_up import make_folders
from orchestration.verifying import Verified, verify
from resources.home import Home
from resources.kaohe import Work, work_on
from resources.locks import holding
from resources.publications import Publications, record_again
from resources.refused import Refused
from resources.restoring import restore
from resources.runs import record_run
from resources.store import check_fence, forget_rows
from resources.tables import OUTPUTS

# Everything but what people read, which is published only by a run.
DERIVED = (
    "definition", "received_files", "submitted_values", "submitted_claims", "findings", "accepted_values",
    "indicator_scores", "total_scores", "official_scores",
)  # fmt: skip


def rebuild(home: Home, evaluation: str) -> list[str]:
    """Delete all working rows of the evaluation and make them again from what its newest run has read, and the list
    of its versions from the ledger.

    Returns a line for each table whose digest is not what it was. Killed on the way, it leaves an evaluation that the
    next run makes whole.

    Raises:
        UnknownEvaluation, NotOpened, EvaluationIsBusy: nothing is deleted.
        Refused: likewise; last year's evaluation has been run since, and what was read of it stands nowhere any more.
        StoreIsNewer: another run came in between, and has made them itself.
    """
    home.definition_files(evaluation)
    work = work_on(home, evaluation)
    if (previous_seq(work) or 0) > work.run.ledger_seq:
        raise Refused(
            f"上年考核“{work.definition.rulebook.previous}”在本考核计分以后又计分过，重做的会与原来的不同。"
            f"请先运行 kaohe evaluate {evaluation}，再 kaohe rebuild {evaluation}。没有删去任何内容。"
        )
    with holding(home, evaluation, "rebuild"):
        before = _digests(work)
        with work.store.writing() as connection:
            forget_rows(connection, evaluation)
            record_again(connection, evaluation)
            record_run(connection, replace(work.run, inputs_key=""))  # so that it is due, should this one be killed
    _run_again(work)
    after = _digests(work)
    with work.store.writing() as connection:
        check_fence(connection, evaluation, work.run.fence)
        record_run(connection, work.run)
    return [
        f"{table}（{producer}）：原来 {digest}，现在 {after.get((table, producer), '没有')}"
        for (table, producer), digest in sorted(before.items())
        if after.get((table, producer)) != digest
    ]


def restore_home(home: Home, file: Path) -> tuple[dict[str, Any], Verified]:
    """Restore the backup, point to the newest versions, and verify everything.

    Raises:
        HomeHasData, DamagedBackup, ProgramIsOlder: nothing is restored.
    """
    manifest = restore(home, file)
    make_folders(home)
    ledger = ledger_of(home)
    for folder in home.published.glob("[!.]*"):
        Publications(home, ledger, folder.name).point_to_newest()
    return manifest, verify(home)


def _run_again(work: Work) -> None:
    """The job's steps under the id of the run that read the inputs, so that they read the same ones."""
    import os

    from dagster import AssetKey, DagsterInstance

    from orchestration.definitions import defs
    from resources.partitions import evaluations

    os.environ["KAOHE_HOME"] = str(work.home.path)
    with DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(evaluations.name), [work.evaluation])
        defs.resolve_job_def("evaluate").execute_in_process(
            instance=instance,
            run_id=work.run.run_id,
            partition_key=work.evaluation,
            asset_selection=[AssetKey(name) for name in DERIVED],
            raise_on_error=False,
            run_config=QUIET,
        )


def _digests(work: Work) -> dict[tuple[str, str], str]:
    """What the tables hold that were made from the run's inputs, by table and producer."""
    query = sa.select(OUTPUTS).where(OUTPUTS.c.evaluation == work.evaluation, OUTPUTS.c.run_key == work.run.run_key)
    with work.store.reading() as connection:
        return {(row.table_name, row.producer): row.digest for row in connection.execute(query)}
