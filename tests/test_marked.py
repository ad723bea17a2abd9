"""A sender's own workbook back: only what has to change has changed, and it can be opened as before."""

import io
import re
import zipfile
from xml.etree import ElementTree as ET

import pytest
import xlsxwriter
from bad_files import GOOD_ROWS, HEADER, parts_of, shared_text_workbook, with_part, workbook, zipped
from openpyxl.worksheet.worksheet import Worksheet
from returned_workbooks import (
    HEADING,
    boxes,
    changed_parts,
    comments,
    full_workbook,
    opened,
    red_cells,
    returned,
    sent_back,
    summary,
)

from intake.tables import RETURNED_SHEET
from reports.marked_markup import Unmarkable
from reports.marked_summary import SUMMARY
from reports.receipt_rows import Row

HOSTILE = "<b>&\"'=1+1\x00\u202e_x0041_]]>"


def test_only_the_parts_that_must_change_do() -> None:
    before = full_workbook()
    after = sent_back(before, [returned("D4"), returned("D5")])
    assert changed_parts(before, after) == {
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/worksheets/sheetKaohe1.xml",
    }


def test_of_the_sheet_only_the_styles_of_the_marked_cells_change() -> None:
    before = full_workbook()
    after = sent_back(before, [returned("D4"), returned("D5")])
    old, new = (parts_of(data)["xl/worksheets/sheet1.xml"].decode() for data in (before, after))
    undone = new
    for cell in ("D4", "D5"):
        was, now = (re.search(f'<c r="{cell}"[^>]*>', sheet) for sheet in (old, new))
        assert was
        assert now
        undone = undone.replace(now[0], was[0])
    assert undone == old


def test_a_workbook_without_comments_gets_the_parts_for_them() -> None:
    before = shared_text_workbook()
    after = sent_back(before, [returned("D2")])
    assert {"xl/commentsKaohe1.xml", "xl/drawings/vmlDrawingKaohe1.vml"} < changed_parts(before, after)
    assert comments(after) == {"数据!D2": "【核查】“约120”不是一个确切的数。\n怎么办：请只填一个数。"}
    assert boxes(after, "xl/drawings/vmlDrawingKaohe1.vml") == 1


def test_exactly_the_refused_cells_are_red_and_keep_their_format() -> None:
    after = sent_back(
        full_workbook(), [returned("D3"), returned("D4"), Row("提示", "数据", "D6", "5", "按。", "核对。")]
    )
    assert red_cells(after) == {"数据!D3", "数据!D4"}
    cell = opened(after)["数据"]["D3"]
    assert (cell.number_format, cell.value, cell.border.left.style) == ("0.00%", 0.982, "thin")
    assert not cell.protection.locked


def test_comments_of_the_sender_are_kept_and_ours_stands_below() -> None:
    told = comments(sent_back(full_workbook(), [returned("D4"), returned("D5")]))
    ours = "【核查】“约120”不是一个确切的数。\n怎么办：请只填一个数。"
    assert told == {
        "数据!A1": "标题批注",
        "数据!D4": ours,
        "数据!D5": f"我自己的批注\n{ours}",
        "填表说明!A1": "说明",
    }


def test_every_part_is_well_formed_and_nothing_points_into_the_void() -> None:
    after = parts_of(sent_back(full_workbook(), [returned("D4")]))
    for name, content in after.items():
        if name.endswith((".xml", ".rels", ".vml")):
            ET.fromstring(content)
    types = {one.get("PartName", "").lstrip("/") for one in ET.fromstring(after["[Content_Types].xml"])}
    assert {"xl/worksheets/sheetKaohe1.xml", "xl/comments1.xml"} <= types
    for one in ET.fromstring(after["xl/_rels/workbook.xml.rels"]):
        assert one.attrib["Target"].removeprefix("/").removeprefix("xl/") in {n.removeprefix("xl/") for n in after}


def test_counts_in_styles_are_right() -> None:
    styles = ET.fromstring(parts_of(sent_back(full_workbook(), [returned("D3"), returned("D4")]))["xl/styles.xml"])
    for collection in styles:
        assert int(collection.get("count", len(collection))) == len(collection)


def test_the_summary_lists_every_finding_with_a_link_to_its_cell() -> None:
    rows = [
        returned("D4"),
        Row("请核对", "填表说明", "A1", "", "没有填数。", "请补报。"),
        Row("提示", "", "", "", "整份。", "无。"),
    ]
    after = sent_back(full_workbook(), rows)
    page = opened(after)[SUMMARY]
    assert page["A1"].value == HEADING
    assert summary(after)[0][1:] == ["退回", "数据", "D4", "约120", "“约120”不是一个确切的数。", "请只填一个数。"]
    assert len(summary(after)) == 3
    links = [cell.hyperlink and cell.hyperlink.location for cell in page["D"][3:]]
    assert links == ["'数据'!D4", "'填表说明'!A1", None]
    assert SUMMARY == RETURNED_SHEET
    assert opened(after).sheetnames == ["数据", "填表说明", "_kaohe", SUMMARY]
    assert opened(after)["_kaohe"].sheet_state == "hidden"


def test_a_sheet_name_with_quotes_and_spaces_can_be_linked_to() -> None:
    name = "数 据's & <1>"
    after = sent_back(workbook(HEADER, *GOOD_ROWS, sheet=name), [returned("D2", sheet=name)])
    assert opened(after)[SUMMARY]["D4"].hyperlink.location == "'数 据''s & <1>'!D2"
    assert red_cells(after) == {f"{name}!D2"}


def test_text_from_outside_stays_text() -> None:
    row = Row("退回", "数据", "D2", HOSTILE, HOSTILE, "=HYPERLINK(1)")
    after = sent_back(workbook(HEADER, *GOOD_ROWS), [row])
    shown = HOSTILE.replace("\x00", "〔U+0000〕").replace("\u202e", "〔U+202E〕").replace("_x0041_", "_x005F_x0041_")
    line = opened(after)[SUMMARY][4]
    assert [cell.value for cell in line[4:7]] == [shown, shown, "=HYPERLINK(1)"]
    assert {cell.data_type for cell in line} == {"s"}
    assert comments(after)["数据!D2"] == f"【核查】{shown}\n怎么办：=HYPERLINK(1)"
    assert b"<f>" not in b"".join(parts_of(after).values())


def test_a_blank_cell_is_made_and_takes_the_style_of_its_column() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        page = book.add_worksheet("数据")
        page.set_column("B:B", 10, book.add_format({"num_format": "0.00", "locked": False}))
        page.write("A2", "T001")
        page.write("D2", 5)
    after = sent_back(stream.getvalue(), [returned("B2"), returned("E2"), returned("C9")])
    assert red_cells(after) == {"数据!B2", "数据!E2"}
    cell = opened(after)["数据"]["B2"]
    assert (cell.value, cell.number_format, cell.protection.locked) == (None, "0.00", False)
    assert opened(after)["数据"]["D2"].value == 5
    assert set(comments(after)) == {"数据!B2", "数据!E2", "数据!C9"}


def test_a_cell_that_a_merge_covers_is_marked_where_it_is_seen() -> None:
    def merge(page: Worksheet) -> None:
        page.merge_cells("D2:D3")

    after = sent_back(workbook(HEADER, *GOOD_ROWS, edit=merge), [returned("D3")])
    assert red_cells(after) == {"数据!D2"}
    assert list(comments(after)) == ["数据!D2"]


def test_several_findings_of_one_cell_stand_in_one_comment() -> None:
    after = sent_back(shared_text_workbook(), [returned("D2", "第一。"), returned("D2", "第二。")])
    assert comments(after)["数据!D2"] == "【核查】第一。\n怎么办：请只填一个数。\n第二。\n怎么办：请只填一个数。"


def test_names_with_prefixes_stay_what_they_are() -> None:
    """Some programs write every element with a prefix."""
    parts = parts_of(workbook(HEADER, *GOOD_ROWS))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    for name in ("xl/worksheets/sheet1.xml", "xl/styles.xml"):
        ET.register_namespace("x", main)
        parts[name] = ET.tostring(ET.fromstring(parts[name]), encoding="utf-8", xml_declaration=True)
        assert b"<x:" in parts[name]
    ET.register_namespace("", main)
    after = sent_back(zipped(parts), [returned("D2")])
    assert red_cells(after) == {"数据!D2"}
    assert list(comments(after)) == ["数据!D2"]


def test_returning_again_replaces_the_marks() -> None:
    before = full_workbook()
    first = sent_back(before, [returned("D4"), returned("D5")])
    second = sent_back(first, [returned("D5", "仍不是一个数。"), returned("D3")])
    assert red_cells(second) == {"数据!D3", "数据!D5"}
    told = comments(second)
    assert told["数据!D5"] == "我自己的批注\n【核查】仍不是一个数。\n怎么办：请只填一个数。"
    assert "数据!D4" not in told
    assert (boxes(before, "xl/drawings/vmlDrawing1.vml"), boxes(second, "xl/drawings/vmlDrawing1.vml")) == (2, 3)
    assert opened(second).sheetnames == opened(first).sheetnames
    assert [row[3] for row in summary(second)] == ["D5", "D3"]
    third = sent_back(second, [])
    assert (red_cells(third), comments(third)) == (set(), comments(before))
    assert boxes(third, "xl/drawings/vmlDrawing1.vml") == 2
    colours = [opened(data)["数据"]["D3"].fill.fgColor.rgb for data in (before, third)]
    assert colours == ["FFDDEBF7", "FFDDEBF7"]


def test_marks_come_off_a_workbook_that_a_program_has_saved_in_its_own_way() -> None:
    book = opened(sent_back(full_workbook(), [returned("D3"), returned("D4"), returned("D5")]))
    stream = io.BytesIO()
    book.save(stream)
    after = sent_back(stream.getvalue(), [returned("D4")])
    assert red_cells(after) == {"数据!D4"}
    assert comments(after)["数据!D5"] == "我自己的批注"
    assert opened(after)["数据"]["D3"].fill.fgColor.rgb == "FFDDEBF7"


def test_the_same_makes_the_same_bytes() -> None:
    rows = [returned("D4"), returned("D5")]
    assert sent_back(full_workbook(), rows) == sent_back(full_workbook(), rows)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/styles.xml", b"<styleSheet/>"),
        ("xl/styles.xml", b"<styleSheet>"),
        ("xl/worksheets/sheet1.xml", '<?xml version="1.0" encoding="UTF-16"?><worksheet/>'.encode("utf-16")),
        ("xl/worksheets/sheet1.xml", b'<?xml version="1.0" encoding="gb2312"?><worksheet/>'),
        ("xl/worksheets/sheet1.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'),
        ("xl/_rels/workbook.xml.rels", b"<Relationships/>"),
        ("xl/workbook.xml", b"<workbook"),
        ("xl/workbook.xml", b"<a>" * 100_000 + b"</a>" * 100_000),
    ],
)
def test_what_cannot_be_marked_without_risk_is_not_marked(part: str, content: bytes) -> None:
    with pytest.raises(Unmarkable):
        sent_back(with_part(workbook(HEADER, *GOOD_ROWS), part, content), [returned("D2")])


def test_no_workbook_is_no_workbook() -> None:
    with pytest.raises(Unmarkable):
        sent_back(b"PK\x03\x04", [returned("D2")])


def test_a_drawing_of_many_unclosed_shapes_costs_no_time() -> None:
    data = full_workbook()
    drawing = parts_of(data)["xl/drawings/vmlDrawing1.vml"].replace(b"</xml>", b"<v:shape " * 200_000 + b"</xml>")
    after = sent_back(with_part(data, "xl/drawings/vmlDrawing1.vml", drawing), [returned("D4")])
    assert zipfile.is_zipfile(io.BytesIO(after))
