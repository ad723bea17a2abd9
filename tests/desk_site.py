"""The desk in a real browser: a site that is served, people who log in there, and what a page has to be like."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from browsing import CONTRASTS, Watched
from playwright.sync_api import Browser, Page

from guard.app import create_app
from guard.passwords import hashed
from guard.policy import served_origins
from orchestration.desk.section import DESK
from orchestration.filing import ledger_of
from resources.accounts import Accounts
from resources.home import Home

PASSWORD = "Nine-Oaks-By-The-Mill"


@contextmanager
def served(home: Home, *names: str) -> Iterator[str]:
    """The address of the home's site, in which these people can log in by PASSWORD."""
    for name in names:
        Accounts(ledger_of(home).store).set_password(name, hashed(PASSWORD, name), temporary=False)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        app = create_app(home, served_origins(port), (), [DESK])
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()


def logged_in(browser: Browser, site: str, name: str, width: int) -> Watched:
    watched = Watched(browser.new_context(viewport={"width": width, "height": 800}).new_page())
    page = watched.page
    page.goto(f"{site}/desk/corrections")
    page.get_by_label("账号").fill(name)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/desk/corrections")
    return watched


def fits(page: Page) -> None:
    """Nothing has to be scrolled sideways or is too pale to be read."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [one for one in page.evaluate(CONTRASTS) if one["ratio"] < 4.5] == []
