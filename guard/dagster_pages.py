"""Dagster's own pages behind the guard: who reaches which server, what they did there, and until when."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    parse,
)
from starlette.authentication import AuthCredentials
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guard.request_log import note
from guard.sections import Entry
from guard.users import SessionBackend, User, stopped_at_door
from resources.ledger import acting_as

logger = logging.getLogger("kaohe.guard")

LOOKED_AFTER_EVERY = 5.0  # seconds until an open websocket ends after its session has
MOST_LINES = 50  # websockets of one account at once: a page opens one


class QueriesOnly(ASTValidationRule):
    """Dagster asks for permission mutation by mutation and leaves some out; a reader needs none of them."""

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: object) -> None:
        if node.operation is OperationType.MUTATION:
            logger.warning("Refused mutation: %.200r", node.loc and node.loc.source.body)
            self.report_error(GraphQLError("This server is read-only.", node))


@dataclass(frozen=True)
class Server:
    """One of Dagster's webservers, which answers below `entry.path` to the entry's roles."""

    entry: Entry
    app: ASGIApp


class Behind:
    """An ASGI endpoint: the server for those who may, with what they do there as their own acts."""

    def __init__(self, server: Server, backend: SessionBackend) -> None:
        self._app = server.app
        self._entry = server.entry
        self._backend = backend
        self._lines: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._watch(scope, receive, send)
            return
        request = Request(scope, receive)
        stopped = stopped_at_door(request, self._entry.roles)
        if stopped is not None:
            await stopped(scope, receive, send)
            return
        if not self._entry.is_for(request.user):
            raise HTTPException(403)
        body = await request.body()
        mutations = mutations_of(body) if request.method == "POST" else []
        note(request, mutations=mutations) if mutations else note(request, quiet=True)
        with acting_as(request.user.name):
            # That server puts its own `app` into the scope.
            await self._app(dict(scope), _replayed(body, receive), _unless_broken(send))

    async def _watch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a websocket live as long as its session and no longer."""
        conn = HTTPConnection(scope)
        note(conn, quiet=True)
        name = scope["user"].name
        if not self._may(scope["user"]) or self._lines[name] >= MOST_LINES:
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        self._lines[name] += 1
        serving = asyncio.ensure_future(self._app(dict(scope), receive, send))
        try:
            while not serving.done():
                await asyncio.wait([serving], timeout=LOOKED_AFTER_EVERY)
                found: tuple[AuthCredentials, Any] = await self._backend.authenticate(conn)
                if not serving.done() and not self._may(found[1]):
                    with contextlib.suppress(RuntimeError):  # it was closed from the other side meanwhile
                        await send({"type": "websocket.close", "code": 1008})
                    break
        finally:
            self._lines[name] -= 1
            serving.cancel()
            await asyncio.wait([serving])

    def _may(self, user: User) -> bool:
        return self._entry.is_for(user)


def mutations_of(body: bytes) -> list[str]:
    """Names of the fields that a GraphQL request would have carried out, as far as it can be read.

    >>> mutations_of(b'{"query": "mutation {one: launchRun {id}} query q {version}"}')
    ['launchRun']
    """
    if b"mutation" not in body and b"\\u" not in body and b"\0" not in body:  # no other encoding hides it
        return []
    try:
        asked = json.loads(body)
        document: DocumentNode = parse(asked["query"]) if isinstance(asked, Mapping) else DocumentNode(definitions=())
    except (ValueError, KeyError, TypeError, RecursionError, GraphQLError):
        return ["(unreadable)"]
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    carried_out = [one for one in operations if one.operation is OperationType.MUTATION]
    return [
        field.name.value if isinstance(field, FieldNode) else "(fragment)"
        for one in carried_out
        for field in one.selection_set.selections
    ]


def _unless_broken(send: Send) -> Send:
    """A fault of that server is told by a page of ours instead of two English words of its own."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 500:
            raise RuntimeError("Dagster's webserver has failed")
        await send(message)

    return sent


def _replayed(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay
