"""Whether an item's score and figure of an earlier cycle can be laid beside this cycle's, and if not, why.

Here belongs the comparison of two items as one unit of each cycle meets them. Whose predecessor an item is stands in
`continuity.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from pydantic import BaseModel

from evaluation.figures import figure_code, figure_owner
from evaluation.items import Item
from evaluation.numbers import for_unit
from evaluation.rulebook import Place, Rulebook


class Comparable(IntEnum):
    """The greater the worse: the worst of several holds."""

    YES = 0
    CHANGED = 1
    NO = 2

    @property
    def code(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class UnitClass:
    """Units that a rulebook treats alike (`UnitClasses.classes`); both empty: the rulebook as written, for all."""

    unit_code: str = ""
    group: str = ""


@dataclass(frozen=True)
class Compared:
    """How an earlier cycle's item stands to this one's. A score is `YES` or, as a rate alone, `CHANGED`; `changed`
    names the clauses."""

    score: Comparable
    figure: Comparable
    changed: tuple[str, ...] = ()
    why: str = ""

    @property
    def score_remark(self) -> str:
        if self.score is Comparable.NO:
            return self.why
        return f"口径有变：{'、'.join(self.changed)}" if self.changed else ""


# Why figures are not the same one, besides their units of measure.
COMBINED, LAG, ANOTHER, ORIGIN = (
    "几期合成一年的办法有变",
    "数据年度与考核年度的间隔有变",
    "读的不是同一项数据",
    "数据的来历有变",
)
PERIODS, FIGURE = "计分的期", "数据"
# The keys that decide an item's score, by the word for them; what is only told or only checked is none of them.
CLAUSES = {
    "points": "标准分",
    "max_points": "上限",
    "min_points": "下限",
    "direction": "方向",
    "per": "折算",
    "measure": "计分依据",
    "compare_within": "比较范围",
    "rule": "计分办法",
    "cases": "计分办法",
    "cliff": "底线",
    "parts": "小项",
    "missing": "缺数据的处理",
    "not_applicable": "无此项任务的处理",
    "rescale_within": "补足范围",
    "exemptions": "核减",
}
WORDS_ONLY = {"name", "text", "reference"}
NOT_IN_PARTS = {"code", "continues", "not_comparable", "additive", "sources", "tolerance", "range", "growth_warning"}
NOT_IN_PARTS |= {"responsible", "total_of", "applies_to", "frequency", "data_year", "figure"}


def compared(
    now: Place,
    then: Place,
    years: tuple[Rulebook, Rulebook],
    units: tuple[UnitClass, UnitClass],
    figures: Mapping[str, str],
) -> Compared:
    """The item of this cycle and its predecessor, each as a unit of that class of its cycle meets it.

    `figures`: by this cycle's figure what it was called then.
    """
    here, there = now.item, then.item
    changed = dict.fromkeys(
        word
        for key, word in CLAUSES.items()
        if _seen(getattr(here, key), units[0], key) != _seen(getattr(there, key), units[1], key)
    )
    if here.scored_by_period() != there.scored_by_period() or (
        here.scored_by_period() and here.frequency != there.frequency
    ):
        changed[PERIODS] = None
    why = _other_figure(now, then, years, figures)
    if why and not here.parts:
        changed[FIGURE] = None
    return Compared(
        Comparable.CHANGED if changed else Comparable.YES,
        Comparable.NO if why else Comparable.YES,
        tuple(changed),
        why,
    )


def _other_figure(now: Place, then: Place, years: tuple[Rulebook, Rulebook], figures: Mapping[str, str]) -> str:
    """Why the figures are not the same one; empty where they are."""
    here, there = figure_owner(now.chain), figure_owner(then.chain)
    if here.unit_of_measure != there.unit_of_measure:
        return f"计量单位由{there.unit_of_measure or '无'}改为{here.unit_of_measure or '无'}"
    if here.accumulate != there.accumulate:
        return COMBINED
    if _lag(here, years[0]) != _lag(there, years[1]):
        return LAG
    if now.item.reads_figure() and figures.get(figure_code(now.chain)) != figure_code(then.chain):
        return ANOTHER if then.item.reads_figure() else ORIGIN
    return "" if _kind_of(now.item) == _kind_of(then.item) else ORIGIN


def _lag(item: Item, rulebook: Rulebook) -> int:
    """By how many years the item's figures are older than the cycle."""
    return rulebook.cycle.year - (item.data_year or rulebook.cycle.year)


def _kind_of(item: Item) -> tuple[bool, bool, bool]:
    claims = item.reads_claims() and not item.exemptions  # which only add to a figure
    return item.reads_figure(), claims, item.reads_marks()


def _seen(value: Any, unit: UnitClass, key: str = "") -> Any:
    """A value as a unit of the class meets it: of what is given by group or unit only its own."""
    if isinstance(value, Mapping):
        if key == "levels" or not unit.group:
            return {name: _seen(inner, unit) for name, inner in value.items()}
        return for_unit(value, unit.unit_code, unit.group)
    if isinstance(value, BaseModel):
        return tuple(_fields(value, unit))
    return tuple(_seen(inner, unit) for inner in value) if isinstance(value, tuple) else value


def _fields(model: BaseModel, unit: UnitClass) -> Iterator[tuple[str, Any]]:
    skipped = WORDS_ONLY | (NOT_IN_PARTS if isinstance(model, Item) else set())
    for key in type(model).model_fields:
        if key not in skipped:
            yield key, _seen(getattr(model, key), unit, key)
