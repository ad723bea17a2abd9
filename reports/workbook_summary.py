"""The summary sheets: one ranking table for territories, one for departments.

Here belongs what stands in their cells. The official form does not (`workbook_sheet`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from reports.rows import rows_of
from reports.standings import HIDDEN_ORDER, hidden_order, kind_label
from reports.words import PENDING, RANKING_NOTES
from reports.workbook_looks import Book
from reports.workbook_sheet import Column, Sheet
from reports.workbook_widths import fitting_width, sheet_names

WHAT = "结果汇总表"
SHEETS = {"township": "汇总表（乡镇）", "department": "汇总表（部门）"}
SIGNATURES = "单位负责人（签字）：　　　　　　填表人：　　　　　　联系电话：　　　　　　填报日期：　　　年　　月　　日"


@dataclass(frozen=True)
class _Table:
    """The units of one sheet, which is called `name`; `label`: what they are, empty where there is but one table."""

    name: str
    label: str
    rows: pd.DataFrame


def write_summaries(book: Book, rows: pd.DataFrame, sheets: Mapping[str, str]) -> None:
    """One sheet per kind that has units, and per group where they are very many; `rows` as of `standings`.

    `sheets`: the sheet of each unit, to which its name leads.
    """
    for table in _tables(rows, whole=book.edition.detailed):
        what = f"{WHAT}·{table.label}" if table.label else WHAT
        sheet = Sheet(book, table.name, what, _columns(table.rows))
        _fill(sheet, table.rows, sheets)
        sheet.line(SIGNATURES, "signature")
        sheet.close(_notes(table.rows))


def _tables(rows: pd.DataFrame, whole: bool) -> Iterator[_Table]:
    kinds = [kind for kind in SHEETS if (rows["kind"] == kind).any()] or ["township"]
    for kind in kinds:
        of_kind = rows[rows["kind"] == kind]
        label = kind_label(rows, kind) if len(kinds) > 1 else ""
        groups = of_kind["group"].fillna("").unique()
        if whole or len(groups) < 2:
            yield _Table(SHEETS[kind] if len(kinds) > 1 else "汇总表", label, of_kind)
            continue
        named = dict(zip(of_kind["group"].fillna(""), of_kind["group_name"], strict=True))
        names = sheet_names({code: f"汇总表（{named[code] or label}）" for code in groups})
        for code in groups:
            yield _Table(names[code], named[code] or label, of_kind[of_kind["group"].fillna("") == code])


def _columns(rows: pd.DataFrame) -> list[Column]:
    provisional = 8 if rows["provisional"].astype("bool").any() else 0
    before = [Column("上年名次", 9, "centre", "比上年"), Column("位次变化", 9, "centre", "比上年")]
    return [
        Column("序号", 5, "centre"),
        Column("单位", fitting_width(rows["unit_name"].fillna(""), 14, 30)),
        Column("类别/分组", fitting_width(rows["group_name"], 11, 20), "centre"),
        Column("基础分", 8, "score", "得分"),
        Column("加分", 7, "score", "得分"),
        Column("扣分", 7, "score", "得分"),
        Column("总分", 9 + provisional, "score", "得分"),
        Column("名次", 6, "centre", "评定"),
        Column("等次", 8, "centre", "评定"),
        Column("奖项", fitting_width(rows["award"].fillna(""), 10, 26), "centre", "评定"),
        Column("否决", fitting_width(rows["veto_names"], 8, 18), "text", "评定"),
        *(before if _has_before(rows) else []),
        Column("备注", fitting_width(rows["remark"], 12, 30)),
    ]


def _has_before(rows: pd.DataFrame) -> bool:
    return bool((rows["previous_rank"] != "").any())


def _fill(sheet: Sheet, rows: pd.DataFrame, sheets: Mapping[str, str]) -> None:
    decimals, before = sheet.edition.decimals, _has_before(rows)
    for number, one in enumerate(rows_of(rows), start=1):
        sheet.value(0, str(number))
        if one.unit_code in sheets:
            sheet.link(1, one.unit_name, sheets[one.unit_code])
        else:
            sheet.text(1, one.unit_name)
        sheet.text(2, one.group_name)
        for place, score in enumerate((one.base_score, one.bonus, one.penalty), start=3):
            sheet.value(place, score, decimals)
        sheet.value(6, one.total_score or PENDING, decimals, bool(one.provisional))
        sheet.value(7, one.place)
        for place, text in enumerate((one.grade, one.award, one.veto_names), start=8):
            sheet.text(place, text)
        if before:
            sheet.value(11, one.previous_rank)
            sheet.text(12, one.moved)
        sheet.text(sheet.last, one.remark)
        sheet.next_row()


def _notes(rows: pd.DataFrame) -> list[str]:
    legend = "；".join(f"“{mark}”{meaning}" for mark, meaning in RANKING_NOTES)
    return [f"注：{legend}。", *([HIDDEN_ORDER] if hidden_order(rows) else [])]
