"""Which requests are let through at all, and what every answer says to the browser: pure functions of a request.

Dagster's webserver knows no login and takes commands from any page on any site; a form of ours could be sent by any
page as well. This module holds the policy against that and nothing else: who may do what is decided behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from starlette.datastructures import Headers
from starlette.types import Scope

CONTENT_POLICY = {
    "default-src": "'self'",
    "base-uri": "'none'",
    "connect-src": "'self'",
    "font-src": "'self' data:",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "worker-src": "'self' blob:",
}
ANSWER_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Dagster writes to its record whatever is posted there, and would run what converts notebooks.
CLOSED = ("report_asset", "report_runless", "notebook")


class Refusal(NamedTuple):
    """`read`: what it was that is not let through; `allow`: the methods that would be."""

    status: int
    reason: str
    read: object
    allow: str = ""


def served_origins(port: int, named: str = "", scheme: str = "http") -> frozenset[str]:
    """The addresses under which browsers reach `port`, as they write them in `Origin`; loopback is always one.

    `named`: others, separated by commas: a host (by `scheme` on our port), or an origin as the browser shows it.

    >>> sorted(served_origins(3000))
    ['http://127.0.0.1:3000', 'http://[::1]:3000', 'http://localhost:3000']
    >>> sorted(served_origins(3000, "10.1.2.3, https://kaohe.example.gov.cn") - served_origins(3000))
    ['http://10.1.2.3:3000', 'https://kaohe.example.gov.cn']
    """
    suffix = "" if port == {"http": 80, "https": 443}[scheme] else f":{port}"
    names = ["127.0.0.1", "localhost", "[::1]", *(name.strip().lower() for name in named.split(","))]
    return frozenset(name.rstrip("/") if "://" in name else f"{scheme}://{name}{suffix}" for name in names if name)


def refused(scope: Scope, origin_of: Mapping[str, str]) -> Refusal | None:
    """Why a request or websocket handshake is not let through; None where it is.

    `origin_of`: the `Host` values served, each with the `Origin` of its own pages.
    """
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    host = hosts[0].lower() if len(hosts) == 1 else ""
    if host not in origin_of:  # a foreign name that resolves to this machine: DNS rebinding
        return Refusal(421, "host not served", hosts)
    if not scope["path"].startswith("/"):
        return Refusal(400, "target is no path", scope["path"])
    if "transfer-encoding" in headers and "content-length" in headers:  # a proxy may see two requests in it
        return Refusal(400, "two lengths", headers.getlist("content-length"))
    segments = _segments(scope)
    if any(segment.startswith(CLOSED) for segment in segments):
        return Refusal(403, "this part of Dagster is closed", scope["path"])
    if any(segment in (".", "..") or min(segment) < " " for segment in segments):
        return Refusal(403, "path leads elsewhere", scope["path"])
    if scope["type"] == "websocket":
        return _refused_websocket(headers, origin_of[host], segments)
    return _refused_request(headers, origin_of[host], segments, scope["method"])


def _refused_websocket(headers: Headers, own: str, segments: list[str]) -> Refusal | None:
    if headers.getlist("origin") != [own]:
        return Refusal(403, "websocket from a foreign origin", headers.getlist("origin"))
    if segments[1:] != ["graphql"]:
        return Refusal(403, "no websocket here", segments)
    return None


def _refused_request(headers: Headers, own: str, segments: list[str], method: str) -> Refusal | None:
    to_graphql = "graphql" in segments
    methods = ("POST",) if to_graphql else ("GET", "HEAD", "POST")
    if method not in methods:
        return Refusal(405, "method not allowed", method, ", ".join(methods))
    origins = headers.getlist("origin")
    if origins != [own] and (origins or method == "POST"):
        return Refusal(403, "request from a foreign origin", origins)
    # A page on another port of this machine counts as same-site: only links may be followed from there.
    followed_link = method != "POST" and headers.get("sec-fetch-mode") == "navigate"
    sites = headers.getlist("sec-fetch-site")
    if sites not in ([], ["none"], ["same-origin"]) and not followed_link:
        return Refusal(403, "request from a foreign site", sites)
    if to_graphql and not _is_json(headers):
        return Refusal(415, "only application/json", headers.getlist("content-type"))
    return None


def _segments(scope: Scope) -> list[str]:
    """The path's parts in lower case with every layer of percent-encoding taken off."""
    path: str = scope["path"]
    while (decoded := unquote(path)) != path:
        path = decoded
    return [segment for segment in path.lower().replace("\\", "/").split("/") if segment]


def _is_json(headers: Headers) -> bool:
    # Dagster looks for the words anywhere in the header, where a form can put them unasked.
    types = headers.getlist("content-type")
    return len(types) == 1 and types[0].partition(";")[0].strip().lower() == "application/json"


def merged_policy(theirs: str) -> str:
    """Their Content-Security-Policy with our directives in place of the same ones of theirs.

    >>> merged_policy("script-src 'nonce-1'; img-src *").split("; ")[:2]
    ["script-src 'nonce-1'", "img-src 'self' data:"]
    """
    directives: dict[str, str] = {}
    for directive in theirs.split(";"):
        name, _, value = directive.strip().partition(" ")
        if name:
            directives.setdefault(name.lower(), value.strip())
    return "; ".join(f"{name} {value}".strip() for name, value in {**directives, **CONTENT_POLICY}.items())
