"""What becomes of an item that is missing, not applicable, or rests on figures that are not settled.

Here belongs the outcome of an item and what `missing` and `not_applicable` make of it. How points are found
is in `item_outcomes.py` and `parts.py`.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Codes, Numbers, spread
from evaluation.block import Block, Reading
from evaluation.fates import ABSENT, EXEMPT, EXEMPT_LOST, LOST, MISSING, PENDING, SKIPPED, is_inside, is_unassessed
from evaluation.items import FixedPoints
from evaluation.numbers import FULL_POINTS, NO_POINTS
from evaluation.plan import Node
from evaluation.reasons import NO_MARKS

MISSING_FATES = {"zero": MISSING, "previous": MISSING, "pending": PENDING, "rescale": LOST}
EXEMPT_FATES = {"full": EXEMPT, "skip": SKIPPED, "rescale": EXEMPT_LOST}


@dataclass(frozen=True)
class Losses:
    """What of an item's parts is out of reach, in parts of points, by what makes up for it."""

    skipped: Numbers
    section: Numbers
    total: Numbers


@dataclass(frozen=True)
class Outcome:
    """Items × units. `fate`, `why`, `provisional` None: all scored, all defined, none provisional.

    `void`: nothing is left to reach within the item.
    """

    points: Numbers
    fate: Codes | None
    why: Codes | None
    measure: Reading
    provisional: Bools | None = None
    losses: Losses | None = None
    void: Bools | None = None

    def spread(self, shape: tuple[int, ...]) -> "Outcome":
        """Every array in full; losses are used as they are."""
        measure = Reading(self.measure.number.spread(shape), _spread(self.measure.why, shape))
        fate, why, provisional = (_spread(codes, shape) for codes in (self.fate, self.why, self.provisional))
        void = _spread(self.void, shape)
        return Outcome(self.points.spread(shape), fate, why, measure, provisional, self.losses, void)

    def rows(self, at: list[int]) -> "Outcome":
        """Some items of a block without losses, whose arrays are full."""
        measure = Reading(self.measure.number[at], _rows(self.measure.why, at))
        fate, why, provisional = (_rows(codes, at) for codes in (self.fate, self.why, self.provisional))
        return Outcome(self.points[at], fate, why, measure, provisional)


def _spread(codes: Any, shape: tuple[int, ...]) -> Any:
    return None if codes is None else spread(codes, shape)


def _rows(codes: Any, at: list[int]) -> Any:
    return None if codes is None else codes[at]


def settled(block: Block, outcome: Outcome, why: Codes | None) -> Outcome:
    """What is missing, not applicable or not assessed, as the items say."""
    exempt = exempt_units(block)
    applies = (
        None if all(node.applies_to_all for node in block.nodes) else block.by_class(lambda node: node.applies.tolist())
    )
    if why is None and exempt is None and applies is None:
        return outcome
    fate = np.zeros(block.shape, dtype=np.int8) if outcome.fate is None else outcome.fate.copy()
    points = outcome.points
    provisional = np.zeros(block.shape, dtype=bool) if outcome.provisional is None else outcome.provisional
    if why is not None:
        missing = np.broadcast_to(why != 0, block.shape)
        fate = np.where(missing, _fates(block, lambda i: i.missing, MISSING_FATES, MISSING), fate)
        points = _fixed(block, lambda item: item.missing).where(missing, points)
    if exempt is not None:
        fate = np.where(exempt, _fates(block, lambda i: i.not_applicable, EXEMPT_FATES, EXEMPT), fate)
        points = _fixed(block, lambda item: item.not_applicable).where(exempt, points)
    if applies is not None:
        fate = np.where(applies, fate, ABSENT)
        points = points.where(applies, block.zero)
    void = None if outcome.void is None else outcome.void & is_inside(fate)
    provisional = (provisional | (fate == PENDING)) & ~is_unassessed(fate)
    return replace(outcome, points=points, fate=fate.astype(np.int8), provisional=provisional, void=void)


def unsettled(block: Block, read: Bools, why: Codes | None) -> Bools | None:
    """Where a figure that was read is provisional, or is missing although a department owes it; None: nowhere.

    `read`: where the figure was read. What is undefined for other reasons than the figure is the unit's.
    """
    marked = [block.inputs.provisional(node, block.period) for node in block.nodes]
    owed = [block.inputs.owed_elsewhere(node, block.period) for node in block.nodes]
    found: Bools | None = None
    if any(row is not None for row in marked):
        found = _table(block, marked) & read
    if any(row is not None for row in owed):
        missing = np.zeros((1, 1), dtype=bool) if why is None else why != 0
        missing = missing if block.substituted is None else missing | block.substituted
        late = _table(block, owed) & read & missing
        found = late if found is None else found | late
    return found


def unmarked(block: Block, read: Bools, why: Codes | None) -> Bools | None:
    """Where marks that were read are missing although a department owes them; None: nowhere."""
    elsewhere = np.array([[not node.owed_by_unit] for node in block.nodes])
    if why is None or not elsewhere.any():
        return None
    return np.asarray(elsewhere & read & (why == NO_MARKS), dtype=bool)


def either(one: Bools | None, other: Bools | None) -> Bools | None:
    """Where one of them is; None: nowhere."""
    if one is None or other is None:
        return other if one is None else one
    return one | other


def _table(block: Block, rows: list[Bools | None]) -> Bools:
    none = np.zeros(len(block.inputs.units), dtype=bool)
    return np.asarray(block.cells.chosen(np.stack([none if row is None else row for row in rows])), dtype=bool)


def exempt_units(block: Block) -> Bools | None:
    """Where targets.csv says that the unit has no such task; None where it says so for none."""
    rows = [block.inputs.targets.exempt(node.code) for node in block.nodes]
    if all(row is None for row in rows):
        return None
    return _table(block, rows)


def _fates(block: Block, policy: Any, fates: dict[str, int], with_points: int) -> Codes:
    chosen = [policy(node.item) for node in block.nodes]
    return np.array([[with_points if isinstance(one, FixedPoints) else fates[one]] for one in chosen], dtype=np.int8)


def _fixed(block: Block, policy: Any) -> Numbers:
    """The points that `full` or `{points}` give; 0 otherwise."""

    def given(node: Node) -> Any:
        chosen = policy(node.item)
        return chosen.points if isinstance(chosen, FixedPoints) else FULL_POINTS if chosen == "full" else NO_POINTS

    return block.amounts(given)
