"""The leader's briefs read back: three sentences, numbers of the ranking, the largest losses first."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from edition_cases import qingshan_definition, qingshan_edition
from editions import long_edition

from reports.analyses import figures_of
from reports.brief_gains import least_steps
from reports.briefs import write_brief, write_briefs
from reports.csv_files import indicator_scores, ranking
from reports.edition import Edition


def written(edition: Edition, folder: Path) -> dict[str, Any]:
    """Documents by file name without its ending."""
    write_briefs(folder, edition)
    return {path.stem: Document(str(path)) for path in folder.rglob("*.docx")}


def lines(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text]


def conclusion(document: Any) -> list[str]:
    text = lines(document)[lines(document).index("一、结论") + 1]
    return text.removesuffix("。").split("。")


def table(document: Any, number: int) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in document.tables[number].rows]


def test_there_is_a_brief_for_the_county_and_one_per_unit(tmp_path: Path) -> None:
    assert sorted(written(qingshan_edition(), tmp_path)) == ["D01", "T001", "T002", "T003", "T004", "T005", "brief"]


def test_over_500_units_briefs_of_units_are_made_when_asked_for(tmp_path: Path) -> None:
    edition = long_edition(501, 1)
    assert sorted(written(edition, tmp_path)) == ["brief"]
    write_brief(edition, "T00501", tmp_path / "one.docx")
    assert "00501号镇人民政府2025年度总分99.40分" in "".join(lines(Document(str(tmp_path / "one.docx"))))


def test_scores_and_losses_are_those_of_the_published_tables(tmp_path: Path) -> None:
    edition = qingshan_edition()
    documents = written(edition, tmp_path)
    items = indicator_scores(edition)
    for row in ranking(edition).astype("object").fillna("").to_dict("records"):
        document = documents[row["unit_code"]]
        shown = table(document, 0)[1]
        assert shown[1:4] == [row["base_score"], row["bonus"], row["penalty"]]
        assert shown[4].removesuffix("（暂定）") == (row["total_score"] or "待定")
        assert shown[5].split(" / ")[0] == (str(row["rank"]) if row["rank"] != "" else "-")
        assert shown[6] == row["grade"]
        own = items[(items["unit_code"] == row["unit_code"]) & items["deduction"].notna()]
        lost = sorted((Decimal(text) for text in own["deduction"] if Decimal(text) > 0), reverse=True)
        told = [Decimal(cells[3]) for cells in table(document, 1)[1:]] if len(document.tables) > 1 else []
        assert told == lost[:3]


def test_the_conclusion_is_three_sentences(tmp_path: Path) -> None:
    documents = written(qingshan_edition(), tmp_path)
    assert conclusion(documents["T001"]) == [
        "城关镇2025年度总分93.10分（暂定），在工业强镇1个单位中列第1名，等次优秀，获先进乡镇",
        "上年总分90.00分，本年提高3.10分，名次由第3名到第1名，升2位",
        "2项指标共失22.06分，最多的是引进高层次人才（21.75分）、全社会研发投入（0.31分），占全部失分的100.0%",
    ]
    assert [len(conclusion(one)) for one in documents.values()] == [3] * 7


def test_the_county_is_compared_with_last_year_unit_by_unit(tmp_path: Path) -> None:
    said = conclusion(written(qingshan_edition(), tmp_path)["brief"])
    assert said == [
        "2025年度考核6个单位，总分平均66.92分，最高93.10分（城关镇），最低-0.50分（县科技局）",
        "与上年可比的2个单位平均84.05分，比上年降低0.95分，进位最多的是城关镇（升2位）",
        "失分最多的是发明专利授权量、引进高层次人才、全社会研发投入，占全部失分的100.0%；2个单位得分暂定",
    ]


def test_the_countys_tables_add_up_groups_and_losses(tmp_path: Path) -> None:
    brief = written(qingshan_edition(), tmp_path)["brief"]
    assert table(brief, 0)[1:] == [
        ["工业强镇", "2", "92.55", "90.00", "城关镇 93.10", "城关镇 93.10"],  # the other one is vetoed: no rank
        ["生态乡镇", "3", "75.00", "80.00", "南坪乡 75.00", "西岭乡 75.00"],
        ["县直部门", "1", "-0.50", "", "县科技局 -0.50", "县科技局 -0.50"],
    ]
    assert table(brief, 1)[1:] == [
        ["发明专利授权量", "40.00", "1", "东河镇（40.00）"],
        ["引进高层次人才", "21.75", "1", "城关镇（21.75）"],
        ["全社会研发投入", "20.31", "2", "东河镇（20.00）"],
    ]


def test_who_has_nothing_from_last_year_is_told_so(tmp_path: Path) -> None:
    edition = qingshan_edition()
    documents = written(replace(edition, previous_totals=edition.previous_totals.iloc[:0]), tmp_path)
    assert {conclusion(document)[1] for document in documents.values()} == {"上年没有可比的结果"}


def test_next_steps_name_who_has_to_act(tmp_path: Path) -> None:
    documents = written(qingshan_edition(), tmp_path)
    assert lines(documents["T002"])[-2:] == [
        "1. 发明专利授权量：没有数据，由县统计局补报；属实没有的说明原因。",
        "2. 全社会研发投入：得分暂定，由县统计局尽快提供正式数据。",
    ]
    assert "2. 全社会研发投入：完成3150.25，目标3200，还差49.75万元，列入督办。" in lines(documents["T001"])
    assert lines(documents["brief"])[-3].startswith("1. 2个问题待处理，最多的是县统计局2个")


@pytest.mark.parametrize("said", ["accepted_by", "replaced_by"])
def test_what_is_settled_waits_for_nobody(tmp_path: Path, said: str) -> None:
    edition = qingshan_edition()
    settled = edition.findings["sender"].eq("stats").map({True: "31", False: None})
    documents = written(replace(edition, findings=edition.findings.assign(**{said: settled})), tmp_path)
    assert "个问题待处理" not in "".join(lines(documents["brief"]))


GAPS = [
    # goal, figure, change, what it is now, what it will be, rank and grade before and after
    ("rank", "grants", "9", "30", "39", 3, 2, "合格", "合格"),
    ("rank", "spend", "50", "3150.25", "3200.25", 3, 2, "合格", "合格"),
    ("rank", "talents", "1", "0", "1", 3, 1, "合格", "合格"),
    ("grade", "grants", "12", "30", "42", 3, 2, "合格", "优秀"),
    ("grade", "talents", "2", "", "2", 3, 1, "合格", "优秀"),
]
COLUMNS = ("goal", "indicator_code", "change", "year_before", "year_after", "rank_before", "rank_after")
ROWS = [
    {"outcome": "reached", "period": "2025", **dict(zip((*COLUMNS, "grade_before", "grade_after"), row, strict=True))}
    for row in GAPS
]
FIGURES = figures_of(qingshan_definition())


def test_the_next_rank_and_the_next_grade_are_gained_by_the_smallest_share_of_a_figure() -> None:
    assert least_steps(ROWS, FIGURES) == [
        "要使名次由第3升至第2：“全社会研发投入”2025再增加50万元（全年由3150.25万元到3200.25万元）。",
        "要使名次由第3升至第2，等次由合格升为优秀：“发明专利授权量”再增加12件（由30件到42件）。",
    ]
    (both,) = least_steps([ROWS[3], {**ROWS[3], "goal": "rank"}], FIGURES)
    assert both.startswith("要使名次由第3升至第2，等次由合格升为优秀：")
    assert least_steps([ROWS[4]], FIGURES)[0].endswith("“引进高层次人才”补报，达到2人。")


def test_what_no_figure_gains_alone_is_said_and_the_best_are_left_in_peace() -> None:
    alone, vetoed, best = ([{"outcome": outcome, "goal": "rank"}] for outcome in ("out_of_reach", "vetoed", "best"))
    assert least_steps([*best, *alone], FIGURES) == ["单靠任何一项数据都进不了位、升不了等，须几项一起提高。"]
    assert least_steps([*ROWS, *alone], FIGURES) == least_steps(ROWS, FIGURES)
    assert least_steps(vetoed, FIGURES)[0].startswith("因事项被一票否决")
    assert least_steps(best, FIGURES) == least_steps([], FIGURES) == []


def test_the_same_edition_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_brief(qingshan_edition(), "T001", tmp_path / f"{name}.docx")
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


@pytest.mark.parametrize("hostile", ["<w:p/>&amp;", "镇\u202etxt", "甲\n乙", "\x00\x1b"])
def test_text_from_outside_stays_text(tmp_path: Path, hostile: str) -> None:
    edition = qingshan_edition()
    totals = edition.total_scores.assign(unit_name=hostile)
    write_brief(replace(edition, total_scores=totals), "T001", tmp_path / "one.docx")
    text = "".join(lines(Document(str(tmp_path / "one.docx"))))
    assert "\u202e" not in text
    assert hostile.replace("\n", " ") in text or "〔U+" in text
