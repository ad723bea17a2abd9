"""What becomes of each row: its outcome, and the findings that say why.

Here belongs the keeping of outcomes and findings for all rows at once. What is wrong with a row is told by
the modules that read its cells.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from intake.causes import BLANK, CAUSES, DUPLICATE, NOTED, REFUSED
from intake.raw_rows import RawRows

Mask: TypeAlias = npt.NDArray[np.bool_]

ACCEPTED = "accepted"
_PARTS = ["position", "sheet", "cell", "code", "raw", "detail"]


def mask_of(series: "pd.Series[bool]") -> Mask:
    return np.asarray(series.to_numpy(dtype=bool, na_value=False), dtype=bool)


def looked_up(keys: pd.Series, mapping: Mapping[str, str]) -> "pd.Series[str]":
    """What the mapping has for each key, "" where it has nothing."""
    return each_once(keys, lambda key: mapping.get(key, ""))


def each_once(texts: pd.Series, function: Callable[[str], str]) -> "pd.Series[str]":
    """The function of every text; each distinct text is worked on once."""
    numbers, distinct = pd.factorize(texts)
    values = pd.Series([function(text) for text in distinct], dtype="str")
    return values.take(numbers).set_axis(texts.index)


class Verdicts:
    """Outcomes of the rows; `where` is a mask over them. Refuse before you note: a refused row takes no notes."""

    def __init__(self, rows: RawRows) -> None:
        self.rows = rows
        self.outcomes = pd.Series(ACCEPTED, index=range(len(rows)), dtype="str").to_numpy(dtype=object)
        self._closed = np.zeros(len(rows), dtype=bool)
        self._found: list[pd.DataFrame] = []

    @property
    def accepted(self) -> Mask:
        return np.asarray(self.outcomes == ACCEPTED, dtype=bool)

    def add(self, code: str, where: Mask, column: str, detail: "pd.Series[str] | str" = "") -> None:
        """Puts a finding on cells of a column and gives their rows the outcome of its cause."""
        outcome = CAUSES[code].outcome
        where = where & (~self._closed if outcome == REFUSED else self.accepted)
        if not where.any():
            return
        if outcome in (REFUSED, BLANK, DUPLICATE):
            self.outcomes[where] = outcome
        assert outcome in (REFUSED, BLANK, DUPLICATE, NOTED), f"{code} is no cause for a cell"
        self._found.append(
            pd.DataFrame(
                {
                    "position": np.flatnonzero(where),
                    "sheet": self.rows.sheets[where].to_numpy(),
                    "cell": self.rows.cells(column)[where].to_numpy(),
                    "code": code,
                    "raw": self.rows.texts[column][where].to_numpy(),
                    "detail": detail if isinstance(detail, str) else detail[where].to_numpy(),
                }
            )
        )

    def close(self, code: str, where: Mask, column: str) -> None:
        """Refuses rows about which nothing else is to be said."""
        self.add(code, where, column)
        self._closed |= where

    def findings(self) -> pd.DataFrame:
        """Findings in the order of the rows: position, sheet, cell, code, raw, detail.

        A cell that speaks for many rows, as the headings of a matrix do, is told of once.
        """
        if not self._found:
            return pd.DataFrame(columns=_PARTS).astype({"position": "int64"})
        found = pd.concat(self._found, ignore_index=True).sort_values("position", kind="stable")
        if not self.rows.by_heading.any():
            return found
        files = self.rows.files[found["position"].to_numpy(dtype=np.int64)]
        return found[~found.assign(file=files).duplicated(["file", *_PARTS[1:]])]
