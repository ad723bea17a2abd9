"""What the analyses are made from: the run's inputs, and what of them is not settled in the ledger.

Here belongs fetching; what is made of it stands in `evaluation/analyses.py`. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pandas as pd

from assets.facts import facts_of
from assets.scores import score_inputs
from evaluation.analyses import Analyses, analyse
from evaluation.corrected import of_figures
from evaluation.decided import claims_decided, values_decided
from evaluation.explanation_view import ScoreInputs
from evaluation.open_matters import Unsettled
from evaluation.recomputation import refused_rows
from evaluation.worlds import Today
from reports.edition import DETAILED_UNITS
from resources.appeals import appeals
from resources.corrections import corrections, waiting
from resources.kaohe import Work

APPEAL = ["unit_code", "indicator_code", "receipt"]


def analyses_of(work: Work, inputs: ScoreInputs, units: Collection[str] | None = None) -> Analyses:
    """The analyses of the newest run, which scored these inputs, as of its date; gaps of these units (None: of all,
    where they are few).

    Raises:
        NotProducedYet: the run did not come that far.
    """
    today = Today(work.definition, inputs)
    as_of = date.fromisoformat(work.as_of)
    with_gaps = units is not None or len(today.plan.units) <= DETAILED_UNITS
    return analyse(today, lambda: unsettled(work), as_of, with_gaps=with_gaps, units=units)


def today_of(work: Work) -> Today:
    """The evaluation as the newest run has scored it."""
    return Today(work.definition, score_inputs(work))


def unsettled(work: Work) -> Unsettled:
    """What was open when the run read its inputs."""
    facts = facts_of(work)
    values = values_decided(facts.values, facts.resolutions)
    asked = corrections(work.ledger, work.evaluation, work.run.ledger_seq)
    open_ones = [
        [one.unit_code, one.indicator_code, one.receipt]
        for one in appeals(work.ledger, work.evaluation).values()
        if one.seq <= work.run.ledger_seq and (one.decided_seq is None or one.decided_seq > work.run.ledger_seq)
    ]
    return Unsettled(
        values=values[~values["row_id"].isin(refused_rows(values, facts.findings))],
        claims=claims_decided(work.definition.rulebook, facts.claims, facts.decisions),
        requested=of_figures(waiting(asked)),
        appeals=pd.DataFrame(open_ones, columns=APPEAL, dtype="str"),
    )
