"""What is not settled, told: why a score is provisional.

Here belongs naming what is open about the figures that a score rests on; whether it is provisional has been
found with the score.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from evaluation.arithmetic import Bools, Positions
from evaluation.explanation_view import Record
from evaluation.explanation_words import Words
from evaluation.plan import Node
from evaluation.settling import Outcome

# Flags of accepted values that leave a score open.
OPEN_FLAGS = ("forecast", "discrepancy", "refused", "owed")


def provisional_said(
    record: Record, node: Node, units: Positions, outcomes: Mapping[Node, Outcome], words: Words
) -> list[str]:
    """Of each unit; empty where the item rests on settled figures."""
    causes: list[dict[str, None]] = [{} for _ in units]
    here = _flags(outcomes[node], len(units))
    for leaf in node.leaves():
        for at in np.flatnonzero(here & _flags(outcomes[leaf], len(units))):
            causes[at].update(dict.fromkeys(_causes(record, leaf, int(units[at]), words)))
    return [words("provisional", causes=words.listed(one)) if one else "" for one in causes]


def _flags(outcome: Outcome, count: int) -> Bools:
    if outcome.provisional is None:
        return np.zeros(count, dtype=bool)
    return np.asarray(np.broadcast_to(outcome.provisional, (1, count))[0], dtype=bool)


def _causes(record: Record, leaf: Node, unit: int, words: Words) -> list[str]:
    """What is open about the leaf's figure or marks for one unit."""
    if leaf.item.reads_marks() and not leaf.item.reads_figure():
        return [words("open_pending" if leaf.owed_by_unit else "open_marks")]
    reported = record.inputs.reported(leaf)
    rows = record.given.figures.iloc[reported.rows[reported.units == unit]]
    marked = rows[rows["provisional"].fillna(False).to_numpy(dtype=bool)] if "provisional" in rows else rows.iloc[:0]
    if marked.empty:
        return [words("open_pending" if leaf.owed_by_unit else "open_owed")]
    flags = {flag for text in marked.get("flags", pd.Series(dtype="str")).dropna() for flag in str(text).split(";")}
    return [words(f"open_{flag}") for flag in OPEN_FLAGS if flag in flags] or [words("open_figure")]
