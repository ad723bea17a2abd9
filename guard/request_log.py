"""Who asked for what: one JSON object a line in the home's `logs/guard.log`, kept to a bounded size."""

from __future__ import annotations

import json
import logging
import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from starlette.requests import HTTPConnection

from resources.clock import now

FILE_BYTES, FILES = 10_000_000, 20
LONGEST = 300


class PrivateFile(RotatingFileHandler):
    """Only this account reads it."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600))


class RequestLog:
    """Lines are appended whole; texts from outside are cut, and escaped by JSON."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handler = PrivateFile(folder / "guard.log", maxBytes=FILE_BYTES, backupCount=FILES)

    def write(self, **said: Any) -> None:
        cut = {name: value[:LONGEST] if isinstance(value, str) else value for name, value in said.items() if value}
        line = json.dumps({"at": now(), **cut}, ensure_ascii=False)
        self._handler.emit(logging.makeLogRecord({"msg": "%s", "args": (line,)}))

    def close(self) -> None:
        self._handler.close()


def note(conn: HTTPConnection, **said: Any) -> None:
    """Add to what the log says of this request."""
    conn.scope["state"].setdefault("said", {}).update(said)
