"""A way of scoring: one measure and one rule over a block, and the words that a rule may use for numbers.

Here belongs what every rule is given; the rules themselves are in `rules.py` and `claim_rules.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from evaluation.arithmetic import Bools, Codes, Numbers
from evaluation.block import Block, Reading, first_reason
from evaluation.columns import Column
from evaluation.comparison import Compared
from evaluation.measures import IN_FIGURE_UNITS, MEASURES, higher_is_better
from evaluation.plan import Node


@dataclass(frozen=True)
class Way:
    """`rule_of`: the rule of each item, all of one kind and shape."""

    block: Block
    measure: str
    rule_of: Callable[[Node], Any]

    @cached_property
    def measured(self) -> Reading:
        return MEASURES[self.measure](self.block)

    @property
    def number(self) -> Numbers:
        return self.measured.number

    @property
    def rule(self) -> Any:
        """The rule that stands for all in what belongs to the shape."""
        return self.rule_of(self.block.nodes[0])

    @property
    def higher(self) -> bool:
        return higher_is_better(self.measure, self.block.item.direction)

    def amounts(self, given: Callable[[Any], Any]) -> Numbers:
        """Points that the rules state."""
        return self.block.amounts(lambda node: given(self.rule_of(node)))

    def operand(self, given: Callable[[Any], Any]) -> Reading:
        """A number or word that the rules state for the measure."""
        return self.block.operand(
            lambda node: given(self.rule_of(node)),
            lambda node: node.in_percent and self.measure in IN_FIGURE_UNITS,
            self.word,
        )

    def word(self, word: str) -> Reading:
        """The unit's or its group's number for which a word stands."""
        if word in ("target", "stretch"):
            return self.block.target(word)
        if word == "previous":
            return self.block.previous()
        return self.block.over_group(f"measure {self.measure}", MEASURES[self.measure], self._statistic(word))

    def _statistic(self, word: str) -> Callable[[Compared, Node], Column]:
        if word == "mean":
            return lambda compared, node: compared.mean()
        highest = word == "max" or (word in ("best", "worst") and (word == "best") == self.higher)
        return lambda compared, node: compared.highest() if highest else compared.lowest()

    def meets(self, bounds: Callable[[Any], Any]) -> tuple[Bools, Codes | None]:
        """Where the measure meets all stated conditions, and why that cannot be said."""
        return conditions_met(
            self.number, bounds(self.rule).stated(), lambda key: self.operand(lambda rule: getattr(bounds(rule), key))
        )


def conditions_met(number: Numbers, stated: Any, limit_of: Callable[[str], Reading]) -> tuple[Bools, Codes | None]:
    """Where a number meets all stated conditions, and why that cannot be said."""
    met: Bools = np.ones((1, 1), dtype=bool)
    why: Codes | None = None
    for key, _ in stated:
        limit = limit_of(key)
        met = met & COMPARISONS[key](number, limit.number)
        why = first_reason(why, limit.why)
    return met, why


COMPARISONS: dict[str, Callable[[Any, Any], Bools]] = {
    "at_least": lambda number, limit: number.at_least(limit),
    "above": lambda number, limit: number.above(limit),
    "at_most": lambda number, limit: limit.at_least(number),
    "below": lambda number, limit: limit.above(number),
}
