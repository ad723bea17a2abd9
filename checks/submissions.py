"""Checks of definition, received files, submitted values and findings: what stands in the store, shown."""

from collections.abc import Iterator

from dagster import AssetCheckExecutionContext, AssetCheckResult, AssetCheckSeverity, multi_asset_check

from checks.gate import WHOLE, absent_inbox
from checks.predicates import unaccounted_files
from checks.showing import shown, statement
from resources.kaohe import KaoheResource

SHOWN = [
    "finding_id", "severity", "sender", "file", "sheet", "cell", "unit_code", "indicator_code", "period",
    "raw", "message", "what_to_do",
]  # fmt: skip

# Which findings of the rulebook's expectations each check of `findings` shows.
STATEMENTS = {
    "values_are_in_range": (["RANGE", "NEGATIVE", "OVER_100"], "每个报送值都在细则规定的范围内；超出的不采用。"),
    "counts_are_whole": (["NOT_WHOLE"], "按件、项、家等计的数是整数。"),
    "figures_are_final": (["FORECAST"], "每个数据都是实际数；预计数只作暂定。"),
    "growth_is_plausible": (["GROWTH", "DECLINE", "COPIED"], "与上年相比没有过快的增减，也不是照抄上年。"),
    "cumulative_figures_never_fall": (["FALLS"], "年内累计数不小于上一期。"),
    "values_are_like_their_peers": (["OUTLIER", "FAR_OVER_TARGET"], "与同组单位、与目标值没有悬殊的差距。"),
    "values_are_in_time": (["LATE"], "每个报送值都在截止日期前收到；迟报的首次报送照用并注明。"),
    "sources_agree": (["DISCREPANCY"], "同一数据的各个来源相差不超过允许误差。"),
    "totals_agree_with_their_parts": (["TOTAL_DIFFERS"], "合计数等于各单位之和。"),
    "every_obligation_is_met": (["MISSING"], "每个单位应报的每项数据都已收到。"),
    "rulebook_expectations_hold": (["EXPECTATION", "BAD_EXPECTATION"], "细则自己写明的核查要求都符合。"),
    "claims_can_be_scored": (
        ["CLAIM_LEVEL", "CLAIM_PIECE", "CLAIM_DATE_OUTSIDE", "CLAIM_DOCUMENT"],
        "申报事项的级别、内容、日期、依据都合细则。",
    ),
    "every_claim_is_decided": (["CLAIM_WAITS"], "单位自己申报的事项都已由考核办核定。"),
    "no_matter_is_claimed_twice": (["DOUBLE_CLAIM"], "同一专利、证书、项目、文件没有在两处申报。"),
    "marks_are_sound": (["MARK_RANGE", "MARK_TWICE"], "评委打分都在满分之内，每位评委一个。"),
}


@multi_asset_check(
    name="definition_checks",
    specs=[statement("definition", "definition_is_valid", WHOLE["definition_is_valid"], blocking=True)],
)
def definition_checks(context: AssetCheckExecutionContext, kaohe: KaoheResource) -> Iterator[AssetCheckResult]:
    found = kaohe.work(context).findings()
    rows = found[(found["producer"] == "definition") & (found["severity"] == "error")]
    yield shown("definition", "definition_is_valid", rows[["file", "cell", "raw", "message", "what_to_do"]])


@multi_asset_check(
    name="received_files_checks",
    specs=[statement("received_files", "inbox_is_present", WHOLE["inbox_is_present"], blocking=True)],
)
def received_files_checks(context: AssetCheckExecutionContext, kaohe: KaoheResource) -> Iterator[AssetCheckResult]:
    yield shown("received_files", "inbox_is_present", absent_inbox(kaohe.work(context)))


@multi_asset_check(
    name="submitted_values_checks",
    specs=[
        statement(
            "submitted_values",
            "every_cell_is_accounted_for",
            WHOLE["every_cell_is_accounted_for"],
            blocking=True,
        ),
        statement("submitted_values", "every_file_is_readable", "每份文件都能读取；整份退回的要重新报送。"),
        statement("submitted_values", "every_cell_is_readable", "每个单元格都能读懂；退回的要改正后重新报送。"),
    ],
)
def submitted_values_checks(context: AssetCheckExecutionContext, kaohe: KaoheResource) -> Iterator[AssetCheckResult]:
    work = kaohe.work(context)
    files, found = work.read("received_files"), work.findings()
    refused = found[(found["producer"] == "intake") & (found["severity"] == "error")]
    refused = refused[refused["replaced_by"].isna()]
    whole = refused["sha256"].isin(files.loc[files["outcome"] == "quarantined", "sha256"])
    yield shown("submitted_values", "every_cell_is_accounted_for", unaccounted_files(files))
    for name, rows in (("every_file_is_readable", refused[whole]), ("every_cell_is_readable", refused[~whole])):
        yield shown("submitted_values", name, rows[SHOWN], AssetCheckSeverity.WARN)


@multi_asset_check(
    name="findings_checks",
    specs=[statement("findings", name, description) for name, (_, description) in STATEMENTS.items()],
)
def findings_checks(context: AssetCheckExecutionContext, kaohe: KaoheResource) -> Iterator[AssetCheckResult]:
    found = kaohe.work(context).read("findings")
    found = found[found["accepted_by"].isna()]
    for name, (codes, _) in STATEMENTS.items():
        rows = found[found["code"].isin(codes)]
        grave = bool((rows["severity"] == "error").any())
        severity = AssetCheckSeverity.ERROR if grave else AssetCheckSeverity.WARN
        yield shown("findings", name, rows[SHOWN].reset_index(drop=True), severity)
