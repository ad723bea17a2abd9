"""Officials (党政领导): posts, days in them, and the score that each official gets out of them.

Here belong days, minimum days and several posts. What a role scores at one unit is the unit's total
(党政同责) or, where items name who is responsible, comes from `charges.py`.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from evaluation.arithmetic import Bools, Objects, Positions
from evaluation.cells import Cells
from evaluation.charges import any_responsible, role_score
from evaluation.columns import as_strings, positions
from evaluation.numbers import read_number
from evaluation.outcomes import Cycle
from evaluation.rounding import fixed_text, half_up
from evaluation.totals import Adding
from evaluation.unit_totals import UnitTotals

COLUMNS = ("official_code", "unit_code", "role", "name", "from", "to", "days", "score", "state")
ONE_DAY = np.timedelta64(1, "D")


def official_scores(totals: UnitTotals, officials: pd.DataFrame) -> pd.DataFrame:
    """One row per post, in file order, with COLUMNS; `score` is the official's on every row."""
    inputs = totals.sheet.inputs
    rules = inputs.rulebook.officials
    units = positions(officials["unit_code"], inputs.units.codes)
    days, ends = days_in_post(officials, inputs.rulebook.cycle)
    earned = _earned(totals, officials, units)
    counts = (days > 0) & (days >= rules.minimum_days)
    who = pd.factorize(officials["official_code"])[0]
    if rules.several_posts == "last_post":
        weights: Sequence[Any] = _is_last(who, counts, ends, officials).tolist()
    else:
        weights = _shares(officials, who, counts) if rules.several_posts == "by_share" else days.tolist()
    scores = _means(who, counts, weights, earned)
    decimals = inputs.rulebook.scoring.decimals
    texts = [None if one is None else fixed_text(half_up(one, decimals), decimals) for one in scores]
    return _frame(officials, days, texts, counts & np.array([one is not None for one in earned], dtype=bool))


def _frame(officials: pd.DataFrame, days: Positions, texts: list[str | None], counts: Bools) -> pd.DataFrame:
    frame = officials[["official_code", "unit_code", "role", "name", "from", "to"]].reset_index(drop=True)
    frame["days"] = pd.array(days, dtype="Int64")
    frame["score"] = pd.array(texts, dtype="str")
    frame["state"] = pd.array(np.where(counts, "scored", "not_assessed"), dtype="str")
    return frame[list(COLUMNS)]


def days_in_post(officials: pd.DataFrame, cycle: Cycle) -> tuple[Positions, Any]:
    """Days of each post within the cycle, both ends counted, and the day on which it ended there."""
    starts, ends = np.datetime64(cycle.starts, "D"), np.datetime64(cycle.ends, "D")
    since = np.maximum(_dates(officials["from"], starts), starts)
    until = np.minimum(_dates(officials["to"], ends), ends)
    days = np.maximum((until - since) // ONE_DAY + 1, 0).astype(np.int64)
    return days, until


def _dates(texts: Any, absent: Any) -> Any:
    given = as_strings(texts).to_pylist()
    return np.array([absent if one is None else np.datetime64(one, "D") for one in given], dtype="M8[D]")


def _earned(totals: UnitTotals, officials: pd.DataFrame, units: Positions) -> list[Fraction | None]:
    """What each post earned at its unit; None where the unit has no total."""
    if not any_responsible(totals.sheet.inputs.plan):
        scale = totals.sheet.inputs.plan.scale
        total = totals.published["total"]
        return [None if unit < 0 or totals.pending[unit] else Fraction(int(total[unit]), scale) for unit in units]
    earned: list[Fraction | None] = [None] * len(officials)
    roles = officials["role"].to_numpy(dtype=object)
    for role in pd.unique(roles):
        posts = np.flatnonzero((roles == role) & (units >= 0))
        for post, score in zip(posts, _by_charge(totals, str(role), units[posts]), strict=True):
            earned[post] = score
    return earned


def _by_charge(totals: UnitTotals, role: str, units: Positions) -> list[Fraction | None]:
    """The role's score at each of the units, exactly: a mean of posts rounds it only once."""
    distinct, which = np.unique(units, return_inverse=True)
    adding = Adding(totals.sheet, Cells(totals.sheet.inputs.units, distinct, "fractions"))
    score, some = role_score(adding, adding.totals(), role)
    values: Objects = np.broadcast_to(score.value, (1, len(distinct)))[0]
    scale = totals.sheet.inputs.plan.scale
    return [Fraction(values[at]) / scale if some[at] and not totals.pending[distinct[at]] else None for at in which]


def _is_last(who: Positions, counts: Bools, ends: Any, officials: pd.DataFrame) -> Bools:
    """The post that each official took up last, of those the one that ended last."""
    since = _dates(officials["from"], np.datetime64("1900-01-01", "D"))
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


def _means(
    who: Positions, counts: Bools, weights: Sequence[Any], earned: Sequence[Fraction | None]
) -> list[Fraction | None]:
    """The weighted mean of each official's posts, on every one of their rows; none where a post has no score."""
    sums: dict[int, Fraction] = {}
    whole: dict[int, Fraction] = {}
    unknown: set[int] = set()
    for at in np.flatnonzero(counts).tolist():
        score, weight, person = earned[at], Fraction(weights[at]), int(who[at])
        if score is not None:
            sums[person] = sums.get(person, Fraction(0)) + weight * score
            whole[person] = whole.get(person, Fraction(0)) + weight
        elif weight:
            unknown.add(person)
    settled = {one for one, weight in whole.items() if weight and one not in unknown}
    return [sums[int(one)] / whole[int(one)] if int(one) in settled else None for one in who]
