"""What becomes of each row: its outcome, and the findings that say why.

Here belongs the keeping of outcomes and findings for all rows at once. What is wrong with a row is told by
the modules that read its cells.
"""

from typing import Any

import numpy as np
import pandas as pd

from evaluation.ranges import in_ranges
from intake.causes import BLANK, CAUSES, DUPLICATE, HELD, NOTED, REFUSED
from intake.coded import Coded, Mask, coded
from intake.raw_rows import RawRows

ACCEPTED = "accepted"
OUTCOMES = (ACCEPTED, REFUSED, HELD, DUPLICATE, BLANK)
_GATHERED = ("MERGED_KEY",)
_PARTS = ["position", "sheet", "cell", "code", "raw", "detail"]


def mask_of(series: "pd.Series[bool]") -> Mask:
    return np.asarray(series.to_numpy(dtype=bool, na_value=False), dtype=bool)


class Verdicts:
    """Outcomes of the rows, findings on their cells. Refuse before you note: a refused row takes no notes."""

    def __init__(self, rows: RawRows) -> None:
        self.rows = rows
        self.outcomes = np.zeros(len(rows), dtype=np.int8)  # positions in OUTCOMES
        self._closed = np.zeros(len(rows), dtype=bool)
        self._found: list[pd.DataFrame] = []
        self._coded: dict[str, Coded[str]] = {}

    @property
    def accepted(self) -> Mask:
        return np.asarray(self.outcomes == OUTCOMES.index(ACCEPTED), dtype=bool)

    @property
    def by_heading(self) -> Coded[bool]:
        if not self.rows.by_heading.any():
            return Coded(np.zeros(len(self.rows), dtype=np.int64), (False,))
        return Coded(self.rows.by_heading.astype(np.int64), (False, True))

    def texts(self, column: str) -> Coded[str]:
        if column not in self._coded:
            self._coded[column] = coded(self.rows.texts[column])
        return self._coded[column]

    def add(self, code: str, where: Mask, column: str, detail: Coded[str] | str = "") -> None:
        """Puts a finding on cells of a column and gives their rows the outcome of its cause."""
        outcome = CAUSES[code].outcome
        assert outcome in (*OUTCOMES, NOTED), f"{code} is no cause for a cell"
        where = where & (~self._closed if outcome == REFUSED else self.accepted)
        if not where.any():
            return
        if outcome != NOTED:
            self.outcomes[where] = OUTCOMES.index(outcome)
        self._found.append(
            pd.DataFrame(
                {
                    "position": np.flatnonzero(where),
                    "sheet": self.rows.sheets(where),
                    "cell": self.rows.cells(column, where),
                    "code": code,
                    "raw": self.rows.texts[column][where].reset_index(drop=True),
                    "detail": detail if isinstance(detail, str) else detail.texts(where),
                }
            )
        )

    def close(self, code: str, where: Mask, column: str, detail: Coded[str] | str = "") -> None:
        """Refuses rows about which nothing else is to be said."""
        self.add(code, where, column, detail)
        self._closed |= where

    def findings(self) -> pd.DataFrame:
        """Findings in the order of the rows: position, sheet, cell, code, raw, detail.

        A cell that speaks for many rows, as the headings of a matrix do, is told of once; a column of merged keys too.
        """
        if not self._found:
            return pd.DataFrame(columns=_PARTS).astype({"position": "int64"})
        found = pd.concat(self._found, ignore_index=True).sort_values("position", kind="stable", ignore_index=True)
        files = self.rows.files[found["position"].to_numpy(dtype=np.int64)]
        found = found.assign(file=files)
        if self.rows.by_heading.any():
            found = found[~found.duplicated(["file", *_PARTS[1:]])]
        return _gathered(found)[_PARTS]


def _gathered(found: pd.DataFrame) -> pd.DataFrame:
    """What the same thing is in many rows of a column is told of once."""
    alike = found["code"].isin(_GATHERED)
    if not alike.any():
        return found
    told = in_ranges(found[alike], ["file", "sheet", "code"])
    told = told.assign(detail=told["count"].astype("str"))
    return pd.concat([found[~alike], told]).sort_values("position", kind="stable")


def outcome_texts(verdicts: Verdicts) -> "pd.Series[Any]":
    return Coded(verdicts.outcomes.astype(np.int64), OUTCOMES).texts()
