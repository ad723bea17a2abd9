"""What may be written into a corrected cell: numbers, days, levels; and a definition that still holds together."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pandas as pd

from evaluation.corrected import FIGURE, OF_THE_DEFINITION, rows_named, with_corrections
from evaluation.definition import Definition
from evaluation.reporting import mark_readers, marks_limits
from evaluation.rounding import decimal_text
from evaluation.table_checks import officials_faults, targets_faults, units_faults
from evaluation.tables import Table
from intake.characters import half_width
from intake.numbers import read_number
from intake.periods import read_day
from intake.units_of_measure import conversion, converted
from reports.answers import answered, answers, answers_told
from reports.corrections import FIELDS, item_names, value_told
from reports.harmless import shortened
from resources.refused import Refused

NUMBERS = ("value", "quantity", "mark")
NUMBERS_OR_SHARES = ("target", "stretch", "share")
DATES = ("from", "to")
SHOWN = 40  # letters of what was written
MAY_BE_BLANK = ("stretch", "target", "applicable", "document", "to", "share", "quantity")


def new_value(definition: Definition, cell: Mapping[str, str], text: str) -> str:
    """The text as it is kept: numbers as canonical decimals, answers as their codes.

    Raises:
        Refused: not what may stand in such a cell.
    """
    name, text = cell["field"], answered(definition, cell, text.strip())
    if not text:
        if name in MAY_BE_BLANK:
            return ""
        raise Refused("更正为什么没有写（--value）。")
    if name in NUMBERS:
        new = number(text, _unit_of_measure(definition, cell))
        _require_within(definition, cell, new)
        return new
    if name in NUMBERS_OR_SHARES:
        return "".join(_split(text))
    if name in DATES:
        return _day(text)
    _require_answer(definition, cell, text)
    return text


def require_possible(definition: Definition, cell: Mapping[str, str], old: str, new: str) -> None:
    """Raises: Refused: the definition would contradict itself, or the figure be out of its range."""
    if cell["subject"] == FIGURE:
        _require_within(definition, cell, new)
    if cell["subject"] not in OF_THE_DEFINITION:
        return
    row = pd.DataFrame([{**cell} | {"old_value": old, "new_value": new, "approval_seq": 1}])
    after = with_corrections(definition, row)
    units = after.units["unit_code"].tolist()
    faults = [
        *units_faults(_table("units.csv", after.units), after.rulebook),
        *officials_faults(_table("officials.csv", after.officials), after.rulebook, units),
        *targets_faults(_table("targets.csv", after.targets), after.rulebook, units),
    ]
    if faults:
        raise Refused("；".join(dict.fromkeys(f"{fault.message}：{fault.remedy}" for fault in faults)) + "。")
    if cell["subject"] == "post":
        _require_order(after.officials[rows_named(after.officials, cell)])


def require_change(definition: Definition, cell: Mapping[str, str], old: str, new: str) -> None:
    """Raises: Refused: it stands so already; a figure may be confirmed as it stands."""
    if cell["subject"] != FIGURE and same_value(cell, new, old):
        raise Refused(f"现行值已经是“{value_told(definition, cell, old) or '（无）'}”，不必更正。")


def number(text: str, unit_of_measure: str = "") -> str:
    """A number as canonical decimal text in that unit, written in any way in which it may be filed.

    >>> number("１，０５０.50"), number("2.4%", "%"), number("0.3亿元", "万元")
    ('1050.5', '2.4', '3000')
    """
    read = read_number(text)
    if read.code:
        raise Refused(f"“{shortened(text, SHOWN)}”不是数。请写一个确切的数，如 12.5。")
    factor = conversion(read.suffix, unit_of_measure)
    value = None if factor is None else converted(read.value, factor)
    if value is None:
        wanted = unit_of_measure or "无单位的数"
        raise Refused(f"“{shortened(text, SHOWN)}”写的单位是“{read.suffix}”，这里要的是“{wanted}”。")
    return value


def same_value(cell: Mapping[str, str], one: str, other: str) -> bool:
    """Whether two texts say the same: 2.40 is 2.4 where a number is meant."""
    if one == other:
        return True
    if cell["field"] not in (*NUMBERS, *NUMBERS_OR_SHARES) or not one or not other:
        return False
    try:
        return _split(one) == _split(other)
    except Refused:
        return False


def _split(text: str) -> tuple[str, str]:
    """The number, and % where it is a share."""
    share = half_width(text).endswith("%")
    return number(text, "%" if share else ""), "%" if share else ""


def _unit_of_measure(definition: Definition, cell: Mapping[str, str]) -> str:
    """What the numbers of such cells are in; marks are plain numbers, or shares."""
    if cell["subject"] == "mark":
        return ""
    if cell["subject"] == FIGURE:
        given = [one.unit_of_measure for one in definition.rulebook.figures() if one.code == cell["indicator_code"]]
    else:
        places = definition.rulebook.places()
        given = [place.item.unit_of_measure for place in places if place.item.code == cell["indicator_code"]]
    return next((one for one in given if one), "")


def _require_within(definition: Definition, cell: Mapping[str, str], new: str) -> None:
    """Raises: Refused: a figure out of its range, a quantity below 0, or a mark that no judge may give."""
    unit, code = cell["unit_code"], cell["indicator_code"]
    group = str(definition.unit_groups[unit])
    if cell["subject"] == FIGURE:
        _require_in_range(definition, code, unit, group, Fraction(new))
        return
    least, most = Fraction(0), None
    if cell["subject"] == "mark":
        least, most = marks_limits(mark_readers(definition.rulebook)[code], unit, group)
    if Fraction(new) < least or (most is not None and Fraction(new) > most):
        upper = "以上" if most is None else f"到 {decimal_text(most)} 之间"
        raise Refused(f"“{new}”不在 {decimal_text(least)} {upper}。")


def _require_in_range(definition: Definition, code: str, unit: str, group: str, new: Fraction) -> None:
    """Raises: Refused: what would be refused if it were filed."""
    figure = next((one for one in definition.rulebook.figures() if one.code == code), None)
    if figure is None:
        return
    least, most = figure.minimum(unit, group), figure.maximum(unit, group)
    beyond = (
        f"小于细则规定的下限 {decimal_text(least)}" if least is not None and new < least
        else f"大于细则规定的上限 {decimal_text(most)}" if most is not None and new > most
        else ""
    )  # fmt: skip
    if beyond:
        remedy = "请核对数和计量单位；确属真实的，先调整细则里的范围，重新下发后再申请更正"
        raise Refused(f"“{decimal_text(new)}”{beyond}。{remedy}。")


def _table(file: str, frame: pd.DataFrame) -> Table:
    return Table(file, frame, np.arange(2, len(frame) + 2, dtype=np.int64))


def _require_order(posts: pd.DataFrame) -> None:
    """Raises: Refused: a post that ends before it begins."""
    for begins, ends in posts[["from", "to"]].fillna("").itertuples(index=False):
        if ends and begins > ends:  # dates of one form sort as text
            raise Refused(f"任职自 {begins} 晚于任职至 {ends}。请核对两个日期。")


def _require_answer(definition: Definition, cell: Mapping[str, str], text: str) -> None:
    """Raises: Refused: none of the few that there are; a level may also be an exemption."""
    known = answers(definition, cell)
    if cell["field"] == "level" and not known and text != "exemption":
        raise Refused(f"“{item_names(definition)[cell['indicator_code']]}”不分级别，读到“{shortened(text, SHOWN)}”。")
    if known and text not in known and (cell["field"], text) != ("level", "exemption"):
        told = answers_told(definition, cell)
        what = "这种写法" if cell["field"] == "applicable" else FIELDS[cell["field"]]
        raise Refused(f"没有{what}“{shortened(text, SHOWN)}”。可用：{told}。")


def _day(text: str) -> str:
    day = read_day(text)
    if not day:
        raise Refused(f"“{shortened(text, SHOWN)}”不是日期，应写成 2025-05-18。")
    return day
