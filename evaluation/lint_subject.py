"""What lint looks at, and how it tells what it finds.

Here belongs reading points and limits as one unit would meet them; each kind of fault has its own module.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

import pandas as pd

from evaluation.numbers import Amount, for_unit
from evaluation.paths import given_by_code
from evaluation.rulebook import Path, Place, Rulebook
from evaluation.strict_yaml import Document
from evaluation.tables import Table

if TYPE_CHECKING:
    from evaluation.definition import Definition

Severity: TypeAlias = Literal["error", "warning", "note"]
Cap: TypeAlias = Amount | Literal["none"] | dict[str, Amount | Literal["none"]] | None
T = TypeVar("T")


@dataclass(frozen=True)
class LintFinding:
    """`clause` is the reference of the item (or section) in which it stands."""

    file: str
    line: int | None
    key: str
    clause: str
    severity: Severity
    message: str
    remedy: str


@dataclass(frozen=True)
class Profile:
    """Units that the rulebook treats alike: one that it names, or (`unit_code` "") the others of a group."""

    unit_code: str
    group: str
    name: str


@dataclass(frozen=True, eq=False)
class Subject:
    """A rulebook with its document and, where they are known, its tables and last year's definition."""

    rulebook: Rulebook
    document: Document
    units: Table | None
    officials: Table
    targets: Table | None
    populations: tuple[frozenset[str], ...]
    previous: "Definition | None" = None

    @cached_property
    def places(self) -> list[Place]:
        return list(self.rulebook.places())

    @cached_property
    def profiles(self) -> list[Profile]:
        groups = [Profile("", group.code, group.name) for group in self.rulebook.groups]
        if self.units is None:
            return groups
        frame = self.units.frame
        named = frame[frame["unit_code"].isin(self._codes_named)]
        rows = zip(named["unit_code"], named["group"], named["name"], strict=True)
        return groups + [Profile(*map(str, row)) for row in rows]

    @cached_property
    def _codes_named(self) -> set[str]:
        named: set[str] = set()
        for section in self.rulebook.sections:
            named.update(section.applies_to or ())
            for given in (section.points, section.max_points):
                named.update(given if isinstance(given, dict) else ())
        for place in self.places:
            named.update(place.item.applies_to or ())
            for _, by_code in given_by_code(place.item):
                named.update(by_code)
        return named

    @cached_property
    def profile_of_units(self) -> "pd.Series[int]":
        """The position of each unit's profile; units must be known. -1 where its group does not exist."""
        assert self.units is not None
        frame = self.units.frame
        own = {profile.unit_code: at for at, profile in enumerate(self.profiles) if profile.unit_code}
        groups = {profile.group: at for at, profile in enumerate(self.profiles) if not profile.unit_code}
        return frame["unit_code"].map(own).fillna(frame["group"].map(groups)).fillna(-1).astype(int)

    @cached_property
    def _points(self) -> dict[tuple[Path, Profile], Fraction | None]:
        """Points already asked for: every check asks for them again."""
        return {}

    def applies(self, place: Place, profile: Profile) -> bool:
        return self.rulebook.applies(place, profile.unit_code, profile.group)

    def points(self, place: Place, profile: Profile) -> Fraction | None:
        """The item's points; None where it does not apply or has none."""
        key = (place.path, profile)
        if key not in self._points:
            self._points[key] = self._read_points(place, profile)
        return self._points[key]

    def _read_points(self, place: Place, profile: Profile) -> Fraction | None:
        if not self.applies(place, profile):
            return None
        amount = for_unit(place.item.points, profile.unit_code, profile.group)
        if amount is None:
            parts = [self.points(part, profile) for part in parts_of(place)]
            return sum((points for points in parts if points is not None), Fraction(0)) if parts else None
        if not amount.share:
            return amount.value
        stated = place.parent is not None and place.parent.points is not None
        parent = self.points(_parent(place), profile) if stated else None
        return None if parent is None else amount.of(parent)

    def limits(self, place: Place, profile: Profile) -> tuple[Fraction, Fraction | None]:
        """(least, most) points of the item; None where nothing caps it."""
        points = self.points(place, profile)
        item = place.item
        least = resolved(for_unit(item.min_points, profile.unit_code, profile.group), points)
        return least or Fraction(0), cap(item.max_points, points, profile)

    def by_outcome(self, outcome: Callable[[Profile], T | None]) -> Iterator[tuple[T, str]]:
        """Each outcome that is not None, with the names of whom it concerns (empty where it is everybody)."""
        outcomes = [(outcome(profile), profile.name) for profile in self.profiles]
        for value in dict.fromkeys(value for value, _ in outcomes if value is not None):
            names = [name for each, name in outcomes if each == value]
            yield value, "" if len(names) == len(outcomes) else f"({'、'.join(names)})"

    def finding(self, path: Path, severity: Severity, message: str, remedy: str) -> LintFinding:
        document = self.document
        clause = clause_at(document, path)
        return LintFinding(document.file, document.line(path), document.key(path), clause, severity, message, remedy)


def parts_of(place: Place) -> Iterator[Place]:
    for number, part in enumerate(place.item.parts or ()):
        yield Place(place.where, place.section, (*place.chain, part), (*place.path, "parts", number))


def _parent(place: Place) -> Place:
    return Place(place.where, place.section, place.chain[:-1], place.path[:-2])


def resolved(amount: Amount | None, points: Fraction | None) -> Fraction | None:
    """The points that are meant; None where they are a share of nothing."""
    if amount is None or (amount.share and points is None):
        return None
    return amount.of(points or Fraction(0))


def cap(given: Cap, points: Fraction | None, profile: Profile) -> Fraction | None:
    """The most points: the item's own where nothing is written, None where nothing caps them."""
    most: Amount | Literal["none"] | None = for_unit(given, profile.unit_code, profile.group)
    if most is None:
        return points
    return resolved(most, points) if isinstance(most, Amount) else None


def clause_at(document: Document, path: Path) -> str:
    """The nearest `reference` around a place in the document."""
    for end in range(len(path), -1, -1):
        node = document.at(path[:end])
        clause = node.get("reference") if isinstance(node, dict) else None
        if isinstance(clause, str):
            return clause
    return ""


def decimal(number: Fraction) -> str:
    """A number as people write it: a short decimal, else a fraction.

    >>> decimal(Fraction(5, 2)), decimal(Fraction(10, 7))
    ('2.5', '10/7')
    """
    for places in range(7):
        scaled = number * 10**places
        if scaled.denominator == 1:
            whole = f"{abs(scaled.numerator):0{places + 1}d}"
            text = f"{whole[:-places]}.{whole[-places:]}" if places else whole
            return f"-{text}" if number < 0 else text
    return str(number)
