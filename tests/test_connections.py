"""Real sockets of whoever does not ask, asks for too much, or too slowly: they go, and others are answered."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from websockets.sync.client import connect
from websockets.typing import Origin

from guard import connections, gate
from guard.gate import Gate
from guard.policy import served_origins
from guard.request_log import RequestLog
from orchestration.door import Door

SOON, WAITING = 0.3, 8


class Site:
    def __init__(self, port: int) -> None:
        self.port = port
        self.own = f"Host: 127.0.0.1:{port}\r\n"

    def line(self, said: str, address: str = "127.0.0.1") -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), 10, source_address=(address, 0))
        made.sendall(said.encode())
        return made

    def status(self) -> int:
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        asking.request("GET", "/")
        return asking.getresponse().status


async def reads_all(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        line = WebSocket(scope, receive, send)
        await line.accept()
        await line.send_text(await line.receive_text())
        return
    request = Request(scope, receive)
    body = b"" if request.url.path == "/unread" else await request.body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The site as `kaohe ui` configures it, with less patience."""
    monkeypatch.setattr(connections, "HEADERS_WITHIN", SOON)
    monkeypatch.setattr(connections, "MOST_WAITING", WAITING)
    monkeypatch.setattr(gate, "BODY_WITHIN", SOON)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = uvicorn.Server(Door().configured(Gate(reads_all, served_origins(port), RequestLog(tmp_path))))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Site(port)
        server.should_exit = True
        thread.join()


def ended(line: socket.socket) -> bool:
    """Whether the other side has ended it; waits ten seconds for that."""
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("said", ["", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nX-A: b\r\n"])
def test_who_does_not_finish_asking_is_not_waited_for(site: Site, said: str) -> None:
    with site.line(said) as line:
        assert ended(line)


def test_a_letter_now_and_then_keeps_no_connection(site: Site) -> None:
    with site.line("GET / HTTP/1.1\r\n" + site.own + "\r\n") as line:
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
        until, dropped = time.monotonic() + 10, False
        while not dropped and time.monotonic() < until:
            try:
                line.sendall(b"G")
            except (BrokenPipeError, ConnectionResetError):
                dropped = True
            time.sleep(SOON / 5)
        assert dropped


def test_many_who_wait_keep_nobody_out(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADERS_WITHIN", 60)
    with ExitStack() as open_ones:
        patient = open_ones.enter_context(site.line("GET / HTTP/1.1\r\n"))  # of an address that has no other
        lines = [open_ones.enter_context(site.line("GET / HTTP/1.1\r\n", "127.0.0.9")) for _ in range(3 * WAITING)]
        assert [site.status() for _ in range(3)] == [200] * 3
        assert all(ended(line) for line in lines[: 2 * WAITING])  # the eldest
        patient.sendall(f"{site.own}\r\n".encode())
        assert patient.recv(4096).startswith(b"HTTP/1.1 200")
        lines[-1].sendall(f"{site.own}\r\n".encode())
        assert lines[-1].recv(4096).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("path", ["/", "/unread"])
def test_a_body_that_does_not_come_is_given_up(site: Site, path: str) -> None:
    origin = f"Origin: http://127.0.0.1:{site.port}\r\n"
    with site.line(f"POST {path} HTTP/1.1\r\n{site.own}{origin}Content-Length: 100\r\n\r\nabc") as line:
        assert line.recv(4096).startswith(b"HTTP/1.1 408" if path == "/" else b"HTTP/1.1 200")
        line.sendall(b"d")
        while not ended(line):
            pass
    assert site.status() == 200


def test_headers_without_end_are_refused(site: Site) -> None:
    with site.line("GET / HTTP/1.1\r\n" + site.own + "X-A: " + "b" * 100_000) as line:
        assert line.recv(4096).startswith(b"HTTP/1.1 400")
    assert site.status() == 200


def test_a_websocket_on_which_nothing_is_said_stays_open(site: Site) -> None:
    own = f"127.0.0.1:{site.port}"
    with connect(f"ws://{own}/dagster/graphql", origin=Origin(f"http://{own}")) as line:
        time.sleep(3 * SOON)
        line.send("还在")
        assert line.recv(timeout=10) == "还在"
