"""All items of all units: whatever the arithmetic.

Here belongs how items are gathered into blocks and parts into items; what an item
scores is decided in `item_outcomes.py` and `parts.py`.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from pydantic import BaseModel

from evaluation.arithmetic import Bools
from evaluation.block import Block, Reading
from evaluation.cells import Cells
from evaluation.inputs import Inputs
from evaluation.item_outcomes import item_outcome
from evaluation.numbers import Amount, Operand
from evaluation.parts import together
from evaluation.plan import Node
from evaluation.settling import Outcome
from evaluation.several_periods import mean_outcome

# Cells that a block computes at once: its arrays should stay in the processor's cache.
BLOCK_CELLS = 1 << 15


@dataclass(frozen=True)
class Assessed:
    """One item: its outcome (1 × units) and the units for which something was left in doubt."""

    node: Node
    cells: Cells
    outcome: Outcome
    doubts: Bools | None


def assess(inputs: Inputs, nodes: Sequence[Node], cells: Cells) -> list[Assessed]:
    """Outcomes of items with all their parts, for the units and in the arithmetic of the cells."""
    leaves = _leaves(inputs, [leaf for node in nodes for leaf in node.leaves()], cells)
    return [_with_parts(inputs, node, leaves, cells) for node in nodes]


def _leaves(inputs: Inputs, nodes: Sequence[Node], cells: Cells) -> dict[Node, Assessed]:
    at_once = max(1, BLOCK_CELLS // max(1, cells.count))
    found: dict[Node, Assessed] = {}
    for group in alike(inputs, nodes):
        for start in range(0, len(group), at_once):
            block = Block(inputs, group[start : start + at_once], cells)
            found.update(_rows(block))
    return found


def alike(inputs: Inputs, nodes: Sequence[Node]) -> list[list[Node]]:
    """Items of one shape together."""
    return inputs.units.once(("alike", *nodes), lambda: _alike(nodes))


def _alike(nodes: Sequence[Node]) -> list[list[Node]]:
    shapes: dict[Hashable, list[Node]] = {}
    for node in nodes:
        shapes.setdefault(shape_of(node), []).append(node)
    return list(shapes.values())


def _rows(block: Block) -> dict[Node, Assessed]:
    each = block.item.periods == "score_then_mean"
    outcome = mean_outcome(block) if each else item_outcome(block)
    points = outcome.points.spread(block.shape)
    fate, why = _spread(outcome.fate, block.shape), _spread(outcome.why, block.shape)
    measure = outcome.measure.number.spread(block.shape)
    unknown = _spread(outcome.measure.why, block.shape)
    provisional = _spread(outcome.provisional, block.shape)

    def row(at: int) -> Outcome:
        here = slice(at, at + 1)
        codes = [None if table is None else table[here] for table in (fate, why, unknown, provisional)]
        return Outcome(points[here], codes[0], codes[1], Reading(measure[here], codes[2]), codes[3])

    return {
        node: Assessed(node, block.cells, row(at), None if block.doubts is None else block.doubts[at])
        for at, node in enumerate(block.nodes)
    }


def _spread(codes: Any, shape: tuple[int, int]) -> Any:
    return None if codes is None else np.broadcast_to(codes, shape)


def _with_parts(inputs: Inputs, node: Node, leaves: dict[Node, Assessed], cells: Cells) -> Assessed:
    if not node.parts:
        return leaves[node]
    parts = [_with_parts(inputs, part, leaves, cells) for part in node.parts]
    block = Block(inputs, [node], cells)
    # What was in doubt in a part is in doubt in the whole.
    for part in parts:
        if block.doubts is not None and part.doubts is not None:
            block.doubts[0] |= part.doubts
    outcome = together(block, [_noting(part.outcome, block.doubts) for part in parts])
    spread = replace(outcome, points=outcome.points.spread(block.shape))
    return Assessed(node, cells, spread, None if block.doubts is None else block.doubts[0])


def _noting(outcome: Outcome, doubts: Bools | None) -> Outcome:
    """The outcome of a part, whose numbers now note doubts of the whole."""
    return replace(outcome, points=outcome.points.noting(doubts))


def shape_of(node: Node) -> Hashable:
    """What items must have in common to be computed as one block: everything but numbers."""
    item = node.item
    periods = (item.periods, item.frequency, item.data_year) if item.periods == "score_then_mean" else None
    ways = (item.measure, _shape(item.rule), _shape(item.cliff), _shape(item.cases))
    return (*ways, item.direction, item.per, item.missing == "previous", periods)


def _shape(value: Any) -> Hashable:
    if isinstance(value, BaseModel):
        return (type(value).__name__, *(_shape(field) for field in value.__dict__.values()))
    if isinstance(value, Operand):
        return value.word or "#"
    if isinstance(value, Amount | Fraction):
        return "#"
    if isinstance(value, dict):
        return tuple((key, _shape(inner)) for key, inner in value.items())
    if isinstance(value, tuple):
        return tuple(map(_shape, value))
    hashed: Hashable = value
    return hashed
