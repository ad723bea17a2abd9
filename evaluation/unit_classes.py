"""Units in classes that a rulebook treats alike: the units of one group, and each unit that it names.

Numbers "by group or unit" are read once per class and spread over units by position. Here belongs that
reading; what the numbers mean is said where they are used.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

import numpy as np
import pandas as pd
from pydantic import BaseModel

from evaluation.arithmetic import Positions
from evaluation.numbers import Amount, for_unit
from evaluation.params import Param, combine
from evaluation.rulebook import Rulebook
from evaluation.texts import as_strings, positions

T = TypeVar("T")
Made: TypeAlias = dict[tuple[int, ...], tuple[tuple[Any, ...], Any]]
NO_AMOUNT = Amount(Fraction(0))


@dataclass(frozen=True, eq=False)
class UnitClasses:
    """`classes`: (unit code or "", group) of each class; `class_of`, `group_of`: per unit, its position."""

    units: pd.DataFrame
    groups: tuple[str, ...]
    kinds: tuple[str, ...]
    classes: tuple[tuple[str, str], ...]
    class_of: Positions
    group_of: Positions
    kind_of: Positions
    _made: Made = field(default_factory=dict, repr=False)
    _made_by_unit: Made = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.class_of)

    @cached_property
    def codes(self) -> Any:
        return as_strings(self.units["unit_code"])

    def once(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """What `make` makes of the objects in the key, made once: a definition keeps them and never changes them.

        By class, or for all classes alike: copies of the units share it.
        """
        return _once(self._made, key, make)

    def once_by_unit(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """The same for what has a number for each of these units, which other units do not share."""
        return _once(self._made_by_unit, key, make)

    def compared(self, within: str) -> Positions:
        """Per unit, the number of the set of units that it is compared with: group, kind or all."""
        if within == "group":
            return self.group_of
        return self.kind_of if within == "kind" else np.zeros(len(self), dtype=np.int64)

    def read(self, given: Any, convert: Callable[[Any], T]) -> tuple[T, ...]:
        """What is given for each class, converted; one value where it is the same for all."""
        if not isinstance(given, Mapping):
            return (convert(given),)
        return tuple(convert(for_unit(given, unit, group)) for unit, group in self.classes)

    def amounts(self, given: Any, points: Param) -> Param:
        """Points as written, shares being of `points`; 0 where nothing is given."""
        return self.once(("amounts", given, points), lambda: Param(self._amounts(given, points)))

    def _amounts(self, given: Any, points: Param) -> tuple[Fraction, ...]:
        return combine(
            lambda amount, full: (NO_AMOUNT if amount is None else amount).of(full),
            self.read(given, lambda amount: amount),
            points,
        )


def _once(store: Made, key: tuple[Any, ...], make: Callable[[], T]) -> T:
    identity = tuple(map(id, key))
    if identity not in store:
        store[identity] = (key, make())  # the objects are kept, so that no other can get their ids
    made: T = store[identity][1]
    return made


def unit_classes(rulebook: Rulebook, units: pd.DataFrame) -> UnitClasses:
    groups = tuple(group.code for group in rulebook.groups)
    kinds = ("township", "department")
    group_of = positions(units["group"], groups)
    classes = [("", group) for group in groups]
    class_of = group_of.copy()
    named = set(_codes_named(rulebook))
    is_named = positions(units["unit_code"], sorted(named)) >= 0
    for at in np.flatnonzero(is_named):
        class_of[at] = len(classes)
        classes.append((str(units["unit_code"].iat[at]), groups[group_of[at]]))
    kind_of = positions(units["kind"], kinds)
    return UnitClasses(units, groups, kinds, tuple(classes), class_of, group_of, kind_of)


def _codes_named(value: Any) -> Iterator[str]:
    """Whatever may be the code of a unit: keys of mappings, and what things apply to."""
    if isinstance(value, BaseModel):
        yield from getattr(value, "applies_to", None) or ()
        for field in value.__dict__.values():
            yield from _codes_named(field)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from _codes_named(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _codes_named(inner)
