"""What a correction or a ruling would change, as a page shows it: to a township only its own until results are out."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from orchestration.desk.shared import Desk
from orchestration.previewing import Preview
from reports.harmless import visible
from reports.shifts import officials_shown, units_shown
from resources.states import standing

ROWS_SHOWN = 200


class Table(NamedTuple):
    """Headers and rows of texts; `more` rows are not shown."""

    headers: list[str]
    rows: list[list[str]]
    more: int


class Effect(NamedTuple):
    """`others`: how many units more would change that this user does not see yet."""

    change: str
    units: Table
    officials: Table
    notes: list[str]
    others: int


def effect_shown(desk: Desk, found: Preview) -> Effect:
    seen, officials, others = found.units, found.officials, 0
    if not desk.user.examines and not standing(desk.ledger, desk.evaluation).closed:
        own = seen["unit_code"].isin(desk.user.codes)
        seen, others = seen[own].assign(cause=""), int((~own).sum())
        officials = officials[officials["unit_code"].isin(desk.user.codes)]
    notes = [visible(note) for note in found.notes]
    return Effect(visible(found.change), table(units_shown(seen)), table(officials_shown(officials)), notes, others)


def table(frame: pd.DataFrame) -> Table:
    rows = [[visible(str(cell)) for cell in row] for row in frame.head(ROWS_SHOWN).itertuples(index=False)]
    return Table(list(frame.columns), rows, max(len(frame) - ROWS_SHOWN, 0))
