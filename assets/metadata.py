"""What an examiner sees of an asset in Dagster: columns, row counts and a preview, all from the store's schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dagster import DataVersion, MaterializeResult, TableColumn, TableMetadataValue, TableRecord, TableSchema

from resources.tables import WORKING_TABLES

OWNERS = ["team:science-and-technology-bureau"]
PREVIEW_ROWS = 20
RUN_COLUMNS = ("evaluation", "run_key")
TYPES = {str: "string", int: "int", bool: "bool"}


def schema_of(table: str) -> TableSchema:
    """The columns of a working table with their Chinese names, less those that only the store needs."""
    return TableSchema(
        columns=[
            TableColumn(column.name, TYPES[column.type.python_type], description=column.comment)
            for column in WORKING_TABLES[table].columns
            if column.name not in RUN_COLUMNS
        ]
    )


def definition_metadata(table: str) -> dict[str, Any]:
    """What every asset that keeps rows in `table` says of itself before it has run."""
    return {"dagster/column_schema": schema_of(table), "dagster/table_name": table}


def table_value(frame: pd.DataFrame, rows: int = PREVIEW_ROWS) -> TableMetadataValue:
    """The first rows as a table of texts; empty where nothing is known."""
    shown = frame.head(rows)
    texts = shown.astype("object").where(shown.notna(), "").astype("str")
    schema = TableSchema(columns=[TableColumn(str(name), "string") for name in shown.columns])
    return TableMetadataValue(records=[TableRecord(row) for row in texts.to_dict("records")], schema=schema)


def materialized(
    frame: pd.DataFrame, digest: str, more: Mapping[str, Any] | None = None, asset_key: str | None = None
) -> MaterializeResult[Any]:
    """The result of an asset that keeps `frame`: row count, preview, and the content's digest as data version."""
    metadata = {"dagster/row_count": len(frame), "preview": table_value(frame), **(more or {})}
    return MaterializeResult(asset_key=asset_key, metadata=metadata, data_version=DataVersion(digest))
