"""What became of an item for a unit: scored, missing, out of reach … as codes for arrays.

Here belong the codes, what they mean for reachable points, and the state that is published.
"""

import numpy as np
import pyarrow as pa

from evaluation.arithmetic import Bools, Codes
from evaluation.rounding import STRINGS

SCORED = 0
MISSING = 1  # undefined, and scored as `missing` says: zero, fixed points
PENDING = 2
LOST = 3  # missing, and made up for by the others
SKIPPED = 4  # no such task, and out of what can be reached
EXEMPT_LOST = 5  # no such task, and made up for by the others
EXEMPT = 6  # no such task, and points all the same
ABSENT = 7  # the rulebook does not assess the unit on it
GONE = 8  # every part is out without the unit's fault

STATES = {
    SCORED: "scored",
    MISSING: "missing",
    PENDING: "pending",
    LOST: "missing",
    SKIPPED: "not_applicable",
    EXEMPT_LOST: "not_applicable",
    EXEMPT: "not_applicable",
    GONE: "not_applicable",
}
STATE_WORDS = pa.array([STATES.get(fate) for fate in range(GONE + 1)], STRINGS)


def _table(*fates: int) -> Bools:
    return np.isin(np.arange(9), fates)


_OUT = _table(LOST, SKIPPED, EXEMPT_LOST, ABSENT, GONE)
_MADE_UP_FOR = _table(LOST, EXEMPT_LOST)


_UNASSESSED = _table(EXEMPT, EXEMPT_LOST, SKIPPED, ABSENT)


def is_unassessed(fate: Codes) -> Bools:
    """There was no such task: what was measured is not shown."""
    return np.asarray(_UNASSESSED[fate], dtype=bool)


_INSIDE = _table(SCORED, MISSING, PENDING, LOST, GONE)


def is_inside(fate: Codes) -> Bools:
    """What its parts scored and lost counts."""
    return np.asarray(_INSIDE[fate], dtype=bool)


def is_out(fate: Codes) -> Bools:
    """Without a score: nothing is added for it."""
    return np.asarray(_OUT[fate], dtype=bool)


def is_made_up_for(fate: Codes) -> Bools:
    return np.asarray(_MADE_UP_FOR[fate], dtype=bool)
