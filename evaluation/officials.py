"""Officials (党政领导): the score that each official gets out of the posts held.

Here belongs the mean of several posts. Days and weights of posts are in `posts.py`, what one post earns at its unit
is in `earnings.py`.
"""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from evaluation.arithmetic import Bools
from evaluation.bounded import Bounded
from evaluation.columns import Column
from evaluation.earnings import earned_in_posts
from evaluation.exact import objects
from evaluation.item_scores import put, whole_numbers
from evaluation.posts import Posts, posts_of
from evaluation.rounding import STRINGS, fixed_texts, half_up
from evaluation.texts import text_array
from evaluation.unit_totals import UnitTotals

STATES = pa.array(["not_assessed", "scored"], STRINGS)


def official_scores(totals: UnitTotals, officials: pd.DataFrame) -> pd.DataFrame:
    """One row per post, in file order: `official_code, unit_code, role, name, from, to, days, score, state`.

    `score` is the official's on every row.
    """
    inputs = totals.sheet.inputs
    posts = posts_of(inputs, officials)
    earned = earned_in_posts(totals, posts)
    scores, absent = _rounded_means(posts, earned)
    texts = fixed_texts(scores[posts.who], inputs.rulebook.scoring.decimals, absent[posts.who])
    state = STATES.take(pa.array((posts.counts & earned.known).astype(np.int8)))
    found = {"days": pd.array(posts.days, dtype="Int64"), "score": text_array(texts), "state": text_array(state)}
    stated = {name: column.copy() for name, column in posts.stated.items()}
    return pd.DataFrame({**stated, **found}, copy=False)


def _rounded_means(posts: Posts, earned: Column) -> tuple[Any, Bools]:
    """The weighted mean of each official's posts, half up; and whether there is none, as where a post has no score."""
    who, weights = posts.who, posts.weights
    count = int(who.max(initial=-1)) + 1
    weighty = posts.counts & (weights.number.value != 0)
    scored = np.flatnonzero(weighty & earned.known)
    absent = np.bincount(who[scored], minlength=count) == 0
    absent[who[weighty & ~earned.known]] = True
    doubts = np.zeros(count, dtype=bool)
    weight = weights.number[scored]
    total, whole = (number.total_at(who[scored], count) for number in (earned.number[scored] * weight, weight))
    mean = total / whole.where(~absent, Bounded(np.ones(count), whole=True))
    scores = whole_numbers(mean.noting(doubts).rounded())
    for person in np.flatnonzero(doubts & ~absent):
        own = scored[who[scored] == person]
        shares = weights.exact(own)
        exact = (earned.exact(own) * shares).sum() / shares.sum()
        scores = put(scores, [person], objects([half_up(exact, 0)]))
    return scores, absent
