"""Published versions: a folder moved into place whole, an entry in the ledger, and the pointer to the newest."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from resources.archive import WRITING, sync_folder
from resources.home import Home
from resources.ledger import Entry, Ledger, Payload, append_within, entries_within
from resources.refused import Refused
from resources.store import check_fence
from resources.tables import PUBLICATIONS

PUBLISHED = "version_published"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Publication:
    """A published version, as the store records it."""

    evaluation: str
    version: int
    state: str
    ledger_seq: int
    definition_digest: str
    inputs_digest: str
    results_digest: str
    published_at: str
    cause: str


@dataclass(frozen=True)
class Publications:
    """The published versions of one evaluation."""

    home: Home
    ledger: Ledger
    evaluation: str

    @property
    def folder(self) -> Path:
        return self.home.published / self.evaluation

    def newest(self) -> Publication | None:
        """The version that people see now."""
        query = sa.select(PUBLICATIONS).where(PUBLICATIONS.c.evaluation == self.evaluation)
        with self.ledger.store.reading() as connection:
            row = connection.execute(query.order_by(PUBLICATIONS.c.version.desc()).limit(1)).one_or_none()
        return None if row is None else Publication(**row._mapping)

    def all(self) -> list[Publication]:
        """Every recorded version, oldest first."""
        query = sa.select(PUBLICATIONS).where(PUBLICATIONS.c.evaluation == self.evaluation)
        with self.ledger.store.reading() as connection:
            return [Publication(**row._mapping) for row in connection.execute(query.order_by(PUBLICATIONS.c.version))]

    def path(self, version: int) -> Path:
        """The folder of a version."""
        return self.folder / f"v{version:04}"

    def publish(
        self, version: Publication, fence: int, write: Callable[[Path], object], made_from: Payload | None = None
    ) -> Path:
        """Let `write` fill a temporary folder, move it into place, record it, and point `latest` to it.

        `made_from` stands in the ledger's entry besides: what the ledger would not know otherwise.

        A process killed on the way leaves a folder that nothing points to; the next run replaces it.

        Raises:
            StoreIsNewer: a newer run has claimed the evaluation; nothing is moved.
            Refused: the ledger has a version of that number, which the store has lost; nothing is moved.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=WRITING) as temporary:
            whole = Path(temporary) / "version"
            whole.mkdir()
            write(whole)
            _make_durable(whole)
            recorded = _payload(version, manifest_digest(whole)) | {"made_from": made_from or {}}
            self._move(whole, version, fence, recorded)
        self.point_to_newest()
        return self.path(version.version)

    def point_to_newest(self) -> None:
        """Make `latest` name the newest recorded version, in one step, and remove what a killed publication left.

        Only who holds the evaluation's lock may call it.
        """
        for leftover in self.folder.glob(f"{WRITING}*"):
            shutil.rmtree(leftover)
        newest = self.newest()
        if newest is not None:
            link = self.folder / ".latest"
            link.unlink(missing_ok=True)
            link.symlink_to(self.path(newest.version).name)
            os.replace(link, self.folder / "latest")  # noqa: PTH105
            sync_folder(self.folder)

    def _move(self, whole: Path, version: Publication, fence: int, recorded: Payload) -> None:
        place = self.path(version.version)
        with self.ledger.store.writing() as connection:
            check_fence(connection, self.evaluation, fence)
            if version.version in {one.version for one in _recorded(connection, self.evaluation)}:
                raise Refused(
                    f"台账里已有“{self.evaluation}”的第{version.version}版，数据库里却没有这一版的记录：没有发布，"
                    f"原来各版没有动。请先运行 kaohe rebuild {self.evaluation}，再重新计分。"
                )
            if place.exists():  # moved, but never recorded
                shutil.rmtree(place)
            whole.rename(place)
            sync_folder(self.folder)
            connection.execute(sa.insert(PUBLICATIONS), vars(version))
            append_within(connection, self.evaluation, PUBLISHED, recorded)


def record_again(connection: sa.Connection, evaluation: str) -> None:
    """Make the store's rows of the evaluation's versions again from the ledger, which says the same of each."""
    connection.execute(sa.delete(PUBLICATIONS).where(PUBLICATIONS.c.evaluation == evaluation))
    if versions := _recorded(connection, evaluation):
        connection.execute(sa.insert(PUBLICATIONS), [vars(version) for version in versions])


def published_by(entry: Entry) -> Publication:
    """The version that an entry of the ledger records."""
    said = {name: entry.payload[name] for name in Publication.__dataclass_fields__ if name != "evaluation"}
    return Publication(evaluation=entry.evaluation, **said)


def next_version(newest: Publication | None) -> int:
    """Versions count from 1 without gaps."""
    return 1 if newest is None else newest.version + 1


def made_from(ledger: Ledger, evaluation: str, version: int) -> Payload:
    """What the ledger says that the version was made from besides its entries; nothing of one that there is not."""
    entries = ledger.entries(evaluation, [PUBLISHED])
    return next((e.payload.get("made_from", {}) for e in entries if e.payload["version"] == version), {})


def manifest_digest(folder: Path) -> str:
    """SHA-256 of the list of a version's files with theirs: the ledger holds it, and so every byte of the version."""
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def _recorded(connection: sa.Connection, evaluation: str) -> list[Publication]:
    return [published_by(entry) for entry in entries_within(connection, evaluation, [PUBLISHED])]


def _payload(version: Publication, manifest: str) -> Payload:
    return {name: value for name, value in vars(version).items() if name != "evaluation"} | {"manifest": manifest}


def _make_durable(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
