"""Exact numbers as decimal text: canonical figures, and scores with a fixed number of decimals.

Here belongs text only; rounding to whole units of the last decimal is an operator of the arithmetics.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

MOST_DECIMALS = 6


def half_up(value: Fraction, decimals: int) -> int:
    """The value in units of the last decimal, halves away from zero.

    >>> half_up(Fraction("0.125"), 2), half_up(Fraction("-0.125"), 2)
    (13, -13)
    """
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return -whole if value < 0 else whole


def decimal_text(value: Fraction, decimals: int | None = None) -> str:
    """Canonical decimal text: exact where the number is a decimal, else rounded to `decimals` (6).

    >>> decimal_text(Fraction(201, 200)), decimal_text(Fraction(1, 3)), decimal_text(Fraction(-4))
    ('1.005', '0.333333', '-4')
    """
    places = exact_decimals(value)
    if places is None:
        places = MOST_DECIMALS if decimals is None else decimals
    text = fixed_text(half_up(value, places), places)
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact_decimals(value: Fraction) -> int | None:
    """How many decimals the number has; None where they never end."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def fixed_text(units: int, decimals: int) -> str:
    """A whole number of units of the last decimal, written out.

    >>> fixed_text(-13, 2), fixed_text(850, 2), fixed_text(7, 0)
    ('-0.13', '8.50', '7')
    """
    if decimals == 0:
        return str(units)
    digits = str(abs(units)).rjust(decimals + 1, "0")
    sign = "-" if units < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def fixed_texts(units: Any, decimals: int, absent: Any = None) -> pa.StringArray:
    """`fixed_text` of an array of int64 or objects; null where `absent`."""
    if units.dtype == object:
        texts = [fixed_text(int(one), decimals) for one in units]
        return pa.array(texts, type=pa.string(), mask=absent)
    distinct, which = _distinct(units)
    words = pa.array([fixed_text(int(one), decimals) for one in distinct], type=pa.string())
    return words.take(pa.array(which, mask=absent))


def _distinct(units: Any) -> tuple[Any, Any]:
    """Distinct whole numbers and the place of each among them; by table where they are few enough."""
    if units.size == 0:
        return units, units
    low, high = int(units.min()), int(units.max())
    if high - low > 4 * units.size + 1000:
        distinct, which = np.unique(units, return_inverse=True)
        return distinct, which
    present = np.zeros(high - low + 1, dtype=bool)
    present[units - low] = True
    return np.flatnonzero(present) + low, (np.cumsum(present) - 1)[units - low]
