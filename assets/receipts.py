"""What goes back to senders: a receipt of every file, and their own workbook where cells have to be mended."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from dagster import AssetExecutionContext, DataVersion, MaterializeResult, MetadataValue, asset

from assets.metadata import OWNERS
from checks.showing import table_value
from evaluation.rulebook import Rulebook
from intake.csvfile import read_csv
from reports.marked import marked_workbook
from reports.marked_csv import SHEET, workbook_of_csv
from reports.marked_markup import Unmarkable
from reports.receipt_rows import receipt_rows
from reports.receipts import COUNTS, Receipt, demand, receipt_page
from reports.rows import Rows, records
from reports.words import heading
from resources.findings import NOT_RECORDED
from resources.kaohe import KaoheResource, Work
from resources.partitions import evaluations
from resources.receipts import RECEIPT, Receipts, holds, keep, workbook_name
from resources.rows import frames_digest

PLACE = ["sha256", "sender", "file", "sheet", "cell"]
DUPLICATE = "DUPLICATE_FILE"


@asset(
    deps=["findings", "submitted_values"],
    partitions_def=evaluations,
    group_name="intake",
    kinds={"html", "excel"},
    owners=OWNERS,
    code_version="1",
    description=(
        "回执：每份报送文件一张，写明收到时间、读到多少、采用多少、退回哪些格、要不要处理；"
        "有退回的，连同标红加批注的原工作簿一并退给报送单位。没有变化的不重写。"
    ),
)
def receipts(context: AssetExecutionContext, kaohe: KaoheResource) -> MaterializeResult[Any]:
    work = kaohe.work(context)
    files, found = work.read("received_files"), _findings(work)
    told = write_receipts(work, files, found)
    digest = frames_digest({"received_files": files, "findings": found})
    metadata: dict[str, Any] = {
        "dagster/row_count": len(told),
        "新写": int(told["written"].sum()),
        "文件夹": MetadataValue.path(str(Receipts(work.home, work.evaluation).folder)),
        "预览": table_value(told.drop(columns="written"), 100),
    }
    return MaterializeResult(metadata=metadata, data_version=DataVersion(digest))


def _findings(work: Work) -> pd.DataFrame:
    """Findings about files; those on cells that wait for somebody's judgement are `held`."""
    found, values = work.findings(), work.values_with("row_id")
    held = values.loc[values["outcome"] == "held", "row_id"].tolist()
    places = work.read("submitted_values", columns=["row_id", *PLACE], row_ids=held)
    return with_held(found[found["sha256"].notna()].reset_index(drop=True), places)


def with_held(found: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Findings as their senders see them: warnings about a value that waits for a person are `held`, and rows of sheets
    of corrections that were not recorded are errors; `places`: PLACE of such values."""
    held = pd.MultiIndex.from_frame(places[PLACE].fillna(""))
    waits = pd.MultiIndex.from_frame(found[PLACE].fillna("")).isin(held) & (found["severity"] == "warning")
    severity = found["severity"].where(~waits, "held")
    return found.assign(severity=severity.where(~found["code"].isin(NOT_RECORDED), "error"))


def write_receipts(work: Work, files: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Write what is new or changed; one row per file: seq, sender, name, demand, written."""
    told = [
        (one.seq, one.sender, one.name, demand(one).short, kept(work, one)) for one in receipts_of(work, files, found)
    ]
    columns = ["seq", "sender", "name", "demand", "written"]
    return pd.DataFrame(told, columns=columns).astype({"written": "bool"})


def receipts_of(work: Work, files: pd.DataFrame, found: pd.DataFrame) -> Iterator[Receipt]:
    """A receipt for each of the files by the findings about it."""
    by_file: dict[tuple[str, str, str], Rows] = {}
    for one in records(found):
        by_file.setdefault((one["sha256"], one["sender"], one["file"]), []).append(one)
    definition = work.definition
    names = definition.sender_names
    for file in files.to_dict("records"):
        about = by_file.get((file["sha256"], file["sender"], file["name"]), [])
        about = [one for one in about if (one["code"] == DUPLICATE) == (file["outcome"] == "duplicate")]
        yield _receipt(definition.rulebook, work.run.definition_digest, file, about, names)


def _receipt(rulebook: Rulebook, digest: str, file: dict[str, Any], about: Rows, names: dict[str, str]) -> Receipt:
    due = rulebook.calendar.submissions_due
    return Receipt(
        title=rulebook.title or rulebook.evaluation,
        seq=int(file["seq"]),
        sender_name=names.get(file["sender"], file["sender"]),
        **{name: file[name] for name in ("sender", "name", "sha256", "received_at", "kind", "outcome")},
        counts=_counts(file, about),
        rows=receipt_rows(about),
        due=due.isoformat() if due else None,
        definition_digest=digest,
    )


def _counts(file: dict[str, Any], about: Rows) -> dict[str, int]:
    """The reader's counts, less what was ruled out by an expectation after it was read."""
    ruled_out = [one for one in about if one["producer"] != "intake" and one["severity"] == "error"]
    cells = len({(one["sheet"], one["cell"]) for one in ruled_out if one["cell"]})
    counts = {name: int(file[name]) for name in COUNTS}
    return counts | {"accepted": counts["accepted"] - cells, "refused": counts["refused"] + cells}


def kept(work: Work, receipt: Receipt) -> bool:
    """Write workbook, then receipt: a receipt that is there as it should be says that the workbook is, too."""
    folder = Receipts(work.home, work.evaluation).of_file(receipt.sender, receipt.seq, receipt.name)
    workbook = folder / workbook_name(receipt.name)
    if not receipt.wants_workbook:
        workbook.unlink(missing_ok=True)
        return keep(folder / RECEIPT, receipt_page(receipt).encode())
    with_it, without = replace(receipt, returned=workbook.name), replace(receipt, unmarked=True)
    if _is_kept(folder, with_it, workbook.is_file()) or _is_kept(folder, without, not workbook.exists()):
        return False
    try:
        keep(workbook, _marked(work.archive.get(receipt.sha256), receipt))
    except Unmarkable:
        workbook.unlink(missing_ok=True)
        return keep(folder / RECEIPT, receipt_page(without).encode())
    return keep(folder / RECEIPT, receipt_page(with_it).encode())


def _is_kept(folder: Path, receipt: Receipt, as_said: bool) -> bool:
    return as_said and holds(folder / RECEIPT, receipt_page(receipt).encode())


def _marked(data: bytes, receipt: Receipt) -> bytes:
    title = heading(receipt.title, f"核查结果（台账第 {receipt.seq} 号）")
    if data.startswith(b"PK"):
        return marked_workbook(data, receipt.rows, title)
    sheet, _ = read_csv(data)
    if sheet.body is not None:
        raise Unmarkable("a csv too big to be given back as a workbook")
    columns = (
        (column, [sheet.numbers[at] for at in kept.positions], kept.texts) for column, kept in sheet.columns.items()
    )
    return marked_workbook(workbook_of_csv(columns), [row._replace(sheet=SHEET) for row in receipt.rows], title)
