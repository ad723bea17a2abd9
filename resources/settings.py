"""Settings that are numbers, read from the environment."""

from __future__ import annotations

import math
import os

NUMBERS = {"KAOHE_SETTLE_SECONDS": 10, "KAOHE_LIMIT_FILES": 100_000}  # with their defaults


class BadSetting(ValueError):
    """A variable of the environment that is no such number; the message is for whoever set it."""


def setting(variable: str) -> float:
    """The number that one of NUMBERS holds, 0 or more.

    Raises:
        BadSetting: it holds something else.
    """
    text, default = os.environ.get(variable, ""), NUMBERS[variable]
    try:
        found = float(text) if text.strip() else default
    except ValueError:
        found = math.nan
    if not 0 <= found < math.inf:
        raise BadSetting(f"环境变量 {variable} 应是不小于 0 的数，现为“{text}”。请改正，或删去用默认值 {default:g}。")
    return found
