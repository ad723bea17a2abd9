"""How a check is declared and shown in Dagster: by evaluation; an exact count, a capped sample, passed where none."""

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

from resources.partitions import evaluations

SAMPLE_ROWS = 20


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
