"""Lint: bands, cases and grades that can never be reached or leave a gap.

Between two neighbouring limits nothing changes, so trying each limit and one number between each two
decides for all numbers. Words (`target`, `mean`, …) stand for numbers that are not known here: where one
is used, nothing is said.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TypeAlias

from evaluation.items import Item
from evaluation.lint_subject import LintFinding, Profile, Severity, Subject, decimal
from evaluation.numbers import for_unit, is_percent
from evaluation.rule_kinds import Bands, Bounds
from evaluation.rulebook import Path, Rulebook

_MEETS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "at_least": lambda number, limit: number >= limit,
    "above": lambda number, limit: number > limit,
    "at_most": lambda number, limit: number <= limit,
    "below": lambda number, limit: number < limit,
}
_WHOLE_MEASURES = {"rank", "days_late", "count"}
_LEAST = {"rank": 1, "days_late": 0, "count": 0, "quantity": 0, "completion": 0}
_IN_FIGURES_UNIT = {"value", "change", "shortfall"}

Conditions: TypeAlias = tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True)
class Gap:
    """`low` and `high` are the limits between which nothing fits; the same where it is one number."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Coverage:
    unreachable: tuple[int, ...]
    gaps: tuple[Gap, ...]


def coverage(bands: Sequence[Conditions], least: Fraction | None = None, whole: bool = False) -> Coverage:
    """Which of the bands no number reaches, the first that fits being taken, and where none fits.

    >>> at = Fraction
    >>> coverage([(("at_least", at(60)),), (("at_least", at(80)),)]).unreachable
    (1,)
    >>> coverage([(("above", at(80)),), (("below", at(80)),)]).gaps
    (Gap(low=Fraction(80, 1), high=Fraction(80, 1)),)
    """
    limits = {limit for band in bands for _, limit in band} | ({least} if least is not None else set())
    trials = [trial for trial in _trials(sorted(limits), whole) if least is None or trial[0] >= least]
    taken = [_first(bands, number) for number, _, _ in trials]
    covered = [at for at, band in enumerate(taken) if band is not None]
    inner = range(covered[0], covered[-1]) if covered else range(0)
    gaps = tuple(dict.fromkeys(Gap(*trials[at][1:]) for at in inner if taken[at] is None))
    return Coverage(tuple(at for at in range(len(bands)) if at not in taken), gaps)


def _trials(limits: list[Fraction], whole: bool) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
    """(number, limit at or before it, limit at or after it): enough numbers to decide for all."""
    if not limits:
        limits = [Fraction(0)]
    if whole:
        near = {floor(limit) + step for limit in limits for step in (-1, 0, 1)} | {ceil(each) for each in limits}
        yield from ((Fraction(number), Fraction(number), Fraction(number)) for number in sorted(near))
        return
    yield limits[0] - 1, limits[0], limits[0]
    for limit, following in zip(limits, [*limits[1:], None], strict=True):
        yield limit, limit, limit
        if following is not None:
            yield (limit + following) / 2, limit, following
    yield limits[-1] + 1, limits[-1], limits[-1]


def _first(bands: Sequence[Conditions], number: Fraction) -> int | None:
    for index, band in enumerate(bands):
        if all(_MEETS[key](number, limit) for key, limit in band):
            return index
    return None


def bands_findings(subject: Subject) -> Iterator[LintFinding]:
    for place in subject.places:
        item = place.item
        if isinstance(item.rule, Bands):
            path: Path = (*place.path, "rule", "bands")
            yield from _told(subject, path, item.rule.bands, item, item.measure, "档")
        for index, case in enumerate(item.cases or ()):
            if isinstance(case.rule, Bands):
                path = (*place.path, "cases", index, "rule", "bands")
                yield from _told(subject, path, case.rule.bands, item, case.measure, "档")
        yield from _cases(subject, (*place.path, "cases"), item)
    yield from _grades(subject)


def _cases(subject: Subject, path: Path, item: Item) -> Iterator[LintFinding]:
    """Cases that all ask for the same number are bands of it."""
    asked = {case.when.of for case in item.cases or () if case.when is not None}
    if len(asked) == 1:
        yield from _told(subject, path, [case.when or Bounds() for case in item.cases or ()], item, "value", "种情形")


def _told(
    subject: Subject, path: Path, bands: Sequence[Bounds], item: Item, measure: str, word: str
) -> Iterator[LintFinding]:
    in_percent = is_percent(item.unit_of_measure) and measure in _IN_FIGURES_UNIT
    least = Fraction(_LEAST[measure]) if measure in _LEAST else None

    def covered(profile: Profile) -> Coverage | None:
        conditions = [_conditions(band, profile, in_percent) for band in bands]
        known = [each for each in conditions if each is not None]
        if len(known) < len(conditions):
            return None
        return coverage(known, least, whole=measure in _WHOLE_MEASURES)

    for found, whom in subject.by_outcome(covered):
        for index in found.unreachable:
            message = f"第 {index + 1} {word}永远轮不到：前面的已经占去，或条件自相矛盾{whom}"
            yield subject.finding((*path, index), "warning", message, "改正条件或次序，或删去")
        for gap in found.gaps:
            yield subject.finding(path, *_gap(gap, word, whom))


def _gap(gap: Gap, word: str, whom: str) -> tuple[Severity, str, str]:
    remedy = "补上等号或一档；确为 0 分就写明一档"
    if gap.low == gap.high:
        return "warning", f"恰为 {decimal(gap.low)} 时没有一{word}合适，得 0 分{whom}", remedy
    between = f"{decimal(gap.low)} 与 {decimal(gap.high)} 之间没有一{word}合适，得 0 分{whom}"
    if gap.low.denominator == 1 and gap.high == gap.low + 1:
        return "note", between, "数据只有整数就不必改；否则补上"
    return "warning", between, remedy


def _conditions(bounds: Bounds, profile: Profile, in_percent: bool) -> Conditions | None:
    """The conditions as one unit meets them; None where a word stands for a number."""
    conditions = []
    for key, given in bounds.stated():
        operand = for_unit(given, profile.unit_code, profile.group)
        if operand is None or operand.word is not None:
            return None
        conditions.append((key, operand.number(in_percent)))
    return tuple(conditions)


def _grades(subject: Subject) -> Iterator[LintFinding]:
    """A grade with a rank or quota does not take everybody, so it keeps nobody from the next."""
    rulebook = subject.rulebook
    for index, grade in enumerate(rulebook.grades):
        if index and any(_takes_all(rulebook, before) for before in range(index)):
            message = f"等次 {grade.grade} 永远轮不到：前面的等次已收下所有单位"
            yield subject.finding(("grades", index), "warning", message, "按从高到低排列，没有条件的放在最后")
    if rulebook.grades and not _takes_all(rulebook, len(rulebook.grades) - 1):
        yield subject.finding(
            ("grades",), "warning", "最后一个等次有条件，有的单位可能没有等次", "最后写一个没有条件的等次"
        )
    yield from _shadowed_grades(subject)


def _takes_all(rulebook: Rulebook, index: int) -> bool:
    grade = rulebook.grades[index]
    return all(getattr(grade, key) is None for key in ("at_least", "above", "rank_at_most", "quota"))


def _shadowed_grades(subject: Subject) -> Iterator[LintFinding]:
    """Grades by points alone, of which a higher one asks for no more than a lower."""
    for index, grade in enumerate(subject.rulebook.grades):
        for before in subject.rulebook.grades[:index]:
            asked, asked_before = grade.at_least, before.at_least
            by_points = before.rank_at_most is None and before.quota is None and before.above is None
            if not by_points or not isinstance(asked, Fraction) or not isinstance(asked_before, Fraction):
                continue
            if asked_before <= asked:
                message = f"等次 {grade.grade} 永远轮不到：{before.grade} 只要 {decimal(asked_before)} 分"
                yield subject.finding(("grades", index), "warning", message, "按从高到低排列，或改正分数线")
