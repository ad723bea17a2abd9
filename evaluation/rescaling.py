"""Points that are made up for by the others: within a section, within the total (不考核、缺数据时折算).

points there × (reachable points) / (reachable − points of what is made up for). Here belongs what is
reachable and what is left of it; the order in which sections and total use it is in `totals.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from evaluation.arithmetic import Bools, Codes, Numbers
from evaluation.block import Block
from evaluation.fates import ABSENT, LOST, SKIPPED, is_inside, is_made_up_for
from evaluation.plan import Node
from evaluation.settling import Losses


@dataclass(frozen=True)
class Reach:
    """What a unit can reach in a section, and what is made up for within section and total.

    1 × units each, in parts of points.
    """

    reachable: Numbers
    within_section: Numbers
    within_total: Numbers


def reach(block: Block, nodes: Mapping[int, Node], fate: Codes, losses: Mapping[int, Losses]) -> Reach:
    """`nodes`, `losses` by position of the item; `fate`: items × units, of all items."""
    at = list(nodes)
    zero = block.zero
    points = block.parts_of_points(list(nodes.values())).spread((len(at), block.shape[1]))
    here = fate[at]
    reachable = points.where((here != ABSENT) & (here != SKIPPED), zero)
    nested = np.array([[bool(node.parts)] for node in nodes.values()])
    made_up = is_made_up_for(here) & ~(nested & (here == LOST))
    scopes = np.array([[node.scope] for node in nodes.values()])
    section = points.where(made_up & ((scopes == "section") | (scopes == "parent")), zero).total()[None, :]
    total = points.where(made_up & (scopes == "total"), zero).total()[None, :]
    available = reachable.total()[None, :]
    for position in at:
        if position in losses:
            inner = is_inside(fate[[position]])
            lost = losses[position]
            available = available - lost.skipped.where(inner, zero)
            section = section + lost.section.where(inner, zero)
            total = total + lost.total.where(inner, zero)
    return Reach(available, section, total)


def made_up_for(block: Block, points: Numbers, reachable: Numbers, lost: Numbers) -> tuple[Numbers, Bools]:
    """Points with the share of what is lost, and where nothing is left to make up for it."""
    affected = lost.above(block.zero)
    if not affected.any():
        return points, affected
    left = reachable - lost
    void = affected & ~left.above(block.zero)
    some = affected & ~void
    factor = reachable / left.where(some, block.one)
    return (points * factor).where(some, points), void
