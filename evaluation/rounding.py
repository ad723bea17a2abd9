"""Exact numbers as decimal text: canonical figures, and scores with a fixed number of decimals.

Here belongs text only; rounding to whole units of the last decimal is an operator of the arithmetics.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MOST_DECIMALS = 6
# How pandas keeps texts, so that none are copied on the way.
STRINGS = pa.large_string()


def half_up(value: Fraction, decimals: int) -> int:
    """The value in units of the last decimal, halves away from zero.

    >>> half_up(Fraction("0.125"), 2), half_up(Fraction("-0.125"), 2)
    (13, -13)
    """
    top, bottom = int(value.numerator), int(value.denominator)
    whole: int = (2 * abs(top) * 10**decimals + bottom) // (2 * bottom)
    return -whole if top < 0 else whole


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


def fixed_texts(units: Any, decimals: int, absent: Any = None) -> pa.LargeStringArray:
    """`fixed_text` of an array of int64 or objects; null where `absent`."""
    if units.dtype == object:
        return pa.array([fixed_text(int(one), decimals) for one in units], type=STRINGS, mask=absent)
    low, high = (int(units.min()), int(units.max())) if units.size else (0, 0)
    if high - low < units.size:
        words = _decimals(np.arange(low, high + 1), decimals)
        return words.take(pa.array(units - low, mask=absent))
    texts = _decimals(units, decimals)
    return texts if absent is None else pc.if_else(pa.array(absent), pa.scalar(None, STRINGS), texts)


def _decimals(units: Any, decimals: int) -> pa.LargeStringArray:
    """The texts of Arrow decimals over the same digits: 64 bits and their sign, in 128."""
    digits = np.empty((len(units), 2), dtype=np.int64)
    digits[:, 0] = units
    digits[:, 1] = units >> 63
    exact = pa.Array.from_buffers(pa.decimal128(38, decimals), len(units), [None, pa.py_buffer(digits)])
    return exact.cast(STRINGS)


def trimmed_texts(units: Any, decimals: int, absent: Any) -> pa.LargeStringArray:
    """`fixed_texts` without trailing zeros."""
    texts = fixed_texts(units, decimals, absent)
    if decimals == 0:
        return texts
    return pc.ascii_rtrim(pc.ascii_rtrim(texts, characters="0"), characters=".")
