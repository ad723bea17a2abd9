"""Periods: what officials write, as `2025`, `2025Q3` or `2025-09`.

Here belongs how a period is read, how long it is and when it begins. Which periods are due for a figure
is said by the rulebook, what becomes of a row with another one in `due_periods.py`.
"""

import re
from datetime import date
from typing import NamedTuple

from intake.characters import half_width, trimmed
from intake.raw import DATE

_CHINESE_QUARTERS = {"一": "1", "二": "2", "三": "3", "四": "4"}
_YEAR = re.compile(r"([0-9]{4})(?:年|年度)?")
_QUARTER = re.compile(r"([0-9]{4})(?:[-年/]|年度)?(?:[Qq]([1-4])|第?([1-4一二三四])季度?)")
_MONTH = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})|([0-9]{2}))(?:月|月份)?")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: [0-9:.]+)?")
_SHORT = re.compile(r"(?:([0-9]{4})年?度?)?(?:第?([1-4一二三四])季度?|[Qq]([1-4])|(1[0-2]|0?[1-9])月份?)")
_AMBIGUOUS = re.compile(r"[0-9]{4}\.1")


class ReadPeriod(NamedTuple):
    period: str = ""
    code: str = ""
    detail: str = ""


def read_day(raw: str) -> str:
    """The day as `2025-09-30`, or "" for what is no day.

    >>> read_day("2025年9月30日"), read_day("2025/2/30")
    ('2025-09-30', '')
    """
    found = _DAY.fullmatch(half_width(trimmed(raw)))
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat() if found else ""
    except ValueError:
        return ""


def read_period(raw: str, kind: str = "") -> ReadPeriod:
    """
    >>> read_period("2025年9月").period, read_period("2025年第三季度").period, read_period("2025-13").code
    ('2025-09', '2025Q3', 'PERIOD')
    """
    text = "".join(half_width(trimmed(raw)).split(" "))
    if not text:
        return ReadPeriod(code="PERIOD", detail="没有填写")
    if _AMBIGUOUS.fullmatch(text):
        return ReadPeriod(code="PERIOD_AMBIGUOUS")
    if (found := _YEAR.fullmatch(text)) and kind != DATE:
        return ReadPeriod(found[1])
    if found := _QUARTER.fullmatch(text):
        quarter = found[2] or found[3]
        return ReadPeriod(f"{found[1]}Q{_CHINESE_QUARTERS.get(quarter, quarter)}")
    if found := _MONTH.fullmatch(text):
        month = int(found[2] or found[3])
        if 1 <= month <= 12:
            return ReadPeriod(f"{found[1]}-{month:02d}")
        return ReadPeriod(code="PERIOD", detail=f"没有 {month} 月")
    day = read_day(raw)
    return ReadPeriod(day[:7]) if day else ReadPeriod(code="PERIOD", detail="无法识别")


def short_period(text: str) -> str:
    """The end of the period that a heading names, or "": a whole period, or one whose year stands elsewhere.

    >>> short_period("三季度"), short_period("9月"), short_period("2025年第3季度"), short_period("研发投入")
    ('Q3', '-09', '2025Q3', '')
    """
    plain = "".join(half_width(trimmed(text)).split(" "))
    found = _SHORT.fullmatch(plain)
    if found is None:
        return "" if plain.isdecimal() and len(plain) != 4 else read_period(plain).period
    year, quarter, month = found[1] or "", found[2] or found[3], found[4]
    return f"{year}Q{_CHINESE_QUARTERS.get(quarter, quarter)}" if quarter else f"{year}-{int(month):02d}"


def frequency_of(period: str) -> str:
    """
    >>> frequency_of("2025"), frequency_of("2025Q3"), frequency_of("2025-09")
    ('year', 'quarter', 'month')
    """
    return "year" if len(period) == 4 else "quarter" if "Q" in period else "month"


def first_day(period: str) -> str:
    """
    >>> first_day("2025Q3")
    '2025-07-01'
    """
    if "Q" in period:
        return f"{period[:4]}-{3 * int(period[5]) - 2:02d}-01"
    return f"{period}-01" if "-" in period else f"{period}-01-01"
