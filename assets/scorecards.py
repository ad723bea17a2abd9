"""What people read: unit pages, then the publication of a whole version behind the gate."""

import json
import shutil
from pathlib import Path
from typing import Any

from dagster import AssetExecutionContext, DataVersion, MaterializeResult, MetadataValue, asset

from assets.editions import draft_of, in_full
from assets.metadata import OWNERS, materialized
from checks.gate import require_fit_to_publish
from checks.showing import table_value
from reports import csv_files
from reports.brief_county import conclusion, losses
from reports.catalogue import catalogue
from reports.edition import DETAILED_UNITS, Edition
from reports.folder import write_folder
from reports.pages import unit_pages
from reports.rows import rows_of
from reports.standings import standings
from resources.clock import now
from resources.kaohe import KaoheResource, Work
from resources.partitions import evaluations
from resources.publications import Publication, Publications
from resources.rows import frames_digest
from resources.runs import current_run

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
PARENTS = ["indicator_scores", "total_scores", "official_scores", "findings"]


@asset(
    deps=PARENTS,
    partitions_def=evaluations,
    group_name="scorecards",
    kinds={"html"},
    owners=OWNERS,
    code_version="1",
    description="乡镇（街道、县区）成绩单：每个单位一页，逐项写明标准分、目标、核定值、得分、扣分和出处。",
)
def township_scorecards(context: AssetExecutionContext, kaohe: KaoheResource) -> MaterializeResult[Any]:
    return _scorecards(kaohe.work(context), "township")


@asset(
    deps=PARENTS,
    partitions_def=evaluations,
    group_name="scorecards",
    kinds={"html"},
    owners=OWNERS,
    code_version="1",
    description="部门成绩单：每个部门一页，写法与乡镇成绩单相同。没有被考核部门的考核，此项为空。",
)
def department_scorecards(context: AssetExecutionContext, kaohe: KaoheResource) -> MaterializeResult[Any]:
    return _scorecards(kaohe.work(context), "department")


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
    edition, cause, digest, held_back = draft_of(work, compared=True)
    publications = Publications(work.home, work.ledger, work.evaluation)
    newest = publications.newest()
    publications.point_to_newest()
    same = newest is not None and (newest.results_digest, newest.state) == (digest, edition.state)
    if newest is not None and (same or held_back):
        told = UNCHANGED if same else HELD_BACK
        context.log.info(f"no new version after {newest.version}: {told}")
        work.finish(told)
        return _result(edition, publications.path(newest.version), newest.version, digest, told)
    version = Publication(
        evaluation=work.evaluation,
        version=edition.version,
        state=edition.state,
        ledger_seq=edition.ledger_seq,
        definition_digest=edition.definition_digest,
        inputs_digest=edition.inputs_digest,
        results_digest=digest,
        published_at=now(),
        cause=cause,
    )
    whole = in_full(work, edition)
    place = publications.publish(
        version, work.run.fence, lambda folder: write_folder(folder, whole, cause), _made_from(work)
    )
    work.finish(f"出了第{edition.version}版：{cause}")
    return _result(edition, place, edition.version, digest, cause)


def _made_from(work: Work) -> dict[str, Any]:
    """What the run read that the ledger alone does not tell: rules not adopted, and which of last year's runs."""
    previous = work.definition.rulebook.previous
    last_year = current_run(work.ledger, previous) if previous else None
    return {
        "definition_files": json.loads(work.run.definition_files),
        "edited": work.run.edited,
        "previous_seq": None if last_year is None else last_year.ledger_seq,
    }


def _scorecards(work: Work, kind: str) -> MaterializeResult[Any]:
    """Write the pages of one kind of unit where they can be looked at before they are published."""
    edition = draft_of(work).edition
    totals = edition.total_scores[edition.total_scores["kind"] == kind]
    drafts = work.home.working / work.evaluation / kind
    shutil.rmtree(drafts, ignore_errors=True)
    drafts.mkdir(parents=True)
    if edition.detailed:
        for code, page in unit_pages(edition, kind):
            (drafts / f"{code}.html").write_text(page, encoding="utf-8", newline="\n")
    digest = frames_digest({"total_scores": totals})
    return materialized(work.definition, totals, digest, {"草稿": MetadataValue.path(str(drafts))})


def _result(edition: Edition, place: Path, version: int, digest: str, cause: str) -> MaterializeResult[Any]:
    """What an examiner wants to know first: the result in three sentences, who stands where, what changed."""
    names = catalogue(edition)
    rows = standings(edition, names)
    told = conclusion(edition, list(rows_of(rows)), losses(edition, names))
    shown = {"group_name": "分组", "place": "名次", "unit_name": "单位", "total_score": "总分", "grade": "等次"}
    pools = rows[rows["rank"].notna()].groupby(["kind", "pool"], sort=False)
    changed = edition.changes.assign(unit_code=edition.changes["unit_code"].map(names.units))
    return MaterializeResult(
        metadata={
            "概况": "".join(told),
            "起因": cause,
            "状态": edition.state,
            "版本": version,
            "变动单位": len(edition.changes),
            "暂定单位": int(rows["provisional"].astype("bool").sum()),
            "dagster/row_count": len(rows),
            "名次靠前": table_value(pools.head(ENDS)[[*shown]].rename(columns=shown), DETAILED_UNITS),
            "名次靠后": table_value(pools.tail(ENDS)[[*shown]].rename(columns=shown), DETAILED_UNITS),
            "与上一版相比": table_value(changed.rename(columns=CHANGED), 60),
            "预览": table_value(csv_files.ranking(edition), 60),
            **{word: MetadataValue.path(place / name) for word, name in PAPERS.items()},
        },
        data_version=DataVersion(digest),
    )
