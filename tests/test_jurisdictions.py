"""Several counties in one installation: accounts of one see nothing of another's before it is public."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from previewed import SMALL
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from visitors import OWN, PASSWORD, PORT, accounts_of, cookie_of, site, visitor

from guard.app import create_app
from guard.dagster_pages import Server
from guard.passwords import hashed
from guard.policy import served_origins
from orchestration.cli import main
from orchestration.dagster_servers import OPERATING, READING
from orchestration.desk.section import DESK
from orchestration.filing import ledger_of
from orchestration.templates import write_templates
from resources.accounts import Account
from resources.appeals import file_appeal
from resources.contacts import urls_of
from resources.home import Home
from resources.jurisdictions import is_within, jurisdiction_of
from resources.roles import DEPARTMENT, EXAMINER, OPERATOR, TOWNSHIP

OWN_COUNTY, OTHER = jurisdiction_of(SMALL), "elsewhere"
ROLES = {EXAMINER: (), OPERATOR: (), TOWNSHIP: ("A",), DEPARTMENT: ("stats",)}
PAGES = ["index.html", "units/A.html", "briefs/A.docx", "scorecards.xlsx", "ranking.csv", "findings.csv"]


@pytest.fixture(scope="module")
def place(_evaluated_small: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home with an account of each role for the county of the evaluation, and one for another county."""
    home = Home(tmp_path_factory.mktemp("counties") / "home")
    shutil.copytree(_evaluated_small, home.path, symlinks=True)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("KAOHE_HOME", str(home.path))
        for role, codes in ROLES.items():
            for county in (OWN_COUNTY, OTHER):
                account = Account(f"{role}-{county}", role, codes, jurisdictions=(county,))
                accounts_of(home).add(account, hashed(PASSWORD, account.name))
        list(write_templates(home, SMALL))
        asked = {
            "grounds": "漏计",
            "document": "函",
            "filed_by": "甲",
            "received_by": "乙",
            "received_on": "2026-01-05",
        }
        file_appeal(ledger_of(home), SMALL, {"unit_code": "A", "indicator_code": "grants", **asked})
        (home.appeals / SMALL).mkdir(parents=True)
        (home.appeals / SMALL / "001.html").write_text("appeal", "utf-8")
        yield home


@pytest.fixture(scope="module")
def of_county(place: Home) -> Callable[[str, str], TestClient]:
    gate = site(place, DESK)
    return lambda role, county: visitor(gate, cookie_of(place, f"{role}-{county}"))


def shelves(home: Home) -> list[str]:
    """An address of every kind of file of the evaluation."""
    receipts = [
        path.relative_to(home.path).as_posix() for path in (home.receipts / SMALL).rglob("*.*") if path.is_file()
    ]
    forms = [f"forms/{SMALL}/{path.name}" for path in (home.templates / SMALL).glob("*.xlsx")]
    assert receipts
    assert forms
    pages = [f"published/{SMALL}/{version}/{path}" for version in ("latest", "v0001") for path in PAGES]
    return [f"published/{SMALL}/", f"appeals/{SMALL}/1", *pages, *receipts, *forms]


@pytest.mark.parametrize("role", ROLES)
def test_nothing_of_another_county_is_read(role: str, place: Home, of_county: Callable[[str, str], TestClient]) -> None:
    other, own = of_county(role, OTHER), of_county(role, OWN_COUNTY)
    for path in shelves(place):
        answer = other.get(f"/{path}")
        if answer.status_code == 303:  # to what is public, of which there is nothing yet
            answer = other.get(f"/published/{SMALL}/latest/public/index.html")
        assert answer.status_code in (403, 404), path
    assert own.get(f"/published/{SMALL}/latest/units/A.html").status_code == (403 if role == DEPARTMENT else 200)


@pytest.mark.parametrize("role", ROLES)
def test_no_page_of_the_desk_knows_another_county(role: str, of_county: Callable[[str, str], TestClient]) -> None:
    other, own = of_county(role, OTHER), of_county(role, OWN_COUNTY)
    assert own.get("/desk/upload", params={"evaluation": SMALL}).status_code == 200
    for route in DESK.routes:
        blank, named = other.get(route.path), other.get(route.path, params={"evaluation": SMALL, "unit": "A"})
        assert named.status_code in (403, 404, 405), route.path
        assert SMALL not in blank.text
        assert other.post(route.path, data={"evaluation": SMALL, "unit": "A"}).status_code in (403, 404, 405)
    assert SMALL not in other.get("/results").text
    assert SMALL in own.get("/results").text


def test_what_is_public_is_so_for_other_counties_too(place: Home, of_county: Callable[[str, str], TestClient]) -> None:
    folder = place.published / SMALL / "latest" / "public"
    folder.mkdir()
    (folder / "index.html").write_text("for everybody", "utf-8")
    for role in ROLES:
        other = of_county(role, OTHER)
        assert other.get(f"/published/{SMALL}/latest/public/index.html").text == "for everybody"
        assert "公示的结果" in other.get("/results").text
        assert f"/published/{SMALL}/latest/index.html" not in other.get("/results").text
    shutil.rmtree(folder)


def test_the_record_of_runs_is_for_those_who_are_for_all_counties(place: Home) -> None:
    accounts_of(place).add(Account("province", OPERATOR), hashed(PASSWORD, "province"))
    behind = Starlette()
    behind.add_route("/{rest:path}", lambda _: PlainTextResponse("runs"))
    servers = [Server(entry, behind) for entry in (READING, OPERATING)]
    gate = create_app(place, served_origins(PORT), servers)
    for entry in (READING, OPERATING):
        limited = visitor(gate, cookie_of(place, f"{OPERATOR}-{OWN_COUNTY}"))
        assert limited.get(f"{entry.path}/runs").status_code == 403
        graphql = limited.post(f"{entry.path}/graphql", json={"query": "{version}"}, headers={"Origin": OWN})
        assert graphql.status_code == 403
        assert entry.label not in limited.get("/").text
        everywhere = visitor(gate, cookie_of(place, "province"))
        assert everywhere.get(f"{entry.path}/runs").status_code == 200
        assert entry.label in everywhere.get("/").text


def added(*options: str) -> Result:
    return CliRunner().invoke(main, ["users", "add", *options], input=f"{PASSWORD}\n")


@pytest.fixture
def two_counties(fresh_small: Callable[[], Home]) -> Home:
    """Both use the same codes."""
    home = fresh_small()
    shutil.copytree(home.evaluations / SMALL, home.evaluations / f"{OTHER}-2025")
    rulebook = home.evaluations / f"{OTHER}-2025" / "rulebook.yaml"
    rulebook.write_text(rulebook.read_text("utf-8").replace(SMALL, f"{OTHER}-2025"), "utf-8")
    return home


def test_a_code_that_two_counties_use_has_to_say_whose(two_counties: Home) -> None:
    refused = added("zhang", "--role", TOWNSHIP, "--unit", "A")
    assert refused.exit_code == 2
    assert "--jurisdiction" in refused.output
    assert accounts_of(two_counties).find("zhang") is None
    assert added("zhang", "--role", TOWNSHIP, "--unit", "A", "--jurisdiction", OTHER).exit_code == 0
    found = accounts_of(two_counties).find("zhang")
    assert found is not None
    assert found[0].jurisdictions == (OTHER,)
    assert f"辖区 {OTHER}" in CliRunner().invoke(main, ["users", "list"]).output


def test_a_clerk_is_bound_to_the_one_county_that_knows_the_code(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    assert added("zhang", "--role", TOWNSHIP, "--unit", "A").exit_code == 0
    found = accounts_of(home).find("zhang")
    assert found is not None
    assert found[0].jurisdictions == (OWN_COUNTY,)


def test_a_county_that_has_no_evaluation_is_refused(fresh_small: Callable[[], Home]) -> None:
    fresh_small()
    refused = added("li", "--role", EXAMINER, "--jurisdiction", OWN_COUNTY[:-1])
    assert refused.exit_code == 2
    assert SMALL in refused.output


def test_a_name_is_of_a_jurisdiction_by_whole_words() -> None:
    assert is_within("hebei-xinji-2025", ["hebei"])
    assert is_within("hebei-xinji-2025", ["wuhe", "hebei-xinji"])
    assert not is_within("hebei-xinji-2025", ["hebei-xin"])
    assert not is_within("xinji-2025", ["hebei"])


def test_an_address_for_one_county_goes_before_the_one_for_all() -> None:
    contacts = {"T01": ["all"], "qingshan/T01": ["q1", "q2"], "examiner": ["e"], "wuhe/examiner": ["w"]}
    assert urls_of(contacts, "qingshan-2025", "T01") == ["q1", "q2"]
    assert urls_of(contacts, "wuhe-2025", "T01") == ["all"]
    assert urls_of(contacts, "wuhe-2025", "examiner") == ["w"]
    assert urls_of(contacts, "qingshan-2025", "T02") is None
