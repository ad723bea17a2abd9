"""Lint: what follows from the totals, sources, and how rounding shows.

Here belong caps, quotas, places, last year's values and notes on what readers of a scorecard may stumble over.
"""

from collections.abc import Iterator
from fractions import Fraction

from evaluation.figures import figure_owner
from evaluation.lint_subject import LintFinding, Profile, Subject, decimal
from evaluation.lint_tables import measures_of, words_of
from evaluation.numbers import for_unit
from evaluation.rulebook import Path, Place

_OF_LAST_YEAR = {"growth", "change"}


def outcomes_findings(subject: Subject) -> Iterator[LintFinding]:
    yield from _bonus_without_cap(subject)
    yield from _quotas(subject)
    yield from _places(subject)
    yield from _sources(subject)
    yield from _last_year(subject)
    yield from _figures_that_differ(subject)
    yield from _weights(subject)
    yield from _rounding(subject)


def _bonus_without_cap(subject: Subject) -> Iterator[LintFinding]:
    bonuses = subject.rulebook.bonuses
    if bonuses.max_points not in {None, "none"} if not isinstance(bonuses.max_points, dict) else True:
        return
    for index, item in enumerate(bonuses.items):
        uncapped = item.max_points == "none" or (item.max_points is None and item.points is None and not item.parts)
        if uncapped:
            message = f"加分 {item.name} 没有上限，加分合计也没有上限"
            yield subject.finding(
                ("bonuses", "items", index), "warning", message, "写 max_points；原文确无上限则不必改"
            )


def _quotas(subject: Subject) -> Iterator[LintFinding]:
    def together(profile: Profile) -> Fraction | None:
        given = [for_unit(grade.quota, profile.unit_code, profile.group) for grade in subject.rulebook.grades]
        total = sum((each for each in given if each is not None), Fraction(0))
        return total if total > 1 else None

    for total, whom in subject.by_outcome(together):
        message = f"各等次的比例合计 {decimal(total * 100)}%，超过 100%{whom}"
        yield subject.finding(("grades",), "error", message, "改正 quota；三成写 30%")


def _places(subject: Subject) -> Iterator[LintFinding]:
    if subject.units is None:
        return
    sizes = subject.units.frame.groupby("group").size()
    for index, award in enumerate(subject.rulebook.awards):
        for group in subject.rulebook.groups:
            places, size = for_unit(award.places, group.code, group.code), int(sizes.get(group.code, 0))
            if places is not None and size and places > size:
                message = f"{award.award}有 {places} 个名额，{group.name}只有 {size} 个单位"
                yield subject.finding(("awards", index, "places"), "note", message, "核对名额")


def _sources(subject: Subject) -> Iterator[LintFinding]:
    for place in subject.places:
        path: Path = (*place.path, "sources")
        if place.item.sources == ():
            yield subject.finding(path, "error", f"{place.item.name}没有数据来源", "写部门代码或 self")
        elif place.parent is None and _owed_by_default(subject, place):
            message = f"{place.item.name}没有写数据来源，按被考核单位自报计"
            yield subject.finding(place.path, "note", message, "写 sources")


def _owed_by_default(subject: Subject, place: Place) -> bool:
    """Whether anything is read under the item's own sources, none being written."""
    if subject.document.at((*place.path, "sources")) is not None:
        return False
    top = place.item
    own = [each for each in subject.places if each.chain[0] is top and figure_owner(each.chain) is top]
    return any(each.item.reads_figure() or each.item.reads_claims() for each in own)


def _last_year(subject: Subject) -> Iterator[LintFinding]:
    if subject.rulebook.previous is not None:
        return
    for place in subject.places:
        item = place.item
        asked = any(case.when is not None and case.when.of == "previous" for case in item.cases or ())
        needs = asked or bool(measures_of(item) & _OF_LAST_YEAR) or "previous" in words_of(item)
        if needs or (item.missing == "previous" and item.reads_figure()):
            message = f"{item.name}用到上年值，而没有写 previous"
            yield subject.finding(place.path, "warning", message, "写 previous: 上年考核的代码")
    if "change" in subject.rulebook.ranking.also:
        message = "按上年变化排名，而没有写 previous"
        yield subject.finding(("ranking", "also"), "warning", message, "写 previous: 上年考核的代码")


def _figures_that_differ(subject: Subject) -> Iterator[LintFinding]:
    """Items that name one figure must mean the same by it."""
    for figure in subject.rulebook.figures():
        for place in figure.places:
            owner = figure_owner(place.chain)
            for key in ("unit_of_measure", "frequency"):
                path = (*place.path, key)
                own, meant = subject.document.at(path), getattr(figure.definer, key)
                if own is not None and own != meant and place.item is owner:
                    message = f"{key} 为 {own}，而同一数据 {figure.code} 在 {figure.name} 处为 {meant}"
                    yield subject.finding(path, "warning", message, "改成一致，或另立数据代码")


def _weights(subject: Subject) -> Iterator[LintFinding]:
    for index, section in enumerate(subject.rulebook.sections):
        if isinstance(section.weight, Fraction) and section.weight <= 0:
            message = f"{section.name}的 weight 不大于 0，得分不会加到总分里"
            yield subject.finding(("sections", index, "weight"), "warning", message, "写大于 0 的数；不考核的删去")


def _rounding(subject: Subject) -> Iterator[LintFinding]:
    rulebook = subject.rulebook
    if rulebook.scoring.round_at != "item":
        return
    told = "各项先取整，所示各项之和可能与合计差在末位"
    for index, section in enumerate(rulebook.sections):
        if section.weight != 1:
            message = f"{section.name}有 weight，{told}"
            yield subject.finding(
                ("sections", index, "weight"), "note", message, "不必改；在意就把 round_at 改为 total"
            )
    rescaled = [place for place in subject.places if _is_rescaled(subject, place)]
    if rescaled:
        names = "、".join(place.item.name for place in rescaled[:5])
        message = f"{names}缺项时折算，{told}"
        yield subject.finding(rescaled[0].path, "note", message, "不必改；在意就把 round_at 改为 total")


def _is_rescaled(subject: Subject, place: Place) -> bool:
    if place.where != "sections":
        return False
    if place.item.missing == "rescale":
        return True
    exempt = subject.targets is not None and bool(
        (
            (subject.targets.frame["indicator_code"] == place.item.code) & (subject.targets.frame["applicable"] == "no")
        ).any()
    )
    return exempt and place.item.not_applicable == "rescale"
