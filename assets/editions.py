"""The edition that a run would publish: everything the reports may know, read from the store."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pandas as pd

from reports.changes import changes
from reports.csv_files import read_csv
from reports.edition import Edition
from resources.adoption import ADOPTED
from resources.corrections import APPROVED, corrections
from resources.inbox import RECEIVED
from resources.kaohe import Work
from resources.publications import Publication, Publications, next_version

TRIAL = "试算"
INPUTS = ["submitted_values", "submitted_claims", "accepted_values"]


def edition_of(work: Work) -> tuple[Edition, str]:
    """The edition with the next version's number, and why there would be one.

    Raises:
        NotProducedYet: a step before has not run for these inputs.
    """
    publications = Publications(work.home, work.ledger, work.evaluation)
    newest = publications.newest()
    cause = cause_of(work, newest)
    edition = Edition(
        definition=work.definition,
        version=next_version(newest),
        state=TRIAL,
        as_of=work.as_of,
        ledger_seq=work.run.ledger_seq,
        ledger_head=work.run.ledger_head,
        definition_digest=work.run.definition_digest,
        inputs_digest=_inputs_digest(work),
        adopted=work.run.adopted,
        indicator_scores=work.read("indicator_scores"),
        total_scores=work.read("total_scores"),
        official_scores=work.read("official_scores"),
        findings=_ordered(work.findings()),
        accepted_values=work.read("accepted_values"),
        changes=pd.DataFrame(),
        corrections=corrections(work.ledger, work.evaluation, work.run.ledger_seq),
    )
    before = None if newest is None else read_csv(publications.path(newest.version) / "ranking.csv")
    return replace(edition, changes=changes(before, edition, cause)), cause


def cause_of(work: Work, newest: Publication | None) -> str:
    """What came in since the newest version, in the order of the ledger: corrections by number and content."""
    if newest is None:
        return "首次发布"
    kinds = [RECEIVED, ADOPTED, APPROVED]
    entries = work.ledger.entries(work.evaluation, kinds, work.run.ledger_seq)
    fresh = [entry for entry in entries if entry.seq > newest.ledger_seq]
    files = sum(entry.kind == RECEIVED for entry in fresh)
    told = [f"新收到报送文件{files}份"] if files else []
    told += ["考核办法重新下发"] if any(entry.kind == ADOPTED for entry in fresh) else []
    asked = corrections(work.ledger, work.evaluation, work.run.ledger_seq)
    approved = {entry.seq for entry in fresh if entry.kind == APPROVED}
    told += [_told(row) for row in asked[asked["approval_seq"].isin(approved)].to_dict("records")]
    return "；".join(told) or "程序更新"


def _told(row: dict[str, object]) -> str:
    return (
        f"更正（台账第{row['seq']}号）{row['unit_code']} {row['indicator_code']} {row['period']}："
        f"{row['old_value'] or '无'}→{row['new_value']}，{row['reason']}"
    )


def _inputs_digest(work: Work) -> str:
    digests = work.store.output_digests(work.evaluation, INPUTS)
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _ordered(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings in the order of sender, file and place, so that the same ones always make the same bytes."""
    order = ["sender", "file", "sheet", "code", "unit_code", "indicator_code", "period", "cell", "message"]
    return findings.sort_values(order, kind="stable").reset_index(drop=True)
