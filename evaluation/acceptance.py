"""Acceptance (核定): of all that was submitted, one value per unit × figure × period, and why that one.

Order: approved correction > the most trusted source that reported > its latest submission in time, else its latest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from evaluation.definition import Definition
from evaluation.discrepancies import discrepancies, outranked, reported
from evaluation.key_numbers import KEY as KEY
from evaluation.key_numbers import KeyNumbers, chosen, marked
from evaluation.obligations import obligations

CELL = ["sha256", "file", "sheet", "cell"]
COLUMNS = [*KEY, "accepted_value", "source", *CELL, "seq", "flags", "provisional"]
SCORED = [name for name in COLUMNS if name not in CELL]  # without where a value stands
READ = [*KEY, "submitted_value", "source", "seq", "row_id", "status", "received_at", "outcome"]
FLAGS = ("forecast", "late", "unverified", "discrepancy", "resolved", "corrected", "refused", "owed")
_TAKEN = {"accepted_value": "submitted_value", **{name: name for name in ("source", *CELL, "seq")}}
_Mask: TypeAlias = npt.NDArray[np.bool_]


def accept(
    definition: Definition,
    values: pd.DataFrame,
    refused_rows: set[int],
    corrections: pd.DataFrame,
    resolutions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Accepted values with COLUMNS, one row per key that is owed, was reported or corrected, in the rulebook's order.

    `values` are submitted values; `refused_rows` the `row_id`s that a finding rules out; `corrections` the
    approved ones in the order of approval (`approval_seq`, KEY, `new_value`); `resolutions` what examiners
    resolved (`finding_id`, and `source` where they chose one). `accepted_value` is NA where something is owed
    and nothing usable came; the row is provisional where that is not the unit's own fault.
    """
    usable = ((values["outcome"] == "accepted") & ~values["row_id"].isin(refused_rows)).to_numpy(dtype=bool)
    apart = discrepancies(definition, chosen(values, usable, READ))
    settled, preferred = _settled(apart, resolutions)
    owed = obligations(definition)
    keys = KeyNumbers(definition, [owed, values, corrections])
    numbers, debts, corrected = keys.of(values), keys.of(owed), keys.of(corrections)
    came = reported(definition, values, usable, numbers)
    best = came[~outranked(came, preferred.assign(number=keys.of(preferred)))].drop_duplicates("number")
    rows = np.sort(pd.unique(np.concatenate([debts, best["number"].to_numpy(), corrected])))
    # Where each row's value stands in `best` and in `values`, -1 for nowhere: cells are not carried through joins.
    place = pd.Index(best["number"]).get_indexer(rows)
    at = np.append(best["at"].to_numpy(), -1)[place]
    taken = {name: pd.Series(values[column].array.take(at, allow_fill=True)) for name, column in _TAKEN.items()}
    missing = taken["accepted_value"].isna().to_numpy(dtype=bool)
    refused = missing & np.isin(rows, numbers[_in_vain(values, usable)])
    doubtful, resolved = (np.isin(rows, keys.of(apart[which])) & ~missing for which in (~settled, settled))
    marks = {
        "forecast": marked(values["status"].eq("forecast"), at),
        "late": marked(best["late"], place),
        "unverified": marked(best["unverified"], place),
        "discrepancy": doubtful,
        "resolved": resolved & ~doubtful,
        "refused": refused,
        "owed": missing & ~refused,
    }
    departments_debt = np.isin(rows, debts[~owed["by_unit"].to_numpy(dtype=bool)])
    provisional = marks["forecast"] | doubtful | refused | (marks["owed"] & departments_debt)
    frame = pd.DataFrame({**keys.columns(rows), **taken, "flags": _joined(marks), "provisional": provisional})
    return _corrected(frame[COLUMNS], corrections.assign(at=np.searchsorted(rows, corrected)))


def _in_vain(values: pd.DataFrame, usable: _Mask) -> _Mask:
    """Rows that were submitted and cannot be used, or wait for a person."""
    return np.asarray(~usable & values["outcome"].isin(["accepted", "refused", "held"]), dtype=bool)


def _settled(apart: pd.DataFrame, resolutions: pd.DataFrame | None) -> tuple[pd.Series[bool], pd.DataFrame]:
    """Which discrepancies are resolved, and for which keys another source than the most trusted was chosen."""
    if resolutions is None or resolutions.empty:
        return pd.Series(False, index=apart.index), apart.iloc[:0][[*KEY, "source"]]
    settled = apart["finding_id"].isin(resolutions["finding_id"])
    choices = resolutions.drop_duplicates("finding_id", keep="last").set_index("finding_id")["source"]
    chosen = apart[[*KEY]].assign(source=apart["finding_id"].map(choices))
    return settled, chosen[chosen["source"].notna()]


def _joined(marks: Mapping[str, _Mask]) -> pd.Series[str]:
    """The names of the marks that each row has, joined by `;`, in the order of FLAGS."""
    names = [name for name in FLAGS if name in marks]
    sets = np.zeros(len(marks[names[0]]), dtype=np.int64)
    for place, name in enumerate(names):
        sets |= marks[name].astype(np.int64) << place
    texts = [";".join(name for place, name in enumerate(names) if one >> place & 1) for one in range(1 << len(names))]
    return pd.Series(pd.array(texts, dtype="str").take(sets))


def _corrected(frame: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Approved corrections put over what was accepted `at` that row; the latest approval of a key counts."""
    latest = corrections.sort_values("approval_seq").drop_duplicates("at", keep="last").set_index("at")
    if latest.empty:
        return frame
    frame.loc[latest.index, CELL] = pd.NA
    frame.loc[latest.index, "accepted_value"] = latest["new_value"].astype("str")
    frame.loc[latest.index, "source"] = "correction"
    frame.loc[latest.index, "seq"] = latest["seq"].astype("int64")
    frame.loc[latest.index, "flags"] = "corrected"
    frame.loc[latest.index, "provisional"] = False
    return frame
