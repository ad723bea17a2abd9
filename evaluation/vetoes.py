"""Vetoes (一票否决): which unit each falls on, by claim or by figure, and with what effects.

Here belongs finding them. What `fail`, `demote` and `no_award` do to ranks, grades and awards is decided there.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Positions
from evaluation.block import Block, Reading
from evaluation.cases import case_number
from evaluation.cells import Cells, again
from evaluation.inputs import Inputs
from evaluation.outcomes import Veto
from evaluation.plan import Node
from evaluation.way import Way, conditions_met


@dataclass(frozen=True)
class Vetoed:
    """Per unit. `fallen`: vetoes × units; `demoted`: how many grades lower."""

    fallen: Bools
    fail: Bools
    demoted: Positions
    no_award: Bools


def vetoed(inputs: Inputs) -> Vetoed:
    vetoes = inputs.rulebook.vetoes
    count = len(inputs.units)
    fallen = np.zeros((len(vetoes), count), dtype=bool)
    for at, veto in enumerate(vetoes):
        units = _by_claim(inputs, veto) if veto.when is None else _by_figure(inputs, veto)
        fallen[at] = units & _applies(inputs, veto)

    def count_of(effect: str) -> Positions:
        rows = np.array([effect in veto.effects for veto in vetoes], dtype=bool)
        return np.asarray(fallen[rows].sum(axis=0), dtype=np.int64)

    return Vetoed(fallen, count_of("fail") > 0, count_of("demote"), count_of("no_award") > 0)


def _applies(inputs: Inputs, veto: Veto) -> Bools:
    if veto.applies_to is None:
        return np.ones(len(inputs.units), dtype=bool)
    named = [unit in veto.applies_to or group in veto.applies_to for unit, group in inputs.units.classes]
    return np.array(named, dtype=bool)[inputs.units.class_of]


def _by_claim(inputs: Inputs, veto: Veto) -> Bools:
    """A veto always needs a document."""
    claims = inputs.claims.of(veto.code)
    found = np.zeros(len(inputs.units), dtype=bool)
    found[claims.where(claims.documents >= 0).units] = True
    return found


def _by_figure(inputs: Inputs, veto: Veto) -> Bools:
    block = Block(inputs, [_looked_at(inputs, veto)])
    met = _met(block, veto)
    assert block.doubts is not None

    def compute(cells: Cells) -> tuple[Any, ...]:
        there = Block(inputs, block.nodes, cells)
        return _met(there, veto), None if there.doubts is None else there.doubts[0]

    for units, (found, _) in again(inputs.units, np.flatnonzero(block.doubts[0]), compute):
        met[units] = found
    return met


def _looked_at(inputs: Inputs, veto: Veto) -> Node:
    """The item whose targets the words of the condition mean; any item for a column of units.csv."""
    assert veto.when is not None
    return inputs.plan.node(veto.when.of) or inputs.plan.tops[0]


def _met(block: Block, veto: Veto) -> Bools:
    """Where the condition is met; a missing figure is no veto."""
    when = veto.when
    assert when is not None
    number, in_percent = case_number(block, when.of)
    way = Way(block, "value", lambda node: when)

    def limit(key: str) -> Reading:
        return block.operand(lambda node: getattr(when, key), in_percent, way.word)

    met, why = conditions_met(number.number, when.stated(), limit)
    for reasons in (number.why, why):
        met = met if reasons is None else met & (reasons == 0)
    return np.array(np.broadcast_to(met, block.shape)[0])
