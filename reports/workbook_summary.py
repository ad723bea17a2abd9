"""The summary sheets: one ranking table for territories, one for departments.

Here belongs what stands in their cells. The official form does not (`workbook_sheet`).
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from reports.edition import Edition
from reports.rows import rows_of
from reports.standings import HIDDEN_ORDER, hidden_order, kind_label
from reports.words import PENDING, RANKING_NOTES
from reports.workbook_sheet import Column, Sheet, fitting_width

WHAT = "结果汇总表"
SIGNATURES = "单位负责人（签字）：　　　　　　填表人：　　　　　　联系电话：　　　　　　填报日期：　　　年　　月　　日"


def write_summaries(book: Any, edition: Edition, rows: pd.DataFrame) -> None:
    """One sheet per kind that has units; `rows` as of `standings`."""
    kinds = [kind for kind in ("township", "department") if (rows["kind"] == kind).any()]
    for kind in kinds or ["township"]:
        of_kind = rows[rows["kind"] == kind]
        label = kind_label(rows, kind)
        what = WHAT if len(kinds) < 2 else f"{WHAT}·{label}"
        sheet = Sheet(book, edition, _sheet_name(kind, len(kinds)), what, _columns(of_kind))
        _fill(sheet, of_kind)
        sheet.line(SIGNATURES, "signature")
        sheet.close(_notes(of_kind))


def _sheet_name(kind: str, kinds: int) -> str:
    return "汇总表" if kinds < 2 else {"township": "汇总表（乡镇）", "department": "汇总表（部门）"}[kind]


def _columns(rows: pd.DataFrame) -> list[Column]:
    provisional = 8 if rows["provisional"].astype("bool").any() else 0
    return [
        Column("序号", 6, "centre"),
        Column("单位", fitting_width(rows["unit_name"].fillna(""), 14, 30)),
        Column("类别/分组", fitting_width(rows["group_name"], 12, 20), "centre"),
        Column("基础分", 9, "number", "得分"),
        Column("加分", 9, "number", "得分"),
        Column("扣分", 9, "number", "得分"),
        Column("总分", 10 + provisional, "number", "得分"),
        Column("名次", 7, "centre", "评定"),
        Column("等次", 9, "centre", "评定"),
        Column("奖项", fitting_width(rows["award"].fillna(""), 10, 26), "centre", "评定"),
        Column("否决", fitting_width(rows["veto_names"], 9, 20), "text", "评定"),
        Column("备注", fitting_width(rows["remark"], 14, 34)),
    ]


def _fill(sheet: Sheet, rows: pd.DataFrame) -> None:
    decimals = sheet.edition.decimals
    for number, one in enumerate(rows_of(rows), start=1):
        sheet.value(0, str(number))
        sheet.text(1, one.unit_name)
        sheet.text(2, one.group_name)
        for place, score in enumerate((one.base_score, one.bonus, one.penalty), start=3):
            sheet.value(place, score, decimals)
        sheet.value(6, one.total_score or PENDING, decimals, bool(one.provisional))
        sheet.value(7, one.place)
        for place, text in enumerate((one.grade, one.award, one.veto_names, one.remark), start=8):
            sheet.text(place, text)
        sheet.next_row()


def _notes(rows: pd.DataFrame) -> list[str]:
    legend = "；".join(f"“{mark}”{meaning}" for mark, meaning in RANKING_NOTES)
    return [f"注：{legend}。", *([HIDDEN_ORDER] if hidden_order(rows) else [])]
