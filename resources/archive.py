"""Every file ever received or adopted, by SHA-256, read-only. Nothing is ever changed or removed."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

WRITING = ".writing-"
SECONDS_OF_A_WRITER = 3600
_PIECE = 1 << 20


class DamagedArchive(Exception):
    """An archived file is absent or its bytes no longer have its name's digest."""


@dataclass(frozen=True)
class Archive:
    """A folder `ab/cdef…` of files named by the SHA-256 of their bytes."""

    folder: Path

    def put(self, data: bytes) -> str:
        """Keep `data`; returns its SHA-256 (hex). Twice the same bytes are one file."""
        digest = hashlib.sha256(data).hexdigest()
        place = self._place(digest)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            sync_folder(self.folder)
            write_whole(place, data, mode=0o444, by_way_of=self.folder)
        return digest

    def put_stream(self, stream: BinaryIO) -> str:
        """Keep what is read from `stream`, a piece at a time; returns its SHA-256 (hex)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=self.folder, prefix=WRITING)
        try:
            digest = hashlib.sha256()
            with os.fdopen(descriptor, "wb") as copy:
                while piece := stream.read(_PIECE):
                    digest.update(piece)
                    copy.write(piece)
                copy.flush()
                os.fsync(copy.fileno())
            place = self._place(digest.hexdigest())
            if not place.exists():
                os.chmod(temporary, 0o444)  # noqa: PTH101
                place.parent.mkdir(parents=True, exist_ok=True)
                sync_folder(self.folder)
                os.replace(temporary, place)  # noqa: PTH105
                sync_folder(place.parent)
        finally:
            Path(temporary).unlink(missing_ok=True)
        return digest.hexdigest()

    def has(self, digest: str) -> bool:
        return self._place(digest).exists()

    def get(self, digest: str) -> bytes:
        """The bytes of one file.

        Raises:
            DamagedArchive: absent, or other bytes than were put.
        """
        return self.path(digest).read_bytes()

    def path(self, digest: str) -> Path:
        """Where one file lies, its bytes compared with its digest a piece at a time.

        Raises:
            DamagedArchive: absent, or other bytes than were put.
        """
        place = self._place(digest)
        if not place.is_file():
            raise DamagedArchive(f"存档文件不见了，请从备份恢复：{place}")
        with place.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
                raise DamagedArchive(f"存档文件的内容变了，请从备份恢复：{place}")
        return place

    def digests(self) -> Iterator[str]:
        """What is kept, by the names of the files; whatever else lies in the folder is left out."""
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            for name in sorted(path.name for path in folder.iterdir()):
                if re.fullmatch("[0-9a-f]{62}", name):
                    yield folder.name + name

    def is_read_only(self, digest: str) -> bool:
        """Nobody may write to the file."""
        return not self._place(digest).stat().st_mode & 0o222

    def sweep(self) -> None:
        """Remove what writers that were killed have left; who writes a file for an hour is dead."""
        for path in self.folder.glob(f"{WRITING}*"):
            if time.time() - path.stat().st_mtime > SECONDS_OF_A_WRITER:
                path.unlink(missing_ok=True)

    def _place(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest[2:]


def write_whole(place: Path, data: bytes, mode: int = 0o644, by_way_of: Path | None = None) -> None:
    """Write a file so that others see all of it or nothing, even if the machine stops in between.

    It is written in the folder `by_way_of` (default: its own), which has to be of the same file system.
    """
    descriptor, temporary = tempfile.mkstemp(dir=by_way_of or place.parent, prefix=WRITING)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, mode)  # noqa: PTH101
        os.replace(temporary, place)  # noqa: PTH105
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(place.parent)


def sync_folder(folder: Path) -> None:
    """Make the folder's entries (renames, new names) durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
