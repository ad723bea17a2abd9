"""The inbox: files that offices drop, taken into archive and ledger. Nothing is read here but bytes and names."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from resources.archive import Archive, write_whole
from resources.clock import now, start_of_day
from resources.home import Home
from resources.ledger import Entry, Ledger, Payload, append_within, entries_within

RECEIVED = "file_received"
MARKER = ".inbox"
EVIDENCE = "佐证"


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
        """Nobody has written to it for as long as `KAOHE_SETTLE_SECONDS` says (10)."""
        wait = float(os.environ.get("KAOHE_SETTLE_SECONDS", "10"))
        return time.time() - self.modified_ns / 1e9 >= wait


@dataclass(frozen=True)
class Inbox:
    """The drop folders of one evaluation."""

    home: Home
    evaluation: str

    @property
    def folder(self) -> Path:
        return self.home.inbox / self.evaluation

    @property
    def present(self) -> bool:
        """The marker that `init` made is there: tells an empty inbox from one that is not mounted."""
        return (self.folder / MARKER).is_file()

    def files(self) -> list[Dropped]:
        """Regular files by sender and name. Links, pipes and the files of programs at work are left alone."""
        return sorted(self._walk(), key=lambda file: (file.sender, file.name))

    def listing(self) -> str:
        """A digest of the settled files' names, sizes and times: changes when there is something to take in."""
        lines = "\n".join(f"{f.sender}/{f.name}\0{f.size}\0{f.modified_ns}" for f in self.files() if f.settled)
        return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()

    def take_in(self, ledger: Ledger) -> list[Entry]:
        """Archive and record every settled file that is new or changed; returns the new entries."""
        archive = Archive(self.home.archive)
        received = []
        for file in self.files():
            data = _stable_bytes(file) if file.settled else None
            if data is not None:
                received.append(_payload(file.sender, file.name, archive.put(data), len(data)))
        return self._record(ledger, received)

    def submit(
        self, ledger: Ledger, sender: str, source: Path, received: str | None = None, by: str = ""
    ) -> Entry | None:
        """Put a file into a sender's folder and record it at once; None where the same bytes are there already.

        `received` (ISO date) states when paper or a past file came in; `by` says who states it.
        """
        data = source.read_bytes()
        folder = self.folder / sender
        folder.mkdir(parents=True, exist_ok=True)
        stated = {"stated_received_at": start_of_day(received), "stated_by": by} if received else {}
        digest = Archive(self.home.archive).put(data)
        entries = self._record(ledger, [_payload(sender, source.name, digest, len(data)) | stated])
        write_whole(folder / source.name, data)
        os.utime(folder / source.name, (0, 0))  # settled: it is whole, and recorded
        return entries[0] if entries else None

    def _record(self, ledger: Ledger, received: list[Payload]) -> list[Entry]:
        """Append what differs from what its sender has in force already, under this or another name."""
        with ledger.store.writing() as connection:
            in_force: dict[str, dict[str, Entry]] = defaultdict(dict)
            for entry in entries_within(connection, self.evaluation, [RECEIVED]):
                in_force[entry.payload["sender"]][entry.payload["name"]] = entry
            new = []
            for payload in received:
                own = in_force[payload["sender"]]
                if payload["sha256"] not in {entry.payload["sha256"] for entry in own.values()}:
                    entry = append_within(connection, self.evaluation, RECEIVED, payload)
                    own[payload["name"]] = entry
                    new.append(entry)
            return new

    def _walk(self) -> Iterator[Dropped]:
        for sender in _folders(self.folder):
            for prefix, folder in (("", sender), (f"{EVIDENCE}/", sender / EVIDENCE)):
                for entry in _entries(folder):
                    if entry.is_file(follow_symlinks=False) and not _is_at_work(entry.name):
                        status = entry.stat(follow_symlinks=False)
                        yield Dropped(
                            sender.name,
                            prefix + entry.name,
                            folder / entry.name,
                            status.st_size,
                            status.st_mtime_ns,
                        )


def received_at(entry: Entry) -> str:
    """When a file counts as received: as stated for paper and past files, else when it was recorded."""
    stated: str = entry.payload.get("stated_received_at", entry.recorded_at)
    return stated


def make_inbox(home: Home, evaluation: str) -> None:
    """Create the drop folder with its marker."""
    folder = home.inbox / evaluation
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / MARKER).exists():
        write_whole(folder / MARKER, f"收件箱，{now()[:10]} 建立。请勿删除本文件。\n".encode())


def _payload(sender: str, name: str, digest: str, size: int) -> Payload:
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return {"sender": sender, "name": readable, "sha256": digest, "size": size}


def _is_at_work(name: str) -> bool:
    return name.startswith((".", "~$")) or name.endswith(".tmp")


def _folders(folder: Path) -> list[Path]:
    return [folder / e.name for e in _entries(folder) if e.is_dir(follow_symlinks=False) and e.name[0] != "."]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    if not folder.is_dir() or folder.is_symlink():
        return []
    with os.scandir(folder) as entries:
        return list(entries)


def _stable_bytes(file: Dropped) -> bytes | None:
    """The file's bytes, never through a link; None where it changed meanwhile (the next run looks again)."""
    descriptor = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None
        data = stream.read()
        after = os.fstat(descriptor)
    seen = (file.size, file.modified_ns)
    return data if seen == (len(data), status.st_mtime_ns) == (after.st_size, after.st_mtime_ns) else None
