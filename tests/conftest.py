"""Homes to test in: fresh ones, and one whose examples have been evaluated once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orchestration.setting_up import set_up
from resources.home import Home
from resources.ledger import Ledger
from resources.store import Store


@pytest.fixture(autouse=True)
def _settled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files dropped by a test are read without the usual wait."""
    monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
    monkeypatch.delenv("KAOHE_STORE", raising=False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A fresh home with the nine counties of Yuxi, never evaluated."""
    return _made(tmp_path / "home", monkeypatch)


@pytest.fixture
def ledger(home: Home) -> Ledger:
    return Ledger(Store(home.store_url))


@pytest.fixture(scope="session")
def _evaluated_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from running import run

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
        made = _made(tmp_path_factory.mktemp("evaluated") / "home", monkeypatch)
        assert run("yuxi-2017").success
    return made.path


@pytest.fixture
def evaluated(_evaluated_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of one's own in which Yuxi has been evaluated and published once."""
    path = tmp_path / "home"
    shutil.copytree(_evaluated_home, path, symlinks=True)
    monkeypatch.setenv("KAOHE_HOME", str(path))
    return Home(path)


def _made(path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    list(set_up(path, ["yuxi-2017"]))
    monkeypatch.setenv("KAOHE_HOME", str(path))
    return Home(path)
