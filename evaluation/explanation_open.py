"""What is not settled, told: why a score is provisional.

Here belongs naming the figures that it rests on and what is open about them.
"""

import numpy as np
import pandas as pd

from evaluation.arithmetic import Positions
from evaluation.explanation_view import Record
from evaluation.explanation_words import Words
from evaluation.plan import Node

# Flags of accepted values that leave a score open.
OPEN_FLAGS = ("forecast", "discrepancy", "refused", "owed")


def provisional_said(record: Record, node: Node, units: Positions, words: Words) -> list[str]:
    """Of each unit; empty where the item rests on settled figures."""
    said: list[dict[str, None]] = [{} for _ in units]
    for leaf in node.leaves():
        if leaf.item.reads_figure():
            for at, causes in _open_figures(record, leaf, units, words).items():
                said[at].update(dict.fromkeys(causes))
    return [words("provisional", causes=words.listed(causes)) if causes else "" for causes in said]


def _open_figures(record: Record, leaf: Node, units: Positions, words: Words) -> dict[int, list[str]]:
    inputs = record.inputs
    flagged = inputs.provisional(leaf)
    if flagged is None:
        return {}
    flagged = flagged & inputs.takes_part(leaf)
    reported = inputs.reported(leaf)
    frame = record.given.figures.iloc[reported.rows]
    found = {}
    for at in np.flatnonzero(flagged[units]):
        rows = frame[(reported.units == units[at]) & frame["provisional"].fillna(False).to_numpy(dtype=bool)]
        found[int(at)] = _causes(rows, words)
    return found


def _causes(rows: pd.DataFrame, words: Words) -> list[str]:
    flags = {flag for text in rows.get("flags", pd.Series(dtype="str")).dropna() for flag in str(text).split(";")}
    return [words(f"open_{flag}") for flag in OPEN_FLAGS if flag in flags] or [words("open_figure")]
