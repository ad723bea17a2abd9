"""What items name (groups, units, departments, figures, columns, roles) must exist.

Here belong the faults of single items; those of the rulebook's other parts stand in `references.py`.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from evaluation.figures import figure_owner
from evaluation.items import Item
from evaluation.numbers import Operand, for_unit
from evaluation.paths import FaultList, amounts_within, given_by_code
from evaluation.rule_kinds import Interpolate, Rule, When
from evaluation.rulebook import Path, Place, Rulebook

_OF_FULL_POINTS = {"proportional", "threshold", "judged"}
_WORD_ORDER = {"min": 0, "mean": 1, "max": 2}


@dataclass(frozen=True)
class ItemReferences:
    """`columns` and `units` are None where units.csv is not known; what would name them is then believed."""

    rulebook: Rulebook
    faults: FaultList
    columns: Collection[str] | None
    units: Collection[str] | None

    @cached_property
    def _groups(self) -> set[str]:
        return {group.code for group in self.rulebook.groups}

    @cached_property
    def _offices(self) -> set[str]:
        return {department.code for department in self.rulebook.departments} | {"self"}

    @cached_property
    def _figures(self) -> set[str]:
        readers = {place.item.code for place in self.rulebook.places() if place.item.reads_figure()}
        return readers | {figure.code for figure in self.rulebook.figures()}

    def check(self) -> None:
        for place in self.rulebook.places():
            self._scope(place.item.applies_to, (*place.path, "applies_to"))
            self._sources(place.item.sources or (), place.path)
            self._by_code(place.item, place.path)
            self._figure(place)
            self._points(place)
            self._roles(place)
            self._conditions(place)
            self._through(place)
            self._exemptions(place)
        self._sections()
        self._vetoes()
        self._awards()

    def _unknown(self, code: str) -> bool:
        if code in self._groups or (self.units is not None and code in self.units):
            return False
        return self.units is not None or code != code.upper()

    def _scope(self, codes: Collection[str] | None, path: Path) -> None:
        for index, code in enumerate(codes or ()):
            if self._unknown(code):
                self.faults.add((*path, index), f"没有分组或单位 {code}", "写 groups 或 units.csv 中的代码")

    def _by_code(self, model: object, path: Path) -> None:
        for inner, given in given_by_code(model):
            for code in given:
                here = (*path, *inner, code)
                if self._unknown(code) and self.faults.document.at(here) is not None:
                    self.faults.add(here, f"没有分组或单位 {code}", "写 groups 或 units.csv 中的代码")

    def _sources(self, sources: Collection[str], path: Path) -> None:
        listed = list(sources)
        for index, source in enumerate(listed):
            here = (*path, "sources", index)
            if source not in self._offices:
                self.faults.add(here, f"没有部门 {source}", "写 departments 中的代码，或 self(被考核单位)")
            elif source in listed[:index]:
                self.faults.add(here, f"来源 {source} 写了两次", "只留一个")

    def _figure(self, place: Place) -> None:
        item = place.item
        if item.figure is not None and item.figure != item.code:
            other = next((p for p in self.rulebook.places() if p.item.code == item.figure), None)
            if other is not None and figure_owner(other.chain).figure not in {None, item.figure}:
                message = f"figure 指向 {item.figure}，而它自己读另一指标的数据"
                self.faults.add((*place.path, "figure"), message, "直接写最终的指标代码")
        written = self.faults.document.at((*place.path, "per")) is not None
        if written and self.columns is not None and item.per not in self.columns:
            message = f"units.csv 没有列 {item.per}"
            self.faults.add((*place.path, "per"), message, "在 units.csv 加这一列，或改正列名")

    def _points(self, place: Place) -> None:
        item, parent, path = place.item, place.parent, (*place.path, "points")
        if item.points is None:
            if item.parts is None and (place.where == "sections" or _needs_full_points(item)):
                self.faults.add(path, f"{item.code} 缺少 points", "写标准分")
            elif item.parts is not None and _needs_full_points(item):
                self.faults.add(
                    path,
                    f"{item.code} 的限额按标准分的百分比写，而它没有 points",
                    "写 points，或把限额写成分数",
                )
        elif any(amount.share for amount in amounts_within(item.points)) and (parent is None or parent.points is None):
            self.faults.add(path, "标准分写成百分比，而没有上一级的标准分可依", "写成分数")

    def _roles(self, place: Place) -> None:
        roles = self.rulebook.officials.roles
        for index, role in enumerate(place.item.responsible or ()):
            if role not in roles:
                told = f"写 {'、'.join(roles)} 之一" if roles else "先在 officials.roles 列出职务"
                self.faults.add((*place.path, "responsible", index), f"没有职务 {role}", told)

    def _conditions(self, place: Place) -> None:
        for index, case in enumerate(place.item.cases or ()):
            if case.when is not None:
                self._when(case.when, (*place.path, "cases", index, "when"), known=("previous",))

    def _when(self, when: When, path: Path, known: tuple[str, ...]) -> None:
        if when.of in known or when.of in self._figures:
            return
        if self.columns is None or when.of not in self.columns:
            message = f"没有数据 {when.of}"
            self.faults.add(
                (*path, "of"), message, "写有数据的指标代码、units.csv 的列" + ("、previous" if known else "")
            )

    def _through(self, place: Place) -> None:
        item = place.item
        ways: list[tuple[Path, Rule | None]] = [(("rule",), item.rule)]
        ways += [(("cases", index, "rule"), case.rule) for index, case in enumerate(item.cases or ())]
        for inner, rule in ways:
            if isinstance(rule, Interpolate) and not _in_order(rule):
                self.faults.add(
                    (*place.path, *inner, "through"), "through 的各点没有按顺序", "按 m 从小到大或从大到小写"
                )

    def _exemptions(self, place: Place) -> None:
        item = place.item
        if item.exemptions and item.reads_figure() and item.scored_by_period():
            message = f"{item.code} 逐期计分，而核减的数量是全年的，分不到各期"
            self.faults.add((*place.path, "exemptions"), message, "写 periods: combine_then_score，或删去 exemptions")

    def _sections(self) -> None:
        for index, section in enumerate(self.rulebook.sections):
            self._scope(section.applies_to, ("sections", index, "applies_to"))
            for key in ("points", "max_points"):
                self._codes_of(getattr(section, key), ("sections", index, key))
        for key in ("bonuses", "penalties"):
            self._codes_of(getattr(self.rulebook, key).max_points, (key, "max_points"))

    def _vetoes(self) -> None:
        for index, veto in enumerate(self.rulebook.vetoes):
            path: Path = ("vetoes", index)
            self._scope(veto.applies_to, (*path, "applies_to"))
            self._sources(veto.sources, path)
            self._by_code(veto, path)
            if veto.when is not None:
                self._when(veto.when, (*path, "when"), known=())

    def _awards(self) -> None:
        for index, grade in enumerate(self.rulebook.grades):
            self._by_code(grade, ("grades", index))
        for index, award in enumerate(self.rulebook.awards):
            self._by_code(award, ("awards", index))

    def _codes_of(self, given: object, path: Path) -> None:
        for code in given if isinstance(given, dict) else ():
            if self._unknown(code):
                self.faults.add((*path, code), f"没有分组或单位 {code}", "写 groups 或 units.csv 中的代码")


def _needs_full_points(item: Item) -> bool:
    """Whether anything the item makes is a share of its points."""
    if any(rule.kind in _OF_FULL_POINTS for _, rule in item.methods()):
        return True
    apart = item.model_copy(update={"points": None, "missing": "zero", "not_applicable": "rescale"})
    return any(amount.share for amount in amounts_within(apart))


def _in_order(rule: Interpolate) -> bool:
    """Whether the points run one way for everybody, as far as numbers and words can be compared."""
    operands = [operand for operand, _ in rule.through]
    codes = {code for operand in operands if isinstance(operand, dict) for code in operand} or {""}
    for code in codes:
        given = [each for operand in operands if (each := for_unit(operand, code, code)) is not None]
        if {-1, 1} <= set(_directions(given)):
            return False
    return True


def _directions(operands: list[Operand]) -> Iterator[int]:
    for index, later in enumerate(operands):
        for earlier in operands[:index]:
            one, other = _sortable(earlier), _sortable(later)
            if one[0] == other[0] != "" and one[1] != other[1]:
                yield 1 if one[1] < other[1] else -1


def _sortable(operand: Operand) -> tuple[str, Fraction]:
    if operand.word is None:
        return "number", operand.value
    order = _WORD_ORDER.get(operand.word)
    return ("", Fraction(0)) if order is None else ("word", Fraction(order))
