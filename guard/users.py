"""Who asks, and whether they may: the user of a request and the rule of a route.

Accounts and sessions are rows of `resources/accounts.py`; how somebody logs in stands in `signing_in.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from starlette.authentication import AuthCredentials, AuthenticationBackend
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from resources.accounts import Accounts
from resources.clock import ago
from resources.jurisdictions import is_within
from resources.ledger import acting_as
from resources.roles import EXAMINING, ROLES

EVERYBODY = tuple(ROLES)
SEEN_EVERY = timedelta(minutes=1)
# Who follows a link from another site comes without the cookie, which is strict; going on from here brings it along.
ARRIVED = (
    '<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="0"><title>考核</title>'
)

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class User:
    """`codes`: of its units and departments; `temporary`: the password must be changed before anything else.

    `jurisdictions`: whose evaluations it is for; none named: all.
    """

    name: str = ""
    role: str = ""
    codes: tuple[str, ...] = ()
    temporary: bool = False
    jurisdictions: tuple[str, ...] = ()

    @property
    def is_authenticated(self) -> bool:
        return bool(self.name)

    @property
    def role_shown(self) -> str:
        return ROLES[self.role]

    @property
    def examines(self) -> bool:
        return self.role in EXAMINING

    def sees(self, evaluation: str) -> bool:
        """Whether the evaluation is of a jurisdiction of theirs; of others only what is public is shown."""
        return is_within(evaluation, self.jurisdictions)

    def examines_in(self, evaluation: str) -> bool:
        return self.examines and self.sees(evaluation)

    def codes_in(self, evaluation: str) -> tuple[str, ...]:
        """Of the units and departments for which they stand there: other counties may use the same codes."""
        return self.codes if self.sees(evaluation) else ()


NOBODY = User()


class SessionBackend(AuthenticationBackend):
    """The user by the session's cookie; nobody where there is none, or where it has ended."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, Any]:
        token = conn.cookies.get(cookie_name(conn), "")
        found = await run_in_threadpool(self._accounts.of_session, token) if token else None
        if found is None:
            return AuthCredentials(), NOBODY
        account, seen_at = found
        if seen_at < ago(SEEN_EVERY):
            await run_in_threadpool(self._accounts.seen, token)
        return AuthCredentials([account.role]), User(**vars(account))


def cookie_name(conn: HTTPConnection) -> str:
    """Browsers keep cookies by host alone, so another `kaohe ui` on this machine needs another name.

    Over TLS the prefix makes the browser refuse a cookie that another host of the same domain has set.
    """
    port = conn.scope["server"][1] if conn.scope.get("server") else 0
    return f"__Host-kaohe-{port}" if is_secure(conn) else f"kaohe-{port}"


def is_secure(conn: HTTPConnection) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy of ours."""
    own: str = conn.scope["state"]["own_origin"]
    return own.startswith("https://")


def allowed(*roles: str) -> Callable[[Endpoint], Endpoint]:
    """Let only these roles reach the endpoint (`allowed(*EVERYBODY)`: whoever is logged in)."""
    if not roles or not set(roles) <= set(ROLES):
        raise ValueError(f"roles are {', '.join(ROLES)}; not {roles}")

    def decorated(endpoint: Endpoint) -> Endpoint:
        @functools.wraps(endpoint)
        async def guarded(request: Request) -> Response:
            stopped = stopped_at_door(request, roles)
            if stopped is not None:
                return stopped
            with acting_as(request.user.name):
                return await endpoint(request)

        guarded.roles = roles  # type: ignore[attr-defined]
        return guarded

    return decorated


def stopped_at_door(request: Request, roles: tuple[str, ...]) -> Response | None:
    """Where to go first: to log in, or to change a password that somebody else knows.

    Raises:
        HTTPException: 401 or 403.
    """
    user: User = request.user
    if not user.is_authenticated:
        if request.method == "POST" or request.headers.get("sec-fetch-mode", "navigate") != "navigate":
            raise HTTPException(401)
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return HTMLResponse(ARRIVED)
        return RedirectResponse(f"/login?next={quote(_address(request))}", 303)
    if user.role not in roles:
        raise HTTPException(403)
    if user.temporary and request.url.path != "/password":
        return RedirectResponse("/password", 303)
    return None


def require_code(request: Request, code: str) -> None:
    """Raises: HTTPException: 403, where the page is another unit's or department's and the user does not examine."""
    user: User = request.user
    if not user.examines and code not in user.codes:
        raise HTTPException(403)


def _address(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path
