"""Officials (党政领导): posts, days in them, and the score that each official gets out of them.

Here belong days, minimum days and several posts. What one post earns at its unit is in `earnings.py`.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from evaluation.arithmetic import Bools, Positions
from evaluation.bounded import Bounded
from evaluation.claims import whole_column
from evaluation.columns import Column, as_strings, constants, text_array
from evaluation.earnings import earned_in_posts
from evaluation.exact import Rational, objects
from evaluation.item_scores import put, whole_numbers
from evaluation.numbers import read_number
from evaluation.outcomes import Cycle
from evaluation.rounding import fixed_texts, half_up
from evaluation.unit_totals import UnitTotals

COLUMNS = ("official_code", "unit_code", "role", "name", "from", "to", "days", "score", "state")
ONE_DAY = np.timedelta64(1, "D")


def official_scores(totals: UnitTotals, officials: pd.DataFrame) -> pd.DataFrame:
    """One row per post, in file order, with COLUMNS; `score` is the official's on every row."""
    inputs = totals.sheet.inputs
    rules = inputs.rulebook.officials
    earned = earned_in_posts(totals, officials)
    days, ends = days_in_post(officials, inputs.rulebook.cycle)
    counts = (days > 0) & (days >= rules.minimum_days)
    who = pd.factorize(officials["official_code"])[0]
    if rules.several_posts == "last_post":
        weights = whole_column(_is_last(who, counts, ends, officials).astype(np.int64))
    elif rules.several_posts == "by_share":
        weights = _fractions_column(_shares(officials, who, counts))
    else:
        weights = whole_column(days)
    scores, absent = _rounded_means(who, counts, weights, earned)
    texts = fixed_texts(scores[who], inputs.rulebook.scoring.decimals, absent[who])
    return _frame(officials, days, texts, counts & earned.known)


def _frame(officials: pd.DataFrame, days: Positions, texts: Any, counts: Bools) -> pd.DataFrame:
    columns = {name: officials[name].array for name in COLUMNS[:6]}
    state = pa.array(["not_assessed", "scored"]).take(pa.array(counts.astype(np.int8)))
    found = {"days": pd.array(days, dtype="Int64"), "score": text_array(texts), "state": text_array(state)}
    return pd.DataFrame({**columns, **found}, columns=list(COLUMNS))


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


def _fractions_column(numbers: Sequence[Fraction]) -> Column:
    return Column(constants(numbers), None, lambda posts: objects(Rational(numbers[post]) for post in posts))


def _rounded_means(who: Positions, counts: Bools, weights: Column, earned: Column) -> tuple[Any, Bools]:
    """The weighted mean of each official's posts, half up; and whether there is none, as where a post has no score."""
    count = int(who.max(initial=-1)) + 1
    weighty = weights.number.value != 0
    posts = np.flatnonzero(counts & earned.known & weighty)
    absent = np.bincount(who[posts], minlength=count) == 0
    absent[who[counts & ~earned.known & weighty]] = True
    doubts = np.zeros(count, dtype=bool)
    weight = weights.number[posts]
    total, whole = (number.total_at(who[posts], count) for number in (earned.number[posts] * weight, weight))
    mean = total / whole.where(~absent, Bounded(np.ones(count), whole=True))
    scores = whole_numbers(mean.noting(doubts).rounded())
    for person in np.flatnonzero(doubts & ~absent):
        own = posts[who[posts] == person]
        shares = weights.exact(own)
        exact = (earned.exact(own) * shares).sum() / shares.sum()
        scores = put(scores, [person], objects([half_up(exact, 0)]))
    return scores, absent
