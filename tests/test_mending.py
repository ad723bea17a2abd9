"""After what a comment asks for is done, the workbook passes: every refusable cause of a cell, there and back."""

import datetime
import io
from collections.abc import Callable
from typing import NamedTuple

import pytest
from bad_files import HEADER, csv_bytes, parts_of, saved, with_part, workbook
from intake_inbox import codes, read
from openpyxl.worksheet.worksheet import Worksheet
from returned_workbooks import comments, opened, red_cells, rows_of, sent_back
from test_intake_gallery import LAST_YEAR

from intake.causes import CELLS, REFUSED
from reports.marked_csv import SHEET, workbook_of_csv
from reports.receipt_rows import receipt_rows
from reports.rows import records

GRANTS = ["T001", "2025", "grants", 12]
CLAIMS = ["单位编码", "事项编码", "对象编号", "级别", "数量", "日期"]
PRIZE = ["T002", "prize", "p-1", "national", 1, "2025-09-30"]
MARKS = ["单位编码", "指标编码", "评委", "分值"]
SELF_SCORES = ["单位编码", "指标编码", "自评分"]
CORRECTIONS = ["单位编码", "指标编码", "考核期", "原值", "更正值", "更正原因"]
Edit = Callable[[Worksheet], None]


class Faulty(NamedTuple):
    """Rows of which one cell is refused for `code`, and what its comment asks to be done about it."""

    code: str
    rows: list[list[object]]
    mend: Edit
    sender: str = "stats"
    red: str = "D2"
    made: Edit | None = None
    received_at: str = "2026-01-10T09:00:00"


def put(cell: str, value: object) -> Edit:
    def mend(page: Worksheet) -> None:
        page[cell].number_format = "General"
        page[cell].value = value

    return mend


def without_row(number: int) -> Edit:
    return lambda page: page.delete_rows(number)


def figure(**changes: object) -> list[object]:
    row = dict(zip(("unit", "period", "code", "value"), GRANTS, strict=True)) | changes
    return list(row.values())


def merged(page: Worksheet) -> None:
    page.merge_cells("D2:D3")


def unmerged(page: Worksheet) -> None:
    page.unmerge_cells("D2:D3")
    page["D3"].value = 7


FAULTY = [
    Faulty("NUMBER", [HEADER, figure(value="约120")], put("D2", 120)),
    Faulty("NUMBER", [HEADER, figure(value="2-3家")], put("D2", "3")),
    Faulty("NUMBER_IS_DATE", [HEADER, figure(value=datetime.date(2025, 1, 12))], put("D2", 12)),
    Faulty("DIGITS", [HEADER, figure(value="1." + "3" * 31)], put("D2", 1.33)),
    Faulty("UNIT", [[*HEADER, "计量单位"], [*GRANTS, "公里"]], put("E2", "件")),
    Faulty("FORMULA_NO_VALUE", [HEADER, figure(value="=SUM(A9:A10)")], put("D2", 12)),
    Faulty("EXCEL_ERROR", [HEADER, figure(value="#DIV/0!")], put("D2", 12)),
    Faulty("MERGED", [HEADER, GRANTS, figure(unit="T002", value=None)], unmerged, made=merged),
    Faulty("NOT_DATA", [HEADER, GRANTS, ["合计", None, None, 12]], without_row(3), red="A3"),
    Faulty("STATUS", [[*HEADER, "类型"], [*GRANTS, "大概"]], put("E2", "实际"), red="E2"),
    Faulty("UNKNOWN_UNIT", [HEADER, figure(unit="T0O1")], put("A2", "T001"), red="A2"),
    Faulty("UNKNOWN_UNIT", [HEADER, figure(unit=3)], put("A2", "003"), red="A2"),
    Faulty("UNKNOWN_INDICATOR", [HEADER, figure(code="grant")], put("C2", "grants"), red="C2"),
    Faulty("NOT_YOUR_UNIT", [HEADER, GRANTS, figure(unit="T002")], without_row(3), sender="T001", red="A3"),
    Faulty("NOT_YOUR_INDICATOR", [HEADER, GRANTS, figure(code="visitors", period="2025Q1")], without_row(3), red="C3"),
    Faulty("PERIOD", [HEADER, figure(period="2025-13")], put("B2", "2025"), red="B2"),
    Faulty(
        "PERIOD_FUTURE",
        [HEADER, figure(code="contracts", period="2025-10")],
        put("B2", "2025-01"),
        red="B2",
        received_at="2025-03-01T09:00:00",
    ),
    Faulty("PERIOD_KIND", [HEADER, figure(code="contracts", period="2025Q1")], put("B2", "2025-01"), red="B2"),
    Faulty("PERIOD_AMBIGUOUS", [HEADER, figure(code="contracts", period="2025.1")], put("B2", "2025-10"), red="B2"),
    Faulty("CONFLICT", [HEADER, GRANTS, figure(value=13)], without_row(3)),
    Faulty("OBJECT", [CLAIMS, ["T001", "prize", None, "national"]], put("C2", "p-1"), sender="science", red="C2"),
    Faulty("CLAIM_DATE", [CLAIMS, [*PRIZE[:5], "昨天"]], put("F2", "2025-09-30"), sender="science", red="F2"),
    Faulty("JUDGE", [MARKS, ["T001", "opinion", None, 0.8]], put("C2", "甲"), sender="science", red="C2"),
    Faulty("LEVEL", [CLAIMS, [*PRIZE[:3], "世界级"]], put("D2", "provincial"), sender="science"),
    Faulty("PIECE", [CLAIMS[:3], ["T001", "works", "别的"]], put("C2", "规划"), sender="science", red="C2"),
    Faulty("MARK_RANGE", [MARKS, ["T001", "opinion", "甲", 1000]], put("D2", 0.8), sender="science"),
    Faulty("SELF_SCORE_RANGE", [SELF_SCORES, ["T001", "grants", 1000]], put("C2", 8), sender="T001", red="C2"),
    Faulty("REASON", [CORRECTIONS, ["T001", "output", None, 1, 2, None]], put("F2", "录入错误"), red="F2"),
    Faulty(
        "SUBJECT",
        [[*CORRECTIONS, "更正什么"], ["T001", "output", None, 1, 2, "漏计", None]],
        put("G2", "数据"),
        red="G2",
    ),
    Faulty(
        "REASON_CLASS",
        [[*CORRECTIONS, "原因类别"], ["T001", "output", None, 1, 2, "漏计", "别的"]],
        put("G2", "统计口径"),
        red="G2",
    ),
]


def test_every_cause_that_refuses_a_cell_is_mended_here() -> None:
    assert {one.code for one in FAULTY} | {"TEXT_TOO_LONG", "PERIOD_CLOSED"} == {
        code for code, cause in CELLS.items() if cause.outcome == REFUSED
    }


@pytest.mark.parametrize("faulty", FAULTY, ids=lambda faulty: faulty.code)
def test_a_workbook_mended_as_its_comments_say_passes(faulty: Faulty) -> None:
    sent = workbook(*faulty.rows, edit=faulty.made)
    reading = read((faulty.sender, "a.xlsx", sent), received_at=faulty.received_at)
    assert set(codes(reading)) == {faulty.code}
    back = sent_back(sent, rows_of(reading))
    assert f"数据!{faulty.red}" in red_cells(back)
    assert CELLS[faulty.code].what_to_do in comments(back)[f"数据!{faulty.red}"]
    again = read((faulty.sender, "a.xlsx", back), received_at=faulty.received_at)
    assert again.findings[["code", "cell", "raw"]].equals(reading.findings[["code", "cell", "raw"]])
    book = opened(back)
    faulty.mend(book["数据"])
    mended = read((faulty.sender, "a.xlsx", saved(book)), received_at=faulty.received_at)
    assert codes(mended) == []
    assert mended.files["accepted"].tolist() == mended.files["cells_read"].tolist()
    clean = sent_back(saved(book), rows_of(mended))
    assert (red_cells(clean), comments(clean)) == (set(), {})


def test_a_text_too_long_for_a_cell_comes_back_whole_and_passes_when_it_is_shorter() -> None:
    sent = workbook([*HEADER, "备注"], [*GRANTS, "a long note"])
    part, content = next((name, part) for name, part in parts_of(sent).items() if b"a long note" in part)
    sent = with_part(sent, part, content.replace(b"a long note", b"x" * 40_000))
    reading = read(("stats", "a.xlsx", sent))
    assert codes(reading) == ["TEXT_TOO_LONG"]
    back = sent_back(sent, rows_of(reading))
    assert b"x" * 40_000 in parts_of(back)[part]
    book = opened(back)
    book["数据"]["E2"].value = "短"
    assert codes(read(("stats", "a.xlsx", saved(book)))) == []


def test_what_comes_after_the_notice_is_for_a_correction_and_not_for_another_filing() -> None:
    rows = rows_of(read(("stats", "a.xlsx", workbook(HEADER, GRANTS)), closed_seq=10))
    assert [(row.degree, row.to_mend, row.what_to_do) for row in rows] == [
        ("不再接收", False, "如数据有误，请按更正程序申请更正。")
    ]


def test_a_held_cell_is_red_and_passes_when_mended() -> None:
    sent = workbook(HEADER, figure(code="rate", value=0.98))
    reading = read(("stats", "a.xlsx", sent), previous=LAST_YEAR)
    findings = reading.findings.assign(severity="held", accepted_by="", replaced_by="")
    back = sent_back(sent, receipt_rows(records(findings)))
    assert (codes(reading), red_cells(back)) == (["SUSPECT_FRACTION"], {"数据!D2"})
    book = opened(back)
    book["数据"]["D2"].value = "98%"
    mended = read(("stats", "a.xlsx", saved(book)), previous=LAST_YEAR)
    assert (codes(mended), mended.submitted_values["submitted_value"].tolist()) == ([], ["98"])


def test_a_blank_cell_is_told_of_and_not_red() -> None:
    reading = read(("stats", "a.xlsx", workbook(HEADER, GRANTS, figure(unit="T002", value="—"))))
    rows = rows_of(reading)
    assert [(row.degree, row.cell, row.to_mend) for row in rows] == [("请核对", "D3", False)]


def test_a_csv_comes_back_as_a_workbook_of_the_same_texts_that_can_be_sent_again() -> None:
    sent = csv_bytes(
        [*HEADER, "备注"], ["003", "2025", "grants", "约5", "=1+1"], ["T001", "2025", "grants", "12", "00012"]
    )
    reading = read(("stats", "a.csv", sent))
    assert codes(reading) == ["NUMBER"]
    rows = [row._replace(sheet=SHEET) for row in rows_of(reading)]
    columns = [
        (at, [1, 2, 3], list(texts))
        for at, texts in enumerate(
            zip(
                [*HEADER, "备注"],
                ["003", "2025", "grants", "约5", "=1+1"],
                ["T001", "2025", "grants", "12", "00012"],
                strict=True,
            )
        )
    ]
    back = sent_back(workbook_of_csv(columns), rows)
    assert back == sent_back(workbook_of_csv(columns), rows)
    page = opened(back)[SHEET]
    assert [cell.value for cell in page[2]] == ["003", "2025", "grants", "约5", "=1+1"]
    assert {cell.data_type for row in page.iter_rows() for cell in row} == {"s"}
    assert red_cells(back) == {"数据!D2"}
    book = opened(back)
    book[SHEET]["D2"].value = "5"
    mended = read(("stats", "a.xlsx", saved(book)))
    assert codes(mended) == []
    assert mended.submitted_values["submitted_value"].tolist() == ["5", "12"]
    assert mended.submitted_values["note"].tolist() == ["=1+1", "00012"]


def test_the_sheet_of_results_is_never_read_whatever_stands_in_it() -> None:
    book = opened(workbook(HEADER, GRANTS))
    page = book.create_sheet("核查结果")
    for row in (HEADER, figure(value=99)):
        page.append(row)
    reading = read(("stats", "a.xlsx", saved(book)))
    assert (codes(reading), reading.submitted_values["submitted_value"].tolist()) == ([], ["12"])
    alone = opened(workbook(HEADER, GRANTS))
    alone["数据"].title = "核查结果"
    assert codes(read(("stats", "a.xlsx", saved(alone)))) == ["EMPTY"]


def test_only_what_is_asked_for_is_in_the_returned_stream() -> None:
    """A returned workbook opens in a loading library and saves again without a word lost."""
    sent = workbook(HEADER, GRANTS, figure(unit="T002", value="约7"))
    back = sent_back(sent, rows_of(read(("stats", "a.xlsx", sent))))
    stream = io.BytesIO()
    opened(back).save(stream)
    assert (red_cells(stream.getvalue()), comments(stream.getvalue())) == (red_cells(back), comments(back))
