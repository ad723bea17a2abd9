"""A whole home in one file, made while others work: the store's rows as of one moment, then every file beside it.

A tar archive: `store/<table>.csv.gz`, the files by their path in the home, last `manifest-<its SHA-256>.json` with the
digest of each. Rows are text, so that what SQLite kept can be restored into PostgreSQL and the other way round.
What an entry of the ledger names was archived before it, so files that are read after the rows are never too few.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from resources.archive import WRITING, sync_folder
from resources.clock import now
from resources.home import Home
from resources.ledger import head_within
from resources.migrations import step_of
from resources.rows import csv_batches, select
from resources.store import Store
from resources.tables import PUBLICATIONS, SESSIONS, metadata

FORMAT = "kaohe-backup-1"
# Folders of the home that are made again, or of which only a part is kept.
NOT_KEPT = ("working", "locks", "dagster", "published")
SETTINGS = ("holidays.csv", "contacts.csv", "dagster/dagster.yaml")
UNFINISHED, ABANDONED_SECONDS = ".backup-", 86_400
ORDER = {"ledger": ["seq"]}  # the ledger takes its entries only in their order


class FileIsThere(Exception):
    """A backup replaces nothing."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} 已经有了，备份不覆盖任何文件。请换一个名字，例如加上日期。")


def back_up(home: Home, store: Store, file: Path) -> dict[str, Any]:
    """Write the backup under its name when it is whole; returns its manifest.

    Raises:
        FileIsThere: nothing is written.
    """
    if file.exists():
        raise FileIsThere(file)
    _sweep(file.parent)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=UNFINISHED) as folder:
        whole = Path(folder) / "whole.tar"
        with whole.open("xb") as stream:
            os.fchmod(stream.fileno(), 0o600)
            with tarfile.open(fileobj=stream, mode="w") as tar:
                manifest = _pack(home, store, Packer(tar), Path(folder))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(whole, file)  # unlike a rename, it never replaces what came meanwhile
        except FileExistsError:
            raise FileIsThere(file) from None
    sync_folder(file.parent)
    return manifest


def _sweep(folder: Path) -> None:
    """Delete what killed backups have left, which would fill the disk; one that is being written is younger."""
    for left in folder.glob(f"{UNFINISHED}*"):
        if left.is_dir() and time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


class Packer:
    """Adds members and keeps what is to be said of them."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, data: bytes, mtime_ns: int = 0) -> None:
        self.files[name] = {"sha256": hashlib.sha256(data).hexdigest(), "mtime_ns": mtime_ns}
        self._write(name, io.BytesIO(data), len(data))

    def add_large(self, name: str, path: Path) -> None:
        """A file of ours that nobody else writes to, not read as a whole."""
        with path.open("rb") as stream:
            self.files[name] = {"sha256": hashlib.file_digest(stream, "sha256").hexdigest(), "mtime_ns": 0}
            stream.seek(0)
            self._write(name, stream, path.stat().st_size)

    def close(self, manifest: dict[str, Any]) -> None:
        text = json.dumps(manifest | {"files": self.files}, ensure_ascii=False, indent=1).encode()
        self._write(f"manifest-{hashlib.sha256(text).hexdigest()}.json", io.BytesIO(text), len(text))

    def _write(self, name: str, stream: Any, size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, stream)


def _pack(home: Home, store: Store, packer: Packer, folder: Path) -> dict[str, Any]:
    with store.reading() as connection:
        seq, head = head_within(connection)
        kept = [table for table in metadata.sorted_tables if table is not SESSIONS]  # nobody comes back logged in
        tables = {table.name: _pack_table(connection, table, packer, folder) for table in kept}
        step = step_of(connection)
        versions = [(row.evaluation, row.version) for row in connection.execute(sa.select(PUBLICATIONS))]
    folders = []
    for top in _kept_folders(home, folder):
        for path in sorted([top, *top.rglob("*")]):
            if path.is_dir() and not path.is_symlink():
                folders.append(path.relative_to(home.path).as_posix())
            _pack_file(home, path, packer)
    for path in (*_published(home, versions), *(home.path / name for name in SETTINGS)):
        _pack_file(home, path, packer)
    manifest: dict[str, Any] = {"format": FORMAT, "made_at": now(), "schema": step, "head": f"{seq}:{head}"}
    manifest |= {"tables": tables, "folders": folders}
    packer.close(manifest)
    return manifest | {"files": packer.files}


def _kept_folders(home: Home, folder: Path) -> list[Path]:
    """Whatever people and runs keep in the home; not the place where its backups are."""
    tops = (path for path in home.path.iterdir() if path.is_dir() and not path.name.startswith("."))
    return sorted(top for top in tops if top.name not in NOT_KEPT and top != folder.parent)


def _published(home: Home, versions: list[tuple[str, int]]) -> Iterator[Path]:
    """Files of the versions that the store's rows name: one that is being published is none yet."""
    for evaluation, version in versions:
        yield from sorted((home.published / evaluation / f"v{version:04}").rglob("*"))


def _pack_file(home: Home, path: Path, packer: Packer) -> None:
    if path.is_symlink() or not path.is_file() or path.name.startswith(WRITING):
        return
    try:
        status, data = path.stat(), path.read_bytes()
    except FileNotFoundError:
        return  # taken back by whoever put it there
    packer.add(path.relative_to(home.path).as_posix(), data, status.st_mtime_ns)


def _pack_table(connection: sa.Connection, table: sa.Table, packer: Packer, folder: Path) -> list[list[str]]:
    """Add the table's rows; returns its columns with their types."""
    place = folder / "table.csv.gz"
    query = sa.select(table).order_by(*(table.c[name] for name in ORDER.get(table.name, ())))
    with gzip.open(place, "wb", compresslevel=1) as text:
        select(connection, query, lambda rows: text.writelines(csv_batches(rows)))
    packer.add_large(f"store/{table.name}.csv.gz", place)
    return [[column.name, column.type.python_type.__name__] for column in table.columns]
