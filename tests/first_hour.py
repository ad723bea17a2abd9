"""Does what `docs/first-hour.md` says, on a fresh home, and takes its pictures: `python tests/first_hour.py`.

The commands are read from the page; the daemon of `kaohe ui` scores. Takes some minutes.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from browsing import started
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TEXT = ROOT / "docs" / "first-hour.md"
PICTURES = ROOT / "docs" / "first-hour"
SIZE = {"width": 960, "height": 600}
GIVEN, OWN = "Given-At-First-2026", "Only-I-Know-This-2026"
PATIENCE = 900_000  # milliseconds for a whole scoring on a busy machine


def commands(text: Path) -> list[str]:
    """Lines of the page's fences that call `kaohe`, in order."""
    fences = re.findall(r"^```\n(.*?)^```$", text.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [line for fence in fences for line in fence.splitlines() if line.startswith(".venv/bin/kaohe ")]


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """Carry the page's commands out on `home`; the address at which the last of them, `kaohe ui`, answers."""
    environment = {**os.environ, "KAOHE_HOME": str(home)}
    *before, ui = (shlex.split(line.replace(" home ", f" {home} ")) for line in commands(TEXT))
    for command in before:
        subprocess.run(command, cwd=ROOT, env=environment, input=f"{GIVEN}\n", text=True, check=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([*ui, "--port", str(port)], cwd=ROOT, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        while not answers(address):
            sleep(0.5)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(120)


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}/login").close()
    except (urllib.error.URLError, ConnectionError):
        return False
    return True


def picture(page: Page, name: str, at: str = "") -> None:
    """What is on the screen, scrolled to the text `at`."""
    if at:
        page.get_by_text(at).first.evaluate("one => one.scrollIntoView({block: 'center'})")
    page.screenshot(path=PICTURES / f"{name}.png")


def log_in(page: Page, address: str, name: str) -> None:
    """With the password that was given, then with one's own."""
    page.goto(address)
    page.get_by_label("账号").fill(name)
    page.get_by_label("口令").fill(GIVEN)
    if name == "张三":
        picture(page, "01-login")
    page.get_by_role("button", name="登录").click()
    page.get_by_label("现在的口令").fill(GIVEN)
    page.get_by_label("新口令", exact=True).fill(OWN)
    page.get_by_label("再写一遍").fill(OWN)
    if name == "张三":
        picture(page, "02-password")
    page.get_by_role("button", name="改口令").click()
    page.get_by_role("heading", name="今天要办").wait_for()


def ask(page: Page) -> None:
    """From the ranking to a request that is sent."""
    page.get_by_role("link", name="得分", exact=True).click()
    while page.get_by_role("link", name="梅垭乡").count() == 0:
        sleep(3)
        page.reload()
    page.get_by_role("link", name="今天要办").click()
    picture(page, "03-today")
    page.get_by_role("link", name="得分", exact=True).click()
    picture(page, "04-ranking", "梅垭乡")
    page.get_by_role("link", name="梅垭乡").click()
    picture(page, "05-unit", "本级财政科技支出占财政支出比重")
    page.get_by_role("link", name="更正本级财政科技支出占财政支出比重").click()
    page.get_by_label("更正为").fill("1.14")
    page.get_by_label("理由", exact=True).fill("录入时看错了一行")
    page.get_by_label("依据的文件").fill("青财函〔2026〕3号")
    picture(page, "06-form", "现行值")
    page.get_by_role("button", name="预览影响").click()
    picture(page, "07-preview", "旧值 → 新值。只列会变的单位")
    page.get_by_role("button", name="送出申请").click()
    page.get_by_text("须由另一人登录批准").wait_for()
    page.evaluate("scrollTo(0, 0)")
    picture(page, "08-sent")
    page.get_by_role("button", name="退出").click()


def approve(page: Page, address: str) -> None:
    """By the second person, until the new ranking is there."""
    log_in(page, address, "李四")
    picture(page, "09-second")
    page.get_by_role("link", name=re.compile("更正申请第")).click()
    picture(page, "10-approve", "批准人记作")
    page.get_by_role("button", name="批准", exact=True).click()
    page.get_by_text("正在重新计分").wait_for()
    picture(page, "11-scoring")
    page.get_by_text("已重新计分").wait_for(timeout=PATIENCE)
    picture(page, "12-result", "橘溪镇")
    assert "6 → 4" in page.locator("tr", has=page.get_by_role("link", name="梅垭乡")).inner_text()


def main() -> int:
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "home") as address,
        sync_playwright() as playwright,
    ):
        browser = started(playwright)
        page = browser.new_context(viewport=SIZE, locale="zh-CN").new_page()
        page.set_default_timeout(120_000)
        log_in(page, address, "张三")
        ask(page)
        approve(page, address)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
