"""Whose evaluation it is, by its name: those of `qingshan` are named `qingshan-2025`, `qingshan-parks-2025` and so on.

A province whose counties' evaluations are named `hebei-xinji-2025` is itself the jurisdiction `hebei`.
"""

from __future__ import annotations

import re
from collections.abc import Collection


def is_within(evaluation: str, jurisdictions: Collection[str]) -> bool:
    """Whether the evaluation is of one of these jurisdictions; where none is named, all are meant.

    >>> is_within("qingshan-2025", ["qingshan"]), is_within("qingshanhu-2025", ["qingshan"]), is_within("wuhe-2015", [])
    (True, False, True)
    """
    return not jurisdictions or any(f"{evaluation}-".startswith(f"{one}-") for one in jurisdictions)


def jurisdiction_of(evaluation: str) -> str:
    """The evaluation's name without its year.

    >>> jurisdiction_of("qingshan-2025"), jurisdiction_of("trial")
    ('qingshan', 'trial')
    """
    return re.sub(r"-[0-9]{4}$", "", evaluation)
