import codecs

import pytest
from bad_files import GOOD_ROWS, HEADER, csv_bytes

from intake.one_file import read_file
from intake.raw import RawFile


def notes(read: RawFile) -> list[str]:
    return [finding.code for finding in read.findings]


@pytest.mark.parametrize(
    ("encoding", "mark", "note"),
    [
        ("utf-8", b"", []),
        ("utf-8", codecs.BOM_UTF8, []),
        ("gb18030", b"", ["OTHER_ENCODING"]),
        ("utf-16-le", codecs.BOM_UTF16_LE, ["OTHER_ENCODING"]),
        ("utf-16-be", codecs.BOM_UTF16_BE, ["OTHER_ENCODING"]),
    ],
)
def test_usual_encodings_are_read_alike(encoding: str, mark: bytes, note: list[str]) -> None:
    rows = [[*HEADER, "备注"], ["T001", "2025", "grants", 12, "青山镇𠮷㐂"]]
    read = read_file(mark + csv_bytes(*rows, encoding=encoding), "a.csv")
    assert notes(read) == note
    assert read.tables[0].texts["note"] == ["青山镇𠮷㐂"]
    assert read.tables[0].texts["value"] == ["12"]


@pytest.mark.parametrize(("delimiter", "note"), [(",", []), ("\t", ["OTHER_DELIMITER"]), (";", ["OTHER_DELIMITER"])])
def test_the_delimiter_is_found_by_inspection(delimiter: str, note: list[str]) -> None:
    read = read_file(csv_bytes(HEADER, *GOOD_ROWS, delimiter=delimiter), "a.csv")
    assert notes(read) == note
    assert read.tables[0].texts["unit_code"] == ["T001", "T002"]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_lines_may_end_in_any_way(end: str) -> None:
    data = csv_bytes(HEADER, *GOOD_ROWS).replace(b"\r\n", end.encode())
    assert read_file(data, "a.csv").tables[0].rows == [2, 3]


def test_mixed_line_ends_are_read() -> None:
    data = ",".join(HEADER) + "\rT001,2025,grants,1\nT002,2025,grants,2\r\n003,2025,grants,3"
    assert read_file(data.encode(), "a.csv").tables[0].rows == [2, 3, 4]


def test_cells_are_named_by_the_line_on_which_their_row_begins() -> None:
    data = ",".join([*HEADER, "备注"]) + '\r\n\r\nT001,2025,grants,1,"a\r\nb ""c"","\r\nT002,2025,grants,2,\r\n'
    table = read_file(data.encode(), "a.csv").tables[0]
    assert table.rows == [3, 5]
    assert table.texts["note"] == ['a\r\nb "c",', ""]
    assert table.letters["value"] == "D"


def test_title_rows_may_be_narrower_than_the_table() -> None:
    data = "青山县科技指标\r\n单位：件\r\n".encode() + csv_bytes(HEADER, *GOOD_ROWS)
    assert read_file(data, "a.csv").tables[0].rows == [4, 5]


def test_a_wrong_width_names_the_lines() -> None:
    data = csv_bytes(HEADER, *GOOD_ROWS, ["003", "2025"])
    assert "第 4 行 2 列" in read_file(data, "a.csv").findings[0].detail


def test_words_that_other_programs_take_for_nothing_are_text() -> None:
    rows = [[*HEADER, "备注"], *([["T001", "2025", "grants", 1, word] for word in ("NULL", "NA", "nan")])]
    assert read_file(csv_bytes(*rows), "a.csv").tables[0].texts["note"] == ["NULL", "NA", "nan"]


def test_a_text_that_is_too_long_for_a_field_is_refused() -> None:
    data = csv_bytes(HEADER, ["T001", "2025", "grants", "1" * 140_000])
    assert notes(read_file(data, "a.csv")) == ["TOO_BIG"]


def test_many_quoted_fields_are_checked_quickly() -> None:
    data = csv_bytes(HEADER, *[["T001", "2025", '"grants"', '"1"']] * 30_000)
    assert read_file(data, "a.csv").cells == 30_000
