"""What pages say of years side by side, in English, by the Chinese.

Here belong our own words about other cycles; all others stand in `english.py`.
"""

from __future__ import annotations

YEARS = {
    "历年": "Through the years",
    "历年（csv）": "Years (csv)",
    "历年对比": "Years side by side",
    "历年对比（{draft}）": "Years side by side ({draft})",
    "所比各年": "The years compared",
    "年度": "Year",
    "单位数": "Units",
    "本年": "this year",
    "与本年相比": "Beside this year",
    "考核内容与本年相同": "same contents as this year",
    "各年照当时公布的一版；口径有变的只比得分率，不可比的照列而不比。": (
        "Each year as it was published; what is defined otherwise is compared as a rate only, what is not comparable "
        "is listed and not compared."
    ),
    "，此处列出前 {n} 个，其余见 years.csv": "; the first {n} are listed here, the rest stands in years.csv",
    "总分走势": "Totals through the years",
    "同组各图用同一刻度；虚线为本组总分中位数。实心点与本年口径相同，空心点考核内容有变，叉为合并、拆分前的单位。": (
        "All drawings of a group have one scale; the grey line is the median total of the group. A full dot has this "
        "year's contents, an open one others; a cross is a unit before a merger or split."
    ),
    "各指标历年中位数": "Items through the years, medians",
    "各指标历年得分率和数据": "Items through the years: rates and figures",
    "每年左列为得分率，右列为数据；* 口径有变，只比得分率": (
        "Per year the rate of the points, then the figure; * defined otherwise, only rates compare"
    ),
    "已撤并、本年没有接续的单位": "Units that are no more and that nobody continues",
    "{cycle}：{name}，总分 {total}，名次 {rank}": "{cycle}: {name}, total {total}, rank {rank}",
    "名次百分位": "Percentile of the rank",
    "名次百分位：100 为第一，0 为末位。": "Percentile of the rank: 100 is first, 0 is last.",
    "全部单位的历年对比": "All units through the years",
    "连续{n}年第1名": "first for {n} years running",
    "连续{n}年{grade}": "{grade} for {n} years running",
    "不可比": "not comparable",
    "口径有变": "defined otherwise",
    "取消": "dropped",
    "{word}{n}项": "{n} {word}",
    "口径有变：{0}": "defined otherwise: {0}",
    "考核内容有变：{0}": "other contents: {0}",
    "不可比：{0}": "not comparable: {0}",
    "其后与{0}合并为{1}": "later merged with {0} into {1}",
    "其后析出{0}": "{0} was split off later",
    "其后分为{0}": "later divided into {0}",
    "其后撤并，本年没有接续": "is no more, continued by nobody",
    "其后换了分组": "moved to another group later",
    "新增": "new",
    "其后取消": "dropped later",
    "缺报": "not reported",
    "合并前各单位之和": "sum of the units before the merger",
    "计量单位由{0}改为{1}": "unit of measure changed from {0} to {1}",
    "几期合成一年的办法有变": "periods are combined otherwise",
    "数据年度与考核年度的间隔有变": "the lag of the figures changed",
    "读的不是同一项数据": "reads another figure",
    "数据的来历有变": "the figures come from elsewhere",
    "上限": "cap",
    "下限": "floor",
    "方向": "direction",
    "折算": "denominator",
    "计分依据": "measure",
    "比较范围": "whom it compares with",
    "底线": "cliff",
    "小项": "parts",
    "缺数据的处理": "missing figures",
    "无此项任务的处理": "items that do not apply",
    "补足范围": "rescaling",
    "核减": "exemptions",
    "计分的期": "periods scored",
    "无": "none",
}
