"""The analyses (差距、名次稳定性、进度预警) of one evaluation together.

Here belongs what they are made from and when they are not made: over a few hundred units gaps are looked for one
unit at a time, on demand; over a few thousand nobody looks how far ranks may move, as every unit is held against every
other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

import pandas as pd

from evaluation.firmness import Firmness, firmness
from evaluation.gap_table import gap_table
from evaluation.open_matters import Unsettled, open_matters
from evaluation.progress import progress
from evaluation.worlds import Today

MOST_COMPARED = 2_000


@dataclass(frozen=True)
class Analyses:
    """`gaps`, `progress`: tables as their modules make them; `gaps`, `firmness` None: too many units to look."""

    gaps: pd.DataFrame | None
    firmness: Firmness | None
    progress: pd.DataFrame


def analyse(
    today: Today,
    unsettled: Callable[[], Unsettled],
    as_of: date,
    *,
    with_gaps: bool,
    units: Collection[str] | None = None,
) -> Analyses:
    """All three. `unsettled` is asked for where it is needed; `as_of`: the last day that counts for progress; `units`:
    whose gaps are looked for, default all."""
    return Analyses(
        gaps=gap_table(today, units) if with_gaps else None,
        firmness=firmness(today, open_matters(today, unsettled())) if len(today.plan.units) <= MOST_COMPARED else None,
        progress=progress(today, as_of),
    )
