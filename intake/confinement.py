"""Files parsed in a child process: what kills or outlasts it becomes a finding, and the others go on.

Here belong the starting and ending of the child and the blame for its death. The child itself is `child.py`.
"""

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

from intake.child import OUT_OF_MEMORY, READY, Source, receive, send
from intake.limits import Limits
from intake.raw import RawFile, RawFinding

BATCH_FILES = 64
BATCH_BYTES = 4_000_000
FILES_PER_CHILD = 2_000

_START = "import sys; sys.path[:] = sys.argv[3:]; from intake.child import serve; serve(*map(int, sys.argv[1:3]))"
# No secret of ours is handed on. Arrow's own allocator reserves far more than it uses.
_ENVIRONMENT = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_HANDED_ON = ("LD_LIBRARY_PATH", "PATH", "TZ")
_SECONDS_TO_START = 60


class NoChildError(RuntimeError):
    """The process that reads files does not start; what it said stands in the log."""


def read_confined(sources: Iterable[Source], limits: Limits) -> Generator[RawFile, None, None]:
    """One answer per file, in order. The child is started for the first file and ends with the generator.

    Raises:
        NoChildError: it does not start.
    """
    with _Confinement(limits) as confinement:
        for batch in _batches(sources):
            while batch:
                for answer in confinement.answers(batch):
                    batch = batch[1:]
                    yield answer


class _Confinement:
    """One child at a time, replaced when it is old or has failed."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: _Child | None = None

    def __enter__(self) -> "_Confinement":
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None

    def answers(self, batch: list[Source]) -> Iterator[RawFile]:
        """Answers to the first files of the batch; none only where a child that had read others failed."""
        if self._child is None or self._child.answers > FILES_PER_CHILD:
            self.__exit__()
            self._child = _Child()
        child = self._child
        child.send((self._limits, batch))
        for _ in batch:
            answer = child.answer(2 * self._limits.seconds)
            if isinstance(answer, RawFile):
                yield answer
                continue
            self.__exit__()
            # What was left by files before may have used up memory, but never a file's time.
            if child.answers == 0 or answer == _TOO_LONG:
                yield RawFile("quarantined", findings=(_finding(answer, self._limits),))
            return


class _Child:
    def __init__(self) -> None:
        self.answers = 0
        self._connection, theirs = multiprocessing.Pipe()
        handed_on = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
        with theirs:
            arguments = [str(theirs.fileno()), str(os.getpid()), *sys.path]
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-X", "utf8", "-c", _START, *arguments],
                env={**handed_on, **_ENVIRONMENT},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        if self._received(_SECONDS_TO_START) != READY:
            self.end()
            raise NoChildError(f"{sys.executable} -c {_START!r}")

    def send(self, batch: object) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            send(self._connection, batch)

    def answer(self, seconds: float) -> object:
        """A RawFile, or one of the ways to fail."""
        answer = self._received(seconds)
        if isinstance(answer, RawFile):
            self.answers += 1
        return answer

    def _received(self, seconds: float) -> object:
        """What comes within that time, or longer while it computes: a busy machine is not held against it."""
        try:
            _, before = self._state()
            while not self._connection.poll(seconds):
                state, computed = self._state()
                if state != "R" and computed == before:
                    return _TOO_LONG
                before = computed
            return receive(self._connection)
        except (EOFError, OSError):
            return _DEATHS.get(-self._process.wait(), _DIED)

    def _state(self) -> tuple[str, int]:
        """R where it could go on computing, and how long it has; nothing where the system does not tell."""
        if sys.platform != "linux":
            return "", 0
        told = Path(f"/proc/{self._process.pid}/stat").read_text(errors="replace").rpartition(") ")[2].split()
        return told[0], int(told[11]) + int(told[12])

    def end(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.wait()


_TOO_LONG = "too long"
_DIED = "died"
# Libraries that get no memory abort; the system kills what takes too much of it.
_DEATHS: dict[int, str] = {signal.SIGXCPU: _TOO_LONG, signal.SIGABRT: OUT_OF_MEMORY, signal.SIGKILL: OUT_OF_MEMORY}


def _finding(failure: object, limits: Limits) -> RawFinding:
    if failure == OUT_OF_MEMORY:
        return RawFinding("TOO_BIG", detail=f"读取所需内存多于 {limits.memory} MB")
    if failure == _TOO_LONG:
        return RawFinding("TOO_BIG", detail=f"读取用时超过 {limits.seconds} 秒")
    return RawFinding("UNREADABLE")


def _batches(sources: Iterable[Source]) -> Iterator[list[Source]]:
    batch: list[Source] = []
    size = 0
    for source in sources:
        batch.append(source)
        size += source.size
        if len(batch) == BATCH_FILES or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
