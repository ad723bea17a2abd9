"""What a change of figures or claims can touch: the items to score anew, and the codes that they read.

Here belongs following codes through the rulebook; nothing is computed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from evaluation.plan import Node, Plan
from evaluation.score_sheet import ScoreSheet


@dataclass(frozen=True)
class Touched:
    """`tops`: positions of the items to score anew; `read`: codes of all that these, ranks and vetoes read."""

    tops: tuple[int, ...]
    read: frozenset[str]


def touched_by(sheet: ScoreSheet, figures: Collection[str], items: Collection[str] = ()) -> Touched:
    """Items that read one of the figures, or whose code or part's code is among `items`.

    Items with parts of which nothing is left for some unit come along: which ones is not kept with the sheet.
    """
    plan = sheet.inputs.plan
    tops = tuple(
        at
        for at, top in enumerate(plan.tops)
        if any(set(_figures(plan, node)) & set(figures) or node.code in items for node in _nodes(top))
        or (sheet.void.any() and top.parts)
    )
    read: set[str] = {veto.code for veto in plan.rulebook.vetoes}
    for top in (*(plan.tops[at] for at in tops), *_looked_at(plan)):
        for node in _nodes(top):
            read |= {node.code, node.owner, *_figures(plan, node), *(item.code for item in node.place.chain)}
    for veto in plan.rulebook.vetoes:
        read |= set() if veto.when is None else set(_figures_of(plan, veto.when.of))
    return Touched(tops, frozenset(read))


def readers(plan: Plan, figure: str) -> list[Node]:
    """The items and parts without parts that are scored by the figure itself."""
    return [leaf for top in plan.tops for leaf in top.leaves() if leaf.figure == figure and _reads_value(leaf)]


def _reads_value(node: Node) -> bool:
    methods = node.item.methods()
    return node.item.reads_figure() and any(measure != "days_late" for measure, _ in methods)


def _nodes(top: Node) -> Iterator[Node]:
    yield top
    yield from top.descendants()


def _figures(plan: Plan, node: Node) -> Iterator[str]:
    yield node.figure
    for case in node.item.cases or ():
        if case.when is not None:
            yield from _figures_of(plan, case.when.of)


def _figures_of(plan: Plan, of: str) -> Iterator[str]:
    """The figure that a condition looks at; columns of units.csv are none."""
    node = plan.node(of)
    yield of
    if node is not None:
        yield node.figure


def _looked_at(plan: Plan) -> Iterator[Node]:
    """Items that ranks look at besides the total, and those whose targets the conditions of vetoes mean."""
    for name in plan.rulebook.ranking.tie_breakers:
        kind, _, code = name.partition(":")
        node = plan.node(code)
        if kind == "indicator" and node is not None:
            yield node
    for veto in plan.rulebook.vetoes:
        found = None if veto.when is None else plan.node(veto.when.of)
        if found is not None:
            yield found
