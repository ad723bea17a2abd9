"""Every rule inside a cell has its twin at intake: what is pasted past the rule gets the named finding."""

from __future__ import annotations

import hashlib
import io
import itertools
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from every_kind import definition
from filled_forms import NOTHING, asked_of, fill, form, saved
from submissions import submitted

from checks.expectations import verdicts
from checks.suites import suites, suites_of_values
from intake.causes import CAUSES
from intake.reading import read_files
from reports.form_rules import RULES

SENDERS = ("stats", "sti", "T1")
# What no rule admits, by the twin that must refuse it.
BAD = {
    "NUMBER": "约5",
    "NOT_WHOLE": 2.5,
    "RANGE": -10_000_000,
    "STATUS": "估计",
    "UNKNOWN_UNIT": "北坝镇",
    "UNKNOWN_INDICATOR": "别的事项",
    "LEVEL": "世界级",
    "PIECE": "别的材料",
    "CLAIM_DATE": "去年秋天",
    "MARK_RANGE": 1000,
    "SELF_SCORE_RANGE": 1000,
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Each sender's form with every figure filled in."""
    books = {}
    for sender in SENDERS:
        book = form(tmp_path_factory.mktemp("forms"), asked_of(definition()), sender)
        fill(book, lambda blank: 5)
        books[sender] = saved(book)
    return books


def rules_found(filled: dict[str, bytes]) -> list[tuple[str, str, str, str]]:
    """(sender, sheet, rule's title, first cell) of every rule in the workbooks, of alike ones the first."""
    found = {}
    for sender, data in filled.items():
        for sheet in openpyxl.load_workbook(io.BytesIO(data)):
            for rule in sheet.data_validations.dataValidation:
                key = (sender, sheet.title, str(rule.errorTitle))
                found.setdefault(key, str(rule.sqref).split()[0].split(":")[0])
    # Claims stand in rows of their own, so that one bad value does not hide another.
    return [
        (*key, f"{cell[0]}{int(cell[1:]) + at}" if key[1].startswith("事项") else cell)
        for at, (key, cell) in enumerate(found.items())
    ]


def test_every_rule_of_the_table_stands_in_a_workbook_and_no_other(filled: dict[str, bytes]) -> None:
    assert {title for _, _, title, _ in rules_found(filled)} == set(RULES)


def test_every_twin_is_a_finding_of_intake_or_of_the_expectations() -> None:
    expectations = {s.code for suite in suites(definition(), submitted(values_of(b""))) for s in suite.statements}
    for rule in RULES.values():
        assert set(rule.twins) <= set(CAUSES) | expectations
        assert set(rule.twins) <= set(BAD)


def test_every_bad_value_pasted_past_a_rule_gets_its_twin(filled: dict[str, bytes]) -> None:
    rules = rules_found(filled)
    tried = 0
    for sender, place in itertools.product(SENDERS, range(max(len(rule.twins) for rule in RULES.values()))):
        pasted = [
            (sheet, cell, RULES[title].twins[place])
            for whose, sheet, title, cell in rules
            if whose == sender and place < len(RULES[title].twins)
        ]
        found = findings(sender, with_values(filled[sender], pasted))
        for sheet, cell, twin in pasted:
            assert (twin, sheet, cell) in found
        tried += len(pasted)
    assert tried > 40


def with_values(form_filled: bytes, pasted: list[tuple[str, str, str]]) -> bytes:
    """The form with bad values pasted over cells; a claim is otherwise complete."""
    book = openpyxl.load_workbook(io.BytesIO(form_filled))
    for sheet, cell, twin in pasted:
        if sheet.startswith("事项"):
            claim(book[sheet], book[sheet][cell].row)
        book[sheet][cell].value = BAD[twin]
    return saved(book)


def claim(sheet: Any, row: int) -> None:
    good = {
        "单位编码": "东坝镇〔T1〕",
        "事项编码": "研发平台〔centres〕",
        "对象编号": f"p-{row}",
        "级别": "国家级〔national〕",
    }
    if "清单" in sheet.title:
        good |= {"事项编码": "工作制度〔plans〕", "清单内容": "年度计划〔plan〕"}
    for heading in sheet[3]:
        sheet.cell(row, heading.column, good.get(heading.value))


def values_of(data: bytes, sender: str = "stats") -> pd.DataFrame:
    return reading_of(data, sender).submitted_values


def reading_of(data: bytes, sender: str) -> Any:
    row = (1, hashlib.sha256(data).hexdigest(), sender, "a.xlsx", "2026-01-10T09:00:00")
    files = pd.DataFrame([row], columns=["seq", "sha256", "sender", "name", "received_at"])
    return read_files(files, lambda _: data, definition())


def findings(sender: str, data: bytes) -> set[tuple[str, str, str]]:
    """(code, sheet, cell) of all that the reader and the expectations for values find."""
    reading = reading_of(data, sender)
    judged = verdicts([next(suites_of_values(definition(), reading.submitted_values, NOTHING))])
    found = pd.concat([reading.findings, judged])
    return set(zip(found["code"], found["sheet"], found["cell"], strict=True))


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: "+".join(rule.twins))
def test_rules_say_in_chinese_what_to_do_and_fit_a_spreadsheet(rule: Any) -> None:
    assert len(rule.title) <= 32
    assert len(rule.message) <= 255
    assert rule.message.endswith("。")


def test_the_page_about_intake_names_every_rule_with_its_twins() -> None:
    page = (Path(__file__).parents[1] / "docs" / "intake.md").read_text(encoding="utf-8")
    for rule in RULES.values():
        line = next(line for line in page.splitlines() if line.startswith("|") and rule.title in line)
        assert {f"`{twin}`" for twin in rule.twins} == set(line.rsplit("|", 2)[1].strip().split("、"))


def test_the_page_about_intake_tells_every_stamp_with_its_word() -> None:
    page = (Path(__file__).parents[1] / "docs" / "intake.md").read_text(encoding="utf-8")
    stamps = {code: cause for code, cause in CAUSES.items() if code.startswith("STAMP_")}
    assert len(stamps) == 4
    for code, cause in stamps.items():
        assert f"| `{code}` | {cause.message.partition('：')[0]} |" in page
