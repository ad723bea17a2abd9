"""Grades and awards told: the conditions that a unit met, and the first that it did not for each better one.

Here belongs the wording of what `grading.py` decided.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from evaluation.explanation_standing import Results
from evaluation.explanation_terms import equation, number, shown_number
from evaluation.explanation_words import Words
from evaluation.grading import NONE
from evaluation.outcomes import Award, Grade
from evaluation.rounding import half_up

ROUNDINGS: dict[str, Callable[[Fraction], int]] = {
    "down": math.floor,
    "up": math.ceil,
    "half_up": lambda share: half_up(share, 0),
}


class Deciding:
    """What was decided about one unit by its total and rank."""

    def __init__(self, results: Results, unit: int, words: Words) -> None:
        self.results = results
        self.standings = results.standings
        self.book = results.record.inputs.rulebook
        self.unit = unit
        self.words = words

    def grade_told(self) -> list[str]:
        """The grade and why; what vetoes made of it."""
        words, given = self.words, self.book.grades
        before, after = (int(found[self.unit]) for found in self.results.grade)
        if not given:
            return []
        if before == NONE and after == NONE:
            return [words("no_grade")]
        met = [] if before == NONE else self._met(given[before])
        met += [] if before == NONE or given[before].quota is None else [self._quota(given[before])]
        missed = [
            words("not_graded", name=one.grade, why=self._missed(one, self._outside_quota))
            for one in given[: len(given) if before == NONE else before]
        ]
        name = given[after if before == NONE else before].grade
        lines = [words.sentences([words("graded", name=name, why=self._why(met)), *missed])]
        if after != before:
            lines.append(words("grade_lowered", before=name, after=given[after].grade))
        return lines

    def award_told(self) -> list[str]:
        """The award, or why the unit has none of them."""
        words, given = self.words, self.book.awards
        own = int(self.results.award[self.unit])
        missed = [
            words("not_awarded", name=one.award, why=self._missed(one, self._outside_places))
            for one in given[: len(given) if own == NONE else own]
            if self._for_group(one.places)
        ]
        if own == NONE:
            return [words.sentences(missed)] if missed else []
        met = [*self._met(given[own]), self._places(given[own])]
        return [words.sentences([words("awarded", name=given[own].award, why=self._why(met)), *missed])]

    def _why(self, met: list[str]) -> str:
        return self.words.sentence(met) or self.words("without_condition")

    def _limit(self, given: Any) -> Any:
        """What is given for the unit."""
        units = self.results.record.inputs.units
        values = units.read(given, lambda one: one)
        return values[units.class_of[self.unit] % len(values)]

    def _for_group(self, given: Any) -> Any:
        units = self.results.record.inputs.units
        return given.get(units.groups[units.group_of[self.unit]]) if isinstance(given, dict) else given

    def _met(self, one: Grade | Award) -> list[str]:
        words = self.words
        met = []
        for key in ("at_least", "above"):
            if getattr(one, key, None) is not None:
                met.append(words("total_is", condition=words(key, limit=shown_number(self._limit(getattr(one, key))))))
        if one.rank_at_most is not None:
            met.append(words("rank_is", rank=self._limit(one.rank_at_most)))
        if isinstance(one, Award) and one.grade_at_least is not None:
            met.append(words("grade_is", grade=one.grade_at_least))
        return met

    def _missed(self, one: Grade | Award, outside: Callable[[Any], str]) -> str:
        """The first condition that the unit does not meet."""
        words, at, standings = self.words, self.unit, self.standings
        if not standings.has_total[at]:
            return words("total_pending")
        for key in ("at_least", "above"):
            given = getattr(one, key, None)
            if not standings.reaching(given, strictly=key == "above")[at]:
                limit = self._limit(given)
                if limit is None:
                    return words("no_standard")
                return words("total_is_not", condition=words(key, limit=shown_number(limit)))
        if not standings.placed(one.rank_at_most)[at]:
            limit = self._limit(one.rank_at_most)
            return words("no_standard") if limit is None else words("rank_is_not", rank=limit)
        return outside(one)

    def _quota(self, one: Grade) -> str:
        """The quota in numbers: 30%×4=1.2, rounded as the rulebook says."""
        share = self._for_group(one.quota) or Fraction(0)
        units, standings = self.results.record.inputs.units, self.standings
        here = units.group_of == units.group_of[self.unit]
        term = number(share, percent=True) * number(int(((standings.rank > 0) & here).sum()))
        count = ROUNDINGS[one.quota_rounding](term.value)
        rounding = self.words(f"quota_{one.quota_rounding}", count=count)
        return self.words("quota", equation=equation(term), rounding=rounding)

    def _outside_quota(self, one: Grade) -> str:
        if not self.standings.in_quotas[self.unit]:
            return self.words("not_in_quotas")
        return self.words.sentence([self._quota(one), self._edge(one.grade) or self.words("quota_full")])

    def _places(self, one: Award) -> str:
        return self.words("places" if one.refill else "places_kept", count=self._for_group(one.places) or 0)

    def _outside_places(self, one: Award) -> str:
        words, at = self.words, self.unit
        if not self.standings.in_quotas[at]:
            return words("not_in_quotas")
        if self.standings.vetoed.no_award[at]:
            return words("award_barred")
        names = [grade.grade for grade in self.book.grades]
        grade = int(self.results.grade[1][at])
        if one.grade_at_least is not None and (grade == NONE or grade > names.index(one.grade_at_least)):
            return words("grade_is_not", grade=one.grade_at_least)
        return words.sentence([self._places(one), self._edge(one.award) or words("quota_full")])

    def _edge(self, name: str) -> str:
        """What a tie across the edge did to the unit; empty where there was none."""
        for tie in self.results.edges.ties:
            if tie.name == name and self.unit in tie.units:
                return self.words("edge_tie", rank=tie.rank)
        return ""
