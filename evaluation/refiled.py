"""Filed again (重新报送): which of several files counts where they say something of one matter, or give one mark.

Here belongs the comparison of files, for claims within what one sender filed, for marks of all senders. Rows of one
file stand beside each other. Figures are compared at acceptance.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from evaluation.discrepancies import came_late
from evaluation.reporting import SELF, mark_sources
from evaluation.rulebook import Rulebook
from evaluation.texts import matters_named, text_array, written_alike

MATTER = ["unit_code", "item_code", "matter"]


def with_matters(claims: pd.DataFrame) -> pd.DataFrame:
    """Claims with `matter`, the same for one object however it is written; NA where there is none."""
    return claims.assign(matter=pd.Series(text_array(matters_named(claims["object_id"])), index=claims.index))


def places_of_sources(sources: Mapping[str, tuple[str, ...]], codes: pd.Series, given: pd.Series) -> Any:
    """The place, from 0, of each row's source among those that its code names; after all others where it is none."""
    places = {(code, source): place for code, named in sources.items() for place, source in enumerate(named)}
    known = pd.Series(places, dtype="float64") if places else pd.Series(dtype="float64", index=[[], []])
    return known.reindex(pd.MultiIndex.from_arrays([codes, given])).fillna(np.inf).to_numpy()


def files_that_count(rulebook: Rulebook, claims: pd.DataFrame, accepted_seq: pd.Series) -> pd.Series[int]:
    """Of each claim the entry (`seq`) of the file that counts for its matter, of those that its sender filed.

    That is the last one in time; where none came in time, the last. What an examiner accepted (`accepted_seq`: the
    entry of that decision, NA elsewhere) is filed as of then: whatever a department had filed before gives way, and
    of a unit's own claims the others that were accepted; its undecided ones are compared among themselves.
    A claim that cannot be read, or names no object, has its own.
    """
    rows = claims[(claims["outcome"] == "accepted") & claims["object_id"].notna()]
    rows = with_matters(rows)[["sender", *MATTER, "seq", "source", "received_at"]]
    accepted, own = accepted_seq.reindex(rows.index), (rows["source"] == SELF).to_numpy()
    rows["matter_number"] = rows.groupby(["sender", *MATTER]).ngroup()
    rows["timely"] = ~came_late(rulebook, rows["received_at"])
    filed = _last(rows, ["timely", "seq"])
    rows["since"] = accepted.where(accepted.notna(), rows["seq"].where((rows["seq"] == filed) & ~own, -1))
    counting = filed.where(own & accepted.isna().to_numpy(), _last(rows, ["since", "timely", "seq"]))
    return counting.reindex(claims.index).fillna(claims["seq"]).astype("int64")


def _last(rows: pd.DataFrame, order: list[str]) -> pd.Series[int]:
    """The `seq` of each row's matter that comes last in the order."""
    return rows.sort_values(order).groupby("matter_number")["seq"].transform("last").reindex(rows.index)


def marks_that_count(rulebook: Rulebook, marks: pd.DataFrame) -> pd.DataFrame:
    """Marks that could be read, of each unit, item and judge those of one file.

    That is the most trusted source's, of its files the last one in time; where none came in time, the last.
    """
    rows = marks[marks["outcome"] == "accepted"]
    trust = places_of_sources(mark_sources(rulebook), rows["indicator_code"], rows["source"])
    order = rows.assign(judge=judges(rows), trust=-trust, timely=~came_late(rulebook, rows["received_at"])).sort_values(
        ["trust", "timely", "seq"]
    )
    last = order.groupby(["unit_code", "indicator_code", "judge"], dropna=False)["seq"].transform("last")
    return rows[rows["seq"] == last.reindex(rows.index)]


def judges(marks: pd.DataFrame) -> pd.Series[str]:
    """Judges, the same however a name is written."""
    return pd.Series(text_array(written_alike(marks["judge"])), index=marks.index)
