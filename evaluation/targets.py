"""Targets of the year (targets.csv) as columns: target, stretch, and which items a unit has no task for.

Here belongs how the rows of `targets.csv` find their item; what is compared with a target is said elsewhere.
"""

from collections.abc import Hashable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from evaluation.arithmetic import Bools, Positions
from evaluation.columns import Column, Texts
from evaluation.reasons import NO_STRETCH, NO_TARGET
from evaluation.rounding import decimal_text
from evaluation.texts import as_strings, at_once, numbered, positions, text_column

UNKNOWN = {"target": NO_TARGET, "stretch": NO_STRETCH}


class TargetTable:
    def __init__(self, frame: pd.DataFrame, unit_codes: Any) -> None:
        self.count = len(unit_codes)
        units, (names, numbers), target, stretch = at_once(
            len(frame),
            lambda: positions(frame["unit_code"], unit_codes),
            lambda: numbered(frame["indicator_code"]),
            lambda: _Written(text_column(frame, "target")),
            lambda: _Written(text_column(frame, "stretch")),
        )
        self._texts: dict[str, _Written] = {"target": target, "stretch": stretch}
        self._names = {name: at for at, name in enumerate(names)}
        # Items × units: the row that speaks of both, of which there is one at most; -1: none.
        self._rows = np.full((len(names), self.count), -1, dtype=np.int64)
        here = np.flatnonzero((units >= 0) & (numbers >= 0))
        self._rows[numbers[here], units[here]] = here
        applicable = as_strings(text_column(frame, "applicable"))
        self._exempt = np.asarray(pc.fill_null(pc.equal(applicable, "no"), False))
        self._any_exempt = bool(self._exempt.any())
        self._columns: dict[Hashable, Column] = {}

    def column(self, which: str, codes: tuple[str, ...], in_percent: bool) -> Column:
        """The numbers of the first code that has one, unit by unit."""
        key = (which, codes, in_percent)
        if key not in self._columns:
            self._columns[key] = self._column(which, codes, in_percent)
        return self._columns[key]

    def _column(self, which: str, codes: tuple[str, ...], in_percent: bool) -> Column:
        texts = self._texts[which].read(in_percent)
        rows = self._nothing
        for code in reversed(dict.fromkeys(codes)):
            own = self._rows_of(code)
            stated = own >= 0 if texts.complete else (own >= 0) & texts.known[own]
            rows = np.where(stated, own, rows)
        return texts.column(rows, UNKNOWN[which])

    def exempt(self, code: str) -> Bools | None:
        """Units that have no such task (`applicable: no`); None where all have it."""
        if not self._any_exempt:
            return None
        rows = self._rows_of(code)
        exempt: Bools = (rows >= 0) & self._exempt[rows]
        return exempt if exempt.any() else None

    def _rows_of(self, code: str) -> Positions:
        number = self._names.get(code)
        return self._nothing if number is None else self._rows[number]

    @property
    def _nothing(self) -> Positions:
        return np.full(self.count, -1, dtype=np.int64)


class _Written:
    """Number texts that may have a + or end in %: with figures in % that means nothing, elsewhere a hundredth."""

    def __init__(self, texts: Any) -> None:
        self._in_percent = self._plain = Texts(texts)
        try:
            self._plain.values  # noqa: B018  # reads them all
        except ValueError:
            written = without_plus(texts)
            self._in_percent = Texts(pc.utf8_rtrim(written, characters="%"))
            self._plain = Texts([_without_percent(text) for text in written.to_pylist()])

    def read(self, in_percent: bool) -> Texts:
        return self._in_percent if in_percent else self._plain


def without_plus(texts: Any) -> pa.LargeStringArray:
    """Texts of a definition may carry a plus sign, which no canonical number does."""
    return pc.utf8_ltrim(as_strings(texts), characters="+")


def _without_percent(text: str | None) -> str | None:
    if text is None or not text.endswith("%"):
        return text
    return decimal_text(Fraction(text[:-1]) / 100)
