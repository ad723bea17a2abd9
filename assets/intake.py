"""From the inbox to verdicts: files received, what stands in them, and what is wrong with it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pandas as pd
from dagster import AssetExecutionContext, AssetSpec, DataVersion, MaterializeResult, MetadataValue, asset, multi_asset

from assets.last_year import previous_claims, previous_values
from assets.metadata import OWNERS, definition_metadata, materialized, named
from checks.expectations import verdicts
from checks.predicates import COUNTS
from checks.showing import NAMES, table_value
from checks.suites import PLACES, Submitted, suites
from evaluation.acceptance import READ
from evaluation.corrected import of_figures
from evaluation.decided import claims_decided
from evaluation.definition import Definition
from evaluation.open_findings import open_findings
from intake.limits import limits_from
from intake.messages import with_messages
from intake.reading import Reading, read_files
from reports.words import SEVERITIES
from resources.adoption import digests_in_force
from resources.findings import findings_frame, settled_by, with_replacements
from resources.inbox import RECEIVED, left_alone, received_at
from resources.kaohe import KaoheResource, Work
from resources.partitions import evaluations
from resources.tables import RECEIVED_FILES, contents

FILE_COLUMNS = ["seq", "sha256", "sender", "name", "received_at"]


@asset(
    partitions_def=evaluations,
    group_name="intake",
    kinds={"file"},
    owners=OWNERS,
    code_version="1",
    metadata=definition_metadata("received_files"),
    description=(
        "收到的文件：各报送单位放进收件箱或由 kaohe submit 送交的每一份文件，按 SHA-256 存档并记入台账，一份也不会丢。"
    ),
)
def received_files(context: AssetExecutionContext, kaohe: KaoheResource) -> MaterializeResult[Any]:
    work = kaohe.opened(context)
    files = files_received(work)
    left = files_left_alone(work)
    digest = work.write("received_files", received_files=files, findings=left)
    inbox = MetadataValue.path(str(work.home.inbox / work.evaluation))
    metadata: dict[str, Any] = {
        "dagster/row_count": len(files),
        "预览": table_value(files[FILE_COLUMNS], 100),
        "收件箱": inbox,
        "没有收的": table_value(left, 100),
    }
    return MaterializeResult(metadata=metadata, data_version=DataVersion(digest))


def files_received(work: Work) -> pd.DataFrame:
    """The files that the ledger names up to the run's entry, in its order."""
    entries = work.ledger.entries(work.evaluation, [RECEIVED], work.run.ledger_seq)
    rows = [(e.seq, e.payload["sha256"], e.payload["sender"], e.payload["name"], received_at(e)) for e in entries]
    columns = [column.name for column in contents(RECEIVED_FILES)]
    return pd.DataFrame(rows, columns=FILE_COLUMNS).reindex(columns=columns)


def files_left_alone(work: Work) -> pd.DataFrame:
    """Findings on what lay in the inbox when the run began and was not taken in."""
    left = left_alone(work.ledger, work.evaluation, work.run.ledger_seq)
    rows = [(one.code, one.sender, one.name, one.name, one.detail) for one in left]
    found = pd.DataFrame(rows, columns=["code", "sender", "file", "raw", "detail"], dtype="str")
    return findings_frame("received_files", with_messages(found))


def with_definitions(work: Work, files: pd.DataFrame) -> pd.DataFrame:
    """The files with `definition`: the digest of the one in force when each came in, by which its form was made."""
    digests = digests_in_force(work.ledger, work.evaluation, files["seq"].tolist(), work.run.definition_digest)
    return files.assign(definition=pd.Series(digests, index=files.index, dtype="str"))


def read_received(work: Work, files: pd.DataFrame, definition: Definition) -> Reading:
    """What archived files (FILE_COLUMNS) say by a definition, as things stand for the run."""
    return read_files(
        with_definitions(work, files),
        work.archive.path,
        definition,
        closed_seq=work.standing.closed_seq,
        previous=previous_values(work),
        limits=limits_from(),
    )


def corrections_asked(work: Work, read: Callable[[], Reading]) -> pd.DataFrame:
    """The rows of correction sheets, as the run's first reading of these files has them."""
    return work.once("corrections asked", lambda: read().corrections)


@multi_asset(
    specs=[
        AssetSpec(
            "submitted_values",
            deps=["received_files", "definition"],
            group_name="intake",
            kinds={"pandas"},
            owners=OWNERS,
            code_version="1",
            metadata=definition_metadata("submitted_values"),
            description="报送值：从每份文件的每个单元格读到的数据，带着原文、文件、工作表和单元格；读不懂的退回并说明。",
        ),
        AssetSpec(
            "submitted_claims",
            deps=["received_files", "definition"],
            group_name="intake",
            kinds={"pandas"},
            owners=OWNERS,
            code_version="1",
            metadata=definition_metadata("submitted_claims"),
            description="申报事项与评委打分：加分、扣分、否决事项以及评委分值，每一行都带着出处。",
        ),
    ],
    partitions_def=evaluations,
    name="read_submissions",
)
def submissions(context: AssetExecutionContext, kaohe: KaoheResource) -> Iterator[MaterializeResult[Any]]:
    """Reads each file once; figures go one way, claims and marks the other."""
    work = kaohe.work(context)
    files = work.read("received_files")[FILE_COLUMNS]
    reading = read_received(work, files, work.definition)
    corrections_asked(work, lambda: reading)
    # What became of each file is known only now: the list of files is written again with it.
    counted = reading.files.merge(files[["seq", "received_at"]], on="seq")
    digest = work.write("submitted_values", submitted_values=reading.submitted_values, received_files=counted)
    claims = claims_decided(work.definition.rulebook, reading.submitted_claims, work.decisions)
    claims_digest = work.write(
        "submitted_claims",
        submitted_claims=claims,
        marks=reading.marks,
        self_scores=reading.self_scores,
    )
    found = findings_frame("intake", reading.findings, work.resolutions)
    found = with_replacements(found, counted, reading.submitted_values)
    work.write("intake", findings=settled_by(of_figures(work.corrections), found, counted))
    rules, values = work.definition, reading.submitted_values
    cells = {NAMES[name]: int(counted[name].astype("Int64").sum()) for name in ("cells_read", *COUNTS)}
    yield materialized(rules, values, digest, cells | {"各文件": table_value(counted, 100)}, "submitted_values")
    marks = table_value(named(rules, reading.marks))
    yield materialized(rules, claims, claims_digest, {"评委打分": marks}, "submitted_claims")


@asset(
    deps=["submitted_values", "submitted_claims", "definition"],
    partitions_def=evaluations,
    group_name="intake",
    kinds={"greatexpectations"},
    owners=OWNERS,
    code_version="1",
    metadata=definition_metadata("findings"),
    description="问题清单：读取时退回的单元格，加上按细则推出的各项核查（范围、口径、增长、互相核对、应报未报）的结论。每条写明单位、文件、单元格、读到什么、怎么办。",
)
def findings(context: AssetExecutionContext, kaohe: KaoheResource) -> MaterializeResult[Any]:
    work = kaohe.work(context)
    failed = verdicts(suites(work.definition, submitted(work)))
    judged = findings_frame("findings", failed, work.resolutions)
    digest = work.write("findings", findings=settled_by(of_figures(work.corrections), judged))
    found = work.findings()
    return materialized(work.definition, found, digest, _counted(work, found))


def _counted(work: Work, found: pd.DataFrame) -> dict[str, Any]:
    """How many there are of each severity and how many need somebody, in all and by sender, most of them first."""
    needs = found.index.isin(open_findings(found).index)
    columns = {word: found["severity"] == code for code, word in SEVERITIES.items()} | {"待处理": needs}
    names = found["sender"].map(work.definition.sender_names).fillna(found["sender"]).fillna("（全县）")
    counts = pd.DataFrame(columns, index=found.index).astype("int64").groupby(names).sum()
    shown = counts.sort_values(["待处理", "错误"], ascending=False, kind="stable").rename_axis("报送单位").reset_index()
    return {word: int(counts[word].sum()) for word in columns} | {"各报送单位": table_value(shown, 100)}


def submitted(work: Work) -> Submitted:
    """All that the expectations look at, as this run has read it."""
    files = work.read("received_files", "submitted_values")
    return Submitted(
        values=work.values_with(*READ),
        claims=work.read("submitted_claims"),
        marks=work.read("marks", "submitted_claims"),
        previous=previous_values(work),
        previous_claims=previous_claims(work),
        evidence=files[files["kind"] == "evidence"],
        corrections=of_figures(work.corrections),
        as_of=date.fromisoformat(work.as_of),
        places=lambda row_ids: work.read("submitted_values", columns=PLACES, row_ids=row_ids),
    )
