"""Where receipts lie, and how they get there: a folder per sender, in it one per file received.

Here belong paths and bytes. A receipt is made again from archive and ledger at any time, so it is written whole but
without waiting for the disk; one that is there already with the same bytes is left alone.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from resources.home import Home

RECEIPT = "回执.html"
_ALLOWED = set(" -_.+（）()〔〕《》【】、—·")
_LONGEST_BYTES = 180
_SHORT = 40


@dataclass(frozen=True)
class Receipts:
    """The receipts of one evaluation."""

    home: Home
    evaluation: str

    @property
    def folder(self) -> Path:
        return self.home.receipts / self.evaluation

    def of_sender(self, sender: str) -> Path:
        """The sender's folder; two senders never share one."""
        name = safe_name(sender)
        return self.folder / (name if name == sender else f"{name}-{hashlib.sha256(sender.encode()).hexdigest()[:8]}")

    def of_file(self, sender: str, seq: int, name: str) -> Path:
        """The folder of one file received: its ledger number, then as much of its name as helps to find it."""
        stem = safe_name(PurePosixPath(name).stem)[:_SHORT].strip()
        return self.of_sender(sender) / f"{seq:04}-{stem}"


def safe_name(text: str) -> str:
    """Text as a name that every file system takes and no program mistakes for an option or a path.

    >>> safe_name("../a<b>.xlsx"), safe_name("-rf"), safe_name("统计局 2025（定）")
    ('_a_b_.xlsx', 'rf', '统计局 2025（定）')
    """
    kept = "".join(c if c.isalnum() or c in _ALLOWED else "_" for c in text)
    cut = kept.encode("utf-8", "replace")[:_LONGEST_BYTES].decode("utf-8", "ignore")
    return cut.strip(" .-") or "_"


def workbook_name(name: str) -> str:
    """What the workbook that goes back is called: as its file was, so that it takes that file's place."""
    path = PurePosixPath(name)
    return f"{safe_name(path.stem)}.xlsx"


def keep(path: Path, data: bytes) -> bool:
    """Write a file whole, unless it is there with these bytes already; says whether it was written."""
    if holds(path, data):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".writing-{os.getpid()}")
    temporary.write_bytes(data)
    os.replace(temporary, path)  # noqa: PTH105
    return True


def holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data
