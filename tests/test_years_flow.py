"""A second cycle of the small evaluation: what it shows of the first is what was published when it was scored."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from previewed import FIGURES, MARKS, OFFICIALS, RULEBOOK, SMALL, TARGETS, UNITS, small_home
from running import TO_THE_VERSION, run

from orchestration.as_of import Moment, reproduce
from orchestration.cli import main
from orchestration.filing import ledger_of, submit_files
from reports.csv_files import read_csv
from resources.adoption import adopt
from resources.home import Home
from resources.kaohe import work_on
from resources.publications import PUBLISHED, Publications

NEXT = "small-2026"

# Each of them waits for whole runs of the job.
pytestmark = pytest.mark.timeout(600)


def next_year(text: str) -> str:
    """The same a year later: grants renamed and compared with last year, the second and third town merged."""
    return text.replace("2026-", "2027-").replace("2025", "2026").replace("grants", "patents").replace("B,", "M,")


def next_definition() -> dict[str, str]:
    renamed = RULEBOOK.replace("{code: grants, ", "{code: grants, continues: grants, additive: true, ")
    rules = next_year(renamed.replace("measure: completion", "measure: growth")).replace(
        "continues: patents", "continues: grants"
    )
    rules = rules.replace(
        "evaluation: small-2026", f"evaluation: {NEXT}\nprevious: {SMALL}\nranking: {{also: [change]}}"
    )
    units = UNITS.replace("group\n", "group,continues\n").replace("township,g\n", "township,g,\n")
    units = units.replace("B,南乡,township,g,", "M,西南镇,township,g,B;C").replace("township,h\n", "township,h,\n")
    units = "".join(line for line in units.splitlines(keepends=True) if not line.startswith("C,"))
    tables = {name: without_third(next_year(text)) for name, text in (("targets", TARGETS), ("officials", OFFICIALS))}
    tables["officials"] = tables["officials"].replace(",2024-01-01", ",2025-01-01").replace(",B,", ",M,")
    return {"rulebook.yaml": rules, "units.csv": units} | {f"{name}.csv": text for name, text in tables.items()}


def without_third(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(("C,", "pc,")))


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The first cycle in its first version, the second made from that; then a second version of the first."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
        path = tmp_path_factory.mktemp("years") / "home"
        monkeypatch.setenv("KAOHE_HOME", str(path))
        home = small_home(path)
        assert run(SMALL, TO_THE_VERSION).success
        folder = home.evaluations / NEXT
        folder.mkdir()
        for name, text in next_definition().items():
            (folder / name).write_text(text, encoding="utf-8")
        adopt(home, ledger_of(home), NEXT, "张三", "李四")
        for name, text in (("数据.csv", FIGURES), ("打分.csv", MARKS)):
            source = home.path / name
            source.write_text(without_third(next_year(text)), encoding="utf-8")
            list(submit_files(home, NEXT, "stats", [source], None, ""))
            source.unlink()
        assert run(NEXT, TO_THE_VERSION).success
        publish_again(home)
        return home


def publish_again(home: Home) -> None:
    """One more version of the first cycle, in which A has another total."""
    publications = Publications(home, ledger_of(home), SMALL)
    entry = publications.ledger.entries(SMALL, [PUBLISHED])[0]
    newest = publications.newest()
    assert newest is not None

    def write(folder: Path) -> None:
        shutil.copytree(publications.path(1), folder, dirs_exist_ok=True)
        file = folder / "ranking.csv"
        text = file.read_text(encoding="utf-8-sig")
        file.write_text(text.replace(total(home, 1), "12.34"), encoding="utf-8-sig")

    version = replace(newest, version=2, cause="更正")
    publications.publish(version, work_on(home, SMALL).run.fence, write, entry.payload["made_from"])


@pytest.fixture(autouse=True)
def _at_home(two_years: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOHE_HOME", str(two_years.path))


def kaohe(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def first_version(home: Home) -> Path:
    return home.published / NEXT / "v0001"


def total(home: Home, version: int) -> str:
    rows = read_csv(home.published / SMALL / f"v{version:04}" / "ranking.csv")
    return str(rows.loc[rows["unit_code"] == "A", "total_score"].item())


def test_a_version_shows_the_last_cycle_as_it_was_published_then(two_years: Home) -> None:
    folder = first_version(two_years)
    rows = read_csv(folder / "years.csv")
    own = rows[(rows["unit_code"] == "A") & (rows["measure"] == "total_score")]
    assert own["cycle"].tolist() == ["2025", "2026"]
    assert own["value"].tolist()[0] == total(two_years, 1) != total(two_years, 2)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert [(one["evaluation"], one["version"]) for one in manifest["cycles"]] == [(SMALL, 1)]
    assert {"years.csv", "years.html", "years.en.html"} <= set(manifest["files"])
    page = (folder / "units" / "A.html").read_text(encoding="utf-8")
    assert f"上年 {total(two_years, 1)}" in page


def test_what_last_year_publishes_later_changes_no_byte_of_this_years_version(two_years: Home, tmp_path: Path) -> None:
    assert [path.name for path in sorted((two_years.published / NEXT).glob("v*"))] == ["v0001"]
    entry = ledger_of(two_years).entries(NEXT, [PUBLISHED])[0]
    reproduce(two_years, NEXT, Moment(entry.payload["ledger_seq"], entry), tmp_path / "out")
    kept, made = (
        {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (first_version(two_years), tmp_path / "out")
    )
    assert made == kept


def test_growth_reads_the_renamed_item_and_the_sum_of_merged_units(two_years: Home) -> None:
    rows = read_csv(first_version(two_years) / "indicator_scores.csv")
    measures = rows[rows["indicator_code"] == "patents"].set_index("unit_code")["measure"]
    # 18 after 18; 9 after 9 + 15; 8 after 8.
    assert measures.astype("float64").to_dict() == {"A": 0.0, "M": -0.625, "D": 0.0}
    years = read_csv(first_version(two_years) / "years.csv")
    sums = years[years["unit_then"] == "B;C"]
    assert dict(zip(sums["indicator_code"], sums["value"], strict=True)) == {"patents": "24", "place": "24"}


def test_pages_lead_to_the_years_and_show_both_predecessors(two_years: Home) -> None:
    folder = first_version(two_years)
    assert 'href="years.html"' in (folder / "index.html").read_text(encoding="utf-8")
    assert 'href="years.html"' not in (two_years.published / SMALL / "v0001" / "index.html").read_text(encoding="utf-8")
    page = (folder / "years.html").read_text(encoding="utf-8")
    assert "其后与西乡合并为西南镇" in page
    assert "口径有变：计分依据" in page
    english = (folder / "units" / "M.en.html").read_text(encoding="utf-8")
    assert "later merged with" in english
    assert "defined otherwise: measure" in english
    assert "style=" not in page.partition("<body>")[2]


def test_the_command_shows_what_is_published_today(two_years: Home) -> None:
    found = json.loads(kaohe("years", "--json").output)
    assert list(found) == [NEXT]
    before = [row["value"] for row in found[NEXT] if row["unit_code"] == "A" and row["measure"] == "total_score"]
    assert before[0] == total(two_years, 2)
    told = kaohe("years", NEXT).output
    assert "西南镇" in told
    assert "南乡" in told
    assert "授权量" in kaohe("years", NEXT, "--unit", "A").output


def test_an_explanation_says_what_the_item_was_in_earlier_years(two_years: Home) -> None:
    told = kaohe("explain", NEXT, "M", "patents").output
    assert "历年：2025 西乡 100.0%不可比（15件不可比）；其后与南乡合并为西南镇；口径有变：计分依据" in told
    assert "历年：2025 南乡、西乡 （24件）；合并前各单位之和" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [((SMALL,), "没有上年可比"), ((NEXT, "--unit", "X"), "没有单位“X”"), (("nowhere",), "没有考核“nowhere”")],
)
def test_what_cannot_be_shown_is_refused(arguments: tuple[str, ...], told: str) -> None:
    result = kaohe("years", *arguments)
    assert (result.exit_code, told in result.output) == (2, True), result.output


def test_lint_finds_a_unit_of_last_year_that_there_was_not(two_years: Home) -> None:
    file = two_years.evaluations / NEXT / "units.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("B;C", "B;X"), encoding="utf-8")
    try:
        found = json.loads(kaohe("lint", NEXT, "--json").output)
    finally:
        file.write_text(text, encoding="utf-8")
    assert [(one["line"], one["severity"]) for one in found if "上年没有单位 X" in one["message"]] == [(3, "error")]


def test_lint_finds_years_that_lead_in_a_circle(two_years: Home) -> None:
    file = two_years.evaluations / SMALL / "rulebook.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("title:", f"previous: {NEXT}\ntitle:"), encoding="utf-8")
    try:
        found = json.loads(kaohe("lint", NEXT, "--json").output)
    finally:
        file.write_text(text, encoding="utf-8")
    assert [one["key"] for one in found if "又回到" in one["message"]] == ["previous"]
