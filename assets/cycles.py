"""The cycles before an evaluation's, each as it was published when a run read its inputs.

Here belongs finding them: by `previous`, evaluation after evaluation, in the ledger up to the run's entry. A version
published later changes nothing in what the run makes.
"""

from __future__ import annotations

import pandas as pd

from evaluation.continuity import totals_in_this_years_codes
from evaluation.definition import Definition
from evaluation.faults import InvalidRulebook
from reports.cycles import Cycle
from resources.adoption import archived_definition
from resources.archive import Archive
from resources.home import Home
from resources.kaohe import Work
from resources.ledger import Entry, Ledger, Payload
from resources.publications import PUBLISHED, Publications

# No evaluation has had more; `previous` that leads in a circle ends by itself.
MOST = 20


def cycles_of(work: Work, definition: Definition | None = None) -> tuple[Cycle, ...]:
    """The cycles before the work's, newest first, as its run finds them, or the final version found them.

    `definition`: which names the one before, where another than the work's is tried.
    """
    final = final_version(work)
    seq = work.run.ledger_seq if final is None else final["ledger_seq"]
    return cycles_before(work.home, work.ledger, definition or work.definition, seq)


def final_version(work: Work) -> Payload | None:
    """The version that people see where results are final, as the ledger recorded it; None before.

    From then on only corrections of this evaluation count: last year's results stay what that version was made from.
    """
    if not work.standing.final:
        return None
    published = work.ledger.entries(work.evaluation, [PUBLISHED], work.run.ledger_seq)
    return published[-1].payload if published else None


def cycles_before(home: Home, ledger: Ledger, definition: Definition, seq: int | None) -> tuple[Cycle, ...]:
    """Newest first, the version of each that was published last up to that ledger entry; it ends at the first that has
    none, or of which files or rules cannot be read any more."""
    found: list[Cycle] = []
    seen = {definition.rulebook.evaluation}
    previous = definition.rulebook.previous
    while previous is not None and previous not in seen and len(found) < MOST:
        seen.add(previous)
        published = ledger.entries(previous, [PUBLISHED], seq)
        cycle = cycle_of(home, ledger, published[-1]) if published else None
        if cycle is None:
            break
        found.append(cycle)
        previous = cycle.definition.rulebook.previous
    return tuple(found)


def cycle_of(home: Home, ledger: Ledger, entry: Entry) -> Cycle | None:
    """The version that the ledger's entry records; None where its files or its rules cannot be read."""
    version = entry.payload
    folder = Publications(home, ledger, entry.evaluation).path(version["version"])
    files = version.get("made_from", {}).get("definition_files", {})
    if not (folder / "ranking.csv").is_file() or not files:
        return None
    try:
        definition = archived_definition(Archive(home.archive), tuple(files.items()))
    except InvalidRulebook:  # by a program of then, which read what is refused today
        return None
    return Cycle(definition, version["version"], version["state"], version["results_digest"], folder)


def last_totals(definition: Definition, cycles: tuple[Cycle, ...], columns: list[str]) -> pd.DataFrame | None:
    """These columns of last year's published totals under this year's codes; None where there are none."""
    if not cycles:
        return None
    return totals_in_this_years_codes(definition, cycles[0].totals)[columns]
