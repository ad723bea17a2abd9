import pytest
from bad_files import GOOD_ROWS, HEADER, csv_bytes, workbook

from intake.headers import CHINESE, KINDS, TableKind, column_name
from intake.one_file import read_file
from intake.raw import RawFile, column_letters
from intake.sheets import column_index


def read(*rows: list[object]) -> RawFile:
    return read_file(workbook(*rows), "a.xlsx")


def test_title_rows_may_stand_above_the_header() -> None:
    titled = read(["青山县2025年度科技指标报送表"], ["填报单位：县统计局", None, "单位：件"], HEADER, *GOOD_ROWS)
    assert titled.tables[0].rows == [4, 5]
    assert titled.tables[0].letters["value"] == "D"
    assert titled.findings == ()


def test_columns_may_stand_in_any_order_and_speak_english() -> None:
    table = read(
        ["value", "备注", "Indicator_Code", "period", "unit_code"], [12, "x", "grants", "2025", "T001"]
    ).tables[0]
    assert (table.texts["value"], table.letters["value"], table.texts["unit_code"]) == (["12"], "A", ["T001"])


def test_odd_spaces_in_a_header_are_noted() -> None:
    found = read(["单位　编码", "考核期\u200b", *HEADER[2:]], *GOOD_ROWS)
    assert found.outcome == "read"
    assert [finding.code for finding in found.findings] == ["HEADER_SPACES"]


def test_a_missing_column_is_named_with_its_sheet_and_row() -> None:
    finding = read(["标题"], ["单位编码", "考核期", "备注"], ["T001", "2025", "x"]).findings[0]
    assert (finding.code, finding.sheet, finding.cell, finding.detail) == (
        "MISSING_COLUMN",
        "数据",
        "A2",
        "指标编码、数值",
    )


def test_all_faults_of_a_header_are_told_together() -> None:
    found = read(["单位编码", "考核期", "考核期", "备注"], ["T001", "2025", "2025", "x"])
    assert [(finding.code, finding.cell) for finding in found.findings] == [
        ("MISSING_COLUMN", "A1"),
        ("DUPLICATE_COLUMN", "C1"),
    ]


def test_columns_that_nobody_asked_for_are_noted() -> None:
    found = read([*HEADER, "去年数", None], ["T001", "2025", "grants", 1, 3, "?"])
    assert [(finding.code, finding.cell, finding.detail) for finding in found.findings] == [
        ("EXTRA_COLUMN", "E1", "去年数、F 列（无列名）")
    ]
    stray = read(HEADER, ["T001", "2025", "grants", 1], [None] * 4, [None, None, None, None, None, "略"])
    assert [(finding.code, finding.cell) for finding in stray.findings] == [("EXTRA_COLUMN", "F4")]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_kind_of_a_table_is_told_by_its_columns(kind: TableKind) -> None:
    header = [CHINESE[name] for name in (*kind.required, *kind.optional)]
    assert read_file(csv_bytes(header, ["x"] * len(header)), "a.csv").tables[0].kind == kind.name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_required_columns_alone_make_a_table_of_every_kind(kind: TableKind) -> None:
    header = [CHINESE[name] for name in kind.required]
    assert read_file(csv_bytes(header, ["x"] * len(header)), "a.csv").tables[0].kind == kind.name


def test_no_two_columns_share_a_name() -> None:
    assert all(column_name(chinese) == name for name, chinese in CHINESE.items())


@pytest.mark.parametrize("index", [0, 25, 26, 701, 702, 16383])
def test_columns_are_named_as_in_spreadsheets(index: int) -> None:
    assert column_index(column_letters(index)) == index
