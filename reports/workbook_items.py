"""The sheet of items (得分明细表): a block per unit, sections merged downwards, a total line below.

Here belongs what stands in its cells. The official form does not (`workbook_sheet`).
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pandas as pd

from reports.catalogue import Catalogue
from reports.edition import DETAILED_UNITS, Edition
from reports.rows import rows_of
from reports.scorecards import scorecards
from reports.words import NOTES, PENDING
from reports.workbook_sheet import Column, Sheet, fitting_width, lines_needed

NAME = "得分明细表"


def write_items(book: Any, edition: Edition, rows: pd.DataFrame, names: Catalogue) -> None:
    """`rows` as of `standings`; over DETAILED_UNITS units the csv serves."""
    if not edition.detailed:
        sheet = Sheet(book, edition, NAME, NAME, [Column("说明", 60), Column("文件", 60)])
        sheet.text(0, f"超过 {DETAILED_UNITS} 个单位，明细不列入本表。")
        sheet.text(1, "indicator_scores.csv")
        sheet.next_row()
        sheet.close([])
        return
    cards = scorecards(edition, names)
    sheet = Sheet(book, edition, NAME, NAME, _columns(cards))
    order = edition.definition.units["unit_code"].drop_duplicates().tolist()
    of_unit = dict(iter(cards.groupby("unit_code", sort=False)))
    standing = {one.unit_code: one for one in rows_of(rows)}
    for code in order:
        if code in standing:
            _block(sheet, standing[code], of_unit.get(code, cards.iloc[:0]))
    sheet.close(["注：" + "；".join(f"“{mark}”{meaning}" for mark, meaning in NOTES) + "。"])


def _columns(cards: pd.DataFrame) -> list[Column]:
    provisional = 8 if cards["provisional"].astype("bool").any() else 0
    value_width = fitting_width([*cards["accepted_value"], *cards["target_value"]], 9, 20)
    return [
        Column("一级指标", fitting_width(cards["section_name"], 10, 14), "centre", "指标"),
        Column("二级指标", fitting_width(cards["indicator_name"], 18, 32), "text", "指标"),
        Column("计量单位", 9, "centre", "指标"),
        Column("标准分", 8, "number"),
        Column("目标值", value_width, "number", "完成情况"),
        Column("完成值", value_width, "number", "完成情况"),
        Column("完成率", 10, "number", "完成情况"),
        Column("考核分", 9 + provisional, "number", "评分"),
        Column("扣分", 9, "number", "评分"),
        Column("扣分原因", 36, "text", "评分"),
        Column("数据来源", fitting_width(cards["sender"], 12, 18)),
    ]


def _block(sheet: Sheet, unit: Any, items: pd.DataFrame) -> None:
    last = len(sheet.columns) - 1
    group = f"（{unit.group_name}）" if unit.group_name else ""
    sheet.span(0, last, f"{unit.unit_code}　{unit.unit_name}{group}", "band")
    sheet.next_row()
    lines = rows_of(items)
    for (_, name), group_of in groupby(lines, key=lambda one: (one.section_code, one.section_name)):
        start, section = sheet.row, list(group_of)
        share = -(-lines_needed(name, sheet.columns[0].width - 1) // len(section))
        for one in section:
            sheet.lines = share
            _item(sheet, one)
        sheet.merge((start, 0), (sheet.row - 1, 0), name, "centre")
    _total(sheet, unit)


def _item(sheet: Sheet, one: Any) -> None:
    decimals = sheet.edition.decimals
    sheet.text(1, one.indicator_name)
    sheet.text(2, one.unit_of_measure)
    sheet.value(3, one.points)
    sheet.value(4, one.target_value)
    sheet.value(5, one.accepted_value)
    sheet.text(6, one.completion)
    sheet.value(7, one.indicator_score, decimals, bool(one.provisional))
    sheet.value(8, one.deduction, decimals)
    sheet.text(9, one.reason)
    sheet.text(10, one.sender)
    sheet.next_row()


def _total(sheet: Sheet, unit: Any) -> None:
    parts = [("基础分", unit.base_score), ("加分", unit.bonus), ("扣分", unit.penalty)]
    known = [f"{name} {score}" for name, score in parts if score]
    said = [*known, f"名次 {unit.place}", *([f"等次 {unit.grade}"] if unit.grade else [])]
    sheet.span(0, 6, "合计（总分）", "header")
    sheet.value(7, unit.total_score or PENDING, sheet.edition.decimals, bool(unit.provisional))
    last = len(sheet.columns) - 1
    remark = [unit.remark] if unit.remark else []
    sheet.span(8, last, "；".join([*said, *remark]), "text")
    sheet.next_row()
