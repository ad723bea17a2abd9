"""Logging in, staying in and getting out, as a browser does it; who guesses, forges or fixes a session gets nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from visitors import OWN, PASSWORD, PORT, accounts_of, add_account, cookie_of, logged, site, visitor

from guard.app import create_app
from guard.gate import Gate
from guard.policy import served_origins
from guard.sections import Entry, RouteForEverybody, Section
from guard.users import EVERYBODY, allowed, require_code
from resources.home import Home
from resources.ledger import Ledger
from resources.roles import EXAMINER, OPERATOR, TOWNSHIP
from resources.store import Store

WRONG = "账号或口令不对"


@allowed(OPERATOR)
async def settings(request: Request) -> Response:
    Ledger(request.app.state.store).append("e-2025", "noted", {"what": "settings"})
    return PlainTextResponse("settings")


@allowed(*EVERYBODY)
async def unit(request: Request) -> Response:
    require_code(request, request.path_params["code"])
    return PlainTextResponse("unit")


class Locked(Exception):
    """A refusal of the section's own."""


@allowed(OPERATOR)
async def locked(request: Request) -> Response:
    raise Locked(f"“{(await request.form())['what']}”已锁定")


ROUTES = [Route("/settings", settings), Route("/units/{code}", unit), Route("/locked", locked, methods=["POST"])]
SECTION = Section(ROUTES, [Entry("/settings", "设置", (OPERATOR,))], uploads={"/locked": 2_000_000}, refusals=(Locked,))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("site"))
    add_account(home, "op", OPERATOR)
    add_account(home, "t01", TOWNSHIP, "T01")
    add_account(home, "new", EXAMINER, temporary=True)
    return home


@pytest.fixture
def gate(place: Home) -> Gate:
    """Made anew: what was tried before is forgotten."""
    return site(place, SECTION)


@pytest.fixture
def stranger(gate: Gate) -> TestClient:
    return visitor(gate)


def enter(client: TestClient, name: str = "op", password: str = PASSWORD, onward: str = "/settings") -> Response:
    answer: Response = client.post("/login", data={"name": name, "password": password, "next": onward})
    return answer


def test_who_is_not_logged_in_is_sent_to_log_in_and_comes_back(stranger: TestClient) -> None:
    asked = stranger.get("/settings?page=2")
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=/settings%3Fpage%3D2")
    form = stranger.get(asked.headers["location"]).text
    assert 'name="next" value="/settings?page=2"' in form
    entered = enter(stranger, onward="/settings?page=2")
    assert (entered.status_code, entered.headers["location"]) == (303, "/settings?page=2")
    assert stranger.get("/settings").text == "settings"


def test_the_cookie_is_for_this_site_alone(stranger: TestClient, place: Home) -> None:
    cookie = enter(stranger).headers["set-cookie"]
    assert re.fullmatch(rf"kaohe-{PORT}=[\w-]{{43}}; HttpOnly; Max-Age=43200; Path=/; SameSite=strict", cookie)
    over_tls = create_app(place, served_origins(443, "https://kaohe.example"))
    client = TestClient(over_tls, "https://kaohe.example", headers={"Origin": "https://kaohe.example"})
    client.follow_redirects = False
    cookie = enter(client).headers["set-cookie"]
    assert cookie.startswith("__Host-kaohe-443=")
    assert cookie.endswith("; SameSite=strict; Secure")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("onward", ["//evil.example", "/\\evil.example", "https://evil.example/", "", "/a\r\nX: y"])
def test_the_login_leads_nowhere_else(stranger: TestClient, onward: str) -> None:
    assert 'name="next" value="/"' in stranger.get("/login", params={"next": onward}).text
    assert enter(stranger, onward=onward).headers["location"] == "/"


def test_a_session_of_before_is_no_session_afterwards(gate: Gate, place: Home) -> None:
    """Neither one that somebody made up nor one of somebody else's account survives the login."""
    planted = cookie_of(place, "t01")
    for cookie in (f"kaohe-{PORT}=made-up", planted):
        given = enter(visitor(gate, cookie)).headers["set-cookie"].partition(";")[0]
        assert given != cookie
        assert visitor(gate, given).get("/settings").text == "settings"
        assert visitor(gate, cookie).get("/").status_code == 303


def test_a_wrong_password_and_an_unknown_name_look_the_same(gate: Gate) -> None:
    answers = [enter(visitor(gate), name, "wrong password 1") for name in ("op", "nobody", "op\0", "' or 1=1 --")]
    assert {answer.status_code for answer in answers} == {403}
    pages = {re.sub(r'name="name" value="[^"]*"', "", answer.text) for answer in answers}
    assert len(pages) == 1
    assert WRONG in pages.pop()


def test_an_unknown_name_costs_as_much_as_a_known_one(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    from guard import passwords

    compared: list[str] = []
    verify = passwords._hasher.verify
    monkeypatch.setattr("argon2.PasswordHasher.verify", lambda _, *of: compared.append(of[0]) or verify(*of))
    for name in ("op", "nobody"):
        enter(visitor(gate), name, "wrong password 1")
    assert len(compared) == len(set(compared)) == 2
    assert all(one.split("$")[3] == compared[0].split("$")[3] for one in compared)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing costs nothing, so that many guesses cost little."""
    monkeypatch.setattr("guard.signing_in.matches", lambda password, kept: kept is not None and password == PASSWORD)


@pytest.mark.parametrize("name", ["op", "nobody"])
def test_guessing_at_one_account_ends_after_ten(gate: Gate, place: Home, quick: None, name: str) -> None:
    answers = [enter(visitor(gate), name, f"guess {n}").status_code for n in range(13)]
    assert answers == [403] * 10 + [429] * 3
    last = enter(visitor(gate), name, PASSWORD)
    assert (last.status_code, "试得太多" in last.text) == (429, True)
    assert enter(visitor(gate), name.upper(), PASSWORD).status_code == 429
    assert enter(visitor(gate), "t01").status_code == 303
    assert [line["status"] for line in logged(place)[-4:]] == [429, 429, 429, 303]
    assert logged(place)[-2]["tried"] == ("op" if name == "op" else "(unknown)")


def test_guessing_at_many_accounts_ends_after_sixty(gate: Gate, quick: None) -> None:
    answers = [enter(visitor(gate), f"name{n}", "guess").status_code for n in range(62)]
    assert answers == [403] * 60 + [429] * 2
    assert enter(visitor(gate)).status_code == 429


def test_who_mistypes_and_then_remembers_starts_afresh(gate: Gate, quick: None) -> None:
    for _ in range(3):
        for n in range(9):
            assert enter(visitor(gate), "op", f"typo {n}").status_code == 403
        assert enter(visitor(gate)).status_code == 303


def test_logging_out_ends_the_session_for_everybody_who_has_it(stranger: TestClient, gate: Gate) -> None:
    enter(stranger)
    stolen = f"kaohe-{PORT}={stranger.cookies[f'kaohe-{PORT}']}"
    assert visitor(gate, stolen).get("/settings").status_code == 200
    assert stranger.get("/logout").status_code == 405
    assert stranger.post("/logout").headers["location"] == "/login"
    assert visitor(gate, stolen).get("/settings").status_code == 303


def test_a_role_that_changes_changes_at_once(gate: Gate, place: Home) -> None:
    add_account(place, "li", OPERATOR)
    client = visitor(gate, cookie_of(place, "li"))
    assert client.get("/settings").status_code == 200
    with accounts_of(place).store.writing() as connection:
        connection.exec_driver_sql("UPDATE accounts SET role = 'examiner' WHERE name = 'li'")
    assert client.get("/settings").status_code == 403
    accounts_of(place).remove("li")
    assert client.get("/settings").status_code == 303


def test_a_password_that_others_know_opens_nothing_until_it_is_changed(gate: Gate) -> None:
    client = visitor(gate)
    enter(client, "new")
    before = client.cookies[f"kaohe-{PORT}"]
    assert client.get("/").headers["location"] == "/password"
    assert "请先改成只有您知道的" in client.get("/password").text

    def change(old: str, new: str, again: str) -> str:
        return str(client.post("/password", data={"old": old, "new": new, "again": again}).text)

    assert "现在的口令不对" in change("wrong password 1", "mountain lake 7", "mountain lake 7")
    assert "不一样" in change(PASSWORD, "mountain lake 7", "mountain lake 8")
    assert "与现在的一样" in change(PASSWORD, PASSWORD, PASSWORD)
    assert "口令太弱" in change(PASSWORD, "short", "short")
    assert change(PASSWORD, "mountain lake 7", "mountain lake 7") == ""
    assert client.get("/").status_code == 200
    assert client.cookies[f"kaohe-{PORT}"] != before
    assert visitor(gate, f"kaohe-{PORT}={before}").get("/").status_code == 303
    assert enter(visitor(gate), "new").status_code == 403


def test_each_sees_what_is_theirs(gate: Gate, place: Home) -> None:
    township, operator = visitor(gate, cookie_of(place, "t01")), visitor(gate, cookie_of(place, "op"))
    assert [township.get(f"/units/{code}").status_code for code in ("T01", "T02")] == [200, 403]
    assert [operator.get(f"/units/{code}").status_code for code in ("T01", "T02")] == [200, 200]
    refused = township.get("/settings")
    assert (refused.status_code, "没有权限" in refused.text) == (403, True)
    assert ("设置" in township.get("/").text, "设置" in operator.get("/").text) == (False, True)


def test_a_command_without_a_session_is_refused_and_not_sent_elsewhere(stranger: TestClient) -> None:
    assert stranger.post("/locked", data={"what": "x"}).status_code == 401
    assert stranger.get("/settings", headers={"Sec-Fetch-Mode": "cors"}).status_code == 401


def test_who_follows_a_link_from_another_site_is_asked_to_come_again_with_the_cookie(stranger: TestClient) -> None:
    linked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    answer = stranger.get("/settings", headers=linked)
    assert (answer.status_code, '<meta http-equiv="refresh" content="0">' in answer.text) == (200, True)
    assert "settings" not in answer.text


def test_what_is_done_is_done_by_the_account(gate: Gate, place: Home) -> None:
    visitor(gate, cookie_of(place, "op")).get("/settings")
    assert Ledger(Store(place.store_url)).entries("e-2025")[-1].actor == "op"


def test_a_refusal_of_the_house_is_a_page_with_its_words(gate: Gate, place: Home) -> None:
    client = visitor(gate, cookie_of(place, "op"))
    answer = client.post("/locked", data={"what": "<script>alert(1)</script>"})
    assert answer.status_code == 409
    assert "“&lt;script&gt;alert(1)&lt;/script&gt;”已锁定" in answer.text


def test_a_form_takes_what_its_path_may(gate: Gate, place: Home) -> None:
    client = visitor(gate, cookie_of(place, "op"))
    assert client.post("/locked", data={"what": "x"}, files={"file": b"x" * 1_900_000}).status_code == 409
    for path, size in (("/locked", 2_000_000), ("/login", 1_000_000)):
        answer = client.post(path, data={"what": "x"}, files={"file": b"x" * size})
        assert (answer.status_code, "文件太大" in answer.text) == (413, True)


def test_a_route_that_says_nothing_of_roles_is_a_fault_of_the_program(tmp_path: Path) -> None:
    async def open_to_all(request: Request) -> Response:
        return PlainTextResponse("secret")

    with pytest.raises(RouteForEverybody, match="/open"):
        site(Home(tmp_path), Section([Route("/open", open_to_all)]))
    for roles in ((), ("leader",)):
        with pytest.raises(ValueError, match="roles are"):
            allowed(*roles)


def test_a_fault_of_the_program_tells_nothing_of_it(place: Home) -> None:
    @allowed(OPERATOR)
    async def broken(request: Request) -> Response:
        raise ValueError("the secret inside")

    client = TestClient(site(place, Section([Route("/broken", broken)])), OWN, raise_server_exceptions=False)
    answer = client.get("/broken", headers={"Cookie": cookie_of(place, "op")})
    assert (answer.status_code, "程序出错" in answer.text, "secret" in answer.text) == (500, True, False)
    assert answer.headers["x-frame-options"] == "DENY"
    assert logged(place)[-1]["status"] == 500


@pytest.mark.parametrize("path", ["/login", "/", "/nothing", "/static/guard.css", "/static/nothing"])
def test_no_page_of_ours_lets_foreign_things_in(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)
    policy = answer.headers["content-security-policy"].split("; ")
    assert {"default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(policy)
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "style=" not in answer.text
    assert not re.search(r"(src|href|action)=\"(?!/|#|data:,)", answer.text)


def test_the_log_says_who_did_what_and_no_password(gate: Gate, place: Home, quick: Callable[..., None]) -> None:
    client = visitor(gate)
    enter(client, "op", "wrong password 1")
    enter(client)
    client.get("/settings")
    lines = [{key: line.get(key) for key in ("account", "method", "path", "status")} for line in logged(place)[-3:]]
    assert lines == [
        {"account": None, "method": "POST", "path": "/login", "status": 403},
        {"account": "op", "method": "POST", "path": "/login", "status": 303},
        {"account": "op", "method": "GET", "path": "/settings", "status": 200},
    ]
    text = (place.logs / "guard.log").read_text("utf-8")
    assert PASSWORD not in text
    assert "wrong password 1" not in text
    assert client.cookies[f"kaohe-{PORT}"] not in text
