"""Lint: limits that contradict the rule, and rules that cannot reach their full points.

Here belongs what points a rule can make at all, seen without figures.
"""

from collections.abc import Iterator
from fractions import Fraction

from evaluation.items import Item
from evaluation.lint_subject import LintFinding, Profile, Subject, cap, decimal, resolved
from evaluation.numbers import Amount, for_unit
from evaluation.rule_kinds import Bands, Checklist, Interpolate, Levels, PerItem, Rule, Steps, Threshold
from evaluation.rulebook import Path, Place

_NEVER_NEGATIVE = {"completion", "rank", "days_late", "count", "quantity"}


def limits_findings(subject: Subject) -> Iterator[LintFinding]:
    for place in subject.places:
        yield from _reversed(subject, place)
        yield from _range(subject, place)
        yield from _below_points(subject, place)
        yield from _stated_outside(subject, place)
        if place.where == "sections":
            yield from _not_reached(subject, place)
    yield from _sections(subject)


def _reversed(subject: Subject, place: Place) -> Iterator[LintFinding]:
    def wrong(profile: Profile) -> tuple[Fraction, Fraction] | None:
        least, most = subject.limits(place, profile)
        return None if most is None or least <= most else (least, most)

    for (least, most), whom in subject.by_outcome(wrong):
        message = f"下限 {decimal(least)} 大于上限 {decimal(most)}{whom}"
        yield subject.finding((*place.path, "min_points"), "error", message, "对调或改正 min_points、max_points")


def _range(subject: Subject, place: Place) -> Iterator[LintFinding]:
    if place.item.range is None or subject.document.at((*place.path, "range")) is None:
        return
    given = place.item.range

    def wrong(profile: Profile) -> bool | None:
        least = for_unit(given.min, profile.unit_code, profile.group)
        most = for_unit(given.max, profile.unit_code, profile.group)
        return True if least is not None and most is not None and least.value > most.value else None

    for _, whom in subject.by_outcome(wrong):
        yield subject.finding((*place.path, "range"), "error", f"range 的 min 大于 max{whom}", "对调或改正")


def _below_points(subject: Subject, place: Place) -> Iterator[LintFinding]:
    def lower(profile: Profile) -> tuple[Fraction, Fraction] | None:
        points, (_, most) = subject.points(place, profile), subject.limits(place, profile)
        return None if points is None or most is None or most >= points else (most, points)

    for (most, points), whom in subject.by_outcome(lower):
        message = f"上限 {decimal(most)} 分低于标准分 {decimal(points)} 分{whom}，满分拿不到"
        yield subject.finding((*place.path, "max_points"), "warning", message, "改正上限或标准分")


def _sections(subject: Subject) -> Iterator[LintFinding]:
    for index, section in enumerate(subject.rulebook.sections):
        path: Path = ("sections", index, "max_points")
        for profile in subject.profiles:
            points = for_unit(section.points, profile.unit_code, profile.group)
            most = cap(section.max_points, points, profile)
            if points is not None and most is not None and most < points:
                message = f"上限 {decimal(most)} 分低于一级指标的 {decimal(points)} 分({profile.name})"
                yield subject.finding(path, "warning", message, "改正上限或标准分")


def _stated_outside(subject: Subject, place: Place) -> Iterator[LintFinding]:
    for path, given in _stated_points(place.item):

        def outside(profile: Profile, given: Amount | dict[str, Amount] = given) -> tuple[Fraction, str] | None:
            points = subject.points(place, profile)
            value = resolved(for_unit(given, profile.unit_code, profile.group), points)
            if value is None or not subject.applies(place, profile):
                return None
            least, most = subject.limits(place, profile)
            if most is not None and value > most:
                return value, f"上限 {decimal(most)}"
            return (value, f"下限 {decimal(least)}") if value < least else None

        for (value, limit), whom in subject.by_outcome(outside):
            message = f"办法写 {decimal(value)} 分，越过{limit} 分{whom}，实际得不到"
            yield subject.finding((*place.path, *path), "warning", message, "写 max_points 或 min_points，或改正此处")


def _rules(item: Item) -> Iterator[tuple[Path, str, Rule]]:
    if item.rule is not None:
        yield ("rule",), item.measure, item.rule
    for index, case in enumerate(item.cases or ()):
        yield ("cases", index, "rule"), case.measure, case.rule


def _stated_points(item: Item) -> Iterator[tuple[Path, Amount | dict[str, Amount]]]:
    """Points that are written as the outcome of something, with their way inside the item."""
    if item.cliff is not None:
        yield ("cliff", "points"), item.cliff.points
    for path, _, rule in _rules(item):
        if isinstance(rule, Threshold):
            yield (*path, "otherwise"), rule.otherwise
        elif isinstance(rule, Bands):
            yield from (((*path, "bands", index, "points"), band.points) for index, band in enumerate(rule.bands))
        elif isinstance(rule, Interpolate):
            yield from (((*path, "through", index, 1), each) for index, (_, each) in enumerate(rule.through))
        elif isinstance(rule, Levels):
            yield from (((*path, "levels", level), each) for level, each in rule.levels.items())
        elif isinstance(rule, Steps):
            yield (*path, "start"), rule.start


def _not_reached(subject: Subject, place: Place) -> Iterator[LintFinding]:
    def short(profile: Profile) -> tuple[Fraction, Fraction] | None:
        points = subject.points(place, profile)
        most = [_most(place.item, measure, rule, points, profile) for _, measure, rule in _rules(place.item)]
        reached = [each for each in most if each is not None]
        if not points or len(reached) < len(most) or not reached or max(reached) >= points:
            return None
        return max(reached), points

    for (most, points), whom in subject.by_outcome(short):
        message = f"{place.item.name}按办法最多得 {decimal(most)} 分，到不了标准分 {decimal(points)} 分{whom}"
        key = "rule" if place.item.rule is not None else "cases"
        yield subject.finding((*place.path, key), "warning", message, "改正办法中的分值或标准分")


def _most(item: Item, measure: str, rule: Rule, points: Fraction | None, profile: Profile) -> Fraction | None:
    """The most points that the rule can make; None where nothing bounds them."""

    def read(given: Amount | dict[str, Amount]) -> Fraction:
        return resolved(for_unit(given, profile.unit_code, profile.group), points) or Fraction(0)

    match rule:
        case Bands():
            return max(read(band.points) for band in rule.bands)
        case Interpolate():
            return max(read(each) for _, each in rule.through)
        case Checklist():
            return sum((max(read(piece.points), Fraction(0)) for piece in rule.pieces), Fraction(0))
        case Steps():
            return None if read(rule.better) > 0 or read(rule.worse) < 0 else read(rule.start)
        case Levels():
            gains = [read(each) for each in (*rule.levels.values(), rule.each)]
            return None if any(gain > 0 for gain in gains) else read(rule.start)
        case PerItem():
            return _most_per_item(item, measure, read(rule.each), profile)
        case _:
            return None


def _most_per_item(item: Item, measure: str, each: Fraction, profile: Profile) -> Fraction | None:
    if each == 0 or (each < 0 and measure in _NEVER_NEGATIVE):
        return Fraction(0)
    if each < 0 or measure != "value" or item.per is not None or item.range is None:
        return None
    most = for_unit(item.range.max, profile.unit_code, profile.group)
    return None if most is None or item.exemptions else each * most.value
