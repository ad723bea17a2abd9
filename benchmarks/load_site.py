"""What `load.py` asks: a real `kaohe ui` with people logged in, and a bare server of the same files as the floor."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
app = Starlette(routes=[Mount("/published", StaticFiles(directory=sys.argv[1], follow_symlink=True))])
uvicorn.run(app, port=int(sys.argv[2]), http=sys.argv[3], access_log=False, log_level="warning")
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@contextlib.contextmanager
def process(command: Sequence[str], port: int, log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """One that listens on `port`, until it is no longer needed."""
    with log.open("w") as out:
        started = subprocess.Popen(
            command, cwd=CHECKOUT, env={**os.environ, **environment}, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            _until_it_listens(started, port, log)
            yield started
        finally:
            started.terminate()
            try:
                started.wait(100)
            except subprocess.TimeoutExpired:
                started.kill()
                print(f"{command[1:4]} did not end within 100 s", flush=True)


def _until_it_listens(started: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(1200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as line:
            line.sendall(b"GET / HTTP/1.0\r\n\r\n")  # `kaohe ui` listens before it answers
            if line.recv(1):
                return
        if started.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(log.read_text(encoding="utf-8"))


@contextlib.contextmanager
def guarded(home: Path, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with process(
        [sys.executable, "-m", "orchestration", "ui", "--port", str(port)], port, log, KAOHE_HOME=str(home)
    ) as ui:
        yield ui


@contextlib.contextmanager
def bare(home: Path, port: int, log: Path, http: str) -> Iterator[None]:
    with process([sys.executable, "-c", BARE, str(home / "published"), str(port), http], port, log):
        yield


def sessions(home: Path, port: int, count: int) -> list[str]:
    """The cookies of so many examiners who have logged in; a session is what it is, however it was begun."""
    from orchestration.accounts import accounts_of
    from resources.accounts import Account
    from resources.home import Home

    accounts = accounts_of(Home(home))
    known = {one.name for one in accounts.all()}
    for name in (f"reader{number}" for number in range(count)):
        if name not in known:
            accounts.add(Account(name, "examiner"), "no password is needed here")
    return [f"kaohe-{port}={accounts.start_session(f'reader{number}')}" for number in range(count)]


def wrk(
    folder: Path, port: int, cookies: list[str], paths: list[str], connections: int, seconds: int
) -> dict[str, Any]:
    """What wrk counted and measured; times in ms."""
    (folder / "cookies").write_text("\n".join(cookies or ["none=1"]) + "\n", encoding="ascii")
    (folder / "paths").write_text("\n".join(paths) + "\n", encoding="ascii")
    threads = min(2, connections)
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s"]
    command += ["-s", str(CHECKOUT / "benchmarks" / "load.lua"), f"http://127.0.0.1:{port}", "--"]
    done = subprocess.run(
        [*command, str(folder / "cookies"), str(folder / "paths")], capture_output=True, text=True, check=True
    )
    told: dict[str, Any] = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
    return told
