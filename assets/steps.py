"""What happened between two moments, entry by entry, with the totals after each.

Here belongs which entries of the ledger are steps, and whose facts they brought. Parts are added up in
`evaluation.shifts`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from evaluation.definition import Definition
from evaluation.recomputation import Facts, recompute
from evaluation.shifts import Step
from reports.corrections import correction_told, names_by_code
from resources.corrections import APPROVED
from resources.decisions import DECISION_KINDS, changes_values, told
from resources.inbox import RECEIVED
from resources.ledger import Entry, Ledger

# Beyond so many, files that came one after another are told together.
MOST_STEPS = 50
RULES = "考核办法重新下发"
ELSEWHERE = "上年结果或程序有变"


def steps_between(
    ledger: Ledger,
    evaluation: str,
    definition: Definition,
    facts: Facts,
    since: int,
    until: int,
    *,
    rules_changed: bool,
    most: int = MOST_STEPS,
    at_the_end: pd.DataFrame | None = None,
) -> list[Step]:
    """The rules first, then what came in and was approved after entry `since` up to `until`, in its order.

    `definition`: the one adopted at the end; `facts`: what it made of all that came in; `at_the_end`: the totals that
    they come to, where these are known already.
    """
    groups = _grouped(list(_that_matter(ledger, evaluation, facts, since, until)), most)
    ends = [since, *(entries[-1].seq for entries in groups)]
    known = [] if at_the_end is None else [at_the_end]
    unknown = ends[: len(ends) - len(known)]
    totals = [recompute(definition, facts.up_to(end)).scores.total_scores for end in unknown] + known
    steps = [Step(RULES if rules_changed else ELSEWHERE, totals[0])]
    for entries, after in zip(groups, totals[1:], strict=True):
        units = frozenset().union(*(_units(entry, facts) for entry in entries))
        steps.append(Step(_told(entries, facts, definition), after, units, entries[-1].seq))
    return steps


def _that_matter(ledger: Ledger, evaluation: str, facts: Facts, since: int, until: int) -> Iterator[Entry]:
    """Entries that brought something: evidence and files without a row that was read did not."""
    for entry in ledger.entries(evaluation, [RECEIVED, APPROVED, *DECISION_KINDS], until):
        if entry.seq > since and changes_values(entry) and _units(entry, facts):
            yield entry


def _grouped(entries: list[Entry], most: int) -> list[list[Entry]]:
    """Each entry by itself; where there are too many, files that follow each other together."""
    groups: list[list[Entry]] = []
    for entry in entries:
        together = len(entries) > most and entry.kind == RECEIVED
        if together and groups and groups[-1][-1].kind == RECEIVED:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _units(entry: Entry, facts: Facts) -> frozenset[str]:
    if entry.kind in DECISION_KINDS:
        return frozenset([entry.payload["unit_code"]])
    if entry.kind == APPROVED:
        rows = [facts.corrections[facts.corrections["approval_seq"] == entry.seq]]
    else:
        rows = [frame[frame["seq"] == entry.seq] for frame in (facts.values, facts.claims, facts.marks)]
    return frozenset(code for frame in rows for code in frame["unit_code"].dropna().unique())


def _told(entries: list[Entry], facts: Facts, definition: Definition) -> str:
    first = entries[0]
    if first.kind == APPROVED:
        row = facts.corrections[facts.corrections["approval_seq"] == first.seq].iloc[0]
        return correction_told(definition, row.to_dict())
    if first.kind in DECISION_KINDS:
        return told([first], names_by_code(definition))[0]
    if len(entries) > 1:
        return f"新收到报送文件{len(entries)}份（台账第{first.seq}至{entries[-1].seq}号）"
    sender = definition.sender_names.get(first.payload["sender"], first.payload["sender"])
    return f"{sender}报送《{first.payload['name']}》（台账第{first.seq}号）"
