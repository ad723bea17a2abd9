"""青山县的文件: how made-up files are written, byte for byte the same each time.

Here belong files of one row per figure, claim or mark. Official forms are in `qingshan_forms.py`, workbooks that an
office drew up itself in `qingshan_by_hand.py`.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter

FIGURES_HEADER = ["单位编码", "单位名称", "考核期", "指标编码", "指标名称", "数值", "计量单位", "类型", "备注"]
CLAIMS_HEADER = ["单位编码", "单位名称", "事项编码", "事项名称", "对象编号", "级别", "数量", "日期", "文件", "备注"]
MARKS_HEADER = ["单位编码", "单位名称", "指标编码", "指标名称", "评委", "分值"]


@dataclass(frozen=True)
class Filing:
    """One file of one sender, and the day on which it came in.

    `kept_as`: where it lies in the sender's folder of the example, when a later file has its name.
    """

    sender: str
    file: str
    data: bytes
    received: date
    kept_as: str = ""


def number_text(value: float, places: int) -> str:
    return f"{round(value, places):.{places}f}"


def csv_text(header: list[str], rows: Iterable[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def csv_file(header: list[str], rows: Iterable[list[str]], *, gbk: bool = False) -> bytes:
    """A csv as a spreadsheet program saves it: UTF-8 with its mark, or in the Chinese encoding."""
    text = csv_text(header, rows)
    return text.decode().encode("gb18030") if gbk else b"\xef\xbb\xbf" + text


def tidy_workbook(title: str, rows: list[list[str]], received: date) -> bytes:
    """The sheet 数据 with a title above its header, numbers as numbers."""
    number = FIGURES_HEADER.index("数值")
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.set_properties({"created": datetime(received.year, 1, 1)})
        sheet = book.add_worksheet("数据")
        sheet.write_string(0, 0, title)
        for at, cells in enumerate([FIGURES_HEADER, *rows], 1):
            for column, text in enumerate(cells):
                if column == number and text[:1].isdigit():
                    sheet.write_number(at, column, float(text))
                elif text:
                    sheet.write_string(at, column, text)
    return out.getvalue()
