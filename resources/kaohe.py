"""The one Dagster resource: an evaluation's home, store, ledger and run, locked for as long as a run lasts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import pandas as pd
from dagster import (
    AssetCheckExecutionContext,
    AssetExecutionContext,
    ConfigurableResource,
    DagsterRun,
    InitResourceContext,
)

from evaluation.corrected import with_corrections
from evaluation.decided import HELD, values_decided
from evaluation.definition import Definition
from evaluation.states import Standing
from resources.adoption import definition_in_force
from resources.archive import Archive
from resources.corrections import approved, corrections
from resources.decisions import decisions, resolutions
from resources.home import Home, home_from_environment
from resources.kept import KEPT
from resources.ledger import Ledger, acting_as, canonical
from resources.locks import holding
from resources.logs import log_to
from resources.refused import Refused
from resources.runs import NotOpened, Run, current_run, finish_run, open_run, run_definition
from resources.states import standing
from resources.store import Store

logger = logging.getLogger("kaohe.run")

T = TypeVar("T")
PARTITION_TAG = "dagster/partition"
ACCOUNT_TAG = "kaohe/account"  # who asked for the run in the browser


@dataclass(frozen=True)
class Work:
    """One evaluation as a step sees it: what the run reads, and where it writes."""

    home: Home
    ledger: Ledger
    run: Run

    @cached_property
    def definition(self) -> Definition:
        """The definition in force for the run, as corrected.

        Raises:
            InvalidRulebook: it was never adopted and cannot be read.
        """
        return with_corrections(self.adopted_definition, self.corrections)

    @property
    def adopted_definition(self) -> Definition:
        """The definition as its files have it.

        Raises:
            InvalidRulebook: it was never adopted and cannot be read.
        """
        return run_definition(self.home, self.run)

    @cached_property
    def corrections(self) -> pd.DataFrame:
        """Corrections approved up to the run's ledger entry."""
        return approved(corrections(self.ledger, self.evaluation, self.run.ledger_seq))

    @cached_property
    def resolutions(self) -> pd.DataFrame:
        """What examiners resolved up to the run's ledger entry."""
        return resolutions(self.ledger, self.evaluation, self.run.ledger_seq)

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """Examiners' decisions on claims up to the run's ledger entry."""
        return decisions(self.ledger, self.evaluation, self.run.ledger_seq)

    @property
    def submitted_values(self) -> pd.DataFrame:
        """Submitted values with what was decided on those that were held.

        Raises:
            NotProducedYet: they have not been read for these inputs.
        """
        return self.values_with()

    def values_with(self, *columns: str) -> pd.DataFrame:
        """`submitted_values` with these columns and those that tell which value it is; all by default."""
        wanted = [*dict.fromkeys([*HELD, "submitted_value", "outcome", *columns])] if columns else None
        return values_decided(self.read("submitted_values", columns=wanted), self.resolutions)

    def at(self, seq: int) -> Work:
        """The evaluation with the ledger and the rules that stood at that entry; its tables are the newest run's."""
        in_force = definition_in_force(self.home, self.ledger, self.evaluation, seq)
        files = canonical(in_force.files)
        run = replace(self.run, ledger_seq=seq, definition_digest=in_force.digest, definition_files=files)
        return replace(self, run=run)

    @property
    def evaluation(self) -> str:
        return self.run.evaluation

    @cached_property
    def standing(self) -> Standing:
        """The state in which the evaluation stood when the run read its inputs."""
        return standing(self.ledger, self.evaluation, self.run.ledger_seq)

    @property
    def store(self) -> Store:
        return self.ledger.store

    @property
    def archive(self) -> Archive:
        return Archive(self.home.archive)

    def read(
        self,
        table: str,
        producer: str | None = None,
        columns: Sequence[str] | None = None,
        row_ids: Collection[int] | None = None,
    ) -> pd.DataFrame:
        """Rows of this run's inputs; `producer` is the asset that wrote them (default: the table's name), `columns`
        and `row_ids` which are wanted (default: all).

        Raises:
            NotProducedYet: the producer has not run for these inputs.
        """
        return self.store.read(self.evaluation, table, self.run.run_key, producer or table, columns, row_ids)

    @property
    def as_of(self) -> str:
        """The date that reports print: when the newest entry that the run read was recorded."""
        return self.run.as_of

    def findings(self) -> pd.DataFrame:
        """Everything found for this run's inputs so far, by whoever found it."""
        return self.store.read_findings(self.evaluation, self.run.run_key)

    def write(self, producer: str, **frames: pd.DataFrame) -> str:
        """Replace what `producer` wrote; returns the content's digest.

        Raises:
            StoreIsNewer: another run has claimed the evaluation since.
        """
        return self.store.replace(self.evaluation, self.run.fence, self.run.run_key, producer, frames)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` makes of what this run reads, made once a run for each name."""
        return KEPT.once((self.store.url, self.evaluation, str(self.run.fence), name), make)

    def finish(self, outcome: str, version: int) -> None:
        """Record that people see what the run came to, in words; `version` is the one that they see.

        Raises:
            StoreIsNewer: another run has claimed the evaluation since.
        """
        with self.store.writing() as connection:
            finish_run(connection, self.run, outcome)
        about = {"evaluation": self.evaluation, "run": self.run.run_id, "version": version, "outcome": outcome}
        logger.info("run came to its end", extra=about)


class KaoheResource(ConfigurableResource):  # type: ignore[type-arg]
    """The home that `KAOHE_HOME` names, one evaluation of it per run."""

    @contextmanager
    def yield_for_execution(self, context: InitResourceContext) -> Generator[KaoheResource, None, None]:
        """Hold the partition's lock for the whole run: commands bypass Dagster's queue, the lock does not."""
        run = context.run
        evaluation = run.tags.get(PARTITION_TAG) if run else None
        home = home_from_environment()
        # Of a name that is no evaluation's there is nothing to hold: it may be a path, and every step refuses it.
        if run is None or evaluation is None or evaluation not in home.evaluation_names():
            yield self
            return
        log_to(home.logs)
        with holding(home, evaluation, run.run_id), acting_as(launched_by(run)), KEPT.keeping():
            logger.info("run holds the evaluation", extra={"evaluation": evaluation, "run": run.run_id})
            yield self

    def opened(self, context: AssetExecutionContext) -> Work:
        """The evaluation with its inputs read now (the first root asset of a run reads them)."""
        home = home_from_environment()
        ledger = Ledger(Store(home.store_url))
        run = open_run(home, ledger, evaluation_of(context), context.run.run_id)
        about = {"evaluation": run.evaluation, "run": run.run_id, "seq": run.ledger_seq}
        logger.info("run has read its inputs", extra=about)
        return Work(home, ledger, run)

    def work(self, context: AssetExecutionContext | AssetCheckExecutionContext) -> Work:
        """The evaluation as the newest run has opened it."""
        return work_on(home_from_environment(), evaluation_of(context))


def evaluation_of(context: AssetExecutionContext | AssetCheckExecutionContext) -> str:
    """The evaluation that the run is for.

    Raises:
        Refused, UnknownEvaluation: whoever launched it named none, or none that there is.
    """
    evaluation = context.run.tags.get(PARTITION_TAG)
    if not evaluation:
        raise Refused("没有写明算哪个考核：运行时要选一个分区（Partition），分区就是考核的编码，如 qingshan-2025。")
    home_from_environment().require_evaluation(evaluation)
    return evaluation


def launched_by(run: DagsterRun) -> str:
    """The account at the guard that asked for the run; empty where a schedule, a sensor or a command did."""
    return run.tags.get(ACCOUNT_TAG, "")


def work_on(home: Home, evaluation: str) -> Work:
    """The evaluation with the inputs that its newest run has read.

    Raises:
        NotOpened: it has never been run.
    """
    ledger = Ledger(Store(home.store_url))
    run = current_run(ledger, evaluation)
    if run is None:
        raise NotOpened(
            f"“{evaluation}”还没有计分过，请先运行 kaohe evaluate {evaluation}（Dagster: definition, received_files）。"
        )
    return Work(home, ledger, run)
