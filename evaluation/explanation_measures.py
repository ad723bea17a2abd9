"""Measures told: the figures behind the number that is scored, and the number as arithmetic on them.

Here belongs one function per `measure`. What points the number makes is told in `explanation_rules.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from evaluation.block import Block
from evaluation.claims import whole_column
from evaluation.columns import Column
from evaluation.comparison import Compared
from evaluation.explanation_figures import due_and_received, figure_said, figure_value, matters_of, per_said, term_of
from evaluation.explanation_terms import Term, equation, number, shown_number, sum_of
from evaluation.explanation_view import Cell, present
from evaluation.explanation_words import Words
from evaluation.numbers import is_percent
from evaluation.plan import Node

RATIOS = frozenset({"completion", "growth", "deviation"})
MOST_LISTED = 12


@dataclass(frozen=True)
class Measured:
    """`said`: the facts; `term`: from the facts to the number; `tell`: the same as a clause, if it is to be said."""

    said: tuple[str, ...]
    term: Term
    tell: Callable[[], str] = str

    @property
    def told(self) -> str:
        """The clause, empty where the number is plain."""
        return self.tell()


def measured(cell: Cell, words: Words) -> Measured:
    return MEASURES[cell.method.measure](cell, words)


def in_style(cell: Cell, value: Fraction, words: Words) -> str:
    """A number of the cell's measure: with %, unit of measure, days, places."""
    return _with_unit(cell, shown_number(value, percent=cell.method.measure in RATIOS), words)


def _with_unit(cell: Cell, text: str, words: Words) -> str:
    name, item = cell.method.measure, cell.view.node.item
    if name in RATIOS:
        return text
    if name in ("rank", "days_late"):
        return words(f"{name}_number", number=text)
    if name in ("change", "shortfall") and is_percent(item.unit_of_measure):
        return words("percent_points", number=text)
    if name == "count" and not item.unit_of_measure:
        return words("count_number", number=text)
    return words.with_unit(text, None if item.per else item.unit_of_measure)


def distance_in_style(cell: Cell, value: Fraction, words: Words) -> str:
    """A difference between two numbers of the cell's measure."""
    name = cell.method.measure
    if name == "growth":
        return words("percent_points", number=shown_number(value * 100))
    if name == "value" and is_percent(cell.view.node.item.unit_of_measure):
        return words("percent_points", number=shown_number(value))
    return words("rank_distance", number=shown_number(value)) if name == "rank" else in_style(cell, value, words)


def plain_term(cell: Cell) -> Term:
    """The measure as one number."""
    return number(cell.number, percent=cell.method.measure in RATIOS)


def _value(cell: Cell, words: Words) -> Measured:
    term = term_of(cell, figure_value(cell))
    said = (words("accepted", a=figure_said(cell, words)), *per_said(cell, words))
    return Measured(said, term, lambda: words("per_equation", equation=equation(term)) if term.sign else "")


def _completion(cell: Cell, words: Words) -> Measured:
    a, t = figure_value(cell), present(cell.view.target()[cell.at])
    higher = cell.view.node.item.direction == "higher_is_better"
    goal = words.amount(t, cell.view.node.item.unit_of_measure)
    said = (words("done" if higher else "held", t=goal, a=figure_said(cell, words)), *per_said(cell, words))
    if a == 0 and not higher:
        return Measured((*said, words("done_by_nothing")), number(1, percent=True))
    one, other = term_of(cell, a), term_of(cell, t)
    term = one / other if higher else other / one
    return Measured(said, term, lambda: words("completion_equation", equation=equation(term, percent=True)))


def _last_and_this(cell: Cell, words: Words) -> tuple[tuple[str, ...], Term, Term]:
    p = present(cell.view.last[cell.at])
    before = words.amount(p, cell.view.node.item.unit_of_measure)
    said = (words("last_and_this", p=before, a=figure_said(cell, words)), *per_said(cell, words))
    return said, term_of(cell, figure_value(cell)), term_of(cell, p)


def _growth(cell: Cell, words: Words) -> Measured:
    said, a, p = _last_and_this(cell, words)
    term = (a - p) / _size(p)
    return Measured(said, term, lambda: words("growth_equation", equation=equation(term, percent=True)))


def _size(term: Term) -> Term:
    """The absolute value of what is divided by."""
    return number(abs(term.value)) if term.value < 0 else term


def _change(cell: Cell, words: Words) -> Measured:
    said, a, p = _last_and_this(cell, words)
    term = a - p
    return Measured(said, term, lambda: words("change_equation", equation=_in_unit(cell, term, words)))


def _in_unit(cell: Cell, term: Term, words: Words) -> str:
    return equation(term, shown=lambda number: _with_unit(cell, number, words))


def _deviation(cell: Cell, words: Words) -> Measured:
    view = cell.view
    means = view.once(
        "group mean",
        lambda: view.known(view.block.over_group("figure", Block.figure, lambda compared, _: compared.mean())),
    )
    mean = number(present(means[cell.at]))
    shown = words.amount(mean.value, None if view.node.item.per else view.node.item.unit_of_measure)
    said = (
        words("own_value", a=figure_said(cell, words)),
        *per_said(cell, words),
        words("mean_of", whom=whom(cell, words), mean=shown),
    )
    term = (term_of(cell, figure_value(cell)) - mean) / _size(mean)
    return Measured(said, term, lambda: words("deviation_equation", equation=equation(term, percent=True)))


def whom(cell: Cell, words: Words) -> str:
    """Those with whom the unit is compared."""
    return words(f"within_{cell.view.node.item.compare_within}")


def _shortfall(cell: Cell, words: Words) -> Measured:
    a, t = term_of(cell, figure_value(cell)), present(cell.view.target()[cell.at])
    higher = cell.view.node.item.direction == "higher_is_better"
    goal = words.amount(t, cell.view.node.item.unit_of_measure)
    said = (words("done" if higher else "held", t=goal, a=figure_said(cell, words)), *per_said(cell, words))
    term = term_of(cell, t) - a if higher else a - term_of(cell, t)
    return Measured(said, term, lambda: words("shortfall_equation", equation=_in_unit(cell, term, words)))


def _rank(cell: Cell, words: Words) -> Measured:
    view = cell.view
    sizes = view.once("group size", lambda: view.known(view.block.over_group("figure", Block.figure, _sizes)))
    place = words(
        "place",
        whom=whom(cell, words),
        count=shown_number(present(sizes[cell.at])),
        place=in_style(cell, cell.number, words),
    )
    return Measured((words("accepted", a=figure_said(cell, words)), *per_said(cell, words), place), number(cell.number))


def _sizes(compared: Compared, _: Node) -> Column:
    """How many units are compared with each."""
    return whole_column(compared.sizes[compared.sets])


def _days_late(cell: Cell, words: Words) -> Measured:
    due, received = due_and_received(cell)
    late = cell.number
    told = words("received_late" if late else "received_in_time", due=due, received=received, days=shown_number(late))
    return Measured((told,), number(late))


def _count(cell: Cell, words: Words) -> Measured:
    matters = matters_of(cell, words)
    if not matters:
        return Measured((words("no_matters"),), number(0))
    named = _listed([matter.name for matter in matters], words)
    return Measured((words("matters", count=len(matters), named=named),), number(len(matters)))


def _quantity(cell: Cell, words: Words) -> Measured:
    matters = matters_of(cell, words)
    if not matters:
        return Measured((words("no_matters"),), number(0))
    unit = cell.view.node.item.unit_of_measure
    named = [words("matter_quantity", name=m.name, quantity=words.amount(m.quantity, unit)) for m in matters]
    terms = [number(matter.quantity) for matter in matters]
    said = words("matters", count=len(matters), named=_listed(named, words))
    if len(terms) > MOST_LISTED:
        total = sum_of(terms).value
        return Measured((said, words("quantity_total", total=words.amount(total, unit))), number(total))
    term = sum_of(terms)
    told = words("quantity_total", total=words.with_unit(equation(term), unit)) if term.sign else ""
    return Measured((said,), term, lambda: told)


def _listed(names: list[str], words: Words) -> str:
    if len(names) <= MOST_LISTED:
        return words.listed(names)
    return words("and_others", names=words.listed(names[:MOST_LISTED]), count=len(names))


MEASURES: dict[str, Callable[[Cell, Words], Measured]] = {
    "value": _value,
    "completion": _completion,
    "growth": _growth,
    "change": _change,
    "deviation": _deviation,
    "shortfall": _shortfall,
    "rank": _rank,
    "days_late": _days_late,
    "count": _count,
    "quantity": _quantity,
}
