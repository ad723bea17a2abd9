from __future__ import annotations

import os
from pathlib import Path

import pytest
from stores import on_both_stores

from resources.chain import first_broken_link
from resources.home import Home
from resources.inbox import RECEIVED, Inbox, make_inbox, received_at
from resources.ledger import Ledger
from resources.store import Store

pytestmark = on_both_stores


@pytest.fixture
def empty(tmp_path: Path, store_url: str) -> tuple[Inbox, Ledger]:
    home = Home(tmp_path)
    make_inbox(home, "e-2025")
    return Inbox(home, "e-2025"), Ledger(Store(store_url))


def _drop(inbox: Inbox, sender: str, name: str, text: str) -> Path:
    path = inbox.folder / sender / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_dropped_file_is_archived_and_recorded_once(empty: tuple[Inbox, Ledger]) -> None:
    inbox, ledger = empty
    _drop(inbox, "stats", "一季度.csv", "a")
    (entry,) = inbox.take_in(ledger)
    assert (entry.payload["sender"], entry.payload["name"]) == ("stats", "一季度.csv")
    assert inbox.take_in(ledger) == []


def test_other_content_under_the_same_name_is_a_new_submission(empty: tuple[Inbox, Ledger]) -> None:
    inbox, ledger = empty
    for text in ("a", "b", "a"):
        _drop(inbox, "stats", "figures.csv", text)
        assert len(inbox.take_in(ledger)) == 1
    assert len(ledger.entries("e-2025", [RECEIVED])) == 3


def test_the_same_bytes_under_another_name_are_no_new_submission(empty: tuple[Inbox, Ledger]) -> None:
    inbox, ledger = empty
    _drop(inbox, "stats", "a.csv", "same")
    _drop(inbox, "stats", "b.csv", "same")
    _drop(inbox, "T001", "a.csv", "same")
    assert [e.payload["sender"] for e in inbox.take_in(ledger)] == ["T001", "stats"]


def test_files_still_being_written_wait(empty: tuple[Inbox, Ledger], monkeypatch: pytest.MonkeyPatch) -> None:
    inbox, ledger = empty
    monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "60")
    before = inbox.listing()
    path = _drop(inbox, "stats", "figures.csv", "half")
    assert inbox.take_in(ledger) == []
    assert inbox.listing() == before
    os.utime(path, (1, 1))
    assert inbox.listing() != before
    assert len(inbox.take_in(ledger)) == 1


def test_links_pipes_and_files_of_programs_at_work_are_left_alone(empty: tuple[Inbox, Ledger], tmp_path: Path) -> None:
    inbox, ledger = empty
    secret = tmp_path / "secret.csv"
    secret.write_text("secret", encoding="utf-8")
    folder = _drop(inbox, "stats", "~$figures.xlsx", "lock").parent
    (folder / ".hidden.csv").write_text("x", encoding="utf-8")
    (folder / "upload.tmp").write_text("x", encoding="utf-8")
    (folder / "link.csv").symlink_to(secret)
    (inbox.folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.csv")
    assert inbox.take_in(ledger) == []


def test_evidence_is_taken_in_with_its_folder(empty: tuple[Inbox, Ledger]) -> None:
    inbox, ledger = empty
    _drop(inbox, "T001", "佐证/文件.pdf", "%PDF-1.4")
    (entry,) = inbox.take_in(ledger)
    assert entry.payload["name"] == "佐证/文件.pdf"


def test_names_are_data(empty: tuple[Inbox, Ledger]) -> None:
    inbox, ledger = empty
    folder = _drop(inbox, "stats", "-rf $(reboot) <b>%2f.csv", "1").parent
    (folder / os.fsdecode(b"\xff\xfe.csv")).write_bytes(b"2")
    (folder / "换\n行.csv").write_bytes(b"3")
    names = {entry.payload["name"] for entry in inbox.take_in(ledger)}
    assert names == {"-rf $(reboot) <b>%2f.csv", "\ufffd\ufffd.csv", "换\n行.csv"}
    with ledger.store.reading() as connection:
        assert first_broken_link(connection) is None


def test_an_absent_inbox_is_told_from_an_empty_one(empty: tuple[Inbox, Ledger]) -> None:
    inbox, _ = empty
    assert inbox.present
    (inbox.folder / ".inbox").unlink()
    assert not inbox.present


def test_submitting_states_when_paper_came_in_and_who_says_so(empty: tuple[Inbox, Ledger], tmp_path: Path) -> None:
    inbox, ledger = empty
    source = tmp_path / "figures.csv"
    source.write_text("1", encoding="utf-8")
    entry = inbox.submit(ledger, "stats", source, received="2026-01-10", by="王五")
    assert entry is not None
    assert received_at(entry) == "2026-01-10T00:00:00+08:00"
    assert entry.payload["stated_by"] == "王五"
    assert (inbox.folder / "stats" / "figures.csv").read_text(encoding="utf-8") == "1"
    assert inbox.take_in(ledger) == []


def test_a_submitted_file_is_settled_at_once(
    empty: tuple[Inbox, Ledger], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, ledger = empty
    monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "60")
    source = tmp_path / "figures.csv"
    source.write_text("1", encoding="utf-8")
    inbox.submit(ledger, "stats", source)
    before = inbox.listing()
    monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
    assert inbox.listing() == before
