"""Periods of rows: read, and compared with what the rulebook has due.

Here belongs what becomes of a row whose period is at fault. How a text is read is `periods.py`.
"""

from collections.abc import Callable

import pandas as pd

from intake.keys import Catalogue
from intake.periods import ReadPeriod, first_day, frequency_of, read_period, short_period
from intake.verdicts import Mask, Verdicts, each_once, looked_up, mask_of

_HOW_OFTEN = {"year": "按年", "quarter": "按季", "month": "按月"}


def check_periods(
    verdicts: Verdicts, codes: pd.Series, received: pd.Series, catalogue: Catalogue, *, may_be_empty: Mask
) -> pd.Series:
    """The periods of the rows ("" where unreadable). `codes` are figures, `received` ISO times.

    Where the period may be left empty, the only one that is due for the figure is meant.
    """
    rows = verdicts.rows
    raw = _whole_periods(rows.texts["period"], codes, rows.by_heading, catalogue)
    raw = raw.where((raw.str.strip() != "") | ~may_be_empty, _the_only_period(codes, catalogue))
    read = _read(raw, rows.kinds["period"])
    known = codes.isin(list(catalogue.periods))
    told = known | (rows.texts["period"] != "") | ~may_be_empty
    for code in ("PERIOD", "PERIOD_AMBIGUOUS"):
        verdicts.add(code, mask_of((read["code"] == code) & told), "period", read["detail"])
    periods = read["period"]
    readable = (periods != "") & known
    due = looked_up(codes, catalogue.frequencies)
    other_kind = readable & (each_once(periods, _if_any(frequency_of)) != due)
    verdicts.add("PERIOD_KIND", mask_of(other_kind), "period", looked_up(due, _HOW_OFTEN))
    future = readable & (each_once(periods, _if_any(first_day)) > received.str[:10])
    verdicts.add("PERIOD_FUTURE", mask_of(future), "period")
    pairs = [f"{code}|{period}" for code, given in catalogue.periods.items() for period in given]
    outside = readable & ~other_kind & ~future & ~(codes + "|" + periods).isin(pairs)
    spans = {code: f"不在应报范围之内（{_span(given)}）" for code, given in catalogue.periods.items()}
    verdicts.add("PERIOD", mask_of(outside), "period", looked_up(codes, spans))
    return periods


def _the_only_period(codes: pd.Series, catalogue: Catalogue) -> pd.Series:
    """The period of figures that have just one, "" for others."""
    only = {code: given[0] for code, given in catalogue.periods.items() if len(given) == 1}
    return looked_up(codes, only)


def _whole_periods(raw: pd.Series, codes: pd.Series, where: Mask, catalogue: Catalogue) -> pd.Series:
    """Headings such as 三季度 with the year in which that is due for the figure."""
    short = each_once(raw.where(where, ""), _year_left_out)
    if not (short != "").any():
        return raw
    due = {f"{code}|{period[4:]}": period for code, given in catalogue.periods.items() for period in given}
    whole = looked_up(codes + "|" + short, due)
    return raw.where((short == "") | (whole == ""), whole)


def _year_left_out(text: str) -> str:
    period = short_period(text)
    return "" if period[:1].isdigit() else period


def _read(raw: pd.Series, kinds: pd.Series) -> pd.DataFrame:
    """The fields of `ReadPeriod` for every row; each distinct cell is read once."""
    cells = pd.DataFrame({"raw": raw, "kind": kinds})
    distinct = cells.drop_duplicates().reset_index(drop=True)
    read = [read_period(raw, kind) for raw, kind in distinct.itertuples(index=False)]
    known = pd.concat([distinct, pd.DataFrame(read, columns=ReadPeriod._fields)], axis=1).astype("str")
    return cells.merge(known, on=["raw", "kind"], how="left")[list(ReadPeriod._fields)]


def _if_any(function: Callable[[str], str]) -> Callable[[str], str]:
    return lambda period: function(period) if period else ""


def _span(periods: tuple[str, ...]) -> str:
    return periods[0] if len(periods) == 1 else f"{periods[0]} 至 {periods[-1]}"
