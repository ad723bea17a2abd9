"""The site that `make docs` has built: it opens by double-click, finds what is looked for, asks no foreign host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, sync_playwright

SITE = Path(__file__).parents[2] / "site"
HTML = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
# What a browser would fetch by itself; links that somebody has to follow are none.
LOADED = re.compile(
    r'<(?:script|img|iframe|source|audio|video|embed|object|input)\b[^>]*?\b(?:src|data|srcset)="?(?:https?:)?//[^" >]*'
    r'|<link\b(?![^>]*rel="?(?:canonical|alternate|next|prev))[^>]*?\bhref="?(?:https?:)?//[^" >]*'
)
IN_STYLES = re.compile(r"(?:url\(|@import\s*)[\"']?(?:https?:)?//[^\"')]*")


@pytest.fixture(scope="module")
def asked() -> list[str]:
    """Addresses that the browser asked for, from the first page of the module on."""
    return []


@pytest.fixture(scope="module")
def page(asked: list[str]) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 800}).new_page()
        page.on("request", lambda request: asked.append(request.url))
        yield page
        browser.close()


def test_there_are_pages_in_both_languages() -> None:
    english = {path.removeprefix("en/") for path in HTML if path.startswith("en/")}
    assert len(english) >= 17
    assert english == {path for path in HTML if "/" not in path} - {"404.html"}


def test_nothing_on_a_page_is_loaded_from_a_foreign_host() -> None:
    found = {name: LOADED.findall((SITE / name).read_text("utf-8")) for name in HTML}
    assert {name: hosts for name, hosts in found.items() if hosts} == {}
    styles = "".join(path.read_text("utf-8") for path in SITE.rglob("*.css"))
    assert styles
    assert IN_STYLES.findall(styles) == []


def test_every_fence_is_shown_as_code() -> None:
    assert [name for name in HTML if "```" in (SITE / name).read_text("utf-8")] == []


@pytest.mark.parametrize("name", HTML)
def test_a_page_opens_without_a_server_and_fits_a_phone(page: Page, asked: list[str], name: str) -> None:
    asked.clear()
    page.goto(f"file://{quote(str(SITE / name))}")
    page.wait_for_load_state("load")
    assert [address for address in asked if not address.startswith(("file:", "data:", "blob:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("[...document.images].filter(one => !one.complete || !one.naturalWidth).length") == 0


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("更正", "corrections.html"),
        ("台账", "reliability.html"),
        ("忘记口令", "year.html"),
        ("公示期", "year.html"),
        ("备份", "operations.html"),
        ("kaohe rebuild", "commands.html"),
        ("sign off", "en/year.html"),
    ],
)
def test_a_search_finds_the_page(page: Page, words: str, found: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"file://{quote(str(SITE / 'index.html'))}")
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").fill(words)
    page.keyboard.press("Shift")  # what is typed by an input method comes without keys, its end with one
    page.locator(".md-search-result__item").first.wait_for()
    results = page.locator(".md-search-result__item > a").evaluate_all("links => links.map(one => one.href)")
    assert any(f"/site/{found}" in address for address in results), results


def test_the_language_is_changed_on_the_same_page(page: Page) -> None:
    page.goto(f"file://{quote(str(SITE / 'states.html'))}")
    english = page.locator('a.md-select__link[hreflang="en"]').evaluate("link => link.href")
    page.goto(english)
    assert page.url.endswith("/site/en/states.html")
    assert page.locator("html").get_attribute("lang") == "en"
