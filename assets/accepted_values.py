"""Acceptance: of all that was submitted, the one value that counts for each unit, figure and period."""

from datetime import date
from typing import Any

import pandas as pd
from dagster import AssetExecutionContext, AssetKey, AssetSpec, MaterializeResult, asset

from assets.correction_sheets import requests_from_sheets
from assets.metadata import OWNERS, definition_metadata, materialized
from checks.showing import table_value
from evaluation.acceptance import CELL, FLAGS, READ
from evaluation.completeness import completeness, counted, share_met
from evaluation.corrected import of_figures
from evaluation.recomputation import PLACE, accepted_from, refused_rows
from resources.findings import findings_frame
from resources.kaohe import KaoheResource, Work
from resources.kept import give_back
from resources.partitions import evaluations

ledger = AssetSpec(
    AssetKey("ledger"),
    partitions_def=evaluations,
    group_name="accepted",
    kinds={"sqlite"},
    owners=OWNERS,
    description="台账：收件、下发、更正、批准、发布逐条连成的哈希链，只增不改。由命令和收件写入，不由本流程产生。",
)


@asset(
    deps=["findings", "submitted_values", "definition", "ledger"],
    partitions_def=evaluations,
    group_name="accepted",
    kinds={"pandas"},
    owners=OWNERS,
    code_version="1",
    metadata=definition_metadata("accepted_values"),
    description="核定值：每个单位、每项数据、每个考核期只有一个。先看已批准的更正，再看最可信的来源，再看其最近一次按期报送；每个值都指明出处。",
)
def accepted_values(context: AssetExecutionContext, kaohe: KaoheResource) -> MaterializeResult[Any]:
    work = kaohe.work(context)
    frame, met = _accepted(work)
    give_back()
    digest = work.write("accepted_values", accepted_values=frame)
    work.write("correction_sheets", findings=findings_frame("correction_sheets", requests_from_sheets(work, frame)))
    counts = {flag: int(frame["flags"].str.contains(flag).sum()) for flag in FLAGS}
    flags = pd.DataFrame({"flag": counts.keys(), "count": counts.values()})
    more = {"暂定": int(frame["provisional"].astype("bool").sum()), "标记": table_value(flags), **met}
    return materialized(work.definition, frame, digest, more)


def _accepted(work: Work) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Accepted values, and what is complete. What was submitted is let go before anything is written."""
    values, found = work.values_with(*READ, *PLACE, *CELL), work.read("findings")
    met = _completeness(work, values, found)
    return accepted_from(work.definition, values, found, work.corrections, work.resolutions), met


def _completeness(work: Work, values: pd.DataFrame, found: pd.DataFrame) -> dict[str, Any]:
    """How many obligations are in which state, by sender and by period, and the share that is met."""
    given = of_figures(work.corrections)
    today = date.fromisoformat(work.as_of)
    states = completeness(work.definition, values, refused_rows(values, found), given, today)
    names = work.definition.sender_names
    by_name = states.assign(owed_by=states["owed_by"].map(names).fillna(states["owed_by"]))
    return {
        "完成度": round(share_met(states), 4),
        "各报送单位": table_value(counted(by_name, "owed_by"), 1000),
        "各考核期": table_value(counted(states, "period"), 100),
    }
