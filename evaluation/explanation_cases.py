"""One way of scoring told from beginning to end: the case that fitted, the rule, the cliff, the limits.

Here belongs an item without parts in one period, where every number is known. What is missing or not
applicable is told in `explanation_items.py`.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from evaluation.block import Reading
from evaluation.cases import case_number
from evaluation.claim_rules import measured as counted_for_rule
from evaluation.explanation_measures import measured
from evaluation.explanation_rules import MEETS, bounds_said, limit_said, rule_told
from evaluation.explanation_terms import number
from evaluation.explanation_told import Told
from evaluation.explanation_view import Cell, Limit, Method, Row, View, present
from evaluation.explanation_words import Words
from evaluation.items import Case
from evaluation.rule_kinds import RuleKinds, When

ZERO = Fraction(0)


def told_by_rule(view: View, at: int, words: Words) -> Told:
    """Rule or cases, then cliff, then limits."""
    item = view.node.item
    if item.cases is None:
        told = _by_one_way(Cell(_method(view, item.measure, item.rule), at), words)
    else:
        told = _by_cases(view, at, words)
    return told.within(*limits(view, at))


def _method(view: View, measure: str, rule: Any) -> Method:
    return view.once(("method", measure, id(rule)), lambda: Method(view, measure, rule))


def limits(view: View, at: int) -> tuple[Fraction, Fraction | None]:
    """The least and the most points; None: no limit."""
    item = view.node.item
    lowest = view.amounts("min_points", item.min_points)[at]
    given = view.once("max_points", lambda: view.given(item.max_points))[at]
    if given == "none" or (item.max_points is None and item.points is None and not view.node.parts):
        return lowest, None
    points = view.points[at]
    return lowest, points if given is None else given.of(points)


def _by_one_way(cell: Cell, words: Words) -> Told:
    told = rule_told(cell, words)
    return cliff_told(cell, told, _watched(cell), words)


def _watched(cell: Cell) -> Fraction:
    """The number that the cliff looks at."""
    method = cell.method
    if method.rule.kind in RuleKinds.CLAIMS | RuleKinds.MARKS:
        row: Row = method.view.once(
            ("counted", id(method.rule)), lambda: method.view.known(counted_for_rule(method.way))
        )
        return present(row[cell.at])
    return cell.number


def cliff_told(cell: Cell, told: Told, watched: Fraction, words: Words) -> Told:
    """Where the number meets the cliff's condition, its points instead."""
    view = cell.view
    cliff = view.node.item.cliff
    if cliff is None:
        return told
    looking = Cell(Method(view, cell.method.measure, cliff), cell.at)
    bounds = [(key, looking.limit(written)) for key, written in cliff.stated()]
    if not all(MEETS[key](watched, present(limit.value)) for key, limit in bounds):
        return told
    claimed = cell.method.rule is not None and cell.method.rule.kind in RuleKinds.CLAIMS | RuleKinds.MARKS
    said = told.said if claimed or told.parts else _facts(cell, words)
    condition = bounds_said(looking, cliff, words)
    points = number(view.amounts("cliff", cliff.points)[cell.at])
    return replace(told, said=(*said, words("cliff", condition=condition)), term=points, how="")


def _facts(cell: Cell, words: Words) -> tuple[str, ...]:
    found = measured(cell, words)
    return (*found.said, found.told) if found.told else found.said


def _by_cases(view: View, at: int, words: Words) -> Told:
    """The first case that fits, and why it does."""
    for place, case in enumerate(view.node.item.cases or ()):
        method = _method(view, case.measure, case.rule)
        if case.when is None:
            why = words("other_case" if place else "only_case", place=place + 1)
        else:
            value, bounds = _condition(view, at, method, case)
            if not all(MEETS[key](value, present(limit.value)) for key, limit in bounds):
                continue
            why = _fitting_said(Cell(method, at), case.when, value, bounds, place, words)
        told = _by_one_way(Cell(method, at), words)
        return replace(told, said=(why, *told.said))
    return Told((words("no_case"),), number(0))


def _condition(view: View, at: int, method: Method, case: Case) -> tuple[Fraction, list[tuple[str, Limit]]]:
    """The number that the case looks at, and what it is compared with."""
    when = case.when
    assert when is not None
    reading, in_percent = view.once(("when", when.of), lambda: case_number(view.block, when.of))
    value = present(view.once(("when value", when.of), lambda: view.known(reading))[at])

    def rows(key: str, written: Any) -> Row:
        return view.once(("when limit", id(written)), lambda: view.known(_limit(written)))

    def _limit(written: Any) -> Reading:
        return view.block.operand(lambda _: written, in_percent, method.way.word)

    bounds = []
    for key, written in when.stated():
        operand = view.given(written)[at]
        bounds.append((key, Limit(rows(key, written)[at], operand.word if operand else None)))
    return value, bounds


def _fitting_said(
    cell: Cell, when: When, value: Fraction, bounds: list[tuple[str, Limit]], place: int, words: Words
) -> str:
    name, unit = _looked_at(cell.view, when.of, words)
    shown = [
        words(key, limit=words.amount(present(limit.value), unit) if not limit.word else limit_said(cell, limit, words))
        for key, limit in bounds
    ]
    condition = words("and").join(shown)
    return words("case", name=name, number=words.amount(value, unit), condition=condition, place=place + 1)


def _looked_at(view: View, of: str, words: Words) -> tuple[str, str | None]:
    """The name and unit of measure of what a condition looks at."""
    if of == "previous":
        return words("last_year"), view.node.item.unit_of_measure
    other = view.inputs.plan.node(of)
    if other is not None:
        return other.item.name, other.item.unit_of_measure
    if of in view.inputs.units.units.columns:
        return words.column(of), None
    figure = view.inputs.rulebook.figure(of)
    return figure.name, figure.unit_of_measure
