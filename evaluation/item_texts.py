"""Texts of one item for all units: value, target, measure, state of the target, reason.

Here belongs what people read beside a score. Each function gives one array of texts per item, null where
there is nothing to say.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evaluation.arithmetic import Bools
from evaluation.assessment import assess
from evaluation.block import Block
from evaluation.columns import Column
from evaluation.fates import ABSENT, EXEMPT, EXEMPT_LOST, GONE, LOST, MISSING, PENDING, SCORED, SKIPPED
from evaluation.inputs import Inputs
from evaluation.plan import Node
from evaluation.reasons import WORDING
from evaluation.rounding import MOST_DECIMALS, decimal_text, fixed_texts
from evaluation.score_sheet import ScoreSheet

STATES = pa.array(["unmet", "met", "stretched"], pa.string())


def _shows_figure(node: Node) -> bool:
    return node.item.reads_figure() or any(
        leaf.item.reads_figure() and leaf.figure == node.figure for leaf in node.leaves()
    )


def accepted_texts(inputs: Inputs, node: Node) -> pa.StringArray:
    """The accepted value as it was combined, canonical."""
    if not _shows_figure(node):
        return pa.nulls(len(inputs.units), pa.string())
    return inputs.once(
        ("accepted texts", node.figure, inputs.year(node), node.item.accumulate, node.item.exemptions and node.owner),
        lambda: _texts_of(inputs.figure(node)),
    )


def target_texts(inputs: Inputs, node: Node) -> pa.StringArray:
    return _texts_of(inputs.target(node, "target"))


def _texts_of(column: Column) -> pa.StringArray:
    if column.texts is not None:
        return column.texts()
    known = np.flatnonzero(column.known)
    texts: list[str | None] = [None] * len(column.known)
    for unit, value in zip(known, column.exact(known), strict=True):
        texts[unit] = decimal_text(value)
    return pa.array(texts, pa.string())


def measure_texts(sheet: ScoreSheet) -> list[pa.StringArray]:
    """The measure up to six decimals, without trailing zeros; none for items with parts."""
    return [_measure_text(sheet, at) for at in range(len(sheet.assessed))]


def _measure_text(sheet: ScoreSheet, at: int) -> pa.StringArray:
    one = sheet.assessed[at]
    inputs, count = sheet.inputs, len(sheet.inputs.units)
    measure, why = one.outcome.measure
    if one.node.parts and one.node.item.cliff is None:
        return pa.nulls(count, pa.string())
    block = Block(inputs, [one.node])
    scaled = measure.noting(block.doubts) * block.constant(Fraction(10**MOST_DECIMALS))  # type: ignore[attr-defined]
    rounded = scaled.spread(block.shape).rounded()
    with np.errstate(invalid="ignore"):
        whole: Any = rounded.value[0].astype(np.int64)
    absent = np.zeros(count, dtype=bool) if why is None else np.broadcast_to(why != 0, block.shape)[0].copy()
    doubts = np.zeros(count, dtype=bool) if one.doubts is None else one.doubts
    units = np.flatnonzero(doubts | (block.doubts[0] & ~absent if block.doubts is not None else False))
    if units.size:
        again, why = assess(inputs, [one.node], units)[0].outcome.measure
        exact = np.broadcast_to(
            (again * Block(inputs, [one.node], units).constant(Fraction(10**MOST_DECIMALS))).rounded().value,
            (1, len(units)),
        )[0]  # type: ignore[attr-defined]
        whole = whole.astype(object) if any(abs(value) >= 2**62 for value in exact) else whole
        whole[units] = [int(value) for value in exact]
        absent[units] = False if why is None else np.broadcast_to(why != 0, (1, len(units)))[0]
    absent |= np.isin(sheet.fate[at], (EXEMPT, EXEMPT_LOST, SKIPPED, ABSENT))
    return _trimmed(fixed_texts(whole, MOST_DECIMALS, absent))


def _trimmed(texts: pa.StringArray) -> pa.StringArray:
    """Without trailing zeros."""
    return pc.utf8_rtrim(pc.utf8_rtrim(texts, characters="0"), characters=".")


def target_states(sheet: ScoreSheet) -> list[pa.StringArray]:
    """unmet, met or stretched, by the item's direction; null without target or value."""
    return [_target_state(sheet, at) for at in range(len(sheet.assessed))]


def _target_state(sheet: ScoreSheet, at: int) -> pa.StringArray:
    node, inputs = sheet.assessed[at].node, sheet.inputs
    target, stretch = inputs.target(node, "target"), inputs.target(node, "stretch")
    known = target.known & ~np.isin(sheet.fate[at], (EXEMPT, EXEMPT_LOST, SKIPPED, ABSENT))
    count_of_claims = node.item.rule is not None and node.item.measure in ("count", "quantity")
    if not known.any() or not (count_of_claims or _shows_figure(node)):
        return pa.nulls(len(inputs.units), pa.string())
    block = Block(inputs, [node])
    column = _reached(block, node, count_of_claims)
    met = _reaches(inputs, node, column, target)
    beyond = _reaches(inputs, node, column, stretch) & stretch.known
    known &= column.known
    state = np.where(beyond, 2, np.where(met, 1, 0))
    return STATES.take(pa.array(state, mask=~known))


def _reached(block: Block, node: Node, count_of_claims: bool) -> Column:
    if not count_of_claims:
        return block.inputs.figure(node)
    claims = block.inputs.claims_of(node)
    return claims.count() if node.item.measure == "count" else claims.quantity()


def _reaches(inputs: Inputs, node: Node, column: Column, goal: Column) -> Bools:
    """Where the number is at the goal or on its better side."""
    higher = node.item.direction == "higher_is_better"
    doubts = np.zeros(len(inputs.units), dtype=bool)
    number, limit = column.number.noting(doubts), goal.number
    result = number.at_least(limit) if higher else limit.at_least(number)
    for unit in np.flatnonzero(doubts):
        here = np.array([unit])
        value, wanted = column.exact(here)[0], goal.exact(here)[0]
        result[unit] = value >= wanted if higher else value <= wanted
    return result


def reason_texts(sheet: ScoreSheet, deducted: Bools) -> list[pa.StringArray]:
    """Why a score is not full, or what it rests on; null where there is nothing to say."""
    return [_reason_text(sheet, at, deducted[at]) for at in range(len(sheet.assessed))]


def _reason_text(sheet: ScoreSheet, at: int, deducted: Bools) -> pa.StringArray:
    fate, why = sheet.fate[at], sheet.why[at]
    keys = fate.astype(np.int64) * 256 + why.astype(np.int64) * 2 + deducted
    distinct, which = np.unique(keys, return_inverse=True)
    node = sheet.assessed[at].node
    texts = [_wording(int(key) // 256, int(key) % 256 // 2, bool(key % 2), node) for key in distinct]
    return pa.array(texts, pa.string()).take(pa.array(which))


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


def _wording(fate: int, why: int, deducted: bool, node: Node) -> str | None:
    if fate in _EXEMPT_WORDING:
        return _EXEMPT_WORDING[fate]
    cause = WORDING.get(why, "")
    if fate in _FATE_WORDING:
        return cause + _FATE_WORDING[fate]
    if cause:
        return ("部分内容或时段" if fate == SCORED else "") + cause
    return "按计分办法未得满分" if deducted else None
