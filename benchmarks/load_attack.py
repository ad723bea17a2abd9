"""Somebody who means harm, for `load.py`: connections that send a letter now and then, and guesses at passwords."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode

FROM = "127.0.0.9"  # another address than the readers'


@contextlib.contextmanager
def half_open(port: int, count: int) -> Iterator[Counter[str]]:
    """Keep so many connections that never finish asking; one that is closed is opened again. Counts both."""
    stop, counted = threading.Event(), Counter[str]()

    def hold() -> None:
        lines: list[socket.socket] = []
        while not stop.is_set():
            while len(lines) < count and not stop.is_set():
                with contextlib.suppress(OSError):
                    line = socket.create_connection(("127.0.0.1", port), 5, source_address=(FROM, 0))
                    line.sendall(b"GET / HTTP/1.1\r\n")
                    line.setblocking(False)
                    lines.append(line)
                    counted["opened"] += 1
            lines = [line for line in lines if _still_open(line, counted)]
            stop.wait(0.5)
        for line in lines:
            line.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        yield counted
    finally:
        stop.set()
        thread.join()


def _still_open(line: socket.socket, counted: Counter[str]) -> bool:
    try:
        if line.recv(1) == b"":
            raise ConnectionResetError
    except BlockingIOError:
        with contextlib.suppress(OSError):
            line.sendall(b"X")
        return True
    except OSError:
        pass
    line.close()
    counted["closed"] += 1
    return False


def guess(port: int, tries: int) -> tuple[Counter[int], float]:
    """Guess at passwords of many names over one connection after the other; what was answered, and seconds."""
    answers, start = Counter[int](), time.perf_counter()
    headers = {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/x-www-form-urlencoded"}
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for number in range(tries):
        line.request("POST", "/login", urlencode({"name": f"name{number % 50}", "password": f"guess{number}"}), headers)
        answer = line.getresponse()
        answer.read()
        answers[answer.status] += 1
    return answers, time.perf_counter() - start
