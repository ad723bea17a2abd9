"""Scores by the year's rulebook: items, totals with ranks and grades, officials. How, stands in evaluation/."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
from dagster import AssetExecutionContext, AssetSpec, MaterializeResult, TableMetadataValue, multi_asset

from assets.cycles import cycles_of, last_totals
from assets.last_year import previous_values
from assets.metadata import OWNERS, definition_metadata, materialized, named
from checks.showing import table_value
from evaluation.acceptance import SCORED
from evaluation.definition import Definition
from evaluation.explanation import Explained
from evaluation.explanation_view import ScoreInputs
from evaluation.recomputation import first_received, inputs_from
from evaluation.refiled import marks_that_count
from evaluation.scoring import score
from evaluation.unverified import unverified_shares
from reports.edition import DETAILED_UNITS
from resources.kaohe import KaoheResource, Work
from resources.partitions import evaluations


def _spec(name: str, deps: list[str], description: str) -> AssetSpec:
    return AssetSpec(
        name,
        deps=deps,
        group_name="scores",
        kinds={"numpy"},
        owners=OWNERS,
        code_version="1",
        metadata=definition_metadata(name),
        description=description,
    )


@multi_asset(
    specs=[
        _spec(
            "indicator_scores",
            ["accepted_values", "submitted_claims", "definition"],
            "指标得分：每个单位每项指标的标准分、目标值、核定值、计分依据、得分、扣分和扣分原因。",
        ),
        _spec(
            "total_scores",
            ["indicator_scores"],
            "总分与名次：基础分加加分减扣分，四舍五入；组内名次、等次、一票否决、奖项。",
        ),
        _spec(
            "official_scores",
            ["indicator_scores"],
            "党政领导得分：按任职时间和所在单位得分折算。",
        ),
    ],
    partitions_def=evaluations,
    name="score_units",
)
def scores(context: AssetExecutionContext, kaohe: KaoheResource) -> Iterator[MaterializeResult[Any]]:
    """One calculation, three results: they cannot disagree."""
    work = kaohe.work(context)
    explained = len(work.definition.units) <= DETAILED_UNITS
    inputs = score_inputs(work, None if explained else work.read("accepted_values", columns=SCORED))
    results = score(work.definition, **vars(inputs))
    items = results.indicator_scores
    frames = {
        "indicator_scores": _with_reasons(items, explanations(work, inputs)) if explained else items,
        "total_scores": results.total_scores,
        "official_scores": results.official_scores,
    }
    rests = unverified_shares(work.definition.rulebook, inputs.figures, items)
    more = {
        "total_scores": {
            **_summed(results.total_scores),
            "依据自报未核实数据的得分": _listed(work.definition, rests),
            "按比上年变化排": _listed(work.definition, results.other_ranks),
            "名额边上的并列": _listed(work.definition, results.edge_ties),
        }
    }
    beside = {"total_scores": {"other_ranks": results.other_ranks, "edge_ties": results.edge_ties}}
    for name, frame in frames.items():
        digest = work.write(name, **{name: frame}, **beside.get(name, {}))
        yield materialized(work.definition, frame, digest, more.get(name), name)


def _listed(definition: Definition, rows: pd.DataFrame) -> TableMetadataValue:
    """All rows with names, of many units the first."""
    return table_value(named(definition, rows, DETAILED_UNITS), DETAILED_UNITS)


def _summed(totals: pd.DataFrame) -> dict[str, Any]:
    """Numbers that Dagster draws over time, and the whole ranking."""
    scores = pd.to_numeric(totals["total_score"]).dropna()
    ends = {"最高分": scores.max(), "平均分": scores.mean(), "最低分": scores.min()} if len(scores) else {}
    ranking = totals.sort_values(["kind", "unit_group", "rank"], ascending=[False, True, True], kind="stable")
    return {
        **{word: round(float(score), 2) for word, score in ends.items()},
        "暂定单位": int(totals["provisional"].astype("bool").sum()),
        "排名": table_value(ranking.drop(columns=["unit_code", "kind"]), DETAILED_UNITS),
    }


def score_inputs(work: Work, accepted: pd.DataFrame | None = None) -> ScoreInputs:
    """Everything that scores are made from besides the definition, as this run has accepted it.

    `accepted` has at least SCORED of the accepted values; None: all columns, which explanations name.
    """
    return inputs_from(
        work.read("accepted_values") if accepted is None else accepted,
        work.read("submitted_claims"),
        marks_that_count(work.definition.rulebook, work.read("marks", "submitted_claims")),
        work.corrections,
        received=first_received(work.definition.rulebook, lambda: work.values_with("received_at")),
        previous=previous_values(work),
        previous_totals=previous_totals(work),
    )


def explanations(work: Work, inputs: ScoreInputs) -> Explained:
    """Those of all units, worked out once a run: `inputs` are what the run has scored."""
    return work.once("explanations", lambda: Explained(work.definition, inputs))


def _with_reasons(scores: pd.DataFrame, explained: Explained) -> pd.DataFrame:
    """Each row with the sentence that tells how it came about."""
    told = explained.items("zh")[["unit_code", "indicator_code", "sentence"]]
    keys = ["unit_code", "indicator_code"]
    return scores.drop(columns="reason").merge(told.rename(columns={"sentence": "reason"}), on=keys, how="left")


def previous_totals(work: Work, definition: Definition | None = None) -> pd.DataFrame | None:
    """Last year's totals as published, None where there are none; `definition` as in `previous_values`."""
    return last_totals(definition or work.definition, cycles_of(work, definition), ["unit_code", "total_score"])
