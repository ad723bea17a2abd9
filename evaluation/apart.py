"""Units that have nothing to do with each other: sets within which they are ranked and compared.

Here belongs finding the sets, and an evaluation of one of them alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from evaluation.arithmetic import Positions
from evaluation.definition import Definition
from evaluation.plan import Node, Plan
from evaluation.rule_kinds import Levels


def sets_apart(plan: Plan, tops: Sequence[Node]) -> Positions:
    """Per unit, the number of the set within which a change of these items can move anything."""
    units = plan.units
    nodes = [node for top in tops for node in (top, *top.descendants())]
    widest = {plan.rulebook.ranking.within, *(node.item.compare_within for node in nodes)}
    shares_documents = any(_looks_at_others(node) for node in nodes)
    if "all" in widest or shares_documents:
        return units.compared("all")
    if "kind" not in widest:
        return units.compared("group")
    kinds = {(int(group), int(kind)) for group, kind in zip(units.group_of, units.kind_of, strict=True)}
    return units.compared("kind" if len(kinds) == len({group for group, _ in kinds}) else "all")


def _looks_at_others(node: Node) -> bool:
    return any(isinstance(rule, Levels) and rule.same_document == "zero_all" for _, rule in node.item.methods())


def narrowed(definition: Definition, units: Collection[str]) -> Definition:
    """The definition of those units alone that any of `units` (codes) is ranked or compared with; nothing that any of
    them gets is otherwise."""
    plan = definition.plan
    sets = sets_apart(plan, plan.tops)
    wanted = np.unique(sets[definition.units["unit_code"].isin(list(units)).to_numpy(dtype=bool)])
    return replace(definition, units=definition.units[np.isin(sets, wanted)].reset_index(drop=True))
