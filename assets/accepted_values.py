"""Acceptance: of all that was submitted, the one value that counts for each unit, figure and period."""

from datetime import date
from typing import Any

import pandas as pd
from dagster import AssetExecutionContext, AssetKey, AssetSpec, MaterializeResult, asset

from assets.intake import approved_corrections
from assets.metadata import OWNERS, definition_metadata, materialized, table_value
from checks.limits import sender_names
from evaluation.acceptance import FLAGS, accept
from evaluation.completeness import completeness, counted, share_met
from resources.decisions import resolutions
from resources.kaohe import KaoheResource, Work
from resources.partitions import evaluations

PLACE = ["sha256", "sender", "sheet", "cell"]

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
    values = work.read("submitted_values")
    ruled_out, corrected = refused_rows(work, values), approved_corrections(work)
    resolved = resolutions(work.ledger, work.evaluation, work.run.ledger_seq)
    frame = accept(work.definition, values, ruled_out, corrected, resolved)
    digest = work.write("accepted_values", accepted_values=frame)
    counts = {flag: int(frame["flags"].str.contains(flag).sum()) for flag in FLAGS}
    flags = pd.DataFrame({"flag": counts.keys(), "count": counts.values()})
    states = completeness(work.definition, values, ruled_out, corrected, date.fromisoformat(work.as_of))
    names = sender_names(work.definition)
    by_sender = counted(states.assign(owed_by=states["owed_by"].map(names).fillna(states["owed_by"])), "owed_by")
    more = {
        "flags": table_value(flags),
        "completeness": round(share_met(states), 4),
        "by_sender": table_value(by_sender, 1000),
        "by_period": table_value(counted(states, "period"), 100),
    }
    return materialized(work.definition, frame, digest, more)


def refused_rows(work: Work, values: pd.DataFrame) -> set[int]:
    """`row_id`s of the values that a verdict rules out, found by file, sheet and cell."""
    found = work.read("findings")
    ruled_out = pd.MultiIndex.from_frame(found.loc[found["severity"] == "error", PLACE].fillna(""))
    places = pd.MultiIndex.from_frame(values[PLACE].fillna(""))
    return set(values.loc[places.isin(ruled_out), "row_id"])
