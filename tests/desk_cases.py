"""The small evaluation, scored once, with accounts; each test gets a copy and people who sit at the desk."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from previewed import SMALL, small_home, submit
from running import TO_THE_VERSION, run
from starlette.testclient import TestClient

from guard.app import create_app
from orchestration.desk.section import DESK
from orchestration.filing import ledger_of
from orchestration.setting_up import make_folders
from resources.accounts import Account, Accounts
from resources.adoption import adopt
from resources.home import Home
from resources.ledger import Entry
from resources.states import move, standing
from resources.store import Store

OWN = "http://testserver"
WAITS = "单位编码,事项编码,对象编号,级别,文件\nC,prizes,P-9,national,科奖9号\n"
NO_DOCUMENT = "单位编码,事项编码,对象编号,级别,文件\nD,prizes,P-3,provincial,\n"
# A request for a correction as its form sends it.
ASKED = {
    "evaluation": SMALL,
    "unit": "A",
    "what": "figure:grants",
    "period": "2025",
    "old_value": "18",
    "value": "9",
    "reason": "漏计一笔",
    "reason_class": "录入错误",
    "document": "青统函〔2026〕3号",
}
PEOPLE = {
    "王一": ("examiner", ()),
    "李二": ("examiner", ()),
    "东乡": ("township", ("A",)),
    "统计": ("department", ("stats",)),
}


def prepared(path: Path) -> Home:
    """A scored home with PEOPLE's accounts and a claim that waits."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
        monkeypatch.delenv("KAOHE_STORE", raising=False)
        monkeypatch.setenv("KAOHE_HOME", str(path))
        home = Home(path)
        make_folders(home)
        small_home(path)
        rulebook = home.evaluations / SMALL / "rulebook.yaml"
        text = rulebook.read_text("utf-8").replace("points: 6, sources: [stats]", "points: 6, sources: [stats, self]")
        rulebook.write_text(text, encoding="utf-8")
        adopt(home, ledger_of(home), SMALL, "张三", "李四")
        submit(home, "自报.csv", WAITS, sender="C")
        submit(home, "补.csv", NO_DOCUMENT)
        assert run(SMALL, TO_THE_VERSION).success
        accounts = Accounts(Store(home.store_url))
        for name, (role, codes) in PEOPLE.items():
            accounts.add(Account(name, role, codes), "none of these log in by password")
    return home


class Desks:
    """A home of one's own and, by name, browsers that are logged in."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.app = create_app(home, [OWN], (), [DESK])
        self.ledger = ledger_of(home)

    def of(self, name: str) -> TestClient:
        token = Accounts(self.ledger.store).start_session(name)
        return TestClient(self.app, OWN, headers={"Origin": OWN}, cookies={"kaohe-80": token}, follow_redirects=True)

    def entries(self, kind: str) -> list[Entry]:
        return self.ledger.entries(SMALL, [kind])


def copied(made: Home, path: Path, monkeypatch: pytest.MonkeyPatch) -> Desks:
    shutil.copytree(made.path, path, symlinks=True)
    monkeypatch.setenv("KAOHE_HOME", str(path))
    monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
    monkeypatch.delenv("KAOHE_STORE", raising=False)
    return Desks(Home(path))


def on_notice(desks: Desks) -> None:
    """Moved to 公示 as by people who looked at nothing: what keeps it from there is told elsewhere."""
    moved_to(desks, "审定", "公示")


def moved_to(desks: Desks, *states: str) -> None:
    for state in states:
        names = {"document": "1号", "by": "甲", "approved_by": "乙", "version": 1, "results_digest": "x"}
        to = {**names, "state": state, "notice_until": "2999-12-31" if state == "公示" else ""}
        move(desks.ledger, SMALL, to, standing(desks.ledger, SMALL))


def words(answer: Any) -> str:
    """What a page says, without its tags."""
    inside = answer.text.partition("<main")[2]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", inside)))


def hidden(answer: Any, name: str) -> str:
    """The value of a form's hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found, name
    return unescape(found[1])
