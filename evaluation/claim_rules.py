"""Rules over claims and marks: `levels`, `checklist`, `judged`.

Here belongs what points matters, pieces and marks make. They are counted in `claims.py` and `marks.py`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Numbers, Positions
from evaluation.block import Block, Reading
from evaluation.claims import Claims
from evaluation.columns import Column
from evaluation.plan import Node
from evaluation.rule_kinds import Checklist, Levels
from evaluation.way import Way


def levels(way: Way) -> Reading:
    """start + the points of the highest level of each matter + each per matter."""
    block, rule = way.block, way.rule
    names = tuple(rule.levels)
    points = way.amounts(lambda rule: rule.start)
    columns = [_counts_by_level(block, node, way.rule_of(node), names) for node in block.nodes]
    for at, name in enumerate(names):
        counts = block.columns([column[at] for column in columns]).number
        points = points + way.amounts(_level(name)) * counts
    matters = block.columns([column[-1] for column in columns]).number
    points = points + way.amounts(lambda rule: rule.each) * matters
    if rule.same_document == "zero_all":
        points = block.zero.where(_sharing(block), points)
    return Reading(points, None)


def _level(name: str) -> Callable[[Levels], Any]:
    return lambda rule: rule.levels[name]


def _piece(at: int) -> Callable[[Checklist], Any]:
    return lambda rule: rule.pieces[at].points


def matters_with_document(block: Block, node: Node, rule: Levels) -> Claims:
    claims = block.inputs.claims_of(node)
    return claims.where(claims.documents >= 0) if rule.document_required else claims


def _counts_by_level(block: Block, node: Node, rule: Levels, names: tuple[str, ...]) -> list[Column]:
    """Per unit, matters whose highest level is each of the names; last, all matters."""

    def make() -> list[Column]:
        claims = matters_with_document(block, node, rule)
        order = _order_of_levels(block, node, rule, names)
        return [*claims.table.highest(claims, order, names), claims.count]

    return block.inputs.once(("levels", node, id(rule)), make)


def _order_of_levels(block: Block, node: Node, rule: Levels, names: tuple[str, ...]) -> Positions:
    """Levels × units: the place of each level by absolute value, a gain before a loss of the same size."""
    params = [block.classes.amounts(rule.levels[name], node.points) for name in names]
    places = np.zeros((len(names), len(block.classes.classes)), dtype=np.int64)
    for column in range(places.shape[1]):
        worth = [param[column % len(param)] for param in params]
        order = sorted(range(len(names)), key=lambda at: (-abs(worth[at]), -worth[at]))
        places[order, column] = np.arange(len(names))
    return places[:, block.classes.class_of]


def _sharing(block: Block) -> Bools:
    """Where a unit submitted a document that another unit submitted for the same item."""
    rows = np.stack([block.inputs.claims_of(node).units_sharing_a_document() for node in block.nodes])
    return np.asarray(block.cells.chosen(rows), dtype=bool)


def checklist(way: Way) -> Reading:
    """The sum of the points of the pieces claimed, or nothing unless all are."""
    block = way.block
    zero = block.zero
    points: Numbers = zero
    complete = np.ones((1, 1), dtype=bool)
    for at, piece in enumerate(way.rule.pieces):
        rows = np.stack([block.inputs.claims_of(node).having(piece.code) for node in block.nodes])
        claimed = block.cells.chosen(rows)
        points = points + way.amounts(_piece(at)).where(claimed, zero)
        complete = complete & claimed
    if way.rule.mode == "all_or_nothing":
        points = points.where(complete, zero)
    return Reading(points, None)


def judged(way: Way) -> Reading:
    """P × the mean of the judges' marks; marks that are points are taken as they are."""
    marks = mean_mark(way)
    number = marks.number if way.rule.scale == "points" else way.block.points * marks.number
    return Reading(number, marks.why)


def mean_mark(way: Way) -> Reading:
    inputs = way.block.inputs

    def mean(node: Node) -> Column:
        trim = way.rule_of(node).trim
        return inputs.once(("mean mark", node.code, trim), lambda: inputs.marks.mean(node.filed_under, trim))

    return way.block.columns([mean(node) for node in way.block.nodes])


def measured(way: Way) -> Reading:
    """What stands for the measure of a rule that takes none: the mean mark, or the number of matters."""
    block = way.block
    if way.rule.kind == "judged":
        return mean_mark(way)
    counted = []
    for node in block.nodes:
        rule = way.rule_of(node)
        claims = matters_with_document(block, node, rule) if rule.kind == "levels" else block.inputs.claims_of(node)
        counted.append(claims.count)
    return block.columns(counted)
