"""Ladders: the values, step by step, that one figure of one unit may take on its way to better.

Here belongs which period's value is meant, in what steps it moves, and how far. What a value is worth is said by
scoring.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.figures import Figure
from evaluation.numbers import COUNTED
from evaluation.obligations import periods_due
from evaluation.plan import Node
from evaluation.rounding import MOST_DECIMALS
from evaluation.touched import readers
from evaluation.worlds import FigureKey, Today

# Without a `range`: how many times the largest number known of the figure.
FURTHEST = 10
ZERO = Fraction(0)


@dataclass(frozen=True)
class Ladder:
    """`values`: of all periods reported, in their order, as fractions; `at`: which of them moves (None: none is there).

    `first`, `step`: the first other value, and the signed way to the next; there are `count` of them.
    """

    unit: int
    key: FigureKey
    figure: Figure
    values: tuple[Fraction, ...]
    at: int | None
    first: Fraction
    step: Fraction
    count: int

    @property
    def now(self) -> Fraction | None:
        return None if self.at is None else self.values[self.at]

    def value(self, rung: int) -> Fraction:
        """The value on a rung; 1 is the first that differs from today's."""
        return self.first + (rung - 1) * self.step

    def of_the_year(self, value: Fraction | None) -> Fraction | None:
        """All periods together, where the one that moves has that value."""
        if value is None:
            return None
        others = [one for at, one in enumerate(self.values) if at != self.at]
        how = self.figure.accumulate
        if how == "latest" or self.figure.definer.periods == "score_then_mean":
            return value
        if how == "max":
            return max([*others, value])
        total = sum(others, value)
        return total / (len(others) + 1) if how == "mean" else total

    def in_period(self, of_the_year: Fraction) -> Fraction:
        """The value that the period must have for all periods together to be that."""
        others = [one for at, one in enumerate(self.values) if at != self.at]
        how = self.figure.accumulate
        if how not in ("sum", "mean") or self.figure.definer.periods == "score_then_mean":
            return of_the_year
        whole = of_the_year * (len(others) + 1) if how == "mean" else of_the_year
        return whole - sum(others, ZERO)

    def rung(self, value: Fraction) -> int:
        """The rung of the first value that has come at least as far."""
        return math.ceil((value - self.first) / self.step) + 1


def ladders(today: Today, figure: Figure) -> list[Ladder]:
    """One for each unit that is assessed on the figure."""
    plan, inputs = today.plan, today.inputs
    year = figure.data_year or plan.rulebook.cycle.year
    nodes = [node for node in readers(plan, figure.code) if inputs.year(node) == year]
    if not nodes:
        return []
    reported = _reported(today, figure.code, year)
    last = _reported(today, figure.code, year, previous=True)
    told = [*_texts(reported), *_texts(last)]
    targets = _targets(today, nodes)
    step = Fraction(1, 10 ** _decimals(told if figure.unit_of_measure in COUNTED else [*told, *targets]))
    largest = max([abs(Fraction(one)) for one in [*told, *targets]], default=ZERO) or Fraction(1)
    negative = any(Fraction(one) < 0 for one in told)
    furthest = (-FURTHEST * largest if negative else ZERO, FURTHEST * largest)
    units = [unit for unit in range(len(plan.units)) if any(inputs.takes_part(node)[unit] for node in nodes)]
    return [_ladder(today, figure, unit, reported.get(unit, []), step, furthest) for unit in units]


def _ladder(
    today: Today,
    figure: Figure,
    unit: int,
    rows: Sequence[tuple[str, str]],
    step: Fraction,
    furthest: tuple[Fraction, Fraction],
) -> Ladder:
    units = today.plan.units.units
    code, group = str(units["unit_code"].iat[unit]), str(units["group"].iat[unit])
    least, most = figure.minimum(code, group), figure.maximum(code, group)
    low, high = furthest[0] if least is None else least, furthest[1] if most is None else most
    values = tuple(Fraction(value) for _, value in rows)
    at = None if not rows else _moving(figure, values)
    period = periods_due(today.plan.rulebook, figure)[-1] if at is None else rows[at][0]
    up = figure.definer.direction == "higher_is_better"
    start, end = (low, high) if up else (high, low)
    first = _on_grid(start, step, up) if at is None else _beyond(values[at], step, up)
    count = math.floor((end - first) / step if up else (first - end) / step) + 1
    return Ladder(
        unit, FigureKey(code, figure.code, period), figure, values, at, first, step if up else -step, max(count, 0)
    )


def _moving(figure: Figure, values: Sequence[Fraction]) -> int:
    """The last period, which can still be changed; of those that the greatest counts of, the greatest."""
    last = len(values) - 1
    if figure.accumulate == "max" and figure.definer.periods != "score_then_mean":
        return max(range(len(values)), key=lambda at: (values[at], at))
    return last


def _beyond(value: Fraction, step: Fraction, up: bool) -> Fraction:
    return (math.floor(value / step) + 1) * step if up else (math.ceil(value / step) - 1) * step


def _on_grid(value: Fraction, step: Fraction, up: bool) -> Fraction:
    return math.ceil(value / step) * step if up else math.floor(value / step) * step


def _reported(today: Today, code: str, year: int, previous: bool = False) -> dict[int, list[tuple[str, str]]]:
    """Period and value of all that was reported, by unit, in the order of the periods."""
    table = today.inputs.last_figures if previous else today.inputs.figures
    rows = table.reported(code, table.last_year_before(code, year) if previous else year)
    found: dict[int, list[tuple[str, str]]] = {}
    texts = table.texts.texts.take(rows.rows).to_pylist()
    for unit, period, text in zip(rows.units.tolist(), rows.periods.tolist(), texts, strict=True):
        if text is not None:
            found.setdefault(unit, []).append((table.period_names[period], text))
    return found


def _texts(reported: dict[int, list[tuple[str, str]]]) -> Iterator[str]:
    return (text for rows in reported.values() for _, text in rows)


def _targets(today: Today, nodes: Sequence[Node]) -> list[str]:
    """Targets and stretches of the nodes as decimal texts."""
    codes = {code for node in nodes for code in (node.owner, node.figure)}
    frame = today.definition.targets
    own = frame[frame["indicator_code"].isin(codes)]
    written = [text for name in ("target", "stretch") if name in own for text in own[name].dropna()]
    return [text.lstrip("+") for text in written if not text.endswith("%")]


def _decimals(texts: Iterable[str]) -> int:
    return min(max((len(text.partition(".")[2]) for text in texts), default=0), MOST_DECIMALS)
