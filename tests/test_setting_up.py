"""`kaohe init`: examples with their definition in force and their files in the order in which they came."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orchestration import setting_up
from orchestration.setting_up import set_up
from resources.archive import Archive
from resources.home import Home
from resources.inbox import RECEIVED, received_at
from resources.ledger import Ledger
from resources.store import Store

NAME = "yuxi-2017"
SENDER = "lead_office"
TABLE = "责任目标得分.csv"
PAPER = "佐证/通报.pdf"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example with a table that was sent twice under its name, and a paper between."""
    folder = tmp_path / "examples" / NAME
    shutil.copytree(setting_up.EXAMPLES / NAME, folder)
    own = folder / "inbox" / SENDER
    (own / "先前").mkdir()
    (own / "先前" / TABLE).write_bytes((own / TABLE).read_bytes().replace(b"74.8", b"74.9"))
    (own / "佐证").mkdir()
    (own / PAPER).write_bytes(b"%PDF-1.4\n")
    rows = [
        "sender,file,received,by,kept_as",
        f"{SENDER},{TABLE},2018-02-01,某人,先前/{TABLE}",
        f"{SENDER},{PAPER},2018-02-02,某人,",
        f"{SENDER},{TABLE},2018-02-03,某人,",
    ]
    (folder / "submissions.csv").write_text("\n".join(rows), encoding="utf-8")
    monkeypatch.setattr(setting_up, "EXAMPLES", folder.parent)
    return folder


def received(home: Home) -> list[tuple[str, str, bytes]]:
    entries = Ledger(Store(home.store_url)).entries(NAME, [RECEIVED])
    archive = Archive(home.archive)
    return [(e.payload["name"], received_at(e)[:10], archive.get(e.payload["sha256"])) for e in entries]


def test_files_come_in_as_listed_with_what_replaced_them(example: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert sum("收到" in line for line in set_up(home.path, [NAME])) == 3
    own = example / "inbox" / SENDER
    assert received(home) == [
        (TABLE, "2018-02-01", (own / "先前" / TABLE).read_bytes()),
        (PAPER, "2018-02-02", (own / PAPER).read_bytes()),
        (TABLE, "2018-02-03", (own / TABLE).read_bytes()),
    ]
    filed = home.inbox / NAME / SENDER
    assert (filed / TABLE).read_bytes() == (own / TABLE).read_bytes()
    assert (filed / PAPER).is_file()


def test_setting_up_again_sends_nothing_again(example: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    list(set_up(home.path, [NAME]))
    assert not any("收到" in line for line in set_up(home.path, [NAME]))
    assert len(received(home)) == 3


def test_an_example_that_was_made_ones_own_gets_no_files_of_another_definition(example: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    list(set_up(home.path, [NAME]))
    with (home.evaluations / NAME / "rulebook.yaml").open("a", encoding="utf-8") as rulebook:
        rulebook.write("# 改过\n")
    with (example / "submissions.csv").open("a", encoding="utf-8") as listed:
        listed.write(f"\n{SENDER},{TABLE},2018-02-04,某人,先前/{TABLE}")
    assert not any("收到" in line for line in set_up(home.path, [NAME]))
