"""A blank sheet of corrections (更正表), one for all senders of an evaluation; the same rules make the same bytes.

Here belongs what it asks for. Intake reads it like any sheet of corrections; it bears no stamp, for it stays right
when rules change.
"""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from evaluation.corrected import FIGURE, REASON_CLASSES, SUBJECT_NAMES, SUBJECTS
from evaluation.definition import Definition
from evaluation.forms import labelled
from reports.corrections import FIELDS, item_names
from reports.form_instructions import write_instructions
from reports.form_rows import Column, Lists, write_rows
from reports.form_rules import FIELD, ITEM, REASON_CLASS, SUBJECT, UNIT
from reports.form_sheet import Head, ruled
from reports.words import heading
from reports.workbook import options

SHEET, ROWS = "更正", 30
GENERAL = (
    "1. 一行更正一格。填好后用自己的名字存盘，放入本单位的报送文件夹，或在网页“上报”里送交；公示以后也收。",
    "2. 每行记为一个申请，由考核办另一人批准后才采用；回执逐行写明结果。数据、事项、打分由报送它的单位申请。",
    "3. 原值写您看到的现行值，与实际不符的不受理；不知道的留空。要改成空白的，更正为写“空白”。",
    "4. 没有受理的行在退回的表里标红：改正后用同一个文件名再报，已经受理的行不会再记。",
)
COLUMNS = (("更正什么", 12.0), ("指标编码", 18.0), ("对象", 24.0), ("栏目", 26.0), ("更正为", 44.0))
OBJECTS = {"claim": "对象编号，照申报时所写", "mark": "评委姓名", "post": "姓名或人员编码"}


def write_correction_form(file: str | BytesIO, definition: Definition) -> None:
    """Write the workbook into a file, or where bytes are kept."""
    rulebook = definition.rulebook
    title = heading(str(rulebook.title or rulebook.evaluation), "更正表")
    head, formats = Head(title, ""), dict[str, Any]()
    with xlsxwriter.Workbook(file, options()) as book:
        book.set_properties({"title": title, "created": datetime.combine(rulebook.cycle.starts, time())})
        lists = Lists(book)
        write_rows(book, formats, head, SHEET, list(_columns(definition, lists)), ROWS, lines=2)
        write_instructions(book, formats, head, GENERAL, COLUMNS, _explained(definition))
        lists.write()


def _columns(definition: Definition, lists: Lists) -> list[Column]:
    def chosen(rule: Any, prompt: str, choices: list[str]) -> tuple[Any, ...]:
        return ruled(rule, prompt, source=lists.source(choices))

    units = [labelled(name, code) for code, name in definition.unit_names.items()]
    items = [labelled(name, code) for code, name in item_names(definition).items()]
    fields = list(dict.fromkeys(FIELDS[name] for kind in SUBJECTS.values() for name in kind.fields))
    subjects = chosen(SUBJECT, "选更正的是什么，各要写哪几栏见“填表说明”。", list(SUBJECT_NAMES.values()))
    return [
        Column("更正什么", 10, "blank_choice", subjects),
        Column("单位编码", 20, "blank_choice", chosen(UNIT, "从下拉列表中选被考核单位。", units)),
        Column("指标编码", 26, "blank_choice", chosen(ITEM, "选指标或事项；分组、任职留空。", items)),
        Column("考核期", 9, "blank_text"),
        Column("对象", 14, "blank_text"),
        Column("栏目", 13, "blank_choice", chosen(FIELD, "更正目标、事项、任职的选栏目，其余留空。", fields)),
        Column("原值", 11, "blank_text"),
        Column("更正为", 11, "blank_text"),
        Column("理由", 22, "blank_text"),
        Column("理由类别", 11, "blank_choice", chosen(REASON_CLASS, "留空即为录入错误。", list(REASON_CLASSES))),
        Column("依据文件", 20, "blank_text"),
        Column("申请人", 9, "blank_text"),
    ]


def _explained(definition: Definition) -> list[tuple[str, str, str, str, str]]:
    """What is written where, for each kind of correction."""
    groups = "、".join(group.name for group in definition.rulebook.groups)
    answers = {
        "target": "数；有无此项任务写“有”“无”",
        "claim": "级别写名称，如省级；数量只写数；文件写名称及文号",
        "mark": "分值，按打分时的写法",
        "group": f"组的名称：{groups}",
        "post": "日期，如 2025-05-18；份额如 50%",
    }
    rows = [(SUBJECT_NAMES[FIGURE], "选指标", "", "", "数，可以带计量单位；按季、按月报的写明考核期，如 2025Q3")]
    for code, kind in SUBJECTS.items():
        item = "选指标" if "indicator_code" in kind.key else ""
        fields = "、".join(FIELDS[name] for name in kind.fields) if len(kind.fields) > 1 else ""
        rows.append((SUBJECT_NAMES[code], item, OBJECTS.get(code, ""), fields, answers[code]))
    return rows
