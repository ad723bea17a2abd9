"""`kaohe correct` and `kaohe approve`: what is asked is checked against the value in force before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

import pandas as pd

from evaluation.definition import Definition
from evaluation.discrepancies import KEY
from evaluation.figures import Figure
from evaluation.obligations import periods_due
from orchestration.filing import definition_of, ledger_of
from orchestration.refusals import Refused
from resources.corrections import ValueHasChanged, approve, corrections, request
from resources.home import Home
from resources.kaohe import work_on
from resources.ledger import Entry, Ledger


def request_correction(home: Home, asked: Mapping[str, str | None], approved_by: str | None) -> tuple[list[Entry], str]:
    """Append the request (and the approval where `approved_by` is given); returns entries and a line about them.

    Raises:
        Refused: a unit, indicator, period or number that there is not.
        ValueHasChanged: `old_value` is not the value in force.
        TwoNamesNeeded: the same person asks and approves.
    """
    evaluation = str(asked["evaluation"])
    ledger = ledger_of(home)
    definition = definition_of(home, ledger, evaluation)
    unit, figure = _unit(definition, str(asked["unit"])), _figure(definition, str(asked["indicator"]))
    period = _period(definition, figure, asked["period"])
    in_force = value_in_force(home, ledger, evaluation, (unit, figure.code, period))
    if asked["old_value"] is not None and _number(asked["old_value"]) != in_force:
        raise ValueHasChanged(asked["old_value"], in_force)
    entries = request(
        ledger,
        evaluation,
        {
            "unit_code": unit,
            "indicator_code": figure.code,
            "period": period,
            "old_value": in_force,
            "new_value": _number(str(asked["value"])),
            "reason": asked["reason"],
            "reason_class": asked["reason_class"],
            "document": asked["document"],
            "requested_by": asked["by"],
        },
        approved_by,
    )
    what = f"{unit} {figure.name} {period}：{in_force or '（无）'} → {entries[0].payload['new_value']}"
    if approved_by:
        return (
            entries,
            f"更正已申请（台账第{entries[0].seq}号）并批准（第{entries[1].seq}号）：{what}。后台会自动重新计分。",
        )
    return entries, (
        f"更正已申请，台账第{entries[0].seq}号：{what}。"
        f"请另一人批准：kaohe approve {evaluation} {entries[0].seq} --by 姓名"
    )


def approve_correction(home: Home, evaluation: str, seq: int, by: str) -> str:
    """Append the approval; returns a line about it.

    Raises:
        NoSuchRequest, TwoNamesNeeded, ValueHasChanged: nothing is written.
    """
    ledger = ledger_of(home)
    asked = corrections(ledger, evaluation)
    row = asked[asked["seq"] == seq]
    in_force = "" if row.empty else value_in_force(home, ledger, evaluation, tuple(row.iloc[0][KEY]))
    entry = approve(ledger, evaluation, seq, by, in_force)
    return f"已批准更正申请第{seq}号（台账第{entry.seq}号）。后台会自动重新计分。"


def value_in_force(home: Home, ledger: Ledger, evaluation: str, key: tuple[str, ...]) -> str:
    """The approved correction of latest approval, else the accepted value of the newest run; "" where none."""
    asked = corrections(ledger, evaluation)
    approved = asked[asked["approval_seq"].notna()].sort_values("approval_seq")
    corrected = approved[_is(approved, key)]
    if len(corrected):
        return str(corrected["new_value"].iloc[-1])
    accepted = work_on(home, evaluation).read("accepted_values")
    values = accepted.loc[_is(accepted, key), "accepted_value"].dropna()
    return "" if values.empty else str(values.iloc[0])


def _is(frame: pd.DataFrame, key: tuple[str, ...]) -> pd.Series[bool]:
    return (frame[KEY] == list(key)).all(axis=1)


def _unit(definition: Definition, code: str) -> str:
    if code not in set(definition.units["unit_code"]):
        raise Refused(f"没有单位“{code}”。单位编码见 units.csv：{'、'.join(definition.units['unit_code'][:40])}。")
    return code


def _figure(definition: Definition, code: str) -> Figure:
    """The figure of that code, or the one that the item of that code reads."""
    figures = definition.rulebook.figures()
    for figure in figures:
        if code == figure.code or code in {place.item.code for place in figure.places}:
            return figure
    raise Refused(f"没有数据“{code}”。可以更正的：{'、'.join(figure.code for figure in figures)}。")


def _period(definition: Definition, figure: Figure, period: str | None) -> str:
    due = periods_due(definition.rulebook, figure)
    if period is None and len(due) == 1:
        return due[0]
    if period not in due:
        raise Refused(f"考核期“{period or '（未写）'}”不对，“{figure.name}”的考核期：{'、'.join(due)}。")
    return period


def _number(text: str) -> str:
    """A number as canonical decimal text."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Refused(f"“{text}”不是数。请写成 12.5 这样的数，不带单位。") from None
    if not number.is_finite():
        raise Refused(f"“{text}”不是数。请写成 12.5 这样的数，不带单位。")
    plain = f"{number:f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain) or "0"
