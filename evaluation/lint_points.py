"""Lint: points that do not add up.

Here belong sums of parts, items and sections; what a rule makes of points stands in `lint_limits.py`.
"""

from collections.abc import Iterator
from fractions import Fraction

from evaluation.items import Section
from evaluation.lint_subject import LintFinding, Profile, Subject, decimal, parts_of
from evaluation.numbers import for_unit
from evaluation.rulebook import Place

FULL_TOTAL = Fraction(100)


def points_findings(subject: Subject) -> Iterator[LintFinding]:
    for index, section in enumerate(subject.rulebook.sections):
        yield from _section(subject, section, index)
    for place in subject.places:
        if place.item.parts is not None and place.item.points is not None:
            yield from _parts(subject, place)
    yield from _total(subject)


def _section(subject: Subject, section: Section, index: int) -> Iterator[LintFinding]:
    def differ(profile: Profile) -> tuple[Fraction, Fraction] | None:
        if not _section_applies(section, profile):
            return None
        stated = for_unit(section.points, profile.unit_code, profile.group)
        together = _sum_of_items(subject, section, profile)
        return None if stated is None or stated == together else (stated, together)

    for (stated, together), whom in subject.by_outcome(differ):
        message = f"{section.name}写 {decimal(stated)} 分，各项相加 {decimal(together)} 分{whom}"
        remedy = "改正一级指标或各项的标准分，使之相等；分组不同的按分组写"
        yield subject.finding(("sections", index, "points"), "error", message, remedy)


def _parts(subject: Subject, place: Place) -> Iterator[LintFinding]:
    def falls_short(profile: Profile) -> tuple[Fraction, Fraction] | None:
        stated = subject.points(place, profile)
        together = sum((subject.points(part, profile) or Fraction(0) for part in parts_of(place)), Fraction(0))
        return None if stated is None or together >= stated else (stated, together)

    for (stated, together), whom in subject.by_outcome(falls_short):
        message = f"{place.item.name}写 {decimal(stated)} 分，各小项相加只有 {decimal(together)} 分{whom}"
        remedy = "改正本项或小项的标准分；小项之和可以超过本项，不能不足"
        yield subject.finding((*place.path, "points"), "error", message, remedy)


def _total(subject: Subject) -> Iterator[LintFinding]:
    if any(isinstance(section.weight, str) for section in subject.rulebook.sections):
        return

    def total(profile: Profile) -> Fraction | None:
        sections = [each for each in subject.rulebook.sections if _section_applies(each, profile)]
        together = sum((_weighted(subject, section, profile) for section in sections), Fraction(0))
        return None if together == FULL_TOTAL else together

    for together, whom in subject.by_outcome(total):
        message = f"各一级指标合计 {decimal(together)} 分，不是 100 分{whom}"
        yield subject.finding(("sections",), "warning", message, "改正标准分；确为如此则不必改")


def _weighted(subject: Subject, section: Section, profile: Profile) -> Fraction:
    stated = for_unit(section.points, profile.unit_code, profile.group)
    points = _sum_of_items(subject, section, profile) if stated is None else stated
    return points * section.weight if isinstance(section.weight, Fraction) else points


def _sum_of_items(subject: Subject, section: Section, profile: Profile) -> Fraction:
    own = [place for place in subject.rulebook.top_items() if place.section is section]
    return sum((subject.points(place, profile) or Fraction(0) for place in own), Fraction(0))


def _section_applies(section: Section, profile: Profile) -> bool:
    scope = section.applies_to
    return scope is None or profile.unit_code in scope or profile.group in scope
