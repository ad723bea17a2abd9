"""Lint: targets, columns and units that do not go together with the rulebook.

Here belongs what is only seen with units.csv, targets.csv and officials.csv at hand. Units are handled as
columns; items one by one.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from evaluation.figures import figure_code, figure_owner
from evaluation.items import Item
from evaluation.lint_subject import LintFinding, Severity, Subject
from evaluation.numbers import Operand
from evaluation.paths import values_within
from evaluation.rulebook import Path, Place
from evaluation.tables import Table

_SAMPLE = 5
_NEED_TARGET = {"completion", "shortfall"}
_NO_TASK = "补写；无此项任务的在 targets.csv 的 applicable 写 no"
_NO_SECTION = "补写；不考核这一级指标的单位，用 applies_to 排除"
_NOT_POSITIVE = r"-.*|\+?0(?:\.0+)?%?"

Mask = npt.NDArray[np.bool_]


def tables_findings(subject: Subject) -> Iterator[LintFinding]:
    if subject.units is None:
        return
    yield from _scopes(subject, subject.units)
    yield from _columns(subject, subject.units)
    if subject.targets is not None:
        yield from _absent_targets(subject, subject.units, subject.targets)
        yield from _odd_targets(subject, subject.targets)


def words_of(item: Item) -> set[str]:
    """The words (`target`, `mean`, …) that the item's own rules and limits use."""
    words: set[str] = set()
    for _, value in values_within(item):
        given = value.values() if isinstance(value, dict) else (value,)
        words.update(each.word for each in given if isinstance(each, Operand) and each.word is not None)
    return words


def measures_of(item: Item) -> set[str]:
    return {measure for measure, rule in item.methods() if rule.kind not in {"levels", "checklist", "judged"}}


def needs_target(item: Item) -> bool:
    return bool(measures_of(item) & _NEED_TARGET) or "target" in words_of(item)


def _applies(subject: Subject, place: Place) -> Mask:
    """Per unit, whether the rulebook assesses it on the item."""
    by_profile = np.array([subject.applies(place, profile) for profile in subject.profiles] + [False])
    assessed: Mask = by_profile[subject.profile_of_units.to_numpy()]
    return assessed


def _scopes(subject: Subject, units: Table) -> Iterator[LintFinding]:
    present = set(units.frame["group"].dropna())
    for index, group in enumerate(subject.rulebook.groups):
        if group.code not in present:
            message = f"分组 {group.name} 没有单位"
            yield subject.finding(("groups", index), "warning", message, "在 units.csv 列出单位，或删去分组")
    codes = units.frame["unit_code"]
    for index, section in enumerate(subject.rulebook.sections):
        if section.applies_to is None:
            continue
        count = int((codes.isin(section.applies_to) | units.frame["group"].isin(section.applies_to)).sum())
        if count <= 1:
            whom = "不适用于任何单位" if count == 0 else "只适用于一个单位"
            severity: Severity = "note" if count else "warning"
            path = ("sections", index, "applies_to")
            yield subject.finding(path, severity, f"{section.name}{whom}", "核对 applies_to")
    for place in subject.places:
        if not _applies(subject, place).any():
            message = f"{place.item.name}不适用于任何单位"
            yield subject.finding(place.path, "warning", message, "核对 applies_to 和按分组写的标准分")


def _columns(subject: Subject, units: Table) -> Iterator[LintFinding]:
    for index, section in enumerate(subject.rulebook.sections):
        if isinstance(section.weight, str) and section.weight in units.frame:
            whole = section.applies_to is None
            named = units.frame["unit_code"].isin(section.applies_to or ())
            here = whole | named | units.frame["group"].isin(section.applies_to or ())
            wrong = _useless(units, section.weight) & here.to_numpy()
            path = ("sections", index, "weight")
            yield from _lacking(subject, path, units, wrong, f"列 {section.weight} 是空的或不大于 0", _NO_SECTION)
    for place in subject.places:
        per = place.item.per
        written = subject.document.at((*place.path, "per")) is not None
        if per is not None and written and per in units.frame:
            wrong = _useless(units, per) & _applies(subject, place)
            yield from _lacking(subject, (*place.path, "per"), units, wrong, f"列 {per} 是空的或不大于 0")


def _absent_targets(subject: Subject, units: Table, targets: Table) -> Iterator[LintFinding]:
    exempt = targets.frame[targets.frame["applicable"] == "no"]
    for place in subject.places:
        item = place.item
        owners = {figure_owner(place.chain).code, figure_code(place.chain)}
        codes = [each.code for each in place.chain]
        excluded = units.frame["unit_code"].isin(exempt.loc[exempt["indicator_code"].isin(codes), "unit_code"])
        owing = _applies(subject, place) & ~excluded.to_numpy()
        needed = {"target": needs_target(item), "stretch": "stretch" in words_of(item)}
        for column, words in (("target", "目标值"), ("stretch", "力争值")):
            if not needed[column]:
                continue
            rows = targets.frame[targets.frame["indicator_code"].isin(owners) & targets.frame[column].notna()]
            wrong = owing & ~units.frame["unit_code"].isin(rows["unit_code"]).to_numpy()
            message = f"{item.name}用到{words}，targets.csv 没有写"
            yield from _lacking(subject, place.path, units, wrong, message)


def _useless(units: Table, name: str) -> Mask:
    """Where a column of units.csv is empty or not above 0."""
    column = units.frame[name]
    return np.asarray(column.isna() | column.str.fullmatch(_NOT_POSITIVE, na=False), dtype=bool)


def _lacking(
    subject: Subject, path: Path, units: Table, wrong: Mask, message: str, remedy: str = _NO_TASK
) -> Iterator[LintFinding]:
    names = units.frame["name"][wrong]
    if len(names):
        sample = "、".join(map(str, names.head(_SAMPLE))) + ("等" if len(names) > _SAMPLE else "")
        yield subject.finding(path, "error", f"{message}：{sample} {len(names)} 个单位", remedy)


def _odd_targets(subject: Subject, targets: Table) -> Iterator[LintFinding]:
    frame = targets.frame
    by_share: set[str] = set()
    used: set[str] = set()
    lower: set[str] = set()
    for place in subject.places:
        owners = {figure_owner(place.chain).code, figure_code(place.chain)}
        if "completion" in measures_of(place.item):
            by_share |= owners
        if needs_target(place.item) or "stretch" in words_of(place.item):
            used |= owners
        if place.item.direction == "lower_is_better":
            lower |= owners
    code = frame["indicator_code"]
    useless = frame["target"].str.fullmatch(_NOT_POSITIVE, na=False) & code.isin(by_share)
    yield from _rows(
        subject,
        targets,
        useless,
        "target",
        "error",
        "目标值不大于 0，完成率没有意义",
        "改正目标值，或写 applicable 为 no",
    )
    idle = frame["target"].notna() & ~code.isin(used)
    yield from _rows(subject, targets, idle, "target", "note", "目标值没有用到", "核对指标代码；只作参考就不必改")
    target, stretch = (pd.to_numeric(frame[key].str.rstrip("%"), errors="coerce") for key in ("target", "stretch"))
    wrong = np.where(code.isin(lower), stretch > target, stretch < target)
    yield from _rows(
        subject, targets, pd.Series(wrong, frame.index), "stretch", "warning", "力争值不如目标值", "对调或改正"
    )


def _rows(
    subject: Subject, table: Table, wrong: "pd.Series[bool]", column: str, severity: Severity, message: str, remedy: str
) -> Iterator[LintFinding]:
    clauses = {place.item.code: place.item.reference or "" for place in subject.places}
    rows: list[int] = wrong.to_numpy(dtype=bool).nonzero()[0].tolist()
    for row in rows:
        unit, code = (str(table.frame[key].iat[row]) for key in ("unit_code", "indicator_code"))
        told = f"{unit} 的 {code} {message}，读到“{table.frame[column].iat[row]}”"
        line = int(table.lines[row])
        yield LintFinding(table.file, line, column, clauses.get(code, ""), severity, told, remedy)
