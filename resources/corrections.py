"""Corrections as the ledger has them: what was asked for, by whom, and what was decided.

Here belongs reading them; asking and deciding is `correction_requests.py`'s part. What a correction does to the row
that it names stands in `evaluation/corrected.py` and `evaluation/acceptance.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from evaluation.corrected import CELL, FIGURE
from resources.ledger import Ledger

REQUESTED = "correction_requested"
APPROVED = "correction_approved"
REJECTED = "correction_rejected"
KINDS = (REQUESTED, APPROVED, REJECTED)
COLUMNS = (
    "seq",
    "approval_seq",
    "unit_code",
    "indicator_code",
    "period",
    "old_value",
    "new_value",
    "reason",
    "reason_class",
    "document",
    "requested_by",
    "approved_by",
    "subject",
    "object",
    "field",
    "file_value",
    "rejected_by",
    "rejected_because",
)
# What an entry leaves out: most corrections are of figures.
LEFT_OUT = dict.fromkeys(CELL, "") | {"subject": FIGURE, "field": "value"}


def applicants(payload: Mapping[str, Any]) -> list[str]:
    """Everybody who asked: a workbook names its sender besides whoever filled it in."""
    return [payload["requested_by"], *payload.get("applicants", [])]


def corrections(ledger: Ledger, evaluation: str, up_to: int | None = None) -> pd.DataFrame:
    """All corrections asked for, with COLUMNS; `approval_seq`, `approved_by` and `rejected_by` are NA while one
    waits."""
    entries = ledger.entries(evaluation, KINDS, up_to)
    approvals = {e.payload["request"]: e for e in entries if e.kind == APPROVED}
    rejections = {e.payload["request"]: e for e in entries if e.kind == REJECTED}
    rows = []
    for entry in entries:
        if entry.kind == REQUESTED:
            approval, rejection = approvals.get(entry.seq), rejections.get(entry.seq)
            decided = {
                "approval_seq": approval.seq if approval else None,
                "approved_by": approval.payload["approved_by"] if approval else None,
                "rejected_by": rejection.payload["rejected_by"] if rejection else None,
                "rejected_because": rejection.payload["reason"] if rejection else None,
            }
            rows.append({"seq": entry.seq, **LEFT_OUT, **entry.payload, **decided})
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return frame.astype({name: "Int64" if name.endswith("seq") else "str" for name in COLUMNS})


def senders(ledger: Ledger, evaluation: str) -> dict[int, str]:
    """Whose sheet a request came with, by the request's number: the code of a department or unit."""
    entries = ledger.entries(evaluation, [REQUESTED])
    return {entry.seq: entry.payload["applicants"][0] for entry in entries if "sha256" in entry.payload}


def approved(asked: pd.DataFrame) -> pd.DataFrame:
    """Of all corrections those that count, in the order of approval."""
    return asked[asked["approval_seq"].notna()].sort_values("approval_seq")


def waiting(asked: pd.DataFrame) -> pd.DataFrame:
    """Of all corrections those that nobody has decided on."""
    return asked[asked["approval_seq"].isna() & asked["rejected_by"].isna()]
