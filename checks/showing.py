"""How a check shows rows in Dagster: an exact count, a capped sample, passed where there are none."""

from __future__ import annotations

import pandas as pd
from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    TableColumn,
    TableMetadataValue,
    TableRecord,
    TableSchema,
)

SAMPLE_ROWS = 20


def shown(
    asset: str, name: str, rows: pd.DataFrame, severity: AssetCheckSeverity = AssetCheckSeverity.ERROR
) -> AssetCheckResult:
    """A check that holds where `rows`, the offending ones, are none."""
    texts = rows.head(SAMPLE_ROWS).astype("object")
    texts = texts.where(texts.notna(), "").astype("str")
    schema = TableSchema(columns=[TableColumn(str(column), "string") for column in rows.columns])
    return AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=rows.empty,
        severity=severity,
        metadata={
            "rows": len(rows),
            "sample": TableMetadataValue([TableRecord(row) for row in texts.to_dict("records")], schema),
        },
    )
