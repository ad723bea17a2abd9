"""The notice: what stands in it, read back, and its official form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from edition_cases import qingshan_edition

from evaluation.states import STATES
from reports.csv_files import ranking
from reports.edition import Edition
from reports.notice import write_notice


def written(edition: Edition, folder: Path) -> Any:
    write_notice(edition, folder / "notice.docx")
    return Document(str(folder / "notice.docx"))


def text_of(document: Any) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def cells_of(document: Any) -> dict[str, dict[str, str]]:
    """Cells of the attached tables by unit and header."""
    found = {}
    for table in document.tables:
        header, *rows = [[cell.text for cell in row.cells] for row in table.rows]
        found |= {row[header.index("单位")]: dict(zip(header, row, strict=True)) for row in rows}
    return found


def test_the_attached_numbers_are_those_of_the_ranking(tmp_path: Path) -> None:
    edition = qingshan_edition()
    shown = cells_of(written(edition, tmp_path))
    rows = ranking(edition).astype("object").fillna("").to_dict("records")
    assert len(shown) == len(rows) > 0
    for row in rows:
        cells = shown[row["unit_name"]]
        names = {"base_score": "基础分", "bonus": "加分", "penalty": "扣分", "grade": "等次", "award": "奖项"}
        for name, header in names.items():
            assert cells.get(header, "") == row[name]
        assert cells["综合得分"].removesuffix("\n（暂定）") == (row["total_score"] or "待定")
        assert cells["综合得分"].endswith("（暂定）") == row["provisional"]
        assert cells["名次"] == (str(row["rank"]) if row["rank"] != "" else "-")


@pytest.mark.parametrize("state", STATES)
def test_the_state_stands_in_the_title_and_the_first_line_until_it_is_announced(tmp_path: Path, state: str) -> None:
    lines = [p.text for p in written(replace(qingshan_edition(), state=state), tmp_path).paragraphs if p.text]
    first, title = (lines[0], lines[1]) if state != "通报" else ("", lines[0])
    assert title.startswith("关于2025年度青山县党政领导科技进步目标责任制考核结果的")
    if state == "通报":
        assert title.endswith("结果的通报")
    else:
        word = state if state == "定稿" else f"{state}稿"
        assert first.startswith(word)
        assert title.endswith(f"（{word}）")


def test_a_public_notice_names_its_last_day_and_where_to_object(tmp_path: Path) -> None:
    text = text_of(written(replace(qingshan_edition(), state="公示", notice_until="2026-02-03"), tmp_path))
    assert "公示期自2026年1月20日起，至2026年2月3日止" in text
    assert "对结果有异议的" in text


def test_the_notice_of_a_review_is_not_said_to_begin_with_the_review(tmp_path: Path) -> None:
    review = replace(qingshan_edition(), state="复核")
    assert "公示期至2026年2月3日止" in text_of(written(replace(review, notice_until="2026-02-03"), tmp_path))
    text = text_of(written(replace(review, notice_until="2026-01-19"), tmp_path))
    assert "公示期已于2026年1月19日届满" in text
    assert "请在公示期内" not in text


def test_grades_and_awards_stand_in_the_order_of_the_rulebook(tmp_path: Path) -> None:
    """Units stand by group, where the last of the first group may come before the first of the next."""
    edition = qingshan_edition()
    given = {"T001": "不合格", "T003": "合格", "T004": "优秀"}
    totals = edition.total_scores
    totals = totals.assign(grade=totals["unit_code"].map(given).where(totals["kind"] == "township", totals["grade"]))
    lines = text_of(written(replace(edition, total_scores=totals), tmp_path)).split("\n")
    told = [line[: line.index("（")] for line in lines if line.startswith(("优秀（", "合格（", "不合格（"))]
    assert told[:3] == ["优秀", "合格", "不合格"]


def test_no_person_is_named(tmp_path: Path) -> None:
    edition = qingshan_edition()
    document = written(edition, tmp_path)
    everything = text_of(document) + str(cells_of(document))
    assert len(edition.official_scores) > 0
    for name in [*edition.official_scores["name"], *edition.corrections["requested_by"]]:
        assert name not in everything


def test_the_same_edition_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        written(qingshan_edition(), tmp_path / name)
    assert (tmp_path / "a" / "notice.docx").read_bytes() == (tmp_path / "b" / "notice.docx").read_bytes()


def test_the_page_is_that_of_the_standard(tmp_path: Path) -> None:
    """GB/T 9704-2012: A4, 37 mm above, 28 mm on the binding side, a text area of 156 mm × 225 mm."""
    section = written(qingshan_edition(), tmp_path).sections[0]
    twentieth = 635  # a docx keeps lengths in twentieths of a point
    across = section.page_width - section.left_margin - section.right_margin
    down = section.page_height - section.top_margin - section.bottom_margin
    wanted = {section.top_margin: Mm(37), section.left_margin: Mm(28), across: Mm(156), down: Mm(225)}
    assert all(abs(kept - meant) <= 2 * twentieth for kept, meant in wanted.items())


def test_fonts_are_named_for_chinese_text(tmp_path: Path) -> None:
    document = written(qingshan_edition(), tmp_path)
    fonts = {
        run._element.rPr.rFonts.get(qn("w:eastAsia"))
        for paragraph in document.paragraphs
        for run in paragraph.runs
        if run.text
    }
    assert {"方正小标宋简体", "仿宋_GB2312", "黑体"} <= fonts


def test_a_table_repeats_its_header_and_breaks_no_row(tmp_path: Path) -> None:
    (table, *_) = written(qingshan_edition(), tmp_path).tables
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_text_that_turns_around_is_spelled_out(tmp_path: Path) -> None:
    edition = qingshan_edition()
    totals = edition.total_scores.assign(unit_name=edition.total_scores["unit_name"] + "\u202eabc")
    text = text_of(written(replace(edition, total_scores=totals), tmp_path))
    assert "\u202e" not in text
    assert "〔U+202E〕" in text
