"""What is owed: one row per unit × figure × period that the rulebook asks for. Whether it came is decided elsewhere."""

from __future__ import annotations

import pandas as pd

from evaluation.definition import Definition
from evaluation.figures import Figure
from evaluation.rulebook import Rulebook

PERIODS = {
    "year": ("{year}",),
    "quarter": tuple(f"{{year}}Q{quarter}" for quarter in range(1, 5)),
    "month": tuple(f"{{year}}-{month:02}" for month in range(1, 13)),
}


def periods_due(rulebook: Rulebook, figure: Figure) -> list[str]:
    """The figure's periods in the cycle (or in its `data_year`), in order: 2025, 2025Q1 … or 2025-01 …"""
    year = figure.data_year or rulebook.cycle.year
    return [period.format(year=year) for period in PERIODS[figure.frequency]]


def obligations(definition: Definition) -> pd.DataFrame:
    """Units × figures × periods with `unit_code, indicator_code, period, owed_by, by_unit`, in the rulebook's order.

    `owed_by` is the most trusted source, a department code or the unit's own code; `by_unit` tells which.
    A unit owes no figure of items that do not apply to it or that `targets.csv` exempts it from.
    """
    frames = [_owed(definition, figure) for figure in definition.rulebook.figures()]
    columns = ["unit_code", "indicator_code", "period", "owed_by", "by_unit"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _owed(definition: Definition, figure: Figure) -> pd.DataFrame:
    units = definition.units.loc[assessed(definition, figure), ["unit_code"]]
    periods = pd.DataFrame({"period": periods_due(definition.rulebook, figure)}, dtype="str")
    owed = units.merge(periods, how="cross")
    first = figure.sources[0] if figure.sources else "self"
    by_unit = first == "self"
    owed.insert(1, "indicator_code", figure.code)
    return owed.assign(owed_by=owed["unit_code"] if by_unit else first, by_unit=by_unit)


def assessed(definition: Definition, figure: Figure) -> pd.Series[bool]:
    """Of units.csv those for which at least one item that reads the figure applies and is a task."""
    units, targets = definition.units, definition.targets
    found = pd.Series(False, index=units.index)
    exempt = targets[targets["applicable"] == "no"] if "applicable" in targets else targets.iloc[:0]
    for place in figure.places:
        codes = [item.code for item in place.chain]
        excluded = set(exempt.loc[exempt["indicator_code"].isin(codes), "unit_code"])
        applies = [
            definition.rulebook.applies(place, code, group) and code not in excluded
            for code, group in zip(units["unit_code"], units["group"], strict=True)
        ]
        found |= pd.Series(applies, index=units.index)
    return found
