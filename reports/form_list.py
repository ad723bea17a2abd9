"""A list of figures: a row per unit, figure and period, for one unit or for figures of few units.

Here belongs the layout of that sheet. Its cells are in `form_cells`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evaluation.figures import Figure
from reports.form_asked import Asked, Unit, period_words
from reports.form_cells import REFERENCE_WIDTH, SHEET_NOTES, STATUS_RULE, reference, value_cell
from reports.form_sheet import HEADER_ROW, FormSheet, Head
from reports.workbook_widths import lines_needed

REFERENCES = ("目标", "力争", "上年", "上期")


def write_list(
    book: Any,
    formats: dict[str, Any],
    asked: Asked,
    rows: Sequence[tuple[Unit, Figure]],
    head: Head,
    name: str,
    *,
    with_units: bool = False,
) -> None:
    """A row per unit, figure and period; `with_units` where there are several units."""
    beside = [word for word in REFERENCES if any(_is_known(asked, unit, figure, word) for unit, figure in rows)]
    columns = [("单位编码", 8.0), ("单位名称", 16.0)] if with_units else []
    columns += [("指标编码", 12.0), ("指标名称", 28.0), ("计量单位", 9.0), ("考核期", 14.0)]
    columns += [(word, REFERENCE_WIDTH) for word in beside]
    columns += [("填报值", 12.0), ("类型", 8.0), ("备注", 18.0)]
    keys = 4 if with_units else 2
    sheet = FormSheet(book, name, head, [width for _, width in columns], keys=keys, formats=formats)
    for place, (word, _) in enumerate(columns):
        sheet.text(HEADER_ROW, place, word, "header")
    sheet.height(HEADER_ROW, 2)
    row = sheet.first_row
    for unit, figure in rows:
        for period in asked.periods(figure):
            if with_units:
                sheet.text(row, 0, unit.code, "centre")
                sheet.text(row, 1, unit.name)
            _list_row(sheet, row, keys - 2, asked, unit, figure, period, beside)
            row += 1
    sheet.close(row, SHEET_NOTES)


def _is_known(asked: Asked, unit: Unit, figure: Figure, word: str) -> bool:
    before = (asked.period_before(figure, period) for period in asked.periods(figure))
    return any(reference(asked, figure, unit.code, word, one) for one in before)


def _list_row(
    sheet: FormSheet,
    row: int,
    start: int,
    asked: Asked,
    unit: Unit,
    figure: Figure,
    period: str,
    beside: Sequence[str],
) -> None:
    sheet.text(row, start, figure.code, "code")
    sheet.text(row, start + 1, figure.name)
    sheet.text(row, start + 2, figure.unit_of_measure or "", "centre")
    sheet.text(row, start + 3, period_words(period), "centre")
    is_asked, before = asked.is_asked(figure, unit.code), asked.period_before(figure, period)
    for place, word in enumerate(beside, start=start + 4):
        sheet.number(row, place, reference(asked, figure, unit.code, word, before) if is_asked else "")
    place = start + 4 + len(beside)
    value_cell(sheet, row, place, asked, figure, unit)
    if is_asked:
        sheet.blank(row, place + 1, "blank_choice", STATUS_RULE, "实际")
        sheet.blank(row, place + 2, "blank_text")
    else:
        sheet.absent(row, place + 1)
        sheet.absent(row, place + 2)
    sheet.height(row, max(lines_needed(figure.name, 25), lines_needed(figure.code, 17)))
