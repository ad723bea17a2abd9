"""The engineer's log: one JSON object a line, of bounded size, whole where several processes write and turn it over."""

from __future__ import annotations

import json
import logging
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from resources import logs
from resources.logs import JsonLines, PrivateFile, log_to


@pytest.fixture(autouse=True)
def _handlers_as_before() -> Iterator[None]:
    before = {name: list(logging.getLogger(name).handlers) for name in logs.OURS}
    yield
    for name, handlers in before.items():
        logging.getLogger(name).handlers[:] = handlers


def said(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "kaohe.log").read_text("utf-8").splitlines()]


def test_a_line_says_what_it_is_about_and_why_it_failed(tmp_path: Path) -> None:
    log_to(tmp_path)
    log_to(tmp_path)
    try:
        raise ValueError("不是\n数")
    except ValueError:
        logging.getLogger("kaohe.run").exception("step %s", "x", extra={"run": "r1", "evaluation": "a-2025"})
    (line,) = said(tmp_path)
    assert list(line) == ["at", "level", "from", "text", "evaluation", "run", "fault"]
    assert (line["level"], line["from"], line["text"], line["evaluation"]) == ("error", "kaohe.run", "step x", "a-2025")
    assert "ValueError: 不是\n数" in str(line["fault"])
    assert stat.S_IMODE((tmp_path / "kaohe.log").stat().st_mode) == 0o600


def test_the_log_does_not_grow_without_bound_and_no_line_is_torn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 2000)
    monkeypatch.setattr(logs, "FILES", 3)
    writers = [PrivateFile(tmp_path / "kaohe.log") for _ in range(2)]  # as two processes would
    for number in range(200):
        writer = writers[number % 2]
        writer.setFormatter(JsonLines())
        writer.emit(logging.makeLogRecord({"msg": f"{number}", "name": "kaohe"}))
    files = sorted(tmp_path.iterdir())
    assert len(files) == 4
    assert sum(file.stat().st_size for file in files) <= 4 * 2000
    kept = [int(json.loads(line)["text"]) for file in files for line in file.read_text("utf-8").splitlines()]
    assert set(kept) == set(range(min(kept), 200))  # the newest, without a gap


def test_a_process_that_goes_on_to_another_home_writes_to_its_log_alone(tmp_path: Path) -> None:
    for name in ("a", "b"):
        log_to(tmp_path / name)
        logging.getLogger("kaohe.run").info(name)
    assert [line["text"] for name in ("a", "b") for line in said(tmp_path / name)] == ["a", "b"]


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log_to(tmp_path / "home")
    shutil.rmtree(tmp_path / "home")
    for _ in range(2):
        logging.getLogger("kaohe.run").info("lost")
    assert "FileNotFoundError" in capsys.readouterr().err
    (tmp_path / "home").mkdir()
    logging.getLogger("kaohe.run").info("kept")
    assert [line["text"] for line in said(tmp_path / "home")] == ["kept"]
