"""The numbers of a whole column at once; what a single number is, is said by `numbers.py`.

Here belongs only the way around millions of calls: plain numbers are told by one pattern.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from intake.coded import Coded, coded
from intake.numbers import MOST_STORED_DIGITS, ReadNumber, read_number
from intake.raw import NUMBER

_PLAIN = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"


class ReadNumbers(NamedTuple):
    """The numbers of all rows: `values` as canonical decimals ("" where there is none), and how each was read."""

    values: pd.Series
    forms: Coded[ReadNumber]  # without the value


def read_numbers(raw: pd.Series, kinds: pd.Series) -> ReadNumbers:
    """What is plainly a number already is only stripped of zeros; each other distinct text is read once."""
    direct = (raw.str.fullmatch(_PLAIN) & (raw.str.len() <= MOST_STORED_DIGITS)).to_numpy(bool)
    direct = direct & kinds.isin(["", NUMBER]).to_numpy(bool)
    values = raw.copy()
    if (fractions := raw.str.contains(".", regex=False)).any():
        values = raw.where(~fractions, raw.str.rstrip("0").str.rstrip("."))
    values = values.mask(negative, "0") if (negative := values == "-0").any() else values
    plain = ReadNumber()
    if direct.all():
        return ReadNumbers(values, Coded(np.zeros(len(raw), dtype=np.int64), [plain]))
    cells = coded(raw[~direct]).beside(coded(kinds[~direct])).map(lambda cell: read_number(*cell))
    forms = cells.map(lambda one: one._replace(value=""))
    numbers = np.zeros(len(raw), dtype=np.int64)
    numbers[~direct] = forms.numbers + 1
    values[~direct] = cells.map(lambda one: one.value).texts().to_numpy()
    return ReadNumbers(values, Coded(numbers, [plain, *forms.distinct]))
