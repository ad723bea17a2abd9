"""The facts behind a result: as the newest run has read them, or read again from the archive by other rules.

Here belongs fetching what `evaluation.recomputation` needs. Nothing is written.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from assets.intake import FILE_COLUMNS, files_received, read_received
from assets.last_year import previous_values
from assets.scores import previous_totals
from checks.expectations import verdicts
from checks.suites import suites_of_values
from evaluation.corrected import with_corrections
from evaluation.decided import values_decided
from evaluation.definition import Definition
from evaluation.recomputation import Facts
from resources.kaohe import Work


def facts_of(work: Work) -> Facts:
    """What the work's run has read and judged.

    Raises:
        NotProducedYet: the run did not come that far.
    """
    return Facts(
        values=work.read("submitted_values"),
        claims=work.read("submitted_claims"),
        marks=work.read("marks", "submitted_claims"),
        findings=work.read("findings"),
        corrections=work.corrections,
        resolutions=work.resolutions,
        decisions=work.decisions,
        previous=previous_values(work),
        previous_totals=previous_totals(work),
    )


def facts_by(work: Work, definition: Definition) -> Facts:
    """What the same files say and are judged by another definition, which is as adopted: uncorrected."""
    files = files_received(work)[FILE_COLUMNS]
    in_force = with_corrections(definition, work.corrections)
    reading = read_received(work, files, in_force)
    previous = previous_values(work, definition)
    return Facts(
        values=reading.submitted_values,
        claims=reading.submitted_claims,
        marks=reading.marks,
        findings=judged(in_force, values_decided(reading.submitted_values, work.resolutions), previous),
        corrections=work.corrections,
        resolutions=work.resolutions,
        decisions=work.decisions,
        previous=previous,
        previous_totals=previous_totals(work, definition),
    )


def judged(definition: Definition, values: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    """The verdicts that rule a value out; others change no result and are not asked for."""
    asked = suites_of_values(definition, values, previous)
    return verdicts(replace(one, statements=[s for s in one.statements if s.severity == "error"]) for one in asked)
