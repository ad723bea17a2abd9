"""Fill-in workbooks: made, filled in as a clerk would, sent back, evaluated."""

from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from every_kind import FILES, definition
from filled_forms import (
    DAY,
    Blank,
    append,
    asked_of,
    blanks,
    choices,
    example,
    figure_sheets,
    fill,
    form,
    saved,
    written,
)

from evaluation.acceptance import accept
from evaluation.definition import read_definition
from evaluation.forms import INSTRUCTIONS, STAMP_SHEET
from evaluation.obligations import obligations
from intake.reading import Reading, read_files
from orchestration.cli import main
from reports.form import file_name
from reports.form_asked import Recipient, period_words
from resources.home import Home
from resources.kaohe import Work, work_on

SENDERS = ("stats", "sti", "T1", "T2", "T3", "D1")


def read_back(definition_: Any, sent: dict[str, bytes]) -> Reading:
    rows = [
        (seq, hashlib.sha256(data).hexdigest(), sender, f"{sender}.xlsx", "2026-01-10T09:00:00")
        for seq, (sender, data) in enumerate(sent.items(), start=1)
    ]
    files = pd.DataFrame(rows, columns=["seq", "sha256", "sender", "name", "received_at"])
    contents = {hashlib.sha256(data).hexdigest(): data for data in sent.values()}
    return read_files(files, contents.__getitem__, definition_)


def number(blank: Blank) -> int:
    """Another number for each blank, within every range."""
    return int(hashlib.sha256("|".join(blank[:3]).encode()).hexdigest(), 16) % 15 + 1


def test_what_is_filled_in_is_accepted_with_its_sheet_and_cell(tmp_path: Path) -> None:
    rules = example("qingshan-2025")
    asked, sent, filled = asked_of(rules), {}, {}
    for code in ("stats", "market", "inspection", "T08", "T17", "D01"):
        book = form(tmp_path, asked, code)
        filled[code] = fill(book, number)
        sent[code] = saved(book)
    reading = read_back(rules, sent)
    assert reading.findings.empty
    values = reading.submitted_values
    read = {
        (one.sender, one.unit_code, one.indicator_code, one.period): (one.submitted_value, one.sheet, one.cell)
        for one in values.itertuples()
    }
    assert read == {
        (sender, *key): (str(number(blank)), blank.sheet, blank.cell)
        for sender, own in filled.items()
        for key, blank in own.items()
    }
    assert {"2024", "2025", "2025Q4", "2025-12"} <= set(values["period"])
    accepted = accept(
        rules, values, set(), pd.DataFrame(columns=["approval_seq", "unit_code", "indicator_code", "period"])
    )
    assert accepted["accepted_value"].notna().sum() == len(
        values.drop_duplicates(["unit_code", "indicator_code", "period"])
    )


@pytest.mark.parametrize("rules", [definition(), example("qingshan-2025")], ids=["every kind", "qingshan"])
def test_every_obligation_has_a_blank_with_whoever_owes_it_and_only_once(tmp_path: Path, rules: Any) -> None:
    asked = asked_of(rules)
    owed = obligations(rules)
    codes = list(dict.fromkeys(owed["owed_by"])) if len(owed) < 200 else ["stats", "sti", "market", "T08", "D02"]
    for code in codes:
        found = [(b.unit_code, b.indicator_code, written(b.period)) for b in blanks(form(tmp_path, asked, code))]
        assert len(found) == len(set(found))
        own = owed.loc[owed["owed_by"] == code, ["unit_code", "indicator_code", "period"]]
        assert set(own.itertuples(index=False, name=None)) <= set(found)


def test_units_to_which_a_figure_does_not_apply_have_no_blank(tmp_path: Path) -> None:
    book = form(tmp_path, asked_of(definition()), "stats")
    sheet = book["数据"]
    cells = {sheet.cell(row, 1).value: [cell.value for cell in sheet[row]] for row in range(7, 10)}
    assert "不适用" in cells["T3"]
    assert "不适用" not in cells["T1"]
    assert "D1" not in cells


def test_a_figure_that_several_items_read_is_asked_for_once(tmp_path: Path) -> None:
    codes = [blank.indicator_code for blank in blanks(form(tmp_path, asked_of(definition()), "stats"))]
    assert codes.count("rd") == 3
    assert not {"rd_growth", "rd_share"} & set(codes)
    own = [blank.indicator_code for blank in blanks(form(tmp_path, asked_of(definition()), "T1"))]
    assert own.count("training") == 1


def test_targets_last_year_and_last_period_stand_beside_the_blank(tmp_path: Path) -> None:
    columns = ["unit_code", "indicator_code", "period", "accepted_value"]
    previous = pd.DataFrame(
        [
            ("T1", "grants", "2024", "8.5"),
            *((f"T{n}", "contracts", f"2024-{m:02}", "1.1") for n in (1, 2) for m in range(1, 13)),
        ],
        columns=columns,
    )
    current = pd.DataFrame([("T1", "speed", "2025Q2", "7.7"), ("T1", "speed", "2025Q1", "6")], columns=columns)
    asked = asked_of(definition(), previous, current)
    year, quarter = (form(tmp_path, asked, "stats")[name] for name in ("数据", "数据（季度）"))
    assert [cell.value for cell in year[4]][2:5] == ["目标", "上年", "2025年"]
    assert [cell.value for cell in year[7]][:4] == ["T1", "东坝镇", 10, 8.5]
    assert quarter["C4"].value == "上期\n（第2季度）"
    assert quarter["C7"].value == 7.7
    month = form(tmp_path, asked, "sti")["数据（月度）"]
    assert month["C7"].value == 13.2


def test_in_a_list_each_period_has_the_one_before_beside_it(tmp_path: Path) -> None:
    columns = ["unit_code", "indicator_code", "period", "accepted_value"]
    rows = [("T1", "contracts", f"2025-0{month}", str(month)) for month in range(1, 4)]
    sheet = form(tmp_path, asked_of(definition(), current=pd.DataFrame(rows, columns=columns)), "T1")["数据"]
    names = [cell.value for cell in sheet[3]]
    told = [row[names.index("上期")].value for row in sheet.iter_rows(min_row=5) if row[0].value == "contracts"]
    assert told == [None, 1, 2, 3, *[None] * 8]


def test_only_blanks_can_be_written_in(tmp_path: Path) -> None:
    for code in ("stats", "T1"):
        for sheet in form(tmp_path, asked_of(definition()), code):
            assert sheet.protection.sheet
            for row in sheet.iter_rows():
                for cell in row:
                    coloured = cell.fill.fgColor.rgb == "FFFFF9D9"
                    assert cell.protection.locked != coloured


def test_sheets_are_ready_to_print(tmp_path: Path) -> None:
    for code in ("stats", "T1"):
        for sheet in form(tmp_path, asked_of(definition()), code):
            if sheet.title.startswith("_"):
                continue
            assert sheet.page_setup.paperSize == 9
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
            assert sheet.print_title_rows.startswith("$3:")
            assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
            assert str(sheet["A2"].value).startswith("填报单位（盖章）：")
            assert sheet["A3"].border.left.style in ("thin", None if sheet.title == INSTRUCTIONS else "thin")


def test_instructions_tell_clause_unit_formula_date_and_place(tmp_path: Path) -> None:
    sheet = form(tmp_path, asked_of(definition()), "stats")[INSTRUCTIONS]
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for part in (
        "第三条",
        "件",
        "得分＝标准分×完成率；完成率＝完成值÷目标值",
        "2026年1月15日",
        "stats",
        "河政办〔2025〕3号",
    ):
        assert part in text


def test_the_stamp_is_hidden_and_whole(tmp_path: Path) -> None:
    sheet = form(tmp_path, asked_of(definition()), "T1")[STAMP_SHEET]
    assert sheet.sheet_state == "veryHidden"
    assert {row[0].value: row[1].value for row in sheet.iter_rows()} == {
        "evaluation": "hexi-2025",
        "sender": "T1",
        "period": "2025",
        "definition": definition().digest,
    }


def test_every_font_is_named_that_of_cells_without_a_format_too(tmp_path: Path) -> None:
    book = form(tmp_path, asked_of(definition()), "T1")
    assert {sheet["ZZ999"].font.name for sheet in book} == {"宋体"}
    with zipfile.ZipFile(tmp_path / "T1.xlsx") as archive:
        styles = archive.read("xl/styles.xml").decode()
    fonts = styles[styles.index("<fonts") : styles.index("</fonts>")]
    assert set(re.findall(r'<name val="([^"]+)"', fonts)) == {"宋体", "仿宋_GB2312", "方正小标宋简体"}
    assert "<scheme" not in fonts


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    texts = FILES | {"units.csv": FILES["units.csv"].replace("东坝镇", '"=HYPERLINK(""http://x"")"')}
    texts["rulebook.yaml"] = texts["rulebook.yaml"].replace("name: 专题会议", "name: '@SUM(1)'")
    hostile = read_definition({name: text.encode() for name, text in texts.items()})
    form(tmp_path, asked_of(hostile), "stats")
    with zipfile.ZipFile(tmp_path / "stats.xlsx") as archive:
        parts = b"".join(archive.read(name) for name in archive.namelist() if "sheet" in name)
    assert b"<f>" not in parts
    assert b"<hyperlink" not in parts


def test_the_same_definition_makes_the_same_bytes(tmp_path: Path) -> None:
    form(tmp_path, asked_of(definition()), "sti")
    first = (tmp_path / "sti.xlsx").read_bytes()
    form(tmp_path, asked_of(definition()), "sti")
    assert (tmp_path / "sti.xlsx").read_bytes() == first


def test_file_names_are_chinese_safe_and_never_twice_the_same() -> None:
    asked = asked_of(definition())
    assert file_name(asked, Recipient("stats", "县统计局", "stats"), set()) == "2025年度_县统计局_填报表.xlsx"
    assert "/" not in file_name(asked, Recipient("x", "../a/b", "x"), set())
    taken = {"2025年度_城关镇_自报表.xlsx"}
    assert file_name(asked, Recipient("T9", "城关镇", "self"), taken) == "2025年度_城关镇（T9）_自报表.xlsx"


def kaohe(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def hexi(home: Home) -> Home:
    """A home with the evaluation of every kind, adopted."""
    folder = home.evaluations / "hexi-2025"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert kaohe("adopt", "hexi-2025", "--by", "甲", "--approved-by", "乙").exit_code == 0
    return home


def test_forms_are_not_made_from_rules_that_nobody_adopted(home: Home) -> None:
    folder = home.evaluations / "hexi-2025"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    result = kaohe("templates", "hexi-2025")
    assert (result.exit_code, "kaohe adopt" in result.output) == (2, True)


def test_every_kind_of_item_comes_back_through_the_commands(hexi: Home, tmp_path: Path) -> None:
    made = kaohe("templates", "hexi-2025")
    assert made.exit_code == 0, made.output
    folder = hexi.templates / "hexi-2025"
    names = {line.split("　")[0]: line.split("　")[1] for line in made.output.splitlines() if "　" in line}
    assert set(names) == set(SENDERS)
    filled: dict[tuple[str, str, str, str], tuple[str, str, str]] = {}
    for code, name in names.items():
        book = openpyxl.load_workbook(folder / name)
        for key, blank in fill(book, number).items():
            filled[code, *key] = (name, blank.sheet, blank.cell)
        fill_matters(book, code)
        book.save(tmp_path / name)
        assert (
            "台账第"
            in kaohe("submit", "hexi-2025", code, str(tmp_path / name), "--received", "2026-01-10", "--by", "甲").output
        )
    result = kaohe("evaluate", "hexi-2025")
    assert result.exit_code in (0, 1), result.output
    work = work_on(hexi, "hexi-2025")
    assert_values(work, filled)
    assert_matters(work)


def assert_values(work: Work, filled: dict[tuple[str, str, str, str], tuple[str, str, str]]) -> None:
    """What counts is what the most trusted sender filled in, from its file, sheet and cell."""
    found = work.findings()
    assert not len(found[(found["producer"] == "intake") & (found["severity"] == "error")])
    accepted = work.read("accepted_values")
    assert set(accepted["indicator_code"]) == {
        *("grants", "rd", "firms", "fiscal", "idle", "speed", "contracts", "training", "area")
    }
    for row in accepted.itertuples():
        sender = row.unit_code if row.source == "self" else row.source
        blank = Blank(row.unit_code, row.indicator_code, period_words(row.period), "", "")
        assert row.accepted_value == str(number(blank))
        assert (row.file, row.sheet, row.cell) == filled[sender, row.unit_code, row.indicator_code, row.period]


def fill_matters(book: Any, code: str) -> None:
    """A claim for every item, marks of two judges, self-scores."""
    if code == "sti":
        sheet = book["事项"]
        unit = next(text for text in choices(book, sheet, "单位编码") if "东坝镇" in text)
        levels = {"centres": "省级", "prize": "国家级", "area": "核减"}
        for row, item in enumerate(choices(book, sheet, "事项编码"), start=4):
            word = next((word for key, word in levels.items() if f"〔{key}〕" in item), None)
            level = next((one for one in choices(book, sheet, "级别") if word and one.startswith(word)), None)
            append(
                sheet,
                row,
                单位编码=unit,
                事项编码=item,
                对象编号=f"o-{row}",
                级别=level,
                数量=40,
                日期=DAY,
                文件=f"文{row}",
            )
        listed = book["事项（清单）"]
        (item,) = choices(book, listed, "事项编码")
        for row, piece in enumerate(choices(book, listed, "清单内容"), start=4):
            append(listed, row, 单位编码=unit, 事项编码=item, 清单内容=piece)
    if code == "T2":
        append(
            book["事项"],
            4,
            事项编码="科技奖励〔prize〕",
            对象编号="p",
            级别="国家级〔national〕",
            文件="市科〔2025〕1号",
        )
    if "评委打分" in book.sheetnames:
        sheet = book["评委打分"]
        for row in range(4, sheet.max_row - 1):
            sheet.cell(row, 6, 0.8 if sheet.cell(row, 5).value == 1 else 80)
            sheet.cell(row, 7, 0.9 if sheet.cell(row, 5).value == 1 else 90)
    if "自评分" in book.sheetnames:
        book["自评分"]["F4"] = 3.5


def assert_matters(work: Work) -> None:
    claims = work.read("submitted_claims")
    assert set(claims["outcome"]) == {"accepted"}
    own = claims[claims["sender"] == "sti"]
    assert set(own["item_code"]) == {"meetings", "funds", "centres", "plans", "area", "prize", "criticism", "fraud"}
    assert set(own.loc[own["item_code"] == "plans", "object_id"]) == {"plan", "group"}
    assert dict(zip(own["item_code"], own["level"], strict=True))["area"] == "exemption"
    assert set(own.loc[own["item_code"] == "funds", "quantity"]) == {"40"}
    assert set(own.loc[own["item_code"] != "plans", "date"]) == {"2025-09-30"}
    (waiting,) = claims[claims["source"] == "self"].itertuples()
    assert (waiting.unit_code, waiting.item_code, waiting.level) == ("T2", "prize", "national")
    marks = work.read("marks", "submitted_claims")
    assert sorted(marks["mark"]) == ["0.8"] * 3 + ["0.9"] * 3 + ["80", "90"]
    assert set(marks["judge"]) == {"评委1", "评委2"}
    self_scores = work.read("self_scores", "submitted_claims")
    assert sorted(self_scores["unit_code"]) == ["D1", "T1", "T2", "T3"]
    assert set(self_scores["self_score"]) == {"3.5"}
    scores = work.read("indicator_scores").set_index(["unit_code", "indicator_code"])["indicator_score"]
    wanted = {"meetings": "1.00", "funds": "2.00", "centres": "3.00", "plans": "5.00", "visit": "4.25", "prize": "5.00"}
    assert {item: scores["T1", item] for item in wanted} == wanted
    assert scores["D1", "opinion"] == "85.00"


def test_sheets_of_figures_are_named_by_how_often_they_are_reported(tmp_path: Path) -> None:
    titles = [sheet.title for sheet in figure_sheets(form(tmp_path, asked_of(definition()), "stats"))]
    assert titles == ["数据", "数据（季度）"]
    assert [sheet.title for sheet in figure_sheets(form(tmp_path, asked_of(definition()), "T1"))] == ["数据"]
