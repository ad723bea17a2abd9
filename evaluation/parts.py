"""Items with parts: the parts' points added, made up for within the item, then its own cliff and limits.

Here belongs one level of parts over all units. What is made up for within a section or the total leaves
here as `Losses` and is dealt with in `rescaling.py`.
"""

from collections.abc import Sequence

import numpy as np

from evaluation.arithmetic import Bools, Codes, Numbers
from evaluation.block import Block, Reading, first_reason
from evaluation.fates import ABSENT, EXEMPT_LOST, GONE, LOST, MISSING, PENDING, SCORED, SKIPPED, is_inside, is_out
from evaluation.item_outcomes import limited, with_cliff
from evaluation.plan import Node
from evaluation.settling import Losses, Outcome, settled
from evaluation.way import Way


class Standing:
    """One part (1 × units), in parts of points: what was assessed; what of it is out, by what makes up for it."""

    def __init__(self, block: Block, part: Node, outcome: Outcome) -> None:
        zero = block.zero.spread(block.shape)
        points = block.parts_of_points([part]).spread(block.shape)
        fate = np.zeros(block.shape, dtype=np.int8) if outcome.fate is None else outcome.fate
        made_up = (fate == EXEMPT_LOST) if part.parts else (fate == EXEMPT_LOST) | (fate == LOST)
        here = points.where(made_up, zero)
        self.assessed = points.where(fate != ABSENT, zero)
        self.skipped = points.where(fate == SKIPPED, zero)
        self.parent = here if part.scope == "parent" else zero
        self.section = here if part.scope == "section" else zero
        self.total = here if part.scope == "total" else zero
        if outcome.losses is not None:
            inner = is_inside(fate)
            self.skipped = self.skipped + outcome.losses.skipped.where(inner, zero)
            self.section = self.section + outcome.losses.section.where(inner, zero)
            self.total = self.total + outcome.losses.total.where(inner, zero)


def together(block: Block, parts: Sequence[Outcome]) -> Outcome:
    """One item out of the outcomes of its parts."""
    node = block.nodes[0]
    points = parts[0].points
    for part in parts[1:]:
        points = points + part.points
    losses: Losses | None = None
    void: Bools | None = None
    if any(part.fate is not None or part.losses is not None for part in parts):
        points, losses, void = _made_up_for(
            block, points, [Standing(block, *one) for one in zip(node.parts, parts, strict=True)]
        )
    fate = _fate(block, parts, void)
    for part in parts:
        if part.void is not None:
            void = part.void if void is None else void | part.void
    measure = Reading(block.zero, None)
    if node.item.cliff is not None:
        points, measure = _with_own_cliff(block, points)
    points = limited(block, points)
    if fate is not None:
        points = block.zero.where(is_out(fate), points)
    why = first_reason(*(part.why for part in parts))
    uncertain = [part.provisional for part in parts if part.provisional is not None]
    provisional = np.logical_or.reduce(uncertain) if uncertain else None
    return settled(block, Outcome(points, fate, why, measure, provisional, losses, void), None)


def _made_up_for(block: Block, points: Numbers, parts: Sequence[Standing]) -> tuple[Numbers, Losses, Bools]:
    assessed = _sum([part.assessed for part in parts])
    skipped = _sum([part.skipped for part in parts])
    section, total = _sum([part.section for part in parts]), _sum([part.total for part in parts])
    parent = _sum([part.parent for part in parts])
    zero, one = block.zero, block.one
    reach = assessed - skipped - section - total
    left = reach - parent
    lost = parent.above(zero)
    void = lost & ~left.above(zero)
    factor = (reach / left.where(lost & ~void, one)).where(lost & ~void, one)
    return points * factor, _own_losses(block, assessed, skipped, section, total), void


def _own_losses(block: Block, assessed: Numbers, skipped: Numbers, section: Numbers, total: Numbers) -> Losses:
    """Losses in terms of the item's own points, which its parts may exceed."""
    own = block.parts_of_points(block.nodes)
    levels = [assessed, assessed - skipped]
    levels.append(levels[-1] - total)
    levels.append(levels[-1] - section)
    capped = [own.minimum(level) for level in levels]
    return Losses(capped[0] - capped[1], capped[2] - capped[3], capped[1] - capped[2])


def _sum(numbers: Sequence[Numbers]) -> Numbers:
    total = numbers[0]
    for number in numbers[1:]:
        total = total + number
    return total


def _fate(block: Block, parts: Sequence[Outcome], void: Bools | None) -> Codes | None:
    """Out where every part is; pending where one is; missing where all that count are."""
    if all(part.fate is None for part in parts):
        return None
    fates = np.stack([np.zeros(block.shape, np.int8) if part.fate is None else part.fate for part in parts])
    out = is_out(fates)
    fate = np.where((out | (fates == MISSING)).all(axis=0), MISSING, SCORED)
    fate = np.where((fates == PENDING).any(axis=0), PENDING, fate)
    gone = np.where((fates == LOST).any(axis=0), LOST, GONE)
    fate = np.where(out.all(axis=0), gone, fate)
    return np.where(void, LOST, fate).astype(np.int8) if void is not None else fate.astype(np.int8)


def _with_own_cliff(block: Block, points: Numbers) -> tuple[Numbers, Reading]:
    """The cliff looks at the item's own measure; where that is undefined there is none."""
    way = Way(block, block.item.measure, lambda node: node.item.cliff)
    fallen, why = with_cliff(way, points, way.measured)
    undefined = first_reason(way.measured.why, why)
    if undefined is None:
        return fallen, way.measured
    return points.where(undefined != 0, fallen), way.measured
