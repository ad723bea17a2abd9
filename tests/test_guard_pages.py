"""Published pages, receipts, forms and appeals behind the guard: each role gets its own, by no way anything else.

One small evaluated home serves all; a clerk of unit A, a bureau that reports as `stats`, an examiner, an operator.
"""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from click.testing import CliRunner
from previewed import SMALL
from starlette.applications import Starlette
from starlette.testclient import TestClient
from visitors import OWN, PORT, add_account, cookie_of, logged, site, status_of, visitor

from guard.app import create_app
from guard.dagster_pages import Server
from guard.gate import Gate
from guard.policy import served_origins
from orchestration.cli import main
from orchestration.dagster_servers import OPERATING
from orchestration.filing import ledger_of
from orchestration.templates import write_templates
from resources.appeals import file_appeal
from resources.home import Home
from resources.roles import DEPARTMENT, EXAMINER, OPERATOR, TOWNSHIP

PEOPLE = {"clerk": (TOWNSHIP, "A"), "bureau": (DEPARTMENT, "stats"), "examiner": (EXAMINER,), "operator": (OPERATOR,)}
LATEST = f"/published/{SMALL}/latest"
APPEAL = {"grounds": "漏计", "document": "函", "filed_by": "甲", "received_by": "乙", "received_on": "2026-01-05"}


@pytest.fixture(scope="module")
def place(_evaluated_small: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(tmp_path_factory.mktemp("pages") / "home")
    shutil.copytree(_evaluated_small, home.path, symlinks=True)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("KAOHE_HOME", str(home.path))
        for name, (role, *codes) in PEOPLE.items():
            add_account(home, name, role, *codes)
        list(write_templates(home, SMALL))
        for unit in "AB":
            appeal = file_appeal(ledger_of(home), SMALL, {"unit_code": unit, "indicator_code": "grants", **APPEAL})
            page = home.appeals / SMALL / f"{appeal.number:03}.html"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(f"appeal of {unit}", "utf-8")
        yield home


@pytest.fixture(scope="module")
def gate(place: Home) -> Gate:
    return site(place)


@pytest.fixture(scope="module")
def cookies(place: Home) -> dict[str, str]:
    return {name: cookie_of(place, name) for name in PEOPLE}


@pytest.fixture
def clerk(gate: Gate, cookies: dict[str, str]) -> TestClient:
    return visitor(gate, cookies["clerk"])


@pytest.fixture
def bureau(gate: Gate, cookies: dict[str, str]) -> TestClient:
    return visitor(gate, cookies["bureau"])


@pytest.fixture(params=["examiner", "operator"])
def examining(request: pytest.FixtureRequest, gate: Gate, cookies: dict[str, str]) -> TestClient:
    return visitor(gate, cookies[request.param])


@pytest.fixture
def public(place: Home) -> Iterator[None]:
    """The version is one of those from 公示 on, which have this folder (`reports/folder.py`)."""
    folder = place.published / SMALL / "latest" / "public"
    (folder / "units").mkdir(parents=True)
    for name in ("index.html", "units/B.html"):
        (folder / name).write_text("for everybody", "utf-8")
    yield
    shutil.rmtree(folder)


def test_a_clerk_reads_the_own_page_and_brief(clerk: TestClient) -> None:
    page = clerk.get(f"{LATEST}/units/A.html")
    assert (page.status_code, "东乡" in page.text) == (200, True)
    assert clerk.get(f"{LATEST}/units/A.en.html").status_code == 200
    brief = clerk.get(f"{LATEST}/briefs/A.docx")
    assert (brief.status_code, brief.headers["content-disposition"]) == (200, 'attachment; filename="A.docx"')


def links_of(reader: TestClient, path: str) -> list[str]:
    """The pages and files that a page leads to."""
    return [urljoin(path, link) for link in re.findall(r'href="([^"#]+)"', reader.get(path).text)]


def test_the_own_page_links_to_nothing_that_is_closed_and_names_no_neighbour_by_rank(
    clerk: TestClient, examining: TestClient, place: Home
) -> None:
    path = f"{LATEST}/units/A.html"
    page = place.published / SMALL / "latest" / "units" / "A.html"
    told = '<p>历年 <a href="../years.html">全部</a></p></main>'
    page.write_text(page.read_text("utf-8").replace("</main>", told), "utf-8")
    assert "历年 </p>" in clerk.get(path).text
    assert links_of(clerk, path) == [f"{LATEST}/briefs/A.docx", f"{LATEST}/units/A.en.html"]
    assert "西乡" not in clerk.get(path).text
    assert clerk.get(path).headers["content-security-policy"] == examining.get(path).headers["content-security-policy"]
    assert f"{LATEST}/units/B.html" in links_of(examining, path)


def test_from_the_public_notice_on_the_own_page_leads_to_what_everybody_may_see(
    clerk: TestClient, public: None
) -> None:
    found = links_of(clerk, f"{LATEST}/units/A.html")
    assert {f"{LATEST}/index.html", f"{LATEST}/units/B.html"} <= set(found)
    assert [link for link in found if clerk.get(link, follow_redirects=True).status_code != 200] == []


OTHERS = [
    "units/B.html",
    "units/B.en.html",
    "briefs/B.docx",
    "brief.docx",
    "scorecards.xlsx",
    "ranking.csv",
    "findings.csv",
    "manifest.json",
    "notice.docx",
    "units/A.html/../B.html",
    "units/A.html/B.html",
    "units/a.html",
    "units/A.html.bak",
    "units/",
    "units",
    "UNITS/A.html",
]


@pytest.mark.parametrize("path", OTHERS)
@pytest.mark.parametrize("version", ["latest", "v0001"])
def test_a_clerk_reads_nothing_of_others(clerk: TestClient, place: Home, version: str, path: str) -> None:
    assert clerk.get(f"/published/{SMALL}/{version}/{path}").status_code == 403
    assert logged(place)[-1]["status"] == 403
    assert logged(place)[-1]["path"].startswith(f"/published/{SMALL}/{version}/")


def test_from_the_public_notice_on_a_clerk_reads_what_everybody_may(
    clerk: TestClient, bureau: TestClient, public: None
) -> None:
    for reader in (clerk, bureau):
        for path in ("index.html", "units/B.html"):
            assert reader.get(f"{LATEST}/public/{path}").text == "for everybody"
        for path in ("index.html", "units/B.html"):  # where links on the own page lead
            assert reader.get(f"{LATEST}/{path}").headers["location"] == f"{LATEST}/public/{path}"
        assert reader.get(f"{LATEST}/findings.csv").status_code == 403
    assert "公示的结果" in clerk.get("/").text


def test_before_it_there_is_nothing_public(clerk: TestClient) -> None:
    assert clerk.get(f"{LATEST}/public/index.html").status_code == 404
    assert "公示的结果" not in clerk.get("/").text


def test_who_is_not_logged_in_reads_nothing(gate: Gate, public: None) -> None:
    for path in (f"{LATEST}/public/index.html", f"{LATEST}/units/A.html", f"/receipts/{SMALL}/A/x", "/"):
        assert visitor(gate).get(path).headers["location"].startswith("/login?next=")


def test_who_examines_reads_everything(examining: TestClient, place: Home) -> None:
    folder = place.published / SMALL / "latest"
    for path in folder.rglob("*"):
        if path.is_file():
            answer = examining.get(f"{LATEST}/{path.relative_to(folder)}")
            assert (answer.status_code, answer.content == path.read_bytes()) == (200, True), path
    for kind in (place.receipts, place.templates):
        for path in kind.rglob("[!.]*.*"):
            address = quote(path.relative_to(kind).as_posix())
            assert examining.get(f"/{'receipts' if kind == place.receipts else 'forms'}/{address}").status_code == 200
    assert examining.get(f"/published/{SMALL}/").text.count("第1版") == 1


def test_receipts_forms_and_appeals_are_read_by_whom_they_concern(
    clerk: TestClient, bureau: TestClient, place: Home
) -> None:
    receipt = next((place.receipts / SMALL / "stats").rglob("回执.html"))
    address = f"/receipts/{quote(receipt.relative_to(place.receipts).as_posix())}"
    assert (bureau.get(address).status_code, clerk.get(address).status_code) == (200, 403)
    forms = {path.name for path in (place.templates / SMALL).glob("*.xlsx")}
    own = {name for name in forms if "统计局" in name}
    assert len(own) == 1
    for name in forms:
        allowed = (bureau.get(f"/forms/{SMALL}/{name}").status_code, clerk.get(f"/forms/{SMALL}/{name}").status_code)
        assert allowed == (200 if name in own else 403, 200 if "东乡" in name else 403)
    assert [clerk.get(f"/appeals/{SMALL}/{number}").status_code for number in (1, 2, 3)] == [200, 403, 403]
    assert bureau.get(f"/appeals/{SMALL}/1").status_code == 403
    first = clerk.get("/").text
    assert ("申诉2026-001" in first, "申诉2026-002" in first) == (True, False)


WAYS_OUT = [
    "{latest}/public/../index.html",
    "{latest}/public/%2e%2e/index.html",
    "{latest}/public/%252e%252e/index.html",
    "{latest}/public/..%2findex.html",
    "{latest}/public%2f..%2findex.html",
    "{latest}/public/..%5cindex.html",
    "{latest}/public/%c0%ae%c0%ae/index.html",
    "{latest}/public//etc/passwd",
    "{latest}/public/%2fetc%2fpasswd",
    "{latest}//etc/passwd",
    "{latest}/units/A.html%00",
    "{latest}/.writing-x/index.html",
    "/published/../{small}/latest/index.html",
    "/published/{small}/../../kaohe.db",
    "/published/{small}/%2e%2e/kaohe.db",
    "/published/..%2f/latest/kaohe.db",
    "/published/%2e/latest/kaohe.db",
    "/published/{small}/v0001%2f..%2f..%2f../kaohe.db",
    "/published//etc/passwd",
    "/receipts/{small}/..%2f..%2f/kaohe.db",
    "/receipts/{small}/stats/..%2f..%2f..%2fkaohe.db",
    "/receipts/..%2flogs/guard.log/x",
    "/forms/{small}/..%2f..%2fkaohe.db",
    "/forms/..%2f/kaohe.db",
    "/forms/{small}/.forms.csv",
    "/appeals/{small}/..%2f1",
    "/static/../app.py",
    "/static/..%2fapp.py",
    "/static/%2e%2e/%2e%2e/pyproject.toml",
]


@pytest.mark.parametrize("name", ["clerk", "operator"])
@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_path_leads_out_of_its_folder(gate: Gate, place: Home, cookies: dict[str, str], way: str, name: str) -> None:
    status = status_of(gate, way.format(latest=LATEST, small=SMALL), cookies[name])
    assert status in (403, 404)
    assert logged(place)[-1]["status"] == status


def test_no_symlink_leads_out_of_its_folder(gate: Gate, place: Home, cookies: dict[str, str]) -> None:
    link = place.published / SMALL / "v0001" / "units" / "A.en.html"
    kept = link.read_bytes()
    link.unlink()
    link.symlink_to(place.path / "kaohe.db")
    try:
        for name in PEOPLE:
            assert visitor(gate, cookies[name]).get(f"{LATEST}/units/A.en.html").status_code in (403, 404)
    finally:
        link.unlink()
        link.write_bytes(kept)


def test_a_page_runs_under_its_own_hashes_and_in_no_frame(examining: TestClient) -> None:
    policy = examining.get(f"{LATEST}/index.html").headers["content-security-policy"].split("; ")
    assert [one for one in policy if one.startswith(("script-src", "style-src"))] == [
        one for one in policy if " 'sha256-" in one and one.endswith("='")
    ]
    assert len([one for one in policy if "sha256" in one]) == 2
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in str(policy)


def test_a_page_that_is_none_of_ours_runs_nothing(examining: TestClient, place: Home) -> None:
    page = place.published / SMALL / "latest" / "planted.html"
    page.write_text("<script>alert(1)</script>", "utf-8")
    try:
        policy = examining.get(f"{LATEST}/planted.html").headers["content-security-policy"]
        assert {"sandbox", "default-src 'self'"} <= set(policy.split("; "))
        assert "script-src" not in policy
    finally:
        page.unlink()


def test_nothing_of_it_stays_in_a_shared_computers_cache(examining: TestClient) -> None:
    for path in ("/", f"{LATEST}/index.html", f"{LATEST}/scorecards.xlsx", f"/published/{SMALL}/"):
        assert examining.get(path).headers["cache-control"] == "no-store"


def test_forms_are_made_anew_with_their_list(place: Home, clerk: TestClient) -> None:
    result = CliRunner().invoke(main, ["templates", SMALL])
    assert result.exit_code == 0, result.output
    assert "东乡" in clerk.get("/").text


def test_evaluations_and_units_are_called_by_their_names(clerk: TestClient, examining: TestClient) -> None:
    assert "小考核" in examining.get("/results").text
    assert "东乡的得分" in clerk.get("/results").text
    assert "<h1>小考核</h1>" in examining.get(f"/published/{SMALL}/").text


def test_a_fault_within_dagsters_pages_is_told_in_words(place: Home, cookies: dict[str, str]) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("as a page of Dagster's")

    behind = Starlette()
    behind.add_route("/{rest:path}", broken)
    gate = create_app(place, served_origins(PORT), [Server(OPERATING, behind)])
    browser = TestClient(gate, OWN, headers={"Cookie": cookies["operator"]}, raise_server_exceptions=False)
    answer = browser.get(f"{OPERATING.path}/download_debug/x")
    assert (answer.status_code, "程序出错" in answer.text) == (500, True)


def test_who_comes_while_the_database_is_away_is_told_so_and_nothing_of_it(
    place: Home, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("KAOHE_STORE", f"postgresql+psycopg2://kaohe:secret@127.0.0.1:{port}/kaohe")
    browser = TestClient(site(place), OWN, headers={"Cookie": cookies["examiner"]}, raise_server_exceptions=False)
    for path in ("/", "/results", f"{LATEST}/index.html"):
        answer = browser.get(path)
        assert (answer.status_code, "现在连不上数据库" in answer.text) == (503, True)
        assert str(port) not in answer.text
