"""Homes that took whole runs to make: each is made once in a session, and tests get copies."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from postgresql_server import Databases

from orchestration.correcting import request_correction
from orchestration.setting_up import set_up
from orchestration.verifying import verify
from resources.home import Home

YUXI, CORRECTED = "yuxi-2017", "corrected"


def yuxi_home(path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A fresh home with the nine counties of Yuxi, where commands and runs work from now on."""
    list(set_up(path, [YUXI]))
    monkeypatch.setenv("KAOHE_HOME", str(path))
    return Home(path)


def corrected(home: Home) -> None:
    """A second version, by a correction, and a file with a fault: rows in every table that Yuxi fills."""
    from running import run
    from test_corrections import ASKED

    wrong = home.inbox / YUXI / "lead_office" / "补报.csv"
    wrong.write_text("单位编码,考核期,指标编码,数值\n530402,2017,base_score,约60\n", encoding="utf-8")
    request_correction(home, ASKED, "李四")
    assert run(YUXI).success
    assert verify(home).faults == []


class Homes:
    """By kind of store and states: homes in which Yuxi was evaluated and then moved on by these states.

    CORRECTED is one of them: `corrected`.
    """

    def __init__(self, new_folder: Callable[[], Path], databases: Callable[[], Databases]) -> None:
        self._new_folder = new_folder
        self._databases = databases
        self._made: dict[tuple[str, ...], tuple[Path, str]] = {}

    def made(self, kind: str, *states: str) -> tuple[Path, str]:
        """Folder and database (empty: in the folder) of the one that is copied."""
        if (kind, *states) not in self._made:
            with pytest.MonkeyPatch.context() as monkeypatch:
                monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
                self._made[kind, *states] = self._make(kind, states, monkeypatch)
        return self._made[kind, *states]

    def copy(self, path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, *states: str) -> tuple[Home, str]:
        """A home of one's own, where commands and runs work from now on, and its database."""
        made, template = self.made(kind, *states)
        shutil.copytree(made, path, symlinks=True)
        url = self._databases().fresh(template) if template else ""
        monkeypatch.setenv("KAOHE_HOME", str(path))
        monkeypatch.setenv("KAOHE_STORE", url)
        return Home(path), url

    def _make(self, kind: str, states: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
        from moved import moved_to
        from running import run

        path = self._new_folder() / "home"
        if states:
            home, url = self.copy(path, monkeypatch, kind, *states[:-1])
            corrected(home) if states[-1] == CORRECTED else moved_to(states[-1])
            return home.path, url
        url = self._databases().fresh() if kind == "postgresql" else ""
        monkeypatch.setenv("KAOHE_STORE", url)
        home = yuxi_home(path, monkeypatch)
        assert run(YUXI).success
        return home.path, url
