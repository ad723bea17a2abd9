"""The rulebook's pages in `docs/` against the model, the worked examples and the schema."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from types import ModuleType
from typing import Any, get_args

import jsonschema
import pytest
import yaml
from documentation_pages import CHINESE, DOCS, ENGLISH, Fence, Page
from golden_cases import RULES, Case, all_cases, cases_of
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from ruamel.yaml import YAML

from evaluation import items, outcomes, rule_kinds, rulebook
from evaluation.definition import read_definition
from evaluation.lint import lint
from evaluation.numbers import Amount, Operand
from evaluation.outcomes import Expectation
from evaluation.schema import json_schema
from evaluation.strict_yaml import read_yaml

PAGES = [CHINESE, ENGLISH]
SCHEMA = DOCS / "rulebook.schema.json"
REFRESH = (
    "python -c \"import json; from evaluation.schema import json_schema; open('docs/rulebook.schema.json', 'w', "
    "encoding='utf-8').write(json.dumps(json_schema(), ensure_ascii=False, indent=2) + chr(10))\""
)
# Models that others are made of; their keys are described with those.
BASES = {"Model", "Named", "Bounds", "SomeBounds"}
MODULES: list[ModuleType] = [rulebook, items, rule_kinds, outcomes]
REQUIRED = {CHINESE: "必写", ENGLISH: "required"}


def of_page(page: Page) -> str:
    return page.path.name


def models() -> dict[str, type[BaseModel]]:
    found = {
        name: model
        for module in MODULES
        for name, model in vars(module).items()
        if isinstance(model, type) and issubclass(model, BaseModel) and name not in BASES
    }
    assert len(found) > 30
    return found


def examples(page: Page) -> list[Fence]:
    """The fences that show a worked example."""
    return [fence for fence in page.fences if (RULES / fence.mark).is_file()]


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_every_example_shown_is_a_worked_example(page: Page) -> None:
    texts = {path.name: {case.text for case in cases_of(path)} for path in RULES.glob("*.yaml")}
    wrong = [fence.text for fence in examples(page) if fence.text not in texts[fence.mark]]
    assert wrong == [], "与 tests/golden/rules/ 里的不同"
    marks = {fence.mark for fence in page.fences if fence.language == "yaml"}
    assert marks == set(texts) | {"rulebook.yaml", "excerpt"}


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_every_measure_and_rule_shows_its_own_example(page: Page) -> None:
    kinds = [
        get_args(model.model_fields["kind"].annotation) for model in models().values() if "kind" in model.model_fields
    ]
    names = {*get_args(items.Measure), *(kind[0] for kind in kinds if len(kind) == 1)}
    assert len(names) == 19
    for name in names:
        after = page.text.partition(f'<a id="{name}"></a>')[2]
        section = after.partition("<a id=")[0]
        assert re.search(rf"^### {name}\b", section, re.MULTILINE), name
        assert f"```yaml {name}.yaml" in section, name


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_every_key_of_the_model_is_described(page: Page) -> None:
    described = {name: [row.codes[0][0] for row in rows] for name, rows in page.key_tables.items()}
    assert set(described) == set(models())
    for name, model in models().items():
        assert sorted(described[name]) == sorted(model.model_fields), name
    assert [row for rows in page.key_tables.values() for row in rows if len(row.cells) != 3 or not all(row.cells)] == []


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_the_defaults_described_are_those_of_the_model(page: Page) -> None:
    wrong = []
    for name, rows in page.key_tables.items():
        for row in rows:
            key, told = row.codes[0][0], row.cells[2]
            field = models()[name].model_fields[key]
            wanted = REQUIRED[page] if field.is_required() else written_default(name, key, field)
            is_required = REQUIRED[page] in told
            if is_required != field.is_required() or (wanted is not None and wanted not in told.replace("`", "")):
                wrong.append((name, key, told, wanted))
    assert wrong == []


def written_default(model: str, key: str, field: FieldInfo) -> str | None:
    """The default as it would be written; None where it is told in words."""
    default: Any = "[self]" if (model, key) in {("Item", "sources"), ("Veto", "sources")} else field.default
    if (model, key) == ("Item", "min_points"):
        return "0"
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, Amount):
        return f"{default.value * 100}%" if default.share else str(default.value)
    if isinstance(default, Operand):
        return str(default.value)
    return str(default) if isinstance(default, int | str | Fraction) and default != "" else None


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_links_lead_somewhere(page: Page) -> None:
    assert len(page.anchors) == len(set(page.anchors))
    for link in page.links:
        file, _, anchor = link.partition("#")
        assert file == "" or (DOCS / file).is_file(), link
        assert anchor == "" or anchor in page.anchors, link


def test_both_pages_have_one_structure() -> None:
    assert CHINESE.outline == ENGLISH.outline
    assert len(CHINESE.outline) > 200
    assert [f.text for f in CHINESE.fences if f.mark] == [f.text for f in ENGLISH.fences if f.mark]


def test_both_pages_show_the_same_keys_and_kinds_in_tables() -> None:
    for anchor in ("howto", "faults"):
        rows = zip(CHINESE.table_after(anchor), ENGLISH.table_after(anchor), strict=True)
        assert all(one.codes[3:4] == other.codes[3:4] for one, other in rows)
    assert {name: [row.codes[0] for row in rows] for name, rows in CHINESE.key_tables.items()} == {
        name: [row.codes[0] for row in rows] for name, rows in ENGLISH.key_tables.items()
    }


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_the_33_kinds_are_written_as_their_examples_write_them(page: Page) -> None:
    rows = {row.cells[0]: row for row in page.table_after("howto")}
    assert list(rows) == [f"K{number:02}" for number in range(1, 34)]
    cases = all_cases()
    for kind, row in rows.items():
        own = [case for case in cases if kind in case.kinds]
        text = " ".join(" ".join(case.text.split()) for case in own)
        assert row.codes[3], kind
        assert [snippet for snippet in row.codes[3] if snippet not in text] == [], kind
        assert {link.lstrip("#") for link in re.findall(r"\((#\w+)\)", row.cells[4])} & files_of(own), kind


def files_of(cases: list[Case]) -> set[str]:
    return {case.file.removesuffix(".yaml") for case in cases}


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_the_table_of_faults_is_what_lint_says(page: Page) -> None:
    told = [row.cells[1] for row in page.table_after("faults")]
    shown = [text for case in cases_of(RULES / "faults.yaml") for text in case.tree["lint"]]
    assert sorted(told) == sorted(shown)


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_the_whole_rulebook_shown_has_no_faults(page: Page) -> None:
    files = {
        fence.mark: fence.text.encode() + b"\n" for fence in page.fences if fence.mark.endswith((".csv", "book.yaml"))
    }
    assert sorted(files) == ["officials.csv", "rulebook.yaml", "targets.csv", "units.csv"]
    read_definition(files)
    assert [finding for finding in lint(files) if finding.severity != "note"] == []


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_the_excerpt_shown_is_of_a_rulebook(page: Page) -> None:
    shown = [fence for fence in page.fences if fence.mark == "excerpt"]
    for fence in shown:
        document, faults = read_yaml(fence.text.encode(), "excerpt")
        assert faults == []
        assert isinstance(document.tree, dict)
        assert set(document.tree) == {"expectations"}
        assert all(Expectation.model_validate(each).note for each in document.tree["expectations"])
    assert len(shown) == 2


def test_the_schema_is_current() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json.loads(json.dumps(json_schema())), REFRESH
    assert all(SCHEMA.name in page.text and f"$schema=../../../docs/{SCHEMA.name}" in page.text for page in PAGES)


def as_editors_read(text: str) -> Any:
    """YAML 1.2 as editors read it, dates as text."""
    return json.loads(json.dumps(YAML(typ="safe").load(text), default=str))


def test_the_schema_admits_every_example() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    whole = next(fence.text for fence in CHINESE.fences if fence.mark == "rulebook.yaml")
    assert list(validator.iter_errors(as_editors_read(whole))) == []
    misspelt = next(case for case in cases_of(RULES / "faults.yaml") if "pionts" in case.text)
    for case in all_cases():
        written = as_editors_read(yaml.safe_dump(typed(case), allow_unicode=True))
        refused = [error.message for error in validator.iter_errors(written)]
        assert bool(refused) == (case.text == misspelt.text), (case.file, case.name, refused)


def typed(case: Case) -> Any:
    """The case's rulebook with numbers and flags as an editor would take them."""

    def value(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: value(inner) for key, inner in node.items()}
        if isinstance(node, list):
            return [value(inner) for inner in node]
        if node in ("true", "false"):
            return node == "true"
        return (
            int(node)
            if re.fullmatch(r"-?[0-9]+", node)
            else float(node)
            if re.fullmatch(r"-?[0-9]+\.[0-9]+", node)
            else node
        )

    return value(case.rulebook)


@pytest.mark.parametrize("name", ["security.md", "security.en.md"])
def test_every_promise_of_security_names_tests_that_there_are(name: str) -> None:
    rows = [row for row in (DOCS / name).read_text("utf-8").splitlines() if "test_" in row]
    named = [(row, re.findall(r"`(?:(test_\w+\.py)::)?(test_\w+)`", row)) for row in rows]
    assert len(named) >= 14
    for row, tests in named:
        assert tests, row
        files = "".join((DOCS.parent / "tests" / file).read_text("utf-8") for file, _ in tests if file)
        assert [test for _, test in tests if f"def {test}(" not in files] == [], row
