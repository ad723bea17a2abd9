"""Debian's browser, driven as a reader would use it: what it says, asks for and prints is watched."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

NEEDED = "Tests of pages need Debian's chromium: as root run deploy/install-test-packages.sh, or install what it lists."
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

# Of every element that has text of its own: its contrast with what lies behind it, and whether it is large.
CONTRASTS = """() => {
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parsed = (color) => color.match(/[\\d.]+/g).map(Number);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parsed(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const own = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return [...document.querySelectorAll("body *")].filter((e) => own(e) && e.checkVisibility()).map((element) => {
    const style = getComputedStyle(element);
    const ink = element instanceof SVGElement ? style.fill : style.color;
    const [one, other] = [light(parsed(ink).slice(0, 3)), light(behind(element))].sort((a, b) => b - a);
    return { ratio: (one + 0.05) / (other + 0.05), what: element.outerHTML.slice(0, 120) };
  });
}"""


def started(playwright: Playwright) -> Browser:
    """Fails where no browser is installed: a page that nobody has opened is not tested."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found is not None, NEEDED
    return playwright.chromium.launch(executable_path=found, args=QUIET)


class Watched:
    """A page with everything that it complained of and asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.on("request", lambda request: self.requests.append(request.url))


@contextmanager
def opened(browser: Browser, path: Path, fragment: str = "", width: int = 1280, **settings: Any) -> Iterator[Watched]:
    """The page at that path; it may complain of nothing and ask for nothing but pages of its own folder."""
    context = browser.new_context(viewport={"width": width, "height": 800}, **settings)
    watched = Watched(context.new_page())
    watched.page.goto(path.resolve().as_uri() + fragment)
    yield watched
    assert watched.complaints == []
    assert all(url.startswith("file:///") and url.split("#")[0].endswith(".html") for url in watched.requests)
    context.close()


def pages_printed(page: Page) -> int:
    """How many sheets of A4 the page takes."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True)))
