"""The outermost layer: applies the policy to every request, bounds its body, hardens its answer, writes it down."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Collection, Mapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guard.policy import ANSWER_HEADERS, Refusal, merged_policy, refused
from guard.request_log import RequestLog

logger = logging.getLogger("kaohe.guard")

MAX_BODY = 1_000_000
HEARD_OUT, PAUSE = 100_000_000, 1.0  # bytes, seconds
BODY_WITHIN, BYTES_A_SECOND = 20.0, 10_000  # a body comes within so many seconds, and one for so many bytes more
QUIET = "/static/"


class BodyRefused(HTTPException):
    """It is too large, or comes too slowly. Raised to whoever reads on; Starlette's applications answer with it."""


class Gate:
    """ASGI middleware. `origins`: the addresses served; `uploads`: the largest body in bytes by path, if not MAX_BODY.

    The request's state has `own_origin`, that of the address by which the browser came, and `said`, what is added to
    the log's line; `said["quiet"]` leaves the line out where the answer is no refusal.
    """

    def __init__(
        self, app: ASGIApp, origins: Collection[str], log: RequestLog, uploads: Mapping[str, int] | None = None
    ) -> None:
        self.app = app
        self._origin_of = {origin.partition("://")[2]: origin for origin in origins}
        self._log = log
        self._uploads = uploads or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        refusal = refused(scope, self._origin_of)
        answer = Answer(send)
        state = scope.setdefault("state", {})
        try:
            if refusal:
                state["said"] = {"refused": refusal.reason, "read": repr(refusal.read)}
                await _refuse(refusal, scope, receive, answer.send)
            else:
                state["own_origin"] = self._origin_of[_host(scope)]
                bounded = _bounded(receive, self._uploads.get(scope["path"], MAX_BODY))
                await self.app(scope, bounded, answer.send)
        except BodyRefused as body:
            if answer.status:
                raise
            await _refuse(Refusal(body.status_code, "body not taken", body.detail), scope, receive, answer.send)
        except ClientDisconnect:
            state.setdefault("said", {})["outcome"] = "went away"
        finally:
            self._write(scope, answer.status)

    def _write(self, scope: Scope, status: int) -> None:
        said: dict[str, Any] = scope["state"].get("said", {})
        quiet = said.pop("quiet", False) or scope["path"].startswith(QUIET)
        if quiet and status < 400:
            return
        user = scope.get("user")
        who = {"account": user.name, "role": user.role} if user and user.name else {}
        address = scope["client"][0] if scope.get("client") else ""
        asked = {"method": scope.get("method", "WEBSOCKET"), "path": scope["path"], "status": status}
        self._log.write(**{**who, "address": address, **asked, **said})


class Answer:
    """Hardens what is answered and remembers its status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            harden(MutableHeaders(scope=message))
        elif message["type"] == "websocket.accept":
            self.status = 101
        elif message["type"] == "websocket.close" and not self.status:
            self.status = 403
        await self._send(message)


def harden(headers: MutableHeaders) -> None:
    policies = headers.getlist("content-security-policy")
    headers.update(ANSWER_HEADERS)
    headers["Content-Security-Policy"] = merged_policy("; ".join(policies))


def _host(scope: Scope) -> str:
    return Headers(scope=scope)["host"].lower()


def _bounded(receive: Receive, largest: int) -> Receive:
    """A body is counted while it comes; who reads on past the limit gets a 413, whom it keeps waiting a 408."""
    came, more = 0, True
    since = asyncio.get_running_loop().time()

    async def receive_bounded() -> Message:
        nonlocal came, more
        try:
            async with asyncio.timeout_at(since + BODY_WITHIN + came / BYTES_A_SECOND if more else None):
                message = await receive()
        except TimeoutError:
            raise BodyRefused(408, f"{came} bytes came", {"Connection": "close"}) from None
        came += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
        if message["type"] == "http.request" and came > largest:
            await _heard_out(receive, message)
            raise BodyRefused(413, f"more than {largest} bytes", {"Connection": "close"})
        return message

    return receive_bounded


async def _heard_out(receive: Receive, message: Message) -> None:
    """Throw away the rest, within bounds: a browser reads no answer while it is still sending."""
    thrown_away = 0
    with contextlib.suppress(TimeoutError):
        while message.get("more_body", False) and thrown_away < HEARD_OUT:
            message = await asyncio.wait_for(receive(), PAUSE)
            thrown_away += len(message.get("body", b""))


async def _refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    method = scope.get("method", "WEBSOCKET")
    logger.warning("Refused %s %.200r: %s: %.200r", method, scope["path"], refusal.reason, refusal.read)
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    text = f"请求被拒绝。请在浏览器中直接打开 kaohe ui 显示的网址。\nRefused: {refusal.reason}.\n"
    headers = {"Connection": "close"} | ({"Allow": refusal.allow} if refusal.allow else {})
    await PlainTextResponse(text, refusal.status, headers)(scope, receive, send)
