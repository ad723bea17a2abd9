"""One year's rulebook as a whole, and the way to walk through it.

Here belong the top-level keys and the questions that several parts of the program ask of a rulebook.
What a figure is stands in `figures.py`; whether the parts fit each other in `references.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from evaluation.fields import Code, Model, Text
from evaluation.figures import Figure, figures_of, shared_keys, with_shared_keys
from evaluation.items import Block, Item, Section
from evaluation.numbers import for_unit
from evaluation.outcomes import (
    Amendment,
    Award,
    Calendar,
    Cycle,
    Department,
    Expectation,
    Grade,
    Group,
    Notice,
    Officials,
    Ranking,
    Reference,
    Scoring,
    Veto,
)

Where: TypeAlias = Literal["sections", "bonuses", "penalties"]
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """An item where it stands: its section (None in bonuses and penalties) and the items around it.

    `chain` runs from the outermost item to this one; `path` is the way to it through the YAML.
    """

    where: Where
    section: Section | None
    chain: tuple[Item, ...]
    path: Path

    @property
    def item(self) -> Item:
        return self.chain[-1]

    @property
    def parent(self) -> Item | None:
        return self.chain[-2] if len(self.chain) > 1 else None

    @property
    def section_code(self) -> str:
        """`bonus` and `penalty` stand for the sections of their items."""
        if self.section is not None:
            return self.section.code
        return "bonus" if self.where == "bonuses" else "penalty"


class Rulebook(Model):
    evaluation: Code
    title: Text | None = None
    reference: Reference | None = None
    cycle: Cycle
    previous: Code | None = None
    scoring: Scoring = Scoring()
    ranking: Ranking = Ranking()
    departments: tuple[Department, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    expectations: tuple[Expectation, ...] = ()
    bonuses: Block = Block()
    penalties: Block = Block()
    vetoes: tuple[Veto, ...] = ()
    grades: tuple[Grade, ...] = ()
    awards: tuple[Award, ...] = ()
    officials: Officials = Officials()
    calendar: Calendar = Calendar()
    notice: Notice = Notice()

    @model_validator(mode="after")
    def _readers_know_the_figure(self) -> "Rulebook":
        """Items that name another's figure take over how it is reported."""
        shared = shared_keys(self.places())
        if not shared:
            return self

        def told(items: tuple[Item, ...]) -> tuple[Item, ...]:
            return tuple(with_shared_keys(item, shared) for item in items)

        sections = [section.model_copy(update={"indicators": told(section.indicators)}) for section in self.sections]
        blocks = {key: getattr(self, key) for key in ("bonuses", "penalties")}
        changed = {key: block.model_copy(update={"items": told(block.items)}) for key, block in blocks.items()}
        return self.model_copy(update={"sections": tuple(sections), **changed})

    def top_items(self) -> Iterator[Place]:
        """Indicators, then bonus and penalty items, in the order of the rulebook, without their parts."""
        for index, section in enumerate(self.sections):
            for number, item in enumerate(section.indicators):
                yield Place("sections", section, (item,), ("sections", index, "indicators", number))
        for number, item in enumerate(self.bonuses.items):
            yield Place("bonuses", None, (item,), ("bonuses", "items", number))
        for number, item in enumerate(self.penalties.items):
            yield Place("penalties", None, (item,), ("penalties", "items", number))

    def places(self) -> Iterator[Place]:
        """Every item and part, an item before its parts."""
        for place in self.top_items():
            yield from _with_parts(place)

    @cached_property
    def scores_lateness(self) -> bool:
        """Whether anything is measured by the days that a figure came late."""
        return any(measure == "days_late" for place in self.places() for measure, _ in place.item.methods())

    @cached_property
    def _places_by_code(self) -> dict[str, Place]:
        return {place.item.code: place for place in self.places()}

    def place(self, code: str) -> Place:
        """Where the item or part of that code stands. Raises KeyError."""
        return self._places_by_code[code]

    @cached_property
    def _figures(self) -> tuple[Figure, ...]:
        return tuple(figures_of(self.places(), self.cycle.year))

    def figures(self) -> tuple[Figure, ...]:
        """The figures that are to be reported, each once, in the order of the rulebook."""
        return self._figures

    def figure(self, code: str) -> Figure:
        """The figure of that code; where it is asked for several years, the first. Raises KeyError."""
        for figure in self._figures:
            if figure.code == code:
                return figure
        raise KeyError(code)

    @cached_property
    def _departments_by_code(self) -> dict[str, Department]:
        return {department.code: department for department in self.departments}

    def department(self, code: str) -> Department:
        """Raises KeyError."""
        return self._departments_by_code[code]

    @cached_property
    def _groups_by_code(self) -> dict[str, Group]:
        return {group.code: group for group in self.groups}

    def group(self, code: str) -> Group:
        """Raises KeyError."""
        return self._groups_by_code[code]

    def applies(self, place: Place, unit_code: str, group: str) -> bool:
        """Whether the unit is assessed on the item at all; what `targets.csv` excludes is another matter."""
        scopes = [place.section.applies_to] if place.section is not None else []
        scopes += [item.applies_to for item in place.chain]
        if any(scope is not None and unit_code not in scope and group not in scope for scope in scopes):
            return False
        return all(item.points is None or for_unit(item.points, unit_code, group) is not None for item in place.chain)


def _with_parts(place: Place) -> Iterator[Place]:
    yield place
    for number, part in enumerate(place.item.parts or ()):
        path = (*place.path, "parts", number)
        yield from _with_parts(Place(place.where, place.section, (*place.chain, part), path))
