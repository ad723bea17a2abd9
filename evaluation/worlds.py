"""Many worlds (假设) at once: the same evaluation with a few figures or claims otherwise, scored together and exactly.

A world is a copy of all units. Copies stand side by side as the units of one large evaluation, so that the engine
itself does the scoring. Here belong what may be otherwise in a world, and what comes out of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from evaluation.arithmetic import Positions
from evaluation.bounded import Bounded
from evaluation.copies import Copied, Copies, copies_of, in_worlds, repeated
from evaluation.definition import Definition
from evaluation.explanation_view import ScoreInputs
from evaluation.grading import Edges, Standings, grades
from evaluation.inputs import NO_ARRIVALS, NO_CLAIMS, NO_FIGURES, NO_MARKS, NO_TARGETS, Inputs
from evaluation.plan import Plan
from evaluation.scoring import rank_units, standings_of
from evaluation.targets import TargetTable
from evaluation.touched import Touched
from evaluation.unit_totals import UnitTotals, unit_totals
from evaluation.world_sheet import WorldSheet

# Units of all worlds that are scored at once: arrays stay small, and groups are few enough to be graded one by one.
UNITS_AT_ONCE = 4_000


class FigureKey(NamedTuple):
    """The figure of one unit (its code) in one period."""

    unit: str
    figure: str
    period: str


@dataclass(frozen=True)
class World:
    """What is otherwise: values of figures, claims (rows of the claims' frame) that count besides, and scores that
    are set, in points, by codes of unit and item."""

    values: Mapping[FigureKey, str] = field(default_factory=dict)
    claims: tuple[dict[str, Any], ...] = ()
    scores: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)

    def and_also(self, other: World) -> World:
        """What is otherwise in either."""
        values, scores = {**self.values, **other.values}, {**self.scores, **other.scores}
        return World(values, self.claims + other.claims, scores)


@dataclass(frozen=True)
class Outlook:
    """Worlds × units: total in units of the last decimal, whether there is one, rank (0: none), grade (-1: none)."""

    total: Any
    has_total: Any
    rank: Positions
    grade: Positions


def worlds_at_once(plan: Plan) -> int:
    """How many worlds are scored together."""
    return max(1, UNITS_AT_ONCE // max(1, len(plan.units)))


class Today:
    """The evaluation as it stands, from which worlds differ; scored when something about its scores is asked."""

    def __init__(self, definition: Definition, given: ScoreInputs) -> None:
        self.definition = definition
        self.given = given

    @property
    def plan(self) -> Plan:
        return self.definition.plan

    @cached_property
    def inputs(self) -> Inputs:
        return self.given.ready(self.definition)

    @cached_property
    def _scored(self) -> tuple[UnitTotals, Standings]:
        return standings_of(self.inputs)

    @property
    def totals(self) -> UnitTotals:
        return self._scored[0]

    @property
    def standings(self) -> Standings:
        return self._scored[1]

    @cached_property
    def outlook(self) -> Outlook:
        """The one world that is."""
        return _outlook([self.standings], self.plan)


class Worlds:
    """Worlds that differ from today in figures and claims of the `touched` items alone."""

    def __init__(self, today: Today, touched: Touched) -> None:
        self.today = today
        self.touched = touched
        given, read = today.given, touched.read
        self._figures = _about(given.figures, "indicator_code", read, NO_FIGURES)
        self._claims = _about(given.claims, "item_code", read, NO_CLAIMS)
        self._same = {
            "marks": _about(given.marks, "indicator_code", read, NO_MARKS),
            "previous": _about(given.previous, "indicator_code", read, NO_FIGURES),
            "received": _about(given.received, "indicator_code", read, NO_ARRIVALS),
        }
        self._targets = _about(today.definition.targets, "indicator_code", read, NO_TARGETS)

    def outlook(self, worlds: Sequence[World]) -> Outlook:
        """What comes out in each world."""
        return _outlook(list(self._standings(worlds)), self.today.plan)

    def extremes(self, worlds: Sequence[World], top: int) -> tuple[Any, Any]:
        """The least and the most that one item scores per unit, as whole units of the last decimal: rounded scores, or
        the next whole ones below and above where items are not rounded."""
        low: list[Any] = []
        high: list[Any] = []
        for sheet in (totals.sheet for totals in self._totals(worlds)):
            published = sheet.inputs.rulebook.scoring.round_at == "item"
            row, error = (sheet.published[top], 0) if published else _with_error(sheet.scores[top])
            low.append(np.floor(row - error).reshape(-1, len(self.today.plan.units)))
            high.append(np.ceil(row + error).reshape(-1, len(self.today.plan.units)))
        return np.concatenate(low).min(axis=0), np.concatenate(high).max(axis=0)

    def _standings(self, worlds: Sequence[World]) -> Iterator[Standings]:
        return (rank_units(totals.sheet.inputs, totals) for totals in self._totals(worlds))

    def _totals(self, worlds: Sequence[World]) -> Iterator[UnitTotals]:
        at_once = worlds_at_once(self.today.plan)
        return (self._totals_of(worlds[start : start + at_once]) for start in range(0, len(worlds), at_once))

    def _totals_of(self, worlds: Sequence[World]) -> UnitTotals:
        """Sections and totals of the units of all worlds, one world after the other."""
        plan = self.today.plan
        copies = copies_of(plan.units, len(worlds))
        same = {name: self._repeated(frame, copies) for name, frame in self._same.items()}
        targets = TargetTable(self._repeated(self._targets, copies), copies.codes)
        copied = Copied(Plan(plan.rulebook, copies, plan.tops, plan.section_of), targets)
        inputs = Inputs(copied, self._with_values(worlds, copies), self._with_claims(worlds, copies), **same)
        return unit_totals(WorldSheet(self.today.totals.sheet, inputs, self.touched.tops, self._scores(worlds)))

    def _scores(self, worlds: Sequence[World]) -> dict[tuple[int, int], Fraction]:
        """Scores that are set, by positions of item and copy, in units of the last decimal."""
        plan = self.today.plan
        items = {top.code: at for at, top in enumerate(plan.tops)}
        units = {code: at for at, code in enumerate(plan.units.codes.to_pylist())}
        return {
            (items[item], number * len(units) + units[unit]): points * plan.scale
            for number, one in enumerate(worlds)
            for (unit, item), points in one.scores.items()
        }

    def _repeated(self, frame: Any, copies: Copies) -> Any:
        if frame is None:
            return None
        return in_worlds(*repeated(frame, len(copies) // copies.size), self.today.plan.units, copies)

    def _with_values(self, worlds: Sequence[World], copies: Copies) -> pd.DataFrame:
        """The figures of every world: those that are otherwise put over what was accepted, or added to it."""
        frame, world = repeated(self._figures, len(worlds))
        values = frame["accepted_value"].to_numpy(dtype=object, copy=True)
        added: list[tuple[int, FigureKey, str]] = []
        for number, one in enumerate(worlds):
            for key, value in one.values.items():
                place = self._places.get(key)
                if place is None:
                    added.append((number, key, value))
                else:
                    values[number * len(self._figures) + place] = value
        frame = frame.assign(accepted_value=pd.array(values, dtype="str"))
        if added:
            more = pd.DataFrame(
                [(key.unit, key.figure, key.period, value) for _, key, value in added],
                columns=["unit_code", "indicator_code", "period", "accepted_value"],
                dtype="str",
            )
            frame = pd.concat([frame, more.assign(provisional=False)], ignore_index=True)
            world = np.concatenate([world, [number for number, _, _ in added]])
        return in_worlds(frame, world, self.today.plan.units, copies)

    @cached_property
    def _places(self) -> dict[FigureKey, int]:
        keys = self._figures[["unit_code", "indicator_code", "period"]].itertuples(index=False)
        return {FigureKey(*map(str, key)): at for at, key in enumerate(keys)}

    def _with_claims(self, worlds: Sequence[World], copies: Copies) -> pd.DataFrame | None:
        added = [(number, claim) for number, one in enumerate(worlds) for claim in one.claims]
        if self._claims is None or not added:
            return self._repeated(self._claims, copies)
        frame, world = repeated(self._claims, len(worlds))
        more = pd.DataFrame([claim for _, claim in added]).reindex(columns=frame.columns)
        frame = pd.concat([frame, more.astype(frame.dtypes.to_dict())], ignore_index=True)
        world = np.concatenate([world, [number for number, _ in added]])
        return in_worlds(frame, world, self.today.plan.units, copies)


def _about(frame: pd.DataFrame | None, column: str, codes: frozenset[str], scored: pd.DataFrame) -> Any:
    """The rows about the codes, with those of the columns that are `scored`."""
    if frame is None:
        return None
    columns = frame.columns.intersection(scored.columns, sort=False)
    return frame.loc[frame[column].isin(codes), columns].reset_index(drop=True)


def _with_error(number: Bounded) -> tuple[Any, Any]:
    return number.value, number.error()


def _outlook(standings: Sequence[Standings], plan: Plan) -> Outlook:
    """One row per world out of standings over many."""
    size, given = len(plan.units), plan.rulebook.grades
    graded = [grades(one, given, Edges(one))[1] for one in standings]
    columns = [[getattr(one, name) for one in standings] for name in ("total", "has_total", "rank")]
    return Outlook(*(np.concatenate(tables).reshape(-1, size) for tables in (*columns, graded)))
