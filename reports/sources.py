"""Where the value behind an item was read: file, sheet and cell, or the ledger entry of a correction.

Here belongs the way from an item to its accepted value. How that value was chosen does not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.decided import claims_that_count
from reports.edition import Edition

LEDGER = "ledger"
DOCUMENTS_NAMED = 2
ITEM = ["unit_code", "indicator_code"]
PLACE = ["source", "flags", "source_file", "sheet", "cell"]


def with_sources(rows: pd.DataFrame, accepted: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Rows by section and item, with `source`, `flags`, `source_file`, `sheet`, `cell` of their figure.

    Of several periods the last with a value counts; an item with a `data_year` looks into that year alone.
    """
    keys = items[["section_code", "indicator_code", "figure", "data_year"]]
    keyed = rows[["section_code", *ITEM]].merge(keys, on=["section_code", "indicator_code"], how="left")
    values = accepted[[*ITEM, "period", "accepted_value"]].rename(columns={"indicator_code": "figure"})
    last = _last(values.assign(at=np.arange(len(values))), keys)
    # Found by their place: of very many rows, texts carried through joins are most of the memory.
    at = keyed.merge(last, on=["unit_code", "figure", "data_year"], how="left")["at"].fillna(-1).astype("int64")
    places = with_places(accepted)
    taken = {name: pd.Series(places[name].array.take(at.to_numpy(), allow_fill=True)) for name in PLACE}
    return rows.reset_index(drop=True).assign(figure=keyed["figure"], data_year=keyed["data_year"], **taken)


def with_places(accepted: pd.DataFrame) -> pd.DataFrame:
    """Accepted values with `source_file`, `sheet` and `cell`; a correction's place is its ledger entry."""
    corrected = accepted["flags"].fillna("").str.contains("corrected", regex=False)
    entry = accepted["seq"].astype("str")
    return accepted.assign(
        source_file=accepted["file"].mask(corrected, LEDGER),
        sheet=accepted["sheet"].mask(corrected),
        cell=accepted["cell"].mask(corrected, entry),
    )


def with_evidence(rows: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Rows as of `with_sources` with `evidence` in words: the cell that a figure was read in, or the documents of the
    claims that count."""
    file, sheet, at = (rows[name].fillna("").astype("str") for name in ("source_file", "sheet", "cell"))
    figure = (file + " " + sheet + " " + at).str.strip().mask(file == LEDGER, "更正（台账第" + at + "号）")
    outermost = {place.item.code: place.chain[0].code for place in edition.definition.rulebook.places()}
    claims = claims_that_count(edition.claims)
    named = claims.assign(indicator_code=claims["item_code"].map(outermost))[[*ITEM, "document"]]
    documents = named.dropna().drop_duplicates().groupby(ITEM)["document"].agg(_listed)
    claimed = documents.reindex(pd.MultiIndex.from_frame(rows[ITEM])).set_axis(rows.index).astype("str").fillna("")
    return rows.assign(evidence=(claimed + "；" + figure).str.strip("；"))


def _listed(documents: pd.Series) -> str:
    """The first documents, and how many there are in all."""
    named = "；".join(documents.iloc[:DOCUMENTS_NAMED])
    return named if len(documents) <= DOCUMENTS_NAMED else f"{named}等{len(documents)}件"


def _last(places: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """One row per unit, figure and year asked for."""
    ordered = places
    if places.duplicated(["unit_code", "figure"]).any():
        ordered = places.assign(known=places["accepted_value"].notna()).sort_values(["known", "period"], kind="stable")
    years = keys["data_year"].drop_duplicates().tolist() or [None]
    found = [_last_of(ordered, year) for year in years]
    return pd.concat(found, ignore_index=True)[["unit_code", "figure", "data_year", "at"]]


def _last_of(ordered: pd.DataFrame, year: str | None) -> pd.DataFrame:
    rows = ordered if pd.isna(year) else ordered[ordered["period"].str.startswith(year)]
    last = rows.drop_duplicates(["unit_code", "figure"], keep="last")
    return last.assign(data_year=pd.Series(year, index=last.index, dtype="str"))
