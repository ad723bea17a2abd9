"""The child process in which files are parsed: under limits, without a past that counts, gone with its parent.

Here belongs the child's side. `confinement.py` starts it, sends it files and judges its silence. Nothing that is
slow to load belongs here, so that the memory limit is about the file.
"""

import contextlib
import os
import pickle
import resource
import signal
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple, cast

from intake.csvfile import DENSE_FROM
from intake.limits import Limits
from intake.one_file import read_file, read_path
from intake.raw import RawFile

READY = "ready"
OUT_OF_MEMORY = "out of memory"

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class Source(NamedTuple):
    """A file to read: its name as sent, and its bytes or where they lie."""

    name: str
    content: bytes | Path

    @property
    def size(self) -> int:
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size


def send(connection: Connection, message: object) -> None:
    """Big columns go as they are, without a copy in between."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(message, protocol=5, buffer_callback=buffers.append)
    connection.send((head, len(buffers)))
    for buffer in buffers:
        connection.send_bytes(buffer.raw())


def receive(connection: Connection) -> object:
    """Raises EOFError where the other end is gone."""
    head, count = connection.recv()
    return pickle.loads(head, buffers=[connection.recv_bytes() for _ in range(count)])


def serve(descriptor: int, parent: int) -> None:
    """Reads batches of files and answers each file by itself, until the other end closes."""
    _die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    connection = Connection(descriptor)
    with contextlib.suppress(EOFError, BrokenPipeError):
        send(connection, READY)
        while True:
            limits, sources = cast(tuple[Limits, list[Source]], receive(connection))
            for source in sources:
                _answer(connection, source, limits)


def _answer(connection: Connection, source: Source, limits: Limits) -> None:
    """Sends what was read; after a want of memory nothing else is read here."""
    if source.size > DENSE_FROM:
        import intake.dense  # noqa: F401  # the memory of its libraries is not the file's
    _limit(limits)
    try:
        send(connection, read_source(source, limits))
    except MemoryError:
        _lift(resource.RLIMIT_AS)
        send(connection, OUT_OF_MEMORY)
        sys.exit()
    _lift(resource.RLIMIT_AS)


def read_source(source: Source, limits: Limits) -> RawFile:
    if isinstance(source.content, Path):
        return read_path(source.content, source.name, limits)
    return read_file(source.content, source.name, limits)


def _limit(limits: Limits) -> None:
    """Limits are beyond what the process has used so far."""
    _set_soft(resource.RLIMIT_CPU, int(time.process_time()) + limits.seconds + 1)
    pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    _set_soft(resource.RLIMIT_AS, pages * resource.getpagesize() + limits.memory * 1_000_000)


def _set_soft(kind: int, amount: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (amount if hard == resource.RLIM_INFINITY else min(amount, hard), hard))


def _lift(kind: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (hard, hard))


def _die_with(parent: int) -> None:
    """Even when the parent is killed outright; where the system cannot do that, the closed pipe ends us."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()
