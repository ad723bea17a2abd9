"""The sheets beside the figures: matters to claim, checklists, judges' marks, self-scores.

Here belongs what stands in their cells.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from evaluation.explanation_words import LEVELS
from evaluation.forms import labelled
from evaluation.reporting import EXEMPTION, judged_in_points, limits_of, mark_limits, points_of
from evaluation.rounding import decimal_text
from evaluation.rulebook import Place
from reports.form_asked import Asked, Matter, Recipient, Unit
from reports.form_rows import Column, Lists, write_rows
from reports.form_rules import DATE, LEVEL, MARK, MATTER, PIECE, QUANTITY, SELF_SCORE, UNIT, limits
from reports.form_sheet import HEADER_ROW, SIGNATURES, FormSheet, Head, ruled
from reports.rule_words import scoring_in_words
from reports.workbook_widths import lines_needed

CLAIMS, CHECKLISTS, MARKS, SELF_SCORES = "事项", "事项（清单）", "评委打分", "自评分"
ROWS_OF_UNIT, ROWS_OF_DEPARTMENT = 30, 120
JUDGES = 7
LEVEL_WORDS = {EXEMPTION: "核减（灾害、政策）"}


def write_claims(
    book: Any, formats: dict[str, Any], asked: Asked, recipient: Recipient, head: Head, lists: Lists
) -> None:
    """A sheet of matters and one of checklists, where the recipient may report any."""
    matters = asked.matters(recipient)
    free, listed = [m for m in matters if not m.pieces], [m for m in matters if m.pieces]
    names = (unit.code for unit in asked.units.values())
    units = [labelled(asked.units[code].name, code) for code in names] if recipient.unit_code is None else []
    rows = ROWS_OF_DEPARTMENT if units else ROWS_OF_UNIT
    if free:
        write_rows(book, formats, head, CLAIMS, [*_keys(units, free, lists), *_details(free, lists)], rows)
    if listed:
        pieces = [labelled(name, code) for matter in listed for code, name in matter.pieces.items()]
        rule = ruled(PIECE, "选已经具备的一项；每具备一项填一行。", source=lists.source(list(dict.fromkeys(pieces))))
        columns = [*_keys(units, listed, lists), Column("清单内容", 34, "blank_choice", rule), *_evidence()]
        write_rows(book, formats, head, CHECKLISTS, columns, rows)


def _keys(units: list[str], matters: list[Matter], lists: Lists) -> list[Column]:
    choices = [labelled(matter.name, matter.code) for matter in matters]
    unit = ruled(UNIT, "从下拉列表中选被考核单位。", source=lists.source(units)) if units else ()
    matter = ruled(MATTER, "从下拉列表中选事项。", source=lists.source(choices))
    first = [Column("单位编码", 22, "blank_choice", unit)] if units else []
    return [*first, Column("事项编码", 34, "blank_choice", matter)]


def _details(matters: list[Matter], lists: Lists) -> list[Column]:
    levels = [code for matter in matters for code in matter.levels]
    columns = [Column("对象编号", 16, "blank_text")]
    if levels:
        named = [labelled(LEVEL_WORDS.get(code, LEVELS.get(code, (code,))[0]), code) for code in dict.fromkeys(levels)]
        rule = ruled(LEVEL, "有级别的事项从下拉列表中选级别，其他事项留空。", source=lists.source(named))
        columns.append(Column("级别", 18, "blank_choice", rule))
    quantity = ruled(QUANTITY, "按数量计分的事项填数量，其他事项留空。", **limits(None, None))
    return [*columns, Column("数量", 9, "blank", quantity), *_evidence()]


def _evidence() -> list[Column]:
    day = ruled(
        DATE,
        "写成 2025-09-30 这样的日期。",
        criteria="between",
        minimum=date(1990, 1, 1),
        maximum=date(2100, 12, 31),
    )
    return [
        Column("日期", 12, "blank_date", day),
        Column("文件", 26, "blank_text"),
        Column("页码", 7, "blank_text"),
        Column("备注", 18, "blank_text"),
    ]


def write_marks(book: Any, formats: dict[str, Any], asked: Asked, recipient: Recipient, head: Head) -> None:
    """A row per judged item and unit, a column per judge."""
    judged = [(place, unit) for place in asked.judged(recipient) for unit in _assessed(asked, place, recipient)]
    if not judged:
        return
    columns = [("单位编码", 9.0), ("单位名称", 18.0), ("指标编码", 12.0), ("指标名称", 18.0), ("满分", 8.0)]
    columns += [(f"评委{number}", 8.5) for number in range(1, JUDGES + 1)] + [("备注", 14.0)]
    sheet = FormSheet(book, MARKS, head, [width for _, width in columns], formats=formats)
    for place, (word, _) in enumerate(columns):
        sheet.text(HEADER_ROW, place, word, "header")
    sheet.height(HEADER_ROW, 2)
    for row, (item, unit) in enumerate(judged, start=sheet.first_row):
        _mark_row(sheet, row, item, unit)
    notes = ["注：“满分”为 1 的按成数打分，如 0.85；其余直接打分。评委不足七名的，多余的列留空。", SIGNATURES]
    sheet.close(sheet.first_row + len(judged), notes)


def _assessed(asked: Asked, place: Place, recipient: Recipient) -> list[Unit]:
    units = [unit for unit in asked.units.values() if recipient.unit_code in (None, unit.code)]
    return [unit for unit in units if asked.rulebook.applies(place, unit.code, unit.group)]


def _mark_row(sheet: FormSheet, row: int, place: Place, unit: Unit) -> None:
    full = points_of(place, unit.code, unit.group) or Fraction(0)
    for at, text in enumerate((unit.code, unit.name, place.item.code, place.item.name)):
        sheet.text(row, at, text, "code" if at == 2 else "text")
    sheet.number(row, 4, decimal_text(full) if judged_in_points(place.item) else "1")
    rule = ruled(MARK, f"{place.item.name}：每名评委一列。", **limits(*mark_limits(place, unit.code, unit.group)))
    for judge in range(JUDGES):
        sheet.blank(row, 5 + judge, "blank", rule)
    sheet.blank(row, 5 + JUDGES, "blank_text")


def write_self_scores(book: Any, formats: dict[str, Any], asked: Asked, unit: Unit, head: Head) -> None:
    """A row per item on which the unit is assessed: its points, how it is scored, and a blank for its own score."""
    places = [place for place in asked.rulebook.top_items() if asked.rulebook.applies(place, unit.code, unit.group)]
    columns = [("指标编码", 12.0), ("一级指标", 14.0), ("指标名称", 24.0), ("标准分", 8.0)]
    columns += [("评分办法", 60.0), ("自评分", 10.0), ("备注", 20.0)]
    sheet = FormSheet(book, SELF_SCORES, head, [width for _, width in columns], keys=3, formats=formats)
    for at, (word, _) in enumerate(columns):
        sheet.text(HEADER_ROW, at, word, "header")
    sheet.height(HEADER_ROW, 2)
    for row, place in enumerate(places, start=sheet.first_row):
        _self_score_row(sheet, row, asked, place, unit)
    notes = ["注：自评分只供对照，不计入考核得分。加分、扣分项填应加、应扣的分（扣分填正数）。", SIGNATURES]
    sheet.close(sheet.first_row + len(places), notes)


def _self_score_row(sheet: FormSheet, row: int, asked: Asked, place: Place, unit: Unit) -> None:
    section = place.section.name if place.section else ("加分项" if place.where == "bonuses" else "扣分项")
    told = scoring_in_words(asked.rulebook, place.item, unit.code, unit.group)
    sheet.text(row, 0, place.item.code, "code")
    sheet.text(row, 1, section, "centre")
    sheet.text(row, 2, place.item.name)
    sheet.number(row, 3, decimal_text(points_of(place, unit.code, unit.group) or Fraction(0)))
    sheet.text(row, 4, told)
    rule = ruled(SELF_SCORE, f"{place.item.name}：按评分办法自评。", **limits(*limits_of(place, unit.code, unit.group)))
    sheet.blank(row, 5, "blank", rule)
    sheet.blank(row, 6, "blank_text")
    sheet.height(row, max(lines_needed(told, 48), lines_needed(place.item.name, 19)), 15)
