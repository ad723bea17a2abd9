"""What must hold of one submitted value by itself: range, sign, whole numbers, shares, status, time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from checks.limits import Limits
from checks.statements import Statement, at_least, at_most, one_of
from evaluation.columns import floats
from evaluation.ranges import in_ranges

PLACE = "{unit_name}“{indicator_name}”{clause}{period}：报送值 {submitted_value}{unit}"
FIX_OR_ASK = "核对原始资料和计量单位，改正后重新报送；确属真实的，请联系考核办调整范围"
FIX_OR_EXPLAIN = "核对原始资料和计量单位，有误的改正后重新报送；属实的向考核办说明原因，由考核办认可"


def gathered(failing: pd.DataFrame) -> pd.DataFrame:
    """A file that came late is told of once a column."""
    told = in_ranges(failing, ["sha256", "sender", "file", "sheet"], ["unit_code", "indicator_code", "period"])
    several = told["count"] > 1
    whose = told["unit_name"].where(told["unit_code"].notna(), "") + "的 " + told["count"].astype("str") + " 个数据"
    single = pd.Series([PLACE.format_map(row) for row in told.to_dict("records")], told.index, dtype="str")
    what = single.where(~several, whose.str.removeprefix("的 "))
    return told.assign(what=what, raw=told["raw"].where(~several))


STATEMENTS = [
    Statement(
        "RANGE", "error", *at_least("number", "minimum"),
        PLACE + "，小于细则规定的下限 {minimum_text}", FIX_OR_ASK, limit="minimum",
    ),
    Statement(
        "RANGE", "error", *at_least("maximum", "number"),
        PLACE + "，大于细则规定的上限 {maximum_text}", FIX_OR_ASK, limit="maximum",
    ),
    Statement(
        "NEGATIVE", "warning", *at_least("positive", "nothing"),
        PLACE + "，按“{unit}”计的数一般不小于 0", FIX_OR_EXPLAIN, limit="positive",
    ),
    Statement(
        "NOT_WHOLE", "warning", *one_of("fraction", [0]),
        PLACE + "，按“{unit}”计的数应为整数", "核对是否填错了列或计量单位", limit="fraction",
    ),
    Statement(
        "OVER_100", "warning", *at_most("share_number", 100),
        PLACE + "，部分占整体的比例不会超过 100%", FIX_OR_EXPLAIN, limit="share_number",
    ),
    Statement(
        "FORECAST", "warning", *one_of("status", ["actual"]),
        PLACE + "，是预计数，得分为暂定", "取得正式数据后，以“实际”重新报送",
    ),
    Statement(
        "LATE", "note", *one_of("late", [False]),
        "{what}，收到时已过截止日期", "首次报送的照用；要替换按期报送的数，请申请更正", told=gathered,
    ),
]  # fmt: skip


def with_limits(limits: Limits, values: pd.DataFrame) -> pd.DataFrame:
    """Submitted values, as `ranked`, with `number`, their limits, and the columns that STATEMENTS compare."""
    frame = limits.beside(values)
    number = pd.Series(floats(frame["submitted_value"]), index=frame.index)
    return frame.assign(
        number=number,
        nothing=0.0,
        positive=number.where(frame["counted"] & frame["minimum"].isna()),
        fraction=np.mod(number, 1).where(frame["counted"]),
        share_number=number.where(frame["share"] & frame["maximum"].isna()),
    )
