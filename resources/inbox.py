"""The inbox: files that offices drop, taken into archive and ledger. Nothing is read here but bytes and names."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from resources.archive import Archive, write_whole
from resources.clock import now, start_of_day
from resources.dropped import CANNOT_READ, MARKER, Dropped, LeftAlone, Seen, archived, look, readable_name
from resources.home import Home
from resources.ledger import Entry, Ledger, Payload, append_within, entries_within

RECEIVED = "file_received"
LEFT_ALONE = "inbox_left_alone"


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
        """The marker that was made with the folder is there: tells an empty inbox from one that is not mounted."""
        return (self.folder / MARKER).is_file()

    def listing(self) -> str:
        """A digest of the settled files' names, sizes and times: changes when there is something to take in.

        An inbox that is not there is no empty one: where it comes back, a run is due.
        """
        if not self.present:
            return "not there"
        files = look(self.folder).files
        lines = "\n".join(f"{f.sender}/{f.name}\0{f.size}\0{f.modified_ns}" for f in files if f.settled)
        return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()

    def take_in(self, ledger: Ledger) -> list[Entry]:
        """Archive and record every settled file that is new or changed; returns the new entries.

        What cannot be read is left for the next run, and told by `left_alone`.
        """
        archive = Archive(self.home.archive)
        received = []
        for file in look(self.folder).files:
            digest = archived(file, archive) if file.settled else None
            if digest is not None:
                received.append(_payload(readable_name(file.sender), readable_name(file.name), digest, file.size))
        return self._record(ledger, received)

    def note_left_alone(self, ledger: Ledger) -> None:
        """Record what lies there and was not taken in, where it is not what was recorded last: an inbox changes."""
        left = [vars(one) for one in self.left_alone(ledger)]
        if left != [vars(one) for one in left_alone(ledger, self.evaluation)]:
            ledger.append(self.evaluation, LEFT_ALONE, {"left": left})

    def left_alone(self, ledger: Ledger) -> list[LeftAlone]:
        """What lies in the inbox and has not been taken in, with the reason."""
        seen = look(self.folder)
        for file, reason in self._not_taken(seen, ledger):
            if file.settled and reason is not None:
                sender, name = readable_name(file.sender), readable_name(file.name)
                seen.left_alone.append(LeftAlone(reason[0], sender, name, reason[1]))
        return sorted(seen.left_alone)

    def waiting(self, ledger: Ledger) -> list[Dropped]:
        """Files that a run takes in, now or once they are settled."""
        seen = look(self.folder)
        return [file for file, reason in self._not_taken(seen, ledger) if reason is None]

    def _not_taken(self, seen: Seen, ledger: Ledger) -> Iterator[tuple[Dropped, tuple[str, str] | None]]:
        """Files that no entry names, each with why it was not taken in (None: it will be)."""
        names: set[tuple[str, str, int]] = set()
        contents: dict[str, dict[str, str]] = defaultdict(dict)
        for entry in ledger.entries(self.evaluation, [RECEIVED]):
            sent = entry.payload
            names.add((sent["sender"], sent["name"], sent["size"]))
            contents[sent["sender"]].setdefault(sent["sha256"], sent["name"])
        for file in seen.files:
            sender = readable_name(file.sender)
            if (sender, readable_name(file.name), file.size) not in names:
                yield file, _reason(file, contents[sender])

    def submit(
        self,
        ledger: Ledger,
        sender: str,
        source: Path,
        received: str | None = None,
        by: str = "",
        name: str | None = None,
    ) -> Entry | None:
        """Put a file into a sender's folder and record it at once; None where the same bytes are there already.

        What lay there under that name and was not taken in yet is recorded before it is replaced.
        `received` (ISO date) states when paper or a past file came in; `by` says who hands it in and states that.
        `name` is the file's within the sender's folder, `佐证/…` for evidence (default: the source's own).
        """
        data, name = source.read_bytes(), name or source.name
        path = self.folder / sender / name
        path.parent.mkdir(parents=True, exist_ok=True)
        stated = {"stated_received_at": start_of_day(received), "stated_by": by} if received else {}
        stated |= {"handed_in_by": by} if by else {}
        archive = Archive(self.home.archive)
        replaced = [path.read_bytes()] if path.is_file() and not path.is_symlink() else []
        payloads = [_payload(sender, name, archive.put(one), len(one)) for one in (*replaced, data)]
        entries = self._record(ledger, [*payloads[:-1], payloads[-1] | stated])
        write_whole(path, data)
        os.utime(path, (0, 0))  # settled: it is whole, and recorded
        return entries[-1] if entries and entries[-1].payload["sha256"] == payloads[-1]["sha256"] else None

    def _record(self, ledger: Ledger, received: list[Payload]) -> list[Entry]:
        """Append what is a new submission: other content under a known name, or content that its sender never sent.

        A copy under another name, even of what was replaced since, is no new submission.
        """
        with ledger.store.writing() as connection:
            in_force: dict[str, dict[str, str]] = defaultdict(dict)
            ever: dict[str, set[str]] = defaultdict(set)
            for entry in entries_within(connection, self.evaluation, [RECEIVED]):
                in_force[entry.payload["sender"]][entry.payload["name"]] = entry.payload["sha256"]
                ever[entry.payload["sender"]].add(entry.payload["sha256"])
            new = []
            for payload in received:
                own, digest = in_force[payload["sender"]], payload["sha256"]
                known = {own[payload["name"]]} if payload["name"] in own else ever[payload["sender"]]
                if digest not in known:
                    new.append(append_within(connection, self.evaluation, RECEIVED, payload))
                    own[payload["name"]] = digest
                    ever[payload["sender"]].add(digest)
            return new


def _reason(file: Dropped, sent_before: dict[str, str]) -> tuple[str, str] | None:
    """Why a settled file that no entry names was not taken in; None where the next run will."""
    try:
        with file.path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return None
    except OSError as error:
        return CANNOT_READ, error.strerror or ""
    return ("DUPLICATE_FILE", sent_before[digest]) if digest in sent_before else None


def left_alone(ledger: Ledger, evaluation: str, up_to: int | None = None) -> list[LeftAlone]:
    """What the ledger last says, at most up to entry `up_to`, of things in the inbox that were not taken in."""
    entries = ledger.entries(evaluation, [LEFT_ALONE], up_to)
    return [LeftAlone(**one) for one in entries[-1].payload["left"]] if entries else []


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
    return {"sender": sender, "name": name, "sha256": digest, "size": size}
