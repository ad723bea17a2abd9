"""Processes that live and end with this one: how they are started, kept running and ended.

What is run in them is decided in `orchestration.ui`.
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

logger = logging.getLogger("kaohe.ui")

DIES_AT_ONCE = 30.0  # seconds: a code location alone takes five to load
# How a child is ended: the server alone, whose runs may finish first; then its runs with it; then by force.
ENDINGS = (os.kill, signal.SIGTERM, 60.0), (os.killpg, signal.SIGTERM, 5.0), (os.killpg, signal.SIGKILL, 5.0)
# Run in a child before it becomes the server: it ends with this process however that ends, and it can be
# interrupted even where a shell that started us in the background has interrupts ignored.
BECOME_CHILD = """
import ctypes, os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


class CannotServe(Exception):
    """Nothing can be shown; the message tells the person at the terminal why and what to do."""


@dataclass
class Child:
    """A process that is started again when it dies, and that dies with this one."""

    environment: dict[str, str]
    cwd: Path
    process: asyncio.subprocess.Process | None = None

    async def keep(self, command: Sequence[str], lock: int) -> None:
        """Run `command` for ever; it inherits the lock: nobody starts another before it is gone."""
        launch = [sys.executable, "-I", "-S", "-c", BECOME_CHILD, str(os.getpid()), "-m", *command]
        clock, again = asyncio.get_running_loop().time, False
        while True:
            since = clock()
            self.process = await asyncio.create_subprocess_exec(
                *launch, cwd=self.cwd, env=self.environment, pass_fds=[lock], start_new_session=True
            )
            logger.info("%s started as process %s", command[0], self.process.pid)
            code = await self.process.wait()
            if again and clock() - since < DIES_AT_ONCE:
                raise CannotServe(f"后台进程 {command[0]} 一再退出(退出码 {code}), 请先处理上面的错误信息。")
            logger.warning("%s ended with code %s and is started again", command[0], code)
            again = True

    async def end(self) -> None:
        for send, number, patience in ENDINGS:
            if self.process and self.process.returncode is None:
                self.tell(send, number)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.process.wait(), patience)

    def tell(self, send: Callable[[int, int], None], number: int) -> None:
        if self.process and self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                send(self.process.pid, number)


async def first_of(*parts: Coroutine[Any, Any, object]) -> None:
    """Run all until the first is done or fails; the others are cancelled, a failure is raised."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
