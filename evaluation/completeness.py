"""Completeness: each obligation in exactly one state, so that the states add up to what is owed.

An obligation of a department is met by a department; a unit's own figure in its place is used, but the
department still owes it.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from evaluation.definition import Definition
from evaluation.discrepancies import reported
from evaluation.key_numbers import KEY, KeyNumbers, marked
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


def completeness(
    definition: Definition, values: pd.DataFrame, ruled_out: set[int], corrections: pd.DataFrame, today: date
) -> pd.DataFrame:
    """Every obligation with COLUMNS, in the rulebook's order; what `targets.csv` exempts is among them.

    `filed`: a figure that may be used has come, or an approved correction gives it; `nil`: it is 0; `late`: it came
    after the due date; `held`, `refused`: what came waits for a person, or cannot be used; `not_due` up to and
    on the due day. `values` are submitted values, `ruled_out` the `row_id`s that a verdict rules out,
    `corrections` the approved ones (KEY, `new_value`).
    """
    asked, by_unit = asked_for(definition), (values["source"] == "self").to_numpy(dtype=bool)
    keys = KeyNumbers(definition, [asked, values, corrections])
    asked_keys, usable = keys.of(asked), (values["outcome"] == "accepted") & ~values["row_id"].isin(ruled_out)
    # A department's figure and a unit's own are two things that may be owed.
    numbers, owed = 2 * keys.of(values) + by_unit, 2 * asked_keys + asked["by_unit"].to_numpy(dtype=bool)
    counting = reported(definition, values, usable.to_numpy(dtype=bool), numbers).drop_duplicates("number")
    place = pd.Index(counting["number"]).get_indexer(owed)
    came = pd.Series(values["submitted_value"].array.take(np.append(counting["at"], -1)[place], allow_fill=True))
    given = pd.Series(asked_keys).map(_last_by_number(corrections, keys))
    filed = given.notna() | came.notna()
    nil = given.eq(0) | (given.isna() & _is_zero(came))
    due = asked["period"].map({period: due_on(definition.rulebook, period) for period in asked["period"].unique()})
    conditions = {
        "exempt": asked["exempt"].to_numpy(dtype=bool),
        "late": marked(counting["late"], place) & given.isna().to_numpy(dtype=bool),
        "nil": nil.to_numpy(dtype=bool),
        "filed": filed.to_numpy(dtype=bool),
        "held": np.isin(owed, numbers[~usable & (values["outcome"] == "held")]),
        "refused": np.isin(owed, numbers[~usable & values["outcome"].isin(["accepted", "refused"])]),
        "not_due": (due >= today).to_numpy(dtype=bool),
    }
    first = np.select([conditions[name] for name in STATES[:-1]], range(len(STATES) - 1), len(STATES) - 1)
    return asked.assign(due_on=due, state=pd.array(STATES, dtype="str").take(first))[COLUMNS]


def _last_by_number(corrections: pd.DataFrame, keys: KeyNumbers) -> pd.Series[float]:
    """The value that the last correction of each key gives it."""
    last = corrections.assign(number=keys.of(corrections)).drop_duplicates("number", keep="last")
    return pd.to_numeric(last.set_index("number")["new_value"]).astype("float64")


def _is_zero(texts: pd.Series) -> npt.NDArray[np.bool_]:
    """Which numbers are 0; each text is read once."""
    codes, distinct = pd.factorize(texts)
    return marked(pd.to_numeric(pd.Series(distinct)).eq(0), codes)


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
