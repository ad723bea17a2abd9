"""Where browsers come in: never in the clear from the network, under named hosts, behind a proxy where one is named."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from orchestration.children import CannotServe
from orchestration.door import Door


@pytest.mark.parametrize(("address", "why"), [("0.0.0.0", "要有证书"), ("::", "要有证书"), ("any", "要写 IP 地址")])
def test_no_password_goes_over_the_network_in_the_clear(address: str, why: str) -> None:
    with pytest.raises(CannotServe, match=why):
        Door(address=address).require_safe()


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1"])
def test_this_machine_needs_no_certificate(address: str) -> None:
    Door(address=address).require_safe()


def client_seen(door: Door, **headers: str) -> Any:
    """The address that the guard would count, of a request from a proxy on this machine."""
    seen: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["client"][0])

    config = door.configured(app)
    config.load()
    scope = {"type": "http", "client": ("127.0.0.1", 9), "scheme": "http", "headers": []}
    scope["headers"] = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(config.loaded_app(scope, None, None))  # type: ignore[arg-type]
    return seen[0]


def test_an_address_is_believed_from_a_named_proxy_alone() -> None:
    said = {"x_forwarded_for": "10.9.9.9, 10.1.2.3"}
    assert client_seen(Door(), **said) == "127.0.0.1"
    assert client_seen(Door(proxy="10.1.2.3"), **said) == "127.0.0.1"
    assert client_seen(Door(proxy="127.0.0.1"), **said) == "10.1.2.3"  # what stands before it, anybody may have said
