"""Figures by the million in the usual case: one period, and for each unit and figure one number at most.

Here belongs how their values come into one table, in pieces side by side that leave what is made of them in the
processor's cache. Where anything has to be chosen, `periods.py` does it.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from evaluation.arithmetic import Floats
from evaluation.texts import as_strings, run_lengths, short_positions

ROWS_AT_ONCE = 1 << 16
COLUMNS = ("unit_code", "indicator_code", "period", "accepted_value")


class PlainFigures(NamedTuple):
    """`values`: figures × units, NaN where there is none; `period`: that of all."""

    values: Floats
    period: str


def plain_figures(frame: pd.DataFrame, unit_codes: Any, figure_codes: Sequence[str]) -> PlainFigures | None:
    """The values of COLUMNS as one table; None where the rows are not of this usual kind.

    Raises: ValueError: a value is no decimal text.
    """
    units, figures, periods, values = (as_strings(frame[name]) for name in COLUMNS)
    if not len(frame) or any(column.null_count for column in (units, figures, periods, values)):
        return None
    count, period, known = len(unit_codes), periods[0], as_strings(figure_codes)
    table = np.full(len(known) * count, np.nan)

    def put(start: int, runs: Any, at: Any) -> bool:
        """One piece into the table, if it is of the usual kind. `at`: the unit of each run of rows."""
        here = slice(start, start + ROWS_AT_ONCE)
        found = pc.index_in(figures[here], value_set=known)
        if found.null_count or at.min() < 0 or not pc.all(pc.equal(periods[here], period)).as_py():
            return False
        cells = np.asarray(found).astype(np.int64) * count + np.repeat(at, run_lengths(runs))
        table[cells] = np.asarray(pc.cast(values[here], pa.float64()))
        return True

    starts = range(0, len(frame), ROWS_AT_ONCE)
    with ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda start: pc.run_end_encode(units[start : start + ROWS_AT_ONCE]), starts))
        at = short_positions(pa.concat_arrays([piece.values for piece in runs]), unit_codes)
        pieces = np.split(at, np.cumsum([len(piece.values) for piece in runs])[:-1])
        plain = put(starts[0], runs[0], pieces[0]) and all(pool.map(put, starts, runs, pieces))
    whole = table.reshape(-1, count)
    empty = sum(int(np.count_nonzero(np.isnan(row))) for row in whole)
    return PlainFigures(whole, period.as_py()) if plain and whole.size - empty == len(frame) else None
