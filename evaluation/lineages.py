"""Units and items of this cycle followed back through the cycles before it.

Here belongs the walk from cycle to cycle. What one cycle continues of the one before stands in `continuity.py`, whether
two items compare in `comparability.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evaluation.comparability import Comparable
from evaluation.continuity import Descent, figure_predecessors, item_predecessors, unit_predecessors
from evaluation.definition import Definition

GONE = "其后撤并，本年没有接续"


@dataclass(frozen=True)
class Ancestor:
    """A unit of an earlier cycle on the line of one of this cycle; `unit` is empty where nobody continues it."""

    unit: str
    then: str
    comparable: Comparable
    why: str = ""


def unit_lines(cycles: Sequence[Definition]) -> list[list[Ancestor]]:
    """By cycle, this one first: whose past each of its units is, in the order of this cycle's units."""
    found = [[Ancestor(unit, unit, Comparable.YES) for unit in cycles[0].units["unit_code"].tolist()]]
    for newer, older in pairwise(cycles):
        known = dict(zip(older.units["unit_code"].tolist(), older.units["name"].tolist(), strict=True))
        names = dict(zip(newer.units["unit_code"].tolist(), newer.units["name"].tolist(), strict=True))
        descents = unit_predecessors(newer.units)
        heirs = _heirs(descents, names)
        line = [one for each in found[-1] for one in _before(each, descents[each.then], known, names, heirs)]
        reached = {one.then for one in line}
        gone = [Ancestor("", unit, Comparable.NO, GONE) for unit in known if unit not in reached]
        found.append(line + gone)
    return found


def _heirs(descents: dict[str, Descent], names: dict[str, str]) -> dict[str, list[str]]:
    """Names of the units that continue each unit of the cycle before."""
    found: dict[str, list[str]] = {}
    for unit, descent in descents.items():
        for code in descent.codes:
            found.setdefault(code, []).append(names[unit])
    return found


def _before(
    each: Ancestor, descent: Descent, known: dict[str, str], names: dict[str, str], heirs: dict[str, list[str]]
) -> Iterator[Ancestor]:
    for code in descent.codes:
        if code in known:
            comparable, why = each.comparable, each.why
            others = [name for name in heirs[code] if name != names[each.then]]
            if len(descent.codes) > 1:
                comparable, why = Comparable.NO, f"其后与{_others(descent, code, known)}合并为{names[each.then]}"
            elif others and descent.keeps:
                comparable, why = max(comparable, Comparable.CHANGED), f"其后析出{'、'.join(others)}"
            elif others:
                comparable, why = Comparable.NO, f"其后分为{'、'.join(heirs[code])}"
            yield Ancestor(each.unit, code, comparable, why)


def _others(descent: Descent, code: str, known: dict[str, str]) -> str:
    return "、".join(known.get(other, other) for other in descent.codes if other != code)


@dataclass(frozen=True)
class ItemPast:
    """An earlier cycle's item on the line of this cycle's item; `why` it cannot be compared, where a rulebook says
    so."""

    then: str
    why: str = ""


def item_lines(cycles: Sequence[Definition]) -> list[dict[str, ItemPast]]:
    """By cycle, this one first: the past of each of this cycle's items (parts left out) that there was."""
    own = {place.item.code for place in cycles[0].rulebook.top_items()}
    found = [{code: ItemPast(code) for code in own}]
    for newer, older in pairwise(cycles):
        before = item_predecessors(newer.rulebook)
        reasons = {place.item.code: place.item.not_comparable or "" for place in newer.rulebook.top_items()}
        known = {place.item.code for place in older.rulebook.top_items()}
        found.append(
            {
                code: ItemPast(before[past.then], past.why or reasons[past.then])
                for code, past in found[-1].items()
                if before.get(past.then) in known
            }
        )
    return found


def figure_lines(cycles: Sequence[Definition]) -> list[dict[str, str]]:
    """By cycle, this one first: what each of this cycle's figures was called then, as far as it goes back."""
    found = [{figure.code: figure.code for figure in cycles[0].rulebook.figures()}]
    for newer, _ in pairwise(cycles):
        before = figure_predecessors(newer.rulebook)
        found.append({code: before[then] for code, then in found[-1].items() if then in before})
    return found
