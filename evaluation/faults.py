"""A fault in a definition: where it stands, what was read and what to do about it.

Here belongs the shape of a fault and the exception that carries all of them; each check writes its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar


@dataclass(frozen=True, order=True)
class Fault:
    """`line` is None where a whole file is at fault; `key` is the way to the value, or a column."""

    file: str
    line: int | None
    key: str
    message: str
    remedy: str

    def __str__(self) -> str:
        line = "" if self.line is None else f" 第 {self.line} 行"
        key = f" {self.key}" if self.key else ""
        return f"{self.file}{line}{key}：{self.message}。{self.remedy}"


class InvalidRulebook(Exception):
    """A definition that cannot be used; `faults` are all that were found, in the order of file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults), key=lambda fault: (fault.file, fault.line or 0, fault.key, fault.message))
        super().__init__("\n".join(map(str, self.faults)))


class Placed(Protocol):
    """A fault or finding: its file, line and the key at which it stands."""

    @property
    def file(self) -> str: ...

    @property
    def line(self) -> int | None: ...

    @property
    def key(self) -> str: ...


P = TypeVar("P", bound=Placed)


def not_yet_told(found: Iterable[P], told: Sequence[Placed]) -> list[P]:
    """Those of which nothing has been told: neither of their key nor of what holds it or stands in it."""
    lines: dict[tuple[str, int | None], list[str]] = {}
    for fault in told:
        lines.setdefault((fault.file, fault.line), []).append(fault.key)
    return [one for one in found if not any(_akin(one.key, key) for key in lines.get((one.file, one.line), ()))]


def _akin(key: str, other: str) -> bool:
    """Whether one of the ways leads through the other."""
    short, long = sorted((key, other), key=len)
    return long.startswith(short) and (not short or long[len(short) :][:1] in ("", ".", "["))
