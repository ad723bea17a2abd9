from __future__ import annotations

import os
from pathlib import Path

import pytest

from resources.archive import Archive, DamagedArchive, write_whole


def test_what_is_put_comes_back_under_its_digest(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    digest = archive.put("数据".encode())
    assert archive.get(digest).decode() == "数据"


def test_the_same_bytes_are_one_file(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.put(b"same") == archive.put(b"same")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_archived_files_are_read_only(tmp_path: Path) -> None:
    Archive(tmp_path).put(b"x")
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert file.stat().st_mode & 0o222 == 0


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    digest = archive.put(b"12.5")
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    os.chmod(file, 0o644)  # noqa: PTH101
    file.write_bytes(b"12.6")
    with pytest.raises(DamagedArchive, match="内容变了"):
        archive.get(digest)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DamagedArchive, match="不见了"):
        Archive(tmp_path).get("ab" * 32)


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "file"
    place.write_bytes(b"old")

    def no_space(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        write_whole(place, b"new")
    assert place.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [place]
