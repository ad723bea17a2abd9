"""The matrix form, made by hand: which cells become figures, and which never do."""

import io
import itertools
from typing import Any

import openpyxl
import pandas as pd
import pytest
from bad_files import HEADER, csv_bytes, saved, workbook
from intake_inbox import RULEBOOK, codes, read
from openpyxl.worksheet.worksheet import Worksheet

from intake.one_file import read_file
from intake.reading import Reading


def sent(
    *rows: list[object], sender: str = "stats", sheet: str = "数据", rulebook: str = RULEBOOK, **more: Any
) -> Reading:
    return read((sender, "a.xlsx", workbook(*rows, sheet=sheet, **more)), rulebook=rulebook)


def values(reading: Reading) -> list[tuple[str, ...]]:
    frame = reading.submitted_values.astype(object).where(reading.submitted_values.notna(), None)
    columns = ["unit_code", "indicator_code", "period", "submitted_value", "cell"]
    return list(frame.loc[frame["outcome"] == "accepted", columns].itertuples(index=False, name=None))


def test_units_by_indicators_are_read_cell_by_cell() -> None:
    reading = sent(
        ["单位编码", "单位名称", "grants", "output"], ["T001", "青山镇", 12, 3.5], ["T002", "白水镇", 7, None]
    )
    assert values(reading) == [
        ("T001", "grants", "2025", "12", "C2"),
        ("T002", "grants", "2025", "7", "C3"),
        ("T001", "output", "2025", "3.5", "D2"),
    ]
    (file,) = reading.files.to_dict("records")
    assert (file["cells_read"], file["accepted"], file["blank"]) == (4, 3, 1)
    assert codes(reading) == []


def test_names_stand_for_codes_where_they_mean_exactly_one() -> None:
    reading = sent(["单位", "发明专利授权量（件）"], ["老青山", 12], ["白水镇", 7])
    assert values(reading) == [("T001", "grants", "2025", "12", "B2"), ("T002", "grants", "2025", "7", "B3")]


def test_a_name_that_means_nobody_is_refused_once() -> None:
    reading = sent(["单位", "发明专利授权量", "output"], ["青水镇", 12, 1], ["白水镇", 7, 2])
    assert [value[0] for value in values(reading)] == ["T002", "T002"]
    (finding,) = reading.findings.to_dict("records")
    assert (finding["code"], finding["cell"], finding["raw"]) == ("UNKNOWN_UNIT", "A2", "青水镇")


def test_a_heading_that_means_no_indicator_is_refused_once_at_its_own_cell() -> None:
    reading = sent(["单位编码", "发明专利", "grants"], ["T001", 12, 1], ["T002", 7, 2])
    assert [value[1] for value in values(reading)] == ["grants", "grants"]
    (finding,) = reading.findings.to_dict("records")
    assert (finding["code"], finding["cell"], finding["raw"]) == ("UNKNOWN_INDICATOR", "B1", "发明专利")
    assert reading.files["refused"].tolist() == [2]


def test_columns_and_rows_that_help_are_no_figures() -> None:
    rows = [
        ["序号", "单位编码", "目标", "上年", "grants", "完成率", "备注"],
        [1, "T001", 10, 9, 12, "120%", "已核"],
        [2, "T002", 10, 8, 7, "70%", None],
        [None, "合计", 20, 17, 19, None, None],
        [None, "填表人：张三", None, None, "2026年1月5日", None, None],
    ]
    reading = sent(*rows)
    assert [(value[0], value[3]) for value in values(reading)] == [("T001", "12"), ("T002", "7")]
    assert codes(reading) == ["ROWS_NOT_READ", "EXTRA_COLUMN", "NOT_DATA"]
    assert "第 5 行（填表人：张三）" in reading.findings["message"][0]
    assert "：完成率。" in reading.findings["message"][1]
    assert reading.findings["cell"].tolist()[1:] == ["F1", "B4"]
    assert reading.files[["accepted", "refused"]].iloc[0].tolist() == [2, 1]
    assert reading.submitted_values["note"].tolist()[0] == "已核"


def named(name: str) -> str:
    """The rulebook in which an indicator of the statistics office bears that name."""
    return RULEBOOK.replace("{code: rate,", f"{{code: rate, name: {name},")


@pytest.mark.parametrize(
    "name", ["占比", "完成率", "增长率", "增幅", "同比", "得分", "排名", "任务数", "目标", "上年", "合计"]
)
def test_an_indicator_may_be_called_what_columns_that_help_are_called(name: str) -> None:
    reading = sent(
        ["单位编码", "单位名称", f"{name}（%）"], ["T001", "青山镇", 98], ["T002", "白水镇", 97], rulebook=named(name)
    )
    assert values(reading) == [("T001", "rate", "2025", "98", "C2"), ("T002", "rate", "2025", "97", "C3")]
    beside = sent(["单位编码", "grants", f"{name}（%）"], ["T001", 5, 98], rulebook=named(name))
    assert [value[1] for value in values(beside)] == ["grants", "rate"]
    assert (codes(reading), codes(beside)) == ([], [])


def test_of_another_offices_indicator_such_a_column_only_helps() -> None:
    reading = sent(["单位编码", "grants", "占比"], ["T001", 5, 98], rulebook=named("占比"), sender="T001")
    assert [value[1] for value in values(reading)] == ["grants"]
    (note,) = reading.findings.to_dict("records")
    assert (note["code"], note["cell"]) == ("EXTRA_COLUMN", "C1")


def test_a_sheet_of_columns_that_only_help_is_no_submission() -> None:
    reading = sent(["单位编码", "单位名称", "完成率"], ["T001", "青山镇", 98])
    (fault,) = reading.findings.to_dict("records")
    assert (fault["code"], fault["cell"]) == ("HEADER", "C1")
    assert "没有一列是应报的指标（完成率）" in fault["message"]
    assert reading.files["outcome"].tolist() == ["quarantined"]
    assert codes(sent(["单位编码", "grants", "完成率"], ["T001", None, 98])) == ["NO_ROWS"]


def test_a_list_of_contacts_beside_the_data_is_no_second_sheet_of_data() -> None:
    contacts = [["单位编码", "单位名称", "联系电话"], ["T001", "青山镇", "0877-1"]]
    book = openpyxl.load_workbook(io.BytesIO(workbook(["单位编码", "grants"], ["T001", 5], sheet="表一")))
    page = book.create_sheet("联系表")
    for row in contacts:
        page.append(row)
    reading = read(("stats", "a.xlsx", saved(book)))
    assert ([value[1] for value in values(reading)], codes(reading)) == (["grants"], ["SHEET_NOT_READ"])


def test_periods_stand_in_a_second_heading_under_merged_names() -> None:
    def merge(page: Worksheet) -> None:
        page.merge_cells("A1:A2")
        page.merge_cells("B1:D1")

    quarters = ["一季度", "2025年第2季度", "2025Q3"]
    rows = [["单位编码", "visitors", None, None], [None, *quarters], ["T001", 10, 20, 30]]
    reading = sent(*rows, sender="T001", edit=merge)
    assert [value[2:4] for value in values(reading)] == [("2025Q1", "10"), ("2025Q2", "20"), ("2025Q3", "30")]


def test_merged_names_may_stand_above_the_row_of_the_keys() -> None:
    rows = [["单位编码", "1月", "2月"], ["T001", 1, 2]]
    titled = [["青山县合同额", None, None], [None, "contracts", None], *rows]
    reading = sent(*titled, edit=lambda page: page.merge_cells("B2:C2"))
    assert [value[1:4] for value in values(reading)] == [("contracts", "2025-01", "1"), ("contracts", "2025-02", "2")]


def test_rows_may_be_unit_and_period() -> None:
    reading = sent(["单位编码", "考核期", "contracts"], ["T001", "2025-03", 5], ["T001", "2025年4月", 6])
    assert [value[2:] for value in values(reading)] == [("2025-03", "5", "C2"), ("2025-04", "6", "C3")]


def test_a_unit_lists_its_indicators_in_rows() -> None:
    rows = [
        ["指标", "单位", "目标", "一季度", "二季度"],
        ["visitors", "人次", 100, 10, 20],
        ["发明专利授权量", "件", 5, None, None],
    ]
    reading = sent(*rows, sender="T001")
    assert values(reading) == [("T001", "visitors", "2025Q1", "10", "D2"), ("T001", "visitors", "2025Q2", "20", "E2")]
    assert reading.files["blank"].tolist() == [2]


def test_towns_beside_indicators_are_units_and_no_unit_of_measure() -> None:
    rows = [["乡镇", "指标名称", "2025年"], ["青山镇", "发明专利授权量", 12], [None, "output", 320]]
    reading = sent(*rows, edit=lambda page: page.merge_cells("A2:A3"))
    assert values(reading) == [("T001", "grants", "2025", "12", "C2"), ("T001", "output", "2025", "320", "C3")]
    assert codes(reading) == ["MERGED_KEY"]


def test_a_list_of_indicators_from_a_department_says_once_that_it_names_no_unit() -> None:
    reading = sent(["指标编码", "考核期", "填报值"], ["grants", "2025", 12], ["output", "2025", 5])
    assert codes(reading) == ["UNKNOWN_UNIT"]
    assert reading.files["refused"].tolist() == [2]


def test_indicators_in_rows_and_units_in_columns_are_read() -> None:
    reading = sent(["指标编码", "青山镇", "T002", "合计"], ["grants", 12, 7, 19])
    assert [(value[0], value[3]) for value in values(reading)] == [("T001", "12"), ("T002", "7")]


def test_the_unit_of_measure_of_a_heading_is_converted() -> None:
    reading = sent(["单位编码", "output（亿元）"], ["T001", 0.32])
    assert values(reading)[0][3] == "3200"
    assert codes(reading) == ["UNIT_CONVERTED"]


def test_a_row_or_column_may_say_that_figures_are_forecasts() -> None:
    by_column = [["单位编码", "grants", "output"], ["类型", "预计", "实际"], ["T001", 12, 5]]
    assert sent(*by_column).submitted_values["status"].tolist() == ["forecast", "actual"]
    by_row = [["单位编码", "grants", "类型"], ["T001", 12, "预计"], ["T002", 5, None]]
    assert sent(*by_row).submitted_values["status"].tolist() == ["forecast", "actual"]


def test_every_kind_of_cell_is_judged_as_in_the_tidy_form() -> None:
    cells = ["约120", "１２３．５", "=1+1", "#N/A", True, "2-3家", "1,234", "—"]
    rows = [["单位编码", "grants"], *([f"T00{at % 2 + 1}", cell] for at, cell in enumerate(cells))]
    matrix = sent(*rows)
    tidy = sent(HEADER, *([row[0], "2025", "grants", row[1]] for row in rows[1:]))
    assert codes(matrix) == codes(tidy)
    assert matrix.submitted_values["outcome"].tolist() == tidy.submitted_values["outcome"].tolist()


def test_a_percent_format_is_read_as_shown() -> None:
    def percent(page: Worksheet) -> None:
        page["B2"].number_format = "0.00%"

    assert values(sent(["单位编码", "rate"], ["T001", 0.982], edit=percent))[0][3] == "98.2"


def test_hidden_rows_merged_cells_and_blank_rows_are_told_as_in_the_tidy_form() -> None:
    def edit(page: Worksheet) -> None:
        page.row_dimensions[3].hidden = True
        page.merge_cells("A5:A7")
        page.merge_cells("C5:C6")

    rows = [["单位编码", "考核期", "contracts"], ["T001", "2025-01", 1], ["T001", "2025-02", 2], []]
    rows += [["T002", "2025-01", 3], [None, "2025-02", None], [None, "2025-03", 4]]
    reading = sent(*rows, edit=edit)
    assert set(codes(reading)) == {"HIDDEN_ROWS", "BLANK_ROWS", "MERGED_KEY", "MERGED"}
    assert [value[3] for value in values(reading)] == ["1", "2", "3", "4"]


def test_two_values_for_one_key_are_in_conflict_across_sheets() -> None:
    book = openpyxl.Workbook()
    for page, value in ((book.active, 1), (book.create_sheet("数据（季度）"), 2)):
        page.append(["单位编码", "grants"])
        page.append(["T001", value])
    book.active.title = "数据"
    reading = read(("stats", "a.xlsx", saved(book)))
    assert codes(reading) == ["CONFLICT", "CONFLICT"]


def test_a_sheet_that_merely_mentions_units_takes_no_part_beside_a_table() -> None:
    book = openpyxl.Workbook()
    for row in (HEADER, ["T001", "2025", "grants", 1]):
        book.active.append(row)
    pivot = book.create_sheet("透视")
    for row in (["单位", "求和项"], ["青山镇", 1]):
        pivot.append(row)
    reading = read(("stats", "a.xlsx", saved(book)))
    assert codes(reading) == ["SHEET_NOT_READ"]
    assert len(values(reading)) == 1


def test_a_matrix_may_come_as_csv() -> None:
    reading = read(("stats", "a.csv", csv_bytes(["单位名称", "grants"], ["青山镇", 12])))
    assert values(reading) == [("T001", "grants", "2025", "12", "B2")]


def test_marks_may_come_with_a_column_for_each_judge() -> None:
    rows = [["单位编码", "指标编码", "评委1", "评委2"], ["T001", "opinion", 0.8, 0.9], ["T002", "opinion", 0.7, None]]
    marks = sent(*rows, sender="science", sheet="评委打分").marks
    assert marks[["unit_code", "judge", "mark", "cell"]].values.tolist() == [
        ["T001", "评委1", "0.8", "C2"],
        ["T002", "评委1", "0.7", "C3"],
        ["T001", "评委2", "0.9", "D2"],
    ]


def test_a_matrix_without_any_figure_is_not_submitted() -> None:
    assert codes(sent(["单位编码", "grants"], ["T001", None], ["T002", None])) == ["NO_ROWS"]


@pytest.mark.parametrize("texts", list(itertools.permutations(["单位编码", "grants", "备注", "目标"])))
def test_columns_of_a_matrix_may_stand_in_any_order(texts: tuple[str, ...]) -> None:
    row = [{"单位编码": "T001", "grants": 5, "备注": "x", "目标": 9}[text] for text in texts]
    assert [value[:4] for value in values(sent(list(texts), row))] == [("T001", "grants", "2025", "5")]


def test_overlapping_merges_in_headings_are_refused() -> None:
    def merge(page: Worksheet) -> None:
        for last in range(3, 300):
            page.merge_cells(start_row=1, start_column=2, end_row=1, end_column=last + 700)

    read_back = read_file(workbook(["单位编码", "grants"], ["T001", 1], edit=merge), "a.xlsx")
    assert [finding.code for finding in read_back.findings] == ["FILE_CORRUPT"]


def test_ambiguous_names_are_refused_with_the_codes_that_they_could_mean() -> None:
    from intake.names import meant

    assert meant("平安镇", {"A", "B"}, {"平安镇": {"A", "B"}}) == "几个编码：A、B"
    assert meant("平安镇｜A", {"A", "B"}, {"平安镇": {"A", "B"}}) == "A"


def test_values_carry_where_they_stood() -> None:
    frame: pd.DataFrame = sent(["title"], ["单位编码", "grants"], ["T001", 3]).submitted_values
    assert frame[["file", "sheet", "cell"]].values.tolist() == [["a.xlsx", "数据", "B3"]]
