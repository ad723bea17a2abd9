"""The blank sheet of corrections: what is chosen and written in it becomes requests, and past a rule a finding."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner
from desk_cases import Desks
from previewed import SMALL
from running import run

from evaluation.corrected import CELL
from orchestration.cli import main
from orchestration.filing import ledger_of
from reports.form_rules import OF_CORRECTIONS
from reports.form_sheet import HEADER_ROW
from resources.corrections import corrections
from resources.home import Home
from resources.kaohe import work_on

FIRST = HEADER_ROW + 2  # in a spreadsheet's count


def blank(home: Home) -> Path:
    done = CliRunner().invoke(main, ["templates", SMALL, "--corrections"])
    assert done.exit_code == 0, done.output
    return home.templates / f"更正表_{SMALL}.xlsx"


def filled(form: Path | io.BytesIO, rows: list[dict[str, str]]) -> Any:
    book = openpyxl.load_workbook(form)
    places = {cell.value: cell.column for cell in book["更正"][FIRST - 1]}
    for row, texts in enumerate(rows, start=FIRST):
        for word, text in texts.items():
            book["更正"].cell(row, places[word]).value = text
    return book


def lists(book: Any) -> dict[str, list[str]]:
    """What may be chosen in each column."""
    heads, found = {cell.column_letter: cell.value for cell in book["更正"][FIRST - 1]}, {}
    for rule in book["更正"].data_validations.dataValidation:
        sheet, _, place = str(rule.formula1).partition("!")
        cells = book[sheet.strip("=")][place.replace("$", "")]
        first = str(rule.sqref).split(":")[0]
        found[heads[first.rstrip("0123456789")]] = [row[0].value for row in cells]
    return found


def test_each_kind_is_asked_for_by_what_its_lists_offer(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    offered = lists(openpyxl.load_workbook(blank(home)))
    assert offered["更正什么"] == ["数据", "目标", "事项", "评委打分", "分组", "任职"]
    assert offered["单位编码"][:2] == ["东乡〔A〕", "南乡〔B〕"]
    assert "现场〔visits〕" in offered["指标编码"]
    unit, reason = {"单位编码": "东乡〔A〕"}, {"理由": "核对"}
    rows = [
        {"更正什么": "数据", "指标编码": "授权量〔grants〕", "原值": "18", "更正为": "19件"} | unit | reason,
        {"更正什么": "目标", "指标编码": "授权量〔grants〕", "栏目": "力争值", "更正为": "60"} | unit | reason,
        {"更正什么": "评委打分", "指标编码": "现场〔visits〕", "对象": "甲", "更正为": "0.6"} | unit | reason,
        {"更正什么": "分组", "更正为": "乙组"} | unit | reason,
        {"更正什么": "任职", "对象": "赵一", "栏目": "任职至", "更正为": "2025-06-30"} | unit | reason,
    ]
    filled(blank(home), rows).save(home.inbox / SMALL / "stats" / "我的更正.xlsx")
    assert run(SMALL).success
    asked = corrections(ledger_of(home), SMALL)
    assert asked[[*CELL, "new_value"]].values.tolist() == [
        ["figure", "A", "grants", "2025", "", "value", "19"],
        ["target", "A", "grants", "", "", "stretch", "60"],
        ["mark", "A", "visits", "", "甲", "mark", "0.6"],
        ["group", "A", "", "", "", "group", "h"],
        ["post", "A", "", "", "pa", "to", "2025-06-30"],
    ]
    assert set(work_on(home, SMALL).findings()["code"]) == {"CORRECTION_ASKED"}


def test_what_is_pasted_past_a_rule_gets_its_finding(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    good = {"更正什么": "目标", "单位编码": "东乡〔A〕", "指标编码": "授权量〔grants〕", "更正为": "60", "理由": "核对"}
    words = {"更正什么": "SUBJECT", "单位编码": "UNKNOWN_UNIT", "指标编码": "CORRECTION_REFUSED"}
    words |= {"栏目": "CORRECTION_REFUSED", "理由类别": "REASON_CLASS"}
    assert sorted(words.values()) == sorted(code for rule in OF_CORRECTIONS.values() for code in rule.twins)
    rows = [good | {word: "别的"} for word in words]
    filled(blank(home), rows).save(home.inbox / SMALL / "stats" / "我的更正.xlsx")
    assert run(SMALL).success
    assert corrections(ledger_of(home), SMALL).empty
    found = work_on(home, SMALL).findings()
    at = {int(cell.lstrip("ABCDEFGHIJKL")): code for cell, code in zip(found["cell"], found["code"], strict=True)}
    assert at == dict(enumerate(words.values(), start=FIRST))


def test_a_row_is_high_enough_for_the_longest_name_to_choose(fresh_small: Callable[[], Home]) -> None:
    sheet = openpyxl.load_workbook(blank(fresh_small()))["更正"]
    header, row = sheet.row_dimensions[FIRST - 1].height, sheet.row_dimensions[FIRST].height
    assert row >= 30, (header, row)


def test_the_same_rules_make_the_same_bytes(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    first = blank(home).read_bytes()
    assert blank(home).read_bytes() == first
    assert [path.name for path in home.templates.iterdir()] == [f"更正表_{SMALL}.xlsx"]


def test_everybody_gets_it_from_the_page(desks: Desks) -> None:
    for name in ("王一", "东乡", "统计"):
        browser = desks.of(name)
        assert 'href="/desk/corrections/form' in browser.get("/desk/corrections").text
        answer = browser.get(f"/desk/corrections/form?evaluation={SMALL}")
        assert lists(openpyxl.load_workbook(io.BytesIO(answer.content)))["单位编码"][0] == "东乡〔A〕"
        assert "%E6%9B%B4%E6%AD%A3%E8%A1%A8.xlsx" in answer.headers["content-disposition"]
