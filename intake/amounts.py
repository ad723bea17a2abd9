"""Numbers of rows: read exactly, then turned into the unit of measure that the rulebook names.

Here belongs what becomes of a row whose number or unit is at fault. How a text is read is `numbers.py`,
how units convert `units_of_measure.py`.
"""

from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from intake.characters import code_text
from intake.coded import Coded, Mask, coded
from intake.number_columns import ReadNumbers, read_numbers
from intake.numbers import ReadNumber
from intake.raw import NO_VALUE
from intake.units_of_measure import conversion, converted, is_known
from intake.verdicts import Verdicts, mask_of

_PERCENT_SIGNS = {"%", "‰"}


class _Turn(NamedTuple):
    """How a number with its unit becomes one in the unit that is wanted; `code` where it does not."""

    factor: str = "1"
    code: str = ""
    detail: str = ""


class Amounts(NamedTuple):
    """The numbers of a column in the unit of measure wanted per row; "" where there is none."""

    values: pd.Series
    suffixes: Coded[str]  # the unit written behind the number itself


def read_amounts(verdicts: Verdicts, column: str, wanted: Coded[str], *, may_be_empty: bool = False) -> Amounts:
    """The column as canonical decimals; faults are found and forms noted on the way."""
    rows = verdicts.rows
    stated = verdicts.texts("unit_of_measure") if "unit_of_measure" in rows.texts else wanted.map(lambda _: "")
    read = read_numbers(rows.texts[column], rows.kinds[column])
    _report_faults(verdicts, column, read.forms, may_be_empty)
    units = stated.map(str.strip).beside(wanted)
    turns = read.forms.beside(units).map(lambda pair: _Turn() if pair[0].code else _turn(pair[0].suffix, *pair[1]))
    for code in ("NUMBER", "UNIT"):
        found = turns.where(lambda turn, code=code: turn.code == code)  # type: ignore[misc]
        verdicts.add(code, found, column, turns.map(lambda turn: turn.detail))
    values = _turned(read.values, turns)
    no_end = turns.where(lambda turn: not turn.code and turn.factor != "1")
    endless = no_end & mask_of((values == "") & (read.values != ""))
    verdicts.add("UNIT", endless, column, units.map(lambda pair: f"{pair[0]}换算成{pair[1]}除不尽"))
    _note_forms(verdicts, column, read, turns, units, values)
    return Amounts(values, read.forms.map(lambda form: form.suffix))


def _report_faults(verdicts: Verdicts, column: str, forms: Coded[ReadNumber], may_be_empty: bool) -> None:
    details = forms.map(lambda form: form.detail)
    for code in dict.fromkeys(form.code for form in forms.distinct):
        found = forms.where(lambda form, code=code: form.code == code)  # type: ignore[misc]
        if code == "FORMULA_NO_VALUE" and column == verdicts.rows.kind.value:
            verdicts.add(code, found, column, coded(verdicts.rows.formulas))
        elif code and not (code == "MISSING" and may_be_empty):
            verdicts.add(code, found, column, details)


def _turn(suffix: str, stated: str, wanted: str) -> _Turn:
    if suffix and not is_known(suffix) and code_text(suffix) != code_text(wanted):
        return _Turn(code="NUMBER")
    # A form comes with the unit already filled in; what stands behind the number itself is nearer.
    if suffix and stated not in ("", wanted) and conversion(suffix, stated) != 1:
        return _Turn(code="UNIT", detail=f"数值写“{suffix}”，计量单位写“{stated}”")
    factor = conversion(suffix or stated, wanted)
    if factor is None:
        detail = f"填报的是“{suffix or stated}”，规定的是“{wanted or '无单位的数'}”"
        return _Turn(code="UNIT", detail=detail)
    return _Turn(str(factor))


def _turned(values: pd.Series, turns: Coded[_Turn]) -> pd.Series:
    """The products; "" where a unit does not fit or the product has no end."""
    values = values.mask(turns.where(lambda turn: bool(turn.code)), "")
    changed = turns.where(lambda turn: turn.factor != "1") & mask_of(values != "")
    if changed.any():
        pairs = coded(values[changed]).beside(Coded(turns.numbers[changed], turns.distinct))
        products = pairs.map(lambda pair: converted(pair[0], Fraction(pair[1].factor)) or "")
        values[changed] = products.texts().to_numpy()
    return values


def _note_forms(
    verdicts: Verdicts,
    column: str,
    read: ReadNumbers,
    turns: Coded[_Turn],
    units: Coded[tuple[str, str]],
    values: pd.Series,
) -> None:
    """Notes on what was accepted in a form of its own: converted, unusual, computed."""
    own_unit = read.forms.where(lambda form: bool(form.suffix) and form.suffix not in _PERCENT_SIGNS)
    turned = turns.where(lambda turn: turn.factor != "1") | own_unit
    noted = read.forms.where(lambda form: form.noted) & ~turned
    rows = verdicts.rows
    if turned.any():
        verdicts.add("UNIT_CONVERTED", turned, column, _equations(read, units, values, turned))
    if noted.any():
        suffixes = read.forms.map(lambda form: form.suffix).texts()
        verdicts.add("NUMBER_FORM", noted, column, coded(read.values + suffixes))
    if column == rows.kind.value:
        computed = mask_of((rows.formulas != "") & (rows.kinds[column] != NO_VALUE))
        if computed.any():
            verdicts.add("FORMULA", computed, column, coded(rows.formulas))


def _equations(read: ReadNumbers, units: Coded[tuple[str, str]], values: pd.Series, where: Mask) -> Coded[str]:
    given = read.forms.beside(units).map(lambda pair: pair[0].suffix or pair[1][0])
    wanted = units.map(lambda pair: pair[1])
    equation = read.values + given.texts() + " = " + values + wanted.texts()
    return coded(equation.where(where, ""))
