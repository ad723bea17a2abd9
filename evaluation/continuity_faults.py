"""What `continues`, `not_comparable` and `additive` cannot say: two successors of one item, sums of what has no figure.

Here belongs what the rulebook alone shows. What last year's definition must have is found by `lint_continuity.py`.
"""

from evaluation.items import NOTHING_BEFORE
from evaluation.paths import FaultList
from evaluation.rulebook import Place, Rulebook


def continuity_faults(rulebook: Rulebook, faults: FaultList) -> None:
    """Add them; that an item takes the code of last year's item which another continues is one of them."""
    successors: dict[str, Place] = {}
    for place in sorted(rulebook.places(), key=lambda each: each.item.continues is None):
        _place_faults(rulebook, place, faults)
        before = place.item.continues or place.item.code
        if before == NOTHING_BEFORE or rulebook.previous is None:
            continue
        other = successors.setdefault(before, place)
        if other is not place:
            told = f"上年的 {before} 已由 {other.item.code} 接续，{place.item.code} 不能再接续它"
            remedy = "写 continues: 它自己接续的上年代码；没有接续的写 none"
            faults.add((*place.path, "code" if place.item.continues is None else "continues"), told, remedy)


def _place_faults(rulebook: Rulebook, place: Place, faults: FaultList) -> None:
    item, path = place.item, place.path
    if rulebook.previous is None and item.continues is not None:
        faults.add((*path, "continues"), f"{item.code} 写了接续，而没有写 previous", "写 previous，或删去")
    if item.continues == NOTHING_BEFORE and item.not_comparable is not None:
        faults.add((*path, "not_comparable"), f"{item.code} 不接续任何一项，谈不上可比不可比", "删去其中一个")
    if item.additive and not item.reads_figure():
        faults.add((*path, "additive"), f"{item.code} 没有要报的数据，谈不上相加", "写在有数据的指标上，或删去")
