"""All that is expected of one evaluation's submissions, as suites: limits joined as columns, a statement per kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from checks import history_statements, peer_statements, value_statements
from checks.claim_statements import claims_suite, doubles_suite, marks_suite
from checks.obligation_statements import obligations_suite
from checks.own_expectations import own_suite
from checks.source_statements import sources_suite, totals_suite
from checks.statements import Suite
from evaluation.definition import Definition
from evaluation.discrepancies import KEY, ranked


@dataclass(frozen=True)
class Submitted:
    """What came in, with examiners' decisions on it, and last year's: accepted values, and claims that counted.

    `evidence` are files (`sender`, `name`, `sha256`), `corrections` the approved ones; `as_of` is the day of the
    newest entry that the run reads.
    """

    values: pd.DataFrame
    claims: pd.DataFrame
    marks: pd.DataFrame
    previous: pd.DataFrame
    previous_claims: pd.DataFrame
    evidence: pd.DataFrame
    corrections: pd.DataFrame
    as_of: date


def suites(definition: Definition, submitted: Submitted) -> list[Suite]:
    """The suites in the order in which findings are told."""
    usable = submitted.values[submitted.values["outcome"] == "accepted"]
    return [
        *suites_of_values(definition, submitted.values, submitted.previous),
        sources_suite(definition, usable),
        totals_suite(definition, _standing(definition, usable).drop_duplicates(KEY).reset_index(drop=True)),
        obligations_suite(definition, submitted.values, submitted.corrections, submitted.as_of),
        claims_suite(definition, submitted.claims),
        doubles_suite(definition, submitted.claims, submitted.previous_claims, submitted.evidence),
        marks_suite(definition, submitted.marks),
    ]


def suites_of_values(definition: Definition, values: pd.DataFrame, previous: pd.DataFrame) -> list[Suite]:
    """Those whose statements may rule a value out. Superseded values are not judged again."""
    standing = _standing(definition, values[values["outcome"] == "accepted"])
    counting = standing.drop_duplicates(KEY).reset_index(drop=True)
    return [values_suite(definition, standing, previous), own_suite(definition, counting)]


def _standing(definition: Definition, usable: pd.DataFrame) -> pd.DataFrame:
    """Of each source the value that counts, the most trusted source of a key first."""
    return ranked(definition, usable).drop_duplicates([*KEY, "source"]).reset_index(drop=True)


def values_suite(definition: Definition, values: pd.DataFrame, previous: pd.DataFrame) -> Suite:
    """Statements about single values; of each key's values the one that counts first stands first."""
    frame = value_statements.with_limits(definition, values)
    frame = history_statements.with_history(definition, frame, previous)
    statements = [*value_statements.STATEMENTS, *history_statements.STATEMENTS, *peer_statements.STATEMENTS]
    return Suite("values", peer_statements.with_peers(frame), statements)
