"""Corrections that came as a workbook (sheet 更正): each row becomes a request, once, and waits for approval.

Here belongs recording. What a row asks for is read in `correction_rows.py`, what has become of it is told in
`correction_told.py`; approving is done by a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from assets.correction_rows import request_in, require_allowed, saw
from assets.correction_told import asked_for, refused, replaced, saw_another
from assets.in_force import CorrectingInRun
from assets.intake import FILE_COLUMNS, corrections_asked, read_received
from assets.new_values import require_change, require_possible
from evaluation.acceptance import KEY
from evaluation.corrected import CELL, WRITTEN_ALIKE
from evaluation.texts import matters_named
from resources.correction_requests import request_anew
from resources.corrections import LEFT_OUT, REQUESTED, approved, corrections
from resources.findings import stems
from resources.kaohe import Work
from resources.ledger import Entry, Payload
from resources.refused import Refused

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
    newest, files = _newest(files), files[files["sha256"].isin(rows["sha256"])]  # a form of several kinds has none
    recording = _Recording(work, accepted, newest)
    rows = rows[rows["sha256"].isin(recording.received)].replace("\0", "\ufffd", regex=True)
    found = [recording.finding(row) for row in rows.astype("object").where(rows.notna(), "").to_dict("records")]
    return [*found, *(replaced(file, by) for file, by in _replaced(files, newest))]


class _Recording:
    """One pass over the rows of all sheets, beside what has been asked for and decided up to the run's ledger entry."""

    def __init__(self, work: Work, accepted: pd.DataFrame, files: pd.DataFrame) -> None:
        self.work, self.values = work, accepted.set_index(KEY)["accepted_value"]
        self.correcting = CorrectingInRun(work.home, work.ledger, work.evaluation, work)
        self.received = dict(zip(files["sha256"], files["seq"].astype("int64").tolist(), strict=True))
        self.handed_in = {sha256: _handed_in_by(work.ledger.entry(seq)) for sha256, seq in self.received.items()}
        self.by_key = {entry.key: entry for entry in work.ledger.entries(work.evaluation, [REQUESTED])}
        self.newest = {_about(entry.payload): entry for entry in self.by_key.values()}
        asked = corrections(work.ledger, work.evaluation, work.run.ledger_seq)
        self.become = asked.set_index("seq").T.to_dict()
        self.corrected = {_cell(one): int(one["seq"]) for one in approved(asked).to_dict("records")}
        self.rows_of_cells: dict[tuple[str, ...], Mapping[str, Any]] = {}

    def finding(self, row: Mapping[str, str]) -> dict[str, Any]:
        """What has become of the row, which is recorded where it is new."""
        key = f"{REQUESTED}:{self.work.evaluation}:{row['sha256']}:{row['sheet']}:{row['cell']}"
        try:
            asked = request_in(self.correcting, row, self.values, self.handed_in[row["sha256"]])
            entry, key = self._recorded(row, asked, key)
            if entry is None:
                require_allowed(self.correcting.definition, row, asked)
                require_possible(self.correcting.definition, asked, asked["old_value"], asked["new_value"])
                require_change(self.correcting.definition, asked, asked["old_value"], asked["new_value"])
                self._require_newer(row, asked)
            _require_one(self.rows_of_cells, row, asked)
        except Refused as refusal:
            if key in self.by_key:  # it could be asked for once
                return self._asked(row, self.by_key[key])
            return refused(row, refusal)
        if entry is None:
            if row["old_value"] and not saw(self.correcting, asked, row["old_value"], asked["old_value"]):
                return saw_another(self.correcting.definition, row, asked)
            payload = asked | {name: row[name] for name in ("sha256", "file", "sheet", "cell")}
            before = self.newest.get(_about(asked))
            entry = request_anew(self.work.ledger, self.work.evaluation, payload, key, before)
            self.newest[_about(asked)] = entry
        return self._asked(row, entry, asked["old_value"])

    def _recorded(self, row: Mapping[str, str], asked: Payload, key: str) -> tuple[Entry | None, str]:
        """The entry that records the row, if there is one, and the key under which it is to be recorded."""
        before = self.newest.get(_about(asked))
        same = (
            before is not None
            and _content(before.payload) == _content(asked)
            and (not row["old_value"] or saw(self.correcting, asked, row["old_value"], before.payload["old_value"]))
        )
        entry, received = before if same else self.by_key.get(key), self.received[row["sha256"]]
        if before is not None and entry is not None and entry.seq < before.seq < received:
            return None, f"{key}:{received}"  # the same file again, after something else was asked
        return entry, key

    def _require_newer(self, row: Mapping[str, str], asked: Payload) -> None:
        """Raises: Refused: a correction in force was asked for after the sheet came, which names no old value: it would
        undo what it knew nothing of."""
        seq = self.corrected.get(_cell(asked), 0)
        if seq > self.received[row["sha256"]] and not row["old_value"]:
            raise Refused(f"收到这份更正表以后，这一格已另行申请更正并获批准（台账第{seq}号），没有记为申请。")

    def _asked(self, row: Mapping[str, str], entry: Entry, now: str | None = None) -> dict[str, Any]:
        return asked_for(self.correcting.definition, row, entry, self.become.get(entry.seq, {}), now)


def _newest(files: pd.DataFrame) -> pd.DataFrame:
    """Of files that one sender has sent under one name, whatever its ending, the newest: the others are replaced."""
    return _named(files).drop_duplicates(["sender", "stem"], keep="last")


def _replaced(files: pd.DataFrame, newest: pd.DataFrame) -> Iterator[tuple[dict[str, Any], int]]:
    """Each file that was replaced, with the ledger entry of the one in its place."""
    beside = _named(files).merge(newest[["sender", "stem", "seq"]], on=["sender", "stem"], suffixes=("", "_newest"))
    for file in beside[beside["seq"] != beside["seq_newest"]].to_dict("records"):
        yield file, int(file["seq_newest"])


def _named(files: pd.DataFrame) -> pd.DataFrame:
    return files.assign(stem=stems(files["name"]))[files["outcome"] != "duplicate"]


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
    return (*payload.get("applicants", [])[:1], *_cell({**LEFT_OUT, **payload}))


def _cell(said: Mapping[str, Any]) -> tuple[str, ...]:
    """The cell, however its object is written."""
    alike = said["subject"] in WRITTEN_ALIKE
    written = matters_named([said["object"]])[0].as_py() if alike else said["object"]
    return tuple(written if name == "object" else said[name] for name in CELL)


def _require_one(rows: dict[tuple[str, ...], Mapping[str, Any]], row: Mapping[str, Any], asked: Payload) -> None:
    """Raises: Refused: another row of the file asks for another value in that cell."""
    first = rows.setdefault((row["sha256"], *_about(asked)), {**row, "asked": asked["new_value"]})
    if first["asked"] != asked["new_value"]:
        place = f"{first['sheet']} {first['cell']}".strip()
        raise Refused(f"同一格在 {place} 已申请更正为 {first['asked'] or '（空白）'}，这一行没有记。")
