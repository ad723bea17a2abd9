"""Faults of the whole, as pure predicates: asset checks show them, the gate before publication holds them.

Each returns the offending rows (empty: it holds), in Chinese columns where people read them.
"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from evaluation.key_numbers import KEY

REPEATED = [*KEY, "accepted_value", "source"]  # what is shown of accepted values that share a key
COUNTS = ["accepted", "refused", "held", "duplicate", "blank"]


def unaccounted_files(files: pd.DataFrame) -> pd.DataFrame:
    """Files whose cells read ≠ accepted + refused + held + duplicate + blank."""
    counts = files[["cells_read", *COUNTS]].apply(pd.to_numeric).fillna(-1)
    return files[counts["cells_read"] != counts[COUNTS].sum(axis=1)]


def repeated_keys(accepted: pd.DataFrame) -> pd.DataFrame:
    """Accepted values that share unit, figure and period with another."""
    return accepted[accepted.duplicated(KEY, keep=False)]


def totals_that_do_not_add_up(totals: pd.DataFrame) -> pd.DataFrame:
    """Units whose total differs from base + bonus − penalty by more than their rounding can.

    Each of the three published parts is rounded by itself, so they may miss the total by 1.5 last places.
    """
    scored = totals[totals["total_score"].notna()]
    names = ("base_score", "bonus", "penalty", "total_score")
    *parts, published = (scored[name].fillna("0").astype(object).map(Decimal) for name in names)
    places = published.map(lambda number: Decimal(1).scaleb(int(number.as_tuple().exponent)))
    off = (parts[0] + parts[1] - parts[2] - published).abs()
    return scored[(off > places * Decimal("1.5")).astype(bool)]


def units_without_total(units: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Assessed units that have no row of totals, or more than one."""
    counts = totals["unit_code"].value_counts()
    return units[units["unit_code"].map(counts).fillna(0) != 1]
