"""The analyses where people meet them: beside the version, on its pages, by command, and put into a correction."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from docx import Document
from edition_cases import qingshan_definition, qingshan_edition
from previewed import SMALL, WHY

from assets.editions import draft_of, in_full
from orchestration.analysing import firmness_of, gaps_of, progress_of
from orchestration.cli import main
from orchestration.previewing import preview_correction
from reports.analyses import AnalysesTold
from reports.csv_files import read_csv
from reports.folder import write_folder
from reports.pages import index_page
from resources.home import Home
from resources.kaohe import work_on
from resources.refused import Refused

YUXI = "yuxi-2017"
TABLES = {"gaps.csv", "firmness.csv", "progress.csv"}
INSIDE = "内部参考"


def kaohe(*arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(main, list(arguments))
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found.exit_code, found.output


def test_a_version_brings_the_tables_and_its_pages_say_what_they_say(evaluated: Home) -> None:
    folder = evaluated.published / YUXI / "latest"
    assert {path.name for path in folder.iterdir()} >= TABLES
    gaps = read_csv(folder / "gaps.csv")
    reached = gaps[gaps["outcome"] == "reached"]
    assert not reached.empty
    for unit, rows in reached.groupby("unit_code"):
        page = (folder / "units" / f"{unit}.html").read_text(encoding="utf-8")
        assert [sentence for sentence in rows["sentence"] if sentence not in page] == []
    firm = read_csv(folder / "firmness.csv").set_index("unit_code")
    ranking = read_csv(folder / "ranking.csv").set_index("unit_code")
    assert firm["rank"].dropna().to_dict() == ranking["rank"].dropna().to_dict()
    assert INSIDE in (folder / "index.html").read_text(encoding="utf-8")
    assert "for inside only" in (folder / "index.en.html").read_text(encoding="utf-8")


def test_a_brief_begins_its_next_steps_with_the_least_that_gains_something(evaluated: Home) -> None:
    folder = evaluated.published / YUXI / "latest"
    gaps = read_csv(folder / "gaps.csv")
    reached = gaps[gaps["outcome"] == "reached"]
    for unit, rows in reached.groupby("unit_code"):
        texts = [one.text for one in Document(str(folder / "briefs" / f"{unit}.docx")).paragraphs]
        step = texts[texts.index("四、下一步") + 1]
        assert step.startswith("1. 要使")
        told = step.partition("：")[2].removesuffix("。")
        assert any(sentence.startswith(told) for sentence in rows["sentence"]), step


def test_lists_that_are_cut_say_how_long_they_are_and_rivals_are_named() -> None:
    definition = qingshan_definition()
    unit = {"unit_code": "T001", "unit_name": "城关镇"}
    late = unit | {"level": "red", "level_name": "红", "behind": "5.0", "sentence": "慢。", "who": "谁"}
    ranks = {"rank": 1, "rank_best": 1, "rank_worst": 2, "may_be_unranked": False, "method": "exact"}
    firm = unit | ranks | {"contested_with": "T002;T003"}
    told = AnalysesTold(
        definition=definition,
        gaps=None,
        firmness=pd.DataFrame([firm] * 61),
        progress=pd.DataFrame([late] * 70),
        matters={"zh": ["未结申诉"] * 21},
    )
    page = index_page(replace(qingshan_edition(), analyses=told))
    assert "进度为红或应报未报的 70 项，落后多的在前，此处列出前 60 项，其余见 progress.csv" in page
    assert "共 61 个单位，此处列出前 60 个，其余见 firmness.csv" in page
    assert page.count("东河镇、西岭乡</td>") == 60
    assert page.count('<details class="folded"><summary>未决事项</summary>') == 1


def test_of_thousands_of_units_nobody_looks_how_far_ranks_may_move(
    evaluated: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("evaluation.analyses.MOST_COMPARED", 1)
    work = work_on(evaluated, YUXI)
    edition = in_full(work, draft_of(work).edition)
    (tmp_path / "v").mkdir()
    write_folder(tmp_path / "v", edition, "首次发布")
    assert not (tmp_path / "v" / "firmness.csv").exists()
    assert (tmp_path / "v" / "progress.csv").exists()
    pages = [*(tmp_path / "v").rglob("*.html")]
    assert len(pages) > 2
    assert [page.name for page in pages if 'id="firmness"' in page.read_text(encoding="utf-8")] == []


def test_nothing_of_it_goes_outside(evaluated: Home, tmp_path: Path) -> None:
    work = work_on(evaluated, YUXI)
    edition = replace(in_full(work, draft_of(work).edition), state="公示")
    folder = tmp_path / "v"
    folder.mkdir()
    write_folder(folder, edition, "首次发布")
    public = [path for path in (folder / "public").rglob("*") if path.is_file()]
    assert public
    assert TABLES & {path.name for path in public} == set()
    assert [path.name for path in public if INSIDE.encode() in path.read_bytes()] == []
    assert INSIDE.encode() in (folder / "index.html").read_bytes()


def test_the_commands_tell_what_the_files_hold(evaluated: Home) -> None:
    folder = evaluated.published / YUXI / "latest"
    gaps = read_csv(folder / "gaps.csv")
    unit = str(gaps.loc[gaps["outcome"] == "reached", "unit_code"].iloc[0])
    code, told = kaohe("gap", YUXI, unit, "--json")
    own = gaps[gaps["unit_code"] == unit]
    assert (code, [row["sentence"] for row in json.loads(told)]) == (0, own["sentence"].tolist())
    code, told = kaohe("gap", YUXI, unit)
    assert (code, "名次再进一步：" in told) == (0, True)
    code, told = kaohe("firmness", YUXI, "--json")
    firm = json.loads(told)
    assert (code, len(firm["units"])) == (1 if firm["pairs"] else 0, 9)
    code, told = kaohe("progress", YUXI, "--json")
    assert [row["unit_code"] for row in json.loads(told)] == read_csv(folder / "progress.csv")["unit_code"].tolist()
    assert kaohe("progress", YUXI, "--as-of", "去年")[0] == 2


def test_a_unit_that_there_is_not_is_refused(evaluated: Home) -> None:
    with pytest.raises(Refused, match="没有单位“X”"):
        gaps_of(evaluated, YUXI, "X")


def test_what_is_suggested_comes_out_when_it_is_corrected(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    gaps = gaps_of(home, SMALL, "B")
    reached = gaps[(gaps["outcome"] == "reached") & (gaps["goal"] == "rank")]
    assert not reached.empty
    for row in reached.to_dict("records"):
        asked = {"evaluation": SMALL, "unit": "B", "indicator": row["indicator_code"], "period": row["period"]}
        found = preview_correction(home, {**asked, "old_value": None, "value": row["value_after"], **WHY})
        after = found.units.set_index("unit_code").loc["B"]
        assert (after["score_after"], int(after["rank_after"])) == (row["score_after"], row["rank_after"])


def test_an_evaluation_without_periods_has_no_pace_and_open_matters_are_listed(evaluated: Home) -> None:
    assert progress_of(evaluated, YUXI, None).empty
    assert firmness_of(evaluated, YUXI).units["sentence"].str.startswith("现").all()
