"""What an examiner sees of an asset in Dagster: columns, row counts and previews with names people know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dagster import DataVersion, MaterializeResult, TableColumn, TableMetadataValue, TableRecord, TableSchema

from evaluation.definition import Definition
from resources.tables import WORKING_TABLES, contents

OWNERS = ["team:science-and-technology-bureau"]
PREVIEW_ROWS = 20
TYPES = {str: "string", int: "int", bool: "bool"}
NAMES = {str(c.name): str(c.comment) for table in WORKING_TABLES.values() for c in table.columns}
NAMES |= {
    "group": "分组",
    "unit_name": "单位",
    "indicator_name": "指标",
    "cause": "起因",
    "count": "个数",
    "name": "名称",
    "flag": "标记",
}
SHORT_DIGEST = 12
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


def table_value(frame: pd.DataFrame, rows: int = PREVIEW_ROWS) -> TableMetadataValue:
    """The first rows as a table of texts under Chinese headers; digests are cut, unknown is empty."""
    shown = frame.head(rows).astype("object")
    texts = shown.where(shown.notna(), "").map(_readable)
    if "sha256" in texts:
        texts["sha256"] = texts["sha256"].str[:SHORT_DIGEST]
    texts = texts.rename(columns=NAMES)
    schema = TableSchema(columns=[TableColumn(str(name), "string") for name in texts.columns])
    return TableMetadataValue(records=[TableRecord(row) for row in texts.to_dict("records")], schema=schema)


def _readable(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else ""
    return str(value)


def named(definition: Definition, frame: pd.DataFrame) -> pd.DataFrame:
    """The first rows with the names of unit and item beside their codes, for people to read."""
    shown = frame.head(PREVIEW_ROWS).drop(columns=[name for name in UNREAD if name in frame])
    units = dict(zip(definition.units["unit_code"], definition.units["name"], strict=True))
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
    metadata = {"dagster/row_count": len(frame), "preview": preview, **(more or {})}
    return MaterializeResult(asset_key=asset_key, metadata=metadata, data_version=DataVersion(digest))
