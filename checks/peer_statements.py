"""Values far from those of their group: by the median absolute deviation, which the outlier itself does not move."""

from __future__ import annotations

import numpy as np
import pandas as pd

from checks.statements import Statement, at_most
from checks.value_statements import FIX_OR_EXPLAIN, PLACE

# Modified z-score of Iglewicz and Hoaglin (1993): |x − median| / (1.4826 · MAD) above 3.5.
FAR = 3.5
CONSISTENT = 1.4826
# Of fewer units nothing is said; of few it is only remarked.
FEWEST, FEW = 4, 8
# Spreads below these are not told apart from chance: a ratio of e^0.2, a twentieth of the median.
LEAST_LOG, LEAST_SHARE = 0.2, 0.05

_MESSAGE = PLACE + "，按同组{peers}个单位的中位数应为 {median_text} 上下，相差悬殊"


def _median_told(failing: pd.DataFrame) -> pd.DataFrame:
    """The failing rows with the median as people write it."""
    return failing.assign(median_text=[f"{value:.6g}" for value in failing["expected"]])


def _near(column: str, severity: str) -> Statement:
    return Statement(
        "OUTLIER", severity, *at_most(column, FAR), _MESSAGE, FIX_OR_EXPLAIN, told=_median_told, limit=column
    )


STATEMENTS = [_near("outlier", "warning"), _near("outlier_of_few", "note")]


def with_peers(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame of `with_limits` (what counts first within its `key` stands first) with the columns compared.

    Figures that an item divides by a column of units.csv are compared so divided. Positive figures that are no
    share and no count are compared by ratio (logarithms); counts may scatter by their root, as counts do.
    `expected` is the group's median, times the unit's own divisor.
    """
    per = frame["per_value"].where(frame["per_value"] > 0).fillna(1)
    compared = (frame["number"] / per).where(~frame.duplicated("key"))
    pool = frame.groupby(["indicator_code", "period", "group_number"], sort=False).ngroup()
    counted = frame["counted"]
    by_ratio = compared.groupby(pool).transform("min").gt(0) & ~frame["percent"] & ~counted
    scaled = pd.Series(np.where(by_ratio, np.log(compared.where(by_ratio, 1)), compared), index=frame.index)
    median = scaled.groupby(pool).transform("median")
    expected = median.where(~by_ratio, np.exp(median.where(by_ratio, 0))) * per
    off = (frame["number"] - expected).abs().where(~by_ratio, (scaled - median).abs()).where(compared.notna())
    root = np.sqrt(expected.clip(lower=1))
    least = np.select([by_ratio, counted], [np.full(len(frame), LEAST_LOG), root], LEAST_SHARE * expected.abs())
    spread = np.maximum(CONSISTENT * off.groupby(pool).transform("median"), least)
    distance = (off / spread).where(spread > 0)
    peers = compared.groupby(pool).transform("count")
    return frame.assign(
        peers=peers.astype("int64"),
        expected=expected,
        outlier=distance.where(peers >= FEW),
        outlier_of_few=distance.where((peers >= FEWEST) & (peers < FEW)),
    )
