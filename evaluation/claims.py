"""Claims (事项) counted: how many matters a unit has, how much, at which level, with which document.

Here belongs everything that reads claims, as columns over units. Which claims count is decided before;
what points they make in `claim_rules.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from evaluation.arithmetic import Bools, Codes, Floats, Objects, Positions
from evaluation.bounded import Bounded
from evaluation.columns import Column, Texts
from evaluation.exact import Rational, objects
from evaluation.periods import exactly, sums
from evaluation.texts import matters_named, numbered, positions, text_column

EXEMPTION = "exemption"


@dataclass(frozen=True)
class Claims:
    """The claims of one item; `matters` numbers the unit × object of each, `level` -1: none."""

    table: "ClaimTable"
    rows: Positions

    @property
    def units(self) -> Positions:
        return self.table.units[self.rows]

    @cached_property
    def matters(self) -> Positions:
        """A number per claim, the same for the same object of the same unit."""
        keys = self.units * self.table.object_count + self.table.objects[self.rows]
        return np.asarray(np.unique(keys, return_inverse=True)[1], dtype=np.int64)

    def at_level(self, level: str, wanted: bool = True) -> "Claims":
        """The claims of that level, or all others."""
        return self.where((self.levels == self.table.level_number(level)) == wanted)

    @property
    def levels(self) -> Positions:
        return self.table.levels[self.rows]

    @property
    def documents(self) -> Positions:
        return self.table.documents[self.rows]

    def where(self, chosen: Bools) -> "Claims":
        return Claims(self.table, self.rows[chosen])

    def one_per_matter(self, order: Floats | Positions) -> "Claims":
        """Of each matter the claim that comes first in the order."""
        chosen = np.lexsort((order, self.matters))
        first = np.ones(len(chosen), dtype=bool)
        first[1:] = np.diff(self.matters[chosen]) > 0
        return Claims(self.table, self.rows[chosen[first]])

    @cached_property
    def count(self) -> Column:
        """Matters per unit: each object once."""
        once = self.one_per_matter(np.zeros(len(self.rows)))
        return whole_column(np.bincount(once.units, minlength=self.table.count))

    @cached_property
    def quantity(self) -> Column:
        """Sum of quantities per unit; of a matter that was claimed twice the larger one."""
        once = self.one_per_matter(-self.table.quantities.values[self.rows])
        return self.table.sum_of_quantities(once)

    def having(self, code: str) -> Bools:
        """Units that claim the object of just that code: pieces of a list are told apart by every sign."""
        found = np.zeros(self.table.count, dtype=bool)
        found[self.units[self.table.codes[self.rows] == self.table.code_number(code)]] = True
        return found

    def units_sharing_a_document(self) -> Bools:
        """Units that submitted a document which another unit submitted too."""
        with_document = self.where(self.documents >= 0)
        pairs = np.unique(np.stack([with_document.documents, with_document.units]), axis=1)
        shared = np.bincount(pairs[0]) > 1 if pairs.size else np.zeros(0, dtype=bool)
        found = np.zeros(self.table.count, dtype=bool)
        found[pairs[1][shared[pairs[0]]]] = True
        return found


class ClaimTable:
    """`unit_code, item_code, object_id, level, quantity, document`: only claims that count."""

    def __init__(self, frame: pd.DataFrame, unit_codes: Any) -> None:
        self.count = len(unit_codes)
        self.units = positions(frame["unit_code"], unit_codes)
        self._item_names, self._items = _numbered(frame["item_code"])
        self._code_names, self.codes = _numbered(text_column(frame, "object_id"))
        self._level_names, self.levels = _numbered(text_column(frame, "level"))
        self.documents = _numbered(text_column(frame, "document"))[1]
        self.quantities = Texts(text_column(frame, "quantity"))
        self.objects, self.object_count = self._numbered_objects()

    def _numbered_objects(self) -> tuple[Positions, int]:
        """A number for each claim's object, the same however it is written; nameless ones are told apart."""
        names, numbers = numbered(matters_named(list(self._code_names)))
        nameless = self.codes < 0
        objects = np.append(numbers, -1)[self.codes]
        return np.where(nameless, len(names) - 1 + np.cumsum(nameless), objects), len(names) + int(nameless.sum()) + 1

    def of(self, *item_codes: str) -> Claims:
        """The claims under any of these codes."""
        numbers = [self._item_names.get(code, -2) for code in item_codes]
        return Claims(self, np.flatnonzero(np.isin(self._items, numbers) & (self.units >= 0)))

    def level_number(self, level: str) -> int:
        return self._level_names.get(level, -2)

    def code_number(self, code: str) -> int:
        return self._code_names.get(code, -2)

    def sum_of_quantities(self, claims: Claims) -> Column:
        order = np.argsort(claims.units, kind="stable")
        units, rows = claims.units[order], claims.rows[order]
        starts = np.searchsorted(units, np.arange(self.count + 1))

        def exact(chosen: Positions) -> Objects:
            return objects(
                exactly([self.quantities.exact(row) for row in rows[starts[u] : starts[u + 1]]], "sum") for u in chosen
            )

        values = self.quantities.values[rows]
        whole = self.quantities.literal and bool((values == np.rint(values)).all())
        return Column(sums(values, units, np.diff(starts), "sum", whole), None, exact)

    def highest(self, claims: Claims, order_of_levels: Positions, levels: Sequence[str]) -> list[Column]:
        """Per level, how many matters of each unit have it as their highest.

        `order_of_levels`: levels × units, 0 is the highest.
        """
        numbers = np.full(len(self._level_names) + 1, -1, dtype=np.int64)
        for at, level in enumerate(levels):
            if level in self._level_names:
                numbers[self._level_names[level]] = at
        own = numbers[claims.levels]
        ranks = np.full(len(own), len(levels), dtype=np.int64)
        ranks[own >= 0] = order_of_levels[own[own >= 0], claims.units[own >= 0]]
        best = claims.one_per_matter(ranks)
        own = numbers[best.levels]
        return [whole_column(np.bincount(best.units[own == at], minlength=self.count)) for at in range(len(levels))]


def whole_column(counts: Positions, why: Codes | None = None) -> Column:
    """A column of counted things."""
    values = counts.astype(np.float64)
    number = Bounded(values, whole=True, least=float(values.min(initial=np.inf)))
    return Column(number, why, lambda units: objects(Rational(int(counts[unit])) for unit in units))


def _numbered(texts: Any) -> tuple[dict[str, int], Positions]:
    names, numbers = numbered(texts)
    return {name: at for at, name in enumerate(names)}, numbers
