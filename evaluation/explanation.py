"""Explanations (得分说明): how each score came about, as sentences with the numbers put in.

Made where they are read and for what is asked: exact arithmetic only for those units. Here belong the entry
points and the sentence around what is told of an item; what is told stands in the `explanation_*` modules.
"""

from collections.abc import Collection, Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np
import pandas as pd

from evaluation.arithmetic import Positions
from evaluation.definition import Definition
from evaluation.explanation_grades import Deciding
from evaluation.explanation_items import Items, Scored, Teller
from evaluation.explanation_open import provisional_said
from evaluation.explanation_standing import Results, change_told, provisional_told, rank_told, results_of
from evaluation.explanation_told import formula, score_clause
from evaluation.explanation_totals import Sums, TotalTold
from evaluation.explanation_vetoes import vetoes_told
from evaluation.explanation_view import Record, ScoreInputs
from evaluation.explanation_words import Language, Words
from evaluation.fates import ABSENT
from evaluation.plan import Node
from evaluation.rounding import half_up
from evaluation.texts import positions

COLUMNS = ("unit_code", "indicator_code", "clause", "formula", "sentence")
OUTCOMES = {"sections": "gets", "bonuses": "adds", "penalties": "takes"}


def explain(
    definition: Definition,
    inputs: ScoreInputs,
    unit_codes: Collection[str] | None = None,
    indicator_codes: Collection[str] | None = None,
    language: Language = "zh",
) -> pd.DataFrame:
    """One row per unit × item asked for, units in the order of units.csv; None: all. Columns: COLUMNS.

    `formula` comes to the published score, half up; it is empty where the item has no score. Items that the
    unit is not assessed on have no row. Raises KeyError for codes that do not exist.
    """
    return Explained(definition, inputs, unit_codes).items(language, indicator_codes)


def explain_total(definition: Definition, inputs: ScoreInputs, unit_code: str, language: Language = "zh") -> list[str]:
    """Lines from sections to award of one unit. Raises KeyError for a code that does not exist."""
    return explain_totals(definition, inputs, [unit_code], language)[unit_code]


def explain_totals(
    definition: Definition,
    inputs: ScoreInputs,
    unit_codes: Collection[str] | None = None,
    language: Language = "zh",
) -> dict[str, list[str]]:
    """The same of several units by code, in the order of units.csv; None: all. All units are scored once."""
    return Explained(definition, inputs, unit_codes).totals(language)


class Explained:
    """The explanations of one evaluation in any language, of some units or all (None): what they are made from is
    worked out once. Raises KeyError for codes of units that do not exist."""

    def __init__(self, definition: Definition, inputs: ScoreInputs, unit_codes: Collection[str] | None = None) -> None:
        self._record = record_of(definition, inputs)
        self._units = units_asked(self._record, unit_codes)
        self._decimals = definition.rulebook.scoring.decimals
        self._codes = self._record.inputs.units.units["unit_code"].iloc[self._units].tolist()
        self._told: dict[Language, pd.DataFrame] = {}

    def items(self, language: Language, indicator_codes: Collection[str] | None = None) -> pd.DataFrame:
        """As `explain` has them."""
        if indicator_codes is not None:
            return self._rows(self._items(indicator_codes), language)
        if language not in self._told:
            self._told[language] = self._rows(self._all_items, language)
        return self._told[language]

    def _rows(self, items: Items, language: Language) -> pd.DataFrame:
        words = Words(language, self._decimals)
        teller = Teller(items, words)
        rows = []
        for place, node in enumerate(items.nodes):
            notes = provisional_said(self._record, node, self._units, items.outcomes, words)
            for at, scored in enumerate(teller.scored(node)):
                if scored.fate != ABSENT:
                    rows.append((at, place, _row(self._codes[at], node, scored, notes[at], words)))
        ordered = [row for _, _, row in sorted(rows, key=lambda one: one[:2])]
        return pd.DataFrame(ordered, columns=list(COLUMNS), dtype="str")

    def totals(self, language: Language) -> dict[str, list[str]]:
        """As `explain_totals` has them."""
        words = Words(language, self._decimals)
        return {code: _total_lines(self._results, self._sums, at, words) for at, code in enumerate(self._codes)}

    @cached_property
    def _all_items(self) -> Items:
        return self._items(None)

    def _items(self, indicator_codes: Collection[str] | None) -> Items:
        return Items(self._record, _nodes_asked(self._record, indicator_codes), self._units)

    @cached_property
    def _results(self) -> Results:
        return results_of(self._record)

    @cached_property
    def _sums(self) -> Sums:
        return Sums(self._results.totals, self._units)


def _total_lines(results: Results, sums: Sums, at: int, words: Words) -> list[str]:
    unit = int(sums.units[at])
    decided = Deciding(results, unit, words)
    return [
        *TotalTold(sums, at, words).lines(),
        *provisional_told(results, unit, words),
        rank_told(results, unit, words),
        *change_told(results, unit, words),
        *vetoes_told(results, unit, words),
        *decided.grade_told(),
        *decided.award_told(),
    ]


def record_of(definition: Definition, inputs: ScoreInputs) -> Record:
    return Record(inputs.ready(definition), inputs)


def units_asked(record: Record, unit_codes: Collection[str] | None) -> Positions:
    if unit_codes is None:
        return np.arange(len(record.inputs.units), dtype=np.int64)
    found = positions(list(unit_codes), record.inputs.units.units["unit_code"])
    if (found < 0).any():
        raise KeyError(sorted(set(unit_codes) - set(record.inputs.units.units["unit_code"])))
    return np.unique(found)


def _nodes_asked(record: Record, indicator_codes: Collection[str] | None) -> Sequence[Node]:
    tops = record.inputs.plan.tops
    if indicator_codes is None:
        return tops
    unknown = set(indicator_codes) - {node.code for node in tops}
    if unknown:
        raise KeyError(sorted(unknown))
    return [node for node in tops if node.code in indicator_codes]


def _row(unit_code: str, node: Node, scored: Scored, note: str, words: Words) -> tuple[str | None, ...]:
    told = scored.told
    text = formula(told, words) if told.term is not None else None
    return unit_code, node.code, node.item.reference, text, sentence(node, scored, note, words)


def sentence(node: Node, scored: Scored, note: str, words: Words) -> str:
    """The facts, the arithmetic, the score, the deduction, why it is provisional, the clause."""
    told = scored.told
    own = list(told.said)
    if told.term is not None:
        own.append(score_clause(told, words, OUTCOMES[node.place.where]))
        own.append(_deducted(node, scored, words))
        own.append(_differing(scored, words))
    whole = words.sentences([*told.parts, words.sentence([*own, note])])
    clause = node.item.reference
    return words("with_clause", sentence=whole, clause=clause) if clause else whole


def _deducted(node: Node, scored: Scored, words: Words) -> str:
    """Points less than the item has, both as published; empty for bonus and penalty."""
    if node.place.section is None:
        return ""
    scale = 10**words.decimals
    short = half_up(scored.full, words.decimals) - half_up(scored.told.value, words.decimals)
    return words("deducted", points=words.points(Fraction(short, scale))) if short > 0 else ""


def _differing(scored: Scored, words: Words) -> str:
    """A warning where the arithmetic told does not come to the score: one of the two is wrong."""
    if scored.told.value == scored.points:
        return ""
    return words("differs", points=words.points(scored.points))
