"""Two people at the desk in a real browser: one asks for a correction, the other approves it, the ranking changes."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from browsing import CONTRASTS, Watched, started
from desk_cases import prepared
from playwright.sync_api import Browser, Page, sync_playwright
from previewed import SMALL
from running import TO_THE_VERSION, run

from guard.app import create_app
from guard.passwords import hashed
from guard.policy import served_origins
from orchestration.desk.section import DESK
from orchestration.filing import ledger_of
from resources.accounts import Accounts
from resources.home import Home

PASSWORD = "Nine-Oaks-By-The-Mill"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a site with a scored home, in which two examiners can log in."""
    monkeypatch.setenv("KAOHE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
    monkeypatch.delenv("KAOHE_STORE", raising=False)
    home: Home = prepared(tmp_path / "home")
    for name in ("王一", "李二"):
        Accounts(ledger_of(home).store).set_password(name, hashed(PASSWORD, name), temporary=False)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        app = create_app(home, served_origins(port), (), [DESK])
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
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


def test_two_people_correct_a_figure_and_see_the_ranking_change(site: str) -> None:
    with sync_playwright() as playwright:
        browser = started(playwright)
        wang, li = logged_in(browser, site, "王一", 1280), logged_in(browser, site, "李二", 390)
        page = wang.page
        page.get_by_role("link", name="得分").click()
        before = page.locator("tr", has=page.get_by_role("link", name="东乡")).inner_text()
        page.get_by_role("link", name="东乡").click()
        page.get_by_role("link", name="更正授权量").click()
        page.get_by_label("更正为").fill("9")
        page.get_by_label("依据的文件").fill("青统函〔2026〕3号")
        page.get_by_role("button", name="预览影响").click()
        assert page.get_by_label("更正为").input_value() == "9"
        assert page.get_by_label("理由", exact=True).get_attribute("aria-invalid") == "true"
        page.get_by_label("理由", exact=True).fill("漏计一笔")
        page.get_by_label("理由", exact=True).press("Tab")
        page.get_by_role("button", name="预览影响").press("Enter")
        assert "南乡" in page.get_by_role("region", name="会变的单位").inner_text()
        fits(page)
        page.get_by_role("button", name="送出申请").click()
        page.get_by_text("须由另一人登录批准").wait_for()
        assert page.get_by_role("button", name="批准").count() == 0

        page = li.page
        page.get_by_role("link", name="今天要办").click()
        page.get_by_role("link", name="更正申请第").click()
        fits(page)
        page.get_by_role("button", name="批准").click()
        page.get_by_text("正在重新计分").wait_for()
        scored = threading.Thread(target=run, args=(SMALL, TO_THE_VERSION))  # no job runs beside playwright's loop
        scored.start()
        scored.join()
        page.get_by_text("已重新计分：第2版").wait_for()
        after = page.locator("tr", has=page.get_by_role("link", name="东乡")).inner_text()
        assert after != before
        assert "→" in after
        fits(page)
        assert ["422" in said for said in wang.complaints] == [True]  # the form with a blank
        assert li.complaints == []
        assert all(url.startswith(site) or url == "data:," for url in wang.requests + li.requests)
        browser.close()
