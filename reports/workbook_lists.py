"""The list sheets: findings, corrections, officials.

Here belongs what stands in their cells. The official form does not (`workbook_sheet`).
"""

from __future__ import annotations

from reports.catalogue import Catalogue
from reports.corrections import corrections_with_names
from reports.csv_files import official_scores
from reports.harmless import shortened
from reports.listings import gravest_first
from reports.rows import rows_of
from reports.words import OFFICIAL_STATES, ROLES
from reports.workbook_looks import Book
from reports.workbook_sheet import Column, Sheet

FINDINGS_SHOWN = 5_000


def write_findings(book: Book, names: Catalogue) -> None:
    """问题清单, gravest first; where there are very many, the rest stands in findings.csv."""
    columns = [
        Column("序号", 6, "centre"),
        Column("程度", 7, "centre"),
        Column("报送单位", 16),
        Column("单位", 14, over="涉及"),
        Column("数据", 20, over="涉及"),
        Column("文件", 22, over="所在位置"),
        Column("工作表", 11, over="所在位置"),
        Column("单元格", 8, "centre", "所在位置"),
        Column("原值", 16),
        Column("问题", 40),
        Column("处理办法", 32),
    ]
    sheet = Sheet(book, "问题清单", "问题清单", columns)
    rows = gravest_first(book.edition.findings, names)
    for number, one in enumerate(rows_of(rows.head(FINDINGS_SHOWN)), start=1):
        sheet.value(0, str(number))
        _texts(sheet, 1, [one.severity_name, one.sender_name, one.unit_name, one.figure_name])
        _texts(sheet, 5, [one.file, one.sheet, one.cell, one.raw, one.message, one.what_to_do])
        sheet.next_row()
    rest = len(rows) - FINDINGS_SHOWN
    more = f"共 {len(rows)} 条" + (f"，此处列出前 {FINDINGS_SHOWN} 条，其余见 findings.csv" if rest > 0 else "")
    sheet.close([f"注：{more}。"])


def write_corrections(book: Book, names: Catalogue) -> None:
    """更正记录; a correction that nobody approved yet is shown and said to be unused."""
    columns = [
        Column("台账序号", 9, "centre"),
        Column("单位", 16),
        Column("数据", 24),
        Column("考核期", 10, "centre"),
        Column("原值", 12, "number"),
        Column("更正为", 12, "number"),
        Column("理由类别", 11, "centre", "理由"),
        Column("说明", 30, over="理由"),
        Column("依据文件", 22),
        Column("申请人", 10, "centre"),
        Column("批准人", 16, "centre"),
    ]
    sheet = Sheet(book, "更正记录", "更正记录", columns)
    for one in rows_of(corrections_with_names(book.edition.definition, book.edition.corrections, names)):
        sheet.value(0, str(one.seq))
        _texts(sheet, 1, [one.unit_name, one.figure_name, one.period])
        sheet.value(4, one.old_value)
        sheet.value(5, one.new_value)
        _texts(sheet, 6, [one.reason_class, one.reason, one.document, one.requested_by])
        sheet.text(10, one.approved_by or ("不予批准" if one.rejected_by else "待批准（未采用）"))
        sheet.next_row()
    sheet.close([f"注：共 {len(book.edition.corrections)} 条。更正只追加、不覆盖，原报送值保留可查。"])


def write_officials(book: Book, names: Catalogue) -> None:
    """党政领导得分表, where the rulebook assesses officials."""
    rows = official_scores(book.edition)
    if rows.empty:
        return
    columns = [
        Column("序号", 6, "centre"),
        Column("单位", 20),
        Column("职务", 14, "centre"),
        Column("姓名", 12, "centre"),
        Column("任职起", 12, "centre", "考核年度内任职"),
        Column("任职止", 12, "centre", "考核年度内任职"),
        Column("天数", 8, "score", "考核年度内任职"),
        Column("得分", 10, "score"),
        Column("备注", 24),
    ]
    sheet = Sheet(book, "党政领导得分表", "党政领导得分表", columns)
    posts = rows.rename(columns={"from": "starts", "to": "ends"})
    for number, one in enumerate(rows_of(posts), start=1):
        sheet.value(0, str(number))
        unit = names.units.get(one.unit_code, one.unit_code)
        _texts(sheet, 1, [unit, ROLES.get(one.role, one.role), one.name, one.starts, one.ends or "在任"])
        sheet.value(6, str(one.days))
        sheet.value(7, one.score, book.edition.decimals)
        sheet.text(8, "" if one.state == "scored" else OFFICIAL_STATES.get(one.state, one.state))
        sheet.next_row()
    sheet.close(["注：同一职务先后任职的，各按所在单位得分和任职天数计；任职不足规定天数的不考核。"])


def _texts(sheet: Sheet, start: int, texts: list[str]) -> None:
    for place, text in enumerate(texts, start=start):
        sheet.text(place, shortened(str(text)))
