"""What stands beside years: remarks of the comparison in the page's language, and streaks.

Here belongs wording. Remarks are made in Chinese (`evaluation/`), as `years.csv` has them.
"""

from __future__ import annotations

import re

from evaluation.comparability import ANOTHER, CLAUSES, COMBINED, FIGURE, LAG, ORIGIN, PERIODS
from evaluation.lineages import GONE
from evaluation.year_items import ADDED, DROPPED, SUMMED, UNREPORTED
from evaluation.years import MOVED
from reports.language import Language, Say, saying
from reports.years import Past

# Remarks of the comparison with what they name; clauses are translated one by one, names are not.
FORMS = (
    (re.compile("口径有变：(.+)"), "口径有变：{0}"),
    (re.compile("考核内容有变：(.+)"), "考核内容有变：{0}"),
    (re.compile("不可比：(.+)"), "不可比：{0}"),
    (re.compile("其后与(.+)合并为(.+)"), "其后与{0}合并为{1}"),
    (re.compile("其后析出(.+)"), "其后析出{0}"),
    (re.compile("其后分为(.+)"), "其后分为{0}"),
    (re.compile("计量单位由(.+)改为(.+)"), "计量单位由{0}改为{1}"),
)
# Remarks that name nothing, and the words that others are made of.
REMARKS = (GONE, MOVED, ADDED, DROPPED, SUMMED, UNREPORTED, COMBINED, LAG, ANOTHER, ORIGIN)
WORDS = (*CLAUSES.values(), PERIODS, FIGURE, "取消", "口径有变", "不可比", "无")
COUNTED = re.compile("(新增|取消|口径有变|不可比)([0-9]+)项")
NAMED = ("不可比：{0}", "其后与{0}合并为{1}", "其后析出{0}", "其后分为{0}")


def remark_in(language: Language, remark: str) -> str:
    """One remark in the language.

    >>> remark_in("en", "口径有变：标准分、计分办法")
    'defined otherwise: points, rule'
    """
    if language == "zh" or not remark:
        return remark
    say = saying(language)
    for form, words in FORMS:
        found = form.fullmatch(remark)
        if found:
            parts = found.groups() if words in NAMED else [_listed(part, say) for part in found.groups()]
            return say(words).format(*parts)
    return say(remark)


def remarks_in(language: Language, remarks: list[str]) -> str:
    return saying(language)("；").join(remark_in(language, remark) for remark in remarks)


def _listed(words: str, say: Say) -> str:
    return say("、").join(_word(word, say) for word in words.split("、"))


def _word(word: str, say: Say) -> str:
    counted = COUNTED.fullmatch(word)
    if counted:
        return say("{word}{n}项", word=say(counted[1]), n=counted[2])
    try:
        return say(word)
    except KeyError:  # a unit of measure
        return word


def streak_told(past: Past, language: Language) -> list[str]:
    """How many years running the unit has been first, and in the highest or lowest grade."""
    say = saying(language)
    told = [say("连续{n}年第1名", n=past.first)] if past.first else []
    return [*told, say("连续{n}年{grade}", n=past.in_grade, grade=past.grade)] if past.in_grade else told
