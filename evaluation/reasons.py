"""Why a measure could not be taken: codes for arrays, and what people are told.

Here belongs the wording alone; where each reason arises is decided where numbers are read.
"""

NO_VALUE = 1
NO_TARGET = 2
NO_STRETCH = 3
NO_DENOMINATOR = 4
NO_PREVIOUS = 5
ZERO_DIVISOR = 6
NOT_POSITIVE = 7
NO_MARKS = 8
NOT_RECEIVED = 9
NO_CONDITION = 10
NO_COMPARISON = 11
NO_LIMIT = 12

WORDING = {
    NO_VALUE: "未报送数据",
    NO_TARGET: "缺少目标值",
    NO_STRETCH: "缺少力争目标值",
    NO_DENOMINATOR: "缺少折算用的分母",
    NO_PREVIOUS: "缺少上年核定值",
    ZERO_DIVISOR: "除数为零，无法计算",
    NOT_POSITIVE: "目标值不为正数或数据为负数，无法计算完成率",
    NO_MARKS: "没有有效评分",
    NOT_RECEIVED: "未收到报送或未规定报送期限",
    NO_CONDITION: "分档所依据的数据缺失",
    NO_COMPARISON: "同组没有可比的数据",
    NO_LIMIT: "细则对该单位没有规定标准",
}
