"""Shifts: what changed between two results, and which of the things that happened in between did it.

Here belongs comparing results and adding up parts. What happened, and in which words it is told, is said by callers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pandas as pd

COMPARED = {"score": "total_score", "rank": "rank", "veto": "veto", "grade": "grade", "award": "award"}
OFFICIAL = ["official_code", "unit_code", "role", "from"]
ITEM = ["unit_code", "section_code", "indicator_code"]


@dataclass(frozen=True, eq=False)
class Step:
    """One thing that happened, and the totals after it.

    `units`: whose own facts it brought; empty where it concerns everybody alike (the rules).
    """

    told: str
    totals: pd.DataFrame
    units: frozenset[str] = field(default_factory=frozenset)
    seq: int | None = None


def total_shifts(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Units whose score, rank, veto, grade or award differs: `unit_code`, `score_before`, `score_after`, ….

    In the order of `after`, units that left last; text, NA where there is nothing.
    """
    return _shifts(before, after, ["unit_code"], COMPARED)


def official_shifts(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Posts whose official's score or state differs: OFFICIAL, `name`, `score_before`, `score_after`, …."""
    found = _shifts(before, after, OFFICIAL, {"score": "score", "state": "state", "name": "name"})
    return found.assign(name=found["name_after"].fillna(found["name_before"]))


def official_parts(results: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """What changed from each of these results to the next: the columns of `official_shifts` and `step`, from 0."""
    found = [official_shifts(*pair).assign(step=place) for place, pair in enumerate(pairwise(results))]
    return pd.concat(found or [official_shifts(results[0], results[0]).assign(step=0)], ignore_index=True)


def item_shifts(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Items whose score differs: ITEM, `score_before`, `score_after`, `value_before`, `value_after`."""
    found = _shifts(before, after, ITEM, {"score": "indicator_score", "value": "accepted_value"})
    return found[_differs(found, ["score"])].reset_index(drop=True)


def parts(start: pd.DataFrame, steps: Sequence[Step]) -> pd.DataFrame:
    """What each step changed: the columns of `total_shifts`, `step` (its place) and `own` (by the unit's own facts).

    Each part starts where the one before it ended, so the parts of a unit add up to the whole exactly.
    """
    found = []
    before = start
    for place, step in enumerate(steps):
        one = total_shifts(before, step.totals)
        found.append(one.assign(step=place, own=one["unit_code"].isin(step.units)))
        before = step.totals
    columns = ["unit_code", *_sides(COMPARED), "step", "own"]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)


def _shifts(before: pd.DataFrame, after: pd.DataFrame, key: list[str], compared: dict[str, str]) -> pd.DataFrame:
    now, then = _texts(after, key, compared, "after"), _texts(before, key, compared, "before")
    gone = then.index.difference(now.index, sort=False)
    both = now.reindex(now.index.append(gone)).join(then)
    return both[_differs(both, compared)].reset_index()[[*key, *_sides(compared)]]


def _sides(compared: Iterable[str]) -> list[str]:
    return [f"{name}_{when}" for name in compared for when in ("before", "after")]


def _differs(both: pd.DataFrame, compared: Iterable[str]) -> "pd.Series[bool]":
    differs = pd.Series(False, index=both.index)
    for name in compared:
        differs |= both[f"{name}_before"].fillna("") != both[f"{name}_after"].fillna("")
    return differs


def _texts(rows: pd.DataFrame, key: list[str], compared: dict[str, str], when: str) -> pd.DataFrame:
    """As text, so that results read back from a csv equal those just made."""
    texts = {f"{name}_{when}": rows[column].astype("str") for name, column in compared.items()}
    index = pd.MultiIndex.from_frame(rows[key].fillna("")) if len(key) > 1 else pd.Index(rows[key[0]], name=key[0])
    return pd.DataFrame(texts).set_axis(index)
