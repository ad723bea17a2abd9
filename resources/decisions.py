"""What people decide, as ledger entries: findings resolved, claims accepted or refused, figures signed off.

What it means for a value or a claim stands in `evaluation/decided.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from evaluation.decided import DECISIONS, HELD
from resources.ledger import Entry, Ledger, Payload, append_within, entries_within

RESOLVED = "finding_resolved"
DECIDED = "claim_decided"
DECISION_KINDS = (RESOLVED, DECIDED)
# A department stands by its figures: this changes no result, and is no reason to score again.
SIGNED = "figures_signed"
RESOLUTION_COLUMNS = ["seq", "finding_id", "code", *HELD, "decision", "source", "reason", "by"]


_SAID = {
    "accepted": "认可",
    "refused": "不予认可",
    "use": "按原值采用",
    "refuse": "不予采用",
    "": "情况属实",
}


class DecidesOwnCause(Exception):
    """Whoever decides may be none of those whom the matter concerns."""

    why = "“{name}”是{whose}的人，不能核定{whose}自己的事。请由考核办的人办理。"

    def __init__(self, name: str, whose: str) -> None:
        super().__init__(self.why.format(name=name, whose=whose))


class FiledItHimself(DecidesOwnCause):
    """Nor whoever handed it in for them and said when it had come."""

    why = "这份报送是“{name}”替{whose}交来的，其中的事项不能由同一人核定。请由另一人办理。"


class DecidedMeanwhile(Exception):
    """Somebody else has decided since the matter was looked at."""

    def __init__(self) -> None:
        super().__init__("打开本页以后已有人另作决定（见下），没有写入。请看过再办。")


def resolve(ledger: Ledger, evaluation: str, payload: Payload, seen: int | None = None) -> Entry:
    """Append that a finding is explained and accepted; the same again is once.

    `payload` has `finding_id` and what the finding says (code, sender, key, raw, message), `decision` (`use` or
    `refuse` for a held value), `source` (the one that counts, for a discrepancy), `reason`, `by`; blank where none.

    Raises: DecidedMeanwhile: the last resolution is not the entry `seen` (0: none); without it, none is asked for.
    """
    return _appended(ledger, evaluation, RESOLVED, "finding_id", payload, seen)


def decide(ledger: Ledger, evaluation: str, payload: Payload, seen: int | None = None) -> Entry:
    """Append that a claim is accepted or refused; the same again is once, another decision counts from then on.

    `payload` has `claim_id` and what is claimed, `decision` (`accepted` or `refused`), `reason`, `by`.

    Raises: DecidedMeanwhile: as above.
    """
    return _appended(ledger, evaluation, DECIDED, "claim_id", payload, seen)


def sign(ledger: Ledger, evaluation: str, payload: Payload) -> Entry:
    """Append that a department signed off its figures; the same again is once.

    `payload` has `department`, `sha256` of the figures as archived and how many they are (`figures`), `document`, `by`.
    """
    return _appended(ledger, evaluation, SIGNED, "department", payload)


def signed(ledger: Ledger, evaluation: str) -> dict[str, Entry]:
    """The newest sign-off of each department."""
    return {entry.payload["department"]: entry for entry in ledger.entries(evaluation, [SIGNED])}


def resolutions(ledger: Ledger, evaluation: str, up_to: int | None = None) -> pd.DataFrame:
    """All resolutions in the order of the ledger, with RESOLUTION_COLUMNS; `source` is NA where blank."""
    rows = [{"seq": entry.seq} | entry.payload for entry in ledger.entries(evaluation, [RESOLVED], up_to)]
    frame = pd.DataFrame(rows, columns=RESOLUTION_COLUMNS).astype(dict.fromkeys(RESOLUTION_COLUMNS, "str"))
    return frame.astype({"seq": "int64"}).assign(source=frame["source"].where(frame["source"] != ""))


def decisions(ledger: Ledger, evaluation: str, up_to: int | None = None) -> pd.DataFrame:
    """All decisions on claims in the order of the ledger: `seq`, `claim_id` and DECISIONS."""
    rows = [
        (entry.seq, *(entry.payload[name] for name in ("claim_id", "decision", "by", "reason")))
        for entry in ledger.entries(evaluation, [DECIDED], up_to)
    ]
    columns = ["seq", "claim_id", *DECISIONS]
    return pd.DataFrame(rows, columns=columns).astype({**dict.fromkeys(columns, "str"), "seq": "int64"})


def _appended(
    ledger: Ledger, evaluation: str, kind: str, name: str, payload: Payload, seen: int | None = None
) -> Entry:
    with ledger.store.writing() as connection:
        same = [e for e in entries_within(connection, evaluation, [kind]) if e.payload[name] == payload[name]]
        if same and same[-1].payload == payload:
            return same[-1]
        if seen is not None and seen != (same[-1].seq if same else 0):
            raise DecidedMeanwhile
        return append_within(connection, evaluation, kind, payload)


def changes_values(entry: Entry) -> bool:
    """Whether the entry can change a score: a warning that is explained changes none."""
    if entry.kind != RESOLVED:
        return True
    return bool(entry.payload["decision"]) or entry.payload["code"] == "DISCREPANCY"


def told(entries: Iterable[Entry], names: Mapping[str, str]) -> list[str]:
    """A clause about each decision among the entries, for whoever asks why a new version came about.

    `names`: of units, departments and items, by code.
    """
    return [_told(entry, names) for entry in entries if entry.kind in DECISION_KINDS]


def _told(entry: Entry, names: Mapping[str, str]) -> str:
    what = entry.payload

    def named(*columns: str) -> str:
        return " ".join(names.get(what[one], what[one]) for one in columns if what[one])

    said = _SAID.get(what["decision"], str(what["decision"]))
    said += f"，以{named('source')}为准" if what.get("source") else ""
    if entry.kind == DECIDED:
        claim = named("unit_code", "item_code", "object_id")
        return f"事项核定（台账第{entry.seq}号）{claim}：{said}，{what['reason']}"
    place = named("unit_code", "indicator_code", "period")
    return f"问题认可（台账第{entry.seq}号）{what['finding_id']} {place}：{said}，{what['reason']}"
