"""Findings that say the same of several cells of one column, as one finding at a range of cells.

Here belongs only the gathering. Which findings may be gathered, and in which words, is said by whoever finds them.
"""

from collections.abc import Sequence

import pandas as pd

_CELL = r"^(?P<letters>[A-Z]+)(?P<row>[0-9]+)$"


def in_ranges(rows: pd.DataFrame, table: Sequence[str], keys: Sequence[str] = ()) -> pd.DataFrame:
    """The first row of each column of cells (`cell`) in each table, with `count` and the range as `cell`.

    `table` are the columns that tell tables apart; of `keys` those are blank in which the rows differ.

    >>> cells = pd.DataFrame({"file": ["a", "a", "a"], "cell": ["D9", "D10", "E2"], "unit": ["T1", "T2", "T1"]})
    >>> in_ranges(cells, ["file"], ["unit"])[["cell", "count"]].values.tolist()
    [['D9:D10', 2], ['E2', 1]]
    """
    places = rows["cell"].str.extract(_CELL)
    numbers = pd.to_numeric(places["row"]).fillna(0)
    ordered = rows.assign(_letters=places["letters"].fillna(rows["cell"]), _number=numbers).sort_values("_number")
    groups = ordered.groupby([*table, "_letters"], sort=False, dropna=False)
    first, last = groups["cell"].transform("first"), groups["cell"].transform("last")
    told = ordered.assign(count=groups["cell"].transform("size"), cell=first.where(first == last, first + ":" + last))
    for key in keys:
        told[key] = told[key].where(groups[key].transform("nunique") <= 1)
    kept = told.drop_duplicates([*table, "_letters"]).index
    return told.loc[kept.sort_values()].drop(columns=["_letters", "_number"])
