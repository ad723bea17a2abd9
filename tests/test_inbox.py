from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import pytest
from stores import on_both_stores

from resources.archive import Archive
from resources.chain import first_broken_link
from resources.home import Home
from resources.inbox import LEFT_ALONE, RECEIVED, Inbox, left_alone, make_inbox, received_at
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
    (folder / "Thumbs.db").write_text("x", encoding="utf-8")
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
    assert names == {"-rf $(reboot) <b>%2f.csv", "\\xff\\xfe.csv", "换\n行.csv"}
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


def test_what_a_submitted_file_replaces_is_recorded_first(empty: tuple[Inbox, Ledger], tmp_path: Path) -> None:
    inbox, ledger = empty
    _drop(inbox, "stats", "figures.csv", "dropped, not yet taken in")
    source = tmp_path / "figures.csv"
    for text in ("submitted", "submitted", "again"):
        source.write_text(text, encoding="utf-8")
        inbox.submit(ledger, "stats", source)
    sizes = [entry.payload["size"] for entry in ledger.entries("e-2025", [RECEIVED])]
    assert sizes == [25, 9, 5]


def test_a_file_that_becomes_a_copy_of_another_takes_back_what_it_said(empty: tuple[Inbox, Ledger]) -> None:
    inbox, ledger = empty
    for name, text in (("a.csv", "right"), ("b.csv", "wrong"), ("b.csv", "right")):
        _drop(inbox, "stats", name, text)
        assert [entry.payload["name"] for entry in inbox.take_in(ledger)] == [name]
    assert _left(inbox, ledger) == set()
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


def _left(inbox: Inbox, ledger: Ledger) -> set[tuple[str, str, str]]:
    return {(left.code, left.sender, left.name) for left in inbox.left_alone(ledger)}


def test_what_is_left_alone_is_told_with_its_place(empty: tuple[Inbox, Ledger], tmp_path: Path) -> None:
    inbox, ledger = empty
    folder = _drop(inbox, "stats", "good.csv", "1").parent
    (folder / "link.csv").symlink_to(tmp_path / "nothing")
    (folder / "deeper").mkdir()
    os.mkfifo(folder / "pipe.csv")
    (folder / ".hidden").write_text("x", encoding="utf-8")
    (inbox.folder / "linked").symlink_to(tmp_path)
    (inbox.folder / "loose.csv").write_text("x", encoding="utf-8")
    assert len(inbox.take_in(ledger)) == 1
    assert _left(inbox, ledger) == {
        ("NOT_REGULAR", "stats", "link.csv"),
        ("NOT_REGULAR", "stats", "deeper"),
        ("NOT_REGULAR", "stats", "pipe.csv"),
        ("NOT_REGULAR", "", "linked"),
        ("NO_SENDER", "", "loose.csv"),
    }


def test_what_is_left_alone_is_recorded_when_it_changes(empty: tuple[Inbox, Ledger]) -> None:
    inbox, ledger = empty
    loose = [inbox.folder / name for name in ("b.csv", "a.csv")]
    for at, path in enumerate(loose, start=1):
        path.write_text("x", encoding="utf-8")
        for _ in range(2):
            inbox.note_left_alone(ledger)
            assert [left.name for left in left_alone(ledger, "e-2025")] == sorted(p.name for p in loose[:at])
    for path in loose:
        path.unlink()
    inbox.note_left_alone(ledger)
    entries = ledger.entries("e-2025", [LEFT_ALONE])
    assert [len(entry.payload["left"]) for entry in entries] == [1, 2, 0]
    assert [left.name for left in left_alone(ledger, "e-2025", entries[0].seq)] == ["b.csv"]


def test_a_copy_of_what_was_replaced_is_no_new_submission_and_told(empty: tuple[Inbox, Ledger]) -> None:
    inbox, ledger = empty
    _drop(inbox, "stats", "figures.csv", "wrong")
    inbox.take_in(ledger)
    _drop(inbox, "stats", "figures.csv", "right")
    _drop(inbox, "stats", "z 副本.csv", "wrong")
    assert [entry.payload["name"] for entry in inbox.take_in(ledger)] == ["figures.csv"]
    assert _left(inbox, ledger) == {("DUPLICATE_FILE", "stats", "z 副本.csv")}


def test_names_that_are_no_text_stay_two_names(empty: tuple[Inbox, Ledger]) -> None:
    inbox, ledger = empty
    folder = _drop(inbox, "stats", "a.csv", "1").parent
    for name in (b"\xff.csv", b"\xfe.csv"):
        (folder / os.fsdecode(name)).write_bytes(name)
    assert len(inbox.take_in(ledger)) == 3
    assert inbox.take_in(ledger) == []


def test_long_names_and_names_of_folders_are_data(empty: tuple[Inbox, Ledger]) -> None:
    inbox, ledger = empty
    name = "长" * 79 + ".csv"
    assert len(name.encode()) == 241
    _drop(inbox, "<img src=x>", name, "1")
    (entry,) = inbox.take_in(ledger)
    assert (entry.payload["sender"], entry.payload["name"]) == ("<img src=x>", name)


def test_a_file_that_goes_or_cannot_be_read_stops_no_other(
    empty: tuple[Inbox, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, ledger = empty
    _drop(inbox, "stats", "a gone.csv", "1")
    _drop(inbox, "stats", "b denied.csv", "2")
    _drop(inbox, "stats", "c good.csv", "3")
    opened = os.open

    def hostile(path: os.PathLike[str] | str, *arguments: int, **options: int) -> int:
        if "gone" in str(path):
            Path(path).unlink()
        if "denied" in str(path):
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", hostile)
        assert [entry.payload["name"] for entry in inbox.take_in(ledger)] == ["c good.csv"]
    monkeypatch.setattr(Path, "open", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    assert _left(inbox, ledger) == {("CANNOT_READ", "stats", "b denied.csv")}


def test_a_folder_that_cannot_be_looked_into_stops_no_other(
    empty: tuple[Inbox, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, ledger = empty
    _drop(inbox, "closed", "a.csv", "1")
    _drop(inbox, "stats", "b.csv", "2")
    listed = os.scandir

    def hostile(path: os.PathLike[str] | str) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", hostile)
    assert [entry.payload["sender"] for entry in inbox.take_in(ledger)] == ["stats"]
    assert _left(inbox, ledger) == {("CANNOT_READ", "closed", ".")}


def test_an_inbox_that_cannot_be_read_is_no_empty_one(
    empty: tuple[Inbox, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, ledger = empty
    monkeypatch.setattr(os, "scandir", lambda _: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(PermissionError):
        inbox.take_in(ledger)


def test_a_file_that_changes_during_the_copy_waits(
    empty: tuple[Inbox, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, ledger = empty
    path = _drop(inbox, "stats", "figures.csv", "half")
    put = Archive.put_stream

    def slow(archive: Archive, stream: BinaryIO) -> str:
        path.write_text("half and the other half", encoding="utf-8")
        return put(archive, stream)

    with monkeypatch.context() as patched:
        patched.setattr(Archive, "put_stream", slow)
        assert inbox.take_in(ledger) == []
    (entry,) = inbox.take_in(ledger)
    assert entry.payload["size"] == 23


def test_a_full_archive_fails_loudly(empty: tuple[Inbox, Ledger], monkeypatch: pytest.MonkeyPatch) -> None:
    inbox, ledger = empty
    _drop(inbox, "stats", "figures.csv", "1")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        inbox.take_in(ledger)


def test_more_files_than_the_limit_are_told(empty: tuple[Inbox, Ledger], monkeypatch: pytest.MonkeyPatch) -> None:
    inbox, ledger = empty
    for number in range(4):
        _drop(inbox, "stats", f"{number}.csv", str(number))
    _drop(inbox, "science", "a.csv", "1")
    monkeypatch.setenv("KAOHE_LIMIT_FILES", "3")
    assert len(inbox.take_in(ledger)) == 4
    assert _left(inbox, ledger) == {("TOO_BIG", "stats", ".")}


def test_a_time_in_the_future_does_not_keep_a_file_waiting(
    empty: tuple[Inbox, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, ledger = empty
    monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "60")
    path = _drop(inbox, "stats", "figures.csv", "1")
    os.utime(path, (4_000_000_000, 4_000_000_000))
    assert len(inbox.take_in(ledger)) == 1
