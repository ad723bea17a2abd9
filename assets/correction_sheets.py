"""Corrections that came as a workbook (sheet 更正): each row becomes a request, once, and waits for approval.

Here belongs what a row asks for and why one is not taken. Approving is done by a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from assets.intake import FILE_COLUMNS, corrections_asked, read_received
from evaluation.acceptance import KEY
from resources.corrections import REQUESTED, request
from resources.findings import stems
from resources.kaohe import Work

HOLDS_CORRECTIONS = ["corrections", "mixed"]
REASON_CLASSES = ("录入错误", "统计口径", "申诉")


def requests_from_sheets(work: Work, accepted: pd.DataFrame) -> list[dict[str, Any]]:
    """Record what the sheets ask for that is not recorded yet; returns findings on rows that cannot be.

    `accepted`: this run's accepted values, to which a request is bound.
    """
    files = work.read("received_files", "submitted_values")
    files = files[files["kind"].isin(HOLDS_CORRECTIONS)]
    if files.empty:
        return []
    rows = corrections_asked(work, lambda: read_received(work, files[FILE_COLUMNS], work.definition))
    rows = rows[rows["sha256"].isin(_newest(files)["sha256"])]
    entries = work.ledger.entries(work.evaluation, [REQUESTED])
    known = {entry.key for entry in entries} | {_content(entry.payload) for entry in entries}
    in_force = accepted.set_index(KEY)["accepted_value"]
    found = []
    for row in rows.astype("object").where(rows.notna(), "").to_dict("records"):
        key = f"{REQUESTED}:{work.evaluation}:{row['sha256']}:{row['sheet']}:{row['cell']}"
        asked = _asked(work, row)
        if key not in known and _content(asked) not in known:
            now = in_force.get(tuple(row[name] for name in KEY))
            found += _requested(work, row, asked, key, now if isinstance(now, str) else "")
    return found


def _newest(files: pd.DataFrame) -> pd.DataFrame:
    """Of files that one sender has sent under one name, whatever its ending, the newest: the others are replaced."""
    named = files.assign(stem=stems(files["name"]))
    return named.drop_duplicates(["sender", "stem"], keep="last")


def _asked(work: Work, row: dict[str, Any]) -> dict[str, Any]:
    """The row as a request, but for the value that it corrects."""
    sender = work.definition.sender_names.get(row["sender"], row["sender"])
    names = [name for name in (sender, row["requested_by"]) if name]
    return {
        **{name: row[name] for name in KEY},
        "new_value": row["new_value"],
        "reason": row["reason"],
        "reason_class": row["reason_class"] if row["reason_class"] in REASON_CLASSES else REASON_CLASSES[0],
        "document": row["document"] or row["file"],
        "requested_by": " ".join(names),
        "applicants": [row["sender"], *names],
    }


def _content(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """What makes two rows, of whichever files, the same request."""
    return tuple(payload.get(name, "") for name in (*KEY, "new_value", "reason", "document", "requested_by"))


def _requested(work: Work, row: dict[str, Any], asked: dict[str, Any], key: str, now: str) -> list[dict[str, Any]]:
    """No finding, or the one that says why the row is no request."""
    if row["old_value"] not in ("", now):
        told = f"更正表写的原值是 {row['old_value']}，现行核定值是 {now or '（无）'}，没有记为申请"
        return [_finding(row, told, "核对现行核定值后，改正原值重新报送更正表")]
    payload = {**asked, "old_value": now, **{name: row[name] for name in ("sha256", "file", "sheet", "cell")}}
    request(work.ledger, work.evaluation, payload, key=key)
    return []


def _finding(row: dict[str, Any], message: str, what_to_do: str) -> dict[str, Any]:
    place = {name: row[name] for name in ("sha256", "sender", "file", "sheet", "cell", *KEY)}
    said = {"code": "CORRECTION_OLD_VALUE", "severity": "warning", "raw": row["old_value"]}
    return place | said | {"message": message, "what_to_do": what_to_do}
