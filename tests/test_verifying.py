"""Whatever byte of the record is changed, verifying finds it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from homes import CORRECTED
from hypothesis import given
from hypothesis import strategies as st
from stores import on_both_stores
from tampering import TAMPERED, flipped, without_guards

from orchestration.cli import main
from orchestration.filing import ledger_of
from orchestration.verifying import verify
from resources.home import Home
from resources.ledger import chain_hash, entry_bytes
from resources.refused import Refused
from resources.tables import LEDGER, metadata

pytestmark = on_both_stores


@pytest.fixture
def corrected(evaluated_in: Callable[..., Home]) -> Home:
    """Two versions, a correction, and a file with a fault."""
    return evaluated_in(CORRECTED)


def test_a_changed_byte_of_a_kept_file_is_found(corrected: Home) -> None:
    folders = (corrected.archive, corrected.published)
    files = sorted(
        path for folder in folders for path in folder.rglob("*") if path.is_file() and "latest" not in str(path)
    )

    @TAMPERED
    @given(data=st.data())
    def found(data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(files))
        kept, mode = path.read_bytes(), path.stat().st_mode
        path.chmod(0o644)
        try:
            path.write_bytes(flipped(kept, data))
            path.chmod(mode)
            (fault, *_) = verify(corrected).faults
            assert str(path if corrected.archive in path.parents else path.name) in fault
        finally:
            path.chmod(0o644)
            path.write_bytes(kept)
            path.chmod(mode)

    found()
    assert verify(corrected).faults == []  # all was put back


def test_a_changed_cell_of_the_store_is_found(corrected: Home) -> None:
    store = ledger_of(corrected).store
    with store.writing() as connection:
        without_guards(connection)
        filled = [
            t for t in metadata.sorted_tables if connection.execute(sa.select(sa.func.count()).select_from(t)).scalar()
        ]
    assert {"ledger", "publications", "accepted_values", "current_runs"} <= {table.name for table in filled}
    place = sa.literal_column("rowid" if store.engine.dialect.name == "sqlite" else "ctid")

    @TAMPERED
    @given(data=st.data())
    def found(data: st.DataObject) -> None:
        table = data.draw(st.sampled_from(filled))
        column = data.draw(st.sampled_from(list(table.columns)))
        with store.reading() as connection:
            rows = list(connection.execute(sa.select(place, column).order_by(*table.primary_key.columns, place)))
            kept = [dict(row._mapping) for row in connection.execute(sa.select(table))]
        row, cell = data.draw(st.sampled_from([tuple(row) for row in rows]))
        others = {bool: not cell, int: (cell or 0) + 1 if isinstance(cell, int | None) else None}
        other = others.get(column.type.python_type, f"{cell or ''}{data.draw(st.sampled_from('0 é'))}")
        try:
            with store.writing() as connection:
                connection.execute(sa.update(table).values({column: other}).where(place == row))
            assert _besides_guards(corrected) != [], (table.name, column.name, cell)
        except sa.exc.IntegrityError:
            pass  # the database itself refused it
        finally:
            with store.writing() as connection:
                connection.execute(sa.delete(table))
                connection.execute(sa.insert(table), kept)
                without_guards(connection)

    found()
    assert _besides_guards(corrected) == []  # all was put back


def _besides_guards(home: Home) -> list[str]:
    return [fault for fault in verify(home).faults if "防改装置" not in fault]


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
    assert (
        CliRunner().invoke(main, ["verify", "--since", f" {seq}：{head.upper()} "]).exit_code == 0
    )  # typed off a page
    assert CliRunner().invoke(main, ["verify", "--since", f"{seq + 1}:{head}"]).exit_code == 1
    assert CliRunner().invoke(main, ["verify", "--since", "第7号"]).exit_code == 2


def test_a_head_that_is_none_is_refused(evaluated: Home) -> None:
    with pytest.raises(Refused, match="不是台账哈希"):
        verify(evaluated, since="abc")
