"""Statements put to the test by Great Expectations, row by row; the only module that imports it.

The import costs seconds: it happens inside the function that validates, once a run.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import pandas as pd

from checks.statements import Statement, Suite

FINDING_COLUMNS = [
    "producer", "sha256", "sender", "file", "sheet", "cell", "unit_code", "indicator_code", "period",
    "code", "severity", "raw", "message", "what_to_do",
]  # fmt: skip
PRODUCER = "expectations"


class BadExpectation(Exception):
    """The rulebook names an expectation that Great Expectations does not have, or gives it wrong arguments."""


def verdicts(suites: list[Suite]) -> pd.DataFrame:
    """One row per row of a frame and statement that it does not meet: FINDING_COLUMNS and `row_id`.

    Raises:
        BadExpectation: an expectation of the rulebook cannot be built.
    """
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("submitted")
    found = []
    for suite in suites:
        if len(suite.frame):
            whole = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("all")
            batch = whole.get_batch({"dataframe": suite.frame})
            found += [_verdict(suite, statement, batch) for statement in suite.statements]
    columns = [*FINDING_COLUMNS, "row_id"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns, dtype="str")


def _verdict(suite: Suite, statement: Statement, batch: Any) -> pd.DataFrame:
    """First whether the statement holds; which rows fail it only where it does not."""
    expectation = _expectation(statement)
    if _result(batch, expectation, {"result_format": "BASIC"}).success:
        return pd.DataFrame(columns=[*FINDING_COLUMNS, "row_id"])
    complete = {"result_format": "COMPLETE", "unexpected_index_column_names": ["row_id"]}
    result = _result(batch, expectation, complete)
    rows = [entry["row_id"] for entry in result.result.get("unexpected_index_list") or []]
    failing = suite.frame[suite.frame["row_id"].isin(rows)] if rows else suite.frame.iloc[:0]
    return _findings(statement, failing)


def _result(batch: Any, expectation: Any, result_format: Mapping[str, object]) -> Any:
    result = batch.validate(expectation, result_format=result_format)
    if result.exception_info.get("raised_exception"):
        raise BadExpectation(f"{expectation}: {result.exception_info.get('exception_message')}")
    return result


def _expectation(statement: Statement) -> Any:
    import great_expectations.expectations as vocabulary

    name = "".join(word.capitalize() for word in statement.expectation.split("_"))
    kind = getattr(vocabulary, name, None)
    if kind is None:
        raise BadExpectation(f"Great Expectations has no {statement.expectation}")
    try:
        return kind(**statement.arguments)
    except (TypeError, ValueError) as error:
        raise BadExpectation(f"{statement.expectation}: {error}") from error


def _findings(statement: Statement, failing: pd.DataFrame) -> pd.DataFrame:
    records = failing.to_dict("records")
    raw = failing["raw"] if "raw" in failing else pd.Series("", index=failing.index, dtype="str")
    return failing.reindex(columns=[*FINDING_COLUMNS, "row_id"]).assign(
        producer=PRODUCER,
        code=statement.code,
        severity=statement.severity,
        raw=raw,
        message=[statement.message.format_map(record) for record in records],
        what_to_do=[statement.what_to_do.format_map(record) for record in records],
    )
