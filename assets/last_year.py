"""Last year's evaluation, as far as this one's goes by it: values that growth is measured from, claims made before.

Here belongs which of last year's runs counts. Its totals are taken from what was published (`cycles.py`).
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from assets.cycles import final_version
from evaluation.acceptance import KEY
from evaluation.continuity import in_this_years_codes
from evaluation.decided import claims_that_count
from evaluation.definition import Definition
from evaluation.recomputation import recompute
from resources.kaohe import Work
from resources.runs import current_run
from resources.tables import SUBMITTED_CLAIMS, contents


def previous_values(work: Work, definition: Definition | None = None) -> pd.DataFrame:
    """Last year's accepted values under this year's codes; none where no previous evaluation is named or it was never
    run. `definition`: which names it and the codes, where others than the work's are tried."""
    values = accepted_last_year(work, definition or work.definition)
    return pd.DataFrame(columns=[*KEY, "accepted_value"], dtype="str") if values is None else values


def accepted_last_year(work: Work, definition: Definition) -> pd.DataFrame | None:
    """Accepted values of the previous evaluation, under this year's codes, as its newest run has them; where this one
    is final, as its version was made from them. None: without any."""
    before, seq = _newest(work, definition), previous_seq(work)
    if before is not None and definition.rulebook.previous != work.definition.rulebook.previous:
        seq = before.run.ledger_seq
    if before is None or seq is None:
        return None
    if seq == before.run.ledger_seq:
        values = before.read("accepted_values")
    else:
        values = work.once("last year's values", lambda: accepted_at(before, seq))
    return in_this_years_codes(definition, values)


def accepted_at(work: Work, seq: int) -> pd.DataFrame:
    """Accepted values of an evaluation as they were up to that ledger entry, recomputed from what had come in."""
    from assets.facts import facts_by  # which reads files, for which this module is asked

    then = work.at(seq)
    return recompute(then.adopted_definition, facts_by(then, then.adopted_definition)).accepted_values


def previous_seq(work: Work) -> int | None:
    """The last ledger entry that counts for last year's values: that of its newest run, or where this evaluation is
    final, of the run that its version was made from; None without last year, or where there was none by then."""
    final = final_version(work)
    recorded: dict[str, int | None] = {} if final is None else final.get("made_from", {})
    if "previous_seq" in recorded:
        return recorded["previous_seq"]
    before = work_before(work)
    return None if before is None else before.run.ledger_seq


def previous_claims(work: Work) -> pd.DataFrame:
    """Last year's claims that counted; likewise none."""
    before = work_before(work)
    if before is None:
        return pd.DataFrame(columns=[column.name for column in contents(SUBMITTED_CLAIMS)], dtype="str")
    return claims_that_count(before.read("submitted_claims"))


def work_before(work: Work) -> Work | None:
    """The previous evaluation as its newest run has read it; None where there is none."""
    return _newest(work, work.definition)


def _newest(work: Work, definition: Definition) -> Work | None:
    previous = definition.rulebook.previous
    run = current_run(work.ledger, previous) if previous else None
    return None if run is None else replace(work, run=run)
