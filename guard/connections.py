"""Connections on which nobody asks: how long one is waited for, and which goes when there are too many.

uvicorn waits for ever for a request's first line and headers. A few hundred connections that send nothing, or a letter
a minute, would take all file descriptors; here they go, and whoever asks is answered.
"""

from __future__ import annotations

import asyncio
import itertools
import resource
from collections import Counter
from contextlib import suppress
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_WITHIN = 10.0  # seconds from the first moment, or the first byte after an answer, to the end of the headers
MOST_WAITING = 200  # connections that have asked nothing; a browser asks as soon as it is connected
MOST = 1000  # connections of all kinds; who comes then is told to come again (503)
DESCRIPTORS = 4 * MOST  # connections, and what answers them: files, databases, sockets of Dagster

_began = itertools.count()


class Prompt(H11Protocol):
    """uvicorn's HTTP/1.1, for those who ask within HEADERS_WITHIN.

    Of too many that wait, one of the address that has most of them is closed, the eldest.
    """

    _deadline: asyncio.TimerHandle | None = None
    _upgraded = False  # a websocket has taken over the transport
    _began = 0  # to wait: a number that grows, because the loop's clock stands still for many at once

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()
        waiting = [one for one in self.connections if isinstance(one, Prompt) and one._deadline]
        if len(waiting) > MOST_WAITING:
            of = Counter(one.address for one in waiting)
            busiest = of.most_common(1)[0][0]
            min((one for one in waiting if one.address == busiest), key=lambda one: one._began).close()

    @property
    def address(self) -> str:
        return self.client[0] if self.client else ""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._asked()
        elif not self._deadline and not self._upgraded:
            self._wait()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._asked()
        self._upgraded = True
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        self._asked()
        super().connection_lost(exc)

    def close(self) -> None:
        self._asked()
        self.transport.abort()

    def _wait(self) -> None:
        self._began = next(_began)
        self._deadline = self.loop.call_later(HEADERS_WITHIN, self.close)

    def _asked(self) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = None


def raise_descriptors() -> None:
    """Let this process open as many files as MOST connections need, where the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
