"""How checks and tables are shown in Dagster: Chinese headers, texts; of a check an exact count and a capped sample."""

from __future__ import annotations

import warnings

import pandas as pd
from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    PreviewWarning,
    TableColumn,
    TableMetadataValue,
    TableRecord,
    TableSchema,
)

from evaluation.completeness import STATE_WORDS
from resources.partitions import evaluations
from resources.tables import WORKING_TABLES

PREVIEW_ROWS = 20
NAMES = {str(c.name): str(c.comment) for table in WORKING_TABLES.values() for c in table.columns}
NAMES |= {
    "group": "分组",
    "unit_name": "单位",
    "indicator_name": "指标",
    "cause": "起因",
    "count": "个数",
    "name": "名称",
    "inbox": "收件箱",
    "flag": "标记",
    "demand": "要不要处理",
    "unverified_points": "依据自报未核实数据的得分",
    "unverified_share": "占各项得分",
    "owed": "应报",
    "owed_by": "报送单位",
    **STATE_WORDS,
}
SHORT_DIGEST = 12


def statement(asset: str, name: str, description: str, blocking: bool = False) -> AssetCheckSpec:
    """A check of one asset, kept by evaluation: one county's fault is not shown as another's.

    Partitioned checks are a preview of Dagster's; its version is pinned and a test reads them back.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PreviewWarning)
        return AssetCheckSpec(name, asset=asset, description=description, blocking=blocking, partitions_def=evaluations)


def shown(
    asset: str, name: str, rows: pd.DataFrame, severity: AssetCheckSeverity = AssetCheckSeverity.ERROR
) -> AssetCheckResult:
    """A check that holds where `rows`, the offending ones, are none."""
    return AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=rows.empty,
        severity=severity,
        metadata={
            "结论": "成立" if rows.empty else f"不成立：{len(rows)}行不符",
            "不符行数": len(rows),
            f"不符的行（至多{PREVIEW_ROWS}行）": table_value(rows),
        },
    )


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
