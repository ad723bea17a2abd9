"""Every file ever received or adopted, by SHA-256, read-only. Nothing is ever changed or removed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

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
            write_whole(place, data, mode=0o444)
        return digest

    def put_stream(self, stream: BinaryIO) -> str:
        """Keep what is read from `stream`, a piece at a time; returns its SHA-256 (hex)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=self.folder, prefix=".writing-")
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
            raise DamagedArchive(f"{place}: archived file is absent; restore it from a backup")
        with place.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
                raise DamagedArchive(f"{place}: bytes changed since they were archived; restore from a backup")
        return place

    def _place(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest[2:]


def write_whole(place: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file so that others see all of it or nothing, even if the machine stops in between."""
    descriptor, temporary = tempfile.mkstemp(dir=place.parent, prefix=".writing-")
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
