"""What a rulebook says of itself that cannot be: names of what does not exist, codes used twice.

Here belong faults that only show when the rulebook is read as a whole and that leave no meaning to
compute. What is merely odd is found by lint.
"""

from collections import Counter
from collections.abc import Collection, Iterator

import pandas as pd

from evaluation.continuity_faults import continuity_faults
from evaluation.faults import Fault
from evaluation.figures import Figure, figure_code
from evaluation.item_references import ItemReferences
from evaluation.numbers import read_number
from evaluation.outcomes import SUM, Expectation
from evaluation.paths import FaultList
from evaluation.rulebook import Path, Rulebook
from evaluation.strict_yaml import Document
from evaluation.tables import UNITS

SELF = "self"


def reference_faults(rulebook: Rulebook, document: Document, units: pd.DataFrame | None) -> list[Fault]:
    """Faults of a rulebook whose keys and types are right; `units` is None where they are not known."""
    faults = FaultList(document)
    columns = None if units is None else [name for name in units.columns if name not in UNITS.columns]
    _codes(rulebook, faults)
    _departments(rulebook, faults, None if units is None else set(units["unit_code"].dropna()))
    _columns(rulebook, faults, columns)
    ItemReferences(rulebook, faults, columns, None if units is None else set(units["unit_code"].dropna())).check()
    _outcomes(rulebook, faults)
    _expectations(rulebook, faults)
    _totals_of(rulebook, faults)
    continuity_faults(rulebook, faults)
    if rulebook.previous == rulebook.evaluation:
        faults.add(("previous",), f"上年考核写成了本考核 {rulebook.previous}", "写上年考核的代码，或删去")
    return faults.faults


def _codes(rulebook: Rulebook, faults: FaultList) -> None:
    """Codes that name results or rows must be single."""
    items: list[tuple[Path, str]] = [(place.path, place.item.code) for place in rulebook.places()]
    items += [(("vetoes", index), veto.code) for index, veto in enumerate(rulebook.vetoes)]
    sections = [(("sections", index), section.code) for index, section in enumerate(rulebook.sections)]
    departments = [(("departments", index), office.code) for index, office in enumerate(rulebook.departments)]
    groups = [(("groups", index), group.code) for index, group in enumerate(rulebook.groups)]
    _repeated(faults, items, "指标(项目)")
    _repeated(faults, sections, "一级指标")
    _repeated(faults, departments, "部门")
    _repeated(faults, groups, "分组")
    for path, code in sections:
        if code in {"bonus", "penalty"}:
            faults.add((*path, "code"), f"代码 {code} 留给加分、扣分", "换一个代码")
    for path, code in departments:
        if code == SELF:
            faults.add((*path, "code"), "代码 self 指被考核单位自己", "换一个代码")


def _repeated(faults: FaultList, coded: Collection[tuple[Path, str]], what: str) -> None:
    times = Counter(code for _, code in coded)
    first: dict[str, int | None] = {}
    for path, code in coded:
        line = faults.document.line((*path, "code"))
        if times[code] > 1 and code in first:
            faults.add((*path, "code"), f"{what}代码 {code} 用了两次，第 {first[code]} 行已有", "换一个代码")
        first.setdefault(code, line)


def _departments(rulebook: Rulebook, faults: FaultList, units: Collection[str] | None) -> None:
    for index, department in enumerate(rulebook.departments):
        if department.unit is not None and units is not None and department.unit not in units:
            faults.add(("departments", index, "unit"), f"没有单位 {department.unit}", "写 units.csv 中的单位代码")


def _columns(rulebook: Rulebook, faults: FaultList, columns: Collection[str] | None) -> None:
    if columns is None:
        return
    for index, section in enumerate(rulebook.sections):
        if isinstance(section.weight, str) and section.weight not in columns:
            faults.add(
                ("sections", index, "weight"),
                f"units.csv 没有列 {section.weight}",
                "写数字，或在 units.csv 加这一列",
            )
    known = {place.item.code for place in rulebook.places()} | {"previous"}
    for column in sorted(known & set(columns)):
        faults.add((), f"units.csv 的列 {column} 与指标或保留字同名，cases 里分不清", "换一个列名")


def _outcomes(rulebook: Rulebook, faults: FaultList) -> None:
    grades = [grade.grade for grade in rulebook.grades]
    for index, grade in enumerate(rulebook.grades):
        if grade.grade in grades[:index]:
            faults.add(("grades", index, "grade"), f"等次 {grade.grade} 写了两次", "只留一个")
    for index, award in enumerate(rulebook.awards):
        if award.grade_at_least is not None and award.grade_at_least not in grades:
            faults.add(("awards", index, "grade_at_least"), f"没有等次 {award.grade_at_least}", _one_of(grades))
    sections = [section.code for section in rulebook.sections]
    items = [place.item.code for place in rulebook.places()]
    known = [f"section:{code}" for code in sections] + [f"indicator:{code}" for code in items]
    for index, breaker in enumerate(rulebook.ranking.tie_breakers):
        if breaker not in known:
            faults.add(
                ("ranking", "tie_breakers", index),
                f"没有 {breaker}",
                "写 section:一级指标代码 或 indicator:指标代码",
            )


def _expectations(rulebook: Rulebook, faults: FaultList) -> None:
    figures = {figure.code for figure in rulebook.figures()}
    known = figures | {place.item.code for place in rulebook.places() if place.item.reads_figure()}
    for index, expectation in enumerate(rulebook.expectations):
        if expectation.expect == SUM and not {"column_list", "sum_total"} <= set(expectation.arguments):
            faults.add(("expectations", index), "要写 column_list 和 sum_total", "写出相加的各项和它们的合计")
        for key, column in _named_columns(expectation):
            if column not in known:
                faults.add(("expectations", index, *key), f"没有指标 {column}", "写有数据的指标代码")


def _totals_of(rulebook: Rulebook, faults: FaultList) -> None:
    """What is called the total of a figure must be comparable with it."""
    codes, figures = figure_codes(rulebook), {figure.code: figure for figure in rulebook.figures()}
    for place in rulebook.places():
        part, path = place.item.total_of, (*place.path, "total_of")
        if part is None:
            continue
        own = figures.get(figure_code(place.chain)) if place.item.reads_figure() else None
        if own is None:
            faults.add(path, f"{place.item.code} 没有要报的数据，谈不上合计", "删去 total_of")
        elif codes.get(part) in (None, own.code):
            faults.add(path, f"没有另一项数据 {part}", "写各单位分别报送的那项数据的代码")
        elif _kept(own) != _kept(figures[codes[part]]):
            faults.add(path, f"与 {part} 的计量单位、报送频次或数据年度不同，不能相比", "改为一致，或删去 total_of")


def _kept(figure: Figure) -> tuple[str | None, str, int | None]:
    return figure.unit_of_measure, figure.frequency, figure.data_year


def _named_columns(expectation: Expectation) -> Iterator[tuple[Path, str]]:
    """Arguments that name columns; what a sum comes to may be a figure too."""
    for key, value in expectation.arguments.items():
        total = key == "sum_total" and expectation.expect == SUM and not _is_number(value)
        if not key.startswith("column") and not total:
            continue
        if isinstance(value, str):
            yield (key,), value
        elif isinstance(value, list):
            yield from (((key, index), str(each)) for index, each in enumerate(value))


def _is_number(value: object) -> bool:
    try:
        return bool(read_number(str(value)) is not None)
    except ValueError:
        return False


def _one_of(codes: Collection[str]) -> str:
    return f"写 {'、'.join(codes)} 之一" if codes else "先写出它"


def figure_codes(rulebook: Rulebook) -> dict[str, str]:
    """The figure's code by every code that may name it: its own, and those of the items that read it."""
    known = {figure.code: figure.code for figure in rulebook.figures()}
    for place in rulebook.places():
        if place.item.reads_figure():
            known.setdefault(place.item.code, figure_code(place.chain))
    return known
