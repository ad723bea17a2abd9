"""Statements put to the test by Great Expectations, row by row; the only module that imports it.

The import costs seconds: it happens inside the function that validates, once a run.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

import pandas as pd

from checks.own_expectations import REFUSED, arguments_of, figures_involved
from checks.statements import Statement, Suite
from evaluation.faults import Fault
from evaluation.outcomes import SUM
from evaluation.paths import FaultList
from evaluation.rulebook import Rulebook
from evaluation.strict_yaml import Document

FINDING_COLUMNS = [
    "producer", "sha256", "sender", "file", "sheet", "cell", "unit_code", "indicator_code", "period",
    "code", "severity", "raw", "message", "what_to_do", "identity",
]  # fmt: skip
PRODUCER = "expectations"


class BadExpectation(Exception):
    """An expectation that Great Expectations does not have, or cannot work with as it is written."""


def verdicts(suites: Iterable[Suite]) -> pd.DataFrame:
    """One row per row of a frame and statement that it does not meet: FINDING_COLUMNS and `row_id`.

    A statement that cannot be put to the test is a finding of its own, and the others go on.
    """
    validator, found = _Validator(), []
    for suite in suites:
        wanted = suite.tested if len(suite.frame) else []
        if wanted:
            batch = validator.batch(suite.name, suite.frame[_compared(suite.frame, wanted)])
            holds = validator.first_look(batch, suite.name, wanted)
            failing = [statement for place, statement in enumerate(wanted) if not holds[place]]
            outcomes = [_outcome(statement, batch) for statement in failing]
            del batch
            validator.forget()  # before the rows that fail are looked for, which takes as much again
            told = _told(suite, list(zip(failing, outcomes, strict=True))) if failing else []
            found += told
            if suite.heard is not None:
                suite.heard(told)
        del suite  # before the next is made: each may take a gigabyte
    columns = [*FINDING_COLUMNS, "row_id"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns, dtype="str")


def expectation_faults(rulebook: Rulebook, document: Document) -> list[Fault]:
    """The rulebook's own expectations that could not be put to the test, with their lines.

    Each is tried on one made-up row in which every figure is 1: wrong names and wrong arguments show there.
    """
    faults = FaultList(document)
    if not rulebook.expectations:
        return faults.faults
    batch = _Validator().batch("trial", pd.DataFrame({"row_id": [0], **{f.code: [1.0] for f in rulebook.figures()}}))
    remedy = "照 Great Expectations 的写法改正 expect 及其参数（见 docs/rulebook.md“数据之间的关系”）"
    for index, own in enumerate(rulebook.expectations):
        arguments = arguments_of(rulebook, own)
        refused = sorted(REFUSED & set(arguments))
        if refused:
            faults.add(("expectations", index, refused[0]), f"核查要求不支持参数 {refused[0]}", "删去这个参数")
            continue
        try:
            if own.expect == SUM:
                continue  # its own form is held by the rulebook's references; it is tested as a pair
            statement = Statement("EXPECTATION", own.severity, own.expect, arguments, "", "")
            _result(batch, _expectation(statement), {"result_format": "BASIC"})
            if not figures_involved(arguments):
                raise BadExpectation("没有写明是哪个指标（column…）")
        except BadExpectation as error:
            faults.add(("expectations", index, "expect"), f"核查要求 {own.expect} 不能执行：{error}", remedy)
    return faults.faults


def _compared(frame: pd.DataFrame, statements: list[Statement]) -> list[str]:
    """The columns that the statements are about: Great Expectations hashes every one that it is given."""
    named = {"row_id"}
    for statement in statements:
        for value in statement.arguments.values():
            named.update(map(str, value) if isinstance(value, list | tuple) else [str(value)])
    return [str(column) for column in frame.columns if column in named]


def _without_echoes(found: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Of a row that an error rules out nothing else is told."""
    errors = [frame["row_id"] for frame in found if len(frame) and frame["severity"].iloc[0] == "error"]
    if not errors:
        return found
    ruled_out = pd.concat(errors)
    return [frame[frame["severity"].eq("error") | ~frame["row_id"].isin(ruled_out)] for frame in found]


class _Validator:
    """One ephemeral context; a frame is wrapped as a batch under a name."""

    def __init__(self) -> None:
        import great_expectations as gx

        logging.getLogger("great_expectations").setLevel(logging.WARNING)
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        self._source = context.data_sources.add_pandas("submitted")

    def batch(self, name: str, frame: pd.DataFrame) -> Any:
        whole = self._source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("all")
        return whole.get_batch({"dataframe": frame})

    def forget(self) -> None:
        """Let the frames go: the context outlives us, and keeps each of them."""
        manager = self._source.get_execution_engine().batch_manager
        manager.reset_batch_cache()
        manager.batch_data_cache.clear()

    def first_look(self, batch: Any, name: str, statements: list[Statement]) -> dict[int, bool]:
        """Whether each statement holds, by its place: all in one go, because every go hashes the whole frame."""
        import great_expectations as gx

        looks = dict.fromkeys(range(len(statements)), False)
        expectations = []
        for place, statement in enumerate(statements):
            with contextlib.suppress(BadExpectation):
                expectations.append(_expectation(statement, {"place": place}))
        suite = gx.ExpectationSuite(name=name, expectations=expectations)
        for one in batch.validate(suite, result_format={"result_format": "BASIC"}).results:
            looks[one.expectation_config.meta["place"]] = bool(one.success)
        return looks


@dataclass(frozen=True)
class _Outcome:
    """What came of a statement that does not hold: the `row_id`s of the rows that fail it, or a finding of another
    kind."""

    rows: list[Any]
    finding: pd.DataFrame | None = None


def _outcome(statement: Statement, batch: Any) -> _Outcome:
    try:
        complete = {"result_format": "COMPLETE", "unexpected_index_column_names": ["row_id"]}
        result = _result(batch, _expectation(statement), complete).result
    except BadExpectation as error:
        return _Outcome([], _untested(statement, error))
    rows = [entry["row_id"] for entry in result.get("unexpected_index_list") or []]
    return _Outcome(rows, None if rows else _of_the_whole(statement, result))


def _told(suite: Suite, outcomes: list[tuple[Statement, _Outcome]]) -> list[pd.DataFrame]:
    """The findings of each statement; all rows that fail any are fetched at once."""
    rows = suite.rows(list({row for _, outcome in outcomes for row in outcome.rows}))
    return _without_echoes(
        [
            _findings(statement, rows[rows["row_id"].isin(outcome.rows)])
            if outcome.finding is None
            else outcome.finding
            for statement, outcome in outcomes
        ]
    )


def _result(batch: Any, expectation: Any, result_format: Mapping[str, object]) -> Any:
    """Raises: BadExpectation: Great Expectations could not work it out."""
    try:
        result = batch.validate(expectation, result_format=result_format)
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError) as error:
        raise BadExpectation(_innermost(str(error))) from error
    raised = _raised(result.exception_info)
    if raised:
        raise BadExpectation(_innermost(raised))
    return result


def _raised(info: Mapping[str, Any]) -> str:
    """The message of what was raised inside: of the whole, or of one of its metrics."""
    if info.get("raised_exception"):
        return str(info.get("exception_message"))
    inner = [one for one in info.values() if isinstance(one, Mapping) and one.get("raised_exception")]
    return str(inner[0].get("exception_message")) if inner else ""


def _innermost(message: str) -> str:
    return " ".join(message.split())[:300]


def _expectation(statement: Statement, meta: Mapping[str, int] | None = None) -> Any:
    """Raises: BadExpectation: there is none of that name, or its arguments are wrong."""
    import great_expectations.expectations as vocabulary

    name = "".join(word.capitalize() for word in statement.expectation.split("_"))
    kind = getattr(vocabulary, name, None)
    if kind is None:
        raise BadExpectation(f"Great Expectations 没有 {statement.expectation}")
    try:
        return kind(**statement.arguments, **({"meta": dict(meta)} if meta else {}))
    except (TypeError, ValueError) as error:
        raise BadExpectation(_innermost(str(error))) from error


def _findings(statement: Statement, failing: pd.DataFrame) -> pd.DataFrame:
    told = failing if statement.told is None else statement.told(failing)
    fields = {name for _, name, _, _ in Formatter().parse(statement.message + statement.what_to_do) if name}
    records = told[list(fields)].to_dict("records") if fields else [{}] * len(told)
    raw = told["raw"] if "raw" in told else pd.Series("", index=told.index, dtype="str")
    return told.reindex(columns=[*FINDING_COLUMNS, "row_id"]).assign(
        producer=PRODUCER,
        code=statement.code,
        severity=statement.severity,
        raw=raw,
        message=[statement.message.format_map(record) for record in records],
        what_to_do=[statement.what_to_do.format_map(record) for record in records],
    )


def _of_the_whole(statement: Statement, result: Mapping[str, Any]) -> pd.DataFrame:
    """A statement about all rows together (a sum, a mean) that does not hold: no single row fails it."""
    observed = result.get("observed_value")
    asked = statement.message.rsplit("，", 1)[-1].replace("{{", "{").replace("}}", "}")
    message = f"全体数据{asked}：实际为 {observed}"
    return _single(
        statement.code, statement.severity, message, "核对有关各项数据，改正后重新报送，或说明原因由考核办认可"
    )


def _untested(statement: Statement, error: BadExpectation) -> pd.DataFrame:
    message = f"核查要求 {statement.expectation} 不能执行：{error}"
    return _single("BAD_EXPECTATION", "warning", message, "改正考核细则 expectations 中的这一条，重新下发")


def _single(code: str, severity: str, message: str, what_to_do: str) -> pd.DataFrame:
    row = {"producer": PRODUCER, "code": code, "severity": severity, "message": message, "what_to_do": what_to_do}
    return pd.DataFrame([row | {"raw": "", "identity": message}]).reindex(columns=[*FINDING_COLUMNS, "row_id"])
