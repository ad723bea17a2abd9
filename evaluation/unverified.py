"""How much of a score rests on figures that only the unit itself vouches for, where a department is silent."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from evaluation.figures import figure_code
from evaluation.rulebook import Rulebook

FLAG = "unverified"
_PLACES = Decimal("0.0001")


def unverified_items(rulebook: Rulebook, accepted: pd.DataFrame) -> pd.MultiIndex:
    """(unit_code, item code) of top items that read, themselves or in a part, a value flagged `unverified`."""
    has_flag = accepted["flags"].str.contains(f"(?:^|;){FLAG}(?:;|$)", regex=True, na=False)
    flagged = accepted.loc[has_flag, ["unit_code", "indicator_code"]].drop_duplicates()
    readers = {
        (figure_code(place.chain), place.chain[0].code) for place in rulebook.places() if place.item.reads_figure()
    }
    reading = pd.DataFrame(sorted(readers), columns=["indicator_code", "item_code"], dtype="str")
    rows = flagged.merge(reading, on="indicator_code")
    return pd.MultiIndex.from_frame(rows[["unit_code", "item_code"]].drop_duplicates())


def unverified_shares(rulebook: Rulebook, accepted: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Units with such items: `unit_code`, `unverified_points` and `unverified_share` of the points earned (0 to 1).

    `scores` are indicator scores; what takes points away earns nothing. As decimal text, the share to four places.
    """
    items = unverified_items(rulebook, accepted)
    scores = scores[scores["unit_code"].isin(items.get_level_values("unit_code").unique())]
    earned = scores["indicator_score"].fillna("0").map(Decimal)
    earned = earned.where(earned > 0, Decimal(0)).where(scores["section_code"] != "penalty", Decimal(0))
    resting = pd.MultiIndex.from_frame(scores[["unit_code", "indicator_code"]]).isin(items)
    rows = scores[["unit_code"]].assign(earned=earned, resting=earned.where(resting, Decimal(0)), rests=resting)
    sums = rows.groupby("unit_code", sort=False).agg(
        earned=("earned", "sum"), resting=("resting", "sum"), rests=("rests", "any")
    )
    sums = sums[sums["rests"]]
    shares = [
        f"{(part / whole if whole else Decimal(0)).quantize(_PLACES, ROUND_HALF_UP):f}"
        for part, whole in zip(sums["resting"], sums["earned"], strict=True)
    ]
    points = [f"{part:f}" for part in sums["resting"]]
    return pd.DataFrame({"unit_code": sums.index, "unverified_points": points, "unverified_share": shares}, dtype="str")
