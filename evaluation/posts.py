"""Posts (任职) as officials.csv states them: whose, at which unit, how many days, how much each counts.

Here belongs what is known of posts before anything is scored, made once for a definition. What they earn is in
`earnings.py`, what comes out for each official in `officials.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from evaluation.arithmetic import Bools, Positions
from evaluation.claims import whole_column
from evaluation.columns import Column, constants
from evaluation.exact import Rational, objects
from evaluation.inputs import Inputs
from evaluation.numbers import read_number
from evaluation.outcomes import Cycle
from evaluation.texts import as_strings, dates, positions, text_column

STATED = ("official_code", "unit_code", "role", "name", "from", "to")
ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, eq=False)
class Posts:
    """In file order. `stated`: the columns of the file. `who`: a number per official, `role`: the position in `roles`.

    `units`: positions, -1: none. `days`: within the cycle. `counts`: long enough to count, `weights`: by how much.
    """

    stated: dict[str, Any]
    roles: list[str]
    role: Positions
    who: Positions
    units: Positions
    days: Positions
    counts: Bools
    weights: Column


def posts_of(inputs: Inputs, officials: pd.DataFrame) -> Posts:
    return inputs.units.once_by_unit(("posts", officials), lambda: _posts(inputs, officials))


def _posts(inputs: Inputs, officials: pd.DataFrame) -> Posts:
    rules = inputs.rulebook.officials
    role, roles = pd.factorize(officials["role"])
    who = pd.factorize(officials["official_code"])[0]
    days, ends = days_in_post(officials, inputs.rulebook.cycle)
    counts = (days > 0) & (days >= rules.minimum_days)
    if rules.several_posts == "last_post":
        weights = whole_column(_is_last(who, counts, ends, officials).astype(np.int64))
    elif rules.several_posts == "by_share":
        weights = _fractions_column(_shares(officials, who, counts))
    else:
        weights = whole_column(days)
    stated = {name: officials[name].array for name in STATED}
    units = positions(officials["unit_code"], inputs.units.codes)
    return Posts(stated, list(roles), role, who, units, days, counts, weights)


def days_in_post(officials: pd.DataFrame, cycle: Cycle) -> tuple[Positions, Any]:
    """Days of each post within the cycle, both ends counted, and the day on which it ended there."""
    starts, ends = np.datetime64(cycle.starts, "D"), np.datetime64(cycle.ends, "D")
    since, until = _dates(officials, "from", starts), _dates(officials, "to", ends)
    since, until = np.maximum(since, starts), np.minimum(until, ends)
    days = np.maximum((until - since) // ONE_DAY + 1, 0).astype(np.int64)
    return days, until


def _dates(officials: pd.DataFrame, name: str, absent: Any) -> Any:
    given = dates(text_column(officials, name))
    return np.where(np.isnat(given), absent, given)


def _is_last(who: Positions, counts: Bools, ends: Any, officials: pd.DataFrame) -> Bools:
    """The post that each official took up last, of those the one that ended last."""
    since = _dates(officials, "from", np.datetime64("1900-01-01", "D"))
    posts = np.flatnonzero(counts)
    order = posts[np.lexsort((ends[posts], since[posts], who[posts]))]
    last = np.ones(len(order), dtype=bool)
    last[:-1] = who[order][1:] != who[order][:-1]
    found = np.zeros(len(who), dtype=bool)
    found[order[last]] = True
    return found


def _shares(officials: pd.DataFrame, who: Positions, counts: Bools) -> list[Fraction]:
    """The shares as written; equal ones for an official of whom none is."""
    written = [None if one is None else read_number(one) for one in as_strings(officials["share"]).to_pylist()]
    stated = {int(w) for w, share, here in zip(who, written, counts, strict=True) if here and share is not None}
    return [(share or Fraction(0)) if int(w) in stated else Fraction(1) for w, share in zip(who, written, strict=True)]


def _fractions_column(numbers: Sequence[Fraction]) -> Column:
    return Column(constants(numbers), None, lambda posts: objects(Rational(numbers[post]) for post in posts))
