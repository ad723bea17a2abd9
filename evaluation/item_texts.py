"""What stands beside a score: value, target, measure, state of the target, reason.

Here belongs how each of them is found for one item and all units. Texts are made of them in `score_tables.py`.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from evaluation.arithmetic import Bools, Codes
from evaluation.assessment import Measured, assess
from evaluation.block import Block, first_reason
from evaluation.cells import Cells
from evaluation.columns import Column
from evaluation.fates import EXEMPT, EXEMPT_LOST, GONE, LOST, MISSING, PENDING, SCORED, SKIPPED, is_unassessed
from evaluation.inputs import Inputs
from evaluation.item_scores import put, whole_numbers
from evaluation.plan import Node
from evaluation.reasons import WORDING
from evaluation.rounding import MOST_DECIMALS, STRINGS
from evaluation.score_sheet import ScoreSheet

MILLION = Fraction(10**MOST_DECIMALS)
NO_STATE, UNMET, MET, STRETCHED = range(4)
TARGET_STATES = pa.array([None, "unmet", "met", "stretched"], STRINGS)


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
    at, reached, known = _held_against(sheet, "target")
    states[at] = np.where(known, np.where(reached, MET, UNMET), NO_STATE)
    at, reached, known = _held_against(sheet, "stretch")
    states[at] = np.where(reached & known & (states[at] != NO_STATE), STRETCHED, states[at])
    states[is_unassessed(sheet.fate)] = NO_STATE
    return states


def _held_against(sheet: ScoreSheet, goal: str) -> tuple[list[int], Bools, Bools]:
    """Items with such a goal; of these × units, whether it was reached, and whether that can be said."""
    inputs, cells = sheet.inputs, Cells(sheet.inputs.units)
    found = [(at, node, _reached(inputs, node), inputs.target(node, goal)) for at, node in enumerate(sheet.nodes)]
    held = [(at, node, reached, limit) for at, node, reached, limit in found if reached and not limit.empty]
    if not held:
        return [], np.zeros((0, cells.count), dtype=bool), np.zeros((0, cells.count), dtype=bool)
    at, nodes, reached, limits = map(list, zip(*held, strict=True))
    higher = np.array([[node.item.direction == "higher_is_better"] for node in nodes])
    doubts = np.zeros((len(at), cells.count), dtype=bool)
    number, limit = cells.columns(reached, doubts), cells.columns(limits, doubts)
    result = np.where(higher, number.at_least(limit), limit.at_least(number))
    for row in np.flatnonzero(doubts.any(axis=1)):
        units = np.flatnonzero(doubts[row])
        value, wanted = reached[row].exact(units), limits[row].exact(units)
        result[row, units] = (value >= wanted) if higher[row, 0] else (value <= wanted)
    why = first_reason(cells.reasons(reached), cells.reasons(limits))
    return at, result, np.ones_like(result) if why is None else why == 0


def _reached(inputs: Inputs, node: Node) -> Column | None:
    """What is held against the target: the figure, or what was counted."""
    if node.item.rule is not None and node.item.measure == "count":
        return inputs.claims_of(node).count
    if node.item.rule is not None and node.item.measure == "quantity":
        return inputs.claims_of(node).quantity
    return accepted_value(inputs, node)


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


REASON_WORDS = pa.array([wording(key) for key in range((GONE + 1) * 128)], STRINGS)
