"""What this year's items and units continue of last year's: said by the definition, never guessed from names.

Here belongs whose successor is whose, and last year's values under this year's codes. Whether what is continued can
be compared stands in `comparability.py`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from evaluation.definition import Definition
from evaluation.items import NOTHING_BEFORE
from evaluation.rulebook import Rulebook

VALUE_KEY = ["unit_code", "indicator_code", "period"]


@dataclass(frozen=True)
class Descent:
    """A unit's predecessors of last year. `shared`: another unit continues one of them too; `keeps`: it goes on under
    the code of its only one."""

    codes: tuple[str, ...]
    shared: bool
    keeps: bool

    @property
    def alone(self) -> bool:
        """Whether the one predecessor is the unit's own past: last year's numbers may stand for it."""
        return len(self.codes) == 1 and (self.keeps or not self.shared)


def item_predecessors(rulebook: Rulebook) -> dict[str, str]:
    """Last year's code by this year's, of items and parts; those that continue nothing are left out."""
    written = {place.item.code: place.item.continues or place.item.code for place in rulebook.places()}
    return {code: before for code, before in written.items() if before != NOTHING_BEFORE}


def figure_predecessors(rulebook: Rulebook) -> dict[str, str]:
    """The same for figures: one that no item has the code of keeps its code."""
    items, before = {place.item.code for place in rulebook.places()}, item_predecessors(rulebook)
    codes = dict.fromkeys(figure.code for figure in rulebook.figures())
    return {code: before.get(code, code) for code in codes if code in before or code not in items}


def additive_figures(rulebook: Rulebook) -> set[str]:
    """Figures of which the sum over units means something: said to be so, or another figure is their total."""
    totals = {place.item.total_of for place in rulebook.places()}
    return {
        figure.code
        for figure in rulebook.figures()
        if any(place.item.additive or place.item.code in totals for place in figure.places) or figure.code in totals
    }


def unit_predecessors(units: pd.DataFrame) -> dict[str, Descent]:
    """By unit of this year; `units` as of `Definition.units`. A unit that says nothing continues its own code."""
    written = units["continues"].fillna(units["unit_code"]).tolist()
    codes = {
        unit: () if text == NOTHING_BEFORE else tuple(dict.fromkeys(text.split(";")))
        for unit, text in zip(units["unit_code"].tolist(), written, strict=True)
    }
    times = Counter(code for before in codes.values() for code in before)
    return {
        unit: Descent(before, any(times[code] > 1 for code in before), before == (unit,))
        for unit, before in codes.items()
    }


def in_this_years_codes(definition: Definition, values: pd.DataFrame) -> pd.DataFrame:
    """Last year's accepted values (`unit_code, indicator_code, period, accepted_value`, …) as this year calls them.

    A unit made of several has the sums of additive figures where all of them have a value, and nothing else; a part of
    a unit that was split has nothing.
    """
    if not _says_anything(definition):
        return values
    figures = {before: code for code, before in figure_predecessors(definition.rulebook).items()}
    renamed = values.assign(indicator_code=values["indicator_code"].map(figures))
    return _of_units(definition, renamed[renamed["indicator_code"].notna()])


def totals_in_this_years_codes(definition: Definition, totals: pd.DataFrame) -> pd.DataFrame:
    """Last year's totals (`unit_code`, …) of units that go on alone; scores of several are never added."""
    if definition.units["continues"].isna().all():
        return totals
    own = {descent.codes[0]: unit for unit, descent in _descents(definition).items() if descent.alone}
    renamed = totals.assign(unit_code=totals["unit_code"].map(own))
    return renamed[renamed["unit_code"].notna()].reset_index(drop=True)


def _says_anything(definition: Definition) -> bool:
    written = any(place.item.continues for place in definition.rulebook.places())
    return written or bool(definition.units["continues"].notna().any())


def _descents(definition: Definition) -> dict[str, Descent]:
    return unit_predecessors(definition.units)


def _of_units(definition: Definition, values: pd.DataFrame) -> pd.DataFrame:
    descents = _descents(definition)
    own = {descent.codes[0]: unit for unit, descent in descents.items() if descent.alone}
    alone = values.assign(unit_code=values["unit_code"].map(own))
    merged = {unit: descent for unit, descent in descents.items() if len(descent.codes) > 1 and not descent.shared}
    sums = _summed(values, merged, additive_figures(definition.rulebook))
    return pd.concat([alone[alone["unit_code"].notna()], sums]).reset_index(drop=True)


def _summed(values: pd.DataFrame, merged: Mapping[str, Descent], additive: set[str]) -> pd.DataFrame:
    """One row per merged unit, additive figure and period that all its predecessors have."""
    into = {code: unit for unit, descent in merged.items() for code in descent.codes}
    rows = values[values["unit_code"].isin(list(into)) & values["indicator_code"].isin(list(additive))]
    rows = rows[rows["accepted_value"].notna()]
    rows = rows.assign(unit_code=rows["unit_code"].map(into).astype(values["unit_code"].dtype))
    found: list[dict[str, Any]] = []
    for key, together in rows.groupby(VALUE_KEY, sort=False):
        if len(together) == len(merged[key[0]].codes):
            total = sum(map(Decimal, together["accepted_value"]), Decimal(0))
            found.append({**together.iloc[0].to_dict(), "accepted_value": f"{total:f}"})
    return pd.DataFrame(found, columns=values.columns).astype(values.dtypes.to_dict()) if found else values.iloc[:0]
