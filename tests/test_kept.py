"""Tables that a run keeps: small ones in memory, big ones in a file without a name; both come back as they were."""

from __future__ import annotations

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


def test_a_big_table_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MANY", 1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    tables = Kept()
    with tables.keeping():
        tables.put(PLACE, "digest", ROWS)
        assert list(tmp_path.iterdir()) == []
