"""Scoring (计分): from a definition and what was accepted to scores, totals, ranks, grades, awards.

Here belongs the order in which the steps follow each other, and nothing that a step decides.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation.definition import Definition
from evaluation.grading import Edges, Standings, awards, grades
from evaluation.inputs import Inputs
from evaluation.officials import official_scores
from evaluation.plan import Plan
from evaluation.ranking import change_ranks, ranks
from evaluation.rounding import decimal_text
from evaluation.score_sheet import ScoreSheet
from evaluation.score_tables import indicator_scores, total_scores
from evaluation.texts import text_array
from evaluation.unit_totals import UnitTotals, unit_totals
from evaluation.vetoes import vetoed

TEXTS = text_array([])
NO_OTHER_RANKS = pd.DataFrame(
    {"unit_code": TEXTS, "ranking": TEXTS, "change": TEXTS, "rank": pd.array([], dtype="Int64")}
)
TIE_COLUMNS = ("name", "unit_group", "rank", "unit_code", "admitted")
NO_EDGE_TIES = pd.DataFrame([], columns=list(TIE_COLUMNS))


@dataclass(frozen=True)
class Scores:
    """`other_ranks`: `unit_code, ranking, change, rank`; `edge_ties`: `name, unit_group, rank, unit_code, admitted`."""

    indicator_scores: pd.DataFrame
    total_scores: pd.DataFrame
    official_scores: pd.DataFrame
    other_ranks: pd.DataFrame
    edge_ties: pd.DataFrame


def score(
    definition: Definition,
    figures: pd.DataFrame,
    claims: pd.DataFrame | None = None,
    marks: pd.DataFrame | None = None,
    previous: pd.DataFrame | None = None,
    previous_totals: pd.DataFrame | None = None,
    received: pd.DataFrame | None = None,
) -> Scores:
    """All scores of one evaluation, units in the order of units.csv.

    `figures`, `previous`: accepted values of this and of last year. `claims`: those that count. `received`:
    `unit_code, indicator_code, received_on`. `previous_totals`: `unit_code, total_score`.
    """
    plan = definition.plan
    inputs = Inputs(definition, figures, claims, marks, previous, received)
    totals, standings = standings_of(inputs)
    sheet = totals.sheet
    edges = Edges(standings)
    grade = grades(standings, plan.rulebook.grades, edges)
    names = [one.grade for one in plan.rulebook.grades]
    award = awards(standings, plan.rulebook.awards, names, grade, edges)
    provisional = np.asarray(sheet.provisional.any(axis=0), dtype=bool)
    return Scores(
        indicator_scores(sheet),
        total_scores(totals, standings, grade[1], award, provisional),
        official_scores(totals, definition.officials),
        _other_ranks(plan, totals, standings, previous_totals),
        _edge_ties(plan, edges),
    )


def standings_of(inputs: Inputs) -> tuple[UnitTotals, Standings]:
    """Sections, totals and ranks of all units, with the sheet of item scores under them."""
    totals = unit_totals(ScoreSheet(inputs))
    return totals, rank_units(inputs, totals)


def rank_units(inputs: Inputs, totals: UnitTotals) -> Standings:
    """Totals with ranks; a failed unit has none unless the rulebook ranks it all the same."""
    vetoes = vetoed(inputs)
    ranked = ~totals.pending
    if inputs.rulebook.ranking.vetoed != "ranked":
        ranked = ranked & ~vetoes.fail
    total = totals.published["total"]
    return Standings(inputs.units, inputs.plan.scale, total, ~totals.pending, ranks(totals, ranked), vetoes)


def _other_ranks(
    plan: Plan, totals: UnitTotals, standings: Standings, previous_totals: pd.DataFrame | None
) -> pd.DataFrame:
    if "change" not in plan.rulebook.ranking.also or previous_totals is None:
        return NO_OTHER_RANKS.copy()
    found = change_ranks(totals, standings.rank > 0, previous_totals)
    rank = found["rank"].astype("Int64")
    return pd.DataFrame(
        {
            "unit_code": plan.units.units["unit_code"].to_numpy(dtype=object),
            "ranking": "change",
            "change": text_array([None if one is None else decimal_text(one) for one in found["change"]]),
            "rank": rank.where(rank > 0),
        }
    )


def _edge_ties(plan: Plan, edges: Edges) -> pd.DataFrame:
    if not edges.ties:
        return NO_EDGE_TIES.copy()
    codes = plan.units.units["unit_code"].to_numpy(dtype=object)
    rows = [(tie.name, tie.group, tie.rank, codes[unit], tie.admitted) for tie in edges.ties for unit in tie.units]
    return pd.DataFrame(rows, columns=list(TIE_COLUMNS))
