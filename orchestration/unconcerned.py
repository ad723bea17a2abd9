"""Corrections that change no score: of what the rules do not look at for that unit.

They are recorded all the same, for next year's growth is measured from figures too; here belongs telling of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evaluation.corrected import FIGURE
from evaluation.definition import Definition
from evaluation.figures import figure_code
from evaluation.obligations import assessed_on
from evaluation.outcomes import Veto
from evaluation.reporting import claim_readers, mark_readers
from evaluation.rulebook import Place


def unconcerned(definition: Definition, cell: Mapping[str, str]) -> list[str]:
    """A note where the unit is not assessed on what the cell (CELL) is about; none where it is."""
    places, unit = list(_readers(definition, cell)), cell["unit_code"]
    if not places or any(_looks_at(definition, veto, places, unit) for veto in definition.rulebook.vetoes):
        return []
    applies, assessed = assessed_on(definition, places)
    # A target may be corrected to say that there is such a task.
    concerned = applies if cell["subject"] == "target" else assessed
    if concerned[definition.units["unit_code"] == unit].any():
        return []
    name = definition.unit_names[unit]
    return [f"{name}不考核“{places[0].item.name}”（细则没有列入，或目标表写明无此项任务），更正了也不影响本次得分。"]


def _readers(definition: Definition, cell: Mapping[str, str]) -> Iterator[Place]:
    """Items and parts that are scored by what stands in the cell, or by a case that looks at it."""
    rulebook, code = definition.rulebook, cell["indicator_code"]
    if cell["subject"] in ("claim", "mark"):
        read = claim_readers if cell["subject"] == "claim" else mark_readers
        yield from read(rulebook).get(code, [])
        return
    own = [place for place in rulebook.places() if code in _named(place)] if code else []
    yield from own
    if cell["subject"] == FIGURE:
        meant = _codes(own)
        yield from (p for p in rulebook.places() if any(c.when and c.when.of in meant for c in p.item.cases or ()))


def _named(place: Place) -> set[str | None]:
    return {figure_code(place.chain), *(item.code for item in place.chain)}


def _codes(places: list[Place]) -> set[str | None]:
    return {code for place in places for code in (place.item.code, figure_code(place.chain))}


def _looks_at(definition: Definition, veto: Veto, places: list[Place], unit: str) -> bool:
    """Whether the veto may fall on the unit by a figure that the items read."""
    if veto.when is None or veto.when.of not in _codes(places):
        return False
    return veto.applies_to is None or not {unit, definition.unit_groups[unit]}.isdisjoint(veto.applies_to)
