"""The sheet of bonuses, penalties and vetoes (加分、扣分、否决清单): every matter, its document, what became of it.

Here belongs the layout. What the rows say does not (`claims`).
"""

from __future__ import annotations

from itertools import groupby

from reports.catalogue import Catalogue
from reports.claims import VETO, matters
from reports.harmless import shortened
from reports.workbook_looks import Book
from reports.workbook_sheet import Column, Sheet

NAME, WHAT = "加分扣分否决清单", "加分、扣分、否决事项清单"
COLUMNS = [
    Column("序号", 5, "centre"),
    Column("单位", 14),
    Column("类别", 6, "centre"),
    Column("事项", 18, over="事项"),
    Column("对象编号", 15, over="事项"),
    Column("级别", 8, "centre", "事项"),
    Column("数量", 7, "number", "事项"),
    Column("文件名称及文号", 26, over="依据"),
    Column("日期", 11, "centre", "依据"),
    Column("条款", 17, over="依据"),
    Column("分值", 7, "score", "计分"),
    Column("封顶后计分", 11, "score", "计分"),
    Column("是否采纳及理由", 28),
]
SCORE = 11


def write_claims(book: Book, names: Catalogue) -> None:
    """One row per matter; what all matters of a unit and item make after limits stands once beside them."""
    sheet = Sheet(book, NAME, WHAT, COLUMNS)
    rows = matters(book.edition, names)
    number = 0
    for _, group in groupby(rows, key=lambda one: one.about):
        start, of_item = sheet.row, list(group)
        for one in of_item:
            number += 1
            sheet.value(0, str(number))
            texts = [one.unit_name, one.kind, one.item_name, one.object_id, one.level]
            for place, text in enumerate(texts, start=1):
                sheet.text(place, shortened(text))
            sheet.value(6, one.quantity)
            for place, text in enumerate([one.document, one.date, one.clause], start=7):
                sheet.text(place, shortened(text))
            sheet.value(10, one.worth, book.edition.decimals)
            sheet.text(12, shortened(one.fate))
            _score(sheet, one.kind, of_item[0].score)
            sheet.next_row()
        if len(of_item) > 1:
            sheet.page.merge_range(start, SCORE, sheet.row - 1, SCORE, "", book.look("score"))
            _score(sheet, of_item[0].kind, of_item[0].score, start)
    sheet.close(
        [
            f"注：共 {len(rows)} 条。“分值”是细则对这一件写明的分；“封顶后计分”是该单位该事项各件合计、"
            "封顶以后实际计入的分；空白为无此情况，或该事项不按件计分。"
        ]
    )


def _score(sheet: Sheet, kind: str, score: str, row: int | None = None) -> None:
    at, sheet.row = sheet.row, sheet.row if row is None else row
    if kind == VETO:
        sheet.text(SCORE, score)
    else:
        sheet.value(SCORE, score, sheet.edition.decimals)
    sheet.row = at
