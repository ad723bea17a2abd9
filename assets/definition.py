"""The definition: which rules, units, officials and targets are in force for the run."""

from typing import Any

import pandas as pd
from dagster import AssetExecutionContext, DataVersion, MaterializeResult, asset

from assets.metadata import OWNERS
from checks.showing import table_value
from evaluation.definition import Definition
from evaluation.faults import InvalidRulebook
from resources.findings import findings_frame
from resources.kaohe import KaoheResource, Work
from resources.partitions import evaluations


@asset(
    partitions_def=evaluations,
    group_name="definition",
    kinds={"yaml"},
    owners=OWNERS,
    code_version="1",
    description=(
        "考核办法：本考核采用的细则、单位、人员与目标。"
        "用的是已下发（kaohe adopt）的一套；改过而未下发的只提示，不生效。"
    ),
)
def definition(context: AssetExecutionContext, kaohe: KaoheResource) -> MaterializeResult[Any]:
    work = kaohe.opened(context)
    faults = definition_findings(work)
    work.write("definition", findings=faults)
    metadata: dict[str, Any] = {
        "下发": "已下发" if work.run.adopted else "未下发",
        "摘要": work.run.definition_digest,
        "台账序号": work.run.ledger_seq,
        "考核办法的问题": table_value(faults[["severity", "file", "cell", "message", "what_to_do"]]),
    }
    if "error" not in set(faults["severity"]):
        metadata |= _described(work.definition)
    return MaterializeResult(metadata=metadata, data_version=DataVersion(work.run.definition_digest))


def definition_findings(work: Work) -> pd.DataFrame:
    """Faults of the definition in force; a note where the folder holds another one that is not adopted."""
    rows = []
    try:
        _ = work.definition
    except InvalidRulebook as invalid:
        rows = [
            {
                "file": fault.file,
                "cell": "" if fault.line is None else f"第{fault.line}行",
                "code": "DEFINITION",
                "severity": "error",
                "raw": fault.key,
                "message": fault.message,
                "what_to_do": fault.remedy,
            }
            for fault in invalid.faults
        ]
    if work.run.edited:
        rows.append(
            _notice(
                "EDITED",
                "考核办法在文件夹里改过而没有下发，本次仍按已下发的一套计分",
                "确认后用 kaohe adopt 下发",
            )
        )
    if not work.run.adopted:
        rows.append(_notice("NOT_ADOPTED", "考核办法还没有下发，本次按文件夹里的一套试算", "确认后用 kaohe adopt 下发"))
    return findings_frame("definition", rows, work.resolutions)


def _notice(code: str, message: str, what_to_do: str) -> dict[str, str]:
    return {"code": code, "severity": "warning", "message": message, "what_to_do": what_to_do}


def _described(rules: Definition) -> dict[str, Any]:
    rulebook = rules.rulebook
    items = [
        {
            "一级指标": place.section.name if place.section else place.section_code,
            "二级指标": place.item.name,
            "编码": place.item.code,
            "计量单位": place.item.unit_of_measure or "",
            "条款": place.item.reference or "",
        }
        for place in rulebook.top_items()
    ]
    return {
        "名称": rulebook.title or rulebook.evaluation,
        "考核年度": f"{rulebook.cycle.starts} — {rulebook.cycle.ends}",
        "dagster/row_count": len(items),
        "预览": table_value(pd.DataFrame(items), rows=100),
        "被考核单位": table_value(rules.units[["unit_code", "name", "kind", "group"]], rows=100),
    }
