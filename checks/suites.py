"""All that is expected of one evaluation's submissions, as suites: limits joined as columns, a statement per kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from checks import history_statements, peer_statements, value_statements
from checks.claim_statements import claims_suite, doubles_suite, marks_suite
from checks.limits import Limits
from checks.obligation_statements import marks_owed_suite, obligations_suite
from checks.own_expectations import own_suite
from checks.refiled_statements import claims_refiled_suite, marks_refiled_suite
from checks.source_statements import replacements_suite, sources_suite, totals_of, totals_suite
from checks.statements import Places, Suite
from evaluation.acceptance import READ
from evaluation.definition import Definition
from evaluation.discrepancies import ranked
from evaluation.key_numbers import KeyNumbers, chosen
from evaluation.recomputation import PLACE, refused_rows

PLACES = ["row_id", "sha256", "sender", "file", "sheet", "cell", "raw"]


@dataclass(frozen=True)
class Submitted:
    """What came in, with examiners' decisions on it, and last year's: accepted values, and claims that counted.

    `values` have READ; `places`, asked for once something fails, gives PLACES by `row_id` (None: `values` have them).
    `evidence` are files (`sender`, `name`, `sha256`), `corrections` the approved ones; `as_of` is the day of the newest
    entry that the run reads.
    """

    values: pd.DataFrame
    claims: pd.DataFrame
    marks: pd.DataFrame
    previous: pd.DataFrame
    previous_claims: pd.DataFrame
    evidence: pd.DataFrame
    corrections: pd.DataFrame
    as_of: date
    places: Places | None = None


def suites(definition: Definition, submitted: Submitted) -> Iterator[Suite]:
    """The suites in the order in which findings are told, each made when it is asked for.

    Values are compared with each other as they are accepted: without those that a suite before ruled out.
    """
    places = submitted.places or _places_in(submitted.values)
    found: list[pd.DataFrame] = []
    for suite in suites_of_values(definition, submitted.values, submitted.previous, places):
        yield replace(suite, heard=found.extend)
        del suite  # as much as a gigabyte
    usable = _not_ruled_out(_usable(submitted.values), found, places)
    yield replace(replacements_suite(definition, usable), places=places)
    yield replace(sources_suite(definition, usable), places=places)
    if totals_of(definition):
        yield replace(totals_suite(definition, _counting(_standing(definition, usable))), places=places)
    yield obligations_suite(definition, submitted.values, submitted.corrections, submitted.as_of)
    yield claims_suite(definition, submitted.claims)
    yield doubles_suite(definition, submitted.claims, submitted.previous_claims, submitted.evidence)
    yield claims_refiled_suite(definition, submitted.claims)
    yield marks_suite(definition, submitted.marks)
    yield marks_refiled_suite(definition, submitted.marks)
    yield marks_owed_suite(definition, submitted.marks, submitted.as_of)


def suites_of_values(
    definition: Definition, values: pd.DataFrame, previous: pd.DataFrame, places: Places | None = None
) -> Iterator[Suite]:
    """Those whose statements may rule a value out. Superseded values are not judged again. `places` as in Submitted."""
    places = places or _places_in(values)
    standing = _standing(definition, _usable(values))
    yield replace(values_suite(definition, standing, previous), places=places)
    if definition.rulebook.expectations:
        counting = _counting(standing)
        known = places(counting["row_id"].tolist())[PLACES]
        yield own_suite(definition, counting.merge(known, on="row_id", how="left"))


def _not_ruled_out(usable: pd.DataFrame, found: list[pd.DataFrame], places: Places) -> pd.DataFrame:
    errors = pd.concat([one[one["severity"] == "error"] for one in found]) if found else pd.DataFrame(columns=PLACE)
    if errors.empty:
        return usable
    near = usable[
        usable["indicator_code"].isin(errors["indicator_code"]) & usable["unit_code"].isin(errors["unit_code"])
    ]
    return usable[~usable["row_id"].isin(refused_rows(places(near["row_id"].tolist()), errors))]


def _places_in(values: pd.DataFrame) -> Places:
    return lambda row_ids: values[values["row_id"].isin(row_ids)]


def _usable(values: pd.DataFrame) -> pd.DataFrame:
    """Without what is only told of a row that fails: of millions of rows it is most of the memory."""
    return chosen(values, (values["outcome"] == "accepted").to_numpy(dtype=bool), READ)


def _counting(standing: pd.DataFrame) -> pd.DataFrame:
    return standing.drop_duplicates("key").reset_index(drop=True)


def _standing(definition: Definition, usable: pd.DataFrame) -> pd.DataFrame:
    """Of each source the value that counts, the most trusted source of a key first; `key` numbers the keys."""
    keyed = usable.assign(key=KeyNumbers(definition, [usable]).of(usable))
    return ranked(definition, keyed, ["key"]).drop_duplicates(["key", "source"]).reset_index(drop=True)


def values_suite(definition: Definition, values: pd.DataFrame, previous: pd.DataFrame) -> Suite:
    """Statements about single values; of each key's values the one that counts first stands first."""
    limits, last_year = Limits(definition), history_statements.a_year_on(previous)
    frame = value_statements.with_limits(limits, values)
    frame = history_statements.with_history(definition, frame, last_year)
    statements = [*value_statements.STATEMENTS, *history_statements.STATEMENTS, *peer_statements.STATEMENTS]

    def told(failing: pd.DataFrame) -> pd.DataFrame:
        before = last_year["accepted_value"].array.take(failing["last_year_at"].to_numpy(), allow_fill=True)
        return limits.told(failing).assign(last_year_text=before)

    return Suite("values", peer_statements.with_peers(frame), statements, told=told)
