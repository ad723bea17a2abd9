"""A home in one file and back: the same rows, the same bytes, the same chain, on either database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgresql_server import Databases
from running import run
from stores import on_both_stores
from test_corrections import ASKED
from test_flow import versions

from orchestration.cli import main
from orchestration.correcting import request_correction
from orchestration.filing import ledger_of
from orchestration.rebuilding import rebuild, restore_home
from orchestration.setting_up import dagster_settings
from orchestration.verifying import verify
from resources.backup import FileIsThere, back_up
from resources.home import CHECKOUT, Home
from resources.kaohe import work_on
from resources.restoring import DamagedBackup, HomeHasData
from resources.store import Store
from resources.tables import ACCEPTED_VALUES, PUBLICATIONS, metadata

pytestmark = on_both_stores


def contents_of(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.reading() as connection:
        tables = metadata.sorted_tables
        return {table.name: sorted(map(repr, connection.execute(sa.select(table)))) for table in tables}  # type: ignore[misc]


def files_of(home: Home) -> dict[str, bytes]:
    kept = ("archive", "evaluations", "inbox", "published")
    files = [path for folder in kept for path in (home.path / folder).rglob("*") if path.is_file()]
    files += [path for path in (home.contacts, home.holidays) if path.is_file()]
    return {path.relative_to(home.path).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def elsewhere(
    store_kind: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Elsewhere:
    return Elsewhere(store_kind, tmp_path, request, monkeypatch)


class Elsewhere:
    """Empty homes, each with an empty store of its own."""

    def __init__(self, kind: str, path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kind, self.path, self.request, self.monkeypatch = kind, path, request, monkeypatch
        self.number = 0

    def home(self, kind: str | None = None) -> Home:
        self.number += 1
        home = Home(self.path / f"restored-{self.number}")
        databases = self.request.getfixturevalue("databases") if (kind or self.kind) == "postgresql" else None
        url = databases.fresh() if isinstance(databases, Databases) else ""
        self.monkeypatch.setenv("KAOHE_STORE", url)
        self.monkeypatch.setenv("KAOHE_HOME", str(home.path))
        return home


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_a_restored_home_is_the_same_and_continues_the_chain(
    evaluated: Home, elsewhere: Elsewhere, tmp_path: Path, into: str
) -> None:
    store = ledger_of(evaluated).store
    evaluated.contacts.write_text("code,address\nstats,tjj@county.example\n", "utf-8")
    before, files, head = contents_of(store), files_of(evaluated), ledger_of(evaluated).head()
    back_up(evaluated, store, tmp_path / "backup.tar")
    home = elsewhere.home(into)
    _, found = restore_home(home, tmp_path / "backup.tar")
    assert found.faults == []
    assert contents_of(ledger_of(home).store) == before
    assert files_of(home) == files
    assert (home.published / "yuxi-2017" / "latest").resolve().name == "v0001"
    (requested, _), _ = request_correction(home, ASKED, "李四")
    assert (requested.seq, requested.prev_hash) == (head[0] + 1, head[1])
    assert run("yuxi-2017").success
    assert versions(home) == ["v0001", "v0002"]
    assert verify(home, since=head[1]).faults == []


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_dagsters_record_goes_where_the_store_is(
    evaluated: Home, elsewhere: Elsewhere, tmp_path: Path, into: str
) -> None:
    text = (CHECKOUT / "deploy" / "celery" / "dagster.yaml").read_text("utf-8")
    (evaluated.dagster / "dagster.yaml").write_text(dagster_settings(evaluated) + text, "utf-8")
    back_up(evaluated, ledger_of(evaluated).store, tmp_path / "backup.tar")
    home = elsewhere.home(into)
    restore_home(home, tmp_path / "backup.tar")
    written = yaml.safe_load((home.dagster / "dagster.yaml").read_text("utf-8"))
    assert list(written.get("storage", {})) == (["postgres"] if into == "postgresql" else [])
    assert {"run_launcher", "run_retries", "retention"} <= set(written)


def test_restoring_replaces_nothing(evaluated: Home, elsewhere: Elsewhere, tmp_path: Path) -> None:
    back_up(evaluated, ledger_of(evaluated).store, tmp_path / "backup.tar")
    with pytest.raises(HomeHasData):
        restore_home(evaluated, tmp_path / "backup.tar")
    home = elsewhere.home()
    restore_home(home, tmp_path / "backup.tar")
    kept = contents_of(ledger_of(home).store)
    if elsewhere.kind == "postgresql":  # the folder is empty, the database is not
        with pytest.raises(HomeHasData):
            restore_home(Home(tmp_path / "empty"), tmp_path / "backup.tar")
        assert list((tmp_path / "empty").iterdir()) == []
    assert contents_of(ledger_of(home).store) == kept


def test_a_backup_replaces_nothing_and_is_nobody_elses_to_read(evaluated: Home, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    back_up(evaluated, ledger_of(evaluated).store, file)
    assert file.stat().st_mode & 0o077 == 0
    kept = file.read_bytes()
    with pytest.raises(FileIsThere):
        back_up(evaluated, ledger_of(evaluated).store, file)
    assert file.read_bytes() == kept
    assert [path.name for path in tmp_path.glob(".backup-*")] == []


def test_a_version_that_is_being_published_is_not_in_it(evaluated: Home, elsewhere: Elsewhere, tmp_path: Path) -> None:
    folder = evaluated.published / "yuxi-2017"
    shutil.copytree(folder / "v0001", folder / "v0002")
    back_up(evaluated, ledger_of(evaluated).store, tmp_path / "backup.tar")
    home = elsewhere.home()
    restore_home(home, tmp_path / "backup.tar")
    assert versions(home) == ["v0001"]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_backup_restores_nothing_or_everything(
    evaluated: Home, elsewhere: Elsewhere, tmp_path: Path, place: float, flip: int, cut: bool
) -> None:
    file, damaged = tmp_path / "backup.tar", tmp_path / "damaged.tar"
    if not file.exists():
        back_up(evaluated, ledger_of(evaluated).store, file)
    data = bytearray(file.read_bytes())
    at = int(place * len(data))
    data[at] ^= flip
    damaged.write_bytes(data[:at] if cut else data)
    home = elsewhere.home("sqlite")
    try:
        _, found = restore_home(home, damaged)
    except DamagedBackup:
        assert list(home.path.iterdir()) == []
    else:  # padding between members, or what tar says of them besides
        assert found.faults == []
        assert {name: data for name, data in files_of(home).items() if name not in files_of(evaluated)} == {}


BACKUP = """
import os, sys, tarfile
added = tarfile.TarFile.addfile
def killed(self, member, stream):
    if member.name.startswith(sys.argv[1]):
        os._exit(9)
    added(self, member, stream)
tarfile.TarFile.addfile = killed
from orchestration.cli import main
main(["backup", sys.argv[2]])
"""


@pytest.mark.parametrize("member", ["store/ledger", "archive/", "manifest-"])
def test_a_killed_backup_leaves_no_half_file(evaluated: Home, tmp_path: Path, member: str) -> None:
    file = tmp_path / "backup.tar"
    killed = subprocess.run([sys.executable, "-c", BACKUP, member, str(file)], cwd=CHECKOUT, check=False)
    assert killed.returncode == 9
    assert not file.exists()
    assert CliRunner().invoke(main, ["backup", str(file)]).exit_code == 0


def test_what_a_killed_backup_left_is_swept_a_day_later(evaluated: Home, tmp_path: Path) -> None:
    left, being_written = tmp_path / ".backup-old", tmp_path / ".backup-new"
    for folder in (left, being_written):
        folder.mkdir()
        (folder / "whole.tar").write_bytes(b"half")
    os.utime(left, (0, 0))
    back_up(evaluated, Store(evaluated.store_url), tmp_path / "a.tar")
    assert (left.exists(), being_written.exists()) == (False, True)


RESTORE = """
import os, sys
from pathlib import Path
moved = Path.rename
def killed(self, target):
    if self.name == sys.argv[1]:
        os._exit(9)
    return moved(self, target)
Path.rename = killed
from orchestration.cli import main
main(["restore", sys.argv[2]])
"""


@pytest.mark.parametrize("member", ["dagster", "inbox", "published"])
def test_a_killed_restoration_leaves_no_home_that_anybody_uses(
    evaluated: Home, elsewhere: Elsewhere, tmp_path: Path, member: str
) -> None:
    file = tmp_path / "backup.tar"
    back_up(evaluated, ledger_of(evaluated).store, file)
    home = elsewhere.home()
    killed = subprocess.run([sys.executable, "-c", RESTORE, member, str(file)], cwd=CHECKOUT, check=False)
    assert killed.returncode == 9
    left = sorted(home.path.iterdir())
    for command in (["verify"], ["evaluate", "--all"], ["restore", str(file)]):
        refused = CliRunner().invoke(main, command)
        assert refused.exit_code == 2, command
        assert "没有做完" in refused.output or "不是工作文件夹" in refused.output
    assert sorted(home.path.iterdir()) == left


def test_backup_and_restore_on_the_command_line(evaluated: Home, elsewhere: Elsewhere, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    seq, head = ledger_of(evaluated).head()
    told = CliRunner().invoke(main, ["backup", str(file)]).output
    assert f"台账{seq}号，哈希 {head}" in told
    assert CliRunner().invoke(main, ["backup", str(file)]).exit_code == 2
    assert CliRunner().invoke(main, ["restore", str(file)]).exit_code == 2
    elsewhere.home()
    restored = CliRunner().invoke(main, ["restore", str(file)])
    assert (restored.exit_code, "核验全部相符" in restored.output) == (0, True)
    (tmp_path / "no.tar").write_text("no backup", encoding="utf-8")
    elsewhere.home()
    refused = CliRunner().invoke(main, ["restore", str(tmp_path / "no.tar")])
    assert (refused.exit_code, "不是完好的备份" in refused.output) == (2, True)


def test_a_backup_of_a_damaged_archive_says_so(evaluated: Home, tmp_path: Path) -> None:
    missing, changed = sorted(path for path in evaluated.archive.rglob("*") if path.is_file())[:2]
    missing.unlink()
    changed.chmod(0o644)
    changed.write_bytes(b"x")
    result = CliRunner().invoke(main, ["backup", str(tmp_path / "backup.tar")])
    assert (result.exit_code, "存档有2处有误" in result.output) == (1, True)
    assert str(missing) in result.output
    assert str(changed) in result.output
    assert (tmp_path / "backup.tar").is_file()


def test_what_is_rebuilt_from_archive_and_ledger_is_the_same(evaluated: Home) -> None:
    request_correction(evaluated, ASKED, "李四")
    inbox = evaluated.inbox / "yuxi-2017"
    (inbox / "没放进文件夹.csv").write_text("x", encoding="utf-8")
    assert run("yuxi-2017").success
    assert "NO_SENDER" in work_on(evaluated, "yuxi-2017").findings()["code"].tolist()
    store = ledger_of(evaluated).store
    before, files = contents_of(store), files_of(evaluated)
    (inbox / "没放进文件夹.csv").unlink()
    (inbox / "lead_office" / "新的.csv").write_text("后来才放入的", encoding="utf-8")
    files = files_of(evaluated)
    assert rebuild(evaluated, "yuxi-2017") == []
    assert contents_of(store) == before
    assert files_of(evaluated) == files
    result = CliRunner().invoke(main, ["rebuild", "yuxi-2017"])
    assert (result.exit_code, "完全相同" in result.output) == (0, True)


def test_rebuilding_repairs_a_changed_table_and_tells_one_that_differs(
    evaluated: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ledger_of(evaluated).store
    with store.writing() as connection:
        connection.execute(sa.update(ACCEPTED_VALUES).values(accepted_value="100"))
    assert verify(evaluated).faults != []
    assert rebuild(evaluated, "yuxi-2017") == []
    assert verify(evaluated).faults == []

    import evaluation.recomputation as module

    accept = module.accept
    monkeypatch.setattr(module, "accept", lambda *given: accept(*given).assign(flags="program changed"))
    result = CliRunner().invoke(main, ["rebuild", "yuxi-2017"])
    assert (result.exit_code, "accepted_values" in result.output) == (1, True)
    assert "程序升级过" in result.output


def test_versions_that_only_the_ledger_remembers_are_not_written_over_and_listed_again(evaluated: Home) -> None:
    store, files = ledger_of(evaluated).store, files_of(evaluated)
    before = contents_of(store)
    with store.writing() as connection:
        connection.execute(sa.delete(PUBLICATIONS))
    result = CliRunner().invoke(main, ["evaluate", "yuxi-2017"])
    assert (result.exit_code, "kaohe rebuild yuxi-2017" in result.output) == (2, True), result.output
    assert "resources." not in result.output
    assert files_of(evaluated) == files
    assert any("kaohe rebuild yuxi-2017" in fault for fault in verify(evaluated).faults)
    assert rebuild(evaluated, "yuxi-2017") == []
    assert contents_of(store)["publications"] == before["publications"]
    assert verify(evaluated).faults == []


def test_what_was_never_run_cannot_be_rebuilt(home: Home) -> None:
    assert CliRunner().invoke(main, ["rebuild", "yuxi-2017"]).exit_code == 2
    assert CliRunner().invoke(main, ["rebuild", "nowhere-2017"]).exit_code == 2
