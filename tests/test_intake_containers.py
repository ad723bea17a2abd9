import zipfile

import pytest
from bad_files import (
    BadFile,
    bad_files,
    good_workbook,
    parts_of,
    shared_text_workbook,
    with_part,
    workbook,
    zipped,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.limits import Limits
from intake.one_file import read_file
from intake.packages import open_package
from intake.raw import UnreadableFileError


@pytest.mark.parametrize("bad", bad_files(), ids=lambda bad: bad.label)
def test_a_bad_file_is_quarantined_with_its_cause(bad: BadFile) -> None:
    read = read_file(bad.data, bad.name)
    assert (read.outcome, [finding.code for finding in read.findings]) == ("quarantined", [bad.code])
    assert read.tables == ()
    assert read.cells == 0


@pytest.mark.parametrize("name", ["a.xlsx", "a.XLSX", "a.xlsm", "表", "../a.xlsx", "-rf.xlsx", "a\n.xlsx"])
def test_the_name_of_a_workbook_does_not_matter(name: str) -> None:
    assert read_file(good_workbook(), name).outcome == "read"


@pytest.mark.parametrize("data", [b"%PDF-1.7 ...", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"])
def test_evidence_is_kept_and_not_read(data: bytes) -> None:
    assert read_file(data, "佐证/证书.pdf").outcome == "evidence"


def test_links_to_other_files_are_noted_and_not_followed() -> None:
    linked = with_part(good_workbook(), "xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    read = read_file(linked, "a.xlsx")
    assert read.outcome == "read"
    assert [finding.code for finding in read.findings] == ["EXTERNAL_LINK"]


def test_a_compressed_sheet_within_the_limits_is_read() -> None:
    rows = [["T001", "2025", "grants", 1]] * 3000
    assert read_file(workbook(["单位编码", "考核期", "指标编码", "数值"], *rows), "a.xlsx").cells == 3000


def test_limits_hold_for_the_sum_of_all_members() -> None:
    with pytest.raises(UnreadableFileError) as caught:
        open_package(good_workbook(), "a.xlsx", Limits(inflated=1_000))
    assert caught.value.findings[0].code == "ZIP_RATIO"


def test_other_ways_of_compression_are_refused() -> None:
    data = zipped(parts_of(good_workbook()), zipfile.ZIP_LZMA)
    assert [finding.code for finding in read_file(data, "a.xlsx").findings] == ["FILE_CORRUPT"]


@settings(max_examples=80, deadline=None)
@given(data=st.binary(max_size=400), name=st.sampled_from(["a.xlsx", "a.csv", "a.xls", "b", "佐证/a.pdf"]))
def test_any_bytes_have_an_answer(data: bytes, name: str) -> None:
    assert read_file(data, name).outcome in ("quarantined", "evidence", "read")


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_damaged_workbook_has_an_answer(draw: st.DataObject) -> None:
    data = bytearray(good_workbook())
    for _ in range(draw.draw(st.integers(1, 4))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    cut = draw.draw(st.integers(0, len(data)))
    assert read_file(bytes(data[:cut]), "a.xlsx").outcome in ("quarantined", "read")


NUMBERS = [b"-1", b"99999999999", b"A0", b"XFD1", b"1e999"]


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_part_that_says_something_else_has_an_answer(draw: st.DataObject) -> None:
    """The zip is whole and its contents are damaged, which the check sums cannot tell."""
    parts = parts_of(shared_text_workbook())
    name = draw.draw(st.sampled_from([part for part in parts if part.startswith("xl/")]))
    content = bytearray(parts[name])
    at = draw.draw(st.integers(0, len(content) - 1))
    length = draw.draw(st.integers(0, 12))
    content[at : at + length] = draw.draw(st.binary(max_size=12) | st.sampled_from(NUMBERS))
    data = zipped({**parts, name: bytes(content)})
    assert read_file(data, "a.xlsx").outcome in ("quarantined", "read")
