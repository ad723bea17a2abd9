"""The score of a role at a unit, where items name who is responsible (按分工计分).

Share of reachable points earned on the items in the role's charge, on a scale of 100, plus bonus minus
penalty. Here belongs that score without rounding; posts and officials are in `officials.py`.
"""

from fractions import Fraction

import numpy as np

from evaluation.arithmetic import Bools, Numbers
from evaluation.fates import is_inside, is_out
from evaluation.plan import Plan
from evaluation.totals import Adding, Totals

FULL = Fraction(100)


def any_responsible(plan: Plan) -> bool:
    """Whether any item names who is responsible for it."""
    return any(top.item.responsible for top in plan.tops)


def role_score(adding: Adding, totals: Totals, role: str) -> tuple[Numbers, Bools]:
    """Units of the last decimal (1 × units), and where the role has something to reach."""
    block = adding.block
    earned, reachable = block.zero, block.zero
    for number, section in enumerate(adding.plan.rulebook.sections):
        at = [item for item in adding.positions(number) if _in_charge(adding.plan, item, role)]
        if at:
            earned = earned + adding.weighted(section, adding.sum_of(at))[0]
            reachable = reachable + adding.weighted(section, _reachable(adding, at))[0]
    some = reachable.above(block.zero)
    share = earned / reachable.where(some, block.one)
    points = block.constant(FULL * adding.plan.finest) * share + totals.bonus - totals.penalty
    return points, np.broadcast_to(some, block.shape)[0]


def _in_charge(plan: Plan, at: int, role: str) -> bool:
    """Items that name the role, and those that name nobody."""
    responsible = plan.tops[at].item.responsible
    return not responsible or role in responsible


def _reachable(adding: Adding, at: list[int]) -> Numbers:
    """What could be earned on the items (1 × units), in parts of points."""
    block, fate = adding.block, adding.fate[at]
    zero = block.zero
    points = block.parts_of_points([adding.plan.tops[item] for item in at])
    there = zero.where(is_out(fate), points).total()[None, :].noting(block.doubts)
    for item in at:
        losses = adding.losses.get(item)
        if losses is not None:
            own = adding.fate[[item]]
            lost = losses.skipped + losses.section + losses.total
            there = there - lost.where(is_inside(own) & ~is_out(own), zero)
    return there
