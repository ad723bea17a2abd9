"""All that is known of the units of one evaluation, as columns: figures, targets, claims, marks, last year.

Here belongs which text stands behind which column, and that each column is made once. Formulas are not here.
"""

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any, Protocol, TypeVar

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from evaluation.arithmetic import Bools, Positions
from evaluation.claims import EXEMPTION, Claims, ClaimTable, whole_column
from evaluation.columns import Column, Texts
from evaluation.marks import MarkTable
from evaluation.periods import FigureTable, Reported
from evaluation.plan import Node, Plan
from evaluation.reasons import (
    NO_DENOMINATOR,
    NO_PREVIOUS,
    NOT_RECEIVED,
)
from evaluation.targets import TargetTable, without_plus
from evaluation.texts import as_strings, dates, numbered, positions, text_column


def _empty(*columns: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns), dtype="str")


NO_FIGURES = _empty("unit_code", "indicator_code", "period", "accepted_value", "provisional")
NO_CLAIMS = _empty("unit_code", "item_code", "object_id", "level", "quantity", "document")
NO_MARKS = _empty("unit_code", "indicator_code", "mark")
NO_TARGETS = _empty("unit_code", "indicator_code", "target", "stretch", "applicable")
NO_ARRIVALS = _empty("unit_code", "indicator_code", "received_on")
NEVER = np.datetime64("9999-12-31", "D")

T = TypeVar("T")


class Prepared(Protocol):
    """What of a definition is read here: an `evaluation.definition.Definition`, or copies of one."""

    @property
    def plan(self) -> Plan: ...

    @property
    def target_table(self) -> TargetTable: ...


class Inputs:
    def __init__(
        self,
        definition: Prepared,
        figures: pd.DataFrame,
        claims: pd.DataFrame | None = None,
        marks: pd.DataFrame | None = None,
        previous: pd.DataFrame | None = None,
        received: pd.DataFrame | None = None,
    ) -> None:
        self.plan = plan = definition.plan
        self.rulebook = plan.rulebook
        self.units = plan.units
        codes = self.units.codes
        self.figures = FigureTable(figures, codes, plan.figure_codes)
        self.last_figures = FigureTable(NO_FIGURES if previous is None else previous, codes, plan.figure_codes)
        self.targets = definition.target_table
        self.claims = ClaimTable(NO_CLAIMS if claims is None else claims, codes)
        self.marks = MarkTable(NO_MARKS if marks is None else marks, codes)
        self._received = NO_ARRIVALS if received is None else received
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` makes, made on the first request for the key."""
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made

    def year(self, node: Node) -> int:
        return node.item.data_year or self.rulebook.cycle.year

    def reported(self, node: Node) -> Reported:
        figure, year = node.figure, self.year(node)
        return self.once(("reported", figure, year), lambda: self.figures.reported(figure, year))

    def figure(self, node: Node, period: str | None = None) -> Column:
        """The accepted value: of one period, or combined; approved exemptions are added back."""
        item = node.item
        key = ("figure", node.figure, self.year(node), item.accumulate, period)
        column = self.once(key, lambda: _combined(self.figures, node.figure, self.year(node), item.accumulate, period))
        if not item.exemptions:
            return column
        return column.plus(self.claims.of(*node.filed_under).at_level(EXEMPTION).quantity)

    def previous(self, node: Node, period: str | None = None) -> Column:
        """Last year's accepted value: combined likewise, or of the same period."""
        table, code, how = self.last_figures, node.figure, node.item.accumulate
        year = table.last_year_before(code, self.year(node))
        then = None if period is None else f"{year}{period[4:]}"
        key = ("previous", code, year, how, then)
        return self.once(key, lambda: _combined(table, code, year, how, then).because(NO_PREVIOUS))

    def provisional(self, node: Node, period: str | None = None) -> Bools | None:
        """Units for which a row of the node's figure is provisional; None: no unit."""
        if not self.figures.any_provisional:
            return None
        key = ("provisional", node.figure, self.year(node), period)
        return self.once(key, lambda: self.figures.provisional(self.reported(node), period))

    def owed_elsewhere(self, node: Node, period: str | None = None) -> Bools | None:
        """Units whose figure is missing and was first of all a department's to report; None: no unit."""
        why = None if node.owed_by_unit else self.figure(node, period).why
        return None if why is None else np.asarray(why != 0, dtype=bool)

    def target(self, node: Node, which: str) -> Column:
        """`which`: target or stretch."""
        return self.targets.column(which, (node.owner, node.figure), node.in_percent)

    def takes_part(self, node: Node) -> Bools:
        """Units that the item applies to and that have such a task."""
        return self.once(("takes part", node), lambda: self._takes_part(node))

    def _takes_part(self, node: Node) -> Bools:
        part: Bools = node.applies[self.units.class_of]
        for item in node.place.chain:
            exempt = self.targets.exempt(item.code)
            if exempt is not None:
                part = part & ~exempt
        return part

    def unit_column(self, name: str) -> Column:
        """A numeric column of units.csv."""
        return self.units.once_by_unit(("unit column", name), lambda: self._unit_column(name))

    def _unit_column(self, name: str) -> Column:
        texts = Texts(without_plus(text_column(self.units.units, name)))
        return texts.column(np.arange(len(self.units)), NO_DENOMINATOR)

    def claims_of(self, node: Node) -> Claims:
        """The claims that count for the node, without those that only exempt."""
        claims = self.once(("claims", node.code), lambda: self.claims.of(*node.filed_under))
        return claims.at_level(EXEMPTION, wanted=False) if node.item.exemptions else claims

    def days_late(self, node: Node) -> Column:
        """Whole days after the due date; 0 in time."""
        return self.once(("days late", node.figure), lambda: self._days_late(node.figure))

    def _days_late(self, figure: str) -> Column:
        due = self.rulebook.calendar.submissions_due
        first = self._first_received(figure)
        known = np.zeros(first.shape, dtype=bool) if due is None else ~np.isnat(first)
        late = np.maximum((first - np.datetime64(due or "1970-01-01", "D")).astype(np.int64), 0)
        why = None if known.all() else np.where(known, 0, NOT_RECEIVED).astype(np.int8)
        return whole_column(np.where(known, late, 0), why)

    @cached_property
    def _arrivals(self) -> tuple[dict[str, int], Positions, Positions, Any]:
        """Figures by name, and of everything received its figure, unit and day."""
        rows = self._received
        days = dates(pc.utf8_slice_codeunits(as_strings(rows["received_on"]), 0, 10))
        names, figures = numbered(rows["indicator_code"])
        units = positions(rows["unit_code"], self.units.codes)
        known = np.flatnonzero(~np.isnat(days) & (units >= 0))
        return {name: at for at, name in enumerate(names)}, figures[known], units[known], days[known]

    def _first_received(self, figure: str) -> Any:
        """The day on which each unit's figure first came in; not a time where it did not."""
        names, figures, units, days = self._arrivals
        here = figures == names.get(figure, -1)
        first = np.full(len(self.units), NEVER)
        np.minimum.at(first, units[here], days[here])
        return np.where(first == NEVER, np.datetime64("NaT", "D"), first)


def _combined(table: FigureTable, figure: str, year: int, how: str, period: str | None) -> Column:
    if period is None:
        return table.combined(figure, year, how)
    return table.in_period(table.reported(figure, year), period)
