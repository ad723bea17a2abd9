"""Homes to test in: fresh ones, and one whose examples have been evaluated once; on SQLite or on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from homes import Homes, yuxi_home
from postgresql_server import Databases

from resources.home import Home
from resources.ledger import Ledger
from resources.store import Store

if TYPE_CHECKING:
    from desk_cases import Desks

STORES = ["sqlite", "postgresql"]


def pytest_addoption(parser: pytest.Parser) -> None:
    default = os.environ.get("KAOHE_TEST_STORE", "sqlite")
    told = "the store of tests that do not try both; with postgresql, those that use no store are left out"
    parser.addoption("--store", choices=STORES, default=default, help=told)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what it can change: tests without a store, or that try both, are the same as on SQLite."""
    if config.getoption("store") == "sqlite":
        return
    left_out = [item for item in items if not _depends_on_option(item)]
    items[:] = [item for item in items if _depends_on_option(item)]
    config.hook.pytest_deselected(items=left_out)


def _depends_on_option(item: pytest.Item) -> bool:
    parameters = getattr(item, "callspec", None)
    tries_both = parameters is not None and "store_kind" in parameters.params
    return "store_kind" in getattr(item, "fixturenames", ()) and not tries_both


def pytest_configure() -> None:
    """What tests start can be ended, though a shell that started the tests in the background ignores interrupts.

    Dagster gives SIGTERM the handler of SIGINT with every run, and a process that is started inherits what is ignored.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _settled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files dropped by a test are read without the usual wait."""
    monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
    monkeypatch.delenv("KAOHE_STORE", raising=False)


@pytest.fixture
def store_kind(request: pytest.FixtureRequest) -> str:
    """Which database: as `--store` says; a module that tries both says `on_both_stores`."""
    return getattr(request, "param", None) or str(request.config.getoption("store"))


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    server = Databases()
    yield server
    server.stop()


@pytest.fixture
def store_url(
    store_kind: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """An empty database, which is the store of every home in the test."""
    if store_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'kaohe.db'}"
    else:
        databases = request.getfixturevalue("databases")
        url = databases.fresh(databases.empty_store)
        monkeypatch.setenv("KAOHE_STORE", url)
        yield url
        databases.drop(url)


@pytest.fixture
def home(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A fresh home with the nine counties of Yuxi, never evaluated."""
    return yuxi_home(tmp_path / "home", monkeypatch)


@pytest.fixture
def ledger(home: Home) -> Ledger:
    return Ledger(Store(home.store_url))


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Homes:
    return Homes(lambda: tmp_path_factory.mktemp("homes"), lambda: request.getfixturevalue("databases"))


@pytest.fixture
def evaluated_in(
    homes: Homes, store_kind: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Home]]:
    """Makes a home of one's own in which Yuxi has been evaluated and published, and then moved on by states."""
    databases: Databases | None = request.getfixturevalue("databases") if store_kind == "postgresql" else None
    urls = []

    def make(*states: str) -> Home:
        home, url = homes.copy(tmp_path / "home", monkeypatch, store_kind, *states)
        urls.append(url)
        return home

    yield make
    if databases:
        for url in urls:
            databases.drop(url)


@pytest.fixture
def evaluated(evaluated_in: Callable[..., Home]) -> Home:
    """A home of one's own in which Yuxi has been evaluated and published once."""
    return evaluated_in()


@pytest.fixture(scope="session")
def _evaluated_small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from previewed import SMALL, small_home
    from running import run

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
        monkeypatch.delenv("KAOHE_STORE", raising=False)
        path = tmp_path_factory.mktemp("small") / "home"
        monkeypatch.setenv("KAOHE_HOME", str(path))
        home = small_home(path)
        assert run(SMALL).success
        return home.path


@pytest.fixture
def fresh_small(_evaluated_small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Home]:
    """Makes homes of one's own, in which the small evaluation of `previewed.py` has been published once."""
    made = count(1)

    def make() -> Home:
        path = tmp_path / f"home{next(made)}"
        shutil.copytree(_evaluated_small, path, symlinks=True)
        monkeypatch.setenv("KAOHE_HOME", str(path))
        return Home(path)

    return make


@pytest.fixture(scope="module")
def _prepared_desk(tmp_path_factory: pytest.TempPathFactory) -> Home:
    from desk_cases import prepared

    return prepared(tmp_path_factory.mktemp("desk") / "home")


@pytest.fixture
def desks(_prepared_desk: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desks:
    """People at a desk of their own, over a copy of the scored home of `desk_cases.py`."""
    from desk_cases import copied

    return copied(_prepared_desk, tmp_path / "home", monkeypatch)
