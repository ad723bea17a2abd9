"""A big csv says exactly what a small one says."""

import dataclasses
import pickle

import pytest
from bad_files import GOOD_ROWS, HEADER, bad_files, csv_bytes
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from intake import csvfile
from intake.dense import Texts, plain_body
from intake.limits import Limits
from intake.one_file import read_file
from intake.raw import RawFile

TITLES = ",".join([*HEADER, "备注", ""])


def listed(read: RawFile) -> RawFile:
    """The same with lists for columns."""
    tables = [
        dataclasses.replace(
            table,
            rows=list(table.rows),
            texts={name: list(texts) for name, texts in table.texts.items()},
        )
        for table in read.tables
    ]
    return dataclasses.replace(read, tables=tuple(tables))


def dense(data: bytes) -> RawFile:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(csvfile, "DENSE_FROM", -1)
        return read_file(data, "a.csv")


FIELDS = st.sampled_from(
    ["T001", "2025", "grants", "1.5", "", " ", "，", '"a,b"', '"a\r\nb"', '""', '"', "\u3000", "𠮷"]
)
ENDS = st.sampled_from(["\r\n", "\n", "\r", "\r\n\r\n", "\n \n"])
LINES = st.tuples(
    st.lists(FIELDS, min_size=5, max_size=7).map(",".join) | st.just(",,,,,") | st.just("T001,2025,grants,1,,"), ENDS
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=st.sampled_from(["", "标题\n", "标题\r\n\r\n", '"两\n行"\n']), lines=st.lists(LINES, max_size=6))
@example(before="", lines=[("T001,2025,grants,1,,", "\r\n")] * 40)
@example(before="", lines=[("T001,2025,grants,1,,", "\r\n")] * 35 + [("T001,2025,grants,1,,x", "")])
@example(before="", lines=[("T001,2025,grants,1,,", "\r\n"), (",,,,,", "\r\n"), ("T002,2025,grants,1,,", "")])
def test_columns_of_arrow_hold_what_lists_hold(before: str, lines: list[tuple[str, str]]) -> None:
    data = (before + TITLES + "\r\n" + "".join(map("".join, lines))).encode()
    assert listed(dense(data)) == listed(read_file(data, "a.csv"))


@pytest.mark.parametrize("bad", [bad for bad in bad_files() if bad.name.endswith(".csv")], ids=lambda bad: bad.label)
def test_a_bad_file_has_the_same_cause_when_it_is_big(bad: "object") -> None:
    assert [finding.code for finding in dense(bad.data).findings] == [bad.code]  # type: ignore[attr-defined]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters_do_not_matter(encoding: str, delimiter: str) -> None:
    read = dense(csv_bytes(HEADER, *GOOD_ROWS, encoding=encoding, delimiter=delimiter))
    assert isinstance(read.tables[0].texts["value"], Texts)
    assert list(read.tables[0].texts["value"]) == ["12", "7"]


def test_a_plain_file_makes_no_object_per_cell() -> None:
    body = plain_body(csv_bytes(HEADER, *GOOD_ROWS), ",", 1, 4)
    assert body is not None
    assert len(body) == 2
    assert plain_body(csv_bytes(HEADER, *GOOD_ROWS, ["T003"]), ",", 1, 4) is None


def test_a_header_repeated_below_is_found_in_a_big_file_too() -> None:
    data = csv_bytes(HEADER, *GOOD_ROWS, HEADER, *GOOD_ROWS)
    assert dense(data) == read_file(data, "a.csv")
    assert [finding.code for finding in dense(data).findings] == ["HEADER"]


def test_more_cells_than_the_limit_are_too_big() -> None:
    data = csv_bytes(HEADER, *GOOD_ROWS * 10)
    for read in (read_file(data, "a.csv", Limits(cells=79)), read_file(data, "a.csv", Limits(cells=84))):
        assert [finding.code for finding in read.findings] in ([], ["TOO_BIG"])
    assert read_file(data, "a.csv", Limits(cells=79)).outcome == "quarantined"


def test_texts_go_to_another_process_and_are_cut_like_lists() -> None:
    texts = dense(csv_bytes(HEADER, *GOOD_ROWS)).tables[0].texts["unit_code"]
    again = pickle.loads(pickle.dumps(texts))
    assert (list(again), again[1], list(again[:1]), len(again)) == (["T001", "T002"], "T002", ["T001"], 2)
