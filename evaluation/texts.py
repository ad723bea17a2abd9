"""Columns of texts: held by Arrow, looked up among codes, numbered.

Here belongs what is done with many texts at once, whatever they say. Numbers are made of them in `columns.py`.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from evaluation.arithmetic import Positions, ShortPositions
from evaluation.rounding import STRINGS

# From this many rows on, it pays to look for shortcuts and to use more than one processor.
LARGE = 100_000
# What pandas calls `str`, which it would look up by name for every column.
TEXT = pd.StringDtype(na_value=np.nan)


def as_strings(texts: Any) -> pa.LargeStringArray:
    """Any column of texts as one Arrow array; without copying where pandas holds it so."""
    array = pa.array(getattr(texts, "array", texts), type=STRINGS, from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def text_array(texts: Any) -> Any:
    """Arrow texts as a pandas array of dtype str."""
    return pd.array(texts, dtype=TEXT)


def text_column(frame: pd.DataFrame, name: str) -> Any:
    """A column of a frame, or texts that are all absent where it has no such column."""
    return frame[name] if name in frame else pa.nulls(len(frame), STRINGS)


def written_alike(texts: Any) -> pa.LargeStringArray:
    """Letters and digits alone, half-width and small: what stays however a number is typed; "" where nothing does.

    >>> written_alike(["ＺＬ 2025-1 0123456.7", "zl２０２５１０１２３４５６７"]).unique().to_pylist()
    ['zl2025101234567']
    """
    folded = pc.utf8_lower(pc.utf8_normalize(as_strings(texts), "NFKC"))
    return pc.replace_substring_regex(folded, r"[^\p{L}\p{N}]+", "")


def matters_named(objects: Any) -> pa.LargeStringArray:
    """What tells matters apart by their `object_id`: as `written_alike`; where that leaves nothing, as written."""
    given, alike = as_strings(objects), written_alike(objects)
    return pc.if_else(pc.equal(alike, ""), given, alike)


def dates(texts: Any) -> Any:
    """Days as `M8[D]`, out of texts like 2025-01-31; not a time where there is none."""
    return np.asarray(pc.cast(as_strings(texts), pa.date32()))


def positions(codes: Any, keys: Any) -> Positions:
    """The position of each code among unique keys, -1 where it is not among them."""
    return short_positions(codes, keys).astype(np.int64)


def short_positions(codes: Any, keys: Any) -> ShortPositions:
    """`positions` in half the memory."""
    if not len(codes):  # to look nothing up, very many keys need not be learnt
        return np.empty(0, dtype=np.int32)
    found = pc.index_in(as_strings(codes), value_set=as_strings(keys))
    return np.asarray(found if found.null_count == 0 else pc.fill_null(found, -1))


def positions_of_runs(codes: Any, keys: Any) -> ShortPositions:
    """`short_positions`, found once for neighbours that are equal, as codes of units often are."""
    if len(codes) < LARGE:
        return short_positions(codes, keys)
    runs = pc.run_end_encode(as_strings(codes))
    return np.repeat(short_positions(runs.values, keys), run_lengths(runs))


def run_lengths(runs: Any) -> Positions:
    """How many rows each run of a run-end encoded array has."""
    return np.diff(np.asarray(runs.run_ends), prepend=0)


def numbered(texts: Any) -> tuple[list[str], Positions]:
    """Distinct texts, and for each text its number among them (-1: none)."""
    given = as_strings(texts)
    if not len(given):
        return [], np.empty(0, dtype=np.int64)
    # Often every row says the same, which is seen four times faster than all are told apart.
    if len(given) > LARGE and given.null_count == 0 and pc.all(pc.equal(given, given[0])).as_py():
        return [given[0].as_py()], np.broadcast_to(np.int64(0), len(given))
    encoded = given.dictionary_encode()
    return encoded.dictionary.to_pylist(), np.array(encoded.indices.fill_null(-1), dtype=np.int64)


def at_once(rows: int, *makers: Callable[[], Any]) -> list[Any]:
    """What the makers make; over many rows side by side, as Arrow's functions do not hold each other up."""
    if rows < LARGE:
        return [make() for make in makers]
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda make: make(), makers))
