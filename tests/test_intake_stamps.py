"""Stamped workbooks: whose they are decides whether they are read at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from filled_forms import asked_of, fill, form, saved
from intake_inbox import codes, definition, read

from evaluation.forms import STAMP_SHEET
from intake.one_file import read_file
from intake.raw import RawFile
from intake.reading import interpret


def stamped(folder: Path, whose: str = "stats", **other: str) -> bytes:
    book = form(folder, asked_of(definition()), whose)
    fill(book, lambda blank: 5)
    for row in book[STAMP_SHEET].iter_rows():
        if row[0].value in other:
            row[1].value = other[str(row[0].value)]
    return saved(book)


def test_a_form_of_ones_own_is_read(tmp_path: Path) -> None:
    reading = read(("stats", "a.xlsx", stamped(tmp_path)))
    assert codes(reading) == []
    assert set(reading.submitted_values["outcome"]) == {"accepted"}


@pytest.mark.parametrize(
    ("other", "code", "word"),
    [
        ({"evaluation": "qingshan-2024"}, "STAMP_EVALUATION", "考核不符"),
        ({"sender": "science"}, "STAMP_SENDER", "报送单位不符"),
        ({"period": "2024"}, "STAMP_PERIOD", "考核期不符"),
        ({"definition": "0" * 64}, "STAMP_DEFINITION", "考核办法不符"),
        ({"definition": ""}, "STAMP_DEFINITION", "考核办法不符"),
    ],
)
def test_a_form_of_something_else_is_refused_whole_with_that_word(
    tmp_path: Path, other: dict[str, str], code: str, word: str
) -> None:
    reading = read(("stats", "a.xlsx", stamped(tmp_path, **other)))
    assert reading.submitted_values.empty
    assert reading.files["outcome"].tolist() == ["quarantined"]
    (finding,) = reading.findings.to_dict("records")
    assert (finding["code"], finding["severity"]) == (code, "error")
    assert finding["message"].startswith(word)


def test_a_form_passed_on_to_another_sender_is_refused(tmp_path: Path) -> None:
    reading = read(("science", "a.xlsx", stamped(tmp_path)))
    assert codes(reading) == ["STAMP_SENDER"]
    told = "报送单位不符：这份填报表是发给“县统计局（stats）”的，不是发给“县科技局（science）”的。"
    assert reading.findings["message"].tolist() == [told]
    assert codes(read(("T002", "a.xlsx", stamped(tmp_path, "T001")))) == ["STAMP_SENDER"]


def test_an_older_definition_is_told_to_fetch_the_new_form(tmp_path: Path) -> None:
    (finding,) = read(("stats", "a.xlsx", stamped(tmp_path, definition="f" * 64))).findings.to_dict("records")
    assert "领取" in finding["what_to_do"]
    assert "ffffffffffff" in finding["message"]


def interpreted(raw: RawFile, in_force: str) -> Any:
    columns = {"seq": [1], "sha256": ["0"], "sender": ["stats"], "name": ["a.xlsx"], "received_at": ["2026-01-10"]}
    return interpret([raw], pd.DataFrame(columns | {"definition": [in_force]}), definition())


def test_a_form_that_was_right_when_it_came_stays_right_after_an_amendment(tmp_path: Path) -> None:
    raw = read_file(stamped(tmp_path, definition="a" * 64), "a.xlsx")
    assert interpreted(raw, "a" * 64).files["outcome"].tolist() == ["accepted"]
    assert interpreted(raw, "b" * 64).files["outcome"].tolist() == ["quarantined"]


def test_a_form_returned_blank_is_not_submitted(tmp_path: Path) -> None:
    book = form(tmp_path, asked_of(definition()), "T001")
    assert codes(read(("T001", "a.xlsx", saved(book)))) == ["NO_ROWS"]


def test_what_is_not_applicable_is_no_blank_in_a_form_and_a_missing_figure_elsewhere(tmp_path: Path) -> None:
    book = form(tmp_path, asked_of(definition()), "stats")
    filled = fill(book, lambda blank: 5)
    first = next(iter(filled.values()))
    book[first.sheet][first.cell] = "不适用"
    reading = read(("stats", "a.xlsx", saved(book)))
    assert (codes(reading), reading.files["cells_read"].tolist()) == ([], [len(filled) - 1])
    del book[STAMP_SHEET]
    assert set(codes(read(("stats", "a.xlsx", saved(book))))) == {"MISSING"}


def test_a_form_without_its_codes_is_read_by_its_names(tmp_path: Path) -> None:
    book = form(tmp_path, asked_of(definition()), "stats")
    fill(book, lambda blank: 5)
    whole = read(("stats", "a.xlsx", saved(book))).submitted_values
    for sheet in book:
        if sheet.title.startswith("数据"):
            for cell in (*sheet["A"][6:9], *sheet[6]):
                if type(cell).__name__ != "MergedCell":
                    cell.value = None
    bare = read(("stats", "a.xlsx", saved(book)))
    keys = ["unit_code", "indicator_code", "period", "submitted_value", "sheet", "cell"]
    assert bare.submitted_values[keys].equals(whole[keys])
    assert codes(bare) == []


def test_a_sheet_of_a_form_that_was_renamed_is_read_all_the_same(tmp_path: Path) -> None:
    book = form(tmp_path, asked_of(definition()), "stats")
    fill(book, lambda blank: 5)
    count = len(read(("stats", "a.xlsx", saved(book))).submitted_values)
    book["数据（月度）"].title = "一到十二月"
    assert len(read(("stats", "a.xlsx", saved(book))).submitted_values) == count
