"""What a sender writes is text wherever it comes out: verbatim in the store, harmless in each output."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from bad_files import workbook
from click.testing import CliRunner
from dagster import ExecuteInProcessResult, MarkdownMetadataValue, MetadataValue
from running import run

from orchestration.cli import main
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
    "[bold red on white]x[/]",
    "\u202egnp.exe",
    "\x1b]8;;http://evil.example\x07x",
]
UNIT = '=HYPERLINK("http://evil.example")<script>alert(1)</script>[red]{{ 7*7 }}'
SHEET = "=1+1<img src=x>&!(evil)"
FILES = ["=1+1<img src=x>.csv", "@SUM(1)![x](http:evil.example).xlsx"]


@pytest.fixture
def injected(home: Home) -> Home:
    """Yuxi with a unit whose name is hostile, and files whose names, sheets, values and notes are."""
    units = home.evaluations / "yuxi-2017" / "units.csv"
    rows = list(csv.reader(units.read_text(encoding="utf-8-sig").splitlines()))
    rows[1][rows[0].index("name")] = UNIT
    with units.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    adopted = CliRunner().invoke(main, ["adopt", "yuxi-2017", "--by", "<b>甲", "--approved-by", "=乙"])
    assert adopted.exit_code == 0, adopted.output
    folder = home.inbox / "yuxi-2017" / "lead_office"
    header = ["单位编码", "考核期", "指标编码", "数值", "单位名称", "备注"]
    lines = [["530402", "2017", "nothing", text, text, text] for text in HOSTILE]
    with (folder / FILES[0]).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *lines])
    known = [["530402", "2017", "base_score", f"约{text}", "x", text] for text in HOSTILE if text.isprintable()]
    book = workbook(header, *known[1:], sheet=SHEET)
    (folder / FILES[1]).write_bytes(book)
    return home


def test_hostile_text_is_kept_verbatim_and_harmless_in_every_output(injected: Home) -> None:
    result = run("yuxi-2017")
    assert result.success
    work = work_on(injected, "yuxi-2017")
    kept = work.read("submitted_values").query("file == @FILES[0]")
    assert kept["note"].tolist() == kept["raw"].tolist() == HOSTILE
    told = work.findings()
    assert set(HOSTILE) <= set(told["raw"].dropna())
    assert SHEET in set(told["sheet"].dropna())
    folder = injected.published / "yuxi-2017" / "latest"
    assert_csvs_are_harmless(folder)
    assert_document_is_harmless(folder / "notice.docx")
    assert_workbook_is_harmless(folder / "scorecards.xlsx")
    returned = [path for path in injected.receipts.rglob("*.xlsx") if "1" in path.name]
    assert len(returned) == len(FILES)
    for path in returned:
        assert_workbook_is_harmless(path)
    pages = [*folder.rglob("*.html"), *injected.receipts.rglob("*.html")]
    assert len(pages) > 10
    for page in pages:
        assert_page_is_harmless(page)
    assert_metadata_is_harmless(result)
    assert_terminal_is_harmless()
    assert_forms_are_harmless(injected)


def assert_csvs_are_harmless(folder: Path) -> None:
    paths = sorted(folder.glob("*.csv"))
    assert len(paths) >= 5
    fields = []
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            fields += [field for row in csv.reader(stream) for field in row]
    numbers = [field for field in fields if field.replace("-", "", 1).replace(".", "", 1).isdecimal()]
    texts = set(fields) - set(numbers)
    assert not [field for field in texts if field.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    assert {"'" + HOSTILE[0], "'" + UNIT, "'" + SHEET, "'" + FILES[0], HOSTILE[5]} <= texts


def assert_forms_are_harmless(home: Home) -> None:
    assert CliRunner().invoke(main, ["templates", "yuxi-2017"]).exit_code == 0
    forms = list((home.path / "templates").rglob("*.xlsx"))
    assert forms
    for form in forms:
        assert_workbook_is_harmless(form, UNIT if form.name.endswith("_填报表.xlsx") else "")


def assert_workbook_is_harmless(path: Path, shown: str = HOSTILE[5]) -> None:
    book = openpyxl.load_workbook(path)
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    live = [cell for cell in cells if cell.data_type == "f" and "#" not in str(cell.value)]
    assert not [cell for cell in live if any(text.lstrip() in str(cell.value) for text in (*HOSTILE, UNIT))]
    assert any(shown in str(cell.value) for cell in cells)
    assert not [cell for cell in cells if cell.hyperlink is not None and "evil" in str(cell.hyperlink.target)]
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            assert not name.endswith(".rels") or b"evil" not in package.read(name)


def assert_document_is_harmless(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        document = ET.fromstring(package.read("word/document.xml"))
        relations = b"".join(package.read(name) for name in package.namelist() if name.endswith(".rels"))
    assert b"evil" not in relations
    tags = {element.tag.rpartition("}")[2] for element in document.iter()}
    assert not tags & {"hyperlink", "instrText", "script", "object", "altChunk"}
    assert UNIT in "".join(document.itertext())


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(tag, f"{name}={value}") for name, value in attrs] or [(tag, "")]


def assert_page_is_harmless(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    page = _Tags()
    page.feed(text)
    reached = ("href=", "src=", "action=", "srcset=", "style=")
    assert not [
        (tag, given)
        for tag, given in page.found
        if given.startswith("on") or ("evil" in given and ":" in given and given.startswith(reached))
    ]
    assert "alert(1)</script>" not in text
    assert not {"\u202e", "\x1b", "\x07"} & set(text)


def assert_metadata_is_harmless(result: ExecuteInProcessResult) -> None:
    """Dagster shows texts and tables as text; markdown is the one way that fetches and links."""
    values: list[MetadataValue] = []
    for event in result.get_asset_materialization_events():
        values += event.materialization.metadata.values()
    for check in result.get_asset_check_evaluations():
        values += check.metadata.values()
    assert len(values) > 20
    for value in values:
        assert not isinstance(value, MarkdownMetadataValue) or "evil.example" not in str(value.md_str)


def assert_terminal_is_harmless() -> None:
    """Colours are the program's own; texts neither style nor link nor turn a line."""
    for command in (["status", "yuxi-2017"], ["explain", "yuxi-2017", "530402"]):
        output = CliRunner().invoke(main, command).output
        assert UNIT in output.replace("\n", "")
        assert not _controls(output)


def _controls(text: str) -> Iterable[str]:
    return set(text) & {"\x1b", "\x07", "\u202e", "\t"}
