import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import fields
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from bad_files import GOOD_ROWS, HEADER, bad_files, csv_bytes, good_workbook
from intake_inbox import read_here

from intake.child import Source
from intake.confinement import BATCH_FILES, read_confined
from intake.limits import LIMITS, BadLimitError, Limits, limits_from
from intake.raw import RawFile

GOOD = Source("good.xlsx", good_workbook())
CRASHING = Source(None, good_workbook())  # type: ignore[arg-type]  # stands for a fault of the reader
ROOT = Path(__file__).resolve().parents[1]


def codes(read: RawFile) -> list[str]:
    return [finding.code for finding in read.findings]


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_files_are_read_in_a_child_as_they_are_here() -> None:
    sources = [Source(bad.name, bad.data) for bad in bad_files()] + [GOOD] * (2 * BATCH_FILES)
    assert list(read_confined(sources, LIMITS)) == list(read_here(sources, LIMITS))


def test_one_child_reads_many_files_and_leaves_with_the_last() -> None:
    before, seen = children(), set()
    for _ in read_confined([GOOD] * 3 * BATCH_FILES, LIMITS):
        seen |= children() - before
    assert len(seen) == 1
    assert children() == before


def test_the_child_loads_nothing_that_takes_the_memory_of_files() -> None:
    slow = "{'pandas', 'numpy', 'pyarrow', 'pydantic', 'openpyxl', 'dagster', 'sqlalchemy'}"
    program = f"import sys, intake.child; sys.exit(', '.join({slow} & set(sys.modules)) or 0)"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_no_child_is_started_for_nothing() -> None:
    before = children()
    assert next(read_confined([], LIMITS), None) is None
    assert children() == before


def test_a_file_that_ends_its_child_is_refused_and_the_others_are_read() -> None:
    read = list(read_confined([GOOD, CRASHING, GOOD, CRASHING], LIMITS))
    assert [one.outcome for one in read] == ["read", "quarantined", "read", "quarantined"]
    assert codes(read[1]) == codes(read[3]) == ["UNREADABLE"]


def test_a_file_that_needs_too_much_memory_is_too_big_and_the_others_are_read() -> None:
    endless = Source("endless.csv", Path("/dev/zero"))
    read = list(read_confined([GOOD, endless, GOOD], Limits(memory=24)))
    assert [one.outcome for one in read] == ["read", "quarantined", "read"]
    assert codes(read[1]) == ["TOO_BIG"]
    assert "24 MB" in read[1].findings[0].detail


def test_a_file_that_takes_too_long_is_too_big_and_the_others_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    silent = Source("silent.csv", tmp_path / "pipe")
    read = list(read_confined([GOOD, silent, GOOD], Limits(seconds=1)))
    assert [one.outcome for one in read] == ["read", "quarantined", "read"]
    assert (codes(read[1]), "1 秒" in read[1].findings[0].detail) == (["TOO_BIG"], True)


def test_a_busy_machine_is_not_held_against_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock runs out while the child waits for its turn: here by a clock that is too fast."""
    polls = []

    def too_fast(connection: Connection, seconds: float) -> bool:
        polls.append(seconds)
        return poll(connection, 0.2)

    poll = Connection.poll
    rows = b'\r\nT001,2025,"grants","1"\r\n' * 300_000
    long = Source("long.csv", ",".join(HEADER).encode() + rows)
    with closing(read_confined([GOOD, long], LIMITS)) as answers:
        assert next(answers).outcome == "read"
        monkeypatch.setattr(Connection, "poll", too_fast)
        assert next(answers).outcome == "read"
    assert len(polls) > 1


def test_a_file_that_computes_too_long_is_too_big() -> None:
    rows = b'\r\nT001,2025,"grants","1"\r\n' * 3_000_000
    long = Source("long.csv", ",".join(HEADER).encode() + rows)
    assert codes(next(read_confined([long], Limits(seconds=1, memory=2_000)))) == ["TOO_BIG"]


def test_a_file_on_disk_is_read_by_its_path_and_evidence_only_looked_at(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(csv_bytes(HEADER, *GOOD_ROWS))
    (tmp_path / "b").write_bytes(b"%PDF-1.7" + bytes(2_000_000))
    read = list(
        read_confined(
            [
                Source("a.csv", tmp_path / "a"),
                Source("佐证/b.pdf", tmp_path / "b"),
                Source("b.csv", tmp_path / "b"),
            ],
            Limits(megabytes=1),
        )
    )
    assert [one.outcome for one in read] == ["read", "evidence", "quarantined"]
    assert codes(read[2]) == ["TOO_BIG"]


PARENT = """
import sys
sys.path[:0] = sys.argv[2:]
from intake.child import Source
from intake.confinement import read_confined
from intake.limits import Limits
from pathlib import Path
import os
sources = [Source("a.csv", b"a,b"), Source("silent.csv", Path(sys.argv[1]))]
for _ in read_confined(sources, Limits(seconds=60)):
    print(Path(f"/proc/self/task/{os.getpid()}/children").read_text(), flush=True)
"""


def test_the_child_goes_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    command = [sys.executable, "-c", PARENT, str(tmp_path / "pipe"), str(ROOT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert Path(f"/proc/{child}").exists()
        parent.send_signal(signal.SIGKILL)
    assert _is_gone(child)


def _is_gone(process: int) -> bool:
    for _ in range(200):
        state = Path(f"/proc/{process}/stat")
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_limits_are_settings() -> None:
    assert limits_from({"KAOHE_LIMIT_SECONDS": "7", "OTHER": "x"}) == Limits(seconds=7)
    for wrong in ("0", "-1", "many", ""):
        with pytest.raises(BadLimitError, match="KAOHE_LIMIT_CELLS"):
            limits_from({"KAOHE_LIMIT_CELLS": wrong})


def test_every_limit_is_documented() -> None:
    told = (ROOT / "docs" / "intake.md").read_text(encoding="utf-8")
    for field in fields(Limits):
        assert f"`KAOHE_LIMIT_{field.name.upper()}`" in told
        assert str(field.default) in told
