"""The rulebook's own `expectations:` — which figures each is about, and what to tell of a unit that fails one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from checks.statements import Statement, Suite, plain
from evaluation.definition import Definition
from evaluation.key_numbers import KEY
from evaluation.outcomes import SUM, Expectation
from evaluation.references import figure_codes
from evaluation.rulebook import Rulebook

PLACE = ["sha256", "sender", "file", "sheet", "cell"]
# Arguments that carry a language of their own, or change what a verdict is.
REFUSED = frozenset(
    {"row_condition", "condition_parser", "meta", "catch_exceptions", "result_format", "id", "rendered_content"}
)


def own_suite(definition: Definition, counting: pd.DataFrame) -> Suite:
    """A row per unit and period, a column per figure; `counting` are the values that count within their keys."""
    rulebook = definition.rulebook
    codes = list(dict.fromkeys(figure.code for figure in rulebook.figures()))
    wide = counting.set_index(KEY)["submitted_value"].unstack("indicator_code").reset_index()
    frame = wide.reindex(columns=["unit_code", "period", *codes])
    frame = frame.assign(**_exact_sums(rulebook, frame))
    frame[codes] = frame[codes].apply(pd.to_numeric).astype("float64")
    names = definition.unit_names
    frame = frame.assign(unit_name=frame["unit_code"].map(names), row_id=np.arange(len(frame)))
    own = [_statement(definition, each, counting, place) for place, each in enumerate(rulebook.expectations)]
    return Suite("rulebook", frame, own)


def arguments_of(rulebook: Rulebook, own: Expectation) -> dict[str, Any]:
    """The arguments with the codes of items turned into those of the figures that they read."""
    codes = figure_codes(rulebook)

    def figure(value: Any) -> Any:
        return [codes.get(each, each) for each in value] if isinstance(value, list) else codes.get(value, value)

    total = {"sum_total"} if own.expect == SUM else set()
    names = [name for name in own.arguments if name.startswith("column") or name in total]
    return own.arguments | {name: figure(own.arguments[name]) for name in names}


def figures_involved(arguments: dict[str, Any]) -> list[str]:
    """The columns that an expectation names, in its order; what a sum comes to may be one."""
    return list(dict.fromkeys([*_columns(arguments), *_total(arguments)]))


def _total(arguments: dict[str, Any]) -> list[str]:
    return [arguments["sum_total"]] if isinstance(arguments.get("sum_total"), str) else []


def as_tested(place: int, own: Expectation, arguments: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The expectation and its arguments; a sum is compared exactly, and may be that of another figure."""
    if own.expect != SUM:
        return own.expect, arguments
    pair = {"column_A": f"sum_{place}", "column_B": f"total_{place}", "ignore_row_if": "either_value_is_missing"}
    return "expect_column_pair_values_to_be_equal", pair


def _exact_sums(rulebook: Rulebook, texts: pd.DataFrame) -> dict[str, list[float]]:
    """Columns `sum_N`, `total_N` for every expected sum: decimals added as decimals, NaN where one is missing."""
    columns: dict[str, list[float]] = {}
    for place, own in enumerate(rulebook.expectations):
        if own.expect == SUM:
            arguments = arguments_of(rulebook, own)
            parts, total = texts[list(arguments["column_list"])], arguments["sum_total"]
            columns[f"sum_{place}"] = [_sum(row) for row in parts.itertuples(index=False)]
            totals = texts[total] if total in texts else [total] * len(texts)
            columns[f"total_{place}"] = [_sum((one,)) for one in totals]
    return columns


def _sum(texts: Iterable[Any]) -> float:
    given = list(texts)
    if any(pd.isna(text) for text in given):
        return float("nan")
    return float(sum(map(Fraction, given), Fraction(0)))


def _columns(arguments: dict[str, Any]) -> Iterator[str]:
    for name, value in arguments.items():
        if name.startswith("column"):
            yield from value if isinstance(value, list) else [value]


def _statement(definition: Definition, own: Expectation, counting: pd.DataFrame, place: int) -> Statement:
    arguments = arguments_of(definition.rulebook, own)
    note = plain(own.note or own.expect)
    return Statement(
        "EXPECTATION",
        own.severity,
        *as_tested(place, own, arguments),
        "{unit_name}{period}：{figures}，不符合细则的核查要求“" + note + "”",
        "核对有关各项数据，改正后重新报送，或说明原因由考核办认可",
        told=_teller(definition, counting, figures_involved(arguments), f"{own.expect},{sorted(arguments.items())}"),
    )


def _teller(
    definition: Definition, counting: pd.DataFrame, codes: list[str], statement: str
) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Of a failing unit and period a row for each figure involved: at its own place, with all figures named.

    They are one matter: they share their `identity`, which holds the values.
    """
    names = {figure.code: figure.name for figure in definition.rulebook.figures()}
    senders = definition.sender_names

    def told(failing: pd.DataFrame) -> pd.DataFrame:
        keys = failing[["unit_code", "period", "unit_name", "row_id"]].copy()
        rows = counting.loc[counting["indicator_code"].isin(codes), [*KEY, *PLACE, "raw", "submitted_value"]]
        rows = keys.merge(rows, on=["unit_code", "period"])
        order = {code: place for place, code in enumerate(codes)}
        rows = rows.sort_values(["row_id", "indicator_code"], key=lambda c: c.map(order) if c.name != "row_id" else c)
        sent = rows["sender"].map(senders).fillna(rows["sender"])
        each = rows["indicator_code"].map(names) + " " + rows["submitted_value"] + "（" + sent + "）"
        together = each.groupby(rows["row_id"]).agg("、".join)
        values = (rows["indicator_code"] + "=" + rows["submitted_value"]).groupby(rows["row_id"]).agg(",".join)
        identity = statement + "," + rows["unit_code"] + "," + rows["period"] + "," + rows["row_id"].map(values)
        return rows.assign(figures=rows["row_id"].map(together), identity=identity)

    return told
