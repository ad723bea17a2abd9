"""Frames as rows for whoever lays them out cell by cell: unknown values become empty text.

Here belongs the passage from frames to cells, and nothing that knows what the cells mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

Rows = list[dict[Any, Any]]


def records(frame: pd.DataFrame) -> Rows:
    """Rows as mappings, for templates."""
    columns = [_known_values(frame[name]) for name in frame.columns]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def _known_values(column: pd.Series) -> list[Any]:
    return list(column.to_numpy(dtype=object, na_value=""))


def by_unit(frame: pd.DataFrame, column: str = "unit_code") -> dict[str, Rows]:
    """Rows as mappings by unit, in their order: made once, where a page for each unit is to come."""
    grouped: dict[str, Rows] = {}
    for row in records(frame):
        grouped.setdefault(row[column], []).append(row)
    return grouped


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows with their values as attributes, for sheets and terminals."""
    return iter(_known(frame).itertuples(index=False))


def rows_by_unit(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """`rows_of` by unit, in their order: made once, where a sheet or paper for each unit is to come."""
    grouped: dict[str, list[Any]] = {}
    for row in rows_of(frame):
        grouped.setdefault(row.unit_code, []).append(row)
    return grouped


def _known(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(_known_values(frame[name]), dtype="object") for name in frame.columns})
