"""A fault in a definition: where it stands, what was read and what to do about it.

Here belongs the shape of a fault and the exception that carries all of them; each check writes its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass


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
