"""What a post earns its official at one unit: the unit's total, or the score of the role there.

Here belong posts one by one; days of posts are in `posts.py`, several posts of an official in `officials.py`.
"""

import numpy as np

from evaluation.arithmetic import Bools, Codes, Numbers, Objects, Positions
from evaluation.bounded import Bounded
from evaluation.cells import Cells, stacked
from evaluation.charges import any_responsible, role_score
from evaluation.columns import Column
from evaluation.exact import Rational, objects
from evaluation.posts import Posts
from evaluation.reasons import NO_VALUE
from evaluation.totals import Adding, Totals
from evaluation.unit_totals import UnitTotals


def earned_in_posts(totals: UnitTotals, given: Posts) -> Column:
    """Per post, in units of the last decimal; not known where the unit has no total or the role nothing to reach."""
    units = given.units
    there = np.maximum(units, 0)
    if any_responsible(totals.sheet.inputs.plan):
        return _by_charge(totals, given.roles, given.role, there, units >= 0)
    total = totals.published["total"]
    known = (units >= 0) & ~totals.pending[there]

    def exact(posts: Positions) -> Objects:
        return objects(Rational(int(one)) for one in total[there[posts]])

    whole = total.dtype != object
    number = Bounded(total[there].astype(np.float64), 0.0 if whole else 1.0, whole=whole)
    return Column(number, _why(known), exact)


def _why(known: Bools) -> Codes | None:
    return None if known.all() else np.where(known, 0, NO_VALUE).astype(np.int8)


def _by_charge(totals: UnitTotals, roles: list[str], role: Positions, units: Positions, known: Bools) -> Column:
    """The score of each post's role at its unit; `role`: its number among `roles`."""
    inputs, count = totals.sheet.inputs, len(totals.pending)
    if not roles:
        return Column(Bounded(np.zeros(0), whole=True), None, objects)
    scores, some = _role_scores(totals.adding, totals.floats, roles)
    assert totals.adding.block.doubts is not None
    doubted = totals.doubted | totals.adding.block.doubts[0]

    def exactly(asked: Positions) -> tuple[Objects, Bools]:
        adding = Adding(totals.sheet, Cells(inputs.units, asked, "fractions"))
        found, reached = _role_scores(adding, adding.totals(), roles)
        return np.stack([np.broadcast_to(one.value, (1, len(asked)))[0] for one in found]), reached

    def exact(posts: Positions) -> Objects:
        asked, which = np.unique(units[posts], return_inverse=True)
        found: Objects = exactly(asked)[0][role[posts], which]
        return found

    open_units = np.flatnonzero(doubted)
    if open_units.size:
        some[:, open_units] = exactly(open_units)[1]
    number = stacked([_row(score, count) for score in scores], None)[role, units]
    number = Bounded(number.value, number.relative, np.where(doubted[units], np.inf, number.absolute))
    return Column(number, _why(known & some[role, units] & ~totals.pending[units]), exact)


def _role_scores(adding: Adding, totals: Totals, roles: list[str]) -> tuple[list[Numbers], Bools]:
    """Per role its score (1 × units), and where it has something to reach (roles × units)."""
    found = [role_score(adding, totals, role) for role in roles]
    return [score for score, _ in found], np.stack([some for _, some in found])


def _row(number: Numbers, count: int) -> Bounded:
    row = number.spread((1, count))[0]
    assert isinstance(row, Bounded)
    return row
