"""What must hold of a value beside others of the same unit: last year's, the period before, its target."""

from __future__ import annotations

import numpy as np
import pandas as pd

from checks.statements import Statement, at_least, one_of
from checks.value_statements import FIX_OR_EXPLAIN, PLACE
from evaluation.columns import floats
from evaluation.definition import Definition
from evaluation.key_numbers import KEY, KeyNumbers

# A tenth of last year's figure, or ten times the target, is rather a slip in the unit of measure.
FACTOR = 10
# Smaller counts come and go; shorter numbers agree by chance.
SMALL_COUNT = 10
TELLING_DIGITS = 3

STATEMENTS = [
    Statement(
        "GROWTH", "warning", *at_least("growth_limit", "number"),
        PLACE + "，比上年 {last_year_text} 增长过快", "核对后说明原因，或改正后重新报送", limit="growth_limit",
    ),
    Statement(
        "DECLINE", "warning", *at_least("number", "decline_limit"),
        PLACE + "，不到上年 {last_year_text} 的十分之一", FIX_OR_EXPLAIN, limit="decline_limit",
    ),
    Statement(
        "COPIED", "note", *one_of("copied", [False]),
        PLACE + "，与上年核定值完全相同", "核对是否把上年的数照抄了一遍",
    ),
    Statement(
        "FALLS", "warning", *at_least("number", "before"),
        PLACE + "，是累计数，却小于上一期 {before_period} 的 {before_text}",
        "核对填的是否为本年累计数，改正后重新报送", limit="before",
    ),
    Statement(
        "FAR_OVER_TARGET", "warning", *at_least("target_limit", "number"),
        PLACE + "，是目标值 {target_text} 的十倍以上，疑为计量单位或小数点有误", FIX_OR_EXPLAIN, limit="target_limit",
    ),
]  # fmt: skip


def a_year_on(previous: pd.DataFrame) -> pd.DataFrame:
    """Last year's accepted values, KEY and `accepted_value`, under the periods of this year."""
    known = previous.loc[previous["accepted_value"].notna(), [*KEY, "accepted_value"]]
    years = {text: f"{int(text[:4]) + 1}{text[4:]}" for text in known["period"].unique()}
    return known.assign(period=known["period"].map(years).astype("str")).drop_duplicates(KEY).reset_index(drop=True)


def with_history(definition: Definition, frame: pd.DataFrame, last_year: pd.DataFrame) -> pd.DataFrame:
    """The frame of `with_limits` with the columns that STATEMENTS compare, and where each row's value of last year
    stands in `last_year`, the rows of `a_year_on`: `last_year_at`, -1 for nowhere."""
    keys = KeyNumbers(definition, [frame, last_year])
    at = pd.Index(keys.of(last_year)).get_indexer(keys.of(frame))
    frame = _with_period_before(definition, frame)
    last = pd.Series(np.append(floats(last_year["accepted_value"]), np.nan)[at], index=frame.index)
    telling = last.where((last > 0) & (~frame["counted"] | (last >= SMALL_COUNT)))
    return frame.assign(
        last_year_at=at,
        growth_limit=last.where(last > 0) * (1 + frame["growth_warning"]),
        decline_limit=telling / FACTOR,
        copied=_copied(frame, last),
        target_limit=frame["target"].where(frame["target"] > 0) * FACTOR,
    )


def _copied(frame: pd.DataFrame, last: pd.Series[float]) -> pd.Series[bool]:
    """Whether the value is last year's, in digits that agree by no chance."""
    same = frame["number"] == last
    digits = frame.loc[same, "submitted_value"].str.replace(r"\D", "", regex=True).str.lstrip("0").str.len()
    return same & (digits >= TELLING_DIGITS).reindex(frame.index, fill_value=False)


def _with_period_before(definition: Definition, frame: pd.DataFrame) -> pd.DataFrame:
    """`before`: the same source's value of the last period before that it reported, where figures add up in time."""
    cumulative = [
        f.code
        for f in definition.rulebook.figures()
        if f.accumulate == "latest" and f.frequency != "year" and f.unit_of_measure != "%"
    ]
    rows = frame.loc[frame["indicator_code"].isin(cumulative), [*KEY, "source", "number", "submitted_value"]]
    rows = rows.sort_values(["unit_code", "indicator_code", "source", "period"], kind="stable")
    series = rows[["unit_code", "indicator_code", "source"]].assign(year=rows["period"].str[:4])
    same = series.eq(series.shift()).all(axis=1)
    before = rows[["number", "submitted_value", "period"]].shift().where(same)
    before.columns = pd.Index(["before", "before_text", "before_period"])
    return frame.join(before)
