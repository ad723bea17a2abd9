"""Recomputation (重算): from what came in to accepted values and all scores, in memory.

Here belongs how acceptance and scoring follow each other and what is handed from one to the other. The assets
call these same pieces one by one, so that what is shown beforehand and what then happens cannot differ.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from evaluation.acceptance import accept
from evaluation.corrected import corrected, of_figures, with_corrections
from evaluation.decided import claims_decided, claims_that_count, values_decided
from evaluation.definition import Definition
from evaluation.explanation_view import ScoreInputs
from evaluation.refiled import marks_that_count
from evaluation.rulebook import Rulebook
from evaluation.scoring import Scores, score

PLACE = ["sha256", "sender", "sheet", "cell"]


@dataclass(frozen=True, eq=False)
class Facts:
    """All that an evaluation is scored from besides its definition; rows carry the ledger entry that brought them.

    `values`, `claims`, `marks`: rows as submitted (`seq`). `findings`: verdicts with PLACE and severity.
    `corrections`: approved ones (`approval_seq`). `resolutions`, `decisions`: what examiners decided on findings
    and claims (`seq`). `previous`, `previous_totals`: last year's results.
    """

    values: pd.DataFrame
    claims: pd.DataFrame
    marks: pd.DataFrame
    findings: pd.DataFrame
    corrections: pd.DataFrame
    resolutions: pd.DataFrame
    decisions: pd.DataFrame
    previous: pd.DataFrame
    previous_totals: pd.DataFrame | None = None

    def up_to(self, seq: int) -> "Facts":
        """What had come in and had been approved up to that ledger entry.

        Files are read one by one, so a file's rows do not depend on those that came later.
        """
        return replace(
            self,
            values=self.values[self.values["seq"] <= seq],
            claims=self.claims[self.claims["seq"] <= seq],
            marks=self.marks[self.marks["seq"] <= seq],
            corrections=self.corrections[self.corrections["approval_seq"] <= seq],
            resolutions=self.resolutions[self.resolutions["seq"] <= seq],
            decisions=self.decisions[self.decisions["seq"] <= seq],
        )


@dataclass(frozen=True, eq=False)
class Recomputed:
    """What comes out: the definition as corrected, accepted values, and the scores made of them."""

    definition: Definition
    accepted_values: pd.DataFrame
    inputs: ScoreInputs
    scores: Scores


def recompute(definition: Definition, facts: Facts) -> Recomputed:
    """Accepted values and all scores by the definition as adopted, with the corrections that the facts hold."""
    in_force = with_corrections(definition, facts.corrections)
    values = values_decided(facts.values, facts.resolutions)
    accepted = accepted_from(in_force, values, facts.findings, facts.corrections, facts.resolutions)
    inputs = inputs_from(
        accepted,
        claims_decided(in_force.rulebook, facts.claims, facts.decisions),
        marks_that_count(in_force.rulebook, facts.marks),
        facts.corrections,
        received=first_received(in_force.rulebook, lambda: values),
        previous=facts.previous,
        previous_totals=facts.previous_totals,
    )
    return Recomputed(in_force, accepted, inputs, score(in_force, **vars(inputs)))


def accepted_from(
    definition: Definition,
    values: pd.DataFrame,
    findings: pd.DataFrame,
    corrections: pd.DataFrame,
    resolutions: pd.DataFrame,
) -> pd.DataFrame:
    """Accepted values of what was submitted (as decided) and not ruled out, with approved corrections of figures."""
    figures = of_figures(corrections)
    return accept(definition, values, refused_rows(values, findings), figures, resolutions)


def inputs_from(
    accepted: pd.DataFrame,
    claims: pd.DataFrame,
    marks: pd.DataFrame,
    corrections: pd.DataFrame,
    *,
    received: pd.DataFrame | None,
    previous: pd.DataFrame | None,
    previous_totals: pd.DataFrame | None,
) -> ScoreInputs:
    """What scores are made from: of `claims`, as decided, those that count, and `marks` that count, as corrected."""
    return ScoreInputs(
        figures=accepted,
        claims=corrected(claims_that_count(claims), "claim", corrections),
        marks=corrected(marks, "mark", corrections, outcome="accepted"),
        previous=previous,
        previous_totals=previous_totals,
        received=received,
    )


def refused_rows(values: pd.DataFrame, findings: pd.DataFrame) -> set[int]:
    """`row_id`s of the values that a verdict rules out, found by file, sheet and cell."""
    errors = findings.loc[findings["severity"] == "error", PLACE].fillna("")
    near = values.loc[values["cell"].fillna("").isin(errors["cell"]), ["row_id", *PLACE]]  # of very many, a few
    ruled_out = pd.MultiIndex.from_frame(near[PLACE].fillna("")).isin(pd.MultiIndex.from_frame(errors))
    return set(near.loc[ruled_out, "row_id"])


def first_received(rulebook: Rulebook, submitted: Callable[[], pd.DataFrame]) -> pd.DataFrame | None:
    """The day on which each figure of a unit first came in; None, and nothing read, where lateness is not scored."""
    if not rulebook.scores_lateness:
        return None
    key, values = ["unit_code", "indicator_code"], submitted()
    came = values.loc[values["outcome"] == "accepted", [*key, "received_at"]]
    moments, known = pd.factorize(came["received_at"], sort=True)
    units, figures = (pd.factorize(came[name])[0] for name in key)
    numbers = units.astype("int64") * (figures.max(initial=0) + 1) + figures
    order = np.argsort(moments, kind="stable")
    first = order[~pd.Series(numbers[order]).duplicated().to_numpy()]
    days = pd.Series(known, dtype="str").str[:10].array.take(moments[first], allow_fill=True)
    return came[key].iloc[first].assign(received_on=days)
