"""Sessions in Dagster's pages, for `load.py`: two real browsers, and sessions that repeat what these have asked."""

from __future__ import annotations

import asyncio
import json
import statistics
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx2
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

PAGES = ("/asset-groups", "/assets/total_scores?view=lineage", "/runs", "/automation", "/jobs", "/deployment/daemons")
BROWSERS, STAY = 2, 4.0  # seconds that a reader stays on a page
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@dataclass
class Seen:
    """What was asked over HTTP and websocket, how long answers took in seconds, and what went wrong."""

    queries: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def look_around(own: str, cookie: str, seconds: float, seen: Seen) -> None:
    """One real browser, page after page: all of them, and again until so much time has passed since it started."""
    from playwright.sync_api import Error

    try:
        _look_around(own, cookie, seconds, seen)
    except Error as fault:
        seen.wrong.append(f"browser: {fault}")


def _look_around(own: str, cookie: str, seconds: float, seen: Seen) -> None:
    from playwright.sync_api import sync_playwright

    name, _, value = cookie.partition("=")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        context = browser.new_context()
        context.add_cookies([{"name": name, "value": value, "url": own}])
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.on("pageerror", lambda fault: seen.wrong.append(f"page: {fault}"))
        page.on("response", lambda answer: seen.wrong.append(answer.url) if answer.status >= 400 else None)
        page.on("request", lambda asked: seen.queries.append(asked.post_data or "") if _is_query(asked.url) else None)
        page.on("websocket", lambda line: line.on("framesent", lambda said: seen.frames.append(str(said))))
        until = time.monotonic() + seconds  # a busy machine takes seconds to start a browser
        while time.monotonic() < until:
            for path in PAGES:
                page.goto(f"{own}/dagster{path}")
                page.wait_for_timeout(STAY * 1000)
        browser.close()


def _is_query(url: str) -> bool:
    return url.partition("?")[0].endswith("/graphql")


async def repeat(own: str, cookie: str, until: float, asked: Seen, seen: Seen) -> None:
    """A session without a browser: the same queries in turn, and the same subscriptions on a websocket."""
    headers = {"Cookie": cookie, "Origin": own, "Content-Type": "application/json"}
    listening = asyncio.create_task(_listen(own, cookie, asked.frames[:20], seen))
    async with httpx2.AsyncClient(base_url=own, headers=headers, timeout=120) as client:
        while time.monotonic() < until:
            for query in asked.queries:
                start = time.perf_counter()
                try:
                    answer = await client.post("/dagster/graphql", content=query)
                except httpx2.HTTPError as fault:
                    seen.wrong.append(repr(fault))
                    continue
                seen.taken.append(time.perf_counter() - start)
                if answer.status_code != 200 or '"errors"' in answer.text[:2000]:
                    seen.wrong.append(f"{answer.status_code} {answer.text[:200]}")
                await asyncio.sleep(STAY / 20)
    listening.cancel()
    try:
        await listening
        seen.wrong.append("the websocket ended")
    except asyncio.CancelledError:
        pass
    except (OSError, WebSocketException) as fault:
        seen.wrong.append(f"the websocket: {fault!r}")


async def _listen(own: str, cookie: str, frames: list[str], seen: Seen) -> None:
    address = f"{own.replace('http', 'ws', 1)}/dagster/graphql"
    named: Any = {"origin": own, "subprotocols": ["graphql-ws"], "max_size": None}
    async with connect(address, additional_headers={"Cookie": cookie}, **named) as line:
        for frame in frames:
            await line.send(frame)
        async for said in line:
            if json.loads(said)["type"] in ("error", "connection_error"):
                seen.wrong.append(str(said)[:200])


def in_dagster(own: str, cookies: list[str], seconds: float) -> None:
    """So many sessions as cookies; the first are browsers. Prints what they saw."""
    learned = Seen()
    look_around(own, cookies[0], 1, learned)  # warms up, and tells what pages ask
    until = time.monotonic() + seconds
    watched = [Seen() for _ in range(BROWSERS)]
    threads = [
        threading.Thread(target=look_around, args=(own, cookie, seconds, seen))
        for cookie, seen in zip(cookies, watched, strict=False)
    ]
    for thread in threads:
        thread.start()
    repeated = Seen()

    async def all_of_them() -> None:
        await asyncio.gather(*(repeat(own, cookie, until, learned, repeated) for cookie in cookies[BROWSERS:]))

    asyncio.run(all_of_them())
    for thread in threads:
        thread.join()
    wrong = [*repeated.wrong, *(fault for seen in watched for fault in seen.wrong)]
    cut = statistics.quantiles(repeated.taken, n=100)
    asked = sum(len(seen.queries) for seen in watched)
    print(f"Dagster, {len(cookies)} sessions for {seconds:.0f} s: browsers asked {asked} queries, the others ", end="")
    print(f"{len(repeated.taken)} (p50 {cut[49]:.2f} s, p95 {cut[94]:.2f} s, p99 {cut[98]:.2f} s); ", end="")
    print(f"{len(wrong)} errors {wrong[:3] or ''}", flush=True)
