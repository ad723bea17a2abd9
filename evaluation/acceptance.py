"""Acceptance (核定): of all that was submitted, one value per unit × figure × period, and why that one.

Order: approved correction > the most trusted source that reported > its latest submission in time, else its latest.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from evaluation.definition import Definition
from evaluation.obligations import obligations

KEY = ["unit_code", "indicator_code", "period"]
PLACE = ["source", "sha256", "file", "sheet", "cell", "seq"]
COLUMNS = [*KEY, "accepted_value", *PLACE, "flags", "provisional"]
FLAGS = ("forecast", "late", "unverified", "discrepancy", "corrected", "refused", "owed")


def accept(
    definition: Definition, values: pd.DataFrame, refused_rows: set[int], corrections: pd.DataFrame
) -> pd.DataFrame:
    """Accepted values with COLUMNS, one row per key that is owed or was reported, in the rulebook's order.

    `values` are submitted values; `refused_rows` the `row_id`s that a finding rules out; `corrections` the
    approved ones in the order of approval (`approval_seq`, KEY, `new_value`). `accepted_value` is NA where
    something is owed and nothing usable came; the row is provisional where that is not the unit's own fault.
    """
    usable = (values["outcome"] == "accepted") & ~values["row_id"].isin(refused_rows)
    reported = _ranked(definition, values[usable])
    best = reported.drop_duplicates(KEY).set_index(KEY)
    best["discrepancy"] = best.index.isin(discrepancies(definition, values[usable]).set_index(KEY).index)
    refused = pd.MultiIndex.from_frame(
        values.loc[~usable & values["outcome"].isin(["accepted", "refused", "held"]), KEY]
    )
    owed = obligations(definition).set_index(KEY)
    rows = _all_keys(definition, owed.index, best.index)
    frame = best.reindex(rows).join(owed, how="left")
    frame = _with_flags(frame, refused)
    return _corrected(frame, corrections).reset_index()[COLUMNS]


def discrepancies(definition: Definition, values: pd.DataFrame) -> pd.DataFrame:
    """Keys for which two sources differ by more than the figure's tolerance, as a share of the larger.

    Returns KEY with `source, submitted_value` of the value that counts, `other_source, other_value` and the
    other's `row_id`; one row per source that differs.
    """
    tolerances = {f.code: f.tolerance for f in definition.rulebook.figures() if f.tolerance is not None}
    watched = values[values["indicator_code"].isin(tolerances) & (values["outcome"] == "accepted")]
    by_source = _ranked(definition, watched).drop_duplicates([*KEY, "source"])
    best = by_source.drop_duplicates(KEY)[[*KEY, "source", "submitted_value"]]
    others = by_source[by_source.duplicated(KEY)][[*KEY, "source", "submitted_value", "row_id"]]
    others = others.rename(columns={"source": "other_source", "submitted_value": "other_value"})
    pairs = best.merge(others, on=KEY)
    apart = [
        _apart(Fraction(one), Fraction(other), tolerances[code])
        for code, one, other in zip(
            pairs["indicator_code"], pairs["submitted_value"], pairs["other_value"], strict=True
        )
    ]
    return pairs[np.array(apart, dtype=bool)]


def _apart(one: Fraction, other: Fraction, tolerance: Fraction) -> bool:
    return abs(one - other) > tolerance * max(abs(one), abs(other))


def _ranked(definition: Definition, values: pd.DataFrame) -> pd.DataFrame:
    """The values with `late` and `unverified`, the one that counts first within its key."""
    figures = definition.rulebook.figures()
    trust = {(f.code, source): place for f in figures for place, source in enumerate(f.sources)}
    first_source = {figure.code: figure.sources[0] for figure in figures if figure.sources}
    due = definition.rulebook.calendar.submissions_due
    pairs = pd.MultiIndex.from_frame(values[["indicator_code", "source"]])
    known = pd.Series(trust, dtype="float64").reindex(pairs) if trust else pd.Series(index=pairs, dtype="float64")
    ranked = values.assign(
        trust=known.to_numpy(),
        late=False if due is None else (values["received_at"].str[:10] > due.isoformat()).to_numpy(),
        unverified=((values["source"] == "self") & (values["indicator_code"].map(first_source) != "self")).to_numpy(),
        newest=-values["seq"].astype("int64"),
        newest_row=-values["row_id"].astype("int64"),
    )
    ranked = ranked[ranked["trust"].notna()]
    return ranked.sort_values([*KEY, "trust", "late", "newest", "newest_row"], kind="stable")


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
