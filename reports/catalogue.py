"""The names a rulebook gives to items, figures, groups and departments, as frames and mappings.

Here belongs looking names up in the definition. Scores, marks and layout do not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from evaluation.figures import figure_code
from evaluation.outcomes import Veto
from evaluation.rulebook import Place
from reports.edition import Edition, made_once

ITEM_COLUMNS = [
    "section_code",
    "section_name",
    "indicator_code",
    "indicator_name",
    "unit_of_measure",
    "figure",
    "measured_as",
    "data_year",
]
EXTRA_SECTIONS = {"bonus": "加分", "penalty": "扣分"}


@dataclass(frozen=True)
class Catalogue:
    """`items`: one row per item in the rulebook's order (columns ITEM_COLUMNS); the rest: code → name."""

    items: pd.DataFrame
    units: dict[str, str]
    groups: dict[str, str]
    departments: dict[str, str]
    figures: dict[str, str]
    vetoes: dict[str, Veto]

    def sender(self, code: str) -> str:
        """Name of a department or unit that sends; a folder that nobody knows keeps its code."""
        return self.departments.get(code) or self.units.get(code) or code


@made_once
def catalogue(edition: Edition) -> Catalogue:
    """Read the names out of the edition's definition."""
    rulebook = edition.definition.rulebook
    units = edition.definition.units.drop_duplicates("unit_code", keep="last")
    items = pd.DataFrame([_row(place) for place in rulebook.top_items()], columns=ITEM_COLUMNS, dtype="str")
    return Catalogue(
        items=items,
        units=dict(zip(units["unit_code"], units["name"], strict=True)),
        groups={group.code: group.name for group in rulebook.groups},
        departments={"self": "单位自报", "correction": "更正"} | {one.code: one.name for one in rulebook.departments},
        figures={figure.code: figure.name for figure in reversed(rulebook.figures())}
        | dict(zip(items["indicator_code"], items["indicator_name"], strict=True)),
        vetoes={veto.code: veto for veto in rulebook.vetoes},
    )


def translated(column: pd.Series, word: Callable[[str], str]) -> pd.Series:
    """Translate each distinct text once; blanks become empty."""
    known = column.fillna("")
    return known.map({value: word(value) if value else "" for value in known.unique().tolist()})


def _row(place: Place) -> list[str | None]:
    item = place.item
    section = place.section.name if place.section else EXTRA_SECTIONS[place.section_code]
    return [
        place.section_code,
        section,
        item.code,
        item.name,
        item.unit_of_measure,
        figure_code(place.chain),
        item.measure,
        None if item.data_year is None else str(item.data_year),
    ]
