"""What a number stored in a workbook says: an exact decimal, a percentage, a day.

Here belongs the meaning of stored numbers under their number format, without any cell or sheet.
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal

_SHORT_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?")
_LAST_DATE = 2_958_466


def number_text(stored: str) -> str | None:
    """The shortest decimal that reads back to the stored double; None for what is no finite number.

    >>> number_text("1.0049999999999999"), number_text("1E+2"), number_text("1e999")
    ('1.005', '100', None)
    """
    if _SHORT_WHOLE.fullmatch(stored):
        return stored
    if not _FLOAT.fullmatch(stored):
        return None
    number = float(stored)
    if number in (float("inf"), float("-inf")):
        return None
    text = repr(number)
    return format(Decimal(text), "f") if "e" in text else text.removesuffix(".0")


def percent_text(number: str) -> str:
    """What a percent format shows of a number, with all its digits.

    >>> percent_text("0.982")
    '98.2%'
    """
    shown = format(Decimal(number).scaleb(2), "f")
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown) + "%"


def date_text(number: str, starts_1904: bool) -> str | None:
    """The day, moment or time of day of a serial number; None where it stands for none."""
    serial = float(number)
    if not 0 < serial < _LAST_DATE:
        return None
    if serial < 1:
        return (datetime.min + timedelta(seconds=round(serial * 86_400))).time().isoformat()
    # In the older system day 60 is the 29th of February 1900, which never was.
    days = serial + 1462 if starts_1904 else serial if serial >= 60 else serial + 1
    try:
        moment = datetime(1899, 12, 30) + timedelta(seconds=round(days * 86_400))
    except OverflowError:
        return None
    return moment.isoformat(" ").removesuffix(" 00:00:00")
