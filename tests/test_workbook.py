"""The workbook: official form, numbers as numbers, marks, state, and text that stays text."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from edition_cases import qingshan_edition
from editions import HEAD, long_edition, yuxi_edition
from openpyxl.cell import MergedCell

from reports.csv_files import indicator_scores, ranking
from reports.edition import Edition
from reports.workbook import write_scorecard, write_workbook
from reports.workbook_widths import display_width, lines_needed, sheet_names

UNITS = ["T001 城关镇", "T002 东河镇", "T003 西岭乡", "T004 南坪乡", "T005 北山乡", "D01 县科技局"]
ONLY = "同一事项只计最高级别，不另计"
LISTS = ["加分扣分否决清单", "党政领导得分表", "问题清单", "更正记录"]
SHEETS = ["汇总表（乡镇）", "汇总表（部门）", *UNITS, *LISTS]


def book_of(folder: Path, edition: Edition) -> Any:
    write_workbook(edition, folder / "scorecards.xlsx")
    return openpyxl.load_workbook(folder / "scorecards.xlsx")


def texts(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def row_of(sheet: Any, text: str, column: int = 2) -> list[Any]:
    return next(list(row) for row in sheet.iter_rows(min_row=5) if row[column - 1].value == text)


def widths_of(sheet: Any) -> dict[int, float]:
    """Width by column number; equal neighbours are stored as one range."""
    ranges = sheet.column_dimensions.values()
    return {place: one.width for one in ranges for place in range(one.min, one.max + 1)}


def test_sheets_are_those_of_the_official_set(tmp_path: Path) -> None:
    assert book_of(tmp_path, qingshan_edition()).sheetnames == SHEETS


def test_summary_has_the_official_columns_in_two_levels(tmp_path: Path) -> None:
    sheet = book_of(tmp_path, yuxi_edition())["汇总表"]
    upper, lower = texts(sheet)[2:4]
    heads = [below or above for above, below in zip(upper, lower, strict=True)]
    assert "|".join(heads) == "序号|单位|类别/分组|基础分|加分|扣分|总分|名次|等次|奖项|否决|备注"
    assert (upper[3], upper[7]) == ("得分", "评定")


def test_summary_prints_the_published_result_of_yuxi(tmp_path: Path) -> None:
    sheet = book_of(tmp_path, yuxi_edition())["汇总表"]
    rows = [row[:10] for row in texts(sheet)[4:13]]
    assert rows[0] == [1, "澄江县", "县区", 99.5, 4, 0, 103.5, 1, None, "一等奖"]
    assert [row[6] for row in rows] == [103.5, 94.5, 94, 92, 83.8, 83.5, 79.5, 77.8, 72]
    assert [row[7] for row in rows] == list(range(1, 10))


def test_scores_are_rounded_numbers_shown_with_the_decimals_of_the_rulebook(tmp_path: Path) -> None:
    one_decimal = row_of(book_of(tmp_path, yuxi_edition())["汇总表"], "通海县")
    two_decimals = row_of(book_of(tmp_path, qingshan_edition())["汇总表（部门）"], "县科技局")
    assert (one_decimal[6].value, one_decimal[6].number_format) == (94.5, "0.0")
    assert (two_decimals[6].value, two_decimals[6].number_format) == (-0.5, "0.00")


def test_provisional_scores_say_so_in_words(tmp_path: Path) -> None:
    total = row_of(book_of(tmp_path, qingshan_edition())["汇总表（乡镇）"], "城关镇")[6]
    assert (total.value, total.number_format) == (93.1, '0.00"（暂定）"')


def test_vetoed_unit_keeps_its_score_and_has_a_dash_for_rank(tmp_path: Path) -> None:
    row = [cell.value for cell in row_of(book_of(tmp_path, qingshan_edition())["汇总表（乡镇）"], "东河镇")]
    assert row[6:13] == [92, "-", "不合格", None, "弄虚作假", None, None]
    assert "不参加排名" in row[13]


def items(sheet: Any) -> dict[str, list[Any]]:
    """Rows of a unit's sheet by the name of the item."""
    return {row[2]: row for row in texts(sheet)[5:] if row[2]}


def test_items_show_marks_for_what_is_not_a_number(tmp_path: Path) -> None:
    book = book_of(tmp_path, qingshan_edition())
    first, second, third = (items(book[name]) for name in UNITS[:3])
    assert first["发明专利授权量"][3:11] == ["件", 40, 30, 33, "110.00%", None, 40, 0]
    assert first["引进高层次人才"][6] == 0
    assert second["发明专利授权量"][5:10] == [12.5, "—", None, None, 0]
    assert second["全社会研发投入"][6] == "待定"
    assert third["引进高层次人才"][5:11] == ["/", "/", None, None, "/", "/"]


def test_a_unit_has_the_official_columns(tmp_path: Path) -> None:
    upper, lower = texts(book_of(tmp_path, qingshan_edition())["T001 城关镇"])[3:5]
    heads = [below or above for above, below in zip(upper, lower, strict=True)]
    assert "|".join(heads) == (
        "序号|一级指标|二级指标|计量单位|标准分|目标值|完成值|完成率|自评分|考核分|扣分|扣分原因|数据来源|佐证|备注"
    )


def test_a_unit_says_whose_it_is_and_where_it_stands(tmp_path: Path) -> None:
    line = texts(book_of(tmp_path, qingshan_edition())["T001 城关镇"])[2]
    assert line[0] == "被考核单位：T001　城关镇（工业强镇）"
    assert line[-1] == "总分：93.10（暂定）　名次：第1名，共1个单位（上年第3名）　等次：优秀"


def test_self_scores_stand_beside_the_scores_and_are_added_up_with_them(tmp_path: Path) -> None:
    sheet = book_of(tmp_path, qingshan_edition())["T001 城关镇"]
    assert items(sheet)["全社会研发投入"][8:11] == [20, 19.69, 0.31]
    total = next(row for row in texts(sheet) if row[0] == "合　计")
    assert total[8:12] == [44.5, 93.1, 22.06, "基础分 88.10；加分 5.00；扣分 0.00；得分暂定"]


def test_a_reason_stands_only_where_points_were_lost_or_added(tmp_path: Path) -> None:
    rows = items(book_of(tmp_path, qingshan_edition())["T001 城关镇"])
    assert rows["全社会研发投入"][11] == "完成目标的 98.45%，扣 0.31 分"
    assert rows["科技奖励"][11] == "省级 1 项"
    assert rows["上年度研发投入"][11] is None


def test_evidence_names_the_cell_or_the_documents(tmp_path: Path) -> None:
    rows = items(book_of(tmp_path, qingshan_edition())["T001 城关镇"])
    assert rows["发明专利授权量"][13] == "统计局 2025.xlsx 数据 D3"
    assert rows["全社会研发投入"][13] == "更正（台账第205号）"
    assert rows["科技奖励"][13] == "浙科发〔2025〕9号；浙科发〔2025〕11号等3件"


def test_a_unit_may_object_and_sign(tmp_path: Path) -> None:
    said = "".join(row[0] for row in texts(book_of(tmp_path, qingshan_edition())["T002 东河镇"])[7:] if row[0])
    for word in ("异议及理由", "单位（盖章）", "签收人（签字）", "日期："):
        assert word in said


@pytest.mark.parametrize("over", [{"state": "定稿"}, {"state": "复核", "notice_until": "2026-01-19"}])
def test_nobody_is_asked_to_object_when_the_notice_is_over(tmp_path: Path, over: dict[str, str]) -> None:
    rows = texts(book_of(tmp_path, replace(qingshan_edition(), **over))["T002 东河镇"])
    said = "".join(str(row[0]) for row in rows)
    assert ("异议及理由" in said, "按更正程序申请更正" in said) == (False, True)


def test_sections_are_merged_downwards(tmp_path: Path) -> None:
    sheet = book_of(tmp_path, qingshan_edition())["T001 城关镇"]
    assert {"B6:B7", "B8:B9"} <= {str(merged) for merged in sheet.merged_cells.ranges}
    assert (sheet["B6"].value, sheet["B8"].value) == ("科技创新", "人才引育")


def test_numbers_are_those_of_the_published_tables(tmp_path: Path) -> None:
    edition = qingshan_edition()
    book = book_of(tmp_path, edition)
    units = {row["unit_code"]: row for row in ranking(edition).astype("object").fillna("").to_dict("records")}
    names = {place.item.code: place.item.name for place in edition.definition.rulebook.top_items()}
    for sheet in book.worksheets[:2]:
        for row in texts(sheet)[4:]:
            if isinstance(row[0], int):
                unit = next(one for one in units.values() if one["unit_name"] == row[1])
                shown = ["" if cell is None else cell for cell in row[3:10]]
                scores = [unit[name] for name in ("base_score", "bonus", "penalty")]
                scores.append(unit["total_score"] or "待定")
                assert shown[:4] == [as_number(score) for score in scores]
                assert shown[4:] == ["-" if unit["rank"] == "" else unit["rank"], unit["grade"], unit["award"]]
    compared = 0
    for one in indicator_scores(edition).astype("object").fillna("").to_dict("records"):
        sheet = next(book[name] for name in UNITS if name.startswith(one["unit_code"]))
        row = items(sheet)[names[one["indicator_code"]]]
        for place, column in ((4, "points"), (5, "target_value"), (6, "accepted_value"), (9, "indicator_score")):
            if one[column]:
                assert row[place] == as_number(one[column])
                compared += 1
    assert compared > 20


def as_number(text: str) -> float | str:
    return float(text) if re.fullmatch(r"-?[0-9.]+", text) else text


def test_claims_say_what_they_are_worth_and_what_became_of_them(tmp_path: Path) -> None:
    rows = texts(book_of(tmp_path, qingshan_edition())["加分扣分否决清单"])[4:]
    assert [row[1:6] + row[7:] for row in rows[:4]] == [
        [
            "城关镇",
            "加分",
            "科技奖励",
            "J1",
            "省级",
            "浙科发〔2025〕9号 第3页",
            "2025-05-06",
            None,
            3,
            5,
            "采纳（县统计局）",
        ],
        [
            "城关镇",
            "加分",
            "科技奖励",
            "J2",
            "国家级",
            "浙科发〔2025〕11号",
            "2025-06-01",
            None,
            5,
            None,
            "采纳：李娟，已核原件",
        ],
        ["城关镇", "加分", "科技奖励", "J2", "省级", "浙科发〔2025〕12号", "2025-06-02", None, 3, None, ONLY],
        ["城关镇", "加分", "科技奖励", "J3", "省级", None, "2025-07-01", None, 3, None, "没有文件依据，不计"],
    ]
    assert [row[-1] for row in rows[4:6]] == ["待核定（c5），未计分", "采纳（县统计局）"]
    assert rows[5][1:4] == ["东河镇", "否决", "弄虚作假"]
    assert rows[6][1:4] + rows[6][7:8] == ["西岭乡", "否决", "重大安全事故", "（按数据认定）"]


def test_the_summary_shows_last_years_place_and_leads_to_the_unit(tmp_path: Path) -> None:
    sheet = book_of(tmp_path, qingshan_edition())["汇总表（乡镇）"]
    assert [cell.value for cell in sheet[3][11:13]] == ["比上年", None]
    row = row_of(sheet, "城关镇")
    assert [cell.value for cell in row[11:13]] == [3, "升2位"]
    assert row[1].hyperlink.location == "'T001 城关镇'!A1"


def test_every_sheet_is_ready_to_print(tmp_path: Path) -> None:
    for sheet in book_of(tmp_path, replace(qingshan_edition(), adopted=False)):
        setup = sheet.page_setup
        assert (setup.paperSize, setup.orientation) == (9, "landscape")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert setup.fitToWidth in (None, 1)
        assert sheet.print_title_rows == ("$3:$5" if sheet.title in UNITS else "$3:$4")
        assert sheet.print_area.endswith(f"${sheet.max_row}")
        assert sheet.freeze_panes == ("A6" if sheet.title in UNITS else "A5")
        footer = sheet.oddFooter
        assert (footer.center.text, footer.right.text) == ("第 &P 页 共 &N 页", "试算稿 · 第 7 版 · 未下发")
        assert HEAD in footer.left.text


def test_a_long_table_takes_as_many_pages_as_it_needs(tmp_path: Path) -> None:
    book = book_of(tmp_path, long_edition(1, 60))
    assert [book[name].page_setup.fitToHeight for name in ("T00001 00001号镇人民政府", "更正记录")] == [0, None]


def test_every_sheet_says_state_version_and_ledger_head(tmp_path: Path) -> None:
    for sheet in book_of(tmp_path, replace(qingshan_edition(), adopted=False)):
        title, line = texts(sheet)[:2]
        assert title[0].startswith("2025年度青山县党政领导科技进步目标责任制考核")
        assert title[0].endswith("（试算稿）")
        assert line[0] == "试算稿 · 第 7 版 · 未下发"
        assert line[-1] == "数据截至：2026年1月20日"
        assert HEAD in texts(sheet)[-1][0]


def test_adopted_edition_does_not_say_that_it_is_not(tmp_path: Path) -> None:
    for sheet in book_of(tmp_path, qingshan_edition()):
        assert "未下发" not in str(texts(sheet))


def test_table_cells_have_thin_borders(tmp_path: Path) -> None:
    sheet = book_of(tmp_path, yuxi_edition())["汇总表"]
    cells = [cell for row in sheet["A3:L13"] for cell in row if not isinstance(cell, MergedCell)]
    assert len(cells) == 12 * 9 + 4 + 2 + 8
    for cell in cells:
        assert cell.border.left.style == cell.border.top.style == "thin"


def test_unapproved_correction_is_shown_as_unused(tmp_path: Path) -> None:
    rows = texts(book_of(tmp_path, qingshan_edition())["更正记录"])
    assert rows[4][:6] == [205, "城关镇", "全社会研发投入", "2025Q4", 3105.25, 3150.25]
    assert [row[10] for row in rows[4:6]] == ["赵强", "待批准（未采用）"]


def test_findings_name_sender_unit_figure_and_cell(tmp_path: Path) -> None:
    rows = texts(book_of(tmp_path, qingshan_edition())["问题清单"])
    assert rows[4][:9] == [1, "错误", "县统计局", "东河镇", "发明专利授权量", "统计局 2025.xlsx", "数据", "D4", "约120"]
    assert [row[1] for row in rows[4:7]] == ["错误", "警告", "提示"]


def test_text_from_outside_stays_text(tmp_path: Path) -> None:
    edition = qingshan_edition()
    hostile = ["=1+1", "http://example.org/", "123", "@SUM(A1)", "\x00\x1b\uffff", "长" * 40_000]
    findings = edition.findings.iloc[[0] * len(hostile)].assign(raw=hostile, message="=HYPERLINK(1)")
    sheet = book_of(tmp_path, replace(edition, findings=findings))["问题清单"]
    raw = [sheet.cell(row, 9) for row in range(5, 5 + len(hostile))]
    assert [cell.value for cell in raw[:4]] == hostile[:4]
    assert {cell.data_type for cell in raw} == {"s"}
    assert raw[4].value == "〔U+0000〕〔U+001B〕〔U+FFFF〕"
    assert raw[5].value.endswith("（全文见 csv）")
    assert sheet["J5"].data_type == "s"
    with zipfile.ZipFile(tmp_path / "scorecards.xlsx") as archive:
        parts = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in parts
    assert b"relationships/hyperlink" not in parts


def test_numbers_a_spreadsheet_cannot_keep_are_written_as_text(tmp_path: Path) -> None:
    edition = qingshan_edition()
    scores = edition.indicator_scores.assign(target_value="12345678901234567.1")
    sheet = book_of(tmp_path, replace(edition, indicator_scores=scores))["T001 城关镇"]
    assert sheet["F6"].value == "12345678901234567.1"


def test_the_same_edition_makes_the_same_bytes_again_and_again(tmp_path: Path) -> None:
    made = []
    for _ in range(3):
        write_workbook(qingshan_edition(), tmp_path / "scorecards.xlsx")
        made.append((tmp_path / "scorecards.xlsx").read_bytes())
    assert made[0] == made[1] == made[2]


def test_every_font_is_named(tmp_path: Path) -> None:
    book_of(tmp_path, qingshan_edition())
    with zipfile.ZipFile(tmp_path / "scorecards.xlsx") as archive:
        styles = archive.read("xl/styles.xml").decode()
    fonts = styles[styles.index("<fonts") : styles.index("</fonts>")]
    assert set(re.findall(r'<name val="([^"]+)"', fonts)) == {"宋体", "方正小标宋简体"}
    assert "<scheme" not in fonts


def test_no_clock_is_read(tmp_path: Path) -> None:
    book_of(tmp_path, qingshan_edition())
    with zipfile.ZipFile(tmp_path / "scorecards.xlsx") as archive:
        stamps = re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", archive.read("docProps/core.xml").decode())
        dates = {info.date_time for info in archive.infolist()}
    assert set(stamps) == {"2026-01-20T00:00:00Z"}
    assert dates == {(1980, 1, 1, 0, 0, 0)}


def test_numbers_never_outgrow_their_columns(tmp_path: Path) -> None:
    sheet = book_of(tmp_path, long_edition(2, 12))["T00001 00001号镇人民政府"]
    widths = widths_of(sheet)
    for row in sheet.iter_rows(min_row=5):
        for cell in row:
            if isinstance(cell.value, int | float):
                places = len(cell.number_format.split('"')[0].partition(".")[2])
                assert len(f"{cell.value:.{places}f}") < widths[cell.column]


def test_rows_are_high_enough_for_wrapped_reasons(tmp_path: Path) -> None:
    sheet = book_of(tmp_path, long_edition(1, 3))["T00001 00001号镇人民政府"]
    reason = sheet["L6"]
    assert lines_needed(reason.value, sheet.column_dimensions["L"].width) >= 2
    assert sheet.row_dimensions[6].height >= 27


def test_over_500_units_sheets_of_units_are_made_when_asked_for(tmp_path: Path) -> None:
    edition = long_edition(501, 1)
    book = book_of(tmp_path, edition)
    assert book.sheetnames == ["汇总表", "加分扣分否决清单", "问题清单", "更正记录"]
    assert texts(book["汇总表"])[504][1] == "00501号镇人民政府"
    write_scorecard(edition, "T00501", tmp_path / "one.xlsx")
    one = openpyxl.load_workbook(tmp_path / "one.xlsx")
    assert one.sheetnames == ["T00501 00501号镇人民政府"]
    assert [row[9] for row in texts(one.worksheets[0])[5:6]] == [9.84]


def test_over_500_units_the_summary_is_split_by_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.edition.DETAILED_UNITS", 5)
    book = book_of(tmp_path, qingshan_edition())
    assert book.sheetnames[:3] == ["汇总表（工业强镇）", "汇总表（生态乡镇）", "汇总表（部门）"]
    assert [row[1] for row in texts(book.worksheets[1])[4:7]] == ["南坪乡", "西岭乡", "北山乡"]


def test_a_unit_without_a_total_has_no_scorecard(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_scorecard(qingshan_edition(), "T999", tmp_path / "one.xlsx")


@pytest.mark.parametrize(
    ("wanted", "sheets"),
    [
        (["T01 甲[乙]/丙"], ["T01 甲乙丙"]),
        (["T01 " + "长" * 40], ["T01 " + "长" * 27]),
        (["T01 " + "𠮷" * 20], ["T01 " + "𠮷" * 13]),
        (["A" * 40 + " 甲", "a" * 41 + " 乙"], ["A" * 31, "2 " + "a" * 29]),
    ],
)
def test_names_of_sheets_are_short_enough_allowed_and_different(wanted: list[str], sheets: list[str]) -> None:
    assert list(sheet_names(dict(enumerate(wanted))).values()) == sheets


@pytest.mark.parametrize(("text", "width"), [("科技", 4), ("R&D", 3), ("第（1）项", 9), ("", 0)])
def test_chinese_characters_take_two_columns(text: str, width: int) -> None:
    assert display_width(text) == width
