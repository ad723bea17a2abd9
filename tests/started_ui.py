"""A real `kaohe ui` in a process of its own, what it says, and what is seen of it from outside."""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from visitors import cookie_of
from websockets.sync.client import connect

from resources.home import CHECKOUT, Home
from resources.roles import OPERATOR


class Ui:
    """One `kaohe ui`, what it has printed, and somebody of the name of a role who uses it."""

    def __init__(self, home: Path, workspace: Path, role: str) -> None:
        self.home, self.role = Home(home), role
        self.path = "/operate" if role == OPERATOR else "/dagster"
        start = "import sys; from pathlib import Path; from orchestration.ui import Door, serve; "
        start += "sys.exit(serve(Path(sys.argv[1]), Door(port=0), workspace=Path(sys.argv[2])))"
        self.process = subprocess.Popen(
            [sys.executable, "-c", start, str(home), str(workspace)],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line

    @property
    def port(self) -> int:
        eventually(lambda: "http://127.0.0.1:" in self.said or self.process.poll() is not None, self)
        return int(self.said.partition("http://127.0.0.1:")[2].split()[0])

    @property
    def own(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @cached_property
    def cookie(self) -> str:
        return cookie_of(self.home, self.role, self.port)

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str]:
        """What this server answers to its user below its path."""
        response = self._answered(method, f"{self.path}{path}", body, {"Cookie": self.cookie, **headers})
        return response.status, response.read().decode()

    def asked(self, method: str, path: str, body: str | None = None, **headers: str) -> int:
        """The status, whatever the path, for whoever has the cookie; a page of ours asks."""
        return self._answered(method, path, body, {"Origin": self.own, **headers}).status

    def _answered(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse()

    def query(self, query: str, **headers: str) -> tuple[int, Any]:
        headers = {"Content_Type": "application/json", "Origin": self.own, **headers}
        status, body = self.ask("POST", "/graphql", json.dumps({"query": query}), **headers)
        return status, json.loads(body) if body.startswith("{") else body

    def answer(self, query: str) -> Any:
        return self.query(query)[1]["data"]

    def subscribe(self, query: str, origin: str, path: str = "", cookie: str = "") -> list[dict[str, Any]]:
        """What a websocket answers first to one operation; by default this server's, to its user."""
        address = f"ws://127.0.0.1:{self.port}{path or self.path}/graphql"
        named: dict[str, Any] = {"origin": origin, "subprotocols": ["graphql-ws"]}
        with connect(address, additional_headers={"Cookie": cookie or self.cookie}, **named) as line:
            line.send(json.dumps({"type": "connection_init"}))
            line.send(json.dumps({"type": "start", "id": "1", "payload": {"query": query}}))
            return [json.loads(line.recv(timeout=10)) for _ in range(2)]

    def children(self) -> dict[str, int]:
        return {
            part: pid for pid, line in children_of(self.process.pid).items() for part in PARTS if PARTS[part] in line
        }


PARTS = {"code location": "orchestration.code_server", "daemon": "dagster._daemon run"}


def children_of(parent: int) -> dict[int, str]:
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended while we looked
    return found


def listening_ports(pid: int) -> set[int]:
    tables = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    ports = {row[9]: int(row[1].rpartition(":")[2], 16) for row in tables if row[3] == "0A"}
    open_files = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed while we looked
            open_files.append(str(link.readlink()))
    return {ports[name[8:-1]] for name in open_files if name.startswith("socket:[") and name[8:-1] in ports}


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(condition: Callable[[], object], *shown: Ui, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, [ui.said for ui in shown]
        time.sleep(0.1)
