"""Which requests may reach Dagster's webserver, and what its answers say to the browser.

Dagster's webserver knows no login and takes commands from any page on any site. This module holds the policy
against that and nothing else: what is served, where and by which processes stands in `orchestration.ui`; who
may do what is not decided here.
"""

import logging
from collections.abc import Collection, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from graphql import ASTValidationRule, GraphQLError, OperationDefinitionNode, OperationType
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger("kaohe.guard")

MAX_BODY = 5_000_000
CONTENT_POLICY = {
    "default-src": "'self'",
    "connect-src": "'self'",
    "font-src": "'self' data:",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "img-src": "'self' data:",
    "worker-src": "'self' blob:",
}
ANSWER_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Refusal(NamedTuple):
    status: int
    reason: str
    read: object


def loopback_origins(port: int) -> frozenset[str]:
    """The addresses under which a browser on this machine reaches `port`, as it writes them in `Origin`.

    >>> sorted(loopback_origins(3000))
    ['http://127.0.0.1:3000', 'http://[::1]:3000', 'http://localhost:3000']
    """
    suffix = "" if port == 80 else f":{port}"
    return frozenset(f"http://{host}{suffix}" for host in ("127.0.0.1", "localhost", "[::1]"))


class QueriesOnly(ASTValidationRule):
    """Dagster asks for permission mutation by mutation and leaves some out; a reader needs none of them."""

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: object) -> None:
        if node.operation is OperationType.MUTATION:
            logger.warning("Refused mutation: %.200r", node.loc and node.loc.source.body)
            self.report_error(GraphQLError("This server is read-only.", node))


class Guard:
    """ASGI middleware: refuses what no page of ours sends, and hardens every answer."""

    def __init__(self, app: ASGIApp, origins: Collection[str], max_body: int = MAX_BODY) -> None:
        self._app = app
        self._origin_of = {origin.partition("://")[2]: origin for origin in origins}
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if refusal := refused(scope, self._origin_of):
            await _refuse(refusal, scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await self._pass_request(scope, receive, send)

    async def _pass_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on once its body has arrived: too large a one never reaches a parser."""
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._max_body:
                await _refuse(Refusal(413, "body too large", len(body)), scope, receive, _hardened(send))
                return
        await self._app(scope, _replayed(bytes(body), receive), _hardened(send))


def refused(scope: Scope, origin_of: Mapping[str, str]) -> Refusal | None:
    """Why a request or websocket handshake is not let through; None where it is.

    `origin_of`: the `Host` values served, each with the `Origin` of its own pages.
    """
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    host = hosts[0].lower() if len(hosts) == 1 else ""
    if host not in origin_of:  # a foreign name that resolves to this machine: DNS rebinding
        return Refusal(421, "host not served", hosts)
    segments = _segments(scope)
    if any(segment.startswith("report_asset") for segment in segments):
        return Refusal(403, "reporting over HTTP is closed", scope["path"])
    if ".." in segments:
        return Refusal(403, "path leads upwards", scope["path"])
    if scope["type"] == "websocket":
        return _refused_websocket(headers, origin_of[host], segments)
    return _refused_request(headers, origin_of[host], segments, scope["method"])


def _refused_websocket(headers: Headers, own: str, segments: list[str]) -> Refusal | None:
    if headers.getlist("origin") != [own]:
        return Refusal(403, "websocket from a foreign origin", headers.getlist("origin"))
    if segments != ["graphql"]:
        return Refusal(403, "no websocket here", segments)
    return None


def _refused_request(headers: Headers, own: str, segments: list[str], method: str) -> Refusal | None:
    to_graphql = "graphql" in segments
    if method != "POST" if to_graphql else method not in ("GET", "HEAD"):
        return Refusal(405, "method not allowed", method)
    origins = headers.getlist("origin")
    if origins and origins != [own]:
        return Refusal(403, "request from a foreign origin", origins)
    # A page on another port of this machine counts as same-site: only links may be followed from there.
    followed_link = headers.get("sec-fetch-mode") == "navigate" and not to_graphql
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not followed_link:
        return Refusal(403, "request from a foreign site", headers.getlist("sec-fetch-site"))
    if to_graphql and not _is_json(headers):
        return Refusal(415, "only application/json", headers.getlist("content-type"))
    return None


def _segments(scope: Scope) -> list[str]:
    """The path's parts in lower case with every layer of percent-encoding taken off."""
    path: str = scope["path"]
    while (decoded := unquote(path)) != path:
        path = decoded
    return [segment for segment in path.lower().replace("\\", "/").split("/") if segment]


def _is_json(headers: Headers) -> bool:
    # Dagster looks for the words anywhere in the header, where a form can put them unasked.
    types = headers.getlist("content-type")
    return len(types) == 1 and types[0].partition(";")[0].strip().lower() == "application/json"


def _replayed(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


def _hardened(send: Send) -> Send:
    async def send_hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            policies = headers.getlist("content-security-policy")
            headers.update(ANSWER_HEADERS)
            headers["Content-Security-Policy"] = merged_policy("; ".join(policies))
        await send(message)

    return send_hardened


def merged_policy(theirs: str) -> str:
    """Their Content-Security-Policy with our directives in place of the same ones of theirs.

    >>> merged_policy("script-src 'nonce-1'; img-src *").split("; ")[:2]
    ["script-src 'nonce-1'", "img-src 'self' data:"]
    """
    directives: dict[str, str] = {}
    for directive in theirs.split(";"):
        name, _, value = directive.strip().partition(" ")
        if name:
            directives.setdefault(name.lower(), value.strip())
    return "; ".join(f"{name} {value}".strip() for name, value in {**directives, **CONTENT_POLICY}.items())


async def _refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    method = scope.get("method", "WEBSOCKET")
    logger.warning("Refused %s %.200r: %s: %.200r", method, scope["path"], refusal.reason, refusal.read)
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    text = f"请求被拒绝。请在本机浏览器中直接打开 kaohe ui 显示的网址。\nRefused: {refusal.reason}.\n"
    response = PlainTextResponse(text, refusal.status, headers={"Connection": "close"})
    if refusal.status == 405:
        response.headers["Allow"] = "POST" if "graphql" in _segments(scope) else "GET, HEAD"
    await response(scope, receive, _hardened(send))
