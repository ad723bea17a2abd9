"""The outbox: every notice to people as a text file, and how far it got, by the folder that it lies in.

`new/` waits to be sent (or for a person to hand it on), `sending/` is being sent, `sent/` has been. A file is claimed
by renaming it, so two senders never send one twice; what a crash leaves in `sending/` may have arrived and is not sent
again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from resources.archive import write_whole

NEW, SENDING, SENT = "new", "sending", "sent"
KEYS = "编号："


@dataclass(frozen=True)
class Notice:
    """What one recipient (a sender's code, "" for the examiner) is told; `keys` name the matters, never told twice."""

    recipient: str
    subject: str
    text: str
    keys: tuple[str, ...]

    def as_file(self) -> str:
        return f"{self.subject}\n\n{self.text}\n\n{KEYS}{' '.join(self.keys)}\n"


@dataclass(frozen=True)
class Outbox:
    """The notices of one evaluation; `folder` is made when something is put in."""

    folder: Path

    def told(self) -> set[tuple[str, str]]:
        """Recipient and key of every matter that has been put in, sent or not."""
        return {(recipient_of(path), key) for path in self._files(NEW, SENDING, SENT) for key in _keys(path)}

    def put(self, notice: Notice, day: str) -> Path:
        """Keep a notice of that day (ISO); the same one twice is one file."""
        digest = hashlib.sha256(" ".join(notice.keys).encode()).hexdigest()[:10]
        name = f"{day}_{notice.recipient or 'examiner'}_{digest}.txt"
        for state in (NEW, SENDING, SENT):
            (self.folder / state).mkdir(parents=True, exist_ok=True)
            if (self.folder / state / name).is_file():
                return self.folder / state / name
        write_whole(self.folder / NEW / name, notice.as_file().encode())
        return self.folder / NEW / name

    def waiting(self) -> list[Path]:
        """What has not been sent, oldest first."""
        return self._files(NEW)

    def stuck(self) -> list[Path]:
        """What a sender had begun to send when it was ended: nobody knows whether it arrived."""
        return self._files(SENDING)

    def deliver(self, path: Path, send: Callable[[str, str], bool]) -> bool:
        """Send a waiting notice by `send(subject, text)`; what it refuses waits again. False where it did not go."""
        claimed = self.folder / SENDING / path.name
        try:
            path.rename(claimed)
        except FileNotFoundError:
            return False  # another sender was faster
        subject, _, text = claimed.read_text(encoding="utf-8").partition("\n\n")
        went = send(subject, text.rpartition(KEYS)[0].rstrip())
        claimed.rename(self.folder / (SENT if went else NEW) / path.name)
        return went

    def _files(self, *states: str) -> list[Path]:
        return sorted((path for state in states for path in (self.folder / state).glob("*.txt")), key=lambda p: p.name)


def day_of(path: Path) -> str:
    return path.name.partition("_")[0]


def recipient_of(path: Path) -> str:
    """>>> recipient_of(Path("2026-01-05_T_01_0a1b2c3d4e.txt"))
    'T_01'
    """
    named = re.sub(r"^[^_]+_|_[0-9a-f]{10}\.txt$", "", path.name)
    return "" if named == "examiner" else named


def _keys(path: Path) -> Iterable[str]:
    return path.read_text(encoding="utf-8").rpartition(KEYS)[2].split()
