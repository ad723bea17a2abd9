"""Ranks: whom a unit is ranked among, what is compared, ties and tie-breakers.

Here belongs the place of a unit by its total, and by the change of it on the previous cycle. Grades and
awards, which look at ranks, are in `grading.py`.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from evaluation.arithmetic import Bools, Objects, Positions
from evaluation.assessment import assess
from evaluation.bounded import Bounded
from evaluation.cells import Cells
from evaluation.columns import Column
from evaluation.comparison import Compared, first_of_ties
from evaluation.exact import NOTHING, Exact, objects
from evaluation.item_scores import ItemScores
from evaluation.plan import Node
from evaluation.unit_totals import UnitTotals

UNRANKED = 0
ZERO = Fraction(0)


def ranks(totals: UnitTotals, ranked: Bools) -> Positions:
    """The rank of every unit that is ranked, else UNRANKED."""
    ranking = totals.sheet.inputs.rulebook.ranking
    keys = [_key(totals, "total")] + [_key(totals, name) for name in ranking.tie_breakers]
    return places(keys, _sets(totals), ranked, dense=ranking.ties == "dense")


def _sets(totals: UnitTotals) -> Positions:
    return totals.sheet.inputs.units.compared(totals.sheet.inputs.rulebook.ranking.within)


def _key(totals: UnitTotals, name: str) -> Any:
    """Whole numbers that order units by a total or a tie-breaker, the smaller the better."""
    if totals.sheet.inputs.rulebook.ranking.on == "published":
        return -_published(totals, name)
    column = _unrounded(totals, name)
    everybody = np.ones(len(totals.pending), dtype=bool)
    compared = Compared(column, everybody, np.zeros(len(everybody), dtype=np.int64))
    return compared.places(higher_is_better=True).number.value


def _published(totals: UnitTotals, name: str) -> Any:
    if name == "total":
        return totals.published["total"]
    kind, _, code = name.partition(":")
    if kind == "section":
        return totals.sections[_section(totals, code)]
    at = totals.sheet.places.get(_node(totals, code))
    points = _item(totals, code).published[0] if at is None else totals.sheet.published[at]
    return np.where(_takes_part(totals, code), points, 0)


def _unrounded(totals: UnitTotals, name: str) -> Column:
    if name == "total":
        return totals.exactly(lambda one: one.total)
    kind, _, code = name.partition(":")
    if kind == "section":
        at = _section(totals, code)
        return totals.exactly(lambda one: one.sections[at])
    return _item_column(totals, code)


def _section(totals: UnitTotals, code: str) -> int:
    return [section.code for section in totals.sheet.inputs.rulebook.sections].index(code)


def _node(totals: UnitTotals, code: str) -> Node:
    node = totals.sheet.inputs.plan.node(code)
    assert node is not None
    return node


def _takes_part(totals: UnitTotals, code: str) -> Bools:
    """A part has no score of its own where its item is not assessed."""
    node = _node(totals, code)
    inputs = totals.sheet.inputs
    if len(node.place.chain) == 1:
        return np.ones(len(inputs.units), dtype=bool)
    return inputs.takes_part(_node(totals, node.place.chain[-2].code))


def _item(totals: UnitTotals, code: str) -> ItemScores:
    inputs, node = totals.sheet.inputs, _node(totals, code)
    return inputs.once(("item scores", node), lambda: ItemScores(inputs, [node]))


def _item_column(totals: UnitTotals, code: str) -> Column:
    """The points of an item or part before rounding; 0 where it is not assessed."""
    inputs, node = totals.sheet.inputs, _node(totals, code)
    row, here, given = _item(totals, code), _takes_part(totals, code), totals.sheet.given_of(node)
    nothing = Bounded(np.zeros(len(here)), whole=True)
    number = row.scaled[0]
    if given:
        number = number.patched(np.array([*given]), Exact(objects(given.values())))

    def exact(units: Positions) -> Objects:
        found = next(assess(inputs, [node], Cells(inputs.units, units, "fractions"))).outcome.points
        points = np.broadcast_to(found.value, (1, len(units)))[0]
        return objects(
            given.get(unit, one * inputs.plan.scale) if own else NOTHING
            for unit, one, own in zip(units.tolist(), points, here[units], strict=True)
        )

    return Column(number.where(here, nothing), None, exact)


def places(keys: Sequence[Any], sets: Positions, ranked: Bools, dense: bool) -> Positions:
    """Places within sets by whole-number keys, the first key first, the smaller the better.

    >>> keys = [np.array([3, 1, 1, 2])]
    >>> places(keys, np.zeros(4, int), np.ones(4, bool), dense=False).tolist()
    [4, 1, 1, 3]
    >>> places(keys, np.zeros(4, int), np.ones(4, bool), dense=True).tolist()
    [3, 1, 1, 2]
    """
    units = np.flatnonzero(ranked)
    numbered = [_small(key[units]) for key in keys]
    order = np.arange(len(units))
    for key in (*reversed(numbered), _small(sets[units])):
        order = order[np.argsort(key[order], kind="stable")]
    here = sets[units][order]
    differs = np.zeros(len(units), dtype=bool)
    for key in numbered:
        differs[1:] |= key[order][1:] != key[order][:-1]
    differs[1:] |= here[1:] != here[:-1]
    tied = np.cumsum(differs)
    first = first_of_ties(here)
    place = tied - tied[first] if dense else first_of_ties(tied) - first
    result = np.full(len(ranked), UNRANKED, dtype=np.int64)
    result[units[order]] = place + 1
    return result


def _small(key: Any) -> Any:
    """Keys that numpy sorts fast: objects become the numbers of their order, and what fits has 16 bits."""
    if key.dtype == object:
        order = {value: at for at, value in enumerate(sorted(set(key)))}
        key = np.array([order[value] for value in key], dtype=np.int64)
    lowest, highest = (int(key.min()), int(key.max())) if key.size else (0, 0)
    return (key - lowest).astype(np.uint16) if highest - lowest < 2**16 else key


def change_ranks(totals: UnitTotals, ranked: Bools, previous: pd.DataFrame) -> pd.DataFrame:
    """The second ranking: `change` of the total on the previous cycle (Fraction or None) and `rank`, per unit."""
    inputs = totals.sheet.inputs
    before = dict(zip(previous["unit_code"], previous["total_score"], strict=True))
    change = [
        Fraction(int(total), inputs.plan.scale) - Fraction(before[code]) if isinstance(before.get(code), str) else None
        for code, total in zip(inputs.units.units["unit_code"], totals.published["total"], strict=True)
    ]
    known = ranked & np.array([one is not None for one in change], dtype=bool)
    worth = objects(ZERO if one is None else -one for one in change)
    place = places([worth], _sets(totals), known, dense=inputs.rulebook.ranking.ties == "dense")
    shown = objects(one if here else None for one, here in zip(change, known, strict=True))
    return pd.DataFrame({"change": shown, "rank": place})
