"""Corrections that came as a workbook (sheet 更正): each row becomes a request, once, and waits for approval.

Here belong recording and telling what has become of each row. What a row asks for is read in `correction_rows.py`;
approving is done by a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from assets.correction_rows import in_sheets, request_in, saw
from assets.in_force import CorrectingInRun
from assets.intake import FILE_COLUMNS, corrections_asked, read_received
from evaluation.acceptance import KEY
from evaluation.corrected import CELL, WRITTEN_ALIKE
from evaluation.texts import matters_named
from reports.corrections import cell_told
from resources.corrections import LEFT_OUT, REQUESTED, corrections, request_anew
from resources.findings import stems
from resources.kaohe import Work
from resources.ledger import Entry, Payload
from resources.refused import Refused

HOLDS_CORRECTIONS = ["corrections", "mixed"]
MEND = "请改正这一行后重新报送更正表"


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
    received = dict(zip(newest_files["sha256"], newest_files["seq"].astype("int64").tolist(), strict=True))
    rows = rows[rows["sha256"].isin(received)].replace("\0", "\ufffd", regex=True)
    by_key = {entry.key: entry for entry in work.ledger.entries(work.evaluation, [REQUESTED])}
    newest = {_about(entry.payload): entry for entry in by_key.values()}
    become = corrections(work.ledger, work.evaluation, work.run.ledger_seq).set_index("seq").T.to_dict()
    values = accepted.set_index(KEY)["accepted_value"]
    handed = {sha256: _handed_in_by(work.ledger.entry(seq)) for sha256, seq in received.items()}
    rows_of_cells: dict[tuple[str, ...], Mapping[str, Any]] = {}
    correcting, found = CorrectingInRun(work.home, work.ledger, work.evaluation, work), []
    for row in rows.astype("object").where(rows.notna(), "").to_dict("records"):
        key = f"{REQUESTED}:{work.evaluation}:{row['sha256']}:{row['sheet']}:{row['cell']}"
        try:
            asked = request_in(correcting, row, values, handed[row["sha256"]])
            _require_one(rows_of_cells, row, asked)
        except Refused as refusal:
            if key in by_key:  # it could be asked for once
                found.append(_asked(work, row, by_key[key], become))
            else:
                found.append(_finding(row, "CORRECTION_REFUSED", row["new_value"], in_sheets(str(refusal)), MEND))
            continue
        before = newest.get(_about(asked))
        same = (
            before is not None
            and _content(before.payload) == _content(asked)
            and (not row["old_value"] or saw(correcting, asked, row["old_value"], before.payload["old_value"]))
        )
        entry = before if same else by_key.get(key)
        if before is not None and entry is not None and entry.seq < before.seq < received[row["sha256"]]:
            entry, key = None, f"{key}:{received[row['sha256']]}"  # the same file again, after something else was asked
        if entry is None:
            now = asked["old_value"]
            if row["old_value"] and not saw(correcting, asked, row["old_value"], now):
                found.append(_finding(row, "CORRECTION_OLD_VALUE", row["old_value"], *_other_value(row, now)))
                continue
            payload = asked | {name: row[name] for name in ("sha256", "file", "sheet", "cell")}
            entry = request_anew(work.ledger, work.evaluation, payload, key, before)
            newest[_about(asked)] = entry
        found.append(_asked(work, row, entry, become))
    return found


def _newest(files: pd.DataFrame) -> pd.DataFrame:
    """Of files that one sender has sent under one name, whatever its ending, the newest: the others are replaced."""
    named = files.assign(stem=stems(files["name"]))[files["outcome"] != "duplicate"]
    return named.drop_duplicates(["sender", "stem"], keep="last")


def _handed_in_by(entry: Entry | None) -> list[str]:
    """Who handed the file in for its sender, where that is known."""
    by = entry.payload.get("handed_in_by") if entry else None
    return [by] if by else []


def _content(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """What makes two rows, of whichever files, the same request."""
    said = {**LEFT_OUT, **payload}
    return tuple(said[name] for name in (*CELL, "new_value", "reason", "document", "requested_by"))


def _about(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """The sender of a sheet and the cell; of what one asks about it, only the last is meant."""
    said = {**LEFT_OUT, **payload}
    if said["subject"] in WRITTEN_ALIKE:
        said["object"] = matters_named([said["object"]])[0].as_py()
    return (*payload.get("applicants", [])[:1], *(said[name] for name in CELL))


def _require_one(rows: dict[tuple[str, ...], Mapping[str, Any]], row: Mapping[str, Any], asked: Payload) -> None:
    """Raises: Refused: another row of the file asks for another value in that cell."""
    first = rows.setdefault((row["sha256"], *_about(asked)), {**row, "asked": asked["new_value"]})
    if first["asked"] != asked["new_value"]:
        place = f"{first['sheet']} {first['cell']}".strip()
        raise Refused(f"同一格在 {place} 已更正为 {first['asked'] or '（空白）'}，这一行没有记。")


def _other_value(row: Mapping[str, str], now: str) -> tuple[str, str]:
    told = f"更正表写的原值是 {row['old_value']}，现行核定值是 {now or '（无）'}，没有记为申请"
    return told, "核对现行核定值后，改正原值重新报送更正表"


def _asked(work: Work, row: Mapping[str, str], entry: Entry, become: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    told, what_to_do = _told(entry, become.get(entry.seq, {}))
    what = f"{cell_told(work.definition, {**LEFT_OUT, **entry.payload})}：" if row["subject"] else ""
    return _finding(row, "CORRECTION_ASKED", row["new_value"], what + told, what_to_do)


def _told(entry: Entry, become: Mapping[str, Any]) -> tuple[str, str]:
    """What has become of a request by the run's head of the ledger, and what its sender has to do."""
    change = f"{entry.payload['old_value'] or '（无）'} → {entry.payload['new_value'] or '（无）'}"
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
