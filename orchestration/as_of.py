"""`kaohe evaluate EVALUATION --as-of DATE --out DIR`: the same job on the ledger and rules of that day's end.

The job runs in a home of its own, which sees the real archive and the first entries of the real ledger, and is thrown
away: whatever a run does today it does there, and nothing but the folder asked for is written.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from assets.cycles import cycles_before
from evaluation.definition import digest_of
from orchestration.filing import ledger_of
from resources.adoption import ADOPTED, definition_in_force
from resources.archive import Archive
from resources.clock import now
from resources.home import Home
from resources.ledger import GENESIS, Entry, Ledger, canonical
from resources.partitions import evaluations
from resources.publications import PUBLISHED, Publications, published_by
from resources.refused import Refused
from resources.runs import INPUT_KINDS, Run, record_run, run_definition
from resources.store import Store
from resources.tables import LEDGER, PUBLICATIONS

SCORED = [
    "definition", "received_files", "submitted_values", "submitted_claims", "findings", "accepted_values",
    "indicator_scores", "total_scores", "official_scores",
]  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """How far the ledger is read; `version`: the entry of the version that was made from exactly that."""

    seq: int
    version: Entry | None

    @property
    def made_from(self) -> dict[str, Any]:
        """What that version's run read which the ledger does not tell otherwise."""
        return self.version.payload.get("made_from", {}) if self.version else {}


@dataclass(frozen=True)
class Reproduced:
    """What was written; `version`: the published one that it is, None where none was made from exactly that."""

    evaluation: str
    as_of: str
    ledger_seq: int
    version: int | None
    out: str

    def told(self) -> str:
        """A line about it."""
        same = f"，即已发布的第{self.version}版" if self.version else ""
        return f"按{self.as_of}止的台账（第{self.ledger_seq}号）和办法重算{same}，写入 {self.out}。"


def evaluate_as_of(home: Home, evaluation: str, day: str, out: Path) -> Reproduced:
    """Write the version as it would have been at the end of that day into `out`.

    Raises:
        Refused: no date, nothing had come in by then, the folder holds something, or the run failed.
    """
    try:
        date.fromisoformat(day)
    except ValueError:
        raise Refused(f"--as-of “{day}”不是日期，应写成 2026-01-15。") from None
    home.definition_files(evaluation)
    ledger = ledger_of(home)
    with ledger.store.reading() as connection:
        on_day = sa.func.substr(LEDGER.c.recorded_at, 1, 10)
        until = connection.execute(sa.select(sa.func.max(LEDGER.c.seq)).where(on_day <= day)).scalar() or 0
    if not ledger.entries(evaluation, INPUT_KINDS, until):
        raise Refused(f"到{day}为止，“{evaluation}”还没有收到报送，也没有下发办法。")
    moment = moment_of(ledger, evaluation, until)
    reproduce(home, evaluation, moment, out)
    version = moment.version.payload["version"] if moment.version else None
    return Reproduced(evaluation, day, moment.seq, version, str(out))


def moment_of(ledger: Ledger, evaluation: str, seq: int) -> Moment:
    """What the newest run by that ledger entry had read, where nothing has come in since; else all of it."""
    versions = ledger.entries(evaluation, [PUBLISHED], seq)
    if versions:
        read = int(versions[-1].payload["ledger_seq"])
        if all(entry.seq <= read for entry in ledger.entries(evaluation, INPUT_KINDS, seq)):
            return Moment(read, versions[-1])
    return Moment(seq, None)


def reproduce(home: Home, evaluation: str, moment: Moment, out: Path) -> None:
    """Run the job on what stood in the ledger at that moment and put its version into `out`.

    Raises:
        Refused: the folder holds something, or the run failed.
    """
    if out.exists() and any(out.iterdir()):
        raise Refused(f"文件夹 {out} 不是空的，未写入任何内容。请另选一个。")
    ledger = ledger_of(home)
    with tempfile.TemporaryDirectory(prefix="kaohe-") as folder, _as_home(Path(folder)) as replica:
        replay = _Replay(home, ledger, replica)
        replay.prepare(evaluation, moment.seq)
        replay.run(evaluation, moment)
        newest = Publications(replica, Ledger(replay.store), evaluation)
        version = newest.newest()
        if version is None:
            raise Refused("那时的数据还不能发布：见 kaohe evaluate 所列的原因。")
        shutil.copytree(newest.path(version.version), out, dirs_exist_ok=True)


@contextmanager
def _as_home(folder: Path) -> Iterator[Home]:
    """The folder as the home, with a store of its own, for as long as the block lasts."""
    kept = {name: os.environ.pop(name, None) for name in ("KAOHE_HOME", "KAOHE_STORE")}
    os.environ["KAOHE_HOME"] = str(folder)
    try:
        yield Home(folder)
    finally:
        del os.environ["KAOHE_HOME"]
        os.environ.update({name: value for name, value in kept.items() if value is not None})


@dataclass(frozen=True)
class _Replay:
    """The real home and ledger, which are read, and the home in which the job runs."""

    real: Home
    ledger: Ledger
    home: Home

    def prepare(self, evaluation: str, seq: int) -> None:
        """The ledger's first entries as they stand, the archive, and the evaluation's versions by then."""
        (self.home.path / "archive").symlink_to(self.real.archive)
        with self.ledger.store.reading() as connection:
            rows = (
                connection.execute(sa.select(LEDGER).where(LEDGER.c.seq <= seq).order_by(LEDGER.c.seq)).mappings().all()
            )
        versions = [vars(published_by(entry)) for entry in self.ledger.entries(evaluation, [PUBLISHED], seq)]
        with self.store.writing() as connection:
            connection.execute(sa.insert(LEDGER), [dict(row) for row in rows])
            if versions:
                connection.execute(sa.insert(PUBLICATIONS), versions)
        for version in versions:
            self._link(evaluation, version["version"])

    def _link_cycles(self, run: Run) -> None:
        """What was published of the cycles before, for runs read last year's totals there; of final ones the earlier
        versions, too, which they were made from."""
        for cycle in cycles_before(self.real, self.ledger, run_definition(self.real, run), run.ledger_seq):
            for entry in self.ledger.entries(cycle.evaluation, [PUBLISHED], run.ledger_seq):
                self._link(cycle.evaluation, entry.payload["version"])

    def _link(self, evaluation: str, version: int) -> None:
        place = Publications(self.home, Ledger(self.store), evaluation).path(version)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(Publications(self.real, self.ledger, evaluation).path(version))

    @cached_property
    def store(self) -> Store:
        return Store(self.home.store_url)

    def run(self, evaluation: str, moment: Moment, assets: list[str] | None = None) -> None:
        """Last year first, as the run of that moment had it; then the evaluation itself."""
        run = self._run(evaluation, moment)
        self._link_cycles(run)
        previous = run_definition(self.real, run).rulebook.previous
        versions = self.ledger.entries(previous, [PUBLISHED], moment.seq) if previous else []
        if previous and versions:
            published = int(versions[-1].payload["ledger_seq"])
            seq = moment.made_from.get("previous_seq", published)
            if seq is not None:  # none of its runs had been read
                self.run(previous, Moment(seq, versions[-1] if seq == published else None), SCORED)
        self._lay_out(run)
        with self.store.writing() as connection:
            record_run(connection, run)
        _run_job(run, assets)

    def _lay_out(self, run: Run) -> None:
        """The definition as files, by which the home knows the evaluation."""
        folder = self.home.evaluations / run.evaluation
        folder.mkdir(parents=True, exist_ok=True)
        for name, sha256 in json.loads(run.definition_files).items():
            (folder / name).write_bytes(Archive(self.real.archive).get(sha256))

    def _run(self, evaluation: str, moment: Moment) -> Run:
        """What a run of that moment read; the definition: adopted, else the version's own, else what lies there."""
        adopted = self.ledger.entries(evaluation, [ADOPTED], moment.seq)
        files: dict[str, str] = (
            adopted[-1].payload["files"] if adopted else moment.made_from.get("definition_files", {})
        )
        files = files or definition_in_force(self.real, self.ledger, evaluation, moment.seq).files
        archive = Archive(self.real.archive)
        digest = digest_of({name: archive.get(sha256) for name, sha256 in files.items()})
        head = self.ledger.entry(moment.seq)
        entries = self.ledger.entries(evaluation, INPUT_KINDS, moment.seq)
        return Run(
            evaluation=evaluation,
            fence=1,
            run_id=str(uuid4()),
            run_key=f"{moment.seq}:{digest}",
            as_of=(entries[-1].recorded_at if entries else now())[:10],
            ledger_seq=moment.seq,
            ledger_head=GENESIS if head is None else head.hash,
            definition_digest=digest,
            definition_files=canonical(files),
            adopted=bool(adopted),
            edited=bool(moment.made_from.get("edited")),
            inbox_present=True,
            inputs_key="",
        )


def _run_job(run: Run, assets: list[str] | None) -> None:
    """The job, or some of its assets, under the id of a run that has already been recorded."""
    from dagster import AssetKey, DagsterInstance

    from orchestration.definitions import defs
    from orchestration.evaluating import QUIET, failures_of

    job = defs.resolve_job_def("evaluate")
    with DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(evaluations.name), [run.evaluation])
        result = job.execute_in_process(
            instance=instance,
            run_id=run.run_id,
            partition_key=run.evaluation,
            asset_selection=None if assets is None else [AssetKey(name) for name in assets],
            raise_on_error=False,
            run_config=QUIET,
        )
    if not result.success:
        raise Refused("重算没有成功：" + "；".join(failures_of(result)))
