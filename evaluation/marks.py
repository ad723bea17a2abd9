"""Judges' marks (评委打分) averaged, as a column over units.

Here belongs dropping the highest and lowest and taking the mean; points are made of it in `claim_rules.py`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from evaluation.arithmetic import Objects, Positions
from evaluation.columns import Column, Texts
from evaluation.exact import Rational, objects
from evaluation.periods import exactly, sums
from evaluation.reasons import NO_MARKS
from evaluation.texts import numbered, positions


class MarkTable:
    """`unit_code, indicator_code, mark`."""

    def __init__(self, frame: pd.DataFrame, unit_codes: Any) -> None:
        self.count = len(unit_codes)
        self._units = positions(frame["unit_code"], unit_codes)
        names, self._items = numbered(frame["indicator_code"])
        self._names = {name: at for at, name in enumerate(names)}
        self._marks = Texts(frame["mark"])

    def mean(self, codes: Sequence[str], trim: int) -> Column:
        """The mean of the marks under any of these codes, without the `trim` highest and the `trim` lowest of each
        unit."""
        numbers = [self._names.get(code, -2) for code in codes]
        rows = np.flatnonzero(np.isin(self._items, numbers) & (self._units >= 0) & self._marks.known)
        units, values = self._units[rows], self._marks.values[rows]
        order = np.lexsort((values, units))
        units, rows, values = units[order], rows[order], values[order]
        starts = np.searchsorted(units, np.arange(self.count + 1))
        place = np.arange(len(rows)) - starts[units]
        kept = (place >= trim) & (place < np.diff(starts)[units] - trim)
        sizes = np.bincount(units[kept], minlength=self.count)
        why = None if (sizes > 0).all() else np.where(sizes > 0, 0, NO_MARKS).astype(np.int8)

        means: dict[int, Rational] = {}

        def mean(unit: int) -> Rational:
            if unit not in means:
                means[unit] = self._trimmed(rows[starts[unit] : starts[unit + 1]].tolist(), trim)
            return means[unit]

        def exact(chosen: Positions) -> Objects:
            return objects(map(mean, chosen.tolist()))

        return Column(sums(values[kept], units[kept], sizes, "mean"), why, exact)

    def _trimmed(self, rows: list[int], trim: int) -> Rational:
        """`rows`: in the order of their nearest floats."""
        if not self._marks.literal:
            rows = sorted(rows, key=self._marks.exact)
        return exactly([self._marks.exact(row) for row in rows[trim : len(rows) - trim]], "mean")
