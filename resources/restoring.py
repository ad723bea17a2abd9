"""A backup made a home again, in a place that holds nothing. What a backup is stands in `backup.py`."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.csv
import sqlalchemy as sa

from resources.archive import sync_folder
from resources.backup import FORMAT
from resources.database import engine_of, writing
from resources.home import CHECKOUT, IN_THE_STORE, RESTORING, Home, RestoreBrokeOff
from resources.migrations import ProgramIsOlder, bring_up_to_date, steps
from resources.rows import PARSING, TYPES, converting, insert
from resources.tables import LEDGER

STORAGE = re.compile(r"^(?:#.*\n)*storage:\n(?: .*\n?|\n)*", re.MULTILINE)
KINDS = {kind.__name__: stored for kind, stored in TYPES.items()}
BLOCK_BYTES = 8_000_000


class HomeHasData(Exception):
    """Restoring replaces nothing."""

    def __init__(self, place: object) -> None:
        super().__init__(f"“{place}”里已有数据，恢复不覆盖任何东西。请恢复到一个空的文件夹（和空的数据库）。")


class DamagedBackup(Exception):
    """The file is no whole backup."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file} 不是完好的备份（{why}），什么也没有恢复。请换一份备份。")


def restore(home: Home, file: Path) -> dict[str, Any]:
    """Make the home and its store what they were when the backup was made; returns the backup's manifest.

    Raises:
        HomeHasData, RestoreBrokeOff, DamagedBackup, ProgramIsOlder: nothing is restored.
    """
    home.path.mkdir(parents=True, exist_ok=True)
    left = list(home.path.glob(f"{RESTORING}*"))
    if set(home.path.iterdir()) - set(left):
        raise RestoreBrokeOff(home.path) if left else HomeHasData(home.path)
    for path in left:
        shutil.rmtree(path)
    # In the home itself, which may be a volume of its own: from here, everything only changes its name.
    with tempfile.TemporaryDirectory(dir=home.path, prefix=RESTORING) as folder:
        workplace = Home(Path(folder))
        manifest = _unpack(file, workplace.path)
        if manifest["schema"] not in steps():
            raise ProgramIsOlder(manifest["schema"], steps()[-1])
        _fit_settings(workplace)
        _fill(workplace, manifest)
        shutil.rmtree(workplace.path / "store")
        for path in sorted(workplace.path.iterdir()):
            path.rename(home.path / path.name)
    sync_folder(home.path)
    return manifest


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    digests: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(file, "r:") as tar:
            for member in tar:
                stream = tar.extractfile(member)
                if manifest is not None or stream is None or not _is_safe(member.name):
                    raise DamagedBackup(file, f"{member.name} 不该有")
                data = stream.read()
                if member.name.startswith("manifest-"):
                    manifest = _manifest(file, member.name, data)
                else:
                    digests[member.name] = hashlib.sha256(data).hexdigest()
                    (folder / member.name).parent.mkdir(parents=True, exist_ok=True)
                    (folder / member.name).write_bytes(data)
    except (tarfile.TarError, EOFError) as fault:
        raise DamagedBackup(file, str(fault)) from None
    if manifest is None or digests != {name: kept["sha256"] for name, kept in manifest["files"].items()}:
        raise DamagedBackup(file, "不全，或内容被改动过")
    for name in manifest["folders"]:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, kept in manifest["files"].items():
        os.utime(folder / name, ns=(kept["mtime_ns"], kept["mtime_ns"]))
        if name.startswith("archive/"):
            (folder / name).chmod(0o444)
    return manifest


def _manifest(file: Path, name: str, data: bytes) -> dict[str, Any]:
    if name != f"manifest-{hashlib.sha256(data).hexdigest()}.json":
        raise DamagedBackup(file, "清单被改动过")
    manifest: dict[str, Any] = json.loads(data)
    if manifest.get("format") != FORMAT:
        raise DamagedBackup(file, f"格式是 {manifest.get('format')}，本程序只认识 {FORMAT}")
    return manifest


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\0" not in name


def _fit_settings(workplace: Home) -> None:
    """Dagster's record goes where the store is now, whichever database that was when the backup was made."""
    settings = workplace.dagster / "dagster.yaml"
    if not settings.is_file():
        return
    text, shared = settings.read_text(encoding="utf-8"), os.environ.get("KAOHE_STORE", "").startswith("postgresql")
    if shared and not STORAGE.search(text):
        text += (CHECKOUT / "deploy" / "postgresql" / "dagster.yaml").read_text(encoding="utf-8")
    elif not shared and IN_THE_STORE in text:
        text = STORAGE.sub("", text)
    settings.write_text(text, encoding="utf-8")


def _fill(workplace: Home, manifest: dict[str, Any]) -> None:
    """Put the rows into the store, all or none, by the schema of their time; then bring it up to date."""
    engine = engine_of(workplace.store_url)
    bring_up_to_date(engine, manifest["schema"])
    with writing(engine) as connection:
        if connection.execute(sa.select(LEDGER.c.seq).limit(1)).first():
            raise HomeHasData("数据库")
        for name, columns in manifest["tables"].items():
            insert(connection, sa.table(name), _rows(workplace.path / "store" / f"{name}.csv.gz", columns))
    bring_up_to_date(engine)
    engine.dispose()  # SQLite's journal becomes part of its file before that is moved


def _rows(place: Path, columns: list[list[str]]) -> Iterator[pa.Table]:
    with gzip.open(place) as text:
        if not text.peek(1):
            return
        options = pyarrow.csv.ReadOptions(column_names=[name for name, _ in columns], block_size=BLOCK_BYTES)
        types = converting({name: KINDS[kind] for name, kind in columns})
        for batch in pyarrow.csv.open_csv(text, options, PARSING, types):
            yield pa.Table.from_batches([batch])
