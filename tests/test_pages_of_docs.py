"""The pages against the program: commands that can be typed, links that lead somewhere, names that there are."""

from __future__ import annotations

import re
import subprocess

import click
import commands_page
import pytest
import yaml
from documentation_pages import DOCS, Page
from site_pages import ONE_LANGUAGE, PAGES, ROOT, anchors, command_lines, faults_of, mentions, targets

from orchestration.cli import main

FOLDERS = "orchestration assets checks resources evaluation intake reports guard examples deploy docs tests benchmarks"
TWO = ["architecture.md", "architecture.en.md"]
OPERATIONS = ["operations.md", "operations.en.md"]


def of_page(page: Page) -> str:
    return page.path.name


def test_there_are_pages_with_commands() -> None:
    assert len(PAGES) > 25
    assert sum(len(list(command_lines(page))) for page in PAGES) > 150
    assert sum(len(mentions(page)) for page in PAGES) > 200


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_every_command_line_can_be_typed(page: Page) -> None:
    wrong = {" ".join(words): faults for words in command_lines(page) if (faults := faults_of(words, whole=True))}
    assert wrong == {}


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_every_command_that_is_mentioned_exists_with_its_options(page: Page) -> None:
    wrong = {" ".join(words): faults for words in mentions(page) if (faults := faults_of(words, whole=False))}
    assert wrong == {}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("adopt qingshan-2025 --by 张三", "--approved-by is missing"),
        ("adopt qingshan-2025 more --by 张三 --approved-by 李四", "too much: more"),
        ("evalute qingshan-2025", "no command evalute"),
        ("approve qingshan-2025 x1 --by 李四", "not a valid integer"),
        ("users add 张三 --role mayor", "mayor"),
        ("status --jsno", "--jsno"),
        ("decide q c accept|reject --reason 理由 --by 张三", "reject"),
        ("backup", "is missing"),
    ],
)
def test_a_command_that_cannot_be_typed_is_found(line: str, fault: str) -> None:
    assert fault in "; ".join(faults_of(line.split(), whole=True))


@pytest.mark.parametrize("name", ["year", "operations", "first-hour"])
def test_both_languages_go_through_the_same_commands(name: str) -> None:
    chinese, english = (list(command_lines(Page(DOCS / f"{name}{tag}.md"))) for tag in ("", ".en"))
    assert [words[0] for words in chinese] == [words[0] for words in english]


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_every_link_and_picture_leads_somewhere(page: Page) -> None:
    wrong = []
    for target in targets(page):
        file, _, anchor = target.partition("#")
        path = page.path.parent / file if file else page.path
        if not path.is_file() or (anchor and anchor not in anchors(path)):
            wrong.append(target)
    assert wrong == []


def test_every_page_has_a_twin_which_it_names() -> None:
    for page in PAGES:
        if page.path.parent != DOCS or page.path.name in ONE_LANGUAGE:
            continue
        is_english = page.path.name.endswith(".en.md")
        twin = page.path.name.replace(".en.md", ".md") if is_english else page.path.name.replace(".md", ".en.md")
        assert (DOCS / twin).is_file(), twin
        assert page.text.split("\n")[2] == f"[{'中文' if is_english else 'English'}]({twin})", page.path.name


def test_the_site_shows_every_page_once() -> None:
    written = (ROOT / "mkdocs.yml").read_text("utf-8").split("\nnav:\n")[1].split("\nmarkdown_extensions:")[0]
    listed = [
        name for part in yaml.safe_load(written) for entry in next(iter(part.values())) for name in entry.values()
    ]
    assert sorted(listed) == sorted(path.name for path in DOCS.glob("*.md") if not path.name.endswith(".en.md"))


def rows_after(page: Page, anchor: str, column: int) -> list[str]:
    """What stands in backticks in one column of the table after the anchor."""
    return [name for row in page.table_after(anchor) for name in row.codes[column]]


@pytest.mark.parametrize("name", TWO)
def test_the_architecture_names_every_folder_and_none_besides(name: str) -> None:
    page = Page(DOCS / name)
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    folders = {path.split("/")[0] for path in tracked.split("\0") if "/" in path and path[0] not in '."'}
    assert sorted(rows_after(page, "folders", 0)) == sorted(f"{folder}/" for folder in folders)
    assert folders == set(FOLDERS.split())


@pytest.mark.parametrize("name", TWO)
def test_the_architecture_names_every_module_of_the_core_once(name: str) -> None:
    there = sorted(path.stem for path in (ROOT / "evaluation").glob("*.py") if path.stem != "__init__")
    assert sorted(rows_after(Page(DOCS / name), "core", 1)) == there, f"写进 docs/{name} “核心的模块”的哪一题？"


@pytest.mark.parametrize("name", [*TWO, "contributing.md", "contributing.en.md"])
def test_every_file_that_is_named_exists(name: str) -> None:
    page = Page(DOCS / name)
    named = re.findall(r"`((?:\w+/)+[\w*.-]+\.(?:py|md|json|toml|txt|yaml|service))`", page.prose)
    assert len(named) > 10
    assert [path for path in named if not list(ROOT.glob(path))] == []


def test_the_picture_of_the_flow_names_assets_and_folders_that_there_are() -> None:
    names = set(re.findall(r'class="c"[^>]*>(\w+)<', (DOCS / "flow.svg").read_text("utf-8")))
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "assets").glob("*.py"))
    assets = {name for name in names if re.search(rf'"{name}"|def {name}\(|_spec\(\s*"{name}"', sources)}
    assert len(assets) == 14  # the ledger among them
    assert names - assets == {"inbox", "archive", "published"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_tell_every_setting_and_none_besides(name: str) -> None:
    program = [path for folder in FOLDERS.split()[:8] for path in (ROOT / folder).rglob("*.py")]
    sources = "".join(path.read_text("utf-8") for path in program)
    used = set(re.findall(r"KAOHE_[A-Z]+(?:_[A-Z]+)*", sources)) - {"KAOHE_LIMIT"}
    limits = {f"KAOHE_LIMIT_{one}" for one in limit_names()}
    assert set(rows_after(Page(DOCS / name), "settings", 0)) == used | limits


def limit_names() -> list[str]:
    from dataclasses import fields

    from intake.limits import Limits

    return [field.name.upper() for field in fields(Limits)]


def test_the_page_of_commands_is_current() -> None:
    current = commands_page.PAGE.read_text("utf-8") == commands_page.page()
    assert current, "python tests/commands_page.py"


def test_the_english_page_names_every_command_with_all_its_options() -> None:
    rows = re.findall(r"^\| `(kaohe [^`]+)` \| (.+) \|$", Page(DOCS / "commands.en.md").text, re.MULTILINE)
    told = {usage.replace("\\|", "|"): set(re.findall(r"--[\w-]+", words)) for usage, words in rows}
    there = {}
    for name, command in every_command(main, "kaohe"):
        options = [one for one in command.params if isinstance(one, click.Option) and one.name != "as_json"]
        there[name] = {opt for one in options for opt in one.opts}
    assert {" ".join(word for word in usage.split() if word.islower() and "|" not in word): options
            for usage, options in told.items()} == there  # fmt: skip


def every_command(group: click.Group, above: str) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        path = f"{above} {name}"
        found += every_command(command, path) if isinstance(command, click.Group) else [(path, command)]
    return found


@pytest.mark.parametrize("name", ["year.md", "year.en.md"])
def test_the_year_says_where_in_the_navigation_each_step_is(name: str) -> None:
    section = (ROOT / "orchestration" / "desk" / "section.py").read_text("utf-8")
    entries = set(re.findall(r'Entry\("[^"]+", "([^"]+)"', section))
    table = Page(DOCS / name).text.partition("|---|---|---|---|\n")[2].partition("\n\n")[0]
    told = {place for line in table.split("\n") for place in re.split("[；;] ?", line.split(" | ")[2])}
    assert len(entries) == 9
    assert told - {"没有", "没有，改文件", "none", "none, files"} == entries
