from datetime import date, datetime

import openpyxl
import pytest
from bad_files import (
    GOOD_ROWS,
    HEADER,
    figure_xml,
    header_xml,
    parts_of,
    saved,
    shared_text_workbook,
    text_cell,
    with_part,
    workbook,
    xml_workbook,
    zipped,
)
from openpyxl.worksheet.worksheet import Worksheet

from intake.one_file import read_file
from intake.raw import BOOLEAN, DATE, ERROR, MERGED, NO_VALUE, NUMBER, RawFile, RawTable


def table(data: bytes) -> RawTable:
    read = read_file(data, "a.xlsx")
    assert read.outcome == "read", read.findings
    return read.tables[0]


def value(cell: str, formats: tuple[str, ...] = ()) -> tuple[str, str, str]:
    """Text, kind and formula of one value cell, written by hand."""
    read = table(xml_workbook(header_xml() + figure_xml(2, cell), formats=formats))
    kinds, formulas = read.kinds.get("value", [""]), read.formulas.get("value", [""])
    return read.texts["value"][0], kinds[0], formulas[0]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ('<c r="D2"><v>12</v></c>', ("12", NUMBER, "")),
        ('<c r="D2" t="n"><v>1.0049999999999999</v></c>', ("1.005", NUMBER, "")),
        ('<c r="D2"><v>1E3</v></c>', ("1000", NUMBER, "")),
        ('<c r="D2" t="b"><v>1</v></c>', ("TRUE", BOOLEAN, "")),
        ('<c r="D2" t="e"><v>#DIV/0!</v></c>', ("#DIV/0!", ERROR, "")),
        ('<c r="D2" t="d"><v>2025-09-30T00:00:00</v></c>', ("2025-09-30", DATE, "")),
        ('<c r="D2" t="str"><f>A1&amp;B1</f><v>x_x000D_y</v></c>', ("x\ry", "", "=A1&B1")),
        ('<c r="D2"><f>6*7</f><v>42</v></c>', ("42", NUMBER, "=6*7")),
        ('<c r="D2"><f>6*7</f></c>', ("=6*7", NO_VALUE, "=6*7")),
        ('<c r="D2"><f>6*7</f><v></v></c>', ("=6*7", NO_VALUE, "=6*7")),
        ('<c r="D2" t="str"><f>IF(A2="","",1)</f><v></v></c>', ("", "", "")),
        ('<c r="D2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', ("#DIV/0!", ERROR, "=1/0")),
        ('<c t="inlineStr"><is><r><t>1</t></r><r><t>2</t></r><rPh><t>x</t></rPh></is></c>', ("12", "", "")),
    ],
)
def test_cells_keep_text_kind_and_formula(cell: str, read: tuple[str, str, str]) -> None:
    assert value(cell) == read


@pytest.mark.parametrize(
    ("number_format", "stored", "read"),
    [
        ("0.00%", "0.98199999999999998", ("98.2%", NUMBER, "")),
        ("0&quot;%&quot;", "98.2", ("98.2", NUMBER, "")),
        ("[Red]0.0\\%", "98.2", ("98.2", NUMBER, "")),
        ("yyyy&quot;年&quot;m&quot;月&quot;", "45901", ("2025-09-01", DATE, "")),
        ("#,##0&quot;亩&quot;", "1234", ("1234", NUMBER, "")),
        ("General", "45901", ("45901", NUMBER, "")),
        ("h:mm", "0.25", ("06:00:00", DATE, "")),
        ("yyyy-mm-dd", "99999999", ("99999999", DATE, "")),
    ],
)
def test_a_number_is_read_by_its_format(number_format: str, stored: str, read: tuple[str, str, str]) -> None:
    assert value(f'<c r="D2" s="1"><v>{stored}</v></c>', (number_format,)) == read


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    book = openpyxl.Workbook()
    book.epoch = datetime(1904, 1, 1)
    book.active.append([*HEADER[:1], "考核期", *HEADER[2:]])
    book.active.append(["T001", date(2025, 9, 1), "grants", 1])
    assert table(saved(book)).texts["period"] == ["2025-09-01"]


@pytest.mark.parametrize("dimension", ["A1:B2", "A1:XFD1048576", "nonsense"])
def test_the_stated_extent_is_never_believed(dimension: str) -> None:
    rows = header_xml() + "".join(figure_xml(row, f'<c r="D{row}"><v>{row}</v></c>') for row in range(2, 9))
    data = xml_workbook(rows, before=f'<dimension ref="{dimension}"/>')
    assert table(data).texts["value"] == [str(row) for row in range(2, 9)]


def test_empty_cells_far_outside_are_nothing() -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    data = xml_workbook(header_xml() + figure_xml(2, '<c r="D2"><v>1</v></c>') + far)
    assert table(data).rows == [2]


def test_texts_in_a_part_of_their_own_are_read_like_inline_ones() -> None:
    assert table(shared_text_workbook()) == table(workbook(HEADER, *GOOD_ROWS))


def test_cells_and_rows_without_references_follow_each_other() -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("T001", "2025", "grants", "5"))
    assert table(xml_workbook(header_xml() + f"<row>{cells}</row>")).texts["value"] == ["5"]


@pytest.mark.parametrize(
    "rows",
    [
        header_xml() + header_xml(),
        header_xml(2) + figure_xml(1, '<c r="D1"><v>1</v></c>'),
        header_xml() + figure_xml(2, '<c r="C2"><v>1</v></c>'),
        header_xml() + figure_xml(2, '<c r="D3"><v>1</v></c>'),
        header_xml() + figure_xml(2, '<c r="D2" t="s"><v>7</v></c>'),
    ],
)
def test_a_sheet_that_contradicts_itself_is_corrupt(rows: str) -> None:
    assert [finding.code for finding in read_file(xml_workbook(rows), "a.xlsx").findings] == ["FILE_CORRUPT"]


def test_keys_merged_down_several_rows_are_lent_to_each() -> None:
    rows = (
        header_xml()
        + figure_xml(2, '<c r="D2"><v>1</v></c>')
        + f'<row r="3">{text_cell("B3", "2025")}{text_cell("C3", "output")}<c r="D3"><v>2</v></c></row>'
    )
    merged = table(xml_workbook(rows, after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'))
    assert merged.texts["unit_code"] == ["T001", "T001"]
    assert merged.kinds["unit_code"] == ["", MERGED]


def test_merges_that_overlap_for_ever_are_refused() -> None:
    rows = header_xml() + "".join(figure_xml(row, f'<c r="D{row}"><v>1</v></c>') for row in range(2, 60))
    merges = '<mergeCell ref="A1:XFD1048576"/>' * 5000
    read = read_file(xml_workbook(rows, after=f"<mergeCells>{merges}</mergeCells>"), "a.xlsx")
    assert [finding.code for finding in read.findings] == ["FILE_CORRUPT"]


def notes(read: RawFile) -> list[tuple[str, str]]:
    return [(finding.code, finding.detail) for finding in read.findings]


def test_hidden_rows_are_read_and_blank_ones_counted() -> None:
    def edit(page: Worksheet) -> None:
        page.row_dimensions[3].hidden = True
        page.append([])
        page.append(["003", "2025", "grants", 1])

    read = read_file(workbook(HEADER, *GOOD_ROWS, edit=edit), "a.xlsx")
    assert read.tables[0].rows == [2, 3, 5]
    assert notes(read) == [("HIDDEN_ROWS", "第 3 行"), ("BLANK_ROWS", "1")]


def test_a_hidden_sheet_gives_way_to_a_visible_one() -> None:
    book = openpyxl.Workbook()
    for page, rows in ((book.active, [["T001", "2025", "grants", 999]]), (book.create_sheet("表"), GOOD_ROWS)):
        for row in [HEADER, *rows]:
            page.append(row)
    book.active.sheet_state = "hidden"
    book.active = 1
    read = read_file(saved(book), "a.xlsx")
    assert [one.sheet for one in read.tables] == ["表"]
    assert [finding.code for finding in read.findings] == ["HIDDEN_SHEET"]


def test_the_sheet_with_the_right_name_is_chosen_and_others_are_noted() -> None:
    book = openpyxl.Workbook()
    for page in (book.active, book.create_sheet("数据"), book.create_sheet("填报说明")):
        for row in [["说明"]] if page.title == "填报说明" else [HEADER, *GOOD_ROWS]:
            page.append(row)
    read = read_file(saved(book), "a.xlsx")
    assert [one.sheet for one in read.tables] == ["数据"]
    assert notes(read) == [("SHEET_NOT_READ", "Sheet"), ("SHEET_NOT_READ", "填报说明")]


def test_rows_far_apart_are_read_without_those_between() -> None:
    far_apart = workbook(HEADER, *GOOD_ROWS, edit=lambda page: page.cell(9000, 1, "T001") and None)
    assert table(far_apart).rows == [2, 3, 9000]


def test_one_text_in_very_many_cells_is_too_big() -> None:
    long = "x" * 30_000
    cells = "".join('<row><c t="s"><v>0</v></c></row>' for _ in range(3_500))
    data = with_part(
        xml_workbook(header_xml() + cells), "xl/sharedStrings.xml", f"<sst><si><t>{long}</t></si></sst>".encode()
    )
    assert [finding.code for finding in read_file(data, "a.xlsx").findings] == ["TOO_BIG"]


@pytest.mark.parametrize(
    "hostile",
    [
        "<row>" * 100_000,
        "<row>" * 100_000 + "</row>" * 100_000,
        '<c r="A1"/>' * 100_000,
        f'<row r="1"><c r="A1" t="inlineStr"><is>{"<r>" * 50_000}{"</r>" * 50_000}</is></c></row>',
    ],
)
def test_hostile_markup_has_an_answer(hostile: str) -> None:
    assert read_file(xml_workbook(hostile), "a.xlsx").outcome == "quarantined"


def test_a_number_format_cannot_keep_the_reader_busy() -> None:
    assert value('<c r="D2" s="1"><v>1</v></c>', ("[" * 100_000,)) == ("1", NUMBER, "")


def test_one_part_shown_as_many_sheets_is_corrupt() -> None:
    parts = parts_of(xml_workbook(header_xml()))
    relations = parts["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", b"")
    again = relations[relations.index(b"<Relationship ") :].replace(b"rId1", b"rId2")
    data = zipped({**parts, "xl/_rels/workbook.xml.rels": relations + again + b"</Relationships>"})
    assert [finding.code for finding in read_file(data, "a.xlsx").findings] == ["FILE_CORRUPT"]
