"""Periods of rows: read, and compared with what the rulebook has due.

Here belongs what becomes of a row whose period is at fault. How a text is read is `periods.py`.
"""

from intake.coded import Coded, coded
from intake.keys import Catalogue
from intake.periods import ReadPeriod, first_day, frequency_of, read_period
from intake.verdicts import Verdicts

_HOW_OFTEN = {"year": "按年", "quarter": "按季", "month": "按月"}


def check_periods(
    verdicts: Verdicts,
    codes: Coded[str],
    received: Coded[str],
    catalogue: Catalogue,
    *,
    instead: Coded[str] | None = None,
) -> Coded[str]:
    """The periods of the rows ("" where unreadable). `codes` are figures, `received` ISO times.

    `instead` stands where no period is written.
    """
    raw = verdicts.texts("period")
    read = _read(verdicts, raw, instead)
    unasked = codes.where(lambda code: code not in catalogue.periods)
    told = raw.where(bool) | ~unasked if instead is not None else ~unasked | unasked
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


def the_only_period(codes: Coded[str], catalogue: Catalogue) -> Coded[str]:
    """The period of figures that have just one, "" for others."""
    only = {code: given[0] for code, given in catalogue.periods.items() if len(given) == 1}
    return codes.map(lambda code: only.get(code, ""))


def _read(verdicts: Verdicts, raw: Coded[str], instead: Coded[str] | None) -> Coded[ReadPeriod]:
    if instead is not None:
        raw = raw.beside(instead).map(lambda pair: pair[0] if pair[0].strip() else pair[1])
    return raw.beside(coded(verdicts.rows.kinds["period"])).map(lambda cell: read_period(*cell))


def _span(periods: tuple[str, ...]) -> str:
    return periods[0] if len(periods) == 1 else f"{periods[0]} 至 {periods[-1]}"
