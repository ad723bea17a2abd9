"""What has become of a row of a sheet of corrections, as a finding for its sender.

Here belong the words. Whether a row is recorded is decided in `correction_sheets.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assets.correction_rows import in_sheets
from assets.new_values import same_value
from evaluation.acceptance import KEY
from evaluation.definition import Definition
from reports.corrections import cell_told, change_told, value_told
from resources.accounts import same_person
from resources.corrections import LEFT_OUT, applicants
from resources.findings import NOT_RECORDED
from resources.ledger import Entry, Payload
from resources.refused import Refused

MEND = "请改正或删去这一行后重新报送更正表"
Row = Mapping[str, Any]


def asked_for(
    definition: Definition, row: Row, entry: Entry, become: Mapping[str, Any], now: str | None
) -> dict[str, Any]:
    """The row is recorded by that entry. `now`: what stands in the cell, where that is known."""
    told, what_to_do = _told(definition, entry, become, now)
    what = f"{cell_told(definition, {**LEFT_OUT, **entry.payload})}：" if row["subject"] else ""
    return _finding(row, "CORRECTION_ASKED", row["new_value"], what + told, what_to_do)


def refused(row: Row, refusal: Refused) -> dict[str, Any]:
    """The row asks for what cannot be."""
    return _finding(row, "CORRECTION_REFUSED", row["new_value"], in_sheets(str(refusal)), MEND)


def saw_another(definition: Definition, row: Row, asked: Payload) -> dict[str, Any]:
    """The row's old value is not in force."""
    now = value_told(definition, asked, asked["old_value"]) or "（无）"
    told = f"更正表写的原值是 {row['old_value']}，现行核定值是 {now}，没有记为申请"
    return _finding(row, "CORRECTION_OLD_VALUE", row["old_value"], told, "核对现行核定值后，改正原值重新报送更正表")


def replaced(file: Row, by: int) -> dict[str, Any]:
    """Another file of the same name has come since, by that entry."""
    row = dict.fromkeys(("sheet", "cell", *KEY), "") | {**file, "file": file["name"]}
    told = f"这份更正表已由后来报送的同名文件（台账第{by}号）代替，各行办到哪里以那一份的回执为准"
    return _finding(row, "CORRECTION_SHEET_REPLACED", "", told, "无需处理")


def _told(definition: Definition, entry: Entry, become: Mapping[str, Any], now: str | None) -> tuple[str, str]:
    """What has become of a request by the run's head of the ledger, and what its sender has to do."""
    asked = {**LEFT_OUT, **entry.payload}
    change = change_told(definition, asked)
    if isinstance(become.get("approved_by"), str):
        told = f"更正申请已由{become['approved_by']}批准（台账第{become['approval_seq']}号）：{change}"
        if now is None or same_value(asked, now, asked["new_value"]):
            return told, "无需处理"
        told += f"；现行值已是 {value_told(definition, asked, now) or '（无）'}"
        return told, "仍须更正的，写明原值（即现行值）重新报送更正表"
    if isinstance(become.get("rejected_by"), str):
        if any(same_person(name, become["rejected_by"]) for name in applicants(asked)):
            return f"更正申请已由申请人撤回：{change}（{become['rejected_because']}）", "仍须更正的，重新报送更正表"
        told = f"更正申请没有批准：{change}（{become['rejected_by']}：{become['rejected_because']}）"
        return told, "仍须更正的，改写理由或依据文件后重新报送更正表"
    return f"已记为更正申请：{change}，等另一人批准，批准以前不采用", "无需处理"


def _finding(row: Row, code: str, raw: str, message: str, what_to_do: str) -> dict[str, Any]:
    place = {name: row[name] for name in ("sha256", "sender", "file", "sheet", "cell", *KEY)}
    severity = "warning" if code in NOT_RECORDED else "note"
    return place | {"code": code, "severity": severity, "raw": raw, "message": message, "what_to_do": what_to_do}
