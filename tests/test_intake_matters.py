"""Claims, marks and corrections: what is not a plain figure."""

import openpyxl
import pandas as pd
import pytest
from bad_files import HEADER, csv_bytes, saved, workbook
from intake_inbox import codes, read

from intake.reading import Reading

CLAIMS = ["单位编码", "事项编码", "对象编号", "级别", "数量", "日期", "文件", "页码", "备注"]
MARKS = ["单位编码", "指标编码", "评委", "分值"]
CORRECTIONS = ["单位编码", "指标编码", "考核期", "原值", "更正值", "更正原因", "原因类别", "文件", "申请人"]


def sent(sender: str, *rows: list[object]) -> Reading:
    return read((sender, "a.xlsx", workbook(*rows)))


def test_a_claim_is_read_with_everything_it_names() -> None:
    row = ["T001", "prize", "p-1", "national", "1,000", "2025年9月30日", "科技奖〔2025〕1号", "3", "备注"]
    (claim,) = sent("science", CLAIMS, row).submitted_claims.to_dict("records")
    assert {name: claim[name] for name in ("unit_code", "item_code", "object_id", "level", "quantity", "date")} == {
        "unit_code": "T001",
        "item_code": "prize",
        "object_id": "p-1",
        "level": "national",
        "quantity": "1000",
        "date": "2025-09-30",
    }
    assert (claim["document"], claim["page"], claim["source"]) == ("科技奖〔2025〕1号", "3", "science")
    assert (claim["outcome"], claim["cell"]) == ("accepted", "C2")


def test_a_unit_may_claim_for_itself_and_for_nobody_else() -> None:
    rows = [["T001", "prize", "p-1", "national"], ["T002", "prize", "p-2", "national"]]
    reading = sent("T001", CLAIMS[:4], *rows)
    assert reading.submitted_claims["outcome"].tolist() == ["accepted", "refused"]
    assert codes(reading) == ["NOT_YOUR_UNIT"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["T001", "grants", "p-1", ""], "UNKNOWN_INDICATOR"),
        (["T001", "prize", "", "national"], "OBJECT"),
        (["T001", "prize", "", ""], "NOT_DATA"),
    ],
)
def test_a_claim_without_its_matter_is_refused(row: list[object], code: str) -> None:
    reading = sent("science", CLAIMS[:4], row)
    outcomes = reading.submitted_claims["outcome"].tolist()
    assert (outcomes, codes(reading)) in ((["refused"], [code]), (["blank"], ["MISSING"]))


def test_a_prefilled_claim_that_nobody_filled_in_is_blank() -> None:
    reading = sent("science", CLAIMS[:4], ["T001", "prize", None, None], ["T001", "fraud", "f-1", None])
    assert reading.submitted_claims["outcome"].tolist() == ["blank", "accepted"]


def test_quantities_and_dates_of_claims_are_checked() -> None:
    rows = [
        ["T001", "prize", f"p-{at}", "", *more] for at, more in enumerate([["两项", ""], [1, "昨天"], [None, None]])
    ]
    reading = sent("science", CLAIMS[:6], *rows)
    assert reading.submitted_claims["outcome"].tolist() == ["refused", "refused", "accepted"]
    assert codes(reading) == ["NUMBER", "CLAIM_DATE"]
    assert reading.findings["cell"].tolist() == ["E2", "F3"]


def test_two_levels_of_one_matter_are_no_conflict_and_the_same_row_is_one() -> None:
    rows = [["T001", "prize", "p-1", level] for level in ("national", "provincial", "national")]
    reading = sent("science", CLAIMS[:4], *rows)
    assert reading.submitted_claims["outcome"].tolist() == ["accepted", "accepted", "duplicate"]


def test_marks_are_shares_or_points_and_exact() -> None:
    rows = [["T001", "opinion", f"评委{n}", mark] for n, mark in enumerate([0.85, "85%", "0.9分", "优秀", None, 90])]
    reading = sent("science", MARKS, *rows, ["T001", "opinion", "", 1])
    assert reading.marks["mark"].astype(object).where(reading.marks["mark"].notna(), None).tolist() == [
        *("0.85", "0.85", "0.9", None, None, None, None)
    ]
    outcomes = ["accepted", "accepted", "accepted", "refused", "blank", "refused", "refused"]
    assert reading.marks["outcome"].tolist() == outcomes
    assert codes(reading) == ["UNIT_CONVERTED", "UNIT_CONVERTED", "NUMBER", "MISSING", "MARK_RANGE", "JUDGE"]


def test_one_judge_has_one_mark() -> None:
    rows = [["T001", "opinion", "甲", 0.8], ["T001", "opinion", "甲", 0.9], ["T002", "opinion", "甲", 0.7]]
    reading = sent("science", MARKS, *rows)
    assert reading.marks["outcome"].tolist() == ["refused", "refused", "accepted"]


def test_marks_are_taken_from_those_who_judge() -> None:
    assert codes(sent("T001", MARKS, ["T001", "opinion", "甲", 80])) == ["NOT_YOUR_INDICATOR"]
    assert codes(sent("science", MARKS, ["T001", "grants", "甲", 80])) == ["UNKNOWN_INDICATOR"]


def test_a_correction_is_read_in_the_unit_of_its_figure() -> None:
    row = ["T001", "output", None, "1亿元", "1.2亿元", "录错", "录入错误", "青统〔2026〕1号", "李四"]
    (correction,) = (
        sent("stats", CORRECTIONS, row)
        .corrections.drop(columns=["sha256", "subject", "object", "field"])
        .to_dict("records")
    )
    assert correction == {
        "seq": 11,
        "sender": "stats",
        "file": "a.xlsx",
        "sheet": "数据",
        "cell": "E2",
        "unit_code": "T001",
        "indicator_code": "output",
        "period": "2025",
        "old_value": "10000",
        "new_value": "12000",
        "reason": "录错",
        "reason_class": "录入错误",
        "document": "青统〔2026〕1号",
        "requested_by": "李四",
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({5: None}, "REASON"),
        ({4: "约5"}, "NUMBER"),
        ({3: "约5"}, "NUMBER"),
        ({1: "nothing"}, "UNKNOWN_INDICATOR"),
        ({1: "contracts"}, "PERIOD"),
    ],
)
def test_a_correction_that_is_not_clear_is_refused(changes: dict[int, str | None], code: str) -> None:
    row = [changes.get(at, cell) for at, cell in enumerate(["T001", "output", None, 1, 2, "录错"])]
    reading = sent("stats", CORRECTIONS[:6], row)
    assert len(reading.corrections) == 0
    assert (codes(reading), reading.files["refused"].tolist()) == ([code], [1])


def test_one_file_may_hold_several_kinds() -> None:
    book = openpyxl.Workbook()
    for title, rows in {
        "数据": [HEADER, ["T001", "2025", "grants", 5]],
        "事项": [CLAIMS[:4], ["T001", "prize", "p-1", "national"]],
    }.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    del book["Sheet"]
    reading = read(("T001", "a.xlsx", saved(book)))
    assert reading.files[["kind", "cells_read", "accepted"]].iloc[0].tolist() == ["mixed", 2, 2]


def test_empty_texts_are_missing_in_every_frame() -> None:
    claims = read(("science", "a.csv", csv_bytes(CLAIMS, ["T001", "prize", "p-1", *[""] * 6]))).submitted_claims
    assert pd.isna(claims["level"].iloc[0])
    assert pd.isna(claims["sheet"].iloc[0])
