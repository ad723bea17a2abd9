"""Vetoes told: which fell on a unit, by which matter or figure, with what effect.

Here belongs the wording of vetoes alone; which fall is found by `vetoes.py`.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from evaluation.block import Block
from evaluation.cases import case_number
from evaluation.explanation_standing import Results
from evaluation.explanation_view import exactly
from evaluation.explanation_words import Words
from evaluation.numbers import is_percent
from evaluation.outcomes import Veto
from evaluation.way import Way


def vetoes_told(results: Results, unit: int, words: Words) -> list[str]:
    fallen = results.standings.vetoed.fallen[:, unit]
    vetoes = results.record.inputs.rulebook.vetoes
    return [_told(results, unit, veto, words) for veto, here in zip(vetoes, fallen, strict=True) if here]


def _told(results: Results, unit: int, veto: Veto, words: Words) -> str:
    effects = words.listed(words(f"effect_{effect}") for effect in veto.effects)
    why = _by_claim(results, unit, veto, words) if veto.when is None else _by_figure(results, unit, veto, words)
    said = words("vetoed", name=veto.name, why=why, effects=effects)
    return words("with_clause", sentence=said, clause=veto.reference) if veto.reference else said


def _by_claim(results: Results, unit: int, veto: Veto, words: Words) -> str:
    """The matters with their documents."""
    frame = results.record.given.claims
    assert frame is not None
    code = results.record.inputs.units.units["unit_code"].iat[unit]
    own = frame[(frame["item_code"] == veto.code) & (frame["unit_code"] == code) & frame["document"].notna()]
    matters = [
        words("with_note", text=name, note=document) if pd.notna(name) else document
        for name, document in zip(own["object_id"], own["document"], strict=True)
    ]
    return words.listed(dict.fromkeys(matters))


def _by_figure(results: Results, unit: int, veto: Veto, words: Words) -> str:
    """The number that was looked at, and the condition that it met."""
    inputs, when = results.record.inputs, veto.when
    assert when is not None
    node = inputs.plan.node(when.of)
    block = Block(inputs, [node or inputs.plan.tops[0]], exactly(results.record, np.array([unit])))
    reading, in_percent = case_number(block, when.of)
    way = Way(block, "value", lambda _: when)
    name, measure = _looked_at(results, when.of, words)

    def limit(written: Any) -> str:
        shown = words.amount(_one(block.operand(lambda _: written, in_percent, way.word).number), measure)
        values = inputs.units.read(written, lambda one: one)
        operand = values[inputs.units.class_of[unit] % len(values)]
        if operand.word is None:
            return shown
        word = words(f"word_{operand.word}", whom=words(f"within_{block.item.compare_within}"))
        return words("word_number", word=word, number=shown)

    bounds = words("and").join(words(key, limit=limit(written)) for key, written in when.stated())
    return words("veto_figure", name=name, number=words.amount(_one(reading.number), measure), condition=bounds)


def _one(numbers: Any) -> Fraction:
    return Fraction(numbers.spread((1, 1)).value[0, 0])


def _looked_at(results: Results, of: str, words: Words) -> tuple[str, str | None]:
    """The name and unit of measure of what the condition looks at."""
    inputs = results.record.inputs
    node = inputs.plan.node(of)
    if node is not None:
        unit = node.item.unit_of_measure
        return node.item.name, unit if node.item.per is None or is_percent(unit) else None
    if of in inputs.units.units.columns:
        return words.column(of), None
    figure = inputs.rulebook.figure(of)
    return figure.name, figure.unit_of_measure
