"""Who asked for what: one JSON object a line in the home's `logs/guard.log`, kept to a bounded size."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from starlette.requests import HTTPConnection

from resources.clock import now
from resources.logs import PrivateFile

LONGEST = 300


class RequestLog:
    """Lines are appended whole; texts from outside are cut, and escaped by JSON."""

    def __init__(self, folder: Path) -> None:
        self._handler = PrivateFile(folder / "guard.log")

    def write(self, **said: Any) -> None:
        cut = {name: value[:LONGEST] if isinstance(value, str) else value for name, value in said.items() if value}
        line = json.dumps({"at": now(), **cut}, ensure_ascii=False)
        self._handler.emit(logging.makeLogRecord({"msg": "%s", "args": (line,)}))

    def close(self) -> None:
        self._handler.close()


def note(conn: HTTPConnection, **said: Any) -> None:
    """Add to what the log says of this request."""
    conn.scope["state"].setdefault("said", {}).update(said)
