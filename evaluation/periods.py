"""Values of several periods combined into one number per unit and figure.

Here belong `latest`, `sum`, `mean`, `max`, the year that is meant, and single periods. Which values were
accepted is decided before; what is done with the number afterwards.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from evaluation.arithmetic import Bools, Codes, Floats, Objects, Positions, ShortPositions
from evaluation.bounded import WHOLE_LIMIT, Bounded, sums_at
from evaluation.bounded_cells import HALF_ULP, SLACK
from evaluation.columns import Column, Texts, relative_error
from evaluation.exact import NOTHING, Rational, objects
from evaluation.plain_figures import PlainFigures, plain_figures
from evaluation.reasons import NO_VALUE
from evaluation.texts import LARGE, at_once, numbered, positions_of_runs, short_positions, text_column

_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{2})|Q([1-4]))?")


@dataclass(frozen=True)
class Reported:
    """The rows of one figure in one year, in the order of their periods: unit positions and row numbers."""

    units: Positions
    rows: Positions
    periods: Positions


class FigureTable:
    """Accepted values: `unit_code, indicator_code, period, accepted_value, provisional`."""

    def __init__(self, frame: pd.DataFrame, unit_codes: Any, figure_codes: list[str]) -> None:
        self.count = len(unit_codes)
        self._frame, self._unit_codes, self._figure_codes = frame, unit_codes, figure_codes
        self._figure_numbers = {code: at for at, code in enumerate(figure_codes)}
        self.any_provisional = "provisional" in frame and bool(self._provisional.any())
        self._last: dict[int, Positions] = {}

    @cached_property
    def texts(self) -> Texts:
        return Texts(self._frame["accepted_value"])

    @cached_property
    def _keys(self) -> tuple[ShortPositions, ShortPositions, tuple[list[str], Positions]]:
        """Of each row: the positions of unit and figure; the periods' names, and which of them it is of."""
        units, figures, periods, _ = at_once(
            len(self._frame),
            lambda: positions_of_runs(self._frame["unit_code"], self._unit_codes),
            lambda: short_positions(self._frame["indicator_code"], self._figure_codes),
            lambda: numbered(text_column(self._frame, "period")),
            lambda: self.texts.values,
        )
        return units, figures, periods

    @property
    def _units(self) -> ShortPositions:
        return self._keys[0]

    @property
    def _figures(self) -> ShortPositions:
        return self._keys[1]

    @property
    def period_names(self) -> list[str]:
        return self._keys[2][0]

    @property
    def _periods(self) -> Positions:
        return self._keys[2][1]

    @cached_property
    def _provisional(self) -> Bools:
        return _flags(self._frame)

    @cached_property
    def _periods_differ(self) -> bool:
        return len(self.period_names) != 1 or int(self._periods.min()) < 0

    @cached_property
    def _any_stranger(self) -> bool:
        return self._units.size > 0 and int(self._units.min()) < 0

    @cached_property
    def _order(self) -> tuple[Positions, Positions]:
        """Row numbers ordered by figure, then by the end of the period; and where each figure begins."""
        rows = np.arange(len(self._units))
        if len(self.period_names) > 1:
            rows = np.argsort(self._ends[self._periods], kind="stable")
        # 16-bit keys are sorted by radix, many times faster than longer ones.
        rows = rows[np.argsort(self._figures[rows].astype(np.int16), kind="stable")]
        bounds = np.searchsorted(self._figures[rows], np.arange(len(self._figure_numbers) + 1))
        return rows, bounds

    def reported(self, figure: str, year: int) -> Reported:
        """The rows of a figure whose period lies in a year."""
        number = self._figure_numbers.get(figure)
        if number is None:
            return Reported(*(np.empty(0, dtype=np.int64),) * 3)
        order, bounds = self._order
        rows = order[bounds[number] : bounds[number + 1]]
        in_year = self._is_in(year)
        if self._any_stranger or self._periods_differ or not in_year[0]:
            rows = rows[in_year[self._periods[rows]] & (self._units[rows] >= 0)]
        return Reported(self._units[rows].astype(np.int64), rows, self._periods[rows])

    def last_year_before(self, figure: str, year: int) -> int:
        """The latest year before a year in which the figure has rows; the year before where there is none."""
        number = self._figure_numbers.get(figure)
        order, bounds = self._order
        rows = order[bounds[number] : bounds[number + 1]] if number is not None else order[:0]
        years = {self._years[at] for at in np.unique(self._periods[rows]) if at >= 0}
        return max((one for one in years if one < year), default=year - 1)

    def combined(self, figure: str, year: int, how: str) -> Column:
        """One number per unit out of all its periods of a year."""
        number = self._figure_numbers.get(figure)
        if how == "latest" and number is not None:
            plain = self._plain
            if plain is not None and _period_year(plain.period) == year:
                return self.texts.column_of(plain.values[number], lambda: self._last_of_year(year)[number], NO_VALUE)
            return self.texts.column(self._last_of_year(year)[number], NO_VALUE)
        return self._combined(self.reported(figure, year), how, NO_VALUE)

    @cached_property
    def _plain(self) -> PlainFigures | None:
        """The values where all rows are of one period, of known units and figures, and have a number."""
        if len(self._frame) >= LARGE:
            return plain_figures(self._frame, self._unit_codes, self._figure_codes)
        known = not self._periods_differ and not self._any_stranger and self.texts.complete
        if not known or not self._figures.size or int(self._figures.min()) < 0:
            return None
        table = np.full((len(self._figure_numbers), self.count), np.nan)
        table[self._figures, self._units] = self.texts.values  # of several for one place the last
        return PlainFigures(table, self.period_names[0])

    def _last_of_year(self, year: int) -> Positions:
        """Figures × units: the row of the last period that has a number, of all figures at once; -1: none."""
        if year not in self._last:
            self._last[year] = self._made_last(year)
        return self._last[year]

    def _made_last(self, year: int) -> Positions:
        last = np.full((len(self._figure_numbers), self.count), -1, dtype=np.int64)
        in_year = self._is_in(year)
        if self._plain is not None and in_year[0]:
            last[self._figures, self._units] = np.arange(len(self._units))
            return last
        rows = np.flatnonzero(in_year[self._periods] & (self._units >= 0) & (self._figures >= 0) & self.texts.known)
        if np.count_nonzero(in_year) > 1:
            rows = rows[np.argsort(self._ends[self._periods[rows]], kind="stable")]
        last[self._figures[rows], self._units[rows]] = rows  # of several rows for one place the last one stays
        return last

    @cached_property
    def _years(self) -> list[int]:
        return [_period_year(name) for name in self.period_names]

    def _is_in(self, year: int) -> Bools:
        """Whether each period, in the order of their names, is in the year; last, no period (-1), which is not."""
        return np.array([*(one == year for one in self._years), False], dtype=bool)

    @cached_property
    def _ends(self) -> Positions:
        """When each period ends, in the order of their names."""
        return np.array([*map(_period_end, self.period_names), 0], dtype=np.int64)

    def _combined(self, reported: Reported, how: str, unknown: int) -> Column:
        units, rows = reported.units, reported.rows
        if not self.texts.complete:
            known = self.texts.known[rows]
            units, rows = units[known], rows[known]
        if how == "latest" or len(units) < 2 or not (np.bincount(units) > 1).any():
            return self.texts.column(self._last_rows(units, rows), unknown)
        return _accumulated(self.texts, units, rows, self.count, how, unknown)

    def in_period(self, reported: Reported, period: str) -> Column:
        """The numbers of one period."""
        here = self._is_of(reported, period)
        return self.texts.column(self._last_rows(reported.units[here], reported.rows[here]), NO_VALUE)

    def _is_of(self, reported: Reported, period: str) -> Bools:
        return np.array([*(name == period for name in self.period_names), False], dtype=bool)[reported.periods]

    def _last_rows(self, units: Positions, rows: Positions) -> Positions:
        last = np.full(self.count, -1, dtype=np.int64)
        last[units] = rows
        return last

    def provisional(self, reported: Reported, period: str | None = None) -> Bools | None:
        """Units for which a row (of one period) is provisional; None where there is none."""
        marked = self._provisional[reported.rows]
        if period is not None:
            marked = marked & self._is_of(reported, period)
        if not marked.any():
            return None
        found = np.zeros(self.count, dtype=bool)
        found[reported.units[marked]] = True
        return found


def _flags(frame: pd.DataFrame) -> Bools:
    if "provisional" not in frame:
        return np.zeros(len(frame), dtype=bool)
    return np.asarray(frame["provisional"].fillna(False), dtype=bool)


def _period_year(period: str) -> int:
    found = _PERIOD.fullmatch(period)
    return int(found[1]) if found else 0


def _period_end(period: str) -> int:
    """Year and month in which the period ends, and the longer of two periods with one end later."""
    found = _PERIOD.fullmatch(period)
    if not found:
        return 0
    month = int(found[2]) if found[2] else 3 * int(found[3]) if found[3] else 12
    length = 1 if found[2] else 2 if found[3] else 3
    return (int(found[1]) * 100 + month) * 10 + length


def _accumulated(texts: Texts, units: Positions, rows: Positions, count: int, how: str, unknown: int) -> Column:
    order = np.argsort(units, kind="stable")
    units, rows = units[order], rows[order]
    starts = np.searchsorted(units, np.arange(count + 1))
    sizes = np.diff(starts)
    why: Codes | None = None if (sizes > 0).all() else np.where(sizes > 0, 0, unknown).astype(np.int8)

    def exact(chosen: Positions) -> Objects:
        return objects(
            exactly([texts.exact(row) for row in rows[starts[unit] : starts[unit + 1]]], how) for unit in chosen
        )

    whole = texts.literal and bool((texts.values == np.rint(texts.values)).all())
    return Column(sums(texts.values[rows], units, sizes, how, whole), why, exact)


def exactly(values: list[Rational], how: str) -> Rational:
    if not values:
        return NOTHING
    if how == "max":
        return max(values)
    total = sum(values, NOTHING)
    return total / len(values) if how == "mean" else total


def sums(values: Floats, units: Positions, sizes: Positions, how: str, whole: bool = False) -> Bounded:
    """Sum, mean or max of the values of each unit, of which there are `sizes`."""
    relative = relative_error(values)
    if how == "max":
        result = np.full(len(sizes), -np.inf)
        np.maximum.at(result, units, values)
        return Bounded(np.where(sizes > 0, result, 0.0), relative)
    total = sums_at(units, values, len(sizes))
    if how == "sum" and whole and np.abs(values).sum() < WHOLE_LIMIT:
        return Bounded(total, whole=True)
    bound = sums_at(units, np.abs(values), len(sizes)) * ((sizes + 3) * HALF_ULP * SLACK)
    if how == "sum":
        return Bounded(total, relative, bound)
    return Bounded(total / np.maximum(sizes, 1), relative + 1.0, bound / np.maximum(sizes, 1))
