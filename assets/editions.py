"""The edition that a run would publish: everything the reports may know, read from the store."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import NamedTuple

import pandas as pd

from assets.analyses import analyses_of
from assets.cycles import cycles_of, last_totals
from assets.facts import facts_of
from assets.last_year import accepted_last_year, previous_seq
from assets.scores import explanations, score_inputs
from assets.steps import steps_between
from evaluation.corrected import corrected
from evaluation.explanation import Explained
from evaluation.explanation_words import LANGUAGES
from evaluation.refiled import marks_that_count
from evaluation.shifts import parts
from evaluation.states import FINAL, TRIAL
from reports.analyses import told as analyses_told
from reports.changes import causes, changes
from reports.charts import VERSIONS_DRAWN
from reports.corrections import correction_told, names_by_code
from reports.csv_files import read_csv, results_digest
from reports.cycles import Cycle
from reports.edition import ACCEPTED_VALUES, CLAIMS, EARLIER, MARKS, PREVIOUS_TOTALS, SELF_SCORES, Edition, saying_more
from reports.shifts import with_vetoes_named
from resources.adoption import ADOPTED
from resources.corrections import APPROVED, corrections
from resources.decisions import DECISION_KINDS
from resources.decisions import told as decisions_told
from resources.inbox import RECEIVED
from resources.kaohe import Work
from resources.ledger import Entry
from resources.publications import Publication, Publications, made_from, next_version
from resources.states import MOVED

INPUTS = ["submitted_values", "submitted_claims", "accepted_values"]


class Draft(NamedTuple):
    """What a run would publish and why. `newest`: the version that people see now, `unchanged` where these results and
    this state are its own; `held_back`: the evaluation's state lets no version with these results out."""

    edition: Edition
    cause: str
    results_digest: str
    newest: Publication | None
    unchanged: bool
    held_back: bool


def draft_of(work: Work) -> Draft:
    """The edition with the next version's number, in the state that these results may go out in.

    Raises:
        NotProducedYet: a step before has not run for these inputs.
    """
    publications = Publications(work.home, work.ledger, work.evaluation)
    newest = publications.newest()
    cause = cause_of(work, newest)
    marks = work.read("marks", "submitted_claims")
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
        accepted_values=work.read("accepted_values", columns=ACCEPTED_VALUES),
        changes=pd.DataFrame(),
        corrections=corrections(work.ledger, work.evaluation, work.run.ledger_seq),
        notice_until=work.standing.notice_until,
        other_ranks=work.read("other_ranks", "total_scores"),
        edge_ties=work.read("edge_ties", "total_scores"),
        claims=corrected(work.read("submitted_claims"), "claim", work.corrections)[CLAIMS],
        self_scores=_self_scores(work),
        cycles=(cycles := cycles_of(work)),
        previous_totals=last_years_totals(work, cycles),
        previous_values=_last_years_values(work),
        marks=marks_that_count(work.definition.rulebook, marks)[MARKS],
    )
    digest = results_digest(edition)
    state = work.standing.state_of(digest, corrected=bool(_fresh(work, [APPROVED], newest)))
    edition = saying_more(edition, changes=changes(None, edition, cause), state=state or work.standing.state)
    unchanged = newest is not None and (newest.results_digest, newest.state) == (digest, edition.state)
    return Draft(edition, cause, digest, newest, unchanged, held_back=state is None)


def changes_since_newest(work: Work, draft: Draft) -> pd.DataFrame:
    """`changes.csv`; each unit's cause says what moved it and by how much, where units are few enough to be told.

    It takes a recomputation for each cause but the last.
    """
    edition, cause, newest = draft.edition, draft.cause, draft.newest
    if newest is None:
        return edition.changes
    before = read_csv(Publications(work.home, work.ledger, work.evaluation).path(newest.version) / "ranking.csv")
    found = changes(before, edition, cause)
    if found.empty or not edition.detailed:
        return found
    steps = steps_between(
        work.ledger,
        work.evaluation,
        work.adopted_definition,
        facts_of(work),
        newest.ledger_seq,
        work.run.ledger_seq,
        rules_changed=work.run.definition_digest != newest.definition_digest,
        at_the_end=edition.total_scores,
    )
    return changes(before, edition, causes(with_vetoes_named(parts(before, steps), work.definition), steps))


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
    told += [correction_told(work.definition, row, numbers.get(row["approval_seq"])) for row in rows]
    told += decisions_told(fresh, names_by_code(work.definition))
    told += ["上年结果有变"] if _last_year_moved(work, newest) else []
    return "；".join(told) or "程序更新"


def _last_year_moved(work: Work, newest: Publication) -> bool:
    """Whether last year's evaluation was run on other inputs since the version was made."""
    read = made_from(work.ledger, work.evaluation, newest.version).get("previous_seq")
    return read != previous_seq(work)


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


def _self_scores(work: Work) -> pd.DataFrame:
    """The last one that could be read of each unit and item."""
    read = work.read("self_scores", "submitted_claims")
    usable = read[read["outcome"] == "accepted"].sort_values("seq", kind="stable")
    return usable.drop_duplicates(["unit_code", "indicator_code"], keep="last")[SELF_SCORES].reset_index(drop=True)


def last_years_totals(work: Work, cycles: tuple[Cycle, ...]) -> pd.DataFrame:
    """PREVIOUS_TOTALS as published; no rows where there is no last year."""
    found = last_totals(work.definition, cycles, PREVIOUS_TOTALS)
    return pd.DataFrame(columns=PREVIOUS_TOTALS, dtype="str") if found is None else found


def _last_years_values(work: Work) -> pd.DataFrame:
    """ACCEPTED_VALUES of the previous evaluation; no rows where there is none or it was never run."""
    values = accepted_last_year(work, work.definition)
    return pd.DataFrame(columns=ACCEPTED_VALUES, dtype="str") if values is None else values[ACCEPTED_VALUES]


def in_full(work: Work, edition: Edition, units: Collection[str] | None = None) -> Edition:
    """The edition as it goes out: with the versions before it, the analyses, and with the scores, totals and gaps of
    these units explained (None: of all, where they are few enough to be told of)."""
    explaining = units is not None or edition.detailed
    inputs = score_inputs(work, None if explaining else edition.accepted_values)
    edition = saying_more(
        edition,
        earlier=_earlier(Publications(work.home, work.ledger, work.evaluation), edition.version),
        analyses=analyses_told(work.definition, analyses_of(work, inputs, units)),
    )
    if not explaining:
        return edition
    explained = explanations(work, inputs) if units is None else Explained(work.definition, inputs, units)
    return saying_more(
        edition,
        told={one: explained.items(one) for one in LANGUAGES},
        totals_told={one: explained.totals(one) for one in LANGUAGES},
    )


def _earlier(publications: Publications, version: int) -> pd.DataFrame:
    """Totals and ranks of the last versions before that one, oldest first; one whose files are gone is left out."""
    before = [one for one in publications.all() if one.version < version][1 - VERSIONS_DRAWN :]
    files = [(one, publications.path(one.version) / "ranking.csv") for one in before]
    known = [read_csv(file).assign(version=one.version, state=one.state) for one, file in files if file.is_file()]
    return pd.concat([rows[EARLIER] for rows in known] or [pd.DataFrame(columns=EARLIER, dtype="str")])


def _inputs_digest(work: Work) -> str:
    digests = work.store.output_digests(work.evaluation, INPUTS)
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _ordered(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings in the order of sender, file and place, so that the same ones always make the same bytes."""
    order = ["sender", "file", "sheet", "code", "unit_code", "indicator_code", "period", "cell", "message"]
    return findings.sort_values(order, kind="stable").reset_index(drop=True)
