"""Firmness of ranks (名次稳定性): between which ranks each unit may come out, and which pairs cannot be told apart.

Open matters of units that are never compared with each other are looked at separately. Where all their combinations
are few, every one is scored (`exact`); otherwise every item is taken at its worst and at its best (`bounds`): ranks
cannot leave these, but need not reach them. Here belongs going through combinations and what is made of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from evaluation.apart import sets_apart
from evaluation.open_matters import Matter
from evaluation.rank_bounds import bounds, combinations, read_by, side_by_side
from evaluation.rounding import fixed_text
from evaluation.spans import Pairs, Span, open_pairs, seen
from evaluation.touched import touched_by
from evaluation.worlds import Today, Worlds

# Combinations that are scored one by one; more than these are bounded.
MOST_WORLDS = 1024
# And so many units in all of them together: where there are thousands, fewer combinations are scored.
MOST_UNITS = 500_000
SETTLED, EXACT, BOUNDS = "settled", "exact", "bounds"


@dataclass(frozen=True)
class Firmness:
    """`units`: a row per unit, UNIT_COLUMNS. `pairs`: `unit_code, other_code` whose order is open, the better first."""

    units: pd.DataFrame
    pairs: pd.DataFrame
    matters: list[Matter]


UNIT_COLUMNS = (
    "unit_code",
    "rank",
    "rank_best",
    "rank_worst",
    "may_be_unranked",
    "score",
    "score_low",
    "score_high",
    "grade",
    "grade_best",
    "grade_worst",
    "matters",
    "method",
)


def firmness(today: Today, matters: Sequence[Matter]) -> Firmness:
    """Ranks under every outcome of the matters, in the order of units.csv."""
    touched = touched_by(today.totals.sheet, *read_by(today, matters))
    sets = sets_apart(today.plan, [today.plan.tops[at] for at in touched.tops])
    places = {code: at for at, code in enumerate(today.plan.units.codes.to_pylist())}
    by_set: dict[int, list[Matter]] = {}
    for one in matters:
        by_set.setdefault(int(sets[places[one.unit_code]]), []).append(one)
    most = min(MOST_WORLDS, max(MOST_UNITS // len(sets), 1))
    few = {number: own for number, own in by_set.items() if combinations(own) <= most}
    method = np.array([_method(int(number), by_set, few) for number in sets], dtype=object)
    outlook = Worlds(today, touched).outlook(side_by_side(list(few.values()))) if few else today.outlook
    span, pairs = seen(outlook), open_pairs(today, outlook)
    if len(few) < len(by_set):
        many = [one for number, own in by_set.items() if number not in few for one in own]
        wide, overlapping = bounds(today, many, sets)
        span.put(method == BOUNDS, wide)
        pairs |= {pair for pair in overlapping if method[pair[0]] == BOUNDS}
    return Firmness(_table(today, span, matters, method), _pairs(today, pairs), list(matters))


def _method(number: int, by_set: dict[int, list[Matter]], few: dict[int, list[Matter]]) -> str:
    if number not in by_set:
        return SETTLED
    return EXACT if number in few else BOUNDS


def _table(today: Today, span: Span, matters: Sequence[Matter], method: Any) -> pd.DataFrame:
    decimals, grades = today.plan.rulebook.scoring.decimals, [one.grade for one in today.plan.rulebook.grades]
    now, codes = today.outlook, today.plan.units.codes.to_pylist()
    counts = pd.Series([one.unit_code for one in matters], dtype="str").value_counts()

    def row(at: int) -> list[Any]:
        ranked = span.worst[at] > 0
        graded = [int(one) for one in (now.grade[0, at], span.best_grade[at], span.worst_grade[at])]
        totals = [now.total[0, at], span.low[at], span.high[at]]
        return [
            codes[at],
            int(now.rank[0, at]) or None,
            int(span.best[at]) if ranked else None,
            int(span.worst[at]) if ranked else None,
            bool(span.unranked[at]),
            *(fixed_text(int(one), decimals) if now.has_total[0, at] else None for one in totals),
            *(grades[one] if 0 <= one < len(grades) else None for one in graded),
            int(counts.get(codes[at], 0)),
            method[at],
        ]

    types: dict[str, str] = dict.fromkeys(("rank", "rank_best", "rank_worst"), "Int64")
    texts = dict.fromkeys(
        ("unit_code", "score", "score_low", "score_high", "grade", "grade_best", "grade_worst", "method"), "str"
    )
    return pd.DataFrame([row(at) for at in range(len(codes))], columns=list(UNIT_COLUMNS)).astype(types | texts)


def _pairs(today: Today, found: Pairs) -> pd.DataFrame:
    """By the better of both, then by the other."""
    codes, rank = today.plan.units.codes.to_pylist(), today.outlook.rank[0]

    def place(unit: int) -> tuple[int, int]:
        return (int(rank[unit]) or len(rank) + 1, unit)

    ordered = sorted((tuple(sorted(pair, key=place)) for pair in found), key=lambda pair: [place(one) for one in pair])
    return pd.DataFrame([(codes[a], codes[b]) for a, b in ordered], columns=["unit_code", "other_code"], dtype="str")
