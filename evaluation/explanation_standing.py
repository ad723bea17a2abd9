"""A unit's standing told: rank among how many, change on last year, what is provisional.

Here belongs what follows from the totals of all units. The total itself is told in `explanation_totals.py`,
vetoes in `explanation_vetoes.py`, grades and awards in `explanation_grades.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from evaluation.arithmetic import Positions
from evaluation.explanation_view import Record
from evaluation.explanation_words import Words
from evaluation.grading import Edges, Standings, awards, grades
from evaluation.ranking import change_ranks
from evaluation.scoring import standings_of
from evaluation.unit_totals import UnitTotals


@dataclass(frozen=True)
class Results:
    """All units' totals, ranks, grades before and after vetoes, awards, ties at edges."""

    record: Record
    totals: UnitTotals
    standings: Standings
    edges: Edges
    grade: tuple[Positions, Positions]
    award: Positions


def results_of(record: Record) -> Results:
    """As scoring finds them, in the same order of steps."""
    book = record.inputs.rulebook
    totals, standings = standings_of(record.inputs)
    edges = Edges(standings)
    grade = grades(standings, book.grades, edges)
    award = awards(standings, book.awards, [one.grade for one in book.grades], grade, edges)
    return Results(record, totals, standings, edges, grade, award)


def rank_told(results: Results, unit: int, words: Words) -> str:
    """The unit's rank, with whom it is shared, and what decided where totals are equal."""
    standings, units = results.standings, results.record.inputs.units
    rank, total = standings.rank, standings.total
    if not rank[unit]:
        return words("unranked_by_veto" if standings.vetoed.fail[unit] else "unranked_pending")
    sets = units.compared(results.record.inputs.rulebook.ranking.within)
    among = (sets == sets[unit]) & (rank > 0)
    shared = among & (rank == rank[unit])
    shared[unit] = False
    parted = among & (total == total[unit]) & (rank != rank[unit])
    said = [words("ranked", whom=_whom(results, unit, words), count=int(among.sum()), rank=int(rank[unit]))]
    if shared.any():
        said.append(words("tied", names=_names(results, np.flatnonzero(shared), words)))
    if parted.any():
        names = _names(results, np.flatnonzero(parted), words)
        said.append(words("parted", names=names, by=_tie_breakers(results, words)))
    return words.sentence(said)


def _names(results: Results, units: Iterable[int], words: Words) -> str:
    names = results.record.inputs.units.units["name"]
    return words.listed(str(names.iat[int(unit)]) for unit in units)


def _whom(results: Results, unit: int, words: Words) -> str:
    """The group or kind that the unit is ranked in."""
    inputs = results.record.inputs
    if inputs.rulebook.ranking.within == "kind":
        return words(f"kind_{inputs.units.kinds[inputs.units.kind_of[unit]]}")
    return inputs.rulebook.group(inputs.units.groups[inputs.units.group_of[unit]]).name


def _tie_breakers(results: Results, words: Words) -> str:
    """What is compared where published totals are equal."""
    book = results.record.inputs.rulebook
    first = [words("unrounded")] if book.ranking.on == "exact" else []
    names = {f"section:{section.code}": section.name for section in book.sections}
    names |= {f"indicator:{node.code}": node.item.name for node in results.record.inputs.plan.tops}
    return words.listed([*first, *(names[one] for one in book.ranking.tie_breakers)])


def change_told(results: Results, unit: int, words: Words) -> list[str]:
    """The second ranking, by the change on last year's total; nothing where there is none."""
    previous = results.record.given.previous_totals
    if "change" not in results.record.inputs.rulebook.ranking.also or previous is None:
        return []
    found = change_ranks(results.totals, results.standings.rank > 0, previous)
    change, rank = found["change"].iat[unit], int(found["rank"].iat[unit])
    if change is None or not rank:
        return [words("change_unknown")]
    return [words("change_ranked", change=words.points(change), rank=rank)]


def provisional_told(results: Results, unit: int, words: Words) -> list[str]:
    """The items that rest on what is not settled."""
    here = results.totals.sheet.provisional[:, unit]
    tops = results.record.inputs.plan.tops
    names = [top.item.name for top, is_open in zip(tops, here, strict=True) if is_open]
    return [words("total_provisional", names=words.listed(names))] if names else []
