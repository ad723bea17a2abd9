"""The sheet of each unit (得分明细表): its items by section, the total, and room to object, sign and seal.

Here belongs what stands in its cells. The official form does not (`workbook_sheet`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

import pandas as pd

from evaluation.states import ANNOUNCED, FINAL
from reports.edition import Edition
from reports.rows import rows_by_unit, rows_of
from reports.words import NOTES, PENDING, PROVISIONAL, TARGET_STATES, UNRANKED, long_date
from reports.workbook_looks import Book
from reports.workbook_sheet import NUMBER, Column, Sheet
from reports.workbook_widths import fitting_width, lines_needed

WHAT = "得分明细表"
SIGNATURES = "单位（盖章）：　　　　　　　　　　　签收人（签字）：　　　　　　　　　　　日期：　　　年　　月　　日"
OBJECTION_HEIGHT = 54
SECTION, SELF_SCORE, SCORE, DEDUCTION = 1, 8, 9, 10


def write_units(book: Book, rows: pd.DataFrame, cards: pd.DataFrame, sheets: Mapping[str, str]) -> None:
    """A sheet per unit of `sheets` (code → name of the sheet); `rows` as of `standings`, `cards` of `scorecards`."""
    columns = _columns(cards)
    of_unit = rows_by_unit(cards)
    standing = {one.unit_code: one for one in rows_of(rows)}
    for code, name in sheets.items():
        _write_unit(book, name, columns, standing[code], of_unit.get(code, []))


def _columns(cards: pd.DataFrame) -> list[Column]:
    value_width = fitting_width([*cards["accepted_value"], *cards["target_value"]], 8, 18)
    return [
        Column("序号", 5, "centre"),
        Column("一级指标", 8, "centre", "指标"),
        Column("二级指标", 20, "text", "指标"),
        Column("计量单位", 6, "centre", "指标"),
        Column("标准分", 7, "score"),
        Column("目标值", value_width, "number", "完成情况"),
        Column("完成值", value_width, "number", "完成情况"),
        Column("完成率", 9, "number", "完成情况"),
        Column("自评分", 7, "score", "评分"),
        Column("考核分", 8, "score", "评分"),
        Column("扣分", 7, "score", "评分"),
        Column("扣分原因", 46, "text", "评分"),
        Column("数据来源", 11),
        Column("佐证", 21),
        Column("备注", 9),
    ]


def _write_unit(book: Book, name: str, columns: Sequence[Column], unit: Any, items: Sequence[Any]) -> None:
    sheet = Sheet(book, name, WHAT, columns, about=(_whose(unit), _result(unit)))
    number = 0
    for (_, section), group_of in groupby(items, key=lambda one: (one.section_code, one.section_name)):
        start, of_section = sheet.row, list(group_of)
        share = -(-lines_needed(section, columns[SECTION].width - 1) // len(of_section))
        for one in of_section:
            number += 1
            sheet.lines = share
            _item(sheet, number, one)
        sheet.merge((start, SECTION), (sheet.row - 1, SECTION), section, "centre")
    _total(sheet, unit, items)
    sheet.span(0, sheet.last, _how_to_object(book.edition), "box")
    sheet.next_row(OBJECTION_HEIGHT)
    sheet.line(SIGNATURES, "signature")
    sheet.close(_notes(items))


def _whose(unit: Any) -> str:
    group = f"（{unit.group_name}）" if unit.group_name else ""
    return f"被考核单位：{unit.unit_code}　{unit.unit_name}{group}"


def _result(unit: Any) -> str:
    """Total, rank and grade, with last year's beside them."""
    before = f"（上年第{unit.previous_rank}名）" if unit.previous_rank else ""
    place = unit.place if unit.place == UNRANKED else f"第{unit.place}名，共{unit.pool_size}个单位{before}"
    total = f"{unit.total_score or PENDING}{f'（{PROVISIONAL}）' if unit.provisional and unit.total_score else ''}"
    return "　".join([f"总分：{total}", f"名次：{place}", *([f"等次：{unit.grade}"] if unit.grade else [])])


def _item(sheet: Sheet, number: int, one: Any) -> None:
    decimals = sheet.edition.decimals
    sheet.value(0, str(number))
    sheet.text(2, one.indicator_name)
    sheet.text(3, one.unit_of_measure)
    sheet.value(4, one.points)
    sheet.value(5, one.target_value)
    sheet.value(6, one.accepted_value)
    sheet.text(7, one.completion)
    sheet.value(8, one.self_score, decimals)
    sheet.value(9, one.indicator_score, decimals)
    sheet.value(10, one.deduction, decimals)
    sheet.text(11, one.reason if lost_points(one) else "")
    sheet.text(12, one.sender)
    sheet.text(13, one.evidence)
    sheet.text(14, _remark(one))
    sheet.next_row()


def lost_points(one: Any) -> bool:
    """Whether an item needs a word of explanation: it lost points, added or took away some, or was not scored."""
    if one.state != "scored" or one.provisional:
        return True
    changed = one.deduction or one.indicator_score
    return bool(NUMBER.fullmatch(changed)) and Decimal(changed) != 0


def _remark(one: Any) -> str:
    stretched = TARGET_STATES["stretched"] if one.target_state == "stretched" else ""
    return "；".join(filter(None, [PROVISIONAL if one.provisional else "", one.flag_names, stretched]))


def _total(sheet: Sheet, unit: Any, items: Sequence[Any]) -> None:
    decimals = sheet.edition.decimals
    own = [Decimal(one.self_score) for one in items if NUMBER.fullmatch(one.self_score)]
    lost = [Decimal(one.deduction) for one in items if NUMBER.fullmatch(one.deduction)]
    parts = [("基础分", unit.base_score), ("加分", unit.bonus), ("扣分", unit.penalty)]
    said = [f"{name} {score}" for name, score in parts if score]
    sheet.span(0, SELF_SCORE - 1, "合　计", "header")
    sheet.value(SELF_SCORE, f"{sum(own):f}" if own else "", decimals)
    sheet.value(SCORE, unit.total_score or PENDING, decimals)
    sheet.value(DEDUCTION, f"{sum(lost):f}" if lost else "", decimals)
    sheet.span(DEDUCTION + 1, sheet.last, "；".join([*said, *([unit.remark] if unit.remark else [])]), "text")
    sheet.next_row()


def _how_to_object(edition: Edition) -> str:
    notice = edition.definition.rulebook.notice
    if edition.notice_is_over or edition.state in (FINAL, ANNOUNCED):
        return "签收（请核对后盖章；数据有误的，按更正程序申请更正）："
    until = f"{long_date(edition.notice_until)}前" if edition.notice_until else "公示期内"
    where = f"，联系电话：{notice.telephone}" if notice.telephone else ""
    whom = notice.issuer or "考核办公室"
    return f"异议及理由（请核对后盖章签收，{until}退回{whom}；有异议的附证明材料，没有的写“无”{where}）："


def _notes(items: Sequence[Any]) -> list[str]:
    """What the marks mean that stand on this sheet."""
    marks = {text for one in items for text in (one.accepted_value, one.target_value, one.indicator_score)}
    marks |= {PROVISIONAL for one in items if one.provisional} | {"空白" for text in marks if not text}
    told = "；".join(f"“{mark}”{meaning}" for mark, meaning in NOTES if mark in marks)
    return [f"注：{told}。"] if told else []
