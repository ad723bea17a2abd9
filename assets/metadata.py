"""What an examiner sees of an asset in Dagster: columns, row counts and previews with names people know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dagster import DataVersion, MaterializeResult, TableColumn, TableSchema

from checks.showing import PREVIEW_ROWS, table_value
from evaluation.definition import Definition
from resources.tables import WORKING_TABLES, contents

OWNERS = ["team:science-and-technology-bureau"]
TYPES = {str: "string", int: "int", bool: "bool"}
# What a preview leaves out: it says nothing to people, or stands in the name beside it.
UNREAD = ("row_id", "sha256", "kind", "received_at", "note", "filled_by")


def schema_of(table: str) -> TableSchema:
    """The columns of a working table with their Chinese names, less those that only the store needs."""
    return TableSchema(
        columns=[
            TableColumn(column.name, TYPES[column.type.python_type], description=column.comment)
            for column in contents(WORKING_TABLES[table])
        ]
    )


def definition_metadata(table: str) -> dict[str, Any]:
    """What every asset that keeps rows in `table` says of itself before it has run."""
    return {"dagster/column_schema": schema_of(table), "dagster/table_name": table}


def named(definition: Definition, frame: pd.DataFrame, rows: int = PREVIEW_ROWS) -> pd.DataFrame:
    """The first rows with the names of unit and item beside their codes, for people to read."""
    shown = frame.head(rows).drop(columns=[name for name in UNREAD if name in frame])
    units = definition.unit_names
    items = {figure.code: figure.name for figure in definition.rulebook.figures()}
    items |= {place.item.code: place.item.name for place in definition.rulebook.top_items()}
    for code, name, names in (
        ("indicator_code", "indicator_name", items),
        ("item_code", "indicator_name", items),
        ("unit_code", "unit_name", units),
    ):
        if code in shown and name not in shown:
            shown.insert(shown.columns.get_loc(code), name, shown[code].map(names))
    return shown


def materialized(
    definition: Definition,
    frame: pd.DataFrame,
    digest: str,
    more: Mapping[str, Any] | None = None,
    asset_key: str | None = None,
) -> MaterializeResult[Any]:
    """The result of an asset that keeps `frame`: row count, preview, and the content's digest as data version."""
    preview = table_value(named(definition, frame))
    metadata = {"dagster/row_count": len(frame), **(more or {}), "预览": preview}
    return MaterializeResult(asset_key=asset_key, metadata=metadata, data_version=DataVersion(digest))
