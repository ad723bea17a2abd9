"""Checks of accepted values, scores and the publication."""

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from dagster import AssetCheckExecutionContext, AssetCheckResult, AssetCheckSeverity, multi_asset_check

from checks import predicates
from checks.gate import WHOLE
from checks.showing import shown, statement
from reports.manifest import MANIFEST, file_digests
from resources.kaohe import KaoheResource
from resources.publications import Publications


@multi_asset_check(
    name="accepted_values_checks",
    specs=[statement("accepted_values", "one_value_per_key", WHOLE["one_value_per_key"], blocking=True)],
)
def accepted_values_checks(context: AssetCheckExecutionContext, kaohe: KaoheResource) -> Iterator[AssetCheckResult]:
    rows = predicates.repeated_keys(kaohe.work(context).read("accepted_values", columns=predicates.REPEATED))
    yield shown("accepted_values", "one_value_per_key", rows)


@multi_asset_check(
    name="total_scores_checks",
    specs=[
        statement("total_scores", "totals_add_up", WHOLE["totals_add_up"], blocking=True),
        statement("total_scores", "every_unit_has_a_total", WHOLE["every_unit_has_a_total"], blocking=True),
        statement("total_scores", "scores_are_final", "没有暂定的总分；暂定的还缺正式数据或裁定。"),
    ],
)
def total_scores_checks(context: AssetCheckExecutionContext, kaohe: KaoheResource) -> Iterator[AssetCheckResult]:
    work = kaohe.work(context)
    totals = work.read("total_scores")
    without = predicates.units_without_total(work.definition.units, totals)
    provisional = totals[totals["provisional"].astype(bool)]
    yield shown("total_scores", "totals_add_up", predicates.totals_that_do_not_add_up(totals))
    yield shown("total_scores", "every_unit_has_a_total", without)
    yield shown("total_scores", "scores_are_final", provisional, AssetCheckSeverity.WARN)


@multi_asset_check(
    name="publication_checks",
    specs=[
        statement(
            "publication",
            "published_files_match_their_manifest",
            "已发布的每个文件都与清单（manifest.json）里的 SHA-256 相符。",
        )
    ],
)
def publication_checks(context: AssetCheckExecutionContext, kaohe: KaoheResource) -> Iterator[AssetCheckResult]:
    work = kaohe.work(context)
    publications = Publications(work.home, work.ledger, work.evaluation)
    newest = publications.newest()
    altered = [] if newest is None else altered_files(publications.path(newest.version))
    rows = pd.DataFrame({"file": altered}, dtype="str")
    yield shown("publication", "published_files_match_their_manifest", rows)


def altered_files(folder: Path) -> list[str]:
    """Files of a published folder that are absent, added, or other than its manifest says."""
    try:
        listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"].items()
    except (OSError, ValueError, KeyError):
        return [MANIFEST]
    return sorted({name for name, _ in listed ^ file_digests(folder).items()})
