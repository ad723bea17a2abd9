import hashlib

import pandas as pd
import pytest
from bad_files import (
    GOOD_ROWS,
    HEADER,
    bad_files,
    csv_bytes,
    figure_xml,
    good_workbook,
    header_xml,
    workbook,
    xml_workbook,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_inbox import codes, definition, read

from intake.one_file import read_file
from intake.raw import RawFile
from intake.reading import Reading, interpret

FULL = [*HEADER, "计量单位", "类型", "单位名称", "填报人", "备注"]


def figure(
    value: object, indicator: str = "grants", unit_of_measure: str = "", status: str = "", **more: str
) -> Reading:
    period = more.get("period", "2025")
    row = [
        more.get("unit", "T001"),
        period,
        indicator,
        value,
        unit_of_measure,
        status,
        more.get("name", ""),
        "张三",
        "备注",
    ]
    return read((more.get("sender", "stats"), "a.xlsx", workbook(FULL, row)))


def outcome(reading: Reading) -> tuple[str, str | None, list[str]]:
    """Outcome, value and codes of the only row."""
    (row,) = reading.submitted_values.to_dict("records")
    return row["outcome"], None if pd.isna(row["submitted_value"]) else row["submitted_value"], codes(reading)


def test_a_figure_keeps_its_way_from_cell_to_value() -> None:
    reading = figure("1,234")
    (row,) = reading.submitted_values.drop(columns="sha256").to_dict("records")
    assert row == {
        "row_id": 1,
        "seq": 11,
        "sender": "stats",
        "file": "a.xlsx",
        "sheet": "数据",
        "cell": "D2",
        "unit_code": "T001",
        "indicator_code": "grants",
        "period": "2025",
        "raw": "1,234",
        "submitted_value": "1234",
        "status": "actual",
        "source": "stats",
        "received_at": "2026-01-10T09:00:00",
        "outcome": "accepted",
        "unit_of_measure": "件",
        "filled_by": "张三",
        "note": "备注",
    }
    assert codes(reading) == ["NUMBER_FORM"]


def test_text_for_a_number_is_refused_with_place_raw_text_and_remedy() -> None:
    rows = [
        ["县科技指标"],
        ["标题"],
        ["单位编码", "考核期", "数值", "指标编码"],
        *[["T001", "2025", n, "grants"] for n in (1, 2, 3)],
    ]
    rows.append(["T002", "2025", "约120", "grants"])
    reading = read(("stats", "报表.xlsx", workbook(*rows)))
    (finding,) = reading.findings[reading.findings["code"] == "NUMBER"].to_dict("records")
    assert (finding["sheet"], finding["cell"], finding["raw"]) == ("数据", "C7", "约120")
    assert (finding["severity"], finding["producer"], finding["file"]) == ("error", "intake", "报表.xlsx")
    assert (finding["unit_code"], finding["indicator_code"], finding["period"]) == ("T002", "grants", "2025")
    assert "约120" in finding["message"]
    assert "计量单位" in finding["what_to_do"]


@pytest.mark.parametrize(
    ("value", "indicator", "unit_of_measure", "result", "code"),
    [
        ("3200万元", "output", "", "3200", "UNIT_CONVERTED"),
        ("0.32亿元", "output", "", "3200", "UNIT_CONVERTED"),
        ("0.32亿元", "output", "万元", "3200", "UNIT_CONVERTED"),
        (1.1, "output", "亿元", "11000", "UNIT_CONVERTED"),
        (32, "output", "元", "0.0032", "UNIT_CONVERTED"),
        ("12件", "grants", "", "12", "UNIT_CONVERTED"),
        ("98.2%", "rate", "", "98.2", ""),
        ("32。63%", "rate", "", "32.63", "NUMBER_FORM"),
        ("98.2", "rate", "％", "98.2", ""),
        ("98.2%", "ratio", "", "0.982", "UNIT_CONVERTED"),
        (1.1, "output", "万元", "1.1", ""),
    ],
)
def test_units_of_measure_are_converted_exactly(
    value: object, indicator: str, unit_of_measure: str, result: str, code: str
) -> None:
    assert outcome(figure(value, indicator, unit_of_measure)) == ("accepted", result, [code] if code else [])


@pytest.mark.parametrize(
    ("value", "indicator", "unit_of_measure", "code"),
    [
        (5, "grants", "项", "UNIT"),
        ("3200万元", "grants", "", "UNIT"),
        ("3200万元", "output", "元", "UNIT"),
        (5, "rate", "百分点", "UNIT"),
        (5, "output", "美元", "UNIT"),
        ("120左右", "grants", "", "NUMBER"),
        ("10²", "grants", "", "NUMBER"),
        ("5abc", "grants", "", "NUMBER"),
        (True, "grants", "", "NUMBER"),
    ],
)
def test_what_cannot_be_converted_is_refused(value: object, indicator: str, unit_of_measure: str, code: str) -> None:
    assert outcome(figure(value, indicator, unit_of_measure)) == ("refused", None, [code])


@pytest.mark.parametrize(
    ("cell", "result"),
    [
        ('<c r="D2" s="1"><v>0.98199999999999998</v></c>', ("accepted", "98.2", [])),
        ('<c r="D2"><f>6*7</f><v>42</v></c>', ("accepted", "42", ["FORMULA"])),
        ('<c r="D2"><f>6*7</f></c>', ("refused", None, ["FORMULA_NO_VALUE"])),
        ('<c r="D2" t="e"><v>#N/A</v></c>', ("refused", None, ["EXCEL_ERROR"])),
        ('<c r="D2" s="2"><v>45901</v></c>', ("refused", None, ["NUMBER_IS_DATE"])),
        ('<c r="D2"><v>0.30000000000000004</v></c>', ("refused", None, ["DIGITS"])),
        ('<c r="D2"><v>1e999</v></c>', ("refused", None, ["NUMBER"])),
        ('<c r="D2"/>', ("blank", None, ["MISSING"])),
    ],
)
def test_cells_of_a_workbook_become_values_or_findings(cell: str, result: tuple[str, str | None, list[str]]) -> None:
    rows = header_xml() + figure_xml(2, cell).replace("grants", "rate")
    assert outcome(read(("stats", "a.xlsx", xml_workbook(rows, formats=["0.00%", "yyyy-mm-dd"])))) == result


def test_the_formula_is_kept_in_its_note() -> None:
    rows = header_xml() + figure_xml(2, '<c r="D2"><f>SUM(A1:A9)</f><v>42</v></c>')
    assert "=SUM(A1:A9)" in read(("stats", "a.xlsx", xml_workbook(rows))).findings["message"].iloc[0]


@pytest.mark.parametrize("value", [None, "—", "无", "/", " "])
def test_a_missing_value_is_blank_and_never_zero(value: object) -> None:
    assert outcome(figure(value)) == ("blank", None, ["MISSING"])


@pytest.mark.parametrize(
    ("written", "status"), [("", "actual"), ("实际", "actual"), ("预计", "forecast"), ("forecast", "forecast")]
)
def test_a_forecast_is_told_from_an_actual_value(written: str, status: str) -> None:
    assert figure(5, status=written).submitted_values["status"].tolist() == [status]


def test_another_status_is_refused() -> None:
    assert outcome(figure(5, status="大概")) == ("refused", None, ["STATUS"])


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"unit": "T009"}, "UNKNOWN_UNIT"),
        ({"unit": "3"}, "UNKNOWN_UNIT"),
        ({"unit": "Т001"}, "UNKNOWN_UNIT"),
        ({"unit": ""}, "UNKNOWN_UNIT"),
        ({"indicator": "nothing"}, "UNKNOWN_INDICATOR"),
        ({"indicator": "visitors"}, "NOT_YOUR_INDICATOR"),
        ({"sender": "science"}, "NOT_YOUR_INDICATOR"),
        ({"sender": "T002"}, "NOT_YOUR_UNIT"),
        ({"sender": "T001", "indicator": "output"}, "NOT_YOUR_INDICATOR"),
        ({"period": "2025-13"}, "PERIOD"),
        ({"period": "2024"}, "PERIOD"),
        ({"period": "2027"}, "PERIOD_FUTURE"),
        ({"period": "2025Q3"}, "PERIOD_KIND"),
        ({"period": "2025", "indicator": "contracts"}, "PERIOD_KIND"),
        ({"period": "2025.1", "indicator": "contracts"}, "PERIOD_AMBIGUOUS"),
    ],
)
def test_a_row_with_a_wrong_key_is_refused(more: dict[str, str], code: str) -> None:
    found = outcome(figure(5, **more))
    assert found[:2] == ("refused", None)
    assert code in found[2]
    assert set(found[2]) <= {code, "PERIOD_KIND"}


@pytest.mark.parametrize("unit", [" T001 ", "Ｔ００１", "T001\u200b", "T00\u20601"])
def test_codes_are_ascii_whatever_their_width(unit: str) -> None:
    assert outcome(figure(5, unit=unit)) == ("accepted", "5", [])


def test_a_lost_leading_zero_is_hinted_at_and_not_put_back() -> None:
    assert "“003”" in figure(5, unit="3").findings["message"].iloc[0]


@pytest.mark.parametrize(
    ("name", "found"), [("青山镇", []), ("青山乡", []), (" 青 山镇", []), ("白水镇", ["NAME_DIFFERS"])]
)
def test_the_code_wins_over_a_name_that_differs(name: str, found: list[str]) -> None:
    assert outcome(figure(5, name=name)) == ("accepted", "5", found)


def test_periods_are_compared_with_the_day_of_receipt() -> None:
    data = csv_bytes(HEADER, ["T001", "2025-03", "contracts", 1], ["T001", "2025-04", "contracts", 1])
    reading = read(("stats", "a.csv", data), received_at="2025-03-31T23:59:59")
    assert reading.submitted_values["outcome"].tolist() == ["accepted", "refused"]
    assert codes(reading) == ["PERIOD_FUTURE"]


def test_the_same_row_twice_counts_once() -> None:
    reading = read(("stats", "a.csv", csv_bytes(HEADER, *GOOD_ROWS, GOOD_ROWS[0])))
    assert reading.submitted_values["outcome"].tolist() == ["accepted", "accepted", "duplicate"]
    assert codes(reading) == ["DUPLICATE_ROW"]
    assert "D2" in reading.findings["message"].iloc[0]


def test_two_values_for_one_key_are_both_refused() -> None:
    rows = [
        *GOOD_ROWS,
        ["T001", "2025年", "grants", "12.0"],
        ["T001", "2025", "grants", 13],
        ["T002", "2025", "grants", ""],
    ]
    reading = read(("stats", "a.csv", csv_bytes(HEADER, *rows)))
    assert reading.submitted_values["outcome"].tolist() == ["refused", "accepted", "refused", "refused", "blank"]
    assert codes(reading) == ["CONFLICT", "CONFLICT", "CONFLICT", "MISSING"]
    assert "D2、D5" in reading.findings["message"].iloc[0]


def test_rows_of_different_files_do_not_conflict() -> None:
    later = csv_bytes(HEADER, ["T001", "2025", "grants", 99])
    reading = read(("stats", "a.csv", csv_bytes(HEADER, *GOOD_ROWS)), ("stats", "a.csv", later))
    assert reading.submitted_values["outcome"].unique().tolist() == ["accepted"]
    assert reading.submitted_values["seq"].tolist() == [11, 11, 12]


def test_totals_and_remarks_are_no_data() -> None:
    rows = [
        *GOOD_ROWS,
        ["合计", "2025", "grants", 19],
        ["填表人：张三", "", "", ""],
        ["注：本表数据为快报数", "", "", ""],
    ]
    reading = read(("stats", "a.xlsx", workbook(HEADER, *rows)))
    assert codes(reading) == ["NOT_DATA"] * 3
    assert reading.submitted_values["outcome"].tolist() == ["accepted"] * 2 + ["refused"] * 3


def test_every_fault_of_a_row_is_told_at_once() -> None:
    assert sorted(outcome(figure("约5", indicator="nothing", unit="X", period="2025-13"))[2]) == [
        "NUMBER",
        "PERIOD",
        "UNKNOWN_INDICATOR",
        "UNKNOWN_UNIT",
    ]


def test_text_is_kept_verbatim_unless_no_cell_could_hold_it() -> None:
    texts = ["=1+1", "a\r\nb", "<script>", "\u202e", "x" * 32_767]
    rows = [
        [f"T00{at % 2 + 1}", f"2025-0{at + 1}", "contracts", 1, text] for at, text in enumerate([*texts, "x" * 32_768])
    ]
    quoted = [[*row[:4], f'"{row[4]}"'] for row in rows]
    values = read(("stats", "a.csv", csv_bytes([*HEADER, "备注"], *quoted))).submitted_values
    assert values["note"].tolist()[:5] == texts
    assert values["outcome"].tolist() == ["accepted"] * 5 + ["refused"]


def test_bad_files_do_not_stop_the_good_ones() -> None:
    bad = [("stats", one.name, one.data) for one in bad_files()]
    reading = read(*bad, ("stats", "good.xlsx", good_workbook()), ("T001", "own.csv", csv_bytes(HEADER, GOOD_ROWS[0])))
    assert reading.submitted_values["submitted_value"].tolist() == ["12", "7", "12"]
    assert reading.files["outcome"].tolist()[-2:] == ["accepted", "accepted"]
    assert set(reading.files["outcome"][: len(bad)]) == {"quarantined"}
    assert set(reading.files["kind"][: len(bad)]) == {"unread"}
    assert reading.findings["message"].str.len().min() > 5
    assert not reading.findings["message"].str.contains("{", regex=False).any()


def test_the_same_bytes_again_are_no_new_submission() -> None:
    data = good_workbook()
    reading = read(("stats", "a.xlsx", data), ("stats", "b.xlsx", data), ("science", "c.xlsx", data))
    assert reading.files["outcome"].tolist() == ["accepted", "duplicate", "accepted"]
    assert reading.submitted_values["seq"].unique().tolist() == [11, 13]
    assert "a.xlsx" in reading.findings[reading.findings["code"] == "DUPLICATE_FILE"]["message"].iloc[0]


def test_a_file_that_had_the_wrong_name_may_come_again_under_the_right_one() -> None:
    reading = read(("stats", "a.csv", good_workbook()), ("stats", "a.xlsx", good_workbook()))
    assert reading.files["outcome"].tolist() == ["quarantined", "accepted"]


def test_a_folder_of_nobody_is_quarantined() -> None:
    reading = read(("nobody", "a.xlsx", good_workbook()))
    assert (codes(reading), reading.files["outcome"].tolist()) == (["UNKNOWN_SENDER"], ["quarantined"])


def test_evidence_is_listed_and_makes_no_rows() -> None:
    reading = read(("T001", "佐证/证书.pdf", b"%PDF-1.7"))
    assert reading.files[["kind", "outcome", "cells_read"]].iloc[0].tolist() == ["evidence", "evidence", 0]
    assert len(reading.findings) == 0


def test_an_empty_inbox_is_an_empty_reading() -> None:
    reading = read()
    assert [len(frame) for frame in vars(reading).values()] == [0] * 7
    assert reading.submitted_values["row_id"].dtype == "int64"


def test_files_read_elsewhere_are_interpreted_alike() -> None:
    data = good_workbook()
    files = pd.DataFrame(
        [(11, hashlib.sha256(data).hexdigest(), "stats", "a.xlsx", "2026-01-10T09:00:00")],
        columns=["seq", "sha256", "sender", "name", "received_at"],
    )
    apart: list[RawFile] = [read_file(data, "a.xlsx")]
    together = read(("stats", "a.xlsx", data)).submitted_values
    pd.testing.assert_frame_equal(interpret(apart, files, definition()).submitted_values, together)


CELLS = st.text(max_size=8) | st.sampled_from(["T001", "2025", "grants", "12", "12件", "", "—", "合计", "=1"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=9, max_size=9), max_size=4))
def test_whatever_stands_in_the_cells_every_one_is_accounted_for(rows: list[list[str]]) -> None:
    quoted = [['"' + cell.replace('"', '""').replace("\0", "") + '"' for cell in row] for row in [FULL, *rows]]
    data = "\r\n".join(",".join(row) for row in quoted).encode("utf-8", "replace")
    reading = read(("stats", "a.csv", data))
    assert len(reading.submitted_values) == reading.files["cells_read"].sum() <= len(rows)
    assert set(reading.submitted_values["outcome"]) <= {"accepted", "refused", "duplicate", "blank"}
