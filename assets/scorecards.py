"""What people read: scorecards and all other papers of a version, then its publication behind the gate."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetSpec,
    DataVersion,
    MaterializeResult,
    MetadataValue,
    asset,
    multi_asset,
)

from assets.editions import Draft, changes_since_newest, draft_of, in_full
from assets.last_year import previous_seq
from assets.metadata import OWNERS, materialized
from checks.gate import require_fit_to_publish
from checks.showing import table_value
from reports.brief_county import conclusion, losses
from reports.catalogue import catalogue
from reports.csv_files import ranking, read_csv
from reports.edition import DETAILED_UNITS, saying_more
from reports.folder import write_folder
from reports.manifest import holds_whole
from reports.rows import rows_of
from reports.standings import standings
from resources.clock import now
from resources.kaohe import KaoheResource, Work
from resources.kept import give_back
from resources.partitions import evaluations
from resources.publications import Publication, Publications
from resources.rows import frames_digest
from resources.store import NotProducedYet

UNCHANGED = "没有变化，不出新版"
HELD_BACK = "已进入公示，结果有变而不出新版：公示期间的更正汇总后用 kaohe state 转入“复核”；定稿后只凭批准的更正出新版"
ENDS = 3
PAPERS = {
    "网页": "index.html",
    "汇总表和得分明细表": "scorecards.xlsx",
    "总体情况简报": "brief.docx",
    "结果通报": "notice.docx",
    "整版文件夹": "",
}
CHANGED = {
    "unit_code": "单位",
    "score_before": "原总分",
    "score_after": "总分",
    "rank_before": "原名次",
    "rank_after": "名次",
    "grade_before": "原等次",
    "grade_after": "等次",
    "cause": "起因",
}
DESCRIPTIONS = {
    "township": "乡镇（街道、县区）成绩单：每个单位一页，逐项写明标准分、目标、核定值、得分、扣分和出处。",
    "department": "部门成绩单：每个部门一页，写法与乡镇成绩单相同。没有被考核部门的考核，此项为空。",
}
PARENTS = ["indicator_scores", "total_scores", "official_scores", "findings"]


@multi_asset(
    specs=[
        AssetSpec(
            f"{kind}_scorecards",
            deps=PARENTS,
            group_name="scorecards",
            kinds={"html", "excel"},
            owners=OWNERS,
            code_version="1",
            description=description,
        )
        for kind, description in DESCRIPTIONS.items()
    ],
    partitions_def=evaluations,
    name="write_scorecards",
)
def unit_scorecards(context: AssetExecutionContext, kaohe: KaoheResource) -> Iterator[MaterializeResult[Any]]:
    """All papers of the version that would be published, where they can be looked at before."""
    work = kaohe.work(context)
    draft = draft_of(work)
    place = write_draft(work, draft)
    for kind in DESCRIPTIONS:
        totals = draft.edition.total_scores[draft.edition.total_scores["kind"] == kind]
        digest = frames_digest({"total_scores": totals})
        pages = {"网页": MetadataValue.path(str(place / "index.html"))}
        yield materialized(work.definition, totals, digest, pages, f"{kind}_scorecards")


def write_draft(work: Work, draft: Draft) -> Path:
    """Write the whole version where nobody takes it for published; returns where the results stand.

    Where they stand in the newest version already, nothing is written.
    """
    folder = work.home.working / work.evaluation
    shutil.rmtree(folder, ignore_errors=True)
    if draft.newest is not None and draft.unchanged:
        return Publications(work.home, work.ledger, work.evaluation).path(draft.newest.version)
    folder.mkdir(parents=True)
    changed = saying_more(draft.edition, changes=changes_since_newest(work, draft))
    told = in_full(work, changed)
    give_back()
    write_folder(folder, told, draft.cause)
    return folder


@asset(
    deps=["township_scorecards", "department_scorecards", "official_scores"],
    partitions_def=evaluations,
    group_name="scorecards",
    kinds={"excel", "html"},
    owners=OWNERS,
    code_version="1",
    description=(
        "发布：汇总表、明细表、网页、各 CSV 与清单，整版写好后一次换上；"
        "结果没有变化就不出新版。有整体性问题时一律不发布。"
    ),
)
def publication(context: AssetExecutionContext, kaohe: KaoheResource) -> MaterializeResult[Any]:
    work = kaohe.work(context)
    require_fit_to_publish(work)
    draft = draft_of(work)
    edition, newest, written = draft.edition, draft.newest, work.home.working / work.evaluation
    if not draft.unchanged and not holds_whole(written, edition, draft.cause):
        raise NotProducedYet(
            f"“{work.evaluation}”的成绩单还没有按现在的结果写好，请先运行 kaohe evaluate {work.evaluation}。"
            "（materialize township_scorecards and department_scorecards first.）"
        )
    publications = Publications(work.home, work.ledger, work.evaluation)
    publications.point_to_newest()
    if newest is not None and (draft.unchanged or draft.held_back):
        told = UNCHANGED if draft.unchanged else HELD_BACK
        context.log.info(f"no new version after {newest.version}: {told}")
        work.finish(told, newest.version)
        return _result(work, draft, publications.path(newest.version), newest.version, told)
    version = Publication(
        evaluation=work.evaluation,
        version=edition.version,
        state=edition.state,
        ledger_seq=edition.ledger_seq,
        definition_digest=edition.definition_digest,
        inputs_digest=edition.inputs_digest,
        results_digest=draft.results_digest,
        published_at=now(),
        cause=draft.cause,
    )
    place = publications.publish(
        version, work.run.fence, lambda folder: shutil.copytree(written, folder, dirs_exist_ok=True), _made_from(work)
    )
    work.finish(f"出了第{edition.version}版：{draft.cause}", edition.version)
    return _result(work, draft, place, edition.version, draft.cause)


def _made_from(work: Work) -> dict[str, Any]:
    """What the run read that the ledger alone does not tell: rules not adopted, and which of last year's runs."""
    return {
        "definition_files": json.loads(work.run.definition_files),
        "edited": work.run.edited,
        "previous_seq": previous_seq(work),
    }


def _result(work: Work, draft: Draft, place: Path, version: int, cause: str) -> MaterializeResult[Any]:
    """What an examiner wants to know first: the result in three sentences, who stands where, what changed."""
    edition = draft.edition
    changes = edition.changes if draft.unchanged else read_csv(work.home.working / work.evaluation / "changes.csv")
    names = catalogue(edition)
    rows = standings(edition, names)
    told = conclusion(edition, list(rows_of(rows)), losses(edition, names))
    shown = {"group_name": "分组", "place": "名次", "unit_name": "单位", "total_score": "总分", "grade": "等次"}
    pools = rows[rows["rank"].notna()].groupby(["kind", "pool"], sort=False)
    changed = changes.assign(unit_code=changes["unit_code"].map(names.units))
    return MaterializeResult(
        metadata={
            "概况": "".join(told),
            "起因": cause,
            "状态": edition.state,
            "版本": version,
            "变动单位": len(changes),
            "暂定单位": int(rows["provisional"].astype("bool").sum()),
            "dagster/row_count": len(rows),
            "名次靠前": table_value(pools.head(ENDS)[[*shown]].rename(columns=shown), DETAILED_UNITS),
            "名次靠后": table_value(pools.tail(ENDS)[[*shown]].rename(columns=shown), DETAILED_UNITS),
            "与上一版相比": table_value(changed.rename(columns=CHANGED), 60),
            "预览": table_value(ranking(edition), 60),
            **{word: MetadataValue.path(place / name) for word, name in PAPERS.items()},
        },
        data_version=DataVersion(draft.results_digest),
    )
