"""Lint: whether what is said of last year fits last year's definition.

Here belong codes that there were not, units that nobody continues, and numbers that would be compared across units of
measure. Nothing is said where last year's definition is not at hand.
"""

from collections.abc import Iterator

from evaluation.continuity import figure_predecessors, unit_predecessors
from evaluation.items import NOTHING_BEFORE
from evaluation.lint_subject import LintFinding, Severity, Subject
from evaluation.lint_tables import measures_of
from evaluation.rulebook import Rulebook
from evaluation.tables import UNITS, Table

_OF_LAST_YEAR = {"growth", "change"}


def continuity_findings(subject: Subject) -> Iterator[LintFinding]:
    if subject.previous is None:
        return
    yield from _items(subject, subject.previous.rulebook)
    yield from _measured_otherwise(subject, subject.previous.rulebook)
    if subject.units is not None and "continues" in subject.units.frame:
        yield from _units(subject.units, subject.previous.tables[UNITS.file])


def _items(subject: Subject, last: Rulebook) -> Iterator[LintFinding]:
    known = {place.item.code for place in last.places()}
    for place in subject.places:
        item = place.item
        if item.continues not in (None, NOTHING_BEFORE) and item.continues not in known:
            message = f"上年的细则里没有 {item.continues}，{item.name}无可接续"
            yield subject.finding((*place.path, "continues"), "error", message, "写上年的指标代码，或 none")
        elif item.not_comparable is not None and (item.continues or item.code) not in known:
            message = f"{item.name}上年没有，谈不上不可比"
            yield subject.finding((*place.path, "not_comparable"), "warning", message, "写 continues，或删去")


def _measured_otherwise(subject: Subject, last: Rulebook) -> Iterator[LintFinding]:
    """Growth across units of measure is a number without meaning."""
    before = {figure.code: figure.unit_of_measure for figure in last.figures()}
    continued = figure_predecessors(subject.rulebook)
    for figure in subject.rulebook.figures():
        then = before.get(continued.get(figure.code, ""))
        for place in figure.places:
            item = place.item
            compares = bool(measures_of(item) & _OF_LAST_YEAR) or item.missing == "previous"
            if then is not None and figure.unit_of_measure is not None and then != figure.unit_of_measure and compares:
                message = f"{item.name}与上年值相比，而上年以{then}计，今年以{figure.unit_of_measure}计"
                yield subject.finding(place.path, "error", message, "用同一个计量单位，或写 continues: none")


def _units(units: Table, last: Table) -> Iterator[LintFinding]:
    names = dict(zip(last.frame["unit_code"], last.frame["name"], strict=True))
    lines = dict(zip(units.frame["unit_code"], units.lines.tolist(), strict=True))
    descents = unit_predecessors(units.frame)
    for unit, descent in descents.items():
        wrong = [code for code in descent.codes if code not in names]
        if wrong and not descent.keeps:
            message = f"上年没有单位 {'、'.join(wrong)}，{unit} 无可接续"
            yield _finding(lines[unit], "error", message, "写上年 units.csv 的单位代码，或 none")
    for code, name in names.items():
        heirs = [unit for unit, descent in descents.items() if code in descent.codes]
        if not heirs:
            message = f"上年的{name}（{code}）本年没有单位接续"
            yield _finding(None, "note", message, "撤销的不必改；并入别的单位的，在那个单位的 continues 里写上它")
        elif len(heirs) > 1:
            message = f"上年的{name}（{code}）由 {'、'.join(heirs)} 接续，按拆分处理，得分、名次不作比较"
            yield _finding(lines[heirs[0]], "note", message, "确为拆分则不必改")


def _finding(line: int | None, severity: Severity, message: str, remedy: str) -> LintFinding:
    return LintFinding(UNITS.file, line, "continues", "", severity, message, remedy)
