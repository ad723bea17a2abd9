"""Numbers that years are compared by: rates, percentiles and medians, exact and rounded half up.

Here belongs the arithmetic on columns of published decimal text. What is compared with what does not.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

import numpy as np
import numpy.typing as npt
import pandas as pd

# Published scores and points have at most so many decimals: as whole numbers of the last they divide exactly.
SCALE = 10**6
TENTH = Decimal("0.1")


def rates(scores: pd.Series, points: pd.Series) -> pd.Series:
    """Scores in percent of the points, one decimal, half up; NA where one is unknown or the points are not above 0.

    >>> rates(pd.Series(["3.25", None, "4.10"]), pd.Series(["4.00", "2", "4.00"])).tolist()
    ['81.3', nan, '102.5']
    """
    known = scores.notna() & points.notna()
    above = _whole(scores[known])
    below = _whole(points[known])
    fit = below > 0
    # Half up of the magnitude, in tenths of a percent.
    tenths = (np.abs(above[fit]) * 2000 + below[fit]) // (2 * below[fit]) * np.sign(above[fit])
    found = pd.Series(pd.NA, scores.index, dtype="str")
    found.loc[known[known].index[fit]] = [_tenths(number) for number in tenths.tolist()]
    return found


def percentile(ranks: pd.Series, ranked: pd.Series) -> pd.Series:
    """100 for the first of `ranked` units, 0 for the last, one decimal, half up; NA unranked, or ranked alone.

    >>> percentile(pd.Series(["1", "3", None, "1"]), pd.Series([4, 4, 4, 1])).tolist()
    ['100.0', '33.3', nan, nan]
    """
    known = ranks.notna() & (ranked > 1)
    behind, others = ranked[known] - ranks[known].astype("int64"), ranked[known] - 1
    tenths = (behind * 2000 + others) // (2 * others)
    found = pd.Series(pd.NA, ranks.index, dtype="str")
    found[known] = [_tenths(number) for number in tenths.tolist()]
    return found


def middle(
    kinds: Iterable[str], groups: Iterable[str], numbers: Iterable[str], *, exact: bool = False
) -> dict[tuple[str, str], str]:
    """The median by (kind, group) and by (kind, ""), as of `median_text`, of numbers that are all known."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind, group, number in zip(kinds, groups, numbers, strict=True):
        for key in {(kind, group), (kind, "")}:
            found.setdefault(key, []).append(number)
    return {key: median_text(found[key], exact=exact) for key in sorted(found, key=lambda key: key[1] == "")}


def median_text(numbers: Iterable[str], *, exact: bool = False) -> str:
    """The median with as many decimals as the numbers have at most, half up, or (`exact`) all of its own.

    >>> median_text(["80.25", "81.50"]), median_text(["3", "4"]), median_text(["3", "4"], exact=True)
    ('80.88', '4', '3.5')
    """
    known = [Decimal(number) for number in numbers]
    if exact:
        return f"{median(known):f}"
    decimals = max(-int(number.as_tuple().exponent) for number in known)
    return f"{median(known).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def _whole(column: pd.Series) -> npt.NDArray[np.int64]:
    whole: npt.NDArray[np.int64] = np.rint(column.astype("float64").to_numpy() * SCALE).astype(np.int64)
    return whole


def _tenths(number: int) -> str:
    """
    >>> _tenths(813), _tenths(-5)
    ('81.3', '-0.5')
    """
    return f"{'-' if number < 0 else ''}{abs(number) // 10}.{abs(number) % 10}"
