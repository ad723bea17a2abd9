"""What a part of the site brings along: routes, entries in the navigation, templates, sizes of its uploads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from starlette.routing import Route

from guard.users import User


@dataclass(frozen=True)
class Entry:
    """A link in the navigation, for those roles. `undivided`: what stands there is not told apart by evaluation, so
    whoever is for some jurisdictions only does not get there."""

    path: str
    label: str
    roles: tuple[str, ...]
    undivided: bool = False

    def is_for(self, user: User) -> bool:
        return user.role in self.roles and not user.temporary and not (self.undivided and user.jurisdictions)


@dataclass(frozen=True)
class Section:
    """`uploads`: the largest body in bytes by path; `refusals`: exceptions whose message is told to the user."""

    routes: Sequence[Route]
    entries: Sequence[Entry] = ()
    templates: Path | None = None
    static: Path | None = None
    uploads: Mapping[str, int] = field(default_factory=dict)
    refusals: tuple[type[Exception], ...] = ()


class RouteForEverybody(Exception):
    """A fault of the program: a route that does not say who may use it."""


def require_roles(sections: Sequence[Section]) -> None:
    """Raises: RouteForEverybody."""
    for section in sections:
        for route in section.routes:
            if not getattr(route.endpoint, "roles", ()):
                raise RouteForEverybody(f"{route.path}: {route.endpoint!r} lacks @allowed(...)")
