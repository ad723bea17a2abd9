"""What one file may hold and what reading it may cost. Every limit is a setting.

Each field can be set by a variable of its name, `KAOHE_LIMIT_CELLS` for `cells`. What goes beyond a limit is
`TOO_BIG` (of a zip `ZIP_RATIO`); nothing is ever read in part.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields


class BadLimitError(ValueError):
    """A variable that sets a limit holds no whole number above 0."""


@dataclass(frozen=True, slots=True)
class Limits:
    """A zip's ratio counts only above `ratio_from` inflated bytes."""

    megabytes: int = 100  # of the file as it was sent
    members: int = 5_000  # of a zip
    inflated: int = 400_000_000  # bytes of all members
    ratio: int = 200
    ratio_from: int = 10_000_000  # bytes
    cells: int = 12_000_000
    characters: int = 100_000_000  # of a workbook's cells: one shared text may fill a million of them
    memory: int = 450  # megabytes of the child process beyond its own
    seconds: int = 30  # of computing; by the clock twice as many

    @property
    def bytes(self) -> int:
        return self.megabytes * 1_000_000


LIMITS = Limits()


def limits_from(environment: Mapping[str, str] = os.environ) -> Limits:
    """The limits as set. Raises BadLimitError.

    >>> limits_from({"KAOHE_LIMIT_CELLS": "5"}).cells
    5
    """
    names = {field.name: f"KAOHE_LIMIT_{field.name.upper()}" for field in fields(Limits)}
    return Limits(
        **{name: _whole(variable, environment) for name, variable in names.items() if variable in environment}
    )


def _whole(variable: str, environment: Mapping[str, str]) -> int:
    text = environment[variable]
    if not text.isdecimal() or int(text) == 0:
        raise BadLimitError(f"环境变量 {variable} 应是大于 0 的整数，现为“{text}”。请改正，或删去用默认值。")
    return int(text)
