"""What changed in the ranking against the version before.

Here belongs the comparison of two rankings. Why results changed is said by the caller as `cause`.
"""

from __future__ import annotations

import pandas as pd

from reports.csv_files import ranking
from reports.edition import Edition

COMPARED = {"score": "total_score", "rank": "rank", "grade": "grade"}
CHANGES = [
    "unit_code",
    "score_before",
    "score_after",
    "rank_before",
    "rank_after",
    "grade_before",
    "grade_after",
    "cause",
]


def changes(before_ranking: pd.DataFrame | None, edition: Edition, cause: str) -> pd.DataFrame:
    """Units whose score, rank or grade differs, in the order of the new ranking; units that left come last.

    `before_ranking` is the ranking before, computed or read back from its csv; None for a first version.
    """
    after = _compared(ranking(edition), "after")
    before = after.iloc[:0] if before_ranking is None else _compared(before_ranking, "before")
    if before_ranking is None:
        return pd.DataFrame({column: pd.Series(dtype="str") for column in CHANGES})
    gone = before.loc[before.index.difference(after.index, sort=False)].index
    both = after.reindex(after.index.append(gone)).join(before)
    differs = pd.Series(False, index=both.index)
    for name in COMPARED:
        differs |= both[f"{name}_before"].fillna("") != both[f"{name}_after"].fillna("")
    return both[differs].reset_index(names="unit_code").assign(cause=cause)[CHANGES]


def _compared(rows: pd.DataFrame, when: str) -> pd.DataFrame:
    """Score, rank and grade by unit as text, so that a ranking read from csv equals one just made."""
    texts = {f"{name}_{when}": rows[column].astype("str") for name, column in COMPARED.items()}
    return pd.DataFrame(texts).set_axis(pd.Index(rows["unit_code"], name="unit_code"))
