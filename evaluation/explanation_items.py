"""Items told: by their rule, by what is said for missing figures or tasks, by periods or by parts.

Here belongs which of these it is. One way of scoring is told in `explanation_cases.py`, periods and parts in
`explanation_parts.py`; sentences are made of it in `explanation.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.arithmetic import Positions
from evaluation.assessment import assess
from evaluation.explanation_cases import told_by_rule
from evaluation.explanation_parts import Parts, mean_told
from evaluation.explanation_terms import number
from evaluation.explanation_told import Told
from evaluation.explanation_view import Record, View, exactly
from evaluation.explanation_words import Words
from evaluation.fates import ABSENT, EXEMPT, EXEMPT_LOST, LOST, PENDING, SKIPPED
from evaluation.item_outcomes import item_outcome
from evaluation.items import FixedPoints
from evaluation.numbers import FULL_POINTS, NO_POINTS
from evaluation.obligations import PERIODS
from evaluation.plan import Node
from evaluation.settling import Outcome

NO_TASK = frozenset({EXEMPT, EXEMPT_LOST, SKIPPED})
Tell = Callable[[int], Told]


@dataclass(frozen=True)
class Scored:
    """What is told of an item of one unit, what became of it, the points by scoring's own account, full points."""

    told: Told
    fate: int
    points: Fraction
    full: Fraction


class Items:
    """Items with all their parts, of the units asked for, exactly: worked out once, told in any language."""

    def __init__(self, record: Record, nodes: Sequence[Node], units: Positions) -> None:
        self.record = record
        self.nodes = nodes
        self.units = units
        every = [node for top in nodes for node in (top, *top.descendants())]
        assessed = assess(record.inputs, every, exactly(record, units))
        self.outcomes = {node: one.rows([at]).outcome for one in assessed for at, node in enumerate(one.nodes)}
        self._views: dict[tuple[Node, str | None], View] = {}

    def view(self, node: Node, period: str | None = None) -> View:
        key = (node, period)
        if key not in self._views:
            self._views[key] = View(self.record, node, self.units, period)
        return self._views[key]


class Teller:
    """Tells items in a language."""

    def __init__(self, items: Items, words: Words) -> None:
        self.items = items
        self.words = words
        self.outcomes = items.outcomes

    def scored(self, node: Node) -> list[Scored]:
        """The item of each unit."""
        view, outcome = self.items.view(node), self.outcomes[node]
        if node.parts:
            return self._settled(view, outcome, self._by_parts(view, outcome))
        if node.item.periods == "score_then_mean":
            return self._settled(view, outcome, self._by_periods(view))
        return self._settled(view, outcome, self._at_once(view, outcome))

    def _settled(self, view: View, outcome: Outcome, tell: Tell) -> list[Scored]:
        fates, points = view.codes(outcome.fate), view.numbers(outcome.points)
        told = [self._one(view, at, fate, tell) for at, fate in enumerate(fates)]
        return [Scored(*one) for one in zip(told, fates, points, view.points, strict=True)]

    def _one(self, view: View, at: int, fate: int, tell: Tell) -> Told:
        if fate == ABSENT:
            return Told((), None)
        return no_task_told(view, at, fate, self.words) if fate in NO_TASK else tell(at)

    def _at_once(self, view: View, outcome: Outcome) -> Tell:
        """The item in one period or in all combined."""
        fates, whys = view.codes(outcome.fate), view.codes(outcome.why)

        def tell(at: int) -> Told:
            if whys[at]:
                return missing_told(view, at, fates[at], whys[at], self.words)
            return told_by_rule(view, at, self.words)

        return tell

    def _by_periods(self, view: View) -> Tell:
        names = [name.format(year=view.inputs.year(view.node)) for name in PERIODS[view.node.item.frequency]]
        periods = []
        for name in names:
            inside = self.items.view(view.node, name)
            outcome = item_outcome(inside.block)
            periods.append(self._settled(inside, outcome, self._at_once(inside, outcome)))

        def tell(at: int) -> Told:
            return mean_told([(name, period[at]) for name, period in zip(names, periods, strict=True)], self.words)

        return tell

    def _by_parts(self, view: View, outcome: Outcome) -> Tell:
        scored = [self.scored(part) for part in view.node.parts]
        parts = Parts(view, outcome, [self.outcomes[part] for part in view.node.parts], self.words)
        return lambda at: parts.told(at, [part[at] for part in scored])


def missing_told(view: View, at: int, fate: int, why: int, words: Words) -> Told:
    """What the rulebook makes of a number that is not known."""
    reason = words.reason(why)
    if fate == LOST:
        return Told((reason, made_up_said(view, at, words)), None)
    given = view.node.item.missing
    points = given.points if isinstance(given, FixedPoints) else NO_POINTS
    how = words("pending" if fate == PENDING else "by_missing")
    return Told((reason,), number(view.amounts("missing", points)[at]), how)


def no_task_told(view: View, at: int, fate: int, words: Words) -> Told:
    """What the rulebook makes of a task that the unit does not have."""
    if fate == SKIPPED:
        return Told((words("no_task"), words("skipped")), None)
    if fate == EXEMPT_LOST:
        return Told((words("no_task"), made_up_said(view, at, words)), None)
    given = view.node.item.not_applicable
    points = given.points if isinstance(given, FixedPoints) else FULL_POINTS
    return Told((words("no_task"),), number(view.amounts("not_applicable", points)[at]), words("by_rulebook"))


def made_up_said(view: View, at: int, words: Words) -> str:
    """Among whom the points are made up for."""
    return words(f"made_up_{view.node.scope}", points=words.exact_points(view.points[at]))
