"""Open matters (未决事项): what of an evaluation is not settled yet, and how each may turn out.

Here belongs what counts as open and which outcomes are looked at. What follows for ranks is said by `firmness.py`.

An outcome is what would be otherwise; the first outcome of every matter is that nothing is. Outcomes that nobody can
know are taken from what is known: a forecast may miss by the figure's `tolerance` (10 % where there is none); a figure
that is not there may be any from the lowest to the highest of the units compared, or reach target or stretch; an
appeal may bring the full points of what it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from evaluation.decided import WAITS
from evaluation.discrepancies import discrepancies
from evaluation.figures import Figure
from evaluation.key_numbers import KEY
from evaluation.rounding import decimal_text
from evaluation.touched import readers
from evaluation.worlds import FigureKey, Today, World

FORECAST_MARGIN = Fraction(1, 10)
NOTHING = World()


@dataclass(frozen=True)
class Unsettled:
    """What is open besides what the accepted values say.

    `values`: submitted values that are usable. `claims`: all submitted claims with their `decision`. `requested`:
    corrections of figures that wait for approval (KEY, `new_value`, in the order of their requests). `appeals`: open
    ones (`unit_code, indicator_code, receipt`).
    """

    values: pd.DataFrame
    claims: pd.DataFrame
    requested: pd.DataFrame
    appeals: pd.DataFrame


@dataclass(frozen=True)
class Matter:
    """One open matter of one unit; `name` is its claim, appeal or period. `outcomes`: the first is today's."""

    kind: str
    unit_code: str
    indicator_code: str
    name: str
    outcomes: tuple[World, ...]


def open_matters(today: Today, unsettled: Unsettled) -> list[Matter]:
    """Everything open that could change a score, each cell of a figure once."""
    figures = _figures(today)
    known = _known_alternatives(today, unsettled)
    found = [_of_figure(key, values, why) for key, (values, why) in (known | _unknown(today, figures, known)).items()]
    matters = [*found, *_claims(today, unsettled.claims), *_appeals(today, unsettled.appeals)]
    return [one for one in matters if len(one.outcomes) > 1]


Alternatives = dict[FigureKey, tuple[tuple[str, ...], str]]


def _of_figure(key: FigureKey, values: tuple[str, ...], kind: str) -> Matter:
    outcomes = (World({key: value}) for value in dict.fromkeys(values))
    return Matter(kind, key.unit, key.figure, key.period, (NOTHING, *outcomes))


def _figures(today: Today) -> dict[str, Figure]:
    return {figure.code: figure for figure in reversed(today.plan.rulebook.figures())}


def _known_alternatives(today: Today, unsettled: Unsettled) -> Alternatives:
    """Cells for which another value lies on the table: of another source, held, or asked for as a correction."""
    found: Alternatives = {}
    accepted = today.given.figures
    open_cells = set(_keys(accepted[accepted["flags"].fillna("").str.contains("discrepancy", regex=False)]))
    usable = unsettled.values[unsettled.values["outcome"] == "accepted"]
    apart = discrepancies(today.definition, usable)
    held = unsettled.values[(unsettled.values["outcome"] == "held") & unsettled.values["submitted_value"].notna()]
    for kind, frame, column in (
        ("discrepancy", apart, "other_value"),
        ("held", held, "submitted_value"),
        ("correction", unsettled.requested, "new_value"),
    ):
        for key, value in zip(_keys(frame), frame[column].tolist(), strict=True):
            if kind != "discrepancy" or key in open_cells:
                values, first = found.get(key, ((), kind))
                found[key] = ((*values, str(value)), first)
    return found


def _keys(frame: pd.DataFrame) -> list[FigureKey]:
    return [FigureKey(*map(str, key)) for key in frame[KEY].itertuples(index=False)]


def _unknown(today: Today, figures: dict[str, Figure], known: Alternatives) -> Alternatives:
    """Provisional cells without another value on the table: forecasts, and what a department owes or had refused."""
    frame = today.given.figures
    open_ones = frame[frame["provisional"].astype(bool)]
    found: Alternatives = {}
    for key, value in zip(_keys(open_ones), open_ones["accepted_value"].tolist(), strict=True):
        figure = figures.get(key.figure)
        if key in known or figure is None:
            continue
        if isinstance(value, str):
            margin = FORECAST_MARGIN if figure.tolerance is None else figure.tolerance
            number = Fraction(value)
            found[key] = (tuple(decimal_text(number * (1 + one)) for one in (-margin, margin)), "forecast")
        else:
            found[key] = (_plausible(today, figure, key), "missing")
    return found


def _plausible(today: Today, figure: Figure, key: FigureKey) -> tuple[str, ...]:
    """The lowest and the highest of that period among the units compared, target and stretch."""
    frame, units = today.given.figures, today.plan.units.units
    group = units.loc[units["unit_code"] == key.unit, "group"]
    others = units.loc[units["group"].isin(group), "unit_code"]
    here = frame[(frame["indicator_code"] == key.figure) & (frame["period"] == key.period)]
    values = sorted(map(Fraction, here.loc[here["unit_code"].isin(others), "accepted_value"].dropna()))
    found = [values[0], values[-1]] if values else []
    position = np.flatnonzero((units["unit_code"] == key.unit).to_numpy())
    for node in readers(today.plan, key.figure):
        for which in ("target", "stretch"):
            column = today.inputs.target(node, which)
            if figure.frequency == "year" and column.known[position].all():
                found.append(Fraction(column.exact(position)[0]))
    return tuple(decimal_text(one) for one in found)


def _claims(today: Today, claims: pd.DataFrame) -> Iterator[Matter]:
    """Claims that wait for an examiner: refused, as they count today, or accepted."""
    waiting = claims[(claims["outcome"] == "accepted") & (claims["decision"] == WAITS)]
    given = today.given.claims
    columns = list(claims.columns if given is None else given.columns)
    for row in waiting.astype("object").where(waiting.notna(), None).to_dict("records"):
        accepted = World(claims=({name: row.get(name) for name in columns},))
        yield Matter("claim", row["unit_code"], row["item_code"], row["claim_id"], (NOTHING, accepted))


def _appeals(today: Today, appeals: pd.DataFrame) -> Iterator[Matter]:
    """Open appeals: refused, or upheld to the full points of the item; penalties to none."""
    units = {code: at for at, code in enumerate(today.plan.units.codes.to_pylist())}
    for row in appeals.to_dict("records"):
        top = next((one for one in today.plan.tops if one.code == row["indicator_code"]), None)
        if top is None or row["unit_code"] not in units:
            continue
        class_of = int(today.plan.units.class_of[units[row["unit_code"]]])
        points = Fraction(0) if top.place.where == "penalties" else top.points[class_of % len(top.points)]
        upheld = World(scores={(row["unit_code"], top.code): points})
        yield Matter("appeal", row["unit_code"], top.code, row["receipt"], (NOTHING, upheld))
