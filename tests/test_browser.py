"""The example county's pages in a real browser: sorting, filtering, from a rank to its cell, English, paper, phone."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from browsing import CONTRASTS, Watched, opened, pages_printed, started
from docx import Document
from edition_cases import qingshan_edition
from playwright.sync_api import Browser, Page, sync_playwright
from test_pages import HOSTILE

from orchestration.setting_up import set_up
from reports.pages import write_pages

COUNTY = "qingshan-2025"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the county's first version."""
    from running import run

    home = tmp_path_factory.mktemp("county") / "home"
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
        monkeypatch.delenv("KAOHE_STORE", raising=False)
        monkeypatch.setenv("KAOHE_HOME", str(home))
        list(set_up(home, [COUNTY]))
        assert run(COUNTY).success
    return home / "published" / COUNTY / "latest"


@pytest.fixture(scope="module")
def browser(published: Path) -> Iterator[Browser]:
    """Started after the county was evaluated: it keeps a loop running, in which no job may run."""
    with sync_playwright() as playwright:
        yield started(playwright)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def first_column(page: Page, table: str, column: int) -> list[str]:
    cells = page.locator(f"{table} tbody tr[data-row]:visible > :nth-child({column})")
    return [text.split()[0] if text.split() else "" for text in cells.all_inner_texts()]


@pytest.mark.parametrize("name", ["index.html", "index.en.html", "units/T08.html", "units/T12.en.html"])
def test_a_page_asks_for_nothing_complains_of_nothing_and_can_be_read(
    browser: Browser, published: Path, name: str
) -> None:
    with opened(browser, published / name) as watched:
        assert len(watched.requests) == 1
        for details in watched.page.locator("details").all()[:6]:
            details.evaluate("one => { one.open = true; }")
        contrasts = watched.page.evaluate(CONTRASTS)
        assert len(contrasts) > 200
        assert [one for one in contrasts if one["ratio"] < 4.5] == []


def test_a_click_on_a_heading_sorts_and_a_third_brings_the_ranking_back(browser: Browser, published: Path) -> None:
    with opened(browser, published / "index.html") as watched:
        page, table = watched.page, "[data-pool='1'] .ranking"
        ranks = first_column(page, table, 1)
        head = page.locator(f"{table} th", has_text="基础分")
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == "ascending"
        column = 1 + page.locator(f"{table} th").all_inner_texts().index("基础分")
        scores = [float(text) for text in first_column(page, table, column)]
        assert scores == sorted(scores)
        assert len(set(scores)) > 1
        head.get_by_role("button").press("Enter")
        assert head.get_attribute("aria-sort") == "descending"
        assert [float(text) for text in first_column(page, table, column)] == sorted(scores, reverse=True)
        head.get_by_role("button").press("Space")
        assert head.get_attribute("aria-sort") is None
        assert first_column(page, table, 1) == ranks


def test_sorting_goes_across_sections_and_back(browser: Browser, published: Path) -> None:
    with opened(browser, published / "units" / "T08.html") as watched:
        page = watched.page
        names = first_column(page, "#item-list", 1)
        head = page.locator("#item-list thead th", has_text=re.compile("^扣分$"))
        for direction in ("ascending", "descending"):
            head.get_by_role("button").click()
            assert head.get_attribute("aria-sort") == direction
        lost = [float(text) for text in first_column(page, "#item-list", 8) if text and text != "/"]
        assert lost == sorted(lost, reverse=True)
        assert lost[0] > 0
        assert page.locator("#item-list tbody th[scope=rowgroup]:visible").count() == 0
        head.get_by_role("button").click()
        assert first_column(page, "#item-list", 1) == names
        assert page.locator("#item-list tbody th[scope=rowgroup]:visible").count() > 3


def test_filters_by_group_and_text_leave_what_fits_and_say_how_many(browser: Browser, published: Path) -> None:
    with opened(browser, published / "index.html") as watched:
        page = watched.page
        bar = page.get_by_role("search", name="筛选单位")
        bar.get_by_label("分组").select_option(index=2)
        assert page.locator("section[data-pool]:visible").count() == 1
        bar.get_by_label("分组").select_option(index=0)
        name = rows(published, "ranking")[0]["unit_name"]
        bar.get_by_label("单位、备注").fill(name)
        assert first_column(page, ".ranking", 2) == [name]
        assert bar.get_by_role("status").inner_text().startswith("显示 ")
        bar.get_by_label("单位、备注").fill("没有这个单位")
        assert page.locator("section[data-pool]:visible").count() == 0
        assert bar.get_by_role("status").inner_text() == "显示 0 行"


def test_items_are_filtered_by_section_and_by_what_was_lost(browser: Browser, published: Path) -> None:
    items = [row for row in rows(published, "indicator_scores") if row["unit_code"] == "T08"]
    with opened(browser, published / "units" / "T08.html") as watched:
        page = watched.page
        bar = page.get_by_role("search", name="筛选指标")
        bar.get_by_label("一级指标").select_option("output")
        assert page.locator("#item-list tr[data-row]:visible").count() == sum(
            row["section_code"] == "output" for row in items
        )
        assert page.locator("#item-list tbody.section:visible").count() == 1
        bar.get_by_label("一级指标").select_option("")
        bar.get_by_label("只看").select_option("lost")
        lost = [row for row in items if row["deduction"] and float(row["deduction"]) > 0]
        assert page.locator("#item-list tr[data-row]:visible").count() == len(lost) > 0


def test_from_a_rank_to_the_cell_by_keyboard_alone(browser: Browser, published: Path) -> None:
    item = next(
        row
        for row in rows(published, "indicator_scores")
        if row["unit_code"] == "T08" and row["indicator_code"] == "fiscal_share"
    )
    with opened(browser, published / "index.html") as watched:
        page = watched.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.locator("tr[data-unit=T08] a").first.focus()
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        page.wait_for_url("**/units/T08.html")
        shown = page.locator("#i-fiscal_share")
        assert shown.get_by_text("计分办法").count() == 0 or not shown.get_by_text("计分办法").is_visible()
        shown.locator("summary").focus()
        page.keyboard.press("Enter")
        told = shown.locator("details").inner_text()
        for said in ("算式", "条款", "计分办法", "出处", "第六条第(四)项", item["accepted_value"], item["cell"]):
            assert said in told
        assert f"{item['source_file']} › {item['sheet']} › {item['cell']}" in told


def test_a_link_to_an_item_unfolds_it(browser: Browser, published: Path) -> None:
    with opened(browser, published / "units" / "T08.html", "#i-patents") as watched:
        assert watched.page.locator("#i-patents details").get_attribute("open") is not None
        assert watched.page.locator("#i-meetings details").get_attribute("open") is None


def test_the_switch_leads_to_english_and_back(browser: Browser, published: Path) -> None:
    with opened(browser, published / "units" / "T08.html") as watched:
        page = watched.page
        totals = page.locator(".facts dd").all_inner_texts()[0].split()[0]
        page.get_by_role("link", name="English").click()
        page.wait_for_url("**/units/T08.en.html")
        assert page.locator("html").get_attribute("lang") == "en"
        assert "Scores by item" in page.locator("h2").all_inner_texts()
        assert page.locator(".facts dd").all_inner_texts()[0].split()[0] == totals
        assert page.locator("h1 [lang=zh-CN]").first.inner_text() == "云麓街道"
        page.get_by_role("link", name="Back to the ranking").click()
        page.wait_for_url("**/index.en.html")
        page.get_by_role("link", name="中文").click()
        page.wait_for_url("**/index.html")
        assert page.locator("html").get_attribute("lang") == "zh-CN"


@pytest.mark.parametrize(("name", "least", "most"), [("index.html", 6, 14), ("units/T08.html", 4, 8)])
def test_a_page_prints_on_a4_with_what_was_folded_away(
    browser: Browser, published: Path, name: str, least: int, most: int
) -> None:
    with opened(browser, published / name) as watched:
        folded = watched.page.locator("details.folded tr[data-row]")
        assert not folded.first.is_visible()
        assert least <= pages_printed(watched.page) <= most
        assert folded.first.is_visible()


def test_on_a_phone_the_order_is_chosen_from_a_list_by_keyboard_too(browser: Browser, published: Path) -> None:
    with opened(browser, published / "index.html", width=390) as watched:
        page = watched.page
        pool = page.locator("section[data-pool='1']")
        assert pool.locator(".order").count() == 1
        ranks = first_column(page, "[data-pool='1'] .ranking", 1)
        choice = pool.get_by_label("排序")
        choice.focus()
        wanted = choice.locator("option").all_inner_texts().index("基础分，从小到大")
        for _ in range(wanted):
            page.keyboard.press("ArrowDown")
        assert choice.locator("option:checked").inner_text() == "基础分，从小到大"
        scores = [float(text) for text in pool.locator("[data-label=基础分]").all_inner_texts()]
        assert scores == sorted(scores)
        assert len(set(scores)) > 1
        choice.select_option("原来的顺序")
        assert first_column(page, "[data-pool='1'] .ranking", 1) == ranks
        page.get_by_label("分组").select_option(index=2)
        assert page.locator("section[data-pool]:visible").count() == 1


def test_the_list_of_orders_and_the_headings_say_the_same(browser: Browser, published: Path) -> None:
    with opened(browser, published / "units" / "T08.html") as watched:
        page = watched.page
        choice = page.locator(".order:has(+ #item-list) select")
        assert not choice.is_visible()
        page.locator("#item-list thead").get_by_role("button", name="扣分", exact=True).click()
        assert choice.locator("option:checked").text_content() == "扣分，从小到大"
        page.set_viewport_size({"width": 390, "height": 800})
        assert choice.is_visible()
        choice.select_option("原来的顺序")
        assert page.locator("#item-list [aria-sort]").count() == 0


@pytest.mark.parametrize("name", ["index.html", "index.en.html", "units/T08.html", "units/T08.en.html"])
def test_a_phone_needs_no_sideways_scrolling(browser: Browser, published: Path, name: str) -> None:
    with opened(browser, published / name, width=360) as watched:
        watched.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert watched.page.evaluate("document.documentElement.scrollWidth") == 360


def test_without_its_script_a_page_says_all_the_same(browser: Browser, published: Path) -> None:
    with opened(browser, published / "units" / "T08.html", java_script_enabled=False) as watched:
        page = watched.page
        assert page.locator(".filter:visible, thead button").count() == 0
        page.locator("#i-patents summary").click()
        assert "计分办法" in page.locator("#i-patents details").inner_text()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages whose every text from outside tries to run or to load something."""
    edition = qingshan_edition()
    texts = {
        "total_scores": ["unit_name"],
        "findings": ["message", "raw", "file"],
        "corrections": ["reason", "document"],
        "indicator_scores": ["reason"],
        "accepted_values": ["file", "sheet", "cell"],
        "official_scores": ["name"],
        "changes": ["cause"],
    }
    frames = {name: getattr(edition, name).assign(**dict.fromkeys(columns, HOSTILE)) for name, columns in texts.items()}
    folder = tmp_path_factory.mktemp("hostile")
    write_pages(folder, replace(edition, **frames))
    return folder


@pytest.mark.parametrize("name", ["index.html", "units/T001.html", "units/T001.en.html"])
def test_hostile_text_runs_nothing_and_loads_nothing(browser: Browser, hostile: Path, name: str) -> None:
    with opened(browser, hostile / name) as watched:
        watched.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert "<script>alert(1)</script>" in watched.page.locator("body").inner_text()
        for head in watched.page.locator("thead button").all():
            head.click()
        assert watched.page.locator("img").count() == 0


def test_the_policy_stops_what_a_page_was_made_to_do(browser: Browser, published: Path) -> None:
    tries = """() => new Promise((done) => {
      const stopped = [];
      document.addEventListener("securitypolicyviolation", (one) => {
        stopped.push(one.effectiveDirective);
        if (stopped.length === 4) done(stopped.sort());
      });
      const add = (tag, given) => document.body.append(Object.assign(document.createElement(tag), given));
      add("img", { src: "https://example.invalid/x.png" });
      add("script", { textContent: "window.ran = true" });
      add("style", { textContent: "body { display: none }" });
      fetch("https://example.invalid/").catch(() => {});
      setTimeout(() => done(stopped), 3000);
    })"""
    context = browser.new_context()
    watched = Watched(context.new_page())
    answered: list[str] = []
    watched.page.on("response", lambda answer: answered.append(answer.url))
    watched.page.goto((published / "index.html").resolve().as_uri())
    assert watched.page.evaluate(tries) == ["connect-src", "img-src", "script-src-elem", "style-src-elem"]
    assert watched.page.evaluate("window.ran") is None
    assert answered == watched.requests[:1]
    context.close()


CELL = re.compile(r'<td class="n[^"]*" data-label="([^"]+)"[^>]*>(.*?)</td>', re.DOTALL)
SHOWN = {"标准分": "points", "考核分": "indicator_score", "扣分": "deduction", "目标值": "target_value"}


def told(cell: str) -> str:
    """The number of a cell without the marks beside it."""
    return unescape(re.split("<", cell, maxsplit=1)[0]).strip()


@pytest.mark.parametrize("end", [".html", ".en.html"])
def test_every_number_of_the_pages_is_that_of_the_csv_files(published: Path, end: str) -> None:
    labels = SHOWN if end == ".html" else {"Points": "points", "Score": "indicator_score", "Deducted": "deduction"}
    compared = 0
    index = (published / f"index{end}").read_text("utf-8")
    for unit in rows(published, "ranking"):
        row = re.search(rf'<tr data-row data-pool="\d+" data-unit="{unit["unit_code"]}">(.*?)</tr>', index, re.DOTALL)
        assert row
        cells = [told(cell) for _, cell in CELL.findall(row[1])]
        assert cells[:4] == [unit[name] for name in ("total_score", "base_score", "bonus", "penalty")]
        assert re.search(r'<td class="c rank">(.*?)</td>', row[1])[1] == (unit["rank"] or "-")
    for item in rows(published, "indicator_scores"):
        page = _page(published / "units" / f"{item['unit_code']}{end}")
        cells = {label: told(cell) for label, cell in CELL.findall(page[item["indicator_code"]])}
        for label, name in labels.items():
            assert cells[label] == (
                item[name] or ("/" if item["state"] == "not_applicable" and name != "points" else "")
            )
            compared += 1
    assert compared > 2000


def test_every_paper_of_the_county_shows_the_numbers_of_the_csv_files(published: Path) -> None:
    units, items = rows(published, "ranking"), rows(published, "indicator_scores")
    book = openpyxl.load_workbook(published / "scorecards.xlsx", read_only=True)
    sheets = {sheet.title.split()[0]: sheet for sheet in book}
    listed = {row[1]: row for sheet in book.worksheets[:2] for row in sheet.iter_rows(values_only=True)}
    tables = Document(str(published / "notice.docx")).tables
    attached = [
        dict(zip(cells_of(table.rows[0]), cells_of(row), strict=True)) for table in tables for row in table.rows
    ]
    noticed = {cells["单位"]: cells for cells in attached}
    for unit in units:
        totals = [unit[name] for name in ("base_score", "bonus", "penalty", "total_score")]
        rank = unit["rank"] or "-"
        assert [f"{number:.2f}" for number in listed[unit["unit_name"]][3:7]] == totals
        assert str(listed[unit["unit_name"]][7]) == rank
        cells = noticed[unit["unit_name"]]
        assert [cells["综合得分"].split()[0], cells["名次"]] == [unit["total_score"], rank]
        brief = Document(str(published / "briefs" / f"{unit['unit_code']}.docx"))
        told = cells_of(brief.tables[0].rows[1])
        assert [*told[1:4], told[4].removesuffix("（暂定）"), told[5].split(" / ")[0]] == [*totals, rank]
        lost = {cells_of(row)[3] for row in brief.tables[1].rows[1:]} if len(brief.tables) > 1 else set()
        own = [item for item in items if item["unit_code"] == unit["unit_code"]]
        assert lost <= {item["deduction"] for item in own}
        shown = [row for row in sheets[unit["unit_code"]].iter_rows(values_only=True) if isinstance(row[0], int)]
        assert [(row[4], row[9], row[10]) for row in shown] == [
            tuple(as_cell(item, name) for name in ("points", "indicator_score", "deduction")) for item in own
        ]


def cells_of(row: Any) -> list[str]:
    return [cell.text for cell in row.cells]


def as_cell(item: dict[str, str], name: str) -> float | str | None:
    if not item[name] and item["state"] == "not_applicable":
        return "/"
    return float(item[name]) if item[name] else None


def _page(path: Path, kept: dict[Path, dict[str, str]] = {}) -> dict[str, str]:  # noqa: B006
    """The rows of the unit's items by their code."""
    if path not in kept:
        found = re.findall(r'<tr data-row [^>]*id="i-(\w+)">(.*?)</tr>', path.read_text("utf-8"), re.DOTALL)
        kept[path] = dict(found)
    return kept[path]
