"""All items of all units: whatever the arithmetic.

Here belongs how items are gathered into blocks and parts into items; what an item
scores is decided in `item_outcomes.py` and `parts.py`.
"""

from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

from pydantic import BaseModel

from evaluation.arithmetic import Bools
from evaluation.block import Block, Reading
from evaluation.cells import Cells
from evaluation.inputs import Inputs
from evaluation.item_outcomes import item_outcome
from evaluation.numbers import Amount, Operand
from evaluation.parts import together
from evaluation.plan import Node
from evaluation.settling import Losses, Outcome
from evaluation.several_periods import mean_outcome

# Cells that a block computes at once: its arrays should stay in the processor's cache.
BLOCK_CELLS = 1 << 15


class Measured(NamedTuple):
    """What stays of items once their points and codes are written down; `measure`: items × units."""

    nodes: tuple[Node, ...]
    cells: Cells
    measure: Reading
    losses: Losses | None


@dataclass(frozen=True)
class Assessed:
    """Items of one shape, or one item with parts: outcome and what was left in doubt, both items × units."""

    nodes: tuple[Node, ...]
    cells: Cells
    outcome: Outcome
    doubts: Bools | None

    @property
    def measured(self) -> Measured:
        return Measured(self.nodes, self.cells, self.outcome.measure, self.outcome.losses)

    def only(self, nodes: Collection[Node]) -> "Assessed":
        """Those of the items that are among the nodes."""
        if all(node in nodes for node in self.nodes):
            return self
        return self.rows([at for at, node in enumerate(self.nodes) if node in nodes])

    def rows(self, at: list[int]) -> "Assessed":
        doubts = None if self.doubts is None else self.doubts[at]
        return Assessed(tuple(self.nodes[one] for one in at), self.cells, self.outcome.rows(at), doubts)


def assess(inputs: Inputs, nodes: Sequence[Node], cells: Cells) -> Iterator[Assessed]:
    """Outcomes of items with all their parts, in blocks, for the units and in the arithmetic of the cells.

    One block after the other: what is done with it at once finds it in the processor's cache.
    """
    asked = set(nodes)
    nested = [node for node in nodes if node.parts]
    inner = {leaf for node in nested for leaf in node.leaves()}
    row_of: dict[Node, tuple[Assessed, int]] = {}
    for block in _leaves(inputs, [leaf for node in nodes for leaf in node.leaves()], cells):
        row_of.update({node: (block, at) for at, node in enumerate(block.nodes) if node in inner})
        if not asked.isdisjoint(block.nodes):
            yield block.only(asked)
    for node in nested:
        yield _with_parts(inputs, node, row_of, cells)


def _leaves(inputs: Inputs, nodes: Sequence[Node], cells: Cells) -> Iterator[Assessed]:
    at_once = max(1, BLOCK_CELLS // max(1, cells.count))
    for group in alike(inputs, tuple(dict.fromkeys(nodes))):
        for start in range(0, len(group), at_once):
            yield _assessed(Block(inputs, group[start : start + at_once], cells))


def alike(inputs: Inputs, nodes: Sequence[Node]) -> list[list[Node]]:
    """Items of one shape together."""
    return inputs.units.once(("alike", *nodes), lambda: _alike(nodes))


def _alike(nodes: Sequence[Node]) -> list[list[Node]]:
    shapes: dict[Hashable, list[Node]] = {}
    for node in nodes:
        shapes.setdefault(shape_of(node), []).append(node)
    return list(shapes.values())


def _assessed(block: Block) -> Assessed:
    each = block.item.periods == "score_then_mean"
    outcome = mean_outcome(block) if each else item_outcome(block)
    return Assessed(block.nodes, block.cells, outcome.spread(block.shape), block.doubts)


def _with_parts(inputs: Inputs, node: Node, leaves: dict[Node, tuple[Assessed, int]], cells: Cells) -> Assessed:
    if not node.parts:
        block, at = leaves[node]
        return block.rows([at])
    parts = [_with_parts(inputs, part, leaves, cells) for part in node.parts]
    whole = Block(inputs, [node], cells)
    # What was in doubt in a part is in doubt in the whole.
    for part in parts:
        if whole.doubts is not None and part.doubts is not None:
            whole.doubts |= part.doubts
    outcome = together(whole, [_noting(part.outcome, whole.doubts) for part in parts])
    return Assessed(whole.nodes, cells, outcome.spread(whole.shape), whole.doubts)


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
