"""The findings of one file as rows for its sender: what became of the cell, and whether it has to be mended.

Here belongs the choice and wording of rows. How they are laid out does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from evaluation.discrepancies import ASK_TO_REPLACE
from reports.harmless import visible

RETURNED, CLOSED, HELD, TO_CHECK, HINT = "退回", "不再接收", "待判断", "请核对", "提示"
_ORDER = (RETURNED, CLOSED, HELD, TO_CHECK, HINT)
_DEGREES = {"error": RETURNED, "held": HELD, "warning": TO_CHECK, "note": HINT}
_RAW_SHOWN = 200
# Findings whose words tell what others sent: the sender is told only that there is one.
WITHHELD = {
    "DISCREPANCY": ("与另一来源所报的数不一致，相差超过允许误差。", "请核对口径与原始资料；有误的，改正后重新报送。"),
    "TOTAL_DIFFERS": ("合计数与各单位所报之和不符。", "请核对合计数；口径不同的，请告知考核工作机构。"),
    "OUTLIER": ("与同组各单位的数相差悬殊。", "请核对原始资料和计量单位；有误的，改正后重新报送，属实的请说明原因。"),
    "DOUBLE_CLAIM": (
        "该事项的编号或文件另有他处申报。",
        "请核对是否重复申报；是的请撤回一处，不是的请向考核工作机构说明。",
    ),
}
# What no other filing can mend, only a correction: what came on notice, or too late to replace what came in time.
_CLOSED = {"PERIOD_CLOSED"}
# What waits for an examiner alone: its sender has nothing to do about it.
_WAITS = {"CLAIM_WAITS"}


class Row(NamedTuple):
    """One finding. `degree` is one of the five words; rows that are returned or held are marked in the workbook."""

    degree: str
    sheet: str
    cell: str
    raw: str
    message: str
    what_to_do: str

    @property
    def to_mend(self) -> bool:
        return self.degree in (RETURNED, HELD)


def receipt_rows(findings: Iterable[Mapping[str, str]]) -> list[Row]:
    """The rows of one file's findings (records, unknown values as ""), gravest first, then in their order.

    What an examiner accepted, or the sender has sent again since, is a hint that says so.
    """
    return sorted(map(_row, findings), key=lambda row: _ORDER.index(row.degree))


def _row(one: Mapping[str, str]) -> Row:
    message, what_to_do = WITHHELD.get(one["code"], (one["message"], one["what_to_do"]))
    settled = one["accepted_by"] or one["replaced_by"]
    degree = HINT if settled or one["code"] in _WAITS else _DEGREES.get(one["severity"], TO_CHECK)
    if (one["code"] in _CLOSED and degree == RETURNED) or (not settled and one["what_to_do"] == ASK_TO_REPLACE):
        degree = CLOSED
    if settled:
        what_to_do = one["what_to_do"]
    return Row(degree, one["sheet"], one["cell"], _cut(one["raw"]), _sentence(message), _sentence(what_to_do))


def _cut(raw: str) -> str:
    seen = visible(raw)
    return seen if len(seen) <= _RAW_SHOWN else f"{seen[:_RAW_SHOWN]}……（共 {len(raw)} 字）"


def _sentence(text: str) -> str:
    return text if not text or text.endswith(("。", "！", "？")) else f"{text}。"
