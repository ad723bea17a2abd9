"""The first page, and the files of the home as the guard hands them out: published pages, receipts, forms, appeals."""

from __future__ import annotations

import contextlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from evaluation.definition import Definition
from evaluation.faults import InvalidRulebook
from guard import shelves
from guard.rendering import render
from guard.users import EVERYBODY, NOBODY, User, allowed
from resources.adoption import adopted_definition
from resources.appeals import appeals
from resources.home import Home
from resources.ledger import Ledger
from resources.publications import Publication, Publications
from resources.receipts import RECEIPT
from resources.roles import EXAMINING
from resources.store import Store

PAPERS = {
    "index.html": "排名和得分",
    "scorecards.xlsx": "成绩单",
    "brief.docx": "简报",
    "notice.docx": "通报",
    "findings.csv": "问题清单",
    "changes.csv": "与上一版的变化",
}
PUBLIC = shelves.PUBLIC
PUBLIC_PAGES = f"{PUBLIC}/index.html"
POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"<>\r\n]*)">')
HEAD_BYTES = 2000
KEPT = ("Cache-Control", "Content-Security-Policy")
LINK = re.compile(rb'(<li>)?<a href="([^"#]+)"[^>]*>.*?</a>(?(1)</li>\n?)', re.DOTALL)


@dataclass(frozen=True)
class Shown:
    """One evaluation on the first page: links are pairs of address and words."""

    evaluation: str
    title: str
    newest: Publication | None
    results: list[tuple[str, str]] = field(default_factory=list)
    receipts: list[tuple[str, str]] = field(default_factory=list)
    forms: list[tuple[str, str]] = field(default_factory=list)
    appeals: list[tuple[str, str]] = field(default_factory=list)


def shown(home: Home, store: Store, user: User) -> list[Shown]:
    """What there is for the user to read, by evaluation."""
    ledger = Ledger(store)
    found = [_shown(home, ledger, user, evaluation) for evaluation in home.evaluation_names()]
    return [one for one in found if user.sees(one.evaluation) or one.results]


def _shown(home: Home, ledger: Ledger, user: User, evaluation: str) -> Shown:
    examines, codes = user.examines_in(evaluation), user.codes_in(evaluation)
    own = [one for one in appeals(ledger, evaluation).values() if examines or one.unit_code in codes]
    received = [] if examines else shelves.own_receipts(home, user, evaluation)
    definition = _definition(home, ledger, evaluation)
    return Shown(
        evaluation,
        _title(definition, evaluation),
        Publications(home, ledger, evaluation).newest(),
        _results(home, user, evaluation, definition.unit_names if definition else {}),
        [(f"/receipts/{evaluation}/{sender}/{path}", path.removesuffix(f"/{RECEIPT}")) for sender, path in received],
        [(f"/forms/{evaluation}/{name}", name) for name in shelves.own_forms(home, user, evaluation)],
        [(f"/appeals/{evaluation}/{one.number}", one.receipt) for one in own],
    )


def _definition(home: Home, ledger: Ledger, evaluation: str) -> Definition | None:
    """None where it cannot be read."""
    with contextlib.suppress(InvalidRulebook):
        return adopted_definition(home, ledger, evaluation)
    return None


def _title(definition: Definition | None, evaluation: str) -> str:
    return (definition and definition.rulebook.title) or evaluation


def _results(home: Home, user: User, evaluation: str, names: Mapping[str, str]) -> list[tuple[str, str]]:
    latest = home.published / evaluation / "latest"
    papers = dict(PAPERS) if user.examines_in(evaluation) else {}
    for code in user.codes_in(evaluation):
        name = names.get(code, code)
        papers |= {f"units/{code}.html": f"{name}的得分", f"briefs/{code}.docx": f"{name}的简报"}
    papers[PUBLIC_PAGES] = "公示的结果"
    return [
        (f"/published/{evaluation}/latest/{path}", words) for path, words in papers.items() if (latest / path).is_file()
    ]


@allowed(*EVERYBODY)
async def first_page(request: Request) -> Response:
    state = request.app.state
    return render(request, "first.html", shown=await run_in_threadpool(shown, state.home, state.store, request.user))


@allowed(*EXAMINING)
async def versions(request: Request) -> Response:
    """Every version of an evaluation, and what came back to whom."""
    home, evaluation = request.app.state.home, request.path_params["evaluation"]
    if evaluation not in home.evaluation_names() or not request.user.sees(evaluation):
        raise HTTPException(404)
    ledger = Ledger(request.app.state.store)
    found = await run_in_threadpool(Publications(home, ledger, evaluation).all)
    title = _title(await run_in_threadpool(_definition, home, ledger, evaluation), evaluation)
    paths = await run_in_threadpool(shelves.files_below, home.receipts / evaluation)
    received = [(path, path.removesuffix(f"/{RECEIPT}")) for path in paths]
    return render(request, "versions.html", evaluation=evaluation, title=title, versions=found[::-1], received=received)


@allowed(*EVERYBODY)
async def published(request: Request) -> Response:
    home, user, asked = request.app.state.home, request.user, request.path_params
    try:
        return await run_in_threadpool(lambda: _published(home, user, **asked))
    except HTTPException as fault:  # where links on a unit's own page lead: to what everybody may see of it
        if fault.status_code != 403 or not await run_in_threadpool(_public, home, **asked):
            raise
    return RedirectResponse(quote(f"/published/{asked['evaluation']}/{asked['version']}/{PUBLIC}/{asked['path']}"), 303)


def _published(home: Home, user: User, evaluation: str, version: str, path: str) -> Response:
    """A unit's own page goes to the unit without links that are closed to it: they name its neighbours by rank."""
    found = handed_out(shelves.published(home, user, evaluation, version, path))
    if user.examines_in(evaluation) or path.startswith(f"{PUBLIC}/") or not path.endswith(".html"):
        return found

    def kept(link: re.Match[bytes]) -> bytes:
        linked = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(link[2].decode())))
        return link[0] if _opens(home, user, evaluation, version, linked) else b""

    page = LINK.sub(kept, Path(found.path).read_bytes())
    return Response(page, headers={name: found.headers[name] for name in KEPT}, media_type="text/html")


def _opens(home: Home, user: User, evaluation: str, version: str, path: str) -> bool:
    with contextlib.suppress(HTTPException):
        return bool(shelves.published(home, user, evaluation, version, path))
    return _public(home, evaluation, version, path)


def _public(home: Home, evaluation: str, version: str, path: str) -> bool:
    """Whether there is such a file for everybody."""
    with contextlib.suppress(HTTPException):
        return bool(shelves.published(home, NOBODY, evaluation, version, f"{PUBLIC}/{path}"))
    return False


@allowed(*EVERYBODY)
async def receipt(request: Request) -> Response:
    home, asked = request.app.state.home, request.path_params
    return await run_in_threadpool(lambda: handed_out(shelves.receipt(home, request.user, **asked)))


@allowed(*EVERYBODY)
async def form(request: Request) -> Response:
    home, asked = request.app.state.home, request.path_params
    return await run_in_threadpool(lambda: handed_out(shelves.form(home, request.user, **asked)))


@allowed(*EVERYBODY)
async def appeal(request: Request) -> Response:
    state, asked = request.app.state, request.path_params
    ledger = Ledger(state.store)
    return await run_in_threadpool(lambda: handed_out(shelves.appeal(state.home, ledger, request.user, **asked)))


class Whole(FileResponse):
    """Read in few pieces: each takes a turn of the thread that reads."""

    chunk_size = 1_000_000


def handed_out(path: Path) -> Whole:
    """A page of ours is shown under its own policy, by which its style and script are known; all else is saved.

    A page without a policy is none of ours: it runs nothing.
    """
    headers = {"Cache-Control": "no-store"}
    if path.suffix != ".html":
        return Whole(path, headers=headers, filename=path.name)
    with path.open("rb") as page:
        policy = POLICY.search(page.read(HEAD_BYTES))
    headers["Content-Security-Policy"] = policy[1].decode("ascii", "replace") if policy else "sandbox"
    return Whole(path, headers=headers)


ROUTES = [
    Route("/", first_page),
    Route("/results", first_page),
    Route("/published/{evaluation}/", versions),
    Route("/published/{evaluation}/{version}/{path:path}", published),
    Route("/receipts/{evaluation}/{sender}/{path:path}", receipt),
    Route("/forms/{evaluation}/{name}", form),
    Route("/appeals/{evaluation}/{number:int}", appeal),
]
