"""Submissions in a few lines for tests of what is expected of them: values, claims and marks out of plain rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from checks.suites import Submitted
from evaluation.decided import claims_decided
from evaluation.definition import Definition, read_definition
from resources.tables import MARKS, SUBMITTED_CLAIMS, SUBMITTED_VALUES, contents

NO_CORRECTIONS = pd.DataFrame(columns=["unit_code", "indicator_code", "period", "new_value"])
NO_EVIDENCE = pd.DataFrame(columns=["sender", "name", "sha256"])
DECIDED = ["seq", "claim_id", "decision", "decided_by", "decided_because"]
NO_DECISIONS = pd.DataFrame(columns=DECIDED, dtype="str").astype({"seq": "int64"})
TODAY = date(2026, 6, 1)


def definition(rulebook: str, units: int = 9, targets: str = "", columns: str = "", rows: str = "") -> Definition:
    """Units T1, T2 … of the group `towns`, or the given `rows` of units.csv."""
    listed = rows or "\n".join(f"T{number},镇{number},township,towns,,," for number in range(1, units + 1))
    files = {
        "rulebook.yaml": rulebook,
        "units.csv": f"unit_code,name,kind,group,aliases,valid_from,valid_to{columns}\n{listed}\n",
        "targets.csv": f"unit_code,indicator_code,target,stretch,applicable,note\n{targets}\n",
    }
    return read_definition({name: text.encode() for name, text in files.items()})


def _rows(table: Any, plain: dict[str, Any], rows: tuple[dict[str, Any], ...]) -> pd.DataFrame:
    made = [plain | {"row_id": at, "seq": at, "cell": f"F{at + 1}"} | row for at, row in enumerate(rows, 1)]
    frame = (
        pd.DataFrame(made).reindex(columns=[column.name for column in contents(table)])
        if made
        else pd.DataFrame(columns=[column.name for column in contents(table)])
    )
    texts = [name for name in frame if name not in ("row_id", "seq")]
    return frame.astype(dict.fromkeys(texts, "str") | {"row_id": "int64", "seq": "int64"})


def values(*rows: dict[str, Any]) -> pd.DataFrame:
    """What a row leaves out: T1's `patents` of 2025 by the statistics office, in time. `value` is what was read."""
    plain = {
        "unit_code": "T1", "indicator_code": "patents", "period": "2025", "status": "actual", "source": "stats",
        "sender": "stats", "received_at": "2026-01-10T09:00:00+08:00", "outcome": "accepted", "sha256": "ab",
        "file": "a.csv",
    }  # fmt: skip
    full = tuple({"raw": row.get("value"), "submitted_value": row.get("value")} | row for row in rows)
    return _rows(SUBMITTED_VALUES, plain, full)


AWARDS = """
evaluation: small-2025
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
departments: [{code: sti}, {code: market}]
groups: [{code: towns, kind: township}]
sections:
  - code: all
    indicators:
      - {code: awards, points: 5, sources: [sti, market, self], measure: count, rule: {kind: per_item, each: 1}}
"""


def claims(*rows: dict[str, Any]) -> pd.DataFrame:
    """What a row leaves out: T1's own `awards`, readable, undecided."""
    plain = {
        "unit_code": "T1", "item_code": "awards", "source": "self", "outcome": "accepted", "sha256": "cd",
        "received_at": "2026-01-10T09:00:00+08:00",
    }  # fmt: skip
    full = tuple({"sender": row.get("unit_code", "T1"), "file": f"{row.get('sender', 'T1')}.csv"} | row for row in rows)
    return claims_decided(definition(AWARDS).rulebook, _rows(SUBMITTED_CLAIMS, plain, full), NO_DECISIONS)


def marks(*rows: dict[str, Any]) -> pd.DataFrame:
    """What a row leaves out: T1's `visit` marked by the science office, readable, in time."""
    plain = {
        "unit_code": "T1", "indicator_code": "visit", "sender": "sti", "source": "sti", "outcome": "accepted",
        "sha256": "ef", "file": "m.csv", "received_at": "2026-01-10T09:00:00+08:00",
    }  # fmt: skip
    return _rows(MARKS, plain, rows)


def submitted(given: pd.DataFrame | None = None, **more: Any) -> Submitted:
    return Submitted(
        **{
            "values": values() if given is None else given,
            "claims": claims(),
            "marks": marks(),
            "previous": pd.DataFrame(columns=["unit_code", "indicator_code", "period", "accepted_value"], dtype="str"),
            "previous_claims": claims(),
            "evidence": NO_EVIDENCE,
            "corrections": NO_CORRECTIONS,
            "as_of": date(2025, 1, 1),
        }
        | more
    )
