"""Facts told: a figure and how its periods were combined, its denominator, matters claimed, days of receipt.

Here belongs reading what was given, of the units asked for. Measures are made of it in
`explanation_measures.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from evaluation.claims import EXEMPTION, Claims
from evaluation.explanation_terms import Term, equation, number, shown_number, sum_of
from evaluation.explanation_view import Cell, View, present
from evaluation.explanation_words import Words


@dataclass(frozen=True)
class Claim:
    """One row of claims; `level`, `document` None where none is written."""

    name: str
    matter: int
    level: str | None
    quantity: Fraction
    document: str | None


def takes_last_year(cell: Cell) -> bool:
    """Whether last year's value stands in for a missing one."""
    return cell.view.own[cell.at] is None and cell.view.node.item.missing == "previous"


def figure_value(cell: Cell) -> Fraction:
    """a, before it is divided by anything."""
    return present((cell.view.last if takes_last_year(cell) else cell.view.own)[cell.at])


def term_of(cell: Cell, value: Fraction) -> Term:
    """A figure or target, divided by the denominator where there is one."""
    divisor = cell.view.divisor
    return number(value) if divisor is None else number(value) / number(present(divisor[cell.at]))


def per_said(cell: Cell, words: Words) -> tuple[str, ...]:
    """The denominator."""
    divisor = cell.view.divisor
    if divisor is None:
        return ()
    name = words.column(str(cell.view.node.item.per))
    return (words("denominator", name=name, number=shown_number(present(divisor[cell.at]))),)


def figure_said(cell: Cell, words: Words) -> str:
    """The figure with its unit of measure, and where it comes from unless that is plain."""
    item = cell.view.node.item
    shown = words.amount(figure_value(cell), item.unit_of_measure)
    if takes_last_year(cell):
        return words("with_note", text=shown, note=words("stands_in"))
    notes = [_combined_said(cell, words), _exempted_said(cell, words)]
    told = words.sentence(notes)
    return words("with_note", text=shown, note=told) if told else shown


def _combined_said(cell: Cell, words: Words) -> str:
    values = _of_periods(cell.view)[cell.at]
    if cell.view.period is not None or (len(values) < 2 and cell.view.node.item.frequency == "year"):
        return ""
    how = cell.view.node.item.accumulate
    numbers = [number(value) for _, value in values]
    if how in ("sum", "mean"):
        total = sum_of(numbers)
        term = total if how == "sum" else total / number(max(len(numbers), 1))
        return words(f"combined_{how}", count=len(values), equation=equation(term))
    chosen = values[-1] if how == "latest" else max(values, key=lambda pair: pair[1])
    return words(f"combined_{how}", period=period_said(chosen[0], words))


def period_said(period: str, words: Words) -> str:
    """2025-03, 2025Q1, 2025 as people say it."""
    if "Q" in period:
        return words("quarter", year=period[:4], number=period[5:])
    if "-" in period:
        return words("month", year=period[:4], number=int(period[5:]))
    return words("year", year=period)


def _of_periods(view: View) -> list[list[tuple[str, Fraction]]]:
    """What was reported of each unit, by period."""
    return view.once("periods", lambda: _read_periods(view))


def _read_periods(view: View) -> list[list[tuple[str, Fraction]]]:
    table, reported = view.inputs.figures, view.inputs.reported(view.node)
    found: dict[int, list[tuple[str, Fraction]]] = {int(unit): [] for unit in view.units}
    chosen = pd.Series(reported.units).isin(list(found)).to_numpy(dtype=bool) & table.texts.known[reported.rows]
    for unit, row, period in zip(reported.units[chosen], reported.rows[chosen], reported.periods[chosen], strict=True):
        found[int(unit)].append((table.period_names[period], Fraction(table.texts.exact(row))))
    return [found[int(unit)] for unit in view.units]


def _exempted_said(cell: Cell, words: Words) -> str:
    view = cell.view
    if not view.node.item.exemptions:
        return ""
    added = view.once("exempted", lambda: _exempted(view))[cell.at]
    if not added:
        return ""
    unit = view.node.item.unit_of_measure
    own = present(view.own[cell.at])
    return words("exempted", reported=words.amount(own - added, unit), added=words.amount(added, unit))


def _exempted(view: View) -> list[Fraction]:
    column = view.inputs.claims.of(*view.node.filed_under).at_level(EXEMPTION).quantity
    return view.numbers(view.block.columns([column]).number)


def claims_by_unit(view: View) -> list[list[Claim]]:
    """The claims that count for the item, of each unit, in the order in which they were given."""
    return view.once("claims", lambda: _read_claims(view, view.inputs.claims_of(view.node)))


def _read_claims(view: View, claims: Claims) -> list[list[Claim]]:
    frame = view.record.given.claims
    found: dict[int, list[Claim]] = {int(unit): [] for unit in view.units}
    if frame is None:
        return [[] for _ in view.units]
    chosen = pd.Series(claims.units).isin(list(found)).to_numpy(dtype=bool)
    rows = claims.rows[chosen]
    texts = [_texts(frame, name, rows) for name in ("object_id", "level", "quantity", "document")]
    for unit, row, name, level, quantity, document in zip(claims.units[chosen], rows, *texts, strict=True):
        found[int(unit)].append(
            Claim(name or document or "", int(claims.table.objects[row]), level, Fraction(quantity or 0), document)
        )
    return [found[int(unit)] for unit in view.units]


def _texts(frame: pd.DataFrame, name: str, rows: object) -> list[str | None]:
    if name not in frame:
        return [None] * len(frame.iloc[rows])
    return [None if pd.isna(text) else str(text) for text in frame[name].iloc[rows]]


def matters_of(cell: Cell, words: Words) -> list[Claim]:
    """One claim per matter, that with the largest quantity."""
    return named_matters(claims_by_unit(cell.view)[cell.at], words)


def named_matters(claims: Sequence[Claim], words: Words) -> list[Claim]:
    best: dict[int, Claim] = {}
    for claim in claims:
        if claim.matter not in best or claim.quantity > best[claim.matter].quantity:
            best[claim.matter] = claim
    return [named(claim, words) for claim in best.values()]


def named(claim: Claim, words: Words) -> Claim:
    return claim if claim.name else Claim(words("nameless"), claim.matter, claim.level, claim.quantity, claim.document)


def due_and_received(cell: Cell) -> tuple[str, str]:
    """The due day and the day on which the figure first came in."""
    view = cell.view
    due = view.inputs.rulebook.calendar.submissions_due
    days = view.once("received", lambda: _read_received(view))
    return str(due), days[str(view.inputs.units.units["unit_code"].iat[cell.unit])]


def _read_received(view: View) -> dict[str, str]:
    frame = view.record.given.received
    assert frame is not None
    asked = view.inputs.units.units["unit_code"].iloc[view.units]
    own = frame[(frame["indicator_code"] == view.node.figure) & frame["unit_code"].isin(asked)]
    own = own[own["received_on"].notna()]
    first = own.assign(day=own["received_on"].str[:10]).groupby("unit_code")["day"].min()
    return {str(unit): str(day) for unit, day in first.items()}
