"""Progress through the year (进度预警): what is done of each target, against what should be done by then.

Only figures that grow through the year are looked at: reported by month or quarter, added up or cumulative, with a
target, not in %. By then means by the last period that the unit has reported: as much of the year's value as the
county had by that period last year or, where last year says nothing, as much as of the year has passed.
Here belong the figures, the shares and the colours; sentences do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd

from evaluation.figures import Figure
from evaluation.numbers import is_percent
from evaluation.obligations import due_on, last_day, periods_due
from evaluation.plan import Node
from evaluation.rounding import decimal_text, half_up
from evaluation.touched import readers
from evaluation.worlds import Today

GREEN, AMBER, RED, UNREPORTED = "green", "amber", "red", "unreported"
# Behind by more than nothing is amber, by more than this share of the target red.
RED_BEHIND = Fraction(10, 100)
BY_YEAR, BY_PATTERN = "year", "pattern"
SHARE_DECIMALS = 4
COLUMNS = (
    "unit_code",
    "indicator_code",
    "through",
    "done",
    "target",
    "share",
    "expected_share",
    "basis",
    "behind",
    "level",
    "overdue",
    "department_code",
)
ZERO = Fraction(0)
Rows = list[tuple[str, Fraction]]


@dataclass(frozen=True)
class Watched:
    """A figure that is watched. `expected`: the share of a year's value to be expected by each period that is over."""

    figure: Figure
    nodes: tuple[Node, ...]
    periods: tuple[str, ...]
    overdue: frozenset[str]
    expected: dict[str, Fraction]
    basis: str

    @property
    def lower(self) -> bool:
        """Whether the target is an allowance, of which less is better."""
        return self.figure.definer.direction == "lower_is_better"


def progress(today: Today, as_of: date) -> pd.DataFrame:
    """COLUMNS for every unit and watched figure, of the periods that were over at the end of the day `as_of`.

    Shares are decimal texts with SHARE_DECIMALS, `behind` is in percentage points of the target (negative: ahead);
    `through` is the last period reported. `overdue`: periods that should have been reported, joined by `;`.
    """
    rows = [row for watched in watched_figures(today, as_of) for row in _of_figure(today, watched)]
    order = {code: at for at, code in enumerate(today.plan.units.codes.to_pylist())}
    rows.sort(key=lambda row: order[str(row[0])])
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def watched_figures(today: Today, as_of: date) -> Iterator[Watched]:
    """Figures of this year that grow through it."""
    year = today.plan.rulebook.cycle.year
    for figure in today.plan.rulebook.figures():
        if figure.data_year is None and grows(figure):
            nodes = [node for node in readers(today.plan, figure.code) if today.inputs.year(node) == year]
            if nodes:
                yield _watched(today, figure, nodes, as_of)


def grows(figure: Figure) -> bool:
    """Whether a part of the year makes a part of the figure: added up, or cumulative as `latest` and `max` are."""
    item = figure.definer
    if figure.frequency == "year" or is_percent(item.unit_of_measure) or item.periods == "score_then_mean":
        return False
    if item.direction == "lower_is_better":
        return figure.accumulate == "sum"
    return figure.accumulate in ("sum", "latest", "max")


def _watched(today: Today, figure: Figure, nodes: Sequence[Node], as_of: date) -> Watched:
    rulebook = today.plan.rulebook
    periods = tuple(periods_due(rulebook, figure))
    overdue = frozenset(one for one in periods if due_on(rulebook, one) < as_of)
    pattern = _pattern(today, figure, periods)
    evenly = {period: Fraction(at, len(periods)) for at, period in enumerate(periods, 1)}
    basis = BY_PATTERN if pattern else BY_YEAR
    over = [one for one in periods if last_day(one) <= as_of]
    expected = {period: (pattern or evenly)[period] for period in over}
    return Watched(figure, tuple(nodes), periods, overdue, expected, basis)


def _pattern(today: Today, figure: Figure, periods: Sequence[str]) -> dict[str, Fraction]:
    """By period, the county's share of last year's value; of units that reported every period, empty without any."""
    year = today.plan.rulebook.cycle.year
    then = [f"{year - 1}{period[4:]}" for period in periods]
    reached = dict.fromkeys(then, ZERO)
    for rows in _reported(today, figure.code, year - 1, previous=True).values():
        if [period for period, _ in rows] == then:
            for at, period in enumerate(then, 1):
                reached[period] += _done(figure, rows[:at])
    whole = reached[then[-1]]
    if whole <= 0:
        return {}
    return {period: min(reached[last] / whole, Fraction(1)) for period, last in zip(periods, then, strict=True)}


def _reported(today: Today, code: str, year: int, previous: bool = False) -> dict[int, Rows]:
    """Period and value of what was reported, by unit, in the order of periods."""
    table = today.inputs.last_figures if previous else today.inputs.figures
    found: dict[int, Rows] = {}
    rows = table.reported(code, year)
    texts = table.texts.texts.take(rows.rows).to_pylist()
    for unit, period, text in zip(rows.units.tolist(), rows.periods.tolist(), texts, strict=True):
        if text is not None:
            found.setdefault(unit, []).append((table.period_names[period], Fraction(text)))
    return found


def _done(figure: Figure, rows: Rows) -> Fraction:
    values = [value for _, value in rows]
    if figure.accumulate == "sum":
        return sum(values, ZERO)
    return max(values) if figure.accumulate == "max" else values[-1]


def _of_figure(today: Today, watched: Watched) -> Iterator[list[str | None]]:
    reported = _reported(today, watched.figure.code, today.plan.rulebook.cycle.year)
    for unit, target in _targets(today, watched):
        rows = [row for row in reported.get(unit, []) if row[0] in watched.expected]
        missing = [one for one in watched.periods if one in watched.overdue and one not in dict(rows)]
        if rows or missing:
            yield [*_row(watched, today.plan.units.codes[unit].as_py(), target, rows), ";".join(missing), *_by(watched)]


def _by(watched: Watched) -> list[str]:
    """The department that reports the figure first; `self` is the unit."""
    return [watched.figure.sources[0] if watched.figure.sources else "self"]


def _targets(today: Today, watched: Watched) -> Iterator[tuple[int, Fraction]]:
    """Units that have the task, with its target where that is more than nought."""
    for unit in range(len(today.plan.units)):
        for node in watched.nodes:
            column = today.inputs.target(node, "target")
            if today.inputs.takes_part(node)[unit] and column.known[unit]:
                target = Fraction(column.exact(np.array([unit]))[0])
                if target > 0:
                    yield unit, target
                break


def _row(watched: Watched, unit_code: str, target: Fraction, rows: Rows) -> list[str | None]:
    head = [unit_code, watched.figure.code]
    if not rows:
        return [*head, None, None, decimal_text(target), None, None, None, None, UNREPORTED]
    through, done = rows[-1][0], _done(watched.figure, rows)
    share, expected = done / target, watched.expected[through]
    behind = share - expected if watched.lower else expected - share
    numbers = [decimal_text(done), decimal_text(target), _share(share), _share(expected)]
    level = _level(behind, share, watched.lower)
    return [*head, through, *numbers, watched.basis, decimal_text(Fraction(half_up(behind * 100, 2), 100)), level]


def _share(share: Fraction) -> str:
    return decimal_text(Fraction(half_up(share, SHARE_DECIMALS), 10**SHARE_DECIMALS))


def _level(behind: Fraction, share: Fraction, lower: bool) -> str:
    """A target that is reached is green whatever the time; an allowance that is used up is red."""
    if lower and share > 1:
        return RED
    if behind <= 0 or (not lower and share >= 1):
        return GREEN
    return RED if behind > RED_BEHIND else AMBER
