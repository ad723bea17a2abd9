"""The edition that a run would publish: everything the reports may know, read from the store."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from evaluation.states import FINAL, TRIAL
from reports.changes import changes
from reports.csv_files import read_csv, results_digest
from reports.edition import Edition
from resources.adoption import ADOPTED
from resources.corrections import APPROVED, corrections
from resources.decisions import DECISION_KINDS
from resources.decisions import told as decisions_told
from resources.inbox import RECEIVED
from resources.kaohe import Work
from resources.ledger import Entry
from resources.publications import Publication, Publications, next_version
from resources.states import MOVED

INPUTS = ["submitted_values", "submitted_claims", "accepted_values"]


class Draft(NamedTuple):
    """What a run would publish and why. `held_back`: the evaluation's state lets no version with these results out."""

    edition: Edition
    cause: str
    results_digest: str
    held_back: bool


def draft_of(work: Work) -> Draft:
    """The edition with the next version's number, in the state that these results may go out in.

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
        notice_until=work.standing.notice_until,
    )
    before = None if newest is None else read_csv(publications.path(newest.version) / "ranking.csv")
    digest = results_digest(edition)
    corrected = bool(_fresh(work, [APPROVED], newest))
    state = work.standing.state_of(digest, corrected=corrected)
    edition = replace(edition, changes=changes(before, edition, cause), state=state or work.standing.state)
    return Draft(edition, cause, digest, held_back=state is None)


def cause_of(work: Work, newest: Publication | None) -> str:
    """What came in since the newest version, in the order of the ledger: corrections by number and content."""
    if newest is None:
        return "首次发布"
    fresh = _fresh(work, [RECEIVED, ADOPTED, APPROVED, MOVED, *DECISION_KINDS], newest)
    files = sum(entry.kind == RECEIVED for entry in fresh)
    told = [f"新收到报送文件{files}份"] if files and not work.standing.closed else []
    told += ["考核办法重新下发"] if any(entry.kind == ADOPTED for entry in fresh) else []
    told += [f"转入{e.payload['state']}（{e.payload['document']}）" for e in fresh if e.kind == MOVED]
    asked = corrections(work.ledger, work.evaluation, work.run.ledger_seq)
    approved = {entry.seq for entry in fresh if entry.kind == APPROVED}
    numbers = _numbers_since_final(work)
    rows = asked[asked["approval_seq"].isin(approved)].to_dict("records")
    told += [_told(row, numbers.get(row["approval_seq"])) for row in rows]
    told += decisions_told(fresh)
    return "；".join(told) or "程序更新"


def _fresh(work: Work, kinds: list[str], newest: Publication | None) -> list[Entry]:
    """Entries of these kinds that the run has read and the newest version had not."""
    entries = work.ledger.entries(work.evaluation, kinds, work.run.ledger_seq)
    return [entry for entry in entries if newest is None or entry.seq > newest.ledger_seq]


def _numbers_since_final(work: Work) -> dict[int, int]:
    """Numbers, from 1, of the corrections approved after the results were made final, by their ledger entry."""
    entries = work.ledger.entries(work.evaluation, [APPROVED, MOVED], work.run.ledger_seq)
    final = next((e.seq for e in entries if e.kind == MOVED and e.payload["state"] == FINAL), None)
    later = [e.seq for e in entries if e.kind == APPROVED and final is not None and e.seq > final]
    return {seq: number for number, seq in enumerate(later, 1)}


def _told(row: dict[str, object], number: int | None) -> str:
    name = "更正" if number is None else f"更正第{number}号"
    return (
        f"{name}（台账第{row['seq']}号）{row['unit_code']} {row['indicator_code']} {row['period']}："
        f"{row['old_value'] or '无'}→{row['new_value']}，{row['reason']}"
    )


def _inputs_digest(work: Work) -> str:
    digests = work.store.output_digests(work.evaluation, INPUTS)
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _ordered(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings in the order of sender, file and place, so that the same ones always make the same bytes."""
    order = ["sender", "file", "sheet", "code", "unit_code", "indicator_code", "period", "cell", "message"]
    return findings.sort_values(order, kind="stable").reset_index(drop=True)
