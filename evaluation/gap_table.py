"""Gaps as a table: one row per unit, goal and figure; numbers as decimal text.

Here belong columns and order; every number in them was scored before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import pandas as pd

from evaluation.gaps import GOALS, GRADE, Gap, gaps, has_more_to_gain
from evaluation.grading import NONE
from evaluation.probing import Result, result_of
from evaluation.rounding import decimal_text, fixed_text
from evaluation.worlds import Today

NUMBERS = ("value_before", "value_after", "change", "year_before", "year_after")
COLUMNS = (
    "unit_code",
    "goal",
    "indicator_code",
    "period",
    "outcome",
    *NUMBERS,
    "score_before",
    "score_after",
    "rank_before",
    "rank_after",
    "grade_before",
    "grade_after",
)
# What became of a goal: a figure reaches it, the figure alone does not; nothing is better than what the unit has;
# the unit is out of the ranking by a matter that no figure undoes.
REACHED, OUT_OF_REACH, BEST, VETOED = "reached", "out_of_reach", "best", "vetoed"
SETTLED = (BEST, VETOED)


def gap_table(today: Today, units: Iterable[str] | None = None) -> pd.DataFrame:
    """COLUMNS for the units (codes; default all), in the order of units.csv, of goals, of the rulebook's figures.

    `value_before`, `value_after`: of the figure in `period`, which may be put in as they are; `year_…`: of all its
    periods together. Where the outcome is `out_of_reach`, the scores are those of the best that the figure brings.
    """
    codes = today.plan.units.codes.to_pylist()
    wanted = set(codes) if units is None else set(units)
    places = [at for at, code in enumerate(codes) if code in wanted]
    rows = [*_settled(today, places)]
    searched = {at for at in places if not _vetoed_by_claim(today, at)}
    rows += [_row(today, gap) for gap in gaps(today, searched)]
    order = {code: at for at, code in enumerate(codes)}
    rows.sort(key=lambda row: (order[row["unit_code"]], GOALS.index(row["goal"])))
    texts = {name: "str" for name in COLUMNS if not name.startswith("rank")}
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(texts | {"rank_before": "Int64", "rank_after": "Int64"})


def _settled(today: Today, units: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Goals for which there is nothing to look for."""
    for unit in units:
        before = result_of(today.outlook, 0, unit)
        for goal in GOALS:
            if goal == GRADE and not today.plan.rulebook.grades:
                continue
            if not has_more_to_gain(goal, before):
                yield _of(today, unit, goal, before) | {"outcome": BEST}
            elif _vetoed_by_claim(today, unit):
                yield _of(today, unit, goal, before) | {"outcome": VETOED}


def _vetoed_by_claim(today: Today, unit: int) -> bool:
    """Failed by a matter, which no figure undoes."""
    fallen = today.standings.vetoed.fallen[:, unit]
    vetoes = zip(today.plan.rulebook.vetoes, fallen, strict=True)
    return any(here and veto.when is None and "fail" in veto.effects for veto, here in vetoes)


def _of(today: Today, unit: int, goal: str, before: Result) -> dict[str, Any]:
    return {"unit_code": today.plan.units.codes[unit].as_py(), "goal": goal} | _standing(today, before, "before")


def _standing(today: Today, result: Result, when: str) -> dict[str, Any]:
    grades = today.plan.rulebook.grades
    decimals = today.plan.rulebook.scoring.decimals
    return {
        f"score_{when}": None if result.total is None else fixed_text(result.total, decimals),
        f"rank_{when}": result.rank or None,
        f"grade_{when}": None if result.grade == NONE else grades[result.grade].grade,
    }


def _row(today: Today, gap: Gap) -> dict[str, Any]:
    ladder = gap.ladder
    after = None if gap.rung is None else ladder.value(gap.rung)
    numbers = {
        "value_before": ladder.now,
        "value_after": after,
        "change": None if after is None or ladder.now is None else after - ladder.now,
        "year_before": ladder.of_the_year(ladder.now),
        "year_after": ladder.of_the_year(after),
    }
    return {
        **_of(today, ladder.unit, gap.goal, gap.before),
        **_standing(today, gap.after, "after"),
        **{name: _text(number) for name, number in numbers.items()},
        "indicator_code": ladder.figure.code,
        "period": ladder.key.period,
        "outcome": OUT_OF_REACH if gap.rung is None else REACHED,
    }


def _text(number: Fraction | None) -> str | None:
    return None if number is None else decimal_text(number)
