"""Workbooks with all that a loading library loses, and the look into what comes back: for the receipts' tests."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable

import openpyxl
import xlsxwriter
from bad_files import parts_of
from openpyxl.workbook import Workbook

from intake.reading import Reading
from reports.marked import marked_workbook
from reports.marked_styles import RED
from reports.receipt_rows import Row, receipt_rows
from reports.rows import records

HEADING = "青山县2025年度考核核查结果（台账第 11 号）"


def full_workbook() -> bytes:
    """Pictures, text boxes, buttons, charts, rich text, validation, conditional formats, protection, comments…"""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        page, other, stamp = (book.add_worksheet(name) for name in ("数据", "填表说明", "_kaohe"))
        stamp.hide()
        stamp.write_row(0, 0, ["qingshan-2025", "stats"])
        bold = book.add_format({"bold": True, "bg_color": "#FFE699"})
        percent = book.add_format({"num_format": "0.00%", "bg_color": "#DDEBF7", "border": 1, "locked": False})
        red = book.add_format({"font_color": "red"})
        page.merge_range(0, 0, 0, 4, "青山县科技指标", bold)
        page.write_row(1, 0, ["单位编码", "考核期", "指标编码", "数值", "备注"], bold)
        rows = [("T001", "rate", 0.982), ("T001", "grants", "约120"), ("T002", "grants", "12件3"), ("003", "grants", 5)]
        for row, (unit, code, value) in enumerate(rows, start=2):
            page.write_row(row, 0, [unit, "2025", code])
            page.write(row, 3, value, percent if row == 2 else bold if row == 4 else None)
        page.write_rich_string(5, 4, "甲 ", bold, "乙", red, " 丙")
        page.write_url("E3", "https://example.org/")
        page.write_comment("D5", "我自己的批注")
        page.write_comment("A1", "标题批注")
        other.write_comment("A1", "说明")
        page.data_validation("D3:D20", {"validate": "decimal", "criteria": ">=", "value": 0})
        page.conditional_format("D3:D20", {"type": "data_bar"})
        page.conditional_format("A3:A20", {"type": "formula", "criteria": '=$A3="T001"', "format": red})
        page.insert_image("H2", "seal.png", {"image_data": io.BytesIO(_png())})
        page.insert_textbox("H10", "印章")
        page.insert_button("H20", {"caption": "按钮"})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=数据!$D$3:$D$6"})
        page.insert_chart("K2", chart)
        page.protect("secret")
        page.set_column(3, 3, 22)
        page.freeze_panes(2, 0)
        page.print_area("A1:E10")
        page.set_header("&C青山县")
        book.define_name("区域", "=数据!$A$1")
    return stream.getvalue()


def _png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0\xc8\x1e\x1e"))
        + chunk(b"IEND", b"")
    )


def returned(cell: str, message: str = "“约120”不是一个确切的数。", sheet: str = "数据") -> Row:
    return Row("退回", sheet, cell, "约120", message, "请只填一个数。")


def rows_of(reading: Reading, at: int = 0) -> list[Row]:
    """The findings on one of the files read, as its sender is told of them."""
    findings = reading.findings
    own = findings[findings["sha256"] == reading.files["sha256"].iloc[at]]
    return receipt_rows(records(own.assign(accepted_by="", replaced_by="")))


def sent_back(data: bytes, rows: Iterable[Row]) -> bytes:
    return marked_workbook(data, list(rows), HEADING)


def changed_parts(before: bytes, after: bytes) -> set[str]:
    """Parts that differ or are new; none may be gone, nor stand in another order."""
    old, new = parts_of(before), parts_of(after)
    assert list(new)[: len(old)] == list(old)
    return {name for name, content in new.items() if old.get(name) != content}


def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def red_cells(data: bytes) -> set[str]:
    """`sheet!cell` of every red cell."""
    return {
        f"{page.title}!{cell.coordinate}"
        for page in opened(data)
        for row in page.iter_rows()
        for cell in row
        if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == RED
    }


def comments(data: bytes) -> dict[str, str]:
    """Texts by `sheet!cell`."""
    return {
        f"{page.title}!{cell.coordinate}": cell.comment.text
        for page in opened(data)
        for row in page.iter_rows()
        for cell in row
        if cell.comment
    }


def boxes(data: bytes, part: str) -> int:
    """Boxes of comments in a drawing."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(part).count(b'ObjectType="Note"')


def summary(data: bytes) -> list[list[object]]:
    """The rows of `核查结果` below its header."""
    return [[cell.value for cell in row] for row in opened(data)["核查结果"].iter_rows(min_row=4)]


def findings_of(*rows: tuple[str, str, str, str, str, str, str]) -> list[dict[str, str]]:
    """(code, severity, sheet, cell, raw, message, what_to_do)"""
    names = ["code", "severity", "sheet", "cell", "raw", "message", "what_to_do"]
    return [{"accepted_by": "", "replaced_by": ""} | dict(zip(names, row, strict=True)) for row in rows]
