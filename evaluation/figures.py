"""The figures that a rulebook asks for, gathered from the items that read them.

A figure is one number per unit and period that somebody reports. Here belongs which items make a figure
and who owes it; reading and accepting values is done elsewhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

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
    return next((item for item in reversed(chain) if item.sources is not None or item.figure), chain[0])


def figure_code(chain: tuple[Item, ...]) -> str:
    """The code under which the figure that the last of the chain reads is reported."""
    owner = figure_owner(chain)
    return owner.figure or owner.code


def figures_of(places: Iterable["Place"], cycle_year: int) -> Iterator[Figure]:
    """Every figure of every year once, in the order in which it is first read."""
    readers: dict[tuple[str, int | None], list[Place]] = {}
    for place in places:
        if place.item.reads_figure():
            year = None if place.item.data_year == cycle_year else place.item.data_year
            key = (figure_code(place.chain), year)
            readers.setdefault(key, []).append(place)
    for (code, year), reading in readers.items():
        owners = [figure_owner(place.chain) for place in reading]
        definer = next((item for item in owners if item.code == code), owners[0])
        yield Figure(code, year, definer, tuple(reading))
