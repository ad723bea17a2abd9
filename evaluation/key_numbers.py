"""Keys of figures as numbers: unit × figure × period as one integer, in the order in which results are listed.

Here belongs only the numbering. Millions of keys are compared, sorted and joined as integers, for which texts
take ten times as much memory and time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from evaluation.definition import Definition

KEY = ["unit_code", "indicator_code", "period"]


class KeyNumbers:
    """Numbers for the keys of the frames given: by units.csv, by the rulebook's figures, by period.

    Units and figures that the definition does not have come after those that it has.
    """

    def __init__(self, definition: Definition, frames: Sequence[pd.DataFrame]) -> None:
        known = (definition.units["unit_code"], [figure.code for figure in definition.rulebook.figures()], ())
        self._texts = [pd.Index(_in_order(first, frames, name)) for first, name in zip(known, KEY, strict=True)]

    def of(self, frame: pd.DataFrame) -> npt.NDArray[np.int64]:
        """The number of each row's key, -1 where a part of it is missing or in none of the frames."""
        numbers, unknown = np.zeros(len(frame), dtype=np.int64), np.zeros(len(frame), dtype=bool)
        for texts, name in zip(self._texts, KEY, strict=True):
            codes, distinct = pd.factorize(frame[name])
            places = np.append(texts.get_indexer(distinct), -1)[codes]  # -1, a missing text, is the last
            unknown |= places < 0
            numbers = numbers * len(texts) + places
        numbers[unknown] = -1
        return numbers

    def columns(self, numbers: npt.NDArray[np.int64]) -> dict[str, pd.Series[str]]:
        """The three columns of the keys that have these numbers."""
        columns = {}
        for texts, name in reversed(list(zip(self._texts, KEY, strict=True))):
            numbers, places = np.divmod(numbers, max(len(texts), 1))
            columns[name] = pd.Series(pd.array(texts.to_numpy(), dtype="str").take(places))
        return {name: columns[name] for name in KEY}


def chosen(frame: pd.DataFrame, rows: npt.NDArray[np.bool_], columns: list[str]) -> pd.DataFrame:
    """Those rows and columns; nothing is copied where it is all rows."""
    return frame[columns] if rows.all() else frame.loc[rows, columns]


def marked(marks: pd.Series[bool], places: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """The mark at each of these places; none where the place is -1, which is nowhere."""
    return np.asarray(np.append(marks.to_numpy(dtype=bool), False)[places], dtype=bool)


def _in_order(first: Sequence[str], frames: Sequence[pd.DataFrame], name: str) -> list[str]:
    found = {text for frame in frames for text in frame[name].dropna().unique()}
    return list(dict.fromkeys([*first, *sorted(found)]))
