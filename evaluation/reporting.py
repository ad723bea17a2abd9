"""Who may report what, and between which limits: sources of claims and marks, levels, pieces, points.

Here belongs what a rulebook says about what is filed besides figures, which know their own sources and limits
(`figures.py`).
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

from evaluation.figures import figure_owner, filed_under
from evaluation.items import Item
from evaluation.numbers import Amount, for_unit
from evaluation.rulebook import Place, Rulebook

SELF = "self"
EXEMPTION = "exemption"


def sources_of(chain: tuple[Item, ...]) -> tuple[str, ...]:
    """The sources of the last item of the chain, most trusted first."""
    return figure_owner(chain).sources or (SELF,)


Places: TypeAlias = dict[str, list[Place]]


def claim_readers(rulebook: Rulebook) -> Places:
    """The items and parts that read claims, by the codes under which these are filed."""
    return _filed(place for place in rulebook.places() if place.item.reads_claims())


def mark_readers(rulebook: Rulebook) -> Places:
    """Likewise those that read marks."""
    return _filed(place for place in rulebook.places() if place.item.reads_marks())


def _filed(places: Iterable[Place]) -> Places:
    found: Places = {}
    for place in places:
        for code in filed_under(place.chain):
            found.setdefault(code, []).append(place)
    return found


def claim_sources(rulebook: Rulebook) -> dict[str, tuple[str, ...]]:
    """Sources by code. A unit may claim for itself whatever is claimed at all; that waits for an examiner."""
    return {code: given if SELF in given else (*given, SELF) for code, given in _claimed(rulebook)}


def _claimed(rulebook: Rulebook) -> Iterator[tuple[str, tuple[str, ...]]]:
    for code, places in claim_readers(rulebook).items():
        yield code, sources_of(places[0].chain)
    for veto in rulebook.vetoes:
        if veto.when is None:
            yield veto.code, veto.sources


def mark_sources(rulebook: Rulebook) -> dict[str, tuple[str, ...]]:
    """Sources by the codes under which marks are filed."""
    return {code: sources_of(places[0].chain) for code, places in mark_readers(rulebook).items()}


def points_of(place: Place, unit_code: str, group: str) -> Fraction | None:
    """The points of the item for one unit; None where it is not assessed on it."""
    section = place.section.points if place.section is not None else None
    around = for_unit(section, unit_code, group)
    for item in place.chain:
        around = _points(item, around, unit_code, group)
        if around is None:
            return None
    return around


def _points(item: Item, around: Fraction | None, unit_code: str, group: str) -> Fraction | None:
    """`around`: what points in % are a share of."""
    if item.points is None:
        parts = (_points(part, None, unit_code, group) for part in item.parts or ())
        return sum((points for points in parts if points is not None), Fraction(0))
    amount = for_unit(item.points, unit_code, group)
    return None if amount is None else amount.of(around or Fraction(0))


def limits_of(place: Place, unit_code: str, group: str) -> tuple[Fraction, Fraction | None]:
    """The least and the most points of the item for one unit; None where nothing caps them."""
    points = points_of(place, unit_code, group) or Fraction(0)
    least = for_unit(place.item.min_points, unit_code, group)
    most = for_unit(place.item.max_points, unit_code, group)
    highest = None if most == "none" else points if not isinstance(most, Amount) else most.of(points)
    return (Fraction(0) if least is None else least.of(points)), highest


def marks_limits(places: Sequence[Place], unit_code: str, group: str) -> tuple[Fraction, Fraction | None]:
    """The widest limits of marks that all these read."""
    limits = [mark_limits(place, unit_code, group) for place in places]
    capped = [most for _, most in limits if most is not None]
    return min(least for least, _ in limits), max(capped) if len(capped) == len(limits) else None


def mark_limits(place: Place, unit_code: str, group: str) -> tuple[Fraction, Fraction | None]:
    """The least and the highest mark that a judge may give: shares of full marks, or points."""
    least, most = limits_of(place, unit_code, group)
    points = points_of(place, unit_code, group) or Fraction(0)
    highest = None if most is None else max(most, points)
    if judged_in_points(place.item):
        return min(least, Fraction(0)), highest
    if points <= 0:
        return Fraction(0), Fraction(1)
    return min(least, Fraction(0)) / points, None if highest is None else highest / points


def judged_in_points(item: Item) -> bool:
    return any(rule.kind == "judged" and rule.scale == "points" for _, rule in item.methods())


def levels_of(places: Iterable[Place]) -> tuple[str, ...]:
    """Codes of the levels that claims which these read may have; none where they have no level."""
    items = [place.item for place in places]
    rules = [rule for item in items for _, rule in item.methods() if rule.kind == "levels"]
    exempt = [EXEMPTION] if any(item.exemptions for item in items) else []
    return tuple(dict.fromkeys([*(code for rule in rules for code in rule.levels), *exempt]))


def pieces_of(places: Iterable[Place]) -> dict[str, str]:
    """Names of the pieces of a checklist by code; none where one of these reads other claims."""
    pieces = [
        {
            piece.code: piece.name or piece.code
            for _, rule in place.item.methods()
            if rule.kind == "checklist"
            for piece in rule.pieces
        }
        for place in places
    ]
    return {code: name for one in pieces for code, name in one.items()} if all(pieces) else {}
