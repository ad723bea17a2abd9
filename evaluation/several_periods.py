"""Items whose periods are scored one by one and averaged (`periods: score_then_mean`).

Here belongs the mean over the periods due; one period is scored like any item.
"""

import numpy as np

from evaluation.arithmetic import Bools, Codes, Numbers
from evaluation.block import Block, Reading, first_reason
from evaluation.fates import EXEMPT, MISSING, PENDING, SCORED, is_out
from evaluation.item_outcomes import item_outcome
from evaluation.obligations import PERIODS
from evaluation.settling import Outcome


def mean_outcome(block: Block) -> Outcome:
    """The mean of the periods due; a period that is made up for leaves the mean."""
    year = block.inputs.year(block.nodes[0])
    outcomes = []
    for name in PERIODS[block.item.frequency]:
        inner = Block(block.inputs, block.nodes, block.cells, name.format(year=year))
        inner.doubts = block.doubts
        outcomes.append(item_outcome(inner))
    fates = np.stack([_fate_of(block, outcome) for outcome in outcomes])
    points = _mean(block, [outcome.points for outcome in outcomes], ~is_out(fates))
    known = np.stack([_known(block, outcome) for outcome in outcomes])
    measure = _mean(block, [outcome.measure.number for outcome in outcomes], known)
    why = first_reason(*(outcome.why for outcome in outcomes))
    measured = Reading(measure, np.where(known.any(axis=0), 0, 1).astype(np.int8))
    uncertain = [one.provisional for one in outcomes if one.provisional is not None]
    provisional = np.logical_or.reduce(uncertain) if uncertain else None
    return Outcome(points, _fate(fates), why, measured, provisional)


def _fate_of(block: Block, outcome: Outcome) -> Codes:
    return np.zeros(block.shape, dtype=np.int8) if outcome.fate is None else outcome.fate


def _known(block: Block, outcome: Outcome) -> Bools:
    """Where the period has a number of the measure, be it last year's."""
    why = outcome.measure.why
    return np.ones(block.shape, dtype=bool) if why is None else np.broadcast_to(why == 0, block.shape)


def _mean(block: Block, numbers: list[Numbers], counted: Bools) -> Numbers:
    zero = block.zero
    total = zero.spread(block.shape)
    count = zero.spread(block.shape)
    for number, here in zip(numbers, counted, strict=True):
        total = total + number.spread(block.shape).where(here, zero)
        count = count + block.one.where(here, zero)
    return total / block.one.maximum(count)


def _fate(fates: Codes) -> Codes | None:
    if not fates.any():
        return None
    out = is_out(fates)
    fate = np.where((out | (fates == MISSING)).all(axis=0), MISSING, SCORED)
    fate = np.where((fates == EXEMPT).any(axis=0), EXEMPT, fate)
    fate = np.where((fates == PENDING).any(axis=0), PENDING, fate)
    return np.where(out.all(axis=0), fates[0], fate).astype(np.int8)
