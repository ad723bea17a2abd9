"""The first page after logging in: where one can go from here."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from guard.rendering import render
from guard.users import EVERYBODY, allowed


@allowed(*EVERYBODY)
async def first_page(request: Request) -> Response:
    return render(request, "first.html")


ROUTES = [Route("/", first_page)]
