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

ZERO = Fraction(0)
FULL = Fraction(100)


def any_responsible(plan: Plan) -> bool:
    """Whether any item names who is responsible for it."""
    return any(top.item.responsible for top in plan.tops)


def role_score(adding: Adding, totals: Totals, role: str) -> tuple[Numbers, Bools]:
    """Units of the last decimal (1 × units), and where the role has something to reach."""
    block = adding.block
    earned, reachable = block.constant(ZERO), block.constant(ZERO)
    for number, section in enumerate(adding.plan.rulebook.sections):
        for at in adding.positions(number):
            if _in_charge(adding.plan, at, role):
                points, there = _of_item(adding, at)
                earned = earned + adding.weighted(section, points)[0]
                reachable = reachable + adding.weighted(section, there)[0]
    some = reachable.above(block.constant(ZERO))
    share = earned / reachable.where(some, block.constant(Fraction(1)))
    points = block.constant(FULL * adding.plan.finest) * share + totals.bonus - totals.penalty
    return points, np.broadcast_to(some, block.shape)[0]


def _in_charge(plan: Plan, at: int, role: str) -> bool:
    """Items that name the role, and those that name nobody."""
    responsible = plan.tops[at].item.responsible
    return not responsible or role in responsible


def _of_item(adding: Adding, at: int) -> tuple[Numbers, Numbers]:
    """What was earned (in units of the last decimal), and what could be (in parts of points)."""
    block = adding.block
    zero = block.constant(ZERO)
    there = block.parts_of_points([adding.plan.tops[at]]).spread(block.shape)
    losses = adding.losses.get(at)
    if losses is not None:
        left = there - losses.skipped - losses.section - losses.total
        there = left.where(is_inside(adding.fate[at])[None, :], there)
    return adding.item_scores(at), zero.where(is_out(adding.fate[at])[None, :], there)
