"""Accounts to visit the guarded site with, their sessions, and the site without any server."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import unquote

from starlette.testclient import TestClient
from starlette.types import Message

from guard.app import create_app
from guard.gate import Gate
from guard.passwords import hashed
from guard.policy import served_origins
from guard.sections import Section
from resources.accounts import Account, Accounts
from resources.home import Home
from resources.store import Store

PASSWORD = "river stone 42 tree"
PORT, OWN = 3000, "http://127.0.0.1:3000"


def accounts_of(home: Home) -> Accounts:
    return Accounts(Store(home.store_url))


def add_account(home: Home, name: str, role: str, *codes: str, temporary: bool = False) -> None:
    """An account whose password is PASSWORD."""
    accounts_of(home).add(Account(name, role, codes, temporary), hashed(PASSWORD, name))


def cookie_of(home: Home, name: str, port: int = PORT) -> str:
    """The `Cookie` header of somebody who has logged in at that port."""
    return f"kaohe-{port}={accounts_of(home).start_session(name)}"


def site(home: Home, *sections: Section) -> Gate:
    return create_app(home, served_origins(PORT), (), sections)


def visitor(gate: Gate, cookie: str = "") -> TestClient:
    """A browser on a page of ours, as far as headers go; it follows no redirect."""
    headers = {"Origin": OWN, **({"Cookie": cookie} if cookie else {})}
    return TestClient(gate, OWN, headers=headers, follow_redirects=False)


def status_of(gate: Gate, target: str, cookie: str) -> int:
    """What answers to a target that no browser and no client library would send: it is taken as it stands."""
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        statuses.append(message.get("status", 0))

    headers = [(b"host", OWN.removeprefix("http://").encode()), (b"cookie", cookie.encode())]
    scope = {"type": "http", "method": "GET", "path": unquote(target), "query_string": b"", "headers": headers}
    asyncio.run(
        gate({**scope, "scheme": "http", "server": ("127.0.0.1", PORT), "client": ("127.0.0.1", 9)}, receive, send)
    )
    return statuses[0]


def logged(home: Home) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home.logs / "guard.log").read_text("utf-8").splitlines()]
