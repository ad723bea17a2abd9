"""`kaohe scorecard`: the papers of one unit, from what is published or from the newest run."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from docx import Document
from previewed import SMALL

from orchestration.cli import main
from reports.csv_files import read_csv
from resources.home import Home


def test_the_papers_of_a_unit_show_the_published_numbers(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    result = CliRunner().invoke(main, ["scorecard", SMALL, "B", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["results"] == "依据已发布的第1版。"
    names = ["B 南乡 得分明细表.xlsx", "B 南乡 情况简报.docx", "B 南乡 成绩单.html"]
    assert [Path(name).name for name in told["files"]] == names
    ranking = read_csv(home.published / SMALL / "latest" / "ranking.csv").set_index("unit_code")
    total = ranking.loc["B", "total_score"]
    (sheet,) = openpyxl.load_workbook(told["files"][0]).worksheets
    totals = [row for row in sheet.iter_rows(values_only=True) if row[0] == "合　计"]
    assert [row[9] for row in totals] == [float(total)]
    assert [row.cells[4].text for row in Document(told["files"][1]).tables[0].rows][1] == total
    assert total in Path(told["files"][2]).read_text(encoding="utf-8")


def test_reasons_and_gaps_are_made_where_there_are_too_many_units_to_keep_them(
    fresh_small: Callable[[], Home], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh_small()
    sheets, briefs = [], []
    for folder in ("few", "many"):
        if folder == "many":
            monkeypatch.setattr("reports.edition.DETAILED_UNITS", 2)
            monkeypatch.setattr("assets.analyses.DETAILED_UNITS", 2)
        result = CliRunner().invoke(main, ["scorecard", SMALL, "B", "--out", str(tmp_path / folder)])
        assert result.exit_code == 0, result.output
        (sheet,) = openpyxl.load_workbook(tmp_path / folder / "B 南乡 得分明细表.xlsx").worksheets
        sheets.append([row[11] for row in sheet.iter_rows(min_row=6, values_only=True)])
        brief = Document(str(tmp_path / folder / "B 南乡 情况简报.docx"))
        briefs.append([paragraph.text for paragraph in brief.paragraphs])
    assert sheets[0] == sheets[1]
    assert briefs[0] == briefs[1]
    assert any(text.startswith("1. 要使") for text in briefs[0])
    assert sum(bool(reason) for reason in sheets[0]) >= 2


def test_a_unit_there_is_not_is_refused_with_those_there_are(fresh_small: Callable[[], Home]) -> None:
    fresh_small()
    result = CliRunner().invoke(main, ["scorecard", SMALL, "Z"])
    assert result.exit_code == 2
    assert "没有单位“Z”" in result.stderr
    assert "A（东乡）、B（南乡）" in result.stderr
