"""Logging in and out, and changing one's password: the pages, the session's cookie, and how often one may try."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from guard.passwords import RULE, hashed, matches
from guard.rendering import render
from guard.request_log import note
from guard.users import EVERYBODY, allowed, cookie_name, is_secure
from resources.accounts import ABSOLUTE, LONGEST_NAME, Account, AccountRefused, Accounts, folded

WRONG = "账号或口令不对。"
# Failed tries: a password of ten characters withstands them for centuries; somebody who mistypes is not kept out long.
OF_ACCOUNT, OF_ADDRESS = "10/15 minutes", "60/15 minutes"
AT_ONCE = 2  # hashing takes 64 MB and a core


class TooManyTries(Exception):
    """This account, or this address, has failed too often lately."""


@dataclass
class Doorkeeper:
    """Tells by name and password who it is; failures are counted by account and by address, known or not."""

    accounts: Accounts
    limiter: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))
    hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def recognised(self, name: str, password: str, address: str) -> Account | None:
        """Raises: TooManyTries: before anything is compared, for known and unknown names alike."""
        known_as = folded(name)[: LONGEST_NAME + 1]  # what is counted is kept
        counted = ((parse(OF_ADDRESS), "address", address), (parse(OF_ACCOUNT), "account", known_as))
        async with self.hashing:
            if not all(self.limiter.test(*one) for one in counted):
                raise TooManyTries
            found = await run_in_threadpool(self.accounts.find, name)
            if await run_in_threadpool(matches, password, found and found[1]):
                self._forget(counted[1])
                return found and found[0]
            for one in counted:
                self.limiter.hit(*one)
            return None

    def _forget(self, counted: tuple[RateLimitItem, str, str]) -> None:
        item, *of = counted
        self.limiter.clear(item, *of)


async def login(request: Request) -> Response:
    """The form, and what was filled in. A session of before ends: nobody goes on under an id that another knows."""
    if request.method != "POST":
        return await _login_form(request, request.query_params.get("next", "/"))
    form = await request.form(max_files=0, max_fields=5)
    name, password, onward = (str(form.get(key, "")) for key in ("name", "password", "next"))
    door: Doorkeeper = request.app.state.door
    is_known = await run_in_threadpool(door.accounts.find, name)
    note(request, tried=folded(name) if is_known else "(unknown)")  # some type their password there
    try:
        account = await door.recognised(name, password, address_of(request))
    except TooManyTries:
        raise HTTPException(429) from None
    if account is None:
        note(request, outcome="wrong name or password")
        return await _login_form(request, onward, name, WRONG, 403)
    note(request, account=account.name, outcome="logged in")
    return await _with_session(request, account.name, RedirectResponse(_inside(onward), 303))


async def _login_form(request: Request, onward: str, name: str = "", told: str = "", status: int = 200) -> Response:
    no_account = not await run_in_threadpool(request.app.state.accounts.all)
    onward = _inside(onward)
    return render(request, "login.html", status, next=onward, name=name, told=told, no_account=no_account)


async def logout(request: Request) -> Response:
    await _end_session(request)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(cookie_name(request), secure=is_secure(request), httponly=True, samesite="strict")
    return answer


@allowed(*EVERYBODY)
async def password(request: Request) -> Response:
    """Change one's own; every session of the account ends, and a new one begins here."""
    if request.method != "POST":
        return render(request, "password.html", told="", rule=RULE)
    form = await request.form(max_files=0, max_fields=5)
    old, new, again = (str(form.get(key, "")) for key in ("old", "new", "again"))
    name = request.user.name
    try:
        known = await request.app.state.door.recognised(name, old, address_of(request))
        told = _unfit(known is not None, old, new, again)
        changed = None if told else await run_in_threadpool(hashed, new, name)
    except TooManyTries:
        raise HTTPException(429) from None
    except AccountRefused as weak:
        told = str(weak)
    if told:
        note(request, outcome="password not changed")
        return render(request, "password.html", 403, told=told, rule=RULE)
    await run_in_threadpool(request.app.state.accounts.set_password, name, changed, temporary=False)
    note(request, outcome="password changed")
    return await _with_session(request, name, RedirectResponse("/", 303))


def _unfit(known: bool, old: str, new: str, again: str) -> str:
    if not known:
        return "现在的口令不对。"
    if new != again:
        return "两次写的新口令不一样。"
    return "新口令与现在的一样。" if new == old else ""


async def _with_session(request: Request, name: str, answer: Response) -> Response:
    await _end_session(request)
    token = await run_in_threadpool(request.app.state.accounts.start_session, name)
    lasting = {"httponly": True, "samesite": "strict", "secure": is_secure(request)}
    answer.set_cookie(cookie_name(request), token, max_age=int(ABSOLUTE.total_seconds()), **lasting)  # type: ignore[arg-type]
    return answer


async def _end_session(request: Request) -> None:
    token = request.cookies.get(cookie_name(request), "")
    if token:
        await run_in_threadpool(request.app.state.accounts.end_session, token)


def _inside(onward: str) -> str:
    """A path of ours to go on to, else the first page: a link may not lead away through our login.

    >>> [_inside(text) for text in ("/runs?x=1", "//evil.example", "/\\\\evil.example", "https://evil.example", "")]
    ['/runs?x=1', '/', '/', '/', '/']
    """
    leads_away = not onward.startswith("/") or onward[1:2] in ("/", "\\") or not onward.isprintable()
    return "/" if leads_away else onward


def address_of(conn: HTTPConnection) -> str:
    return conn.client.host if conn.client else ""


ROUTES = [
    Route("/login", login, methods=["GET", "POST"]),
    Route("/logout", logout, methods=["POST"]),
]
OWN_ROUTES = [Route("/password", password, methods=["GET", "POST"])]
