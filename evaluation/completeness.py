"""Completeness: each obligation in exactly one state, so that the states add up to what is owed.

An obligation of a department is met by a department; a unit's own figure in its place is used, but the
department still owes it.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from evaluation.definition import Definition
from evaluation.discrepancies import KEY, ranked
from evaluation.obligations import asked_for, due_on

# In the order in which they are looked at: the first that fits is the obligation's state.
STATES = ("exempt", "late", "nil", "filed", "held", "refused", "not_due", "missing")
# What people call them, in the order in which they are shown.
STATE_WORDS = {
    "filed": "已报",
    "nil": "零报",
    "late": "迟报",
    "held": "待判断",
    "refused": "退回",
    "missing": "缺报",
    "not_due": "未到期",
    "exempt": "免报",
}
SHOWN = tuple(STATE_WORDS)
MET = ("filed", "nil", "late")
COLUMNS = [*KEY, "owed_by", "by_unit", "due_on", "state"]
READ = [*KEY, "row_id", "seq", "submitted_value", "outcome", "source", "received_at"]


def completeness(
    definition: Definition, values: pd.DataFrame, ruled_out: set[int], corrections: pd.DataFrame, today: date
) -> pd.DataFrame:
    """Every obligation with COLUMNS, in the rulebook's order; what `targets.csv` exempts is among them.

    `filed`: a figure that may be used has come, or an approved correction gives it; `nil`: it is 0; `late`: it came
    after the due date; `held`, `refused`: what came waits for a person, or cannot be used; `not_due` up to and
    on the due day. `values` are submitted values, `ruled_out` the `row_id`s that a verdict rules out,
    `corrections` the approved ones (KEY, `new_value`).
    """
    asked = asked_for(definition)
    keys = pd.MultiIndex.from_frame(asked[[*KEY, "by_unit"]])
    values = values[READ].assign(by_unit=values["source"] == "self")
    usable = (values["outcome"] == "accepted") & ~values["row_id"].isin(ruled_out)
    counting = ranked(definition, values[usable]).drop_duplicates([*KEY, "by_unit"]).set_index([*KEY, "by_unit"])
    counting = counting[["submitted_value", "late"]].reindex(keys).reset_index(drop=True)
    corrected = corrections.drop_duplicates(KEY, keep="last").set_index(KEY)["new_value"]
    given = corrected.reindex(pd.MultiIndex.from_frame(asked[KEY])).reset_index(drop=True)
    number = pd.to_numeric(given.where(given.notna(), counting["submitted_value"]))
    unusable = values[~usable].set_index([*KEY, "by_unit"])["outcome"]
    due = asked["period"].map({period: due_on(definition.rulebook, period) for period in asked["period"].unique()})
    conditions = {
        "exempt": asked["exempt"].to_numpy(dtype=bool),
        "late": (counting["late"].eq(True) & given.isna()).to_numpy(dtype=bool),
        "nil": (number == 0).to_numpy(dtype=bool),
        "filed": number.notna().to_numpy(dtype=bool),
        "held": keys.isin(unusable.index[unusable == "held"]),
        "refused": keys.isin(unusable.index[unusable.isin(["accepted", "refused"])]),
        "not_due": (due >= today).to_numpy(dtype=bool),
    }
    state = np.select([conditions[name] for name in STATES[:-1]], STATES[:-1], STATES[-1])
    return asked.assign(due_on=due, state=pd.Series(state, index=asked.index, dtype="str"))[COLUMNS]


def counted(states: pd.DataFrame, by: str) -> pd.DataFrame:
    """How many obligations are in each state, by `owed_by`, `period` or another column: one row each, with
    `owed` (their sum), in the order in which they first appear; SHOWN as columns."""
    counts = pd.crosstab(states[by], states["state"]).reindex(columns=list(SHOWN), fill_value=0)
    counts = counts.reindex(states[by].drop_duplicates())
    counts.insert(0, "owed", counts.sum(axis=1))
    return counts.rename_axis(columns=None).reset_index()


def share_met(states: pd.DataFrame) -> float:
    """Obligations met, as a share of those that are due and not exempt; 1 where nothing is due."""
    due = ~states["state"].isin(["exempt", "not_due"])
    return float(states.loc[due, "state"].isin(MET).mean()) if due.any() else 1.0
