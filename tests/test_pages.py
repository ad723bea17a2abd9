"""The pages: what they say, that they load nothing, run nothing, and show hostile text as text."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from edition_cases import qingshan_edition
from editions import HEAD, long_edition, yuxi_edition

from reports.edition import Edition
from reports.language import LANGUAGES, Language
from reports.pages import index_page, unit_page, unit_pages, write_pages

VOID = {"meta", "link", "br", "img", "input", "hr"}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}\u202e\x00"


class Page(HTMLParser):
    """Elements with attributes and text, in order; fails on elements that are not closed properly."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.texts))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def htmls(edition: Edition, language: Language = "zh") -> list[str]:
    return [index_page(edition, language), *(html for _, html in unit_pages(edition, None, language))]


def pages(edition: Edition, language: Language = "zh") -> list[Page]:
    return [Page(html) for html in htmls(edition, language)]


def hrefs(page: Page) -> set[str]:
    return {str(link["href"]) for link in page.all("a")}


def table_rows(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def test_index_shows_the_published_result_of_yuxi() -> None:
    rows = table_rows(index_page(yuxi_edition()))
    assert rows[0] == ["名次", "单位", "总分", "图示", "奖项", "基础分", "加分", "扣分"]
    assert rows[1] == ["1", "澄江县", "103.5", "", "一等奖", "99.5", "4.0", "0.0"]
    counties = "澄江县、通海县、新平县、元江县、江川区、红塔区、峨山县、易门县、华宁县"
    assert "、".join(row[1] for row in rows[1:10]) == counties


def test_every_page_says_state_version_date_and_ledger_head() -> None:
    for page in pages(qingshan_edition()):
        assert "试算稿 · 第 7 版" in page.text
        assert "数据截至 2026年1月20日" in page.text
        assert HEAD in page.text
        assert "未下发" not in page.text


def test_every_page_of_rules_not_adopted_says_so() -> None:
    for page in pages(replace(qingshan_edition(), adopted=False)):
        assert page.text.count("未下发") >= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_load_nothing_and_run_their_own_script_alone(language: Language) -> None:
    for page in pages(qingshan_edition(), language):
        assert {tag for tag, _ in page.elements}.isdisjoint({"img", "link", "iframe", "object", "form", "base"})
        assert page.all("script") == [{}]
        for _, attributes in page.elements:
            assert not [name for name in attributes if name.startswith("on") or name in ("style", "src")]
            assert not re.match(r"(?i)\s*(?:[a-z][a-z0-9+.-]*:|//)", attributes.get("href") or "")


def test_policy_allows_the_one_style_and_the_one_script_and_nothing_else() -> None:
    for html in htmls(qingshan_edition()):
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
        assert policy
        style, script = (inside(html, tag) for tag in ("style", "script"))
        assert policy[1] == (
            f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'; "
            "base-uri 'none'; form-action 'none'"
        )
        assert "url(" not in style
        assert "@import" not in style
        assert not re.search(r"innerHTML|insertAdjacent|document\.write|eval|fetch|XMLHttp|import", script)


def inside(html: str, tag: str) -> str:
    return html[html.index(f"<{tag}>") + len(tag) + 2 : html.index(f"</{tag}>")]


def digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_pages_can_be_read_aloud(language: Language, tag: str) -> None:
    for page in pages(qingshan_edition(), language):
        assert page.all("html") == [{"lang": tag}]
        assert all(head.get("scope") in ("col", "row", "rowgroup") for head in page.all("th"))
        assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == len(page.all("h1")) == 1
        labels = {attributes["aria-labelledby"] for attributes in page.all("section")}
        ids = [str(attributes["id"]) for _, attributes in page.elements if "id" in attributes]
        assert labels <= set(ids)
        assert len(ids) == len(set(ids))
        levels = [int(name[1]) for name, _ in page.elements if re.fullmatch("h[1-6]", name)]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        for drawing in page.all("svg"):
            assert drawing.get("aria-hidden") == "true" or drawing.get("aria-label") or drawing.get("aria-labelledby")


def test_english_pages_say_nothing_of_ours_in_chinese() -> None:
    for html in htmls(qingshan_edition(), "en"):
        whole = re.sub(r"<(script|style)>.*?</\1>", "", html, flags=re.DOTALL)
        ours = re.sub(r'<(\w+)[^>]*lang="zh-CN"[^>]*>.*?</\1>', "", whole.replace("中文", ""), flags=re.DOTALL)
        written = {"青山县", "城关镇", "东河镇", "西岭乡", "南坪乡", "北山乡", "县科技局"}
        left = re.findall("[\u4e00-\u9fff]{2,}", re.sub(r"<title>.*?</title>|<option.*?</option>|<[^>]*>", "", ours))
        assert set(left) <= written, left


@pytest.mark.parametrize(("name", "column"), [("total_scores", "unit_name"), ("findings", "message")])
def test_hostile_text_is_shown_as_text(name: str, column: str) -> None:
    edition = qingshan_edition()
    hostile = replace(edition, **{name: getattr(edition, name).assign(**{column: HOSTILE})})
    for html in (index_page(hostile), unit_page(hostile, "T001")):
        page = Page(html)
        assert page.all("script") == [{}]
        assert not page.all("img")
        assert "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}〔U+202E〕〔U+0000〕" in page.text
        assert "\u202e" not in html
        assert "\x00" not in html


def test_hostile_file_names_corrections_and_reasons_are_shown_as_text() -> None:
    edition = qingshan_edition()
    hostile = replace(
        edition,
        accepted_values=edition.accepted_values.assign(file=HOSTILE, sheet=HOSTILE),
        corrections=edition.corrections.assign(reason=HOSTILE, document=HOSTILE, requested_by=HOSTILE),
        indicator_scores=edition.indicator_scores.assign(reason=HOSTILE),
        changes=edition.changes.assign(cause=HOSTILE),
    )
    for html in (index_page(hostile), unit_page(hostile, "T001")):
        page = Page(html)
        assert page.text.count("<script>alert(1)</script>") >= 3
        assert page.all("script") == [{}]


def test_unit_page_traces_every_item_to_its_cell() -> None:
    page = re.sub("<details>.*?</details>", "", unit_page(qingshan_edition(), "T001"), flags=re.DOTALL)
    rows = {row[0].replace(" ", ""): row[1:] for row in table_rows(page) if len(row) == 10}
    assert rows["发明专利授权量（件）"] == [
        "40",
        "30 力争 40",
        "33 达到目标",
        "110.00%",
        "",
        "40.00 暂定",
        "0.00",
        "",
        "县统计局 统计局 2025.xlsx › 数据 › D3 预计数",
    ]
    assert rows["全社会研发投入（万元）"][8] == "县统计局 更正（台账第 205 条） 已更正"
    assert rows["引进高层次人才（人）"][8] == "单位自报 城关镇.xlsx › 数据 › C4 自报未核实 逾期报送"


def test_unit_page_shows_result_officials_findings_and_corrections() -> None:
    page = Page(unit_page(qingshan_edition(), "T001"))
    for said in (
        "93.10 暂定",
        "得分中有 3.25 分（占各项得分的 3.9%）",
        "王建国",
        "任职时间短，不考核",
        "两个来源相差 12%",
        "录入错误：数字颠倒",
        "2025Q3",
    ):
        assert said in page.text
    assert "约120" not in page.text
    assert "城关镇 · 城关镇.xlsx" in page.text


def test_unit_page_has_four_marks_and_explains_them() -> None:
    text = Page(unit_page(qingshan_edition(), "T002")).text
    for note in ("“0”零报告", "“—”应报而未报", "“/”不适用", "“待定”等待数据", "“空白”未下达目标", "“暂定”所据数据"):
        assert note in text
    assert "一票否决：弄虚作假（定为最低等次）；得分保留供参考，不参加排名" in text


def test_unapproved_correction_is_shown_as_unused() -> None:
    assert "待批准（未采用）" in Page(unit_page(qingshan_edition(), "T002")).text


def test_unit_without_a_total_has_no_page() -> None:
    with pytest.raises(KeyError):
        unit_page(qingshan_edition(), "T999")


def test_one_page_alone_is_the_one_among_all_without_its_links() -> None:
    edition = qingshan_edition()
    alone = unit_page(edition, "T003")
    assert re.sub(r"<nav.*?</nav>\n", "", dict(unit_pages(edition))["T003"], flags=re.DOTALL) == alone
    assert {link for link in hrefs(Page(alone)) if not link.startswith("#")} == set()


def test_every_link_of_the_index_leads_to_a_file_of_the_folder(tmp_path: Path) -> None:
    edition = yuxi_edition()
    write_pages(tmp_path, edition)
    links = {link for link in hrefs(Page(index_page(edition))) if not link.startswith("#")}
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html")}
    others = {f"{name}.csv" for name in ("ranking", "indicator_scores", "official_scores", "findings", "changes")}
    chinese = {name for name in written if not name.endswith(".en.html")} - {"index.html"}
    assert links == chinese | others | {"index.en.html", "scorecards.xlsx", "notice.docx", "manifest.json"}


def test_long_lists_are_cut_and_say_how_many_there_are() -> None:
    edition = long_edition(600, 1)
    findings = qingshan_edition().findings.iloc[[1] * 700]
    page = Page(index_page(replace(edition, findings=findings)))
    assert "共 600 个单位，此处列出前 500 个，其余见 ranking.csv" in page.text
    assert "共 700 条：错误 700 条；此处列出前 500 条，其余见 findings.csv" in page.text
    assert len(page.all("svg")) == 500
