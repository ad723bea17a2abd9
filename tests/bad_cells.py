"""For every cause one file that is given it: the causes of whole files in `bad_files.py`, those of cells here.

A code of the closed list without a file here fails a test.
"""

from collections.abc import Iterator
from typing import NamedTuple

import openpyxl
from bad_files import (
    GOOD_ROWS,
    HEADER,
    csv_bytes,
    figure_xml,
    good_workbook,
    header_xml,
    parts_of,
    saved,
    text_cell,
    with_part,
    workbook,
    xml_workbook,
    zipped,
)
from openpyxl.worksheet.worksheet import Worksheet

FULL = [*HEADER, "计量单位", "类型", "单位名称", "备注"]
CLAIMS = ["单位编码", "事项编码", "对象编号", "级别", "数量", "日期"]
CORRECTIONS = ["单位编码", "指标编码", "更正值", "更正原因"]


class CellFile(NamedTuple):
    """A file that is read, in which `code` is found and a row comes to `outcome`."""

    code: str
    outcome: str
    data: bytes
    sender: str = "stats"
    name: str = "a.xlsx"


def figure_file(code: str, outcome: str, value: object, sender: str = "stats", **more: str) -> CellFile:
    row = [
        more.get("unit", "T001"),
        more.get("period", "2025"),
        more.get("indicator", "grants"),
        value,
        more.get("measured", ""),
        more.get("status", ""),
        more.get("name", ""),
        more.get("note", ""),
    ]
    return CellFile(code, outcome, workbook(FULL, row), sender)


def _stored(code: str, outcome: str, cell: str, formats: tuple[str, ...] = ()) -> CellFile:
    rows = header_xml() + figure_xml(2, cell).replace("grants", "rate")
    return CellFile(code, outcome, xml_workbook(rows, formats=formats))


def _numbers() -> Iterator[CellFile]:
    yield figure_file("NUMBER", "refused", "约120")
    yield figure_file("NUMBER_FORM", "accepted", "１２。５")
    yield _stored("NUMBER_IS_DATE", "refused", '<c r="D2" s="1"><v>45901</v></c>', ("yyyy-mm-dd",))
    yield _stored("NUMBER_IS_DATE", "refused", '<c r="D2" s="1"><v>0.25</v></c>', ("h:mm",))
    yield figure_file("DIGITS", "refused", "1" * 31)
    yield figure_file("UNIT", "refused", 5, measured="项")
    yield figure_file("UNIT_CONVERTED", "accepted", "0.32亿元", indicator="output")
    yield figure_file("SUSPECT_FRACTION", "held", 0.98, indicator="rate")
    yield figure_file("MISSING", "blank", "—")
    yield _stored("FORMULA", "accepted", '<c r="D2"><f>6*7</f><v>42</v></c>')
    yield _stored("FORMULA_NO_VALUE", "refused", '<c r="D2"><f>6*7</f></c>')
    yield _stored("EXCEL_ERROR", "refused", '<c r="D2" t="e"><v>#DIV/0!</v></c>')
    yield CellFile("EXCEL_ERROR", "refused", csv_bytes(HEADER, ["T001", "2025", "grants", "#N/A"]), name="a.csv")
    yield figure_file("EXCEL_ERROR", "refused", 5, unit="#N/A")
    yield figure_file("FORMULA_NO_VALUE", "refused", 5, unit='=VLOOKUP("青山镇",A:B,2,0)')
    yield figure_file("STATUS", "refused", 5, status="大概")


def _texts() -> Iterator[CellFile]:
    yield figure_file("ODD_CHARACTERS", "accepted", 5, note="1\u202e2")
    long = csv_bytes(FULL, ["T001", "2025", "grants", 5, "", "", "", "长" * 32_768])
    yield CellFile("TEXT_TOO_LONG", "refused", long, name="a.csv")
    yield figure_file("NAME_DIFFERS", "accepted", 5, name="白水镇")
    yield figure_file("ODD_CHARACTERS", "accepted", 5, note="专利\ufffd件")
    for total in ("合计", "合  计", "全县合计", "其中：工业"):
        yield CellFile("NOT_DATA", "refused", workbook(HEADER, *GOOD_ROWS, [total, "2025", "grants", 19]))
    yield CellFile("NOT_DATA", "refused", workbook(["单位名称", "grants"], ["青山镇", 12], ["合计", 12]))
    yield CellFile("NOT_DATA", "refused", workbook(["指标", "填报值"], ["grants", 12], ["合计", 12]), "T001")


def _keys() -> Iterator[CellFile]:
    yield figure_file("UNKNOWN_UNIT", "refused", 5, unit="Т001")
    yield figure_file("UNKNOWN_INDICATOR", "refused", 5, indicator="nothing")
    yield figure_file("NOT_YOUR_UNIT", "refused", 5, sender="T002")
    yield figure_file("NOT_YOUR_INDICATOR", "refused", 5, indicator="visitors")
    yield figure_file("PERIOD", "refused", 5, period="2025-13", indicator="contracts")
    yield figure_file("PERIOD_FUTURE", "refused", 5, period="2027")
    yield figure_file("PERIOD_KIND", "refused", 5, period="2025Q3")
    yield figure_file("PERIOD_AMBIGUOUS", "refused", 5, period="2025.1", indicator="contracts")
    yield figure_file("PERIOD_CLOSED", "refused", 5)
    yield CellFile("DUPLICATE_ROW", "duplicate", workbook(HEADER, *GOOD_ROWS, GOOD_ROWS[0]))
    yield CellFile("CONFLICT", "refused", workbook(HEADER, *GOOD_ROWS, ["T001", "2025", "grants", 13]))
    rows = header_xml() + figure_xml(2, '<c r="D2"><v>1</v></c>')
    below = f'<row r="3">{text_cell("B3", "2025")}{text_cell("C3", "output")}<c r="D3"><v>2</v></c></row>'
    lent = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    yield CellFile("MERGED_KEY", "accepted", xml_workbook(rows + below, after=lent))
    above = '<mergeCells><mergeCell ref="D1:D3"/></mergeCells>'
    yield CellFile("MERGED", "refused", xml_workbook(rows + below.replace('<c r="D3"><v>2</v></c>', ""), after=above))


def _matters() -> Iterator[CellFile]:
    yield CellFile("OBJECT", "refused", workbook(CLAIMS, ["T001", "prize", "", "national"]), "science")
    yield CellFile("DIGITS", "refused", workbook(CLAIMS, ["T001", "prize", 123456789012345000, "national"]), "science")
    yield CellFile("FORMULA_NO_VALUE", "refused", workbook(CLAIMS, ["T001", "prize", "=A1", "national"]), "science")
    yield CellFile("CLAIM_DATE", "refused", workbook(CLAIMS, ["T001", "prize", "p", "", 1, "昨天"]), "science")
    marks = workbook(["单位编码", "指标编码", "评委", "分值"], ["T001", "opinion", "", 1])
    yield CellFile("JUDGE", "refused", marks, "science")
    twice = [["T001", "opinion", "Ａ", 0.5], ["T001", "opinion", "A", 0.6]]
    yield CellFile("CONFLICT", "refused", workbook(["单位编码", "指标编码", "评委", "分值"], *twice), "science")
    marks = workbook(["单位编码", "指标编码", "评委", "分值"], ["T001", "opinion", "甲", 1000])
    yield CellFile("MARK_RANGE", "refused", marks, "science")
    yield CellFile("LEVEL", "refused", workbook(CLAIMS, ["T001", "prize", "p", "世界级"]), "science")
    yield CellFile("SUBJECT", "refused", workbook([*CORRECTIONS, "更正什么"], ["T001", "output", 2, "漏计", "奖金"]))
    yield CellFile("REASON", "refused", workbook(CORRECTIONS, ["T001", "output", 2, ""]))
    yield CellFile(
        "REASON_CLASS", "refused", workbook([*CORRECTIONS, "原因类别"], ["T001", "output", 2, "漏计", "别的"])
    )


def _notes() -> Iterator[CellFile]:
    good = csv_bytes(HEADER, *GOOD_ROWS)
    linked = with_part(good_workbook(), "xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    yield CellFile("EXTERNAL_LINK", "accepted", linked)
    connected = with_part(good_workbook(), "xl/connections.xml", b"<connections/>")
    yield CellFile("EXTERNAL_LINK", "accepted", connected)
    for reference in ("[1]Sheet1!A1", "'[另 表.xlsx]Sheet 1'!A1"):
        row = figure_xml(2, f'<c r="D2"><f>{reference}</f><v>1</v></c>')
        yield CellFile("EXTERNAL_LINK", "accepted", xml_workbook(header_xml() + row))
    encoded = csv_bytes([*HEADER, "备注"], [*GOOD_ROWS[0], "𠮷㐂"], encoding="gb18030")
    yield CellFile("OTHER_ENCODING", "accepted", encoded, name="a.csv")
    yield CellFile("OTHER_DELIMITER", "accepted", csv_bytes(HEADER, *GOOD_ROWS, delimiter=";"), name="a.csv")
    yield CellFile("EXTRA_COLUMN", "accepted", workbook([*HEADER, "村名"], [*GOOD_ROWS[0], "x"]))
    yield CellFile("HEADER_SPACES", "accepted", good.replace("数值".encode(), "数　值".encode()), name="a.csv")
    for blank in ([], [" ", "\u3000"]):
        yield CellFile("BLANK_ROWS", "accepted", workbook(HEADER, GOOD_ROWS[0], blank, GOOD_ROWS[1]))
    yield CellFile("HIDDEN_ROWS", "accepted", workbook(HEADER, *GOOD_ROWS, edit=_hide_row))
    yield CellFile("HIDDEN_SHEET", "accepted", _sheets("hidden"))
    yield CellFile("SHEET_NOT_READ", "accepted", _sheets("visible"))


def _hide_row(page: Worksheet) -> None:
    page.row_dimensions[3].hidden = True


def _sheets(state: str) -> bytes:
    book = openpyxl.Workbook()
    for title, rows in (("数据", [HEADER, *GOOD_ROWS]), ("草稿", [HEADER, *GOOD_ROWS])):
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    del book["Sheet"]
    book["草稿"].sheet_state = state
    return saved(book)


def cell_files() -> list[CellFile]:
    return [*_numbers(), *_texts(), *_keys(), *_matters(), *_notes()]


def accepted_files() -> Iterator[tuple[str, str, bytes]]:
    """(what it is, name, bytes) of files that are read like the good one, without refusing anything."""
    rows = header_xml() + figure_xml(2, '<c r="D2"><v>12</v></c>') + figure_xml(3, '<c r="D3"><v>7</v></c>', "T002")
    for extent in ("A1:A1", "A1:XFD1048576", "nonsense"):
        yield f"a dimension of {extent}", "a.xlsx", xml_workbook(rows, before=f'<dimension ref="{extent}"/>')
    order = [3, 0, 2, 1]
    turned = [[row[at] for at in order] for row in [HEADER, *GOOD_ROWS]]
    yield "columns in another order", "a.xlsx", workbook(*turned)
    yield "titles above", "a.xlsx", workbook(["青山县"], ["2025年"], HEADER, *GOOD_ROWS)
    far = '<row r="900000"><c r="XFD900000" t="str"><v> </v></c></row>'
    yield "a space far away", "a.xlsx", xml_workbook(rows + far)
    named = [["单位名称", "grants", "联系人", ""], ["青山镇", 12, "张三", ""], ["白水镇", 7, "", ""]]
    yield "a matrix with a column for people", "a.xlsx", workbook(*named)
    yield "a matrix in csv with an empty column", "a.csv", csv_bytes(*named)
    mixed = csv_bytes(HEADER, *GOOD_ROWS).replace(b"\r\n", b"\n", 1).replace(b"7\r\n", b"7\r")
    yield "line ends mixed", "a.csv", mixed
    parts = parts_of(good_workbook())
    yield "a zip without compression", "a.xlsx", zipped(parts, 0)
    for name in (
        "长" * 79 + ".csv",
        "../a.csv",
        "-rf $(reboot).csv",
        "%2f.csv",
        "<img src=x>.csv",
        "a\nb.csv",
        "\\xff.csv",
        "a.csv ",
    ):
        yield f"the name {name!r:.40}", name, csv_bytes(HEADER, *GOOD_ROWS)
