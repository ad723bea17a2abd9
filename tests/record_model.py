"""What the record has to hold, as plain dicts and lists: the model that the state machine compares it with.

Nothing of the program is imported: scores are exact fractions of the rules below, written out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

RULEBOOK = """\
evaluation: tiny-2025
title: 小考核
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
departments: [{code: stats, name: 统计局}]
groups: [{code: g, name: 甲组, kind: township}]
sections:
  - code: all
    name: 全部
    points: 100
    indicators:
      - {code: grants, name: 授权量, points: 60, sources: [stats, self], measure: completion,
         rule: {kind: proportional}}
      - {code: spending, name: 投入, points: 40, sources: [stats], rule: {kind: per_item, each: 1}}
"""
UNITS = ("A", "B", "C")
CELLS = [(unit, figure) for unit in UNITS for figure in ("grants", "spending")]
TARGETS = {"A": "10", "B": "20", "C": "30"}
TRIAL, APPROVED, NOTICE, REVIEWED, FINAL, ANNOUNCED = "试算", "审定", "公示", "复核", "定稿", "通报"
FOLLOWING = {
    TRIAL: [APPROVED],
    APPROVED: [NOTICE, APPROVED, TRIAL],
    NOTICE: [FINAL, REVIEWED],
    REVIEWED: [FINAL, REVIEWED],
    FINAL: [ANNOUNCED],
    ANNOUNCED: [],
}
CLOSED = (NOTICE, REVIEWED, FINAL, ANNOUNCED)

Cell = tuple[str, str]
Values = dict[Cell, str]


class Row(NamedTuple):
    """What is published of a unit: items as (accepted value, target, score)."""

    total: Fraction
    rank: int
    provisional: bool
    items: tuple[tuple[str, str, Fraction], ...]


Results = dict[str, Row]


@dataclass
class Correction:
    """`cell`: of a figure, or (unit, "target")."""

    seq: int
    cell: Cell
    old: str
    new: str
    approved: bool = False


@dataclass
class Model:
    """`kinds` are the ledger's entries; `files` what was received: sender, whether intake was open, what it said.

    `ever`: by sender, what each text was first called.
    """

    kinds: list[str] = field(default_factory=list)
    files: list[tuple[str, bool, Values]] = field(default_factory=list)
    lying: dict[tuple[str, str], str] = field(default_factory=dict)
    taken: dict[tuple[str, str], str] = field(default_factory=dict)
    ever: dict[str, dict[str, str]] = field(default_factory=dict)
    left: set[tuple[str, str, str]] = field(default_factory=set)
    targets: dict[str, str] = field(default_factory=lambda: dict(TARGETS))
    corrections: list[Correction] = field(default_factory=list)
    order: list[Correction] = field(default_factory=list)
    state: str = TRIAL
    moved: Results | None = None
    closed: bool = False
    versions: list[tuple[str, Results]] = field(default_factory=list)
    approved_since: int = 0
    seen: Values = field(default_factory=dict)

    def take(self, sender: str, name: str, text: str, values: Values) -> bool:
        """A file as it comes in; whether it is a new submission."""
        own = self.taken.get((sender, name))
        if text in (self.ever.get(sender, {}) if own is None else {own}):
            return False
        self.taken[sender, name] = text
        self.ever.setdefault(sender, {}).setdefault(text, name)
        self.files.append((sender, not self.closed, values))
        self.kinds.append("file_received")
        return True

    def note_left_alone(self) -> None:
        """Copies under names that never were taken in, told where others lie there than when it was last told."""
        left = {(*key, self.ever[key[0]][text]) for key, text in self.lying.items() if key not in self.taken}
        if left != self.left:
            self.left = left
            self.kinds.append("inbox_left_alone")

    def accepted(self) -> Values:
        """The value in force of each cell: correction, else the department's newest, else the unit's own newest."""
        found: Values = {}
        for trusted in (False, True):
            for sender, was_open, values in self.files:
                if was_open and (sender == "stats") == trusted:
                    found |= values
        return found | {one.cell: one.new for one in self.order if one.cell[1] != "target"}

    def targets_in_force(self) -> dict[str, str]:
        found = dict(self.targets)
        for one in self.order:
            if one.cell[1] == "target" and found[one.cell[0]] == one.old:
                found[one.cell[0]] = one.new
        return found

    def in_force(self, cell: Cell) -> str:
        """What somebody who corrects the cell finds there: figures as the newest run accepted them."""
        if cell[1] == "target":
            return self.targets_in_force()[cell[0]]
        own = [one.new for one in self.order if one.cell == cell]
        return own[-1] if own else self.seen.get(cell, "")

    def results(self) -> Results:
        accepted, targets = self.accepted(), self.targets_in_force()
        rows = {}
        for unit in UNITS:
            grants, spending = (accepted.get((unit, figure), "") for figure in ("grants", "spending"))
            completed = Fraction(60) * Fraction(grants or 0) / Fraction(targets[unit])
            scores = [_rounded(min(completed, Fraction(60))), _rounded(min(Fraction(spending or 0), Fraction(40)))]
            items = ((grants, targets[unit], scores[0]), (spending, "", scores[1]))
            rows[unit] = Row(sum(scores, Fraction(0)), 0, not (grants and spending), items)
        totals = sorted((row.total for row in rows.values()), reverse=True)
        return {unit: row._replace(rank=totals.index(row.total) + 1) for unit, row in rows.items()}

    def scored(self) -> bool:
        """A whole run; whether it makes a new version."""
        self.seen = self.accepted()
        results, state = self.results(), self.state
        if self.state != TRIAL and results != self.moved:
            if self.state == APPROVED:
                state = TRIAL
            elif not (self.state in (FINAL, ANNOUNCED) and self.approved_since):
                return False
        if self.versions and self.versions[-1] == (state, results):
            return False
        self.versions.append((state, results))
        self.kinds.append("version_published")
        self.approved_since = 0
        return True

    def may_move(self, state: str) -> bool:
        """Whether the state can be reached now, all inputs being scored."""
        lapsed = self.results() != self.moved
        waiting = any(not one.approved for one in self.corrections)
        unsettled = waiting or any(row.provisional for row in self.results().values())
        obstacles = {
            APPROVED: self.state == APPROVED and not lapsed,
            NOTICE: lapsed or unsettled,
            REVIEWED: not lapsed,
            FINAL: lapsed or unsettled,
        }
        return state in FOLLOWING[self.state] and not obstacles.get(state, False)

    def move(self, state: str) -> None:
        self.state, self.moved = state, self.results()
        self.closed = state in CLOSED
        self.kinds.append("state_moved")


def _rounded(number: Fraction) -> Fraction:
    """Half up, at two decimals; no score here is negative."""
    return Fraction((number * 100 + Fraction(1, 2)).__floor__(), 100)
