"""What is expected of figures, as data: one statement per kind, with its limits joined as columns.

Statements say what must be true of a frame and what to tell whoever filed it; `expectations.py` puts them to the test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from checks.limits import due_day, item_names, last_day, last_year_values, sender_names, value_limits
from evaluation.acceptance import KEY, discrepancies
from evaluation.definition import Definition
from evaluation.obligations import obligations
from evaluation.outcomes import SUM, Expectation
from evaluation.rulebook import Rulebook


@dataclass(frozen=True)
class Statement:
    """One expectation. `expectation` and `arguments` are Great Expectations' own words; `message` and
    `what_to_do` are templates over the columns of the frame; an `error` rules the value out."""

    code: str
    severity: str
    expectation: str
    arguments: Mapping[str, object]
    message: str
    what_to_do: str


@dataclass(frozen=True)
class Suite:
    """Statements about one frame, whose rows have a unique `row_id`."""

    name: str
    frame: pd.DataFrame
    statements: list[Statement] = field(default_factory=list)


FIX_OR_ASK = "核对原始资料和计量单位，改正后重新报送；确属真实的，请联系考核办调整范围"
PAIR = {"or_equal": True, "ignore_row_if": "either_value_is_missing"}
GREATER = "expect_column_pair_values_a_to_be_greater_than_b"


def suites(definition: Definition, values: pd.DataFrame, previous: pd.DataFrame, due_by: str) -> list[Suite]:
    """The suites for submitted values; `previous` are last year's accepted values, `due_by` the as-of date."""
    usable = values[values["outcome"] == "accepted"].reset_index(drop=True)
    return [
        _values(definition, usable, previous),
        _sources(definition, usable),
        _obligations(definition, values, due_by),
        _rulebook_suite(definition, usable),
    ]


def _values(definition: Definition, values: pd.DataFrame, previous: pd.DataFrame) -> Suite:
    limits = value_limits(definition)
    frame = values.merge(limits, on=["unit_code", "indicator_code"], how="left")
    frame = frame.merge(last_year_values(previous), on=["unit_code", "indicator_code"], how="left")
    frame["number"] = pd.to_numeric(frame["submitted_value"])
    frame["growth_limit"] = frame["last_year"].where(frame["last_year"] > 0) * (1 + frame["growth_warning"])
    frame["late"] = np.where(frame["received_at"].str[:10] > due_day(definition.rulebook), "yes", "no")
    frame["whole"] = frame["submitted_value"].where(frame["counted"].eq(True))
    place = "{unit_name}“{indicator_name}”{period}：报送值 {submitted_value}{unit}"
    return Suite(
        "values",
        frame.fillna({"unit": ""}),
        [
            Statement(
                "RANGE",
                "error",
                GREATER,
                {"column_A": "number", "column_B": "minimum", **PAIR},
                place + "，小于细则规定的下限 {minimum_text}",
                FIX_OR_ASK,
            ),
            Statement(
                "RANGE",
                "error",
                GREATER,
                {"column_A": "maximum", "column_B": "number", **PAIR},
                place + "，大于细则规定的上限 {maximum_text}",
                FIX_OR_ASK,
            ),
            Statement(
                "NOT_WHOLE",
                "warning",
                "expect_column_values_to_match_regex",
                {"column": "whole", "regex": r"^-?[0-9]+$"},
                place + "，按“{unit}”计的数应为整数",
                "核对是否填错了列或计量单位",
            ),
            Statement(
                "FORECAST",
                "warning",
                "expect_column_values_to_be_in_set",
                {"column": "status", "value_set": ["actual"]},
                place + "，是预计数，得分为暂定",
                "取得正式数据后，以“实际”重新报送",
            ),
            Statement(
                "LATE",
                "note",
                "expect_column_values_to_be_in_set",
                {"column": "late", "value_set": ["no"]},
                place + "，收到时已过截止日期",
                "首次报送的照用；要替换按期报送的数，请申请更正",
            ),
            Statement(
                "GROWTH",
                "warning",
                GREATER,
                {"column_A": "growth_limit", "column_B": "number", **PAIR},
                place + "，比上年 {last_year_text} 增长过快",
                "核对后说明原因，或改正后重新报送",
            ),
        ],
    )


def _sources(definition: Definition, values: pd.DataFrame) -> Suite:
    pairs = discrepancies(definition, values)
    frame = pairs.merge(
        values.drop(columns=["source", "submitted_value", "unit_code", "indicator_code", "period"]),
        on="row_id",
    ).merge(item_names(definition), on=["unit_code", "indicator_code"], how="left")
    frame["agrees"] = "no"
    by_code = sender_names(definition)
    frame["source_name"] = frame["source"].map(by_code).fillna(frame["unit_name"])
    frame["other_name"] = frame["other_source"].map(by_code).fillna(frame["unit_name"])
    return Suite(
        "sources",
        frame,
        [
            Statement(
                "DISCREPANCY",
                "warning",
                "expect_column_values_to_be_in_set",
                {"column": "agrees", "value_set": ["yes"]},
                "{unit_name}“{indicator_name}”{period}：{source_name}报 {submitted_value}，"
                "{other_name}报 {other_value}，相差超过允许误差；暂以{source_name}为准，得分为暂定",
                "两家核对口径与原始资料，由差错一方重新报送，或由考核办更正",
            )
        ],
    )


def _obligations(definition: Definition, values: pd.DataFrame, due_by: str) -> Suite:
    owed = obligations(definition)
    over = owed["period"].map({p: last_day(p) < due_by for p in owed["period"].unique()}).astype(bool)
    # A cell that was read and not accepted is told of by the reader, at its place.
    filed = values[KEY].drop_duplicates().assign(filed="yes")
    frame = owed[over].merge(filed, on=KEY, how="left").fillna({"filed": "no"}).reset_index(drop=True)
    frame["owed_by_name"] = frame["owed_by"].map(sender_names(definition))
    frame = frame.merge(item_names(definition), on=["unit_code", "indicator_code"], how="left")
    frame["row_id"] = np.arange(len(frame))
    frame["sender"] = frame["owed_by"]
    return Suite(
        "obligations",
        frame,
        [
            Statement(
                "MISSING",
                "warning",
                "expect_column_values_to_be_in_set",
                {"column": "filed", "value_set": ["yes"]},
                "{unit_name}“{indicator_name}”{period}：没有收到可用的数据",
                "请{owed_by_name}报送；确无此项任务的，由考核办在目标表注明",
            )
        ],
    )


def _rulebook_suite(definition: Definition, values: pd.DataFrame) -> Suite:
    """The rulebook's own expectations: a row per unit and period, a column per figure."""
    rulebook = definition.rulebook
    latest = values.sort_values(["seq", "row_id"]).drop_duplicates(KEY, keep="last")
    keys = ["unit_code", "period"]
    wide = latest.set_index([*keys, "indicator_code"])["submitted_value"].unstack().reset_index()
    frame = wide.reindex(columns=[*keys, *dict.fromkeys(figure.code for figure in rulebook.figures())])
    frame = frame.assign(**_exact_sums(rulebook, frame))
    for figure in rulebook.figures():
        frame[figure.code] = pd.to_numeric(frame[figure.code])
    names = dict(zip(definition.units["unit_code"], definition.units["name"], strict=True))
    frame = frame.assign(unit_name=frame["unit_code"].map(names), row_id=np.arange(len(frame)))
    return Suite("rulebook", frame if rulebook.expectations else frame.iloc[:0], _own_statements(rulebook))


def _exact_sums(rulebook: Rulebook, texts: pd.DataFrame) -> dict[str, list[float]]:
    """Columns `sum_N`, `total_N` for every expected sum: decimals added as decimals, NaN where one is missing."""
    columns: dict[str, list[float]] = {}
    for place, own in enumerate(rulebook.expectations):
        if own.expect == SUM:
            parts, total = texts[list(own.arguments["column_list"])], own.arguments["sum_total"]
            columns[f"sum_{place}"] = [_sum(row) for row in parts.itertuples(index=False)]
            totals = texts[total] if total in texts else [total] * len(texts)
            columns[f"total_{place}"] = [_sum((one,)) for one in totals]
    return columns


def _sum(texts: Iterable[Any]) -> float:
    given = list(texts)
    if any(pd.isna(text) for text in given):
        return float("nan")
    return float(sum(map(Fraction, given), Fraction(0)))


def _own_statements(rulebook: Rulebook) -> list[Statement]:
    return [
        Statement(
            "EXPECTATION",
            own.severity,
            *_as_tested(place, own),
            "{unit_name}{period}：不符合细则的核查要求“" + _plain(own.note or own.expect) + "”",
            "核对有关各项数据，改正后重新报送，或说明原因",
        )
        for place, own in enumerate(rulebook.expectations)
    ]


def _as_tested(place: int, own: Expectation) -> tuple[str, dict[str, Any]]:
    """The expectation and its arguments; a sum is compared exactly, and may be that of another figure."""
    if own.expect != SUM:
        return own.expect, own.arguments
    pair = {"column_A": f"sum_{place}", "column_B": f"total_{place}", "ignore_row_if": "either_value_is_missing"}
    return "expect_column_pair_values_to_be_equal", pair


def _plain(text: str) -> str:
    """Text of the rulebook that is no template."""
    return text.replace("{", "{{").replace("}", "}}")
