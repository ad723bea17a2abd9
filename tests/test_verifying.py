"""Whatever byte of the record is changed, verifying finds it."""

from __future__ import annotations

import json
import os

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import run
from stores import on_both_stores
from tampering import without_guards
from test_corrections import ASKED

from orchestration.cli import main
from orchestration.correcting import request_correction
from orchestration.filing import ledger_of
from orchestration.refusals import Refused
from orchestration.verifying import verify
from resources.home import Home
from resources.ledger import chain_hash, entry_bytes
from resources.tables import LEDGER, metadata

pytestmark = on_both_stores
TAMPERED = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def corrected(evaluated: Home) -> Home:
    """Two versions, a correction, and a file with a fault: rows in every table that this evaluation fills."""
    wrong = evaluated.inbox / "yuxi-2017" / "lead_office" / "补报.csv"
    wrong.write_text("单位编码,考核期,指标编码,数值\n530402,2017,base_score,约60\n", encoding="utf-8")
    request_correction(evaluated, ASKED, "李四")
    assert run("yuxi-2017").success
    assert verify(evaluated).faults == []
    return evaluated


@TAMPERED
@given(data=st.data())
def test_a_changed_byte_of_a_kept_file_is_found(corrected: Home, data: st.DataObject) -> None:
    folders = (corrected.archive, corrected.published)
    files = sorted(
        path for folder in folders for path in folder.rglob("*") if path.is_file() and "latest" not in str(path)
    )
    path = data.draw(st.sampled_from(files))
    kept, mode = path.read_bytes(), path.stat().st_mode
    place, flip = data.draw(st.integers(0, len(kept) - 1)), data.draw(st.integers(1, 255))
    path.chmod(0o644)
    try:
        path.write_bytes(kept[:place] + bytes([kept[place] ^ flip]) + kept[place + 1 :])
        path.chmod(mode)
        (fault, *_) = verify(corrected).faults
        assert str(path if corrected.archive in path.parents else path.name) in fault
    finally:
        path.chmod(0o644)
        path.write_bytes(kept)
        path.chmod(mode)
    assert verify(corrected).faults == []


@TAMPERED
@given(data=st.data())
def test_a_changed_cell_of_the_store_is_found(corrected: Home, data: st.DataObject) -> None:
    store = ledger_of(corrected).store
    with store.writing() as connection:
        without_guards(connection)
        filled = [
            t for t in metadata.sorted_tables if connection.execute(sa.select(sa.func.count()).select_from(t)).scalar()
        ]
    table = data.draw(st.sampled_from(filled))
    column = data.draw(st.sampled_from(list(table.columns)))
    place = sa.literal_column("rowid" if store.engine.dialect.name == "sqlite" else "ctid")
    with store.reading() as connection:
        rows = list(connection.execute(sa.select(place, column).order_by(*table.primary_key.columns, place)))
    row, cell = data.draw(st.sampled_from([tuple(row) for row in rows]))
    others = {bool: not cell, int: (cell or 0) + 1 if isinstance(cell, int | None) else None}
    other = others.get(column.type.python_type, f"{cell or ''}{data.draw(st.sampled_from('0 é'))}")
    changed = sa.update(table).values({column: other})
    with store.engine.connect() as connection:
        kept = [dict(row._mapping) for row in connection.execute(sa.select(table))]
    try:
        with store.writing() as connection:
            connection.execute(changed.where(place == row))
        assert verify(corrected).faults != [], (table.name, column.name, cell)
    except sa.exc.IntegrityError:
        pass  # the database itself refused it
    finally:
        with store.writing() as connection:
            connection.execute(sa.delete(table))
            connection.execute(sa.insert(table), kept)
            without_guards(connection)


def test_verify_says_that_the_guards_are_gone(evaluated: Home) -> None:
    with ledger_of(evaluated).store.writing() as connection:
        without_guards(connection)
    assert any("防改装置" in fault for fault in verify(evaluated).faults)


def test_a_file_that_is_absent_or_writable_is_told(evaluated: Home) -> None:
    (first, second, *_) = sorted(path for path in evaluated.archive.rglob("*") if path.is_file())
    first.unlink()
    second.chmod(0o644)
    told = "\n".join(verify(evaluated).faults)
    assert str(first) in told
    assert "不是只读的" in told


def test_a_file_that_the_ledger_does_not_know_is_a_note(evaluated: Home) -> None:
    from resources.archive import Archive

    Archive(evaluated.archive).put(b"nobody sent this")
    found = verify(evaluated)
    assert found.faults == []
    assert "1份文件台账没有提到" in found.notes[0]


def test_a_version_that_was_taken_away_or_put_there_is_told(evaluated: Home) -> None:
    folder = evaluated.published / "yuxi-2017"
    (folder / "v0007").mkdir()
    assert "v0007" in verify(evaluated).notes[0]
    os.replace(folder / "v0001", folder / "v0002")  # noqa: PTH105
    assert "第1版" in verify(evaluated).faults[0]


def test_latest_has_to_name_the_newest(corrected: Home) -> None:
    link = corrected.published / "yuxi-2017" / "latest"
    link.unlink()
    link.symlink_to("v0001")
    assert "latest" in verify(corrected).faults[0]


def _rewritten(home: Home, seq: int) -> None:
    """Change an entry and chain all that follow anew: a forgery that holds in itself."""
    with ledger_of(home).store.writing() as connection:
        without_guards(connection)
        previous = connection.execute(sa.select(LEDGER.c.prev_hash).where(LEDGER.c.seq == seq)).scalar_one()
        for row in connection.execute(sa.select(LEDGER).where(LEDGER.c.seq >= seq).order_by(LEDGER.c.seq)).all():
            cells = {name: cell for name, cell in row._mapping.items() if name not in ("prev_hash", "hash")}
            cells["actor"] = "somebody" if row.seq == seq else row.actor
            found = chain_hash(previous, entry_bytes(**cells))
            values = {"actor": cells["actor"], "prev_hash": previous, "hash": found}
            connection.execute(sa.update(LEDGER).where(LEDGER.c.seq == row.seq).values(values))
            previous = found


def test_a_chain_forged_as_a_whole_is_told_by_a_head_printed_before(evaluated: Home) -> None:
    ledger = ledger_of(evaluated)
    seq, head = ledger.head()
    early = ledger.entries("yuxi-2017")[1].hash
    assert verify(evaluated, since=f"{seq}:{head}").faults == []
    _rewritten(evaluated, 3)
    assert verify(evaluated, since=early).faults != []  # what the run read is no longer in the chain
    assert any(f"从第{seq}号起" in fault for fault in verify(evaluated, since=f"{seq}:{head}").faults)
    assert any("没有这个哈希" in fault for fault in verify(evaluated, since=head).faults)


def test_verify_on_the_command_line(evaluated: Home) -> None:
    seq, head = ledger_of(evaluated).head()
    result = CliRunner().invoke(main, ["verify", "--since", head, "--json"])
    assert result.exit_code == 0
    assert json.loads(result.output) == {"seq": seq, "head": head, "faults": [], "notes": []}
    assert CliRunner().invoke(main, ["verify", "--since", f"{seq + 1}:{head}"]).exit_code == 1
    assert CliRunner().invoke(main, ["verify", "--since", "第7号"]).exit_code == 2


def test_a_head_that_is_none_is_refused(evaluated: Home) -> None:
    with pytest.raises(Refused, match="不是台账哈希"):
        verify(evaluated, since="abc")
