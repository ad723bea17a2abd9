"""Evaluations with their scores and explanations side by side, and what is wrong between the two.

Here belongs how the inputs of other tests reach explanations, and the comparison; no expected sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from small_evaluations import definition, figures
from written_arithmetic import LIMIT, formula_value, half_up, wrong_equations

from evaluation.acceptance import accept
from evaluation.definition import Definition
from evaluation.explanation import explain, explain_totals
from evaluation.explanation_view import ScoreInputs
from evaluation.explanation_words import Language
from evaluation.scoring import Scores, score
from examples.filed import EXAMPLES, example_definition, read_example

KEY = ["unit_code", "indicator_code"]
DIFFERS = ("与公布得分", "differs from")


@dataclass(frozen=True)
class Evaluated:
    definition: Definition
    inputs: ScoreInputs
    scores: Scores

    def sentences(self, language: Language = "zh", **asked: Any) -> dict[tuple[str, str], str]:
        rows = explain(self.definition, self.inputs, language=language, **asked)
        return {
            (unit, item): text
            for unit, item, text in zip(rows["unit_code"], rows["indicator_code"], rows["sentence"], strict=True)
        }

    def faults(self, language: Language = "zh") -> list[str]:
        """Whatever of the explanations does not come to what was published."""
        rows = explain(self.definition, self.inputs, language=language)
        told = rows.merge(self.scores.indicator_scores, on=KEY, how="outer", indicator=True)
        assert len(told) == len(rows) == len(self.scores.indicator_scores)
        found = [
            f"{row['unit_code']} {row['indicator_code']}: {fault}" for row, fault in _item_faults(told, self.decimals)
        ]
        totals = explain_totals(self.definition, self.inputs, language=language)
        for row in self.scores.total_scores.to_dict("records"):
            lines = totals[row["unit_code"]]
            found += [f"{row['unit_code']}: {fault}" for fault in _total_faults(lines, row, self.decimals)]
        return found

    @property
    def decimals(self) -> int:
        return self.definition.rulebook.scoring.decimals


def _item_faults(told: pd.DataFrame, decimals: int) -> list[tuple[dict[Any, Any], str]]:
    found = []
    for row in told.to_dict("records"):
        sentence, published = row["sentence"], row["indicator_score"]
        if pd.isna(published) != pd.isna(row["formula"]):
            found.append((row, f"算式有无与得分不合: {sentence}"))
        elif pd.notna(published) and half_up(formula_value(row["formula"]), decimals) != Fraction(published):
            found.append((row, f"{row['formula']} 不等于 {published}: {sentence}"))
        elif pd.notna(published) and f"{_as_told(row['formula'], published)} " not in f"{sentence} ":
            found.append((row, f"没有写算式和得分 {published}: {sentence}"))
        found += [(row, f"{wrong}: {sentence}") for wrong in wrong_equations(sentence, decimals)]
        if any(words in sentence for words in DIFFERS):
            found.append((row, sentence))
    return found


def _as_told(formula: str, published: str) -> str:
    """The end of an equation; of a single number or where a limit binds, the score alone."""
    plain = LIMIT.search(formula) is not None or not any(sign in formula.removeprefix("-") for sign in "+-×÷")
    return f" {published}" if plain else f" {formula}={published}"


def _total_faults(lines: list[str], row: dict[Any, Any], decimals: int) -> list[str]:
    text = "\n".join(lines)
    found = [f"{wrong}" for line in lines for wrong in wrong_equations(line, decimals)]
    found += [line for line in lines if any(words in line for words in DIFFERS)]
    totals = [line for line in lines if line.startswith(("总分 ", "total "))]
    if pd.notna(row["total_score"]) and not (len(totals) == 1 and f"{row['total_score']} " in f"{totals[0]} "):
        found.append(f"没有写总分 {row['total_score']}: {text}")
    if pd.notna(row["rank"]) and f"第{row['rank']}名" not in text and f"place {row['rank']} of" not in text:
        found.append(f"没有写名次 {row['rank']}: {text}")
    found += [f"没有写 {row[key]}: {text}" for key in ("grade", "award") if pd.notna(row[key]) and row[key] not in text]
    return found


def evaluated(rulebook: str, accepted: pd.DataFrame | None = None, **given: Any) -> Evaluated:
    """A small evaluation, as `small_evaluations.scored` takes it."""
    parts = {name: given.pop(name) for name in ("units", "targets", "officials", "columns") if name in given}
    made = definition(rulebook, **parts)
    inputs = ScoreInputs(figures() if accepted is None else accepted, **given)
    return of(made, inputs)


def of(made: Definition, inputs: ScoreInputs) -> Evaluated:
    return Evaluated(
        made,
        inputs,
        score(
            made,
            inputs.figures,
            claims=inputs.claims,
            marks=inputs.marks,
            previous=inputs.previous,
            previous_totals=inputs.previous_totals,
            received=inputs.received,
        ),
    )


class Caught:
    """What a test module that scores by itself hands to scoring."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
        self.last: Evaluated | None = None
        monkeypatch.setattr(module, "score", self._score)

    def _score(self, made: Definition, figures: pd.DataFrame, **given: Any) -> Scores:
        scores = score(made, figures, **given)
        self.last = Evaluated(made, ScoreInputs(figures, **given), scores)
        return scores


def example(name: str) -> Evaluated:
    """A shipped example: its files read, accepted and scored."""
    folder = EXAMPLES / name
    made, reading = example_definition(folder), read_example(folder)
    names = ("unit_code", "indicator_code", "period", "new_value", "seq", "approval_seq")
    accepted = accept(made, reading.submitted_values, set(), pd.DataFrame(columns=list(names), dtype="str"))
    claims = reading.submitted_claims
    counted = claims[(claims["outcome"] == "accepted") & (claims["source"] != "self")]
    return of(made, ScoreInputs(accepted, claims=counted, marks=reading.marks))
