"""Numbers of rows: read exactly, then turned into the unit of measure that the rulebook names.

Here belongs what becomes of a row whose number or unit is at fault. How a text is read is `numbers.py`,
how units convert `units_of_measure.py`.
"""

from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from intake.characters import code_text
from intake.numbers import read_numbers
from intake.raw import NO_VALUE
from intake.units_of_measure import conversion, converted, is_known
from intake.verdicts import Mask, Verdicts, mask_of

_PERCENT_SIGNS = {"%", "‰"}


class _Turn(NamedTuple):
    """How a number with its unit becomes one in the unit that is wanted; `code` where it does not."""

    factor: str = "1"
    code: str = ""
    detail: str = ""


def read_amounts(verdicts: Verdicts, column: str, wanted: pd.Series, *, may_be_empty: bool = False) -> pd.Series:
    """The column as canonical decimals in the unit of measure wanted per row; "" where there is none."""
    rows = verdicts.rows
    stated = rows.texts.get("unit_of_measure", pd.Series("", index=wanted.index, dtype="str"))
    read = read_numbers(rows.texts[column], rows.kinds[column])
    _report_faults(verdicts, column, read, may_be_empty)
    given = pd.DataFrame({"suffix": read["suffix"], "stated": stated.str.strip(), "wanted": wanted})
    turns = _turns(given, mask_of(read["value"] != ""))
    for code in ("NUMBER", "UNIT"):
        verdicts.add(code, mask_of(turns["code"] == code), column, turns["detail"])
    values = _turned(read["value"], turns["factor"])
    endless = (values == "") & (read["value"] != "") & (turns["code"] == "")
    verdicts.add("UNIT", mask_of(endless), column, stated + "换算成" + wanted + "除不尽")
    units = given["suffix"].where(given["suffix"] != "", given["stated"])
    equation = read["value"] + units + " = " + values + wanted
    _note_forms(verdicts, column, read, turns, equation)
    return values.where(turns["code"] == "", "")


def _report_faults(verdicts: Verdicts, column: str, read: pd.DataFrame, may_be_empty: bool) -> None:
    for code in read["code"].unique():
        found = mask_of(read["code"] == code)
        if code == "FORMULA_NO_VALUE" and column == verdicts.rows.kind.value:
            verdicts.add(code, found, column, verdicts.rows.formulas)
        elif code and not (code == "MISSING" and may_be_empty):
            verdicts.add(code, found, column, read["detail"])


def _turns(given: pd.DataFrame, where: Mask) -> pd.DataFrame:
    """A `_Turn` for every row; each combination of units is looked at once."""
    distinct = given[where].drop_duplicates()
    turns = [_turn(*units) for units in distinct.itertuples(index=False)]
    known = pd.concat([distinct.reset_index(drop=True), pd.DataFrame(turns, columns=_Turn._fields)], axis=1)
    merged = given.merge(known.astype("str"), on=list(given.columns), how="left").set_index(given.index)
    return merged[list(_Turn._fields)].fillna({"factor": "1", "code": "", "detail": ""})


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


def _turned(values: pd.Series, factors: pd.Series) -> pd.Series:
    changed = mask_of((factors != "1") & (values != ""))
    if not changed.any():
        return values
    pairs = pd.DataFrame({"value": values[changed], "factor": factors[changed]})
    distinct = pairs.drop_duplicates()
    products = [converted(value, Fraction(factor)) or "" for value, factor in distinct.itertuples(index=False)]
    merged = pairs.merge(distinct.assign(product=products), on=["value", "factor"], how="left")
    result = values.copy()
    result[changed] = merged["product"].to_numpy()
    return result


def _note_forms(verdicts: Verdicts, column: str, read: pd.DataFrame, turns: pd.DataFrame, equation: pd.Series) -> None:
    """Notes on what was accepted in a form of its own: converted, unusual, computed."""
    read_as = read["value"] + read["suffix"]
    own_unit = (read["suffix"] != "") & ~read["suffix"].isin(_PERCENT_SIGNS)
    turned = (turns["factor"] != "1") | own_unit
    verdicts.add("UNIT_CONVERTED", mask_of(turned), column, equation)
    verdicts.add("NUMBER_FORM", mask_of(read["noted"] & ~turned), column, read_as)
    rows = verdicts.rows
    if column == rows.kind.value:
        computed = (rows.formulas != "") & (rows.kinds[column] != NO_VALUE)
        verdicts.add("FORMULA", mask_of(computed), column, rows.formulas)
