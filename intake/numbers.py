"""Raw text to an exact decimal. Nothing is guessed: what is not plainly one number is refused.

Here belongs what a number is. What stands behind it (a unit of measure) is split off and understood in
`units_of_measure.py`. Floats are never made.
"""

import re
from decimal import Decimal, localcontext
from typing import NamedTuple

from intake.characters import half_width, has_invisible, trimmed
from intake.raw import BOOLEAN, DATE, ERROR, MERGED, NO_VALUE, NUMBER

MOST_DIGITS = 30  # of a text
MOST_STORED_DIGITS = 15  # of a stored double, which holds no more for certain

_MISSING = {"不适用", "", "-", "--", "—", "——", "－", "–", "无", "/", "／", "\\", "…"}
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"}
_FAULTS = {
    BOOLEAN: "NUMBER",
    DATE: "NUMBER_IS_DATE",
    ERROR: "EXCEL_ERROR",
    NO_VALUE: "FORMULA_NO_VALUE",
    MERGED: "MERGED",
}
_NUMBER = re.compile(r"(?P<sign>[-+]?)(?P<whole>[0-9][0-9,]*)(?P<part>\.[0-9]+)?\s*(?P<suffix>[%‰]|[^\W\d_][^\d]*)?")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_CHINESE_POINT = re.compile(r"(?<=[0-9])。(?=[0-9])")


class ReadNumber(NamedTuple):
    """`code` is the cause of a refusal or MISSING; `noted` tells an unusual form, `suffix` a unit behind."""

    value: str = ""
    suffix: str = ""
    code: str = ""
    noted: bool = False
    detail: str = ""


def canonical(number: Decimal) -> str:
    """
    >>> canonical(Decimal("1.500")), canonical(Decimal("-0.0")), canonical(Decimal("1E+2"))
    ('1.5', '0', '100')
    """
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def read_number(raw: str, kind: str = "") -> ReadNumber:
    """
    >>> read_number("1,234"), read_number("2-3家").code
    (ReadNumber(value='1234', suffix='', code='', noted=True, detail=''), 'NUMBER')
    """
    if kind in _FAULTS:
        return ReadNumber(code=_FAULTS[kind])
    text = trimmed(raw)
    if text in _MISSING:
        return ReadNumber(code="MISSING")
    if text in _ERRORS:
        return ReadNumber(code="EXCEL_ERROR")
    if text == "零":
        return ReadNumber("0")
    plain = _CHINESE_POINT.sub(".", half_width(text))
    found = _NUMBER.fullmatch(plain)
    if found is None or ("," in found["whole"] and not _THOUSANDS.fullmatch(found["whole"])):
        return ReadNumber(code="NUMBER")
    digits = found["whole"].replace(",", "") + (found["part"] or "")
    fault = _too_many_digits(digits, kind)
    if fault:
        return ReadNumber(code="DIGITS", detail=fault)
    with localcontext(prec=MOST_DIGITS + 400):
        value = canonical(Decimal(found["sign"] + digits))
    noted = plain != text or "," in found["whole"] or has_invisible(raw)
    return ReadNumber(value, trimmed(found["suffix"] or ""), noted=noted)


def _too_many_digits(digits: str, kind: str) -> str:
    if len(digits.replace(".", "")) > MOST_DIGITS:
        return f"多于 {MOST_DIGITS} 位"
    significant = digits.replace(".", "").strip("0") if "." in digits else digits.strip("0")
    if kind == NUMBER and len(significant) > MOST_STORED_DIGITS:
        return f"多于 {MOST_STORED_DIGITS} 位有效数字"
    return ""
