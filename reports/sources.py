"""Where the value behind an item was read: file, sheet and cell, or the ledger entry of a correction.

Here belongs the way from an item to its accepted value. How that value was chosen does not.
"""

from __future__ import annotations

import pandas as pd

LEDGER = "ledger"


def with_sources(rows: pd.DataFrame, accepted: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Rows by section and item, with `source`, `flags`, `source_file`, `sheet`, `cell` of their figure.

    Of several periods the last with a value counts; an item with a `data_year` looks into that year alone.
    """
    keys = items[["section_code", "indicator_code", "figure", "data_year"]]
    keyed = rows.merge(keys, on=["section_code", "indicator_code"], how="left")
    places = with_places(accepted).rename(columns={"indicator_code": "figure"})
    return keyed.merge(_last(places, keys), on=["unit_code", "figure", "data_year"], how="left")


def with_places(accepted: pd.DataFrame) -> pd.DataFrame:
    """Accepted values with `source_file`, `sheet` and `cell`; a correction's place is its ledger entry."""
    corrected = accepted["flags"].fillna("").str.contains("corrected", regex=False)
    entry = accepted["seq"].astype("str")
    return accepted.assign(
        source_file=accepted["file"].mask(corrected, LEDGER),
        sheet=accepted["sheet"].mask(corrected),
        cell=accepted["cell"].mask(corrected, entry),
    )


def _last(places: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """One row per unit, figure and year asked for."""
    ordered = places.assign(known=places["accepted_value"].notna()).sort_values(["known", "period"], kind="stable")
    years = keys["data_year"].drop_duplicates().tolist() or [None]
    found = [_last_of(ordered, year) for year in years]
    columns = ["unit_code", "figure", "data_year", "source", "flags", "source_file", "sheet", "cell"]
    return pd.concat(found, ignore_index=True)[columns]


def _last_of(ordered: pd.DataFrame, year: str | None) -> pd.DataFrame:
    rows = ordered if pd.isna(year) else ordered[ordered["period"].str.startswith(year)]
    last = rows.drop_duplicates(["unit_code", "figure"], keep="last")
    return last.assign(data_year=pd.Series(year, index=last.index, dtype="str"))
