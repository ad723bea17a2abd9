"""What is owed: one row per unit × figure × period that the rulebook asks for. Whether it came is decided elsewhere."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pandas as pd

from evaluation.definition import Definition
from evaluation.figures import Figure
from evaluation.rulebook import Place, Rulebook

PERIODS = {
    "year": ("{year}",),
    "quarter": tuple(f"{{year}}Q{quarter}" for quarter in range(1, 5)),
    "month": tuple(f"{{year}}-{month:02}" for month in range(1, 13)),
}
COLUMNS = ["unit_code", "indicator_code", "period", "owed_by", "by_unit"]


def periods_due(rulebook: Rulebook, figure: Figure) -> list[str]:
    """The figure's periods in the cycle (or in its `data_year`), in order: 2025, 2025Q1 … or 2025-01 …"""
    year = figure.data_year or rulebook.cycle.year
    return [period.format(year=year) for period in PERIODS[figure.frequency]]


def last_day(period: str) -> date:
    """The last day of a period.

    >>> [last_day(period).isoformat() for period in ("2025", "2025Q1", "2025-02")]
    ['2025-12-31', '2025-03-31', '2025-02-28']
    """
    year = int(period[:4])
    month = int(period[5:]) * 3 if "Q" in period else int(period[5:] or 12)
    return date(year, month, calendar.monthrange(year, month)[1])


def due_on(rulebook: Rulebook, period: str) -> date:
    """The day until which the period's figures are to come in.

    The last period of the cycle, and figures of other years, by `submissions_due`; an earlier period as many
    days after its end as the cycle's last one. Without `submissions_due` each is due when it ends.
    """
    ends, due = last_day(period), rulebook.calendar.submissions_due
    if due is None:
        return ends
    within = rulebook.cycle.starts <= ends < rulebook.cycle.ends
    return ends + max(due - rulebook.cycle.ends, timedelta(0)) if within else due


def obligations(definition: Definition) -> pd.DataFrame:
    """Units × figures × periods with COLUMNS, in the rulebook's order.

    `owed_by` is the most trusted source, a department code or the unit's own code; `by_unit` tells which.
    A unit owes no figure of items that do not apply to it or that `targets.csv` exempts it from, and none of
    periods at whose end it no longer (or not yet) existed.
    """
    asked = asked_for(definition)
    owed = asked.loc[~asked["exempt"]].reset_index(drop=True) if asked["exempt"].any() else asked
    return owed[COLUMNS]


def asked_for(definition: Definition) -> pd.DataFrame:
    """`obligations` with those that `targets.csv` exempts, told by `exempt`."""
    return _all_asked(definition).copy(deep=False)


@lru_cache(maxsize=8)
def _all_asked(definition: Definition) -> pd.DataFrame:
    """Made once for a definition: completeness, acceptance and every step of a comparison ask for it."""
    frames = [_asked(definition, figure) for figure in definition.rulebook.figures()]
    columns = [*COLUMNS, "exempt"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns).astype({"exempt": bool})


def _asked(definition: Definition, figure: Figure) -> pd.DataFrame:
    applies, assessed = assessed_on(definition, figure.places)
    units = definition.units[["unit_code"]].assign(exempt=applies & ~assessed, at=np.arange(len(definition.units)))
    periods = pd.DataFrame({"period": periods_due(definition.rulebook, figure)}, dtype="str")
    asked = units[applies].merge(periods, how="cross")
    asked = asked[_existing(definition, asked)].drop(columns="at").reset_index(drop=True)
    first = figure.sources[0] if figure.sources else "self"
    by_unit = first == "self"
    asked = asked.assign(indicator_code=figure.code, owed_by=asked["unit_code"] if by_unit else first, by_unit=by_unit)
    return asked[[*COLUMNS, "exempt"]]


def _existing(definition: Definition, asked: pd.DataFrame) -> pd.Series[bool]:
    """Whether the unit existed on the period's last day; for figures of other years, at the end of the cycle."""
    cycle, units = definition.rulebook.cycle, definition.units
    days = {
        period: (ends if cycle.starts <= ends <= cycle.ends else cycle.ends).isoformat()
        for period, ends in ((period, last_day(period)) for period in asked["period"].unique())
    }
    day, exists = asked["period"].map(days), pd.Series(True, index=asked.index)
    for column, outside in (("valid_from", day.lt), ("valid_to", day.gt)):
        if column in units and units[column].notna().any():
            limit = units[column].iloc[asked["at"]].set_axis(asked.index)
            exists &= ~(limit.notna() & outside(limit.fillna("")))
    return exists


def assessed(definition: Definition, figure: Figure) -> pd.Series[bool]:
    """Of units.csv those for which at least one item that reads the figure applies and is a task."""
    return assessed_on(definition, figure.places)[1]


def assessed_on(definition: Definition, places: Iterable[Place]) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Units for which one of the items applies, and those that one of them is left for."""
    units, targets, classes = definition.units, definition.targets, definition.plan.units
    applies, assessed = pd.Series(False, index=units.index), pd.Series(False, index=units.index)
    exempt = targets[targets["applicable"] == "no"] if "applicable" in targets else targets.iloc[:0]
    for place in places:
        codes = [item.code for item in place.chain]
        excluded = units["unit_code"].isin(exempt.loc[exempt["indicator_code"].isin(codes), "unit_code"])
        by_class = [definition.rulebook.applies(place, code, group) for code, group in classes.classes]
        here = pd.Series(np.array(by_class, dtype=bool)[classes.class_of], index=units.index)
        applies |= here
        assessed |= here & ~excluded
    return applies, assessed
