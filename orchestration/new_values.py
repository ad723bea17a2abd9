"""What may be written into a corrected cell: numbers, days, levels; and a definition that still holds together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

import numpy as np
import pandas as pd

from evaluation.corrected import OF_THE_DEFINITION, with_corrections
from evaluation.definition import Definition
from evaluation.table_checks import officials_faults, targets_faults, units_faults
from evaluation.tables import Table
from orchestration.refusals import Refused

NUMBERS = ("value", "quantity", "mark")
NUMBERS_OR_SHARES = ("target", "stretch", "share")
DATES = ("from", "to")
MAY_BE_BLANK = ("stretch", "target", "applicable", "document", "to", "share", "quantity")


def new_value(definition: Definition, cell: Mapping[str, str], text: str) -> str:
    """The text as it is kept: numbers as canonical decimals.

    Raises:
        Refused: not what may stand in such a cell.
    """
    name, text = cell["field"], text.strip()
    if not text:
        if name in MAY_BE_BLANK:
            return ""
        raise Refused("更正为什么没有写（--value）。")
    if name in NUMBERS:
        return number(text)
    if name in NUMBERS_OR_SHARES:
        return number(text.removesuffix("%")) + ("%" if text.endswith("%") else "")
    if name in DATES:
        return _day(text)
    if name == "level":
        _require_level(definition, cell, text)
    return text


def require_possible(definition: Definition, cell: Mapping[str, str], old: str, new: str) -> None:
    """Raises: Refused: the definition would contradict itself."""
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


def number(text: str) -> str:
    """A number as canonical decimal text."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Refused(f"“{text}”不是数。请写成 12.5 这样的数，不带单位。") from None
    if not value.is_finite():
        raise Refused(f"“{text}”不是数。请写成 12.5 这样的数，不带单位。")
    plain = f"{value:f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain) or "0"


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


def _split(text: str) -> tuple[str, bool]:
    return number(text.removesuffix("%")), text.endswith("%")


def _table(file: str, frame: pd.DataFrame) -> Table:
    return Table(file, frame, np.arange(2, len(frame) + 2, dtype=np.int64))


def _require_level(definition: Definition, cell: Mapping[str, str], text: str) -> None:
    for place in definition.rulebook.places():
        levels = getattr(place.item.rule, "levels", None)
        if place.item.code == cell["indicator_code"] and levels and text not in {*levels, "exemption"}:
            raise Refused(f"“{place.item.name}”没有级别“{text}”。可用：{'、'.join(levels)}。")


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Refused(f"“{text}”不是日期，应写成 2025-05-18。") from None
