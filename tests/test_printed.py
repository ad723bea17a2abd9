"""What comes out of the printer: pages counted, nothing replaced by ####, headers on every page, one page per brief."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest
from edition_cases import qingshan_edition
from editions import definition_of, edition_of, indicator, long_edition
from printing import printed

from evaluation.definition import Definition
from reports.analyses import AnalysesTold
from reports.briefs import write_brief, write_briefs
from reports.edition import Edition
from reports.notice import write_notice
from reports.official_document import OfficialDocument
from reports.workbook import write_scorecard, write_workbook


def longest_edition() -> Edition:
    """Every text longer than a brief has room for; a group more than it lists; something to say everywhere."""
    groups = [{"code": f"g{n}", "name": f"{n}组{'组' * 60}", "kind": "township"} for n in range(7)]
    named = [indicator(f"i{n}", f"{n}项{'项' * 60}", 20, reference="条" * 60) for n in range(5)]
    rulebook = {
        "evaluation": "longest-2025",
        "title": "2025年度" + "县" * 80 + "考核办法",
        "cycle": {"year": 2025, "starts": "2025-01-01", "ends": "2025-12-31"},
        "departments": [{"code": "stats", "name": "局" * 60}],
        "groups": groups,
        "sections": [{"code": "s", "name": "节" * 60, "points": 100, "indicators": named}],
        "vetoes": [{"code": "fraud", "name": "虚" * 60, "effects": ["demote", "no_award"]}],
    }
    units = [(f"T{n:02}", f"g{n % 7}") for n in range(14)]
    reason, long = "因" * 400, "奖" * 60
    definition = definition_of(
        rulebook, "unit_code,name,kind,group\n" + "".join(f"{u},{u}{'镇' * 60},township,{g}\n" for u, g in units)
    )
    edition = edition_of(
        definition,
        total_scores="\n".join(
            f"{u}|{u}{'镇' * 60}|township|{g}|-100.25|-100.25|100.25|{-100 - n}.25|true|fraud|{'优' * 40}|{long}|{n}"
            for n, (u, g) in enumerate(units, start=1)
        ),
        indicator_scores="\n".join(
            f"{u}|s|i{n}|20|123456789.25|987654321.75|0.125|-20.25|{40 + n}.25|scored|true|unmet|{reason}"
            for u, _ in units
            for n in range(5)
        ),
        findings="\n".join(
            f"reader|cd|{u}|f.xlsx|数据|D4|{u}|i1|2025|NUMBER|error|约|不是数字|请重报" for u, _ in units
        ),
        previous_totals="\n".join(f"{u}|1234.25|{40 - n}|{'良' * 40}" for n, (u, _) in enumerate(units)),
    )
    return replace(edition, analyses=analyses_of(definition, [unit for unit, _ in units]))


def analyses_of(definition: Definition, units: list[str]) -> AnalysesTold:
    """Every unit would gain its next rank by one figure and its next grade by another."""
    gaps = pd.DataFrame(
        {
            "unit_code": unit,
            "goal": goal,
            "indicator_code": code,
            "period": "2025",
            "outcome": "reached",
            "change": "123456789.25",
            "year_before": "123456789.25",
            "year_after": "246913578.5",
            "rank_before": 14,
            "rank_after": 13,
            "grade_before": "良" * 40,
            "grade_after": "优" * 40,
        }
        for unit in units
        for goal, code in (("rank", "i1"), ("grade", "i2"))
    )
    empty = pd.DataFrame()
    return AnalysesTold(definition=definition, gaps=gaps, firmness=empty, progress=empty, matters={})


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Pages by paper, converted once."""
    folder = tmp_path_factory.mktemp("printed")
    edition, longest = replace(qingshan_edition(), state="定稿"), longest_edition()
    write_workbook(edition, folder / "scorecards.xlsx")
    write_scorecard(long_edition(1, 40), "T00001", folder / "long.xlsx")
    write_notice(edition, folder / "notice.docx")
    write_briefs(folder, longest)
    write_brief(longest, "T03", folder / "T03.docx")
    write_brief(edition, "T001", folder / "T001.docx")
    squares = OfficialDocument("版心", datetime(2026, 1, 20))
    squares.salutation("字" * 28 * 50)
    squares.save(folder / "squares.docx")
    names = ["scorecards.xlsx", "long.xlsx", "notice.docx", "brief.docx", "T03.docx", "T001.docx", "squares.docx"]
    return printed(folder, [folder / name for name in names])


def test_no_number_is_too_wide_for_its_column(papers: dict[str, list[str]]) -> None:
    assert [name for name, pages in papers.items() if any("###" in page for page in pages)] == []


def test_every_sheet_of_a_small_county_fits_a_page(papers: dict[str, list[str]]) -> None:
    pages = papers["scorecards.xlsx"]
    assert len(pages) == 12
    assert all(f"第 {number} 页 共 12 页" in page for number, page in enumerate(pages, start=1))


def test_a_long_scorecard_says_on_every_page_whose_it_is(papers: dict[str, list[str]]) -> None:
    pages = papers["long.xlsx"]
    assert 2 <= len(pages) <= 5
    assert all("被考核单位：T00001" in page and "扣分原因" in page for page in pages)
    assert "签收人（签字）" in pages[-1]


@pytest.mark.parametrize("name", ["brief.docx", "T03.docx", "T001.docx"])
def test_a_brief_is_one_page_however_long_the_names(papers: dict[str, list[str]], name: str) -> None:
    (page,) = papers[name]
    assert page.count("要使名次由第 14 升至第 13") == (2 if name == "T03.docx" else 0)
    for heading in ("一、结论", "二、", "三、失分最多的三项", "四、下一步", "3."):
        assert heading in page


def test_a_page_of_the_notice_has_22_lines_of_28_characters(papers: dict[str, list[str]]) -> None:
    lines = [[line.strip() for line in page.splitlines() if "字" in line] for page in papers["squares.docx"]]
    assert [len(page) for page in lines] == [22, 22, 6]
    assert {line for page in lines for line in page} == {"字" * 28}


def test_attachments_begin_on_pages_of_their_own_and_pages_are_numbered(papers: dict[str, list[str]]) -> None:
    pages = [squeezed(page) for page in papers["notice.docx"]]
    assert [page[:3] for page in pages[-2:]] == ["附件1", "附件2"]
    assert all(page.endswith(f"—{number}—") for number, page in enumerate(pages, start=1))


def test_the_signature_stands_on_a_page_with_text(papers: dict[str, list[str]]) -> None:
    (page,) = [page for page in map(squeezed, papers["notice.docx"]) if "\n2026年1月20日" in page]
    assert "工作再上新台阶。" in page


def test_the_state_stands_in_the_title_and_first_line_of_every_paper(papers: dict[str, list[str]]) -> None:
    for name in ("notice.docx", "T001.docx"):
        text = squeezed(papers[name][0])
        assert text.startswith("定稿·第7版")
        assert "（定稿）" in text


def squeezed(page: str) -> str:
    """Without blanks, which are a matter of layout."""
    return "\n".join("".join(line.split()) for line in page.strip().splitlines())
