"""青山县各部门自己做的表: matrix workbooks as offices drew them up before there were forms; no codes, no stamp."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

Cells = Mapping[tuple[str, str], str]  # by unit and column, or by unit and indicator
_LINE = {"font_name": "宋体", "font_size": 11, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
_TITLE = {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}


class _Page:
    """The one sheet of such a workbook, with its title merged over all columns."""

    def __init__(self, out: io.BytesIO, title: str, office: str, widths: Sequence[float], received: date) -> None:
        self.book = xlsxwriter.Workbook(out, {"in_memory": True})
        self.book.set_properties({"created": datetime(received.year, 1, 1)})
        self.sheet: Any = self.book.add_worksheet("Sheet1")
        self.line, number = self.book.add_format(_LINE), self.book.add_format(_LINE | {"align": "right"})
        self.number = number
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        last = len(widths) - 1
        self.sheet.merge_range(0, 0, 0, last, title, self.book.add_format(_TITLE))
        self.sheet.set_row(0, 30)
        told = f"填报单位：{office}　　　　{received.year}年{received.month}月{received.day}日"
        self.sheet.merge_range(1, 0, 1, last, told, self.book.add_format({"font_name": "宋体", "align": "right"}))

    def write(self, row: int, column: int, text: str) -> None:
        if text.replace(".", "", 1).isdigit():
            self.sheet.write_number(row, column, float(text), self.number)
        else:
            self.sheet.write_string(row, column, text, self.line)

    def across(self, row: int, first: int, last: int, text: str) -> None:
        if first == last:
            self.write(row, first, text)
        else:
            self.sheet.merge_range(row, first, row, last, text, self.line)


def units_by_columns(
    title: str,
    office: str,
    period: str,
    columns: Sequence[str],
    names: Mapping[str, str],
    cells: Cells,
    received: date,
) -> bytes:
    """A row per unit, by its name, a column per indicator below their period; a total below the rows."""
    out, last = io.BytesIO(), len(columns) + 2
    page = _Page(out, title, office, [6, 16, *[18] * len(columns), 16], received)
    for column, text in ((0, "序号"), (1, "乡镇"), (last, "备注")):
        page.sheet.merge_range(2, column, 3, column, text, page.line)
    page.across(2, 2, last - 1, period)
    for column, text in enumerate(columns, 2):
        page.write(3, column, text)
    for row, (unit, name) in enumerate(names.items(), 4):
        values = [cells.get((unit, column), "") for column in columns]
        for column, text in enumerate([str(row - 3), name, *values, ""]):
            page.write(row, column, text)
    below = len(names) + 4
    for column, text in enumerate(["", "合计", *(_total(column, names, cells) for column in columns), ""]):
        page.write(below, column, text)
    page.sheet.write_string(below + 1, 0, "填表人：　　　　　　审核人：　　　　　　联系电话：")
    page.book.close()
    return out.getvalue()


def _total(column: str, units: Iterable[str], cells: Cells) -> str:
    """The sum; shares have none."""
    return "—" if "%" in column else f"{sum(float(cells.get((unit, column), 0)) for unit in units):.2f}"


def units_over_rows(
    title: str, office: str, period: str, rows: Mapping[str, Sequence[tuple[str, str]]], received: date
) -> bytes:
    """A row per unit and indicator; the unit's name is merged down over its rows."""
    out = io.BytesIO()
    page = _Page(out, title, office, [16, 30, 14], received)
    for column, text in enumerate(["乡镇", "指标名称", period]):
        page.write(2, column, text)
    row = 3
    for name, values in rows.items():
        if len(values) > 1:
            page.sheet.merge_range(row, 0, row + len(values) - 1, 0, name, page.line)
        else:
            page.write(row, 0, name)
        for indicator, value in values:
            page.write(row, 1, indicator)
            page.write(row, 2, value)
            row += 1
    page.book.close()
    return out.getvalue()
