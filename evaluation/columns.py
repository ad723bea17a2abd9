"""Columns: one number per unit, known in floats at once and exactly on request.

Here belongs how decimal texts become such columns. Which texts make which figure is said elsewhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evaluation.arithmetic import Bools, Codes, Floats, Objects, Positions
from evaluation.bounded import WHOLE_LIMIT, Bounded
from evaluation.exact import NOTHING, Rational, objects
from evaluation.ratios import Ratios
from evaluation.texts import as_strings

# A decimal text of no more characters than this has at most 15 significant digits.
LITERAL_LENGTH = 15
# And of no more than this, digits that fit into 64 bits.
MOST_DIGITS = 18
# So few show mostly whether any number has decimals.
FEW = 1_000
# Within these, no formula of a rulebook comes near the limits of floats.
SMALLEST, LARGEST = 1e-45, 1e45


@dataclass(frozen=True)
class Column:
    """`number` per unit (0 where unknown); `why` is the code of the reason where it is not known, else 0.

    `why` None: known for every unit. `exact` gives the exact numbers of the units at some positions. `written`:
    where each number is one text.
    """

    number: Bounded
    why: Codes | None
    exact: Callable[[Positions], Objects]
    written: "Written | None" = None

    @cached_property
    def empty(self) -> bool:
        """Whether it is known for no unit."""
        return self.why is not None and bool(self.why.all())

    @property
    def known(self) -> Bools:
        return np.ones(self.number.shape, dtype=bool) if self.why is None else self.why == 0

    def because(self, reason: int) -> "Column":
        """The same column, where what is unknown is so for another reason."""
        why = None if self.why is None else np.where(self.why == 0, 0, reason).astype(np.int8)
        return replace(self, why=why)

    def plus(self, other: "Column") -> "Column":
        """The sum, known where this column is."""
        return Column(self.number + other.number, self.why, lambda units: self.exact(units) + other.exact(units))


def floats(texts: Any) -> Floats:
    """The nearest float of each decimal text, NaN where there is none. Raises ValueError for others."""
    values = pc.cast(as_strings(texts), pa.float64())
    return np.asarray(pc.fill_null(values, np.nan))


class Texts:
    """Decimal texts (canonical, or None) with the nearest float of each."""

    def __init__(self, texts: Any) -> None:
        self.texts = as_strings(texts)
        self.complete = self.texts.null_count == 0
        self.literal = (pc.max(pc.binary_length(self.texts)).as_py() or 0) <= LITERAL_LENGTH
        self._read: dict[int, Rational] = {-1: NOTHING}

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def values(self) -> Floats:
        """The nearest floats, 0 where there is no text. Raises ValueError for what is no decimal text."""
        values = pc.cast(self.texts, pa.float64())
        return np.asarray(values if self.complete else pc.fill_null(values, 0.0))

    @cached_property
    def known(self) -> Bools:
        return np.ones(len(self), dtype=bool) if self.complete else np.asarray(pc.is_valid(self.texts))

    def exact(self, row: int) -> Rational:
        """The exact number of a row; 0 where there is none or no row (-1). A row is often asked for again."""
        found = self._read.get(row)
        if found is None:
            text = self.texts[int(row)].as_py()
            found = self._read[row] = NOTHING if text is None else Rational(text)
        return found

    def integers(self, rows: Positions) -> tuple[Positions, Positions, Bools]:
        """Digits and powers of ten of the texts of rows, and whether they fit into 64 bits."""
        texts = pc.fill_null(self.texts.take(pa.array(rows, mask=rows < 0)), "0")
        dots = np.asarray(pc.find_substring(texts, "."))
        lengths = np.asarray(pc.binary_length(texts))
        fits = lengths <= MOST_DIGITS
        digits = pc.replace_substring(texts, ".", "", max_replacements=1)
        tops = np.asarray(pc.cast(pc.if_else(pa.array(fits), digits, "0"), pa.int64()))
        decimals = np.where(fits & (dots >= 0), lengths - dots - 1, 0)
        return tops, 10 ** decimals.astype(np.int64), fits

    def column_of(self, values: Floats, find: Callable[[], Positions], unknown: int) -> Column:
        """The column of the values, NaN where there is none; `find` gives the rows of which they are."""
        written = Written(self, find)
        lowest = _lowest(values)
        if not np.isnan(lowest):  # nothing is missing
            return Column(self._bounded(values, lowest), None, written.exact, written)
        missing = np.isnan(values)
        why, values = np.where(missing, unknown, 0).astype(np.int8), np.where(missing, 0.0, values)
        return Column(self._bounded(values, _lowest(values)), why, written.exact, written)

    def column(self, rows: Positions, unknown: int) -> Column:
        """The column whose unit at position i has the text of rows[i] (-1: none)."""
        complete = len(self) > 0 and (rows.size == 0 or int(rows.min()) >= 0)
        if complete and self.complete:
            values, why = self.values[rows], None
        else:
            known = (rows >= 0) & self.known[rows] if len(self) else np.zeros(len(rows), dtype=bool)
            values = np.where(known, self.values[rows], 0.0) if len(self) else np.zeros(len(rows))
            why = None if known.all() else np.where(known, 0, unknown).astype(np.int8)
        written = Written(self, lambda: rows)
        return Column(self._bounded(values, _lowest(values)), why, written.exact, written)

    def _bounded(self, values: Floats, lowest: float) -> Bounded:
        if self.literal:
            whole = _are_whole(values[:FEW]) and (len(values) <= FEW or _are_whole(values))
            return Bounded(values, 0.0 if whole else 1.0, whole=whole, literal=True, least=lowest)
        return Bounded(values, relative_error(values), least=0.0 if lowest >= 0.0 else -np.inf)


@dataclass(frozen=True, eq=False)
class Written:
    """Which text each unit's number is: `rows` among the `texts`, -1: none."""

    texts: Texts
    find: Callable[[], Positions]

    @cached_property
    def rows(self) -> Positions:
        return self.find()

    def exact(self, units: Positions) -> Objects:
        return objects(map(self.texts.exact, self.rows[units].tolist()))


def ratios_of(columns: Sequence[Column], units: Positions, doubts: Bools) -> Ratios:
    """The ratios of the units at some positions, columns as rows; `doubts` are of as many rows, or of one."""
    sources = {None if column.written is None else id(column.written.texts) for column in columns}
    if None in sources or len(sources) > 1:
        rows = [Ratios.of(column.exact(units), doubts[at % len(doubts)]) for at, column in enumerate(columns)]
        return Ratios(np.stack([row.top for row in rows]), np.stack([row.bottom for row in rows]), doubts)
    written = [column.written for column in columns if column.written is not None]
    where = np.stack([one.rows[units] for one in written])
    tops, bottoms, fits = written[0].texts.integers(where.ravel())
    over = ~fits.reshape(where.shape)
    doubts |= over if len(doubts) == len(over) else over.any(axis=0)
    return Ratios(tops.reshape(where.shape), bottoms.reshape(where.shape), doubts)


def _lowest(values: Floats) -> float:
    """NaN where any is."""
    return float(values.min(initial=np.inf))


def _are_whole(values: Floats) -> bool:
    return bool((values == np.rint(values)).all())


def relative_error(values: Floats) -> float:
    """Of nearest floats; infinite, so that everything is in doubt, where products might leave the range."""
    sizes = np.abs(values[values != 0.0])
    plain = sizes.size == 0 or (sizes.min() > SMALLEST and sizes.max() < LARGEST)
    return 1.0 if plain else np.inf


def constants(fractions: Sequence[Fraction]) -> Bounded:
    """Numbers of a rulebook in floats, with the flags that they allow."""
    values = np.array([_nearest(fraction) for fraction in fractions])
    whole = all(f.denominator == 1 and abs(f.numerator) < WHOLE_LIMIT for f in fractions)
    literal = whole or all(is_literal(fraction) for fraction in fractions)
    relative = 0.0 if whole else 1.0 if literal else relative_error(values)
    lowest = float(values.min(initial=np.inf))
    least = lowest if literal else 0.0 if lowest >= 0.0 else -np.inf
    return Bounded(values, relative, whole=whole, literal=literal, least=least)


def _nearest(fraction: Fraction) -> float:
    try:
        return float(fraction)
    except OverflowError:
        return np.inf if fraction > 0 else -np.inf


def is_literal(fraction: Fraction) -> bool:
    """Whether a number is a decimal of at most 15 digits.

    >>> is_literal(Fraction(1, 8)), is_literal(Fraction(1, 3))
    (True, False)
    """
    scale = 10**LITERAL_LENGTH
    if scale % fraction.denominator:
        return False
    digits = str(abs(fraction.numerator) * (scale // fraction.denominator)).rstrip("0")
    return len(digits) <= LITERAL_LENGTH and abs(fraction) < scale
