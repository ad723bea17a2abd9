"""What lies in the drop folders: regular files to take in, and what to tell of. Nothing is opened through a link.

Here belongs looking and copying. What has been received before is known to `inbox.py`.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

from resources.archive import Archive
from resources.settings import setting

EVIDENCE = "佐证"
MARKER = ".inbox"
_OF_THE_SYSTEM = ("thumbs.db", "desktop.ini")  # made by Windows in any folder that is looked at

# Why something that lies in an inbox was not taken in: codes of findings.
NOT_REGULAR, NO_SENDER, CANNOT_READ, TOO_BIG = "NOT_REGULAR", "NO_SENDER", "CANNOT_READ", "TOO_BIG"


@dataclass(frozen=True)
class Dropped:
    """A regular file in a sender's folder; `name` is relative to that folder."""

    sender: str
    name: str
    path: Path
    size: int
    modified_ns: int

    @property
    def settled(self) -> bool:
        """Nobody has written to it for as long as `KAOHE_SETTLE_SECONDS` says (10).

        A time that is far in the future tells nothing: then only that it does not change while it is copied counts.
        """
        wait = setting("KAOHE_SETTLE_SECONDS")
        return abs(time.time() - self.modified_ns / 1e9) >= wait


@dataclass(frozen=True, order=True)
class LeftAlone:
    """Something that was not taken in; `name` as it may stand in a text."""

    code: str
    sender: str
    name: str
    detail: str = ""


@dataclass
class Seen:
    """One look at an inbox."""

    files: list[Dropped] = field(default_factory=list)
    left_alone: list[LeftAlone] = field(default_factory=list)


def readable_name(name: str) -> str:
    r"""A file name as text; bytes that are no UTF-8 are written out, so that two names stay two.

    >>> readable_name("一季度.csv"), readable_name(os.fsdecode(b"\xff.csv"))
    ('一季度.csv', '\\xff.csv')
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def look(folder: Path) -> Seen:
    """Everything in the drop folders below `folder`, by sender and name.

    At most `KAOHE_LIMIT_FILES` (100,000) of a sender are taken. Raises OSError: the inbox itself cannot be read.
    """
    seen = Seen()
    for entry in _entries(folder) if folder.is_dir() else []:
        if entry.is_dir(follow_symlinks=False):
            _look_at_sender(seen, entry.name, "", folder / entry.name)
            _look_at_sender(seen, entry.name, f"{EVIDENCE}/", folder / entry.name / EVIDENCE)
        else:
            code = NO_SENDER if entry.is_file(follow_symlinks=False) else NOT_REGULAR
            seen.left_alone.append(LeftAlone(code, "", readable_name(entry.name), _kind(entry)))
    seen.files.sort(key=lambda file: (file.sender, file.name))
    _leave_too_many(seen)
    return seen


def _look_at_sender(seen: Seen, sender: str, prefix: str, folder: Path) -> None:
    if prefix and (folder.is_symlink() or not folder.is_dir()):
        return
    try:
        for entry in _entries(folder):
            if entry.is_file(follow_symlinks=False):
                status = entry.stat(follow_symlinks=False)
                path = folder / entry.name
                seen.files.append(Dropped(sender, prefix + entry.name, path, status.st_size, status.st_mtime_ns))
            elif not (entry.name == EVIDENCE and not prefix and entry.is_dir(follow_symlinks=False)):
                name = readable_name(prefix + entry.name)
                seen.left_alone.append(LeftAlone(NOT_REGULAR, readable_name(sender), name, _kind(entry)))
    except FileNotFoundError:
        return  # it went while we looked
    except OSError as error:
        left = LeftAlone(CANNOT_READ, readable_name(sender), readable_name(prefix) or ".", error.strerror or "")
        seen.left_alone.append(left)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What is not hidden and not of a program at work."""
    with os.scandir(folder) as entries:
        return [e for e in entries if not _is_of_a_program(e.name)]


def _is_of_a_program(name: str) -> bool:
    return name.startswith((".", "~$")) or name.endswith(".tmp") or name.lower() in _OF_THE_SYSTEM


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "链接"
    return "文件夹" if entry.is_dir() else "管道或设备"


def _leave_too_many(seen: Seen) -> None:
    most = int(setting("KAOHE_LIMIT_FILES"))
    counts: dict[str, int] = {}
    kept = []
    for file in seen.files:
        counts[file.sender] = counts.get(file.sender, 0) + 1
        if counts[file.sender] <= most:
            kept.append(file)
    seen.files = kept
    for sender, count in counts.items():
        if count > most:
            left = LeftAlone(TOO_BIG, readable_name(sender), ".", f"文件夹里有 {count} 份文件，限 {most} 份")
            seen.left_alone.append(left)


def archived(file: Dropped, archive: Archive) -> str | None:
    """Copies the file into the archive; its SHA-256, None where it changed meanwhile or cannot be read.

    Raises:
        OSError: the archive cannot be written.
    """
    seen = (file.size, file.modified_ns)
    try:
        stream = os.fdopen(os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    except OSError:
        return None
    with stream:
        digest = _digest(stream) if _state(stream) == seen else None
        if digest is not None and not archive.has(digest):
            stream.seek(0)
            digest = archive.put_stream(stream)
        return digest if _state(stream) == seen else None


def _state(stream: BufferedReader) -> tuple[int, int] | None:
    """Size and time of a regular file."""
    status = os.fstat(stream.fileno())
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def _digest(stream: BufferedReader) -> str | None:
    try:
        return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
