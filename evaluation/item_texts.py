"""What stands beside a score: value, target, measure, state of the target, reason.

Here belongs how each of them is found for one item and all units. Texts are made of them in `score_tables.py`.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Codes
from evaluation.assessment import Measured, assess
from evaluation.block import Block
from evaluation.cells import Cells
from evaluation.columns import Column
from evaluation.fates import EXEMPT, EXEMPT_LOST, GONE, LOST, MISSING, PENDING, SCORED, SKIPPED, is_unassessed
from evaluation.inputs import Inputs
from evaluation.item_scores import put, whole_numbers
from evaluation.plan import Node
from evaluation.reasons import WORDING
from evaluation.rounding import MOST_DECIMALS
from evaluation.score_sheet import ScoreSheet

MILLION = Fraction(10**MOST_DECIMALS)
NO_STATE, UNMET, MET, STRETCHED = range(4)
TARGET_STATES = (None, "unmet", "met", "stretched")


def accepted_value(inputs: Inputs, node: Node) -> Column | None:
    """The accepted value as it was combined; None for items that read no figure."""
    return inputs.figure(node) if node.reads_own_figure else None


def rounded_measures(sheet: ScoreSheet) -> tuple[Any, Bools]:
    """Items × units: measures in millionths, and where there is none, as of an item with parts."""
    inputs = sheet.inputs
    whole: Any = np.zeros(sheet.shape, dtype=np.int64)
    absent, doubts = np.ones(sheet.shape, dtype=bool), np.zeros(sheet.shape, dtype=bool)
    for one in filter(_has_measure, sheet.measured):
        rows = sheet.rows(one)
        whole[rows], absent[rows], doubts[rows] = _in_millionths(inputs, one)
    for known in sheet.found:
        if _has_measure(known.found.measured):
            numbers, absent[known.where], doubts[known.where] = _in_millionths(inputs, known.found.measured)
            whole = put(whole, known.where, numbers)

    def compute(nodes: Sequence[Node], cells: Cells) -> tuple[Any, Bools]:
        found = [(one, *_in_millionths(inputs, one.measured)) for one in assess(inputs, nodes, cells)]
        doubts = [left if one.doubts is None else left | one.doubts for one, *_, left in found]
        return found, np.logical_or.reduce([left.any(axis=0) for left in doubts])

    for units, found in sheet.settled(doubts & ~absent, compute):
        for one, numbers, unknown, _ in found:
            where = sheet.cells_of(one, units)
            whole, absent[where] = put(whole, where, numbers), unknown
    return whole, absent | is_unassessed(sheet.fate)


def _has_measure(one: Measured) -> bool:
    return not one.nodes[0].parts or one.nodes[0].item.cliff is not None


def _in_millionths(inputs: Inputs, one: Measured) -> tuple[Any, Bools, Bools]:
    """Of a block: whole numbers, where there is none, and what rounding left in doubt."""
    block = Block(inputs, one.nodes, one.cells)
    measure, why = one.measure
    scaled = measure.noting(block.doubts) * block.constant(MILLION)
    whole = whole_numbers(scaled.rounded())
    none = np.zeros(block.shape, dtype=bool)
    return whole, none if why is None else why != 0, none if block.doubts is None else block.doubts


def target_states(sheet: ScoreSheet) -> Codes:
    """Items × units: UNMET, MET or STRETCHED by the item's direction, NO_STATE without target or value."""
    states = np.zeros(sheet.shape, dtype=np.int8)
    for at, node in enumerate(sheet.nodes):
        target, reached = sheet.inputs.target(node, "target"), _reached(sheet.inputs, node)
        if reached is not None and (target.why is None or not target.why.all()):
            states[at] = _target_state(sheet.inputs, node, reached, target)
    states[is_unassessed(sheet.fate)] = NO_STATE
    return states


def _target_state(inputs: Inputs, node: Node, reached: Column, target: Column) -> Codes:
    state = np.where(_reaches(node, reached, target), MET, UNMET).astype(np.int8)
    stretch = inputs.target(node, "stretch")
    if stretch.why is None or not stretch.why.all():
        state[_reaches(node, reached, stretch) & stretch.known] = STRETCHED
    for why in (target.why, reached.why):
        if why is not None:
            state[why != 0] = NO_STATE
    return state


def _reached(inputs: Inputs, node: Node) -> Column | None:
    """What is held against the target: the figure, or what was counted."""
    if node.item.rule is not None and node.item.measure == "count":
        return inputs.claims_of(node).count()
    if node.item.rule is not None and node.item.measure == "quantity":
        return inputs.claims_of(node).quantity()
    return accepted_value(inputs, node)


def _reaches(node: Node, column: Column, goal: Column) -> Bools:
    """Where the number is at the goal or on its better side."""
    higher = node.item.direction == "higher_is_better"
    doubts = np.zeros(column.number.shape, dtype=bool)
    number, limit = column.number.noting(doubts), goal.number
    result = number.at_least(limit) if higher else limit.at_least(number)
    units = np.flatnonzero(doubts)
    if units.size:
        value, wanted = column.exact(units), goal.exact(units)
        result[units] = (value >= wanted if higher else value <= wanted).astype(bool)
    return result


def reason_keys(sheet: ScoreSheet, deducted: Bools) -> Any:
    """Items × units: a number for each kind of reason, to be worded by `wording`."""
    return (sheet.fate.astype(np.int16) * 64 + sheet.why) * 2 + deducted


_FATE_WORDING = {
    MISSING: "，按缺报规定计分",
    PENDING: "，暂计0分，待定",
    LOST: "，该项分值折算到其他各项",
}
_EXEMPT_WORDING = {
    SKIPPED: "无此项任务，不计",
    EXEMPT_LOST: "无此项任务，该项分值折算到其他各项",
    EXEMPT: "无此项任务，按规定计分",
    GONE: "各部分均无此项任务",
}


def wording(key: int) -> str | None:
    """Why a score is not full, or what it rests on; None where there is nothing to say."""
    fate, why, deducted = key // 128, key % 128 // 2, key % 2
    if fate in _EXEMPT_WORDING:
        return _EXEMPT_WORDING[fate]
    cause = WORDING.get(why, "")
    if fate in _FATE_WORDING:
        return cause + _FATE_WORDING[fate]
    if cause:
        return ("部分内容或时段" if fate == SCORED else "") + cause
    return "按计分办法未得满分" if deducted else None
