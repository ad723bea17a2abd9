"""Periods of rows: read, and compared with what the rulebook has due.

Here belongs what becomes of a row whose period is at fault. How a text is read is `periods.py`.
"""

import numpy as np

from intake.coded import Coded, Mask, coded
from intake.keys import Catalogue
from intake.periods import ReadPeriod, first_day, frequency_of, read_period, short_period
from intake.verdicts import Verdicts

_HOW_OFTEN = {"year": "按年", "quarter": "按季", "month": "按月"}


def check_periods(
    verdicts: Verdicts,
    codes: Coded[str],
    received: Coded[str],
    catalogue: Catalogue,
    *,
    may_be_empty: Mask,
) -> Coded[str]:
    """The periods of the rows ("" where unreadable). `codes` are figures, `received` ISO times.

    Where the period may be left empty, the only one that is due for the figure is meant.
    """
    raw = verdicts.texts("period")
    read = _read(verdicts, _completed(verdicts, codes, catalogue, may_be_empty))
    known = codes.where(lambda code: code in catalogue.periods)
    told = known | raw.where(bool) | ~may_be_empty
    for code in ("PERIOD", "PERIOD_AMBIGUOUS"):
        found = read.where(lambda one, code=code: one.code == code)  # type: ignore[misc]
        verdicts.add(code, found & told, "period", read.map(lambda one: one.detail))
    periods = read.map(lambda one: one.period)
    _check_due(verdicts, codes, periods, received.map(lambda time: time[:10]), catalogue)
    return periods


def _check_due(
    verdicts: Verdicts, codes: Coded[str], periods: Coded[str], days: Coded[str], catalogue: Catalogue
) -> None:
    def is_kept(pair: tuple[str, str]) -> bool:
        return bool(pair[1]) and pair[0] in catalogue.periods

    pairs = codes.beside(periods)
    other = pairs.where(lambda pair: is_kept(pair) and frequency_of(pair[1]) != catalogue.frequencies[pair[0]])
    often = codes.map(lambda code: _HOW_OFTEN.get(catalogue.frequencies.get(code, ""), ""))
    verdicts.add("PERIOD_KIND", other, "period", often)
    begun = periods.beside(days).where(lambda pair: not pair[0] or first_day(pair[0]) <= pair[1])
    kept = pairs.where(is_kept)
    verdicts.add("PERIOD_FUTURE", kept & ~begun, "period")
    due = {code: frozenset(given) for code, given in catalogue.periods.items()}
    outside = pairs.where(lambda pair: is_kept(pair) and pair[1] not in due[pair[0]]) & ~other & begun
    spans = codes.map(lambda code: f"不在应报范围之内（{_span(catalogue.periods.get(code, ('',)))}）")
    verdicts.add("PERIOD", outside, "period", spans)


def _completed(verdicts: Verdicts, codes: Coded[str], catalogue: Catalogue, may_be_empty: Mask) -> Coded[str]:
    """The texts, with the only period that is due where none is needed, and the year that headings leave out."""
    raw = verdicts.texts("period")
    if not may_be_empty.any() and not verdicts.rows.by_heading.any():
        return raw
    due = {(code, period[4:]): period for code, given in catalogue.periods.items() for period in given}
    only = {code: given[0] for code, given in catalogue.periods.items() if len(given) == 1}

    def completed(row: tuple[tuple[str, str], tuple[bool, bool]]) -> str:
        (text, code), (is_heading, is_left_out) = row
        short = _year_left_out(text) if is_heading else ""
        whole = due.get((code, short), text) if short else text
        return only.get(code, "") if is_left_out and not whole.strip() else whole

    left_out: Coded[bool] = Coded(may_be_empty.astype(np.int64), (False, True))
    return raw.beside(codes).beside(verdicts.by_heading.beside(left_out)).map(completed)


def _year_left_out(text: str) -> str:
    period = short_period(text)
    return "" if period[:1].isdigit() else period


def _read(verdicts: Verdicts, raw: Coded[str]) -> Coded[ReadPeriod]:
    return raw.beside(coded(verdicts.rows.kinds["period"])).map(lambda cell: read_period(*cell))


def _span(periods: tuple[str, ...]) -> str:
    return periods[0] if len(periods) == 1 else f"{periods[0]} 至 {periods[-1]}"
