"""Acceptance (核定): of all that was submitted, one value per unit × figure × period, and why that one.

Order: approved correction > the most trusted source that reported > its latest submission in time, else its latest.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.definition import Definition
from evaluation.discrepancies import KEY as KEY
from evaluation.discrepancies import discrepancies, outranked, ranked
from evaluation.obligations import obligations

CELL = ["sha256", "file", "sheet", "cell"]
COLUMNS = [*KEY, "accepted_value", "source", *CELL, "seq", "flags", "provisional"]
READ = [*KEY, "submitted_value", "source", "seq", "row_id", "status", "received_at", "outcome"]
FLAGS = ("forecast", "late", "unverified", "discrepancy", "resolved", "corrected", "refused", "owed")


def accept(
    definition: Definition,
    values: pd.DataFrame,
    refused_rows: set[int],
    corrections: pd.DataFrame,
    resolutions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Accepted values with COLUMNS, one row per key that is owed or was reported, in the rulebook's order.

    `values` are submitted values; `refused_rows` the `row_id`s that a finding rules out; `corrections` the
    approved ones in the order of approval (`approval_seq`, KEY, `new_value`); `resolutions` what examiners
    resolved (`finding_id`, and `source` where they chose one). `accepted_value` is NA where something is owed
    and nothing usable came; the row is provisional where that is not the unit's own fault.
    """
    usable = (values["outcome"] == "accepted") & ~values["row_id"].isin(refused_rows)
    counting = values.loc[usable, READ]
    apart = discrepancies(definition, counting)
    settled, chosen = _settled(apart, resolutions)
    reported = ranked(definition, counting)
    reported = reported[~outranked(reported, chosen)]
    best = reported.drop_duplicates(KEY).set_index(KEY)
    best["discrepancy"] = best.index.isin(apart[~settled].set_index(KEY).index)
    best["resolved"] = best.index.isin(apart[settled].set_index(KEY).index) & ~best["discrepancy"]
    refused = pd.MultiIndex.from_frame(
        values.loc[~usable & values["outcome"].isin(["accepted", "refused", "held"]), KEY]
    )
    owed = obligations(definition).set_index(KEY)
    rows = _all_keys(definition, owed.index, best.index)
    frame = best.reindex(rows).join(owed, how="left")
    frame = _with_cells(_with_flags(frame, refused), values)
    return _corrected(frame, corrections).reset_index()[COLUMNS]


def _with_cells(frame: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """With where each value stands, found by its `row_id`: not carried through joins, for it is most of the memory."""
    rows = frame["row_id"].astype("Int64").fillna(-1).astype("int64")
    at = pd.Index(values["row_id"].astype("int64")).get_indexer(rows)
    cells = {name: values[name].array.take(at, allow_fill=True) for name in CELL}
    return frame.assign(**{name: pd.Series(cell, frame.index) for name, cell in cells.items()})


def _settled(apart: pd.DataFrame, resolutions: pd.DataFrame | None) -> tuple[pd.Series[bool], pd.DataFrame]:
    """Which discrepancies are resolved, and for which keys another source than the most trusted was chosen."""
    if resolutions is None or resolutions.empty:
        return pd.Series(False, index=apart.index), apart.iloc[:0][[*KEY, "source"]]
    settled = apart["finding_id"].isin(resolutions["finding_id"])
    choices = resolutions.drop_duplicates("finding_id", keep="last").set_index("finding_id")["source"]
    chosen = apart[[*KEY]].assign(source=apart["finding_id"].map(choices))
    return settled, chosen[chosen["source"].notna()]


def _all_keys(definition: Definition, owed: pd.MultiIndex, reported: pd.MultiIndex) -> pd.MultiIndex:
    """Both sets of keys in the order of units.csv, of the rulebook's figures, of periods."""
    keys = owed.union(reported, sort=False).to_frame(index=False)
    order = {f.code: place for place, f in enumerate(definition.rulebook.figures())}
    units = {code: place for place, code in enumerate(definition.units["unit_code"])}
    keys["unit_order"], keys["figure_order"] = keys["unit_code"].map(units), keys["indicator_code"].map(order)
    keys = keys.sort_values(["unit_order", "figure_order", "period"], kind="stable")
    return pd.MultiIndex.from_frame(keys[KEY])


def _with_flags(frame: pd.DataFrame, refused: pd.MultiIndex) -> pd.DataFrame:
    missing = frame["submitted_value"].isna()
    was_refused = pd.Series(frame.index.isin(refused), index=frame.index)
    departments_debt = frame["by_unit"].eq(False)
    marks = pd.DataFrame(
        {
            "forecast": frame["status"].eq("forecast"),
            "late": frame["late"].eq(True),
            "unverified": frame["unverified"].eq(True),
            "discrepancy": frame["discrepancy"].eq(True),
            "resolved": frame["resolved"].eq(True),
            "refused": missing & was_refused,
            "owed": missing & ~was_refused,
        }
    ).fillna(False)
    provisional = marks["forecast"] | marks["discrepancy"] | marks["refused"] | (marks["owed"] & departments_debt)
    return frame.assign(
        accepted_value=frame["submitted_value"], flags=_joined(marks), provisional=provisional.astype(bool)
    )


def _joined(marks: pd.DataFrame) -> pd.Series[str]:
    """The names of the true columns, joined by `;`, in the order of FLAGS."""
    text = pd.Series("", index=marks.index, dtype="str")
    for name in FLAGS:
        if name in marks:
            text = text + np.where(marks[name].astype(bool), f"{name};", "")
    return text.str.removesuffix(";")


def _corrected(frame: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Approved corrections put over what was accepted; the latest approval of a key counts."""
    latest = corrections.sort_values("approval_seq").drop_duplicates(KEY, keep="last").set_index(KEY)
    if latest.empty:
        return frame
    frame = frame.reindex(frame.index.union(latest.index, sort=False)).copy()
    frame.loc[latest.index, ["sha256", "file", "sheet", "cell"]] = pd.NA
    frame.loc[latest.index, "accepted_value"] = latest["new_value"].astype("str")
    frame.loc[latest.index, "source"] = "correction"
    frame.loc[latest.index, "seq"] = latest["seq"].astype("int64")
    frame.loc[latest.index, "flags"] = "corrected"
    return frame.assign(provisional=frame["provisional"].where(~frame.index.isin(latest.index), False).astype(bool))
