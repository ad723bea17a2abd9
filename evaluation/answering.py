"""Figures that a department answers for, as it signs them off (部门核定): what is signed, and what has changed since.

A department answers for the figures whose most trusted source it is, whoever reported the value in force. That it
signed, and when, is said by the ledger.
"""

from __future__ import annotations

import io

import pandas as pd

from evaluation.definition import Definition
from evaluation.key_numbers import KEY
from evaluation.obligations import obligations

SIGNED = [*KEY, "accepted_value"]


def answered_for(definition: Definition, accepted: pd.DataFrame) -> pd.DataFrame:
    """SIGNED and `owed_by` (a department's code) of every figure that a department owes, in the rulebook's order.

    `accepted` are accepted values; NA where nothing usable came.
    """
    owed = obligations(definition)
    owed = owed.loc[~owed["by_unit"].astype(bool), [*KEY, "owed_by"]]
    return owed.merge(accepted[SIGNED], on=KEY, how="left").reset_index(drop=True)


def as_signed(rows: pd.DataFrame) -> bytes:
    """The figures as bytes that are the same for the same values, whatever the order they are found in."""
    ordered = rows[SIGNED].sort_values(KEY, kind="stable")
    text: str = ordered.to_csv(index=False, lineterminator="\n")
    return text.encode()


def changed_since(signed: bytes, rows: pd.DataFrame) -> pd.DataFrame:
    """Figures that differ from those signed: KEY, `before`, `after`; NA where there was or is none."""
    before = pd.read_csv(io.BytesIO(signed), dtype="str", keep_default_na=False, na_values=[""])
    both = before.merge(rows[SIGNED], on=KEY, how="outer", suffixes=("_before", "_after"), sort=True)
    both = both.rename(columns={"accepted_value_before": "before", "accepted_value_after": "after"})
    return both[both["before"].fillna("") != both["after"].fillna("")].reset_index(drop=True)
