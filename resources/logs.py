"""Our own logs: one JSON object a line in the home's `logs/`, read by this account alone, of bounded size.

`kaohe.log` has what runs and servers of this home say, of whatever process; `guard.log`, which the guard writes, who
asked for what. What a run did step by step is in Dagster's record.
"""

from __future__ import annotations

import json
import logging
import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from resources.clock import now

FILE_BYTES, FILES = 10_000_000, 20
ABOUT = ("evaluation", "run", "step", "version", "seq", "outcome")  # what `extra` may say besides, in this order
LONGEST = 20_000  # characters of a text
OURS = ("kaohe", "uvicorn.error")


class PrivateFile(RotatingFileHandler):
    """Only this account reads it. Another process may have turned the file over meanwhile: then the new one is used."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(path, maxBytes=FILE_BYTES, backupCount=FILES, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600))

    def emit(self, record: logging.LogRecord) -> None:
        """What cannot be written stops nobody: it is told on standard error."""
        try:
            if self.stream and not self._is_the_file(self.stream.fileno()):
                self.close()  # `super` opens it anew
        except OSError:
            self.handleError(record)
        super().emit(record)

    def _is_the_file(self, opened: int) -> bool:
        try:
            return os.path.samestat(os.fstat(opened), Path(self.baseFilename).stat())
        except FileNotFoundError:
            return False


class JsonLines(logging.Formatter):
    """Time, degree, who says it, the text, what it is about, and the traceback of a fault."""

    def format(self, record: logging.LogRecord) -> str:
        said = {"at": now(), "level": record.levelname.lower(), "from": record.name, "text": record.getMessage()}
        said |= {name: getattr(record, name) for name in ABOUT if hasattr(record, name)}
        if record.exc_info:
            said["fault"] = self.formatException(record.exc_info)
        cut = {name: value[:LONGEST] if isinstance(value, str) else value for name, value in said.items()}
        return json.dumps(cut, ensure_ascii=False, default=str)


def log_to(folder: Path) -> None:
    """Write what is ours in this process to `kaohe.log` in the folder, from now on, once, and to no other home's."""
    path = folder / "kaohe.log"
    for name in OURS:
        logger = logging.getLogger(name)
        files = [one for one in logger.handlers if isinstance(one, PrivateFile)]
        for one in files:
            if one.baseFilename != str(path.absolute()):
                logger.removeHandler(one)
                one.close()
        if any(one in logger.handlers for one in files):
            continue
        handler = PrivateFile(path)
        handler.setFormatter(JsonLines())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
