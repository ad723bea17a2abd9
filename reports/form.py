"""A fill-in workbook as a file: its sheets, its instructions, its stamp; the same inputs make the same bytes.

Here belongs the workbook as a whole. What is asked is `form_asked`, the sheets are in the other `form_*` modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from evaluation.forms import STAMP_SHEET, Stamp
from reports.form_asked import Asked, Recipient
from reports.form_figures import write_figures
from reports.form_instructions import write_instructions
from reports.form_matters import write_claims, write_marks, write_self_scores
from reports.form_rows import Lists
from reports.form_sheet import Head
from reports.rule_words import scoring_in_words
from reports.words import heading, long_date
from reports.workbook import options

LONGEST_NAME = 60
EXPLAINED = (("填报内容", 26.0), ("计量单位", 10.0), ("条款", 18.0), ("报送次数", 12.0), ("怎样计分", 64.0))
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
REPORTED = {"year": "全年一次", "quarter": "每季一次", "month": "每月一次"}


def file_name(asked: Asked, recipient: Recipient, taken: set[str]) -> str:
    """`2025年度_县统计局_填报表.xlsx`; a unit's own is a 自报表. Names that are taken get the code."""
    what = "填报表" if recipient.unit_code is None else "自报表"
    name = _UNSAFE.sub("＿", recipient.name).strip(". ")[:LONGEST_NAME] or recipient.code
    found = f"{asked.rulebook.cycle.year}年度_{name}_{what}.xlsx"
    if found in taken:
        found = f"{asked.rulebook.cycle.year}年度_{name}（{recipient.code}）_{what}.xlsx"
    return found


def is_asked_anything(asked: Asked, recipient: Recipient) -> bool:
    """Whether there is anything to fill in; a unit that only might claim or score itself gets a form as well."""
    return bool(asked.figures(recipient) or asked.matters(recipient) or asked.judged(recipient))


def write_form(path: Path, asked: Asked, recipient: Recipient) -> None:
    """Write the recipient's workbook."""
    rulebook = asked.rulebook
    title = heading(str(rulebook.title or rulebook.evaluation), "填报表" if recipient.unit_code is None else "自报表")
    head = Head(title, f"{recipient.name}〔{recipient.code}〕")
    formats: dict[str, Any] = {}
    with xlsxwriter.Workbook(str(path), options()) as book:
        book.set_properties({"title": title, "created": datetime.combine(rulebook.cycle.starts, time())})
        lists = Lists(book)
        write_figures(book, formats, asked, recipient, head)
        write_claims(book, formats, asked, recipient, head, lists)
        write_marks(book, formats, asked, recipient, head)
        if recipient.unit_code is not None:
            write_self_scores(book, formats, asked, asked.units[recipient.unit_code], head)
        general = list(_general(asked, recipient))
        write_instructions(book, formats, head, general, EXPLAINED, _explained(asked, recipient))
        lists.write()
        _write_stamp(book, asked, recipient)


def _write_stamp(book: Any, asked: Asked, recipient: Recipient) -> None:
    rulebook = asked.rulebook
    stamp = Stamp(rulebook.evaluation, recipient.code, str(rulebook.cycle.year), asked.definition.digest)
    page = book.add_worksheet(STAMP_SHEET)
    for row, (name, text) in enumerate(stamp._asdict().items()):
        page.write_string(row, 0, name)
        page.write_string(row, 1, text)
    page.protect()
    page.very_hidden()


def _general(asked: Asked, recipient: Recipient) -> Iterator[str]:
    rulebook = asked.rulebook
    document = f"（{rulebook.reference.document}）" if rulebook.reference else ""
    yield f"1. 依据：{rulebook.title or rulebook.evaluation}{document}。填报单位：{recipient.name}。"
    due = rulebook.calendar.submissions_due
    until = f"请于{long_date(due.isoformat())}前报送；" if due else ""
    yield (
        f"2. {until}按季、按月的每期结束后即填报该期，可多次报送同一份表，以最近一次按期报送的为准。"
        f"送考核办，放入报送文件夹“{recipient.code}”。"
    )
    yield "3. 只填浅色格，其余格已保护。灰色“不适用”的不填。确为零的填 0；没有数据的留空，不要填“无”“/”。"
    yield "4. 只填数，不带单位和文字；说明写入备注。佐证材料（pdf、jpg、png）放入报送文件夹中的“佐证”文件夹。"
    yield "5. 请直接在本表中填写，不要另做表格、改动表名，也不要转给别的单位用；办法修订后须领新表。"


def _explained(asked: Asked, recipient: Recipient) -> Iterator[tuple[str, str, str, str, str]]:
    """Each figure and matter once, with all items that read it."""
    rulebook = asked.rulebook
    unit = asked.units[recipient.unit_code] if recipient.unit_code else None
    whom = (unit.code, unit.group) if unit else ("", "")
    for figure in asked.figures(recipient):
        items = [place.item for place in figure.places]
        clauses = dict.fromkeys(place.chain[0].reference or "" for place in figure.places)
        told = [scoring_in_words(rulebook, item, *whom) for item in items]
        named = [f"{item.name}：{text}" if len(items) > 1 else text for item, text in zip(items, told, strict=True)]
        often = REPORTED[figure.frequency]
        yield figure.name, figure.unit_of_measure or "", "；".join(filter(None, clauses)), often, "\n".join(named)
    judged = [(place.item.code, place.item.name) for place in asked.judged(recipient)]
    matters = [(matter.code, matter.name) for matter in asked.matters(recipient)]
    vetoes = {veto.code: veto for veto in rulebook.vetoes}
    for code, name in [*matters, *judged]:
        if code in vetoes:
            yield name, "", vetoes[code].reference or "", "发生即报", "一票否决事项。"
        else:
            place = rulebook.place(code)
            unit_of_measure, clause = place.item.unit_of_measure or "", place.chain[0].reference or ""
            yield name, unit_of_measure, clause, "随时", scoring_in_words(rulebook, place.item, *whom)
