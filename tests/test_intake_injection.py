"""What a sender writes is text wherever it comes out: verbatim in the store, harmless in each output."""

from __future__ import annotations

import csv
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from dagster import MarkdownMetadataValue
from running import run

from resources.home import Home
from resources.kaohe import work_on

HOSTILE = [
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "<script>alert(1)</script>",
    "<img src=http://evil.example/a.png>",
    "![x](http://evil.example/b.png)",
    "'; DROP TABLE findings; --",
    "{{ 7*7 }}{% raw %}",
    "\u202egnp.exe",
]


@pytest.fixture
def injected(home: Home) -> Home:
    """Yuxi with a file whose name, values and notes are hostile."""
    folder = home.inbox / "yuxi-2017" / "lead_office"
    header = ["单位编码", "考核期", "指标编码", "数值", "单位名称", "备注"]
    rows = [["530402", "2017", "nothing", text, text, text] for text in HOSTILE]
    with (folder / "=1+1<img src=x>.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return home


def test_hostile_text_is_kept_verbatim_and_harmless_in_every_output(injected: Home) -> None:
    result = run("yuxi-2017")
    assert result.success
    work = work_on(injected, "yuxi-2017")
    kept = work.read("submitted_values").query("file == '=1+1<img src=x>.csv'")
    assert kept["note"].tolist() == kept["raw"].tolist() == HOSTILE
    told = work.findings()
    assert set(HOSTILE) <= set(told["raw"].dropna())
    folder = injected.published / "yuxi-2017" / "latest"
    assert_csv_is_harmless(folder / "findings.csv")
    assert_workbook_is_harmless(folder / "scorecards.xlsx")
    pages = list(folder.rglob("*.html"))
    assert pages
    for page in pages:
        assert_page_is_harmless(page)
    for event in result.get_asset_materialization_events():
        for value in event.materialization.metadata.values():
            assert not isinstance(value, MarkdownMetadataValue) or "evil.example" not in str(value.md_str)


def assert_csv_is_harmless(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    fields = [field for row in rows for field in row]
    assert not [field for field in fields if field.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    assert "'" + HOSTILE[0] in fields
    assert HOSTILE[5] in fields


def assert_workbook_is_harmless(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    live = [cell for cell in cells if cell.data_type == "f" and "#" not in str(cell.value)]
    assert not [cell for cell in live if any(text.lstrip() in str(cell.value) for text in HOSTILE)]
    assert any(HOSTILE[5] in str(cell.value) for cell in cells)
    assert not [cell for cell in cells if cell.hyperlink is not None and "evil" in str(cell.hyperlink.target)]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(tag, f"{name}={value}") for name, value in attrs] or [(tag, "")]


def assert_page_is_harmless(path: Path) -> None:
    page = _Tags()
    page.feed(path.read_text(encoding="utf-8"))
    assert not [(tag, given) for tag, given in page.found if "evil" in given or given.startswith("on")]
    assert "alert(1)</script>" not in path.read_text(encoding="utf-8")
