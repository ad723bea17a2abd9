"""The receipt of one file: what was received, what became of it, what its sender has to do. One page, to be printed.

Here belongs what a receipt says. It knows one file and the findings about it, nothing of other senders and no clock:
the same file judged by the same rules makes the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from reports.receipt_rows import CLOSED, HELD, RETURNED, TO_CHECK, Row
from reports.rendering import filled
from reports.words import heading, long_date

MOST_ROWS = 1_000
_MOST_PLACES = 100  # that one row names
COUNTS = {
    "cells_read": "读到",
    "accepted": "采用",
    "refused": "退回",
    "held": "待判断",
    "duplicate": "重复",
    "blank": "空白",
}
_OF_CORRECTIONS = {"accepted": "受理"}  # what they ask for is decided later
_OUTCOMES = {
    "accepted": "已读取",
    "quarantined": "整份退回，未予采用",
    "duplicate": "与先前报送的文件相同，不另计",
    "evidence": "佐证材料，已存档",
}
_KINDS = {"figures": "数据", "claims": "事项", "marks": "评委打分", "corrections": "更正", "mixed": "多种内容"}
NOTHING = "无需处理"


@dataclass(frozen=True)
class Receipt:
    """One file as its sender is told of it. `returned` names the workbook that goes back with the receipt.

    `due` is the last day (ISO) of filing, `counts` has the keys of COUNTS, `received_at` is ISO text.
    """

    title: str
    seq: int
    sender: str
    sender_name: str
    name: str
    sha256: str
    received_at: str
    kind: str
    outcome: str
    counts: dict[str, int]
    rows: list[Row]
    due: str | None
    definition_digest: str
    returned: str = ""
    unmarked: bool = False  # cells are refused, and the workbook cannot be marked

    @property
    def corrects(self) -> bool:
        return self.kind == "corrections"

    @property
    def quarantined(self) -> bool:
        return self.outcome == "quarantined"

    @property
    def wants_workbook(self) -> bool:
        """Some cell has to be mended, and the file could be read."""
        return not self.quarantined and any(row.to_mend and row.cell for row in self.rows)


class Demand(NamedTuple):
    """What the sender has to do: in a word or two, and in sentences."""

    short: str
    long: str


def demand(receipt: Receipt) -> Demand:
    """The gravest of what has to be done."""
    degrees = [row.degree for row in receipt.rows]
    until = _until(receipt)
    if receipt.quarantined and RETURNED in degrees:
        return Demand("须重新报送", f"本文件整份未能采用，视为尚未报送。{until}。")
    if RETURNED in degrees:
        count = receipt.counts["refused"] or degrees.count(RETURNED)
        if receipt.corrects:
            return Demand("须改正", f"有{count}行未予受理，其余各行不受影响。请改正或删去后重新报送更正表。")
        return Demand("须改正", f"有{count}格未予采用，其余已采用的不受影响。{until}。")
    if CLOSED in degrees:
        why = "考核已进入公示，或已过截止日期，不替换按期报送的数；如数据有误，请按更正程序申请更正。"
        return Demand("不再接收", f"有{degrees.count(CLOSED)}处没有采用：{why}")
    if HELD in degrees:
        return Demand("请核对", f"有{degrees.count(HELD)}处待考核工作机构判断，请先自行核对；确有差错的，{until}。")
    if TO_CHECK in degrees:
        return Demand("请核对", f"有{degrees.count(TO_CHECK)}处请核对；确需改正的，{until}；核对无误的，无需处理。")
    return Demand(NOTHING, "本文件已收妥，没有需要贵单位改正的内容。")


def _until(receipt: Receipt) -> str:
    """By when; a file that came late is judged by its own day, so that no clock is read."""
    if receipt.due is None:
        return "请尽快改正后重新报送"
    if receipt.received_at[:10] > receipt.due:
        return f"报送期限（{long_date(receipt.due)}）已过，请尽快改正后重新报送"
    return f"请在{long_date(receipt.due)}前（含当日）改正后重新报送；逾期的，请尽快补报"


def receipt_page(receipt: Receipt) -> str:
    """The receipt as one self-contained page of html."""
    day, _, time = receipt.received_at.partition("T")
    gathered = _gathered(receipt.rows)
    words = COUNTS | (_OF_CORRECTIONS if receipt.corrects else {})
    return filled(
        "receipt.html",
        "receipt.css",
        {"foot": f"台账第 {receipt.seq} 号回执"},
        title=heading(receipt.title, "报送回执"),
        receipt=receipt,
        demand=demand(receipt),
        nothing=NOTHING,
        received=long_date(day) + ("" if time.startswith("00:00:00") else f" {time[:5]}"),
        outcome=_OUTCOMES.get(receipt.outcome, receipt.outcome),
        kind=_KINDS.get(receipt.kind, ""),
        counts=[(words[name], receipt.counts[name]) for name in COUNTS],
        rows=gathered[:MOST_ROWS],
        more=len(gathered) - MOST_ROWS,
        content=content_digest(receipt),
    )


def _gathered(rows: list[Row]) -> list[Row]:
    """Rows that say the same of several cells of a sheet as one, so that a page is enough."""
    cells: dict[Row, list[str]] = {}
    for row in rows:
        cells.setdefault(row._replace(cell=""), []).append(row.cell)
    return [row._replace(cell=_listed(places)) for row, places in cells.items()]


def _listed(places: list[str]) -> str:
    more = f"等 {len(places)} 格" if len(places) > _MOST_PLACES else ""
    return "、".join(places[:_MOST_PLACES]) + more


def content_digest(receipt: Receipt) -> str:
    """SHA-256 of all that the receipt tells, also of rows that the page has no room for."""
    parts = [receipt.sha256, receipt.definition_digest, *map(repr, receipt.rows)]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
