"""Lint: what names and texts say against what the keys say.

Here belong numbers in text, populations in names, and texts that stand twice.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from evaluation.figures import figure_owner
from evaluation.lint_subject import LintFinding, Subject, decimal, parts_of
from evaluation.numbers import Amount, read_number
from evaluation.paths import values_within
from evaluation.rulebook import Place

# Populations that are taken for each other; of one row only the words of one entry may be meant at a time.
POPULATIONS: tuple[frozenset[str], ...] = (
    frozenset({"规上", "规模以上", "above_scale", "above_designated"}),
    frozenset({"大中型", "large_medium", "large_and_medium"}),
    frozenset({"限上", "限额以上"}),
    frozenset({"小微", "small_micro"}),
)
_POINTS_IN_TEXT = re.compile(r"(?<![0-9.])([0-9]+(?:\.[0-9]+)?)\s*分(?![之钟类级数项组别年为管局])")


def texts_findings(subject: Subject) -> Iterator[LintFinding]:
    for index, section in enumerate(subject.rulebook.sections):
        stated = section.points.values() if isinstance(section.points, dict) else [section.points]
        strange = _strange_numbers(section.name, {points for points in stated if points is not None})
        if section.points is not None and strange:
            message = f"名称写 {'、'.join(strange)} 分，points 为 {_shown(stated)}"
            yield subject.finding(("sections", index, "name"), "warning", message, "核对原文，改正其一")
    for place in subject.places:
        yield from _numbers(subject, place)
        yield from _population(subject, place)
    yield from _same_texts(subject)


def _numbers(subject: Subject, place: Place) -> Iterator[LintFinding]:
    """A number of points in the text that is none of the item's own."""
    texts = {key: getattr(place.item, key) or "" for key in ("name", "text")}
    if not any(map(_POINTS_IN_TEXT.search, texts.values())):
        return
    amounts = _amounts(subject, place)
    for key, text in texts.items():
        strange = _strange_numbers(text, amounts)
        if strange and amounts:
            message = f"文字写 {'、'.join(strange)} 分，各处分值为 {_shown(amounts)}"
            yield subject.finding((*place.path, key), "warning", message, "核对原文，改正其一")


def _shown(amounts: "set[Fraction] | list[Fraction | None] | object") -> str:
    numbers = [each for each in amounts if isinstance(each, Fraction)] if isinstance(amounts, set | list) else []
    return "、".join(decimal(each) for each in sorted(numbers))


def _strange_numbers(text: str, amounts: set[Fraction]) -> list[str]:
    return [number for number in _POINTS_IN_TEXT.findall(text) if read_number(_plain(number)) not in amounts]


def _plain(number: str) -> str:
    return number.lstrip("0") if number.lstrip("0")[:1].isdigit() else "0" + number.lstrip("0")


def _amounts(subject: Subject, place: Place) -> set[Fraction]:
    """Every number of points that the item states, its own and its parts', without sign."""
    found = {each for profile in subject.profiles if (each := subject.points(place, profile)) is not None}
    for _, value in values_within(place.item):
        given = value.values() if isinstance(value, dict) else (value,)
        for amount in given:
            if isinstance(amount, Amount) and not amount.share:
                found.add(abs(amount.value))
            elif isinstance(amount, Amount):
                points = (subject.points(place, profile) for profile in subject.profiles)
                found.update(abs(amount.of(each)) for each in points if each is not None)
    for part in parts_of(place):
        found |= _amounts(subject, part)
    return found


def _population(subject: Subject, place: Place) -> Iterator[LintFinding]:
    """The population in the name against the one in whatever else says what is measured."""
    item, owner = place.item, figure_owner(place.chain)
    figure = next((each for each in subject.rulebook.figures() if place in each.places), None)
    measured = [item.text, item.reference, item.unit_of_measure, item.figure, item.code, owner.name, item.per]
    measured += [figure.name, figure.definer.reference, figure.definer.text] if figure is not None else []
    named = _populations_in(subject, item.name)
    others = _populations_in(subject, " ".join(filter(None, measured)).replace(item.name, ""))
    if named and others and not named & others:
        told = " 与 ".join("、".join(sorted(words)) for words in (named, others))
        message = f"名称说的范围与所测的不同：{told}"
        yield subject.finding((*place.path, "name"), "warning", message, "核对统计口径，改正其一")


def _populations_in(subject: Subject, text: str) -> set[str]:
    """A word (Chinese before ASCII) for each population that the text speaks of."""
    return {max(words) for words in subject.populations if any(word in text for word in words)}


def _same_texts(subject: Subject) -> Iterator[LintFinding]:
    first: dict[tuple[str, str, str], int | None] = {}
    for place in subject.places:
        around = place.parent.code if place.parent is not None else place.section_code
        for key in ("name", "text"):
            text = getattr(place.item, key)
            path = (*place.path, key)
            if not text or subject.document.at(path) is None:
                continue
            line = subject.document.line(path)
            if (around, key, text) in first:
                message = f"与第 {first[around, key, text]} 行的文字相同：{text}"
                yield subject.finding(path, "warning", message, "核对是否重复列项，或写明区别")
            first.setdefault((around, key, text), line)
