"""`kaohe ui` as people start it: real servers on free ports over a tiny code location, from first page to last process.

The tests share one home with two of them, one looked at by an examiner and one by an operator; those that end the
servers come last.
"""

import asyncio
import http.client
import json
import os
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import Watched, started
from graphql import get_introspection_query
from hostile_page import ATTEMPTS, hostile_server
from playwright.sync_api import Browser, sync_playwright
from started_ui import Ui, children_of, eventually, is_running, listening_ports
from visitors import PASSWORD, accounts_of, add_account, cookie_of, logged
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from orchestration.code_server import IMPORTED
from orchestration.door import Door
from orchestration.ui import LONGEST_SOCKET_PATH, CannotServe, Child, private_folder, serve, socket_path
from resources.home import Home
from resources.roles import EXAMINER, OPERATOR, TOWNSHIP

CHECKOUT = Path(__file__).parents[1]
SETTINGS = """
telemetry: {enabled: false}
nux: {enabled: false}
run_coordinator:
  module: orchestration.attributing
  class: AttributingCoordinator
  config: {dequeue_interval_seconds: 1}
"""
WORKSPACE = "load_from:\n  - python_module: {module_name: tiny, working_directory: ., location_name: tiny}\n"
DEFINITIONS = """
import os, sys, dagster as dg

FOUND = sorted(sys.modules)

@dg.asset
def scores():
    return dg.MaterializeResult(metadata={"home": os.environ["KAOHE_HOME"], "found": " ".join(FOUND)})

@dg.schedule(cron_schedule="0 2 * * *", target="scores")
def nightly():
    return dg.RunRequest()

defs = dg.Definitions([scores], schedules=[nightly], executor=dg.in_process_executor)
"""
START_SCHEDULE = """mutation {startSchedule(scheduleSelector: {
  repositoryLocationName: "tiny", repositoryName: "__repository__", scheduleName: "nightly"}) {__typename}}"""
SCHEDULE_STATE = """{scheduleOrError(scheduleSelector: {
  repositoryLocationName: "tiny", repositoryName: "__repository__", scheduleName: "nightly"}) {
  ... on Schedule {scheduleState {status}} ... on Error {message}}}"""
DRY_RUN = """mutation {scheduleDryRun(timestamp: 1735689600, selectorData: {
  repositoryLocationName: "tiny", repositoryName: "__repository__", scheduleName: "nightly"}) {
  __typename ... on DryRunInstigationTick {evaluationResult {runRequests {jobName} error {message}}}}}"""
LOCATIONS = "{workspaceOrError {... on Workspace {locationEntries {name locationOrLoadError {__typename}}}}}"
SCORES_HOME = """{assetNodes {assetMaterializations {metadataEntries {... on TextMetadataEntry {text}}}}}"""
LAUNCH = """mutation {launchRun(executionParams: {selector: {repositoryLocationName: "tiny",
  repositoryName: "__repository__", jobName: "__ASSET_JOB", assetSelection: [{path: ["scores"]}]}}) {__typename}}"""


def owner_and_other(reading: Ui, operating: Ui) -> tuple[Ui, Ui]:
    """Who runs code location and daemon, once both are there, and who waits to."""
    eventually(lambda: 2 in (len(reading.children()), len(operating.children())), reading, operating)
    return (reading, operating) if reading.children() else (operating, reading)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ui") / "考核 50%"
    (folder / "home" / "dagster").mkdir(parents=True)
    (folder / "home" / "dagster" / "dagster.yaml").write_text(SETTINGS)
    (folder / "workspace.yaml").write_text(WORKSPACE)
    (folder / "tiny.py").write_text(DEFINITIONS)
    return folder


@pytest.fixture(scope="module")
def pair(place: Path) -> Iterator[tuple[Ui, Ui]]:
    for role in (EXAMINER, OPERATOR):
        add_account(Home(place / "home"), role, role)
    uis = [Ui(place / "home", place / "workspace.yaml", role) for role in (EXAMINER, OPERATOR)]
    try:
        yield uis[0], uis[1]
    finally:
        for ui in uis:
            ui.process.kill()
            ui.process.wait()


@pytest.fixture
def reading(pair: tuple[Ui, Ui]) -> Ui:
    return pair[0]


@pytest.fixture
def operating(pair: tuple[Ui, Ui]) -> Ui:
    return pair[1]


def status(ui: Ui) -> str:
    return str(ui.answer(SCHEDULE_STATE)["scheduleOrError"]["scheduleState"]["status"])


def test_both_show_the_same_code_location(reading: Ui, operating: Ui) -> None:
    loaded = [{"name": "tiny", "locationOrLoadError": {"__typename": "RepositoryLocation"}}]
    assert reading.answer(LOCATIONS)["workspaceOrError"]["locationEntries"] == loaded
    assert operating.answer(LOCATIONS)["workspaceOrError"]["locationEntries"] == loaded


def test_one_code_location_and_one_daemon_serve_both(reading: Ui, operating: Ui) -> None:
    eventually(lambda: len({**reading.children(), **operating.children()}) == 2, reading, operating)
    assert sorted([*reading.children(), *operating.children()]) == ["code location", "daemon"]
    assert (reading.said + operating.said).count("已由另一个 kaohe ui 运行") == 1


def test_nothing_but_the_guarded_sites_has_a_port(reading: Ui, operating: Ui, place: Path) -> None:
    owner, other = owner_and_other(reading, operating)
    for ui in (owner, other):
        port = ui.port  # waits until it serves
        # The kernel's table of sockets is no snapshot: on a busy machine one reading may leave a line out.
        eventually(lambda ui=ui, port=port: listening_ports(ui.process.pid) == {port}, ui)  # type: ignore[misc]
    assert not other.children()
    for child in owner.children().values():
        assert listening_ports(child) == set()
    assert (place / "home" / "dagster" / "ui").stat().st_mode & 0o777 == 0o700


def test_reading_refuses_every_mutation_there_is(reading: Ui) -> None:
    schema = reading.answer(get_introspection_query(descriptions=False))["__schema"]
    mutations = next(kind for kind in schema["types"] if kind["name"] == schema["mutationType"]["name"])["fields"]
    assert len(mutations) >= 40
    before = len(logged(reading.home))
    for mutation in mutations:
        status, answer = reading.query(example(mutation, schema["types"]))
        assert (status, answer["data"]) == (400, None), mutation["name"]
        assert [error["message"] for error in answer["errors"]] == ["This server is read-only."], mutation["name"]

    def lines() -> list[dict[str, Any]]:
        return [line for line in logged(reading.home)[before:] if line.get("mutations")]

    eventually(lambda: len(lines()) == len(mutations), reading)  # a line is written when its answer is out
    assert [line["mutations"] for line in lines()] == [[mutation["name"]] for mutation in mutations]
    assert {(line["account"], line["path"], line["status"]) for line in lines()} == {
        (EXAMINER, "/dagster/graphql", 400)
    }


def example(field: dict[str, Any], types: list[dict[str, Any]]) -> str:
    """A mutation that is valid by the schema: required arguments, the type's name as what is asked for."""
    kinds = {kind["name"]: kind for kind in types}

    def literal(of: dict[str, Any]) -> str:
        if of["kind"] == "NON_NULL":
            return literal(of["ofType"])
        if of["kind"] == "LIST":
            return f"[{literal(of['ofType'])}]"
        kind = kinds[of["name"]]
        if kind["kind"] == "ENUM":
            return str(kind["enumValues"][0]["name"])
        if kind["kind"] == "INPUT_OBJECT":
            return "{" + required(kind["inputFields"]) + "}"
        return {"Boolean": "true", "Int": "1", "Float": "1"}.get(of["name"], '"1"')

    def required(values: list[dict[str, Any]]) -> str:
        return ", ".join(
            f"{value['name']}: {literal(value['type'])}" for value in values if value["type"]["kind"] == "NON_NULL"
        )

    named = field["type"]
    while named["ofType"]:
        named = named["ofType"]
    arguments = required(field["args"])
    asked = "" if named["kind"] in ("SCALAR", "ENUM") else "{__typename}"
    return f"mutation {{{field['name']}{f'({arguments})' if arguments else ''} {asked}}}"


def test_a_mutation_does_not_hide_behind_a_query(reading: Ui) -> None:
    both = "query Reading {version} mutation Writing {setNuxSeen}"
    body = json.dumps({"query": both, "operationName": "Writing"})
    assert reading.ask("POST", "/graphql", body, Content_Type="application/json", Origin=reading.own)[0] == 400


def test_no_websocket_carries_a_mutation(reading: Ui, operating: Ui) -> None:
    for ui in (reading, operating):
        acknowledged, answer = ui.subscribe(START_SCHEDULE, origin=ui.own)
        assert acknowledged["type"] == "connection_ack"
        assert answer["type"] == "error", answer
    assert status(operating) == "STOPPED"


def test_operating_refuses_mutations_that_no_page_of_its_own_sends(reading: Ui, operating: Ui) -> None:
    form = "application/x-www-form-urlencoded"
    sent = f"/graphql?query={START_SCHEDULE.replace(chr(10), '').replace(' ', '%20').replace(chr(34), '%22')}"
    assert operating.ask("GET", sent)[0] == 405
    assert operating.ask("POST", sent, "", Content_Type=form, Origin=operating.own)[0] == 415
    for kind in (form, "text/plain", "multipart/form-data; boundary=x", "text/plain; application/json"):
        assert operating.query(START_SCHEDULE, Content_Type=kind)[0] == 415
    for origin in ("http://evil.example", "null", reading.own):
        assert operating.query(START_SCHEDULE, Origin=origin)[0] == 403
        with pytest.raises(InvalidStatus, match="403"):
            operating.subscribe(START_SCHEDULE, origin)
    assert operating.query(START_SCHEDULE, Host="evil.example")[0] == 421
    assert (
        operating.ask("POST", "/report_asset_materialization/scores", "{}", Content_Type="application/json")[0] == 403
    )
    assert status(operating) == "STOPPED"


def test_operating_carries_out_what_its_own_page_sends(operating: Ui) -> None:
    assert (
        operating.query(START_SCHEDULE, Sec_Fetch_Site="same-origin")[1]["data"]["startSchedule"]["__typename"]
        == "ScheduleStateResult"
    )
    assert status(operating) == "RUNNING"


RUN_TAGS = "{runsOrError(limit: 1) {... on Runs {results {tags {key value}}}}}"


def test_a_run_works_on_this_home_for_the_account_that_asked_whatever_it_says_itself(
    operating: Ui, place: Path
) -> None:
    forged = '}]}, executionMetadata: {tags: [{key: "kaohe/account", value: "boss"}]}'
    assert operating.answer(LAUNCH.replace("}]}", forged))["launchRun"]["__typename"] == "LaunchRunSuccess"
    eventually(lambda: str(place / "home") in str(operating.answer(SCORES_HOME)), operating)
    (run,) = operating.answer(RUN_TAGS)["runsOrError"]["results"]
    assert [tag["value"] for tag in run["tags"] if tag["key"] == "kaohe/account"] == [OPERATOR]
    lines = [line for line in logged(operating.home) if line["path"] == "/operate/graphql"]
    assert [line["account"] for line in lines if line.get("mutations") == ["launchRun"]] == [OPERATOR]
    assert set(IMPORTED) <= set(str(operating.answer(SCORES_HOME)).split()), "a run made its imports itself"


def test_each_reaches_the_server_of_their_role(reading: Ui, operating: Ui, place: Path) -> None:
    add_account(Home(place / "home"), "clerk", TOWNSHIP, "T01")
    cookies = {role: cookie_of(Home(place / "home"), role, reading.port) for role in (EXAMINER, OPERATOR, "clerk")}
    reached = {
        (name, path): [
            reading.asked(method, f"{path}{rest}", body, Cookie=cookie, Content_Type="application/json")
            for method, rest, body in (("GET", "/runs", None), ("POST", "/graphql", '{"query": "{version}"}'))
        ]
        for name, cookie in {**cookies, "nobody": "kaohe=x"}.items()
        for path in ("/dagster", "/operate")
    }
    assert reached == {
        (EXAMINER, "/dagster"): [200, 200],
        (EXAMINER, "/operate"): [403, 403],
        (OPERATOR, "/dagster"): [200, 200],
        (OPERATOR, "/operate"): [200, 200],
        ("clerk", "/dagster"): [403, 403],
        ("clerk", "/operate"): [403, 403],
        ("nobody", "/dagster"): [303, 401],
        ("nobody", "/operate"): [303, 401],
    }
    for path, cookie in (("/operate", cookies[EXAMINER]), ("/dagster", cookies["clerk"]), ("/dagster", "kaohe=x")):
        with pytest.raises(InvalidStatus, match="403"):
            reading.subscribe(LOCATIONS, reading.own, path, cookie)


def test_a_websocket_ends_with_its_session(operating: Ui) -> None:
    cookie = cookie_of(operating.home, OPERATOR, operating.port)
    address = f"ws://127.0.0.1:{operating.port}/operate/graphql"
    named: dict[str, Any] = {"origin": operating.own, "subprotocols": ["graphql-ws"]}
    with connect(address, additional_headers={"Cookie": cookie}, **named) as line:
        line.send(json.dumps({"type": "connection_init"}))
        assert json.loads(line.recv(timeout=10))["type"] == "connection_ack"
        accounts_of(operating.home).end_session(cookie.partition("=")[2])
        with pytest.raises(ConnectionClosed, match="1008"):
            line.recv(timeout=60)


@pytest.fixture
def browser() -> Iterator[Browser]:
    """For one test: it keeps a loop running, beside which others here cannot run theirs."""
    with sync_playwright() as playwright:
        yield started(playwright)


def test_a_person_logs_in_and_sees_dagster(browser: Browser, reading: Ui) -> None:
    context = browser.new_context()
    watched = Watched(context.new_page())
    page = watched.page
    page.goto(f"{reading.own}/dagster/runs")
    assert page.title() == "登录 · 考核"
    page.get_by_label("账号").fill(EXAMINER)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_text("scores").first.wait_for()
    assert page.url == f"{reading.own}/dagster/runs"
    assert [one for one in watched.complaints if "Content Security Policy" in one] == []
    assert all(url.startswith((reading.own, "data:", "blob:")) for url in watched.requests)
    page.goto(reading.own)
    page.get_by_role("button", name="退出").click()
    page.goto(f"{reading.own}/dagster/runs")
    assert page.title() == "登录 · 考核"
    context.close()


ATTEMPTED = {
    ("POST", "/operate/graphql"),
    ("GET", "/operate/graphql"),
    ("OPTIONS", "/operate/graphql"),
    ("WEBSOCKET", "/operate/graphql"),
    ("POST", "/operate/report_asset_materialization/scores"),
    ("POST", "/logout"),
    ("POST", "/login"),
    ("POST", "/password"),
}


def refused_since(home: Path, line: int) -> set[tuple[str, str]]:
    """What was asked and refused after so many lines of the log."""
    return {(one["method"], one["path"]) for one in logged(home)[line:] if one.get("refused")}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_page_on_another_origin_makes_a_browser_do_nothing(browser: Browser, operating: Ui, host: str) -> None:
    """On another port of this machine it even comes with the cookie: for browsers that is the same site."""
    name, _, value = cookie_of(operating.home, OPERATOR, operating.port).partition("=")
    context = browser.new_context()
    context.add_cookies([{"name": name, "value": value, "url": operating.own, "httpOnly": True, "sameSite": "Strict"}])
    before = len(logged(operating.home))
    with hostile_server() as port:
        page = context.new_page()
        page.goto(f"http://{host}:{port}/")
        told = page.evaluate(ATTEMPTS, operating.own)
        assert set(told.values()) == {"failed"}
        deadline = time.monotonic() + 30  # forms are sent after the script has ended
        while not refused_since(operating.home, before) >= ATTEMPTED and time.monotonic() < deadline:
            page.wait_for_timeout(100)
        assert refused_since(operating.home, before) >= ATTEMPTED
        assert {frame.url for frame in page.frames[1:] if frame.url.startswith(operating.own)} == set()
        page.goto(f"http://{host}:{port}/")
        page.evaluate("(site) => { location.href = site }", operating.own)  # a link may be followed from anywhere
        page.get_by_text(f"{OPERATOR} · 管理人员").wait_for()  # still logged in, as the same
    lines = logged(operating.home)[before:]
    assert all(line["status"] >= 400 for line in lines if line["path"] != "/")
    context.close()


def test_the_page_says_what_a_browser_may_load(reading: Ui) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", reading.port, timeout=20)
    connection.request("GET", "/dagster/", headers={"Cookie": reading.cookie})
    response = connection.getresponse()
    policy = response.headers["Content-Security-Policy"].split("; ")
    nonce = next(part for part in policy if part.startswith("script-src")).split("'")[1]
    assert nonce.startswith("nonce-")
    assert nonce.removeprefix("nonce-") in response.read().decode()
    assert {"default-src 'self'", "img-src 'self' data:", "frame-ancestors 'none'"} <= set(policy)


def test_a_taken_port_is_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert serve(place / "home", Door(port), workspace=place / "workspace.yaml") == 2
    assert f"端口 {port} 不可用" in capsys.readouterr().err


def test_a_home_that_is_none_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert serve(tmp_path, Door(0)) == 2
    assert "请先运行 kaohe init" in capsys.readouterr().err


def test_a_socket_fits_however_deep_the_home_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(prefix="k") as short:
        monkeypatch.setattr("tempfile.tempdir", short)
        deep, other = tmp_path / ("考" * 40), tmp_path / ("核" * 40)
        assert len(os.fsencode(socket_path(deep))) <= LONGEST_SOCKET_PATH
        assert socket_path(deep).parent.stat().st_mode & 0o777 == 0o700
        assert socket_path(deep) == socket_path(deep) != socket_path(other)


def test_a_folder_that_others_can_enter_holds_no_socket(tmp_path: Path) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui").chmod(0o755)
    with pytest.raises(CannotServe, match="chmod 700"):
        private_folder(tmp_path / "ui")


def test_a_process_that_dies_again_at_once_ends_it_with_a_message(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.py").write_text("raise ValueError('指标编码重复')")
    with (tmp_path / "lock").open("w") as lock, pytest.raises(CannotServe, match=r"broken 一再退出\(退出码 1\)"):
        asyncio.run(Child(dict(os.environ), tmp_path).keep(["broken"], lock.fileno()))
    assert capfd.readouterr().err.count("ValueError: 指标编码重复") == 2


def test_a_killed_code_location_is_started_again(reading: Ui, operating: Ui) -> None:
    owner, _ = owner_and_other(reading, operating)
    before = owner.children()["code location"]
    os.kill(before, signal.SIGKILL)
    eventually(lambda: owner.children().get("code location", before) != before, owner)
    eventually(lambda: "jobName" in str(operating.answer(DRY_RUN)), owner)


def test_when_one_is_killed_its_processes_end_and_the_other_takes_over_and_ends_cleanly(
    reading: Ui, operating: Ui
) -> None:
    owner, other = owner_and_other(reading, operating)
    orphans = [*owner.children().values(), *children_of(owner.children()["code location"])]
    owner.process.kill()
    eventually(lambda: not any(map(is_running, orphans)), owner)
    eventually(lambda: len(other.children()) == 2, other)
    assert other.answer(LOCATIONS)["workspaceOrError"]["locationEntries"]
    children = other.children().values()
    other.process.send_signal(signal.SIGTERM)
    assert other.process.wait(timeout=60) == 0
    assert not any(map(is_running, children))
    with pytest.raises(ConnectionRefusedError):
        other.ask("GET", "/")
