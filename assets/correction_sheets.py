"""Corrections that came as a workbook (sheet 更正): each row becomes a request, once, and waits for approval.

Here belongs what a row asks for and why one is not taken. Approving is done by a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from assets.intake import FILE_COLUMNS, corrections_asked, read_received
from evaluation.acceptance import KEY
from evaluation.corrected import REASON_CLASSES
from resources.accounts import same_person
from resources.corrections import REQUESTED, corrections, request_anew
from resources.findings import stems
from resources.kaohe import Work
from resources.ledger import Entry

HOLDS_CORRECTIONS = ["corrections", "mixed"]


def requests_from_sheets(work: Work, accepted: pd.DataFrame) -> list[dict[str, Any]]:
    """Record what the sheets ask for that is not recorded yet; returns a finding on each row: what has become of it.

    `accepted`: this run's accepted values, to which a request is bound.
    """
    files = work.read("received_files", "submitted_values")
    files = files[files["kind"].isin(HOLDS_CORRECTIONS)]
    if files.empty:
        return []
    rows = corrections_asked(work, lambda: read_received(work, files[FILE_COLUMNS], work.definition))
    newest_files = _newest(files)
    received = dict(zip(newest_files["sha256"], newest_files["seq"].astype("int64"), strict=True))
    rows = rows[rows["sha256"].isin(received)].replace("\0", "\ufffd", regex=True)
    by_key = {entry.key: entry for entry in work.ledger.entries(work.evaluation, [REQUESTED])}
    newest = {_about(entry.payload): entry for entry in by_key.values()}
    become = corrections(work.ledger, work.evaluation, work.run.ledger_seq).set_index("seq").T.to_dict()
    in_force = accepted.set_index(KEY)["accepted_value"]
    found = []
    for row in rows.astype("object").where(rows.notna(), "").to_dict("records"):
        key = f"{REQUESTED}:{work.evaluation}:{row['sha256']}:{row['sheet']}:{row['cell']}"
        asked = _asked(work, row)
        before = newest.get(_about(asked))
        same = before is not None and _content(before.payload) == _content(asked)
        entry = before if same else by_key.get(key)
        if before is not None and entry is not None and entry.seq < before.seq < received[row["sha256"]]:
            entry, key = None, f"{key}:{received[row['sha256']]}"  # the same file again, after something else was asked
        if entry is None:
            value = in_force.get(tuple(row[name] for name in KEY))
            now = value if isinstance(value, str) else ""
            if row["old_value"] not in ("", now):
                found.append(_finding(row, "CORRECTION_OLD_VALUE", row["old_value"], *_other_value(row, now)))
                continue
            payload = {**asked, "old_value": now, **{name: row[name] for name in ("sha256", "file", "sheet", "cell")}}
            entry = request_anew(work.ledger, work.evaluation, payload, key, before)
            newest[_about(asked)] = entry
        found.append(_finding(row, "CORRECTION_ASKED", row["new_value"], *_told(entry, become.get(entry.seq, {}))))
    return found


def _newest(files: pd.DataFrame) -> pd.DataFrame:
    """Of files that one sender has sent under one name, whatever its ending, the newest: the others are replaced."""
    named = files.assign(stem=stems(files["name"]))[files["outcome"] != "duplicate"]
    return named.drop_duplicates(["sender", "stem"], keep="last")


def _asked(work: Work, row: dict[str, Any]) -> dict[str, Any]:
    """The row as a request, but for the value that it corrects."""
    sender = work.definition.sender_names.get(row["sender"], row["sender"])
    names = [sender] if same_person(row["requested_by"], sender) else [sender, row["requested_by"]]
    names = [name for name in names if name]
    return {
        **{name: row[name] for name in KEY},
        "new_value": row["new_value"],
        "reason": row["reason"],
        "reason_class": row["reason_class"] or REASON_CLASSES[0],
        "document": row["document"] or row["file"],
        "requested_by": " ".join(names),
        "applicants": [row["sender"], *names],
    }


def _content(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """What makes two rows, of whichever files, the same request."""
    return tuple(payload.get(name, "") for name in (*KEY, "new_value", "reason", "document", "requested_by"))


def _about(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """The sender of a sheet and the figure; of what one asks about it, only the last is meant."""
    return (*payload.get("applicants", [])[:1], *(payload.get(name, "") for name in KEY))


def _other_value(row: Mapping[str, str], now: str) -> tuple[str, str]:
    told = f"更正表写的原值是 {row['old_value']}，现行核定值是 {now or '（无）'}，没有记为申请"
    return told, "核对现行核定值后，改正原值重新报送更正表"


def _told(entry: Entry, become: Mapping[str, Any]) -> tuple[str, str]:
    """What has become of a request by the run's head of the ledger, and what its sender has to do."""
    change = f"{entry.payload['old_value'] or '（无）'} → {entry.payload['new_value']}"
    if isinstance(become.get("approved_by"), str):
        told = f"更正申请已由{become['approved_by']}批准（台账第{become['approval_seq']}号）：{change}"
        return told, "无需处理"
    if isinstance(become.get("rejected_by"), str):
        told = f"更正申请没有批准：{change}（{become['rejected_by']}：{become['rejected_because']}）"
        return told, "仍须更正的，改写理由或依据文件后重新报送更正表"
    return f"已记为更正申请：{change}，等另一人批准，批准以前不采用", "无需处理"


def _finding(row: Mapping[str, Any], code: str, raw: str, message: str, what_to_do: str) -> dict[str, Any]:
    place = {name: row[name] for name in ("sha256", "sender", "file", "sheet", "cell", *KEY)}
    severity = "note" if code == "CORRECTION_ASKED" else "warning"
    return place | {"code": code, "severity": severity, "raw": raw, "message": message, "what_to_do": what_to_do}
