"""Tables that a run keeps: small ones in memory, big ones in a file without a name; both come back as they were."""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest

from resources import kept
from resources.kept import Kept

PLACE = ("sqlite://", "e-2025", "submitted_values", "submitted_values")
ROWS = pa.table(
    {
        "unit_code": pa.chunked_array([["T1", None, "T1"], ["T2", "T2"]] * 3, pa.large_string()),
        "cell": pa.array([f"D{row}" for row in range(15)], pa.large_string()),
        "seq": pa.array([1, None, 3] * 5, pa.int64()),
        "row_id": pa.array(range(15), pa.int64()),
        "provisional": pa.array([True, False, None] * 5),
    }
)


@pytest.mark.parametrize("many", [1, 1_000])
@pytest.mark.parametrize("columns", [None, ["seq", "unit_code"], ["cell"]])
def test_what_is_kept_comes_back_as_it_was(
    many: int, columns: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MANY", many)
    tables = Kept()
    with tables.keeping():
        tables.put(PLACE, "digest", ROWS)
        for _ in range(2):
            found = tables.get(PLACE, "digest", columns)
            assert found is not None
            assert found.equals(ROWS if columns is None else ROWS.select(columns))
        assert tables.get(PLACE, "other", columns) is None
    assert tables.get(PLACE, "digest", columns) is None


@pytest.mark.parametrize("many", [1, 1_000])
def test_some_rows_are_given_by_their_ids(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MANY", many)
    tables = Kept()
    with tables.keeping():
        tables.put(PLACE, "digest", ROWS)
        found = tables.get(PLACE, "digest", ["row_id", "cell", "unit_code"], [4, 1, 99])
    assert found is not None
    assert found.to_pydict() == {"row_id": [1, 4], "cell": ["D1", "D4"], "unit_code": [None, "T2"]}


def test_a_run_looks_for_cycles_seldom_and_only_while_it_lasts() -> None:
    tables, usual = Kept(), gc.get_threshold()
    with tables.keeping():
        assert gc.get_threshold()[0] == kept.OBJECTS_BETWEEN_LOOKS
        with tables.keeping():
            pass
        assert gc.get_threshold()[0] == kept.OBJECTS_BETWEEN_LOOKS
    assert gc.get_threshold() == usual


def test_a_big_table_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MANY", 1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    tables = Kept()
    with tables.keeping():
        tables.put(PLACE, "digest", ROWS)
        assert list(tmp_path.iterdir()) == []


def test_what_is_made_once_is_made_again_after_the_run() -> None:
    tables, made = Kept(), []

    def make() -> int:
        made.append(len(made))
        return made[-1]

    with tables.keeping():
        assert [tables.once(key, make) for key in (("a", "1"), ("a", "2"), ("a", "1"))] == [0, 1, 0]
    assert [tables.once(("a", "1"), make) for _ in range(2)] == [2, 3]
