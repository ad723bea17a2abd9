"""The figures that a rulebook asks for, gathered from the items that read them.

A figure is one number per unit and period that somebody reports. Here belongs which items make a figure
and who owes it; reading and accepting values is done elsewhere.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from evaluation.items import Item
from evaluation.numbers import Operand, for_unit, is_percent

if TYPE_CHECKING:
    from evaluation.rulebook import Place


@dataclass(frozen=True)
class Figure:
    """One figure. `definer` is the item whose keys say how it is reported; `places` are all that read it.

    The definer is the item of the figure's own code or, where there is none, the first that reads it.
    The same figure of another year (`data_year`) is one more figure under the same code.
    """

    code: str
    data_year: int | None
    definer: Item
    places: tuple["Place", ...]

    @property
    def name(self) -> str:
        return self.definer.name

    @property
    def unit_of_measure(self) -> str | None:
        return self.definer.unit_of_measure

    @property
    def sources(self) -> tuple[str, ...]:
        return self.definer.sources or ()

    @property
    def frequency(self) -> str:
        return self.definer.frequency

    @property
    def accumulate(self) -> str:
        return self.definer.accumulate

    @property
    def tolerance(self) -> Fraction | None:
        return self.definer.tolerance

    @property
    def growth_warning(self) -> Fraction | None:
        return self.definer.growth_warning

    def minimum(self, unit_code: str, group: str) -> Fraction | None:
        """The least value that is believed, in the figure's unit of measure."""
        return self._limit("min", unit_code, group)

    def maximum(self, unit_code: str, group: str) -> Fraction | None:
        """The greatest value that is believed, in the figure's unit of measure."""
        return self._limit("max", unit_code, group)

    def _limit(self, side: str, unit_code: str, group: str) -> Fraction | None:
        if self.definer.range is None:
            return None
        given: Operand | dict[str, Operand] | None = getattr(self.definer.range, side)
        limit = for_unit(given, unit_code, group)
        return None if limit is None else limit.number(is_percent(self.unit_of_measure))


def figure_owner(chain: tuple[Item, ...]) -> Item:
    """The item whose figure the last of the chain reads: the nearest with sources or a figure of its own."""
    return next(item for item in reversed(chain) if item.sources is not None)


def filed_under(chain: tuple[Item, ...]) -> tuple[str, ...]:
    """The codes under which claims and marks for the last of the chain are filed: that of the item whose sources it
    has, which its parts without sources share, and its own."""
    return tuple(dict.fromkeys((figure_owner(chain).code, chain[-1].code)))


def figure_code(chain: tuple[Item, ...]) -> str:
    """The code under which the figure that the last of the chain reads is reported."""
    owner = figure_owner(chain)
    return owner.figure or owner.code


def shared_keys(places: Iterable["Place"]) -> dict[str, dict[str, Any]]:
    """`frequency` and `unit_of_measure` of every figure that items name: of the item of its own code first.

    A figure is reported in one way, so whoever reads it need not say it again.
    """
    owners: dict[str, list[Item]] = {}
    for place in places:
        owner = figure_owner(place.chain)
        if owner.figure is not None or owner is place.item:
            owners.setdefault(owner.figure or owner.code, []).append(owner)
    shared = {}
    for code, items in owners.items():
        if any(item.figure is not None and item.figure != item.code for item in items):
            first = sorted(items, key=lambda item: item.code != code)
            shared[code] = {key: _first_stated(first, key) for key in ("frequency", "unit_of_measure")}
    return shared


def _first_stated(items: list[Item], key: str) -> Any:
    stated = (item for item in items if key in item.model_fields_set)
    return getattr(next(stated, items[0]), key)


def with_shared_keys(item: Item, shared: Mapping[str, Mapping[str, Any]], chain: tuple[Item, ...] = ()) -> Item:
    """The item, and its parts, with the keys of the figure that it reads; a unit of measure of its own stays."""
    chain = (*chain, item)
    given = shared.get(figure_code(chain), {})
    taken = {key: value for key, value in given.items() if key == "frequency" or getattr(item, key) is None}
    parts = tuple(with_shared_keys(part, shared, chain) for part in item.parts) if item.parts else item.parts
    return item.model_copy(update={**taken, "parts": parts})


def figures_of(places: Iterable["Place"], cycle_year: int) -> Iterator[Figure]:
    """Every figure of every year once, in the order in which it is first read."""
    readers: dict[tuple[str, int | None], list[Place]] = {}
    definers: dict[str, Item] = {}
    for place in places:
        if place.item.reads_figure():
            year = None if place.item.data_year == cycle_year else place.item.data_year
            code, owner = figure_code(place.chain), figure_owner(place.chain)
            readers.setdefault((code, year), []).append(place)
            if code not in definers or owner.code == code:
                definers[code] = owner
    for (code, year), reading in readers.items():
        yield Figure(code, year, definers[code], tuple(reading))
