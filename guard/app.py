"""The application as a whole: the gate, who asks, and all routes. How a page is added stands in `guard/__init__.py`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from guard import pages, signing_in
from guard.dagster_pages import Behind, Server
from guard.gate import Gate
from guard.rendering import FOLDER, environment, fault_page, refusal_page
from guard.request_log import RequestLog
from guard.sections import Section, require_roles
from guard.users import SessionBackend
from resources.accounts import Accounts
from resources.home import Home
from resources.store import Store

GRAPHQL_BODY = 5_000_000


def create_app(
    home: Home, origins: Collection[str], servers: Sequence[Server] = (), sections: Sequence[Section] = ()
) -> Gate:
    """The guarded site of one home, as browsers reach it at `origins`.

    The gate's `app.state` has `home`, `store`, `accounts`, `door`, `log`, and what `render` needs.

    Raises:
        RouteForEverybody: a route of a section does not say who may use it.
    """
    own = Section(routes=[*pages.ROUTES, *signing_in.OWN_ROUTES])
    sections = [*sections, own]  # a section may bring the first page
    require_roles(sections)
    store = Store(home.store_url)
    accounts, log = Accounts(store), RequestLog(home.logs)
    backend = SessionBackend(accounts)
    uploads = {path: most for section in sections for path, most in section.uploads.items()}
    uploads |= {f"{server.entry.path}/graphql": GRAPHQL_BODY for server in servers}
    app = Starlette(
        routes=_routes(sections, servers, backend),
        middleware=[Middleware(AuthenticationMiddleware, backend=backend)],
        exception_handlers={HTTPException: fault_page, 500: fault_page}
        | {refusal: refusal_page for section in sections for refusal in section.refusals},
    )
    entries = [entry for section in sections for entry in section.entries] + [server.entry for server in servers]
    app.state.home, app.state.store, app.state.accounts, app.state.log = home, store, accounts, log
    app.state.door = signing_in.Doorkeeper(accounts)
    app.state.entries, app.state.templates = entries, environment(sections)
    return Gate(app, origins, log, uploads)


def _routes(sections: Sequence[Section], servers: Sequence[Server], backend: SessionBackend) -> list[BaseRoute]:
    files = StaticFiles(directory=FOLDER / "static")
    files.all_directories += [section.static for section in sections if section.static]
    routes: list[BaseRoute] = [Mount("/static", files), *signing_in.ROUTES]
    for section in sections:
        routes.extend(section.routes)
    for server in servers:
        path, behind = server.entry.path, Behind(server, backend)
        routes.append(Route(path, RedirectResponse(f"{path}/")))
        routes.append(Route(f"{path}/{{rest:path}}", behind))
        routes.append(WebSocketRoute(f"{path}/{{rest:path}}", behind))
    return routes
