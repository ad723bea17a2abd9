"""The gate before an application that answers everything: what gets through, what not, with which headers and lines."""

import http.client
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from guard.gate import Gate
from guard.policy import CONTENT_POLICY, merged_policy, refused, served_origins
from guard.request_log import RequestLog

MAX_BODY = 1000
THEIR_POLICY = "base-uri 'none'; script-src 'nonce-7' 'strict-dynamic'; img-src *; frame-ancestors *"


class Everything:
    """An application without any caution, which remembers what reached it."""

    def __init__(self) -> None:
        self.reached: list[tuple[str, int]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return
        size, more = 0, scope["type"] == "http"
        while more:
            message = await receive()
            size, more = size + len(message["body"]), message["more_body"]
        self.reached.append((scope["path"], size))
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 1000})
            return
        headers = [(b"content-security-policy", THEIR_POLICY.encode()), (b"referrer-policy", b"unsafe-url")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})


class Served:
    def __init__(self, app: Everything, port: int, log: Path) -> None:
        self.app, self.port, self.log = app, port, log
        self.own = f"http://127.0.0.1:{port}"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named, encode_chunked=not isinstance(body, (bytes, str, type(None))))
        response = connection.getresponse()
        response.read()
        return response

    def query(self, **headers: str) -> int:
        return self.post("/graphql", "{}", **headers).status

    def post(self, path: str, body: Any, **headers: str) -> http.client.HTTPResponse:
        """As a page of ours does it."""
        return self.ask("POST", path, body, **{"Content_Type": "application/json", "Origin": self.own, **headers})

    def line(self, path: str) -> dict[str, Any]:
        """What the log says of the one request to that path; it is written when the answer is out."""
        for _ in range(500):
            lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
            found = [line for line in lines if line["path"].startswith(path)]
            if found:
                break
            time.sleep(0.01)
        (one,) = found
        return one

    def say(self, raw: str) -> int:
        """The status that answers a request written out byte by byte."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            line.sendall(raw.replace("\n", "\r\n").encode())
            return int(line.recv(100).split()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    app, logs = Everything(), tmp_path_factory.mktemp("logs")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        limits = {"/graphql": MAX_BODY, "/": MAX_BODY}
        gate = Gate(app, served_origins(port), RequestLog(logs), limits)
        uvicorn_server = uvicorn.Server(uvicorn.Config(gate, http="h11", log_level="error", lifespan="off"))
        thread = threading.Thread(target=uvicorn_server.run, args=([listener],))
        thread.start()
        while not uvicorn_server.started:
            time.sleep(0.01)
        yield Served(app, port, logs / "guard.log")
        uvicorn_server.should_exit = True
        thread.join()


@pytest.fixture
def served(server: Served) -> Served:
    server.app.reached.clear()
    return server


def test_a_page_and_its_query_get_through(served: Served) -> None:
    assert served.ask("GET", "/runs").status == 200
    assert served.query() == 200
    assert served.query(Sec_Fetch_Site="same-origin", Content_Type="application/json; charset=utf-8") == 200
    assert served.post("/desk/claims", b"a=1", Content_Type="application/x-www-form-urlencoded").status == 200
    assert [path for path, _ in served.app.reached] == ["/runs", "/graphql", "/graphql", "/desk/claims"]


def test_every_name_of_this_machine_is_served_with_its_own_origin_only(served: Served) -> None:
    for name in ("127.0.0.1", "localhost", "[::1]", "LOCALHOST"):
        host = f"{name}:{served.port}"
        assert served.query(Host=host, Origin=f"http://{host.lower()}") == 200
    assert served.query(Host=f"localhost:{served.port}", Origin=served.own) == 403


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:{other}", "127.0.0.1.evil.example:{port}", ""],
)
def test_a_foreign_host_is_misdirected(served: Served, host: str) -> None:
    host = host.format(port=served.port, other=served.port + 1)
    assert served.query(Host=host) == 421
    assert served.ask("GET", "/", Host=host).status == 421
    assert served.app.reached == []


def test_two_hosts_or_none_are_misdirected(served: Served) -> None:
    own = f"127.0.0.1:{served.port}"
    assert served.say("GET / HTTP/1.0\n\n") == 421
    assert served.say(f"GET / HTTP/1.1\nHost: {own}\nHost: evil.example\n\n") in (400, 421)
    assert served.say(f"GET http://{own}/ HTTP/1.1\nHost: evil.example\n\n") == 421
    for target in (f"http://{own}/", "http://evil.example/", f"http://{own}/report_asset_check/x", "*"):
        assert served.say(f"GET {target} HTTP/1.1\nHost: {own}\n\n") == 400
    assert served.app.reached == []


@pytest.mark.parametrize(
    "lengths",
    [
        "Content-Length: 2\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\nTransfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Content-Length: 2\nContent-Length: 0",
        "Content-Length: +2",
        "Content-Length: -2",
        "Content-Length : 2",
    ],
)
def test_a_length_said_twice_is_refused(served: Served, lengths: str) -> None:
    """Nor one that a proxy before us may take for another: no second request hides in the first one's body."""
    start = f"POST /graphql HTTP/1.1\nHost: 127.0.0.1:{served.port}\nOrigin: {served.own}\n"
    start += "Content-Type: application/json\n"
    assert served.say(f"{start}{lengths}\n\n2\n{{}}\n0\n\n") == 400
    assert served.app.reached == []


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:{other}", ""]
)
def test_a_foreign_origin_is_refused(served: Served, origin: str) -> None:
    origin = origin.format(port=served.port, other=served.port + 1)
    assert served.query(Origin=origin) == 403
    assert served.post("/desk/claims", b"a=1", Origin=origin).status == 403
    assert served.ask("GET", "/logs/a/b/out", Origin=origin).status == 403
    assert served.app.reached == []


def test_what_changes_something_says_where_it_comes_from(served: Served) -> None:
    """A browser says so with every POST; what does not is no page of ours."""
    assert served.ask("POST", "/desk/claims", b"a=1", Content_Type="application/x-www-form-urlencoded").status == 403
    twice = f"POST /x HTTP/1.1\nHost: 127.0.0.1:{served.port}\nOrigin: {served.own}\nOrigin: {served.own}\n\n"
    assert served.say(twice) == 403
    assert served.app.reached == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_may_link_to_a_page_and_no_more(served: Served, site: str) -> None:
    assert served.query(Sec_Fetch_Site=site) == 403
    assert served.query(Sec_Fetch_Site=site, Sec_Fetch_Mode="navigate") == 403
    assert served.post("/desk/claims", b"a=1", Sec_Fetch_Site=site, Sec_Fetch_Mode="navigate").status == 403
    assert served.ask("GET", "/logs/a/b/out", Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors").status == 403
    assert served.ask("GET", "/runs", Sec_Fetch_Site=site, Sec_Fetch_Mode="navigate").status == 200
    assert [path for path, _ in served.app.reached] == ["/runs"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", ["/graphql", "/graphql/", "/GraphQL", "/%67raphql", "/any/graphql"])
def test_graphql_is_only_posted(served: Served, method: str, path: str) -> None:
    response = served.ask(method, f"{path}?query=mutation{{setNuxSeen}}", Content_Type="application/json")
    assert (response.status, response.headers["Allow"]) == (405, "POST")
    assert served.app.reached == []


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "text/plain; application/json",
        "application/json, text/plain",
        "application/graphql",
        "",
    ],
)
def test_graphql_takes_json_and_no_form(served: Served, content_type: str) -> None:
    assert served.query(Content_Type=content_type) == 415
    assert served.app.reached == []


def test_graphql_without_or_with_two_content_types_is_refused(served: Served) -> None:
    start = f"POST /graphql HTTP/1.1\nHost: 127.0.0.1:{served.port}\nOrigin: {served.own}\nContent-Length: 2\n"
    assert served.say(start + "\n{}") == 415
    assert served.say(start + "Content-Type: text/plain\nContent-Type: application/json\n\n{}") == 415
    assert served.app.reached == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"])
def test_no_other_method_is_known(served: Served, method: str) -> None:
    response = served.ask(method, "/runs", "{}", Content_Type="application/json", Origin=served.own)
    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert served.app.reached == []


@pytest.mark.parametrize(
    "path",
    [
        "/report_asset_materialization/scores",
        "/report_asset_check/scores?check_name=x",
        "/report_asset_observation",
        "/Report_Asset_CHECK/x",
        "/%72eport_asset_check/x",
        "/%2572eport_asset_check/x",
        "/prefix/report_asset_check/x",
        "//report_asset_check/x",
        "/prefix%2Freport_asset_check/x",
        "/runs%5Creport_asset_check",
        "/operate/report_runless_asset_event",
        "/dagster/notebook?path=/x.ipynb",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_assets_are_not_reported_over_http(served: Served, path: str, method: str) -> None:
    assert served.ask(method, path, "{}", Content_Type="application/json", Origin=served.own).status == 403
    assert served.app.reached == []


@given(
    st.lists(st.integers(0, 2), min_size=12, max_size=12), st.sampled_from(["materialization", "check", "observation"])
)
def test_no_encoding_hides_a_report(layers: list[int], kind: str) -> None:
    def encoded(letter: str, times: int) -> str:
        return letter if times == 0 else f"%{ord(letter):02x}" if times == 1 else f"%25{ord(letter):02x}"

    path = "/" + "".join(map(encoded, "report_asset", layers)) + f"_{kind}/x"
    scope = {"type": "http", "method": "POST", "path": path, "headers": [(b"host", b"localhost:1")]}
    refusal = refused(scope, {"localhost:1": "http://localhost:1"})
    assert refusal is not None
    assert refusal.status == 403


@pytest.mark.parametrize(
    "path", ["/logs/../dagster.yaml", "/logs/%2e%2e/dagster/yaml", "/logs/%252e%252e/x", "/logs%5c..%5cx"]
)
def test_no_path_leads_upwards(served: Served, path: str) -> None:
    assert served.ask("GET", path).status == 403
    assert served.app.reached == []


def test_a_body_up_to_the_limit_arrives_whole(served: Served) -> None:
    for body in (b"x" * MAX_BODY, iter([b"x" * 400, b"x" * 600])):
        assert served.post("/graphql", body).status == 200
    assert served.app.reached == [("/graphql", MAX_BODY)] * 2


def test_a_body_over_the_limit_reaches_nobody(served: Served) -> None:
    for body in (b"x" * (MAX_BODY + 1), iter([b"x" * 400] * 3)):
        assert served.post("/graphql", body).status == 413
    assert served.ask("GET", "/", b"x" * (MAX_BODY + 1)).status == 413
    assert served.app.reached == []


def test_a_body_without_end_is_cut_off_while_it_streams(served: Served) -> None:
    start = f"POST /graphql HTTP/1.1\nHost: 127.0.0.1:{served.port}\nOrigin: {served.own}\n"
    start += "Content-Type: application/json\n"
    assert served.say(start + "Content-Length: 999999999\n\n" + "x" * (MAX_BODY + 1)) == 413
    assert served.app.reached == []


def test_a_websocket_of_our_page_gets_through(served: Served) -> None:
    with connect(f"ws://127.0.0.1:{served.port}/operate/graphql", origin=served.own):  # type: ignore[arg-type]
        pass
    assert served.app.reached == [("/operate/graphql", 0)]


@pytest.mark.parametrize(
    ("path", "origin", "host"),
    [
        ("/operate/graphql", "http://evil.example", None),
        ("/operate/graphql", "null", None),
        ("/operate/graphql", None, None),
        ("/operate/graphql", "http://localhost:{port}", None),
        ("/operate/graphql", "http://evil.example:{port}", "evil.example:{port}"),
        ("/operate/graphql", "http://127.0.0.1:{port}", "evil.example:{port}"),
        ("/elsewhere", "http://127.0.0.1:{port}", None),
        ("/report_asset_check/x", "http://127.0.0.1:{port}", None),
    ],
)
def test_a_foreign_websocket_is_refused(served: Served, path: str, origin: str | None, host: str | None) -> None:
    address = f"ws://{(host or '127.0.0.1:{port}').format(port=served.port)}{path}"
    line = socket.create_connection(("127.0.0.1", served.port))
    named: Any = origin and origin.format(port=served.port)
    with line, pytest.raises(InvalidStatus) as refusal, connect(address, sock=line, origin=named):
        pass
    assert refusal.value.response.status_code == 403
    assert served.app.reached == []


def test_every_answer_is_hardened(served: Served) -> None:
    for response in (
        served.ask("GET", "/"),
        served.ask("GET", "/graphql"),
        served.ask("GET", "/", Host="evil.example"),
    ):
        assert response.headers.get_all("X-Frame-Options") == ["DENY"]
        assert response.headers.get_all("X-Content-Type-Options") == ["nosniff"]
        assert response.headers.get_all("Referrer-Policy") == ["same-origin"]
        assert "img-src 'self' data:" in response.headers["Content-Security-Policy"].split("; ")
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"].split("; ")


def test_our_directives_replace_theirs_and_the_nonce_stays() -> None:
    directives = merged_policy(THEIR_POLICY).split("; ")
    ours = [f"{name} {value}" for name, value in CONTENT_POLICY.items()]
    assert sorted(directives) == sorted([*ours, "script-src 'nonce-7' 'strict-dynamic'"])


def test_a_refusal_is_logged_with_what_was_read(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "kaohe.guard"):
        served.ask("GET", "/runs%0AERROR:root:forged", Host="evil.example")
    assert [record.getMessage() for record in caplog.records] == [
        r"Refused GET '/runs\nERROR:root:forged': host not served: ['evil.example']"
    ]
    line = served.line("/runs\nERROR")
    assert line.pop("at").endswith("+08:00")
    assert line == {
        "address": "127.0.0.1",
        "method": "GET",
        "path": "/runs\nERROR:root:forged",
        "status": 421,
        "refused": "host not served",
        "read": "['evil.example']",
    }


def test_no_long_text_fills_the_log(served: Served) -> None:
    served.ask("GET", "/" + "x" * 5000)
    assert len(served.line("/xxx")["path"]) == 300
    assert served.log.stat().st_mode & 0o777 == 0o600


def test_a_refused_person_reads_where_to_go(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    headers = {"Content-Type": "text/plain", "Origin": served.own}
    connection.request("POST", "/graphql", json.dumps({"query": "{version}"}), headers)
    answer = connection.getresponse().read().decode()
    assert "kaohe ui 显示的网址" in answer
    assert "Refused: only application/json." in answer
