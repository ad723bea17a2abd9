"""A statement about rows, as data, and the suite of statements about one frame.

Statements say what must be true and what to tell whoever filed the row; `expectations.py` puts them to the test.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import pandas as pd

GREATER = "expect_column_pair_values_a_to_be_greater_than_b"
BETWEEN = "expect_column_values_to_be_between"
IN_SET = "expect_column_values_to_be_in_set"
UNIQUE = "expect_compound_columns_to_be_unique"
Places: TypeAlias = Callable[[Collection[int]], pd.DataFrame]


@dataclass(frozen=True)
class Statement:
    """One expectation. `expectation` and `arguments` are Great Expectations' own words; `message` and
    `what_to_do` are templates over the columns of the frame; an `error` rules the value out.

    `told` may turn the failing rows into the rows to be told of, with more columns. `limit` is a column without
    which nothing is stated: where no row has one the statement is not put to the test.
    """

    code: str
    severity: str
    expectation: str
    arguments: Mapping[str, object]
    message: str
    what_to_do: str
    told: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    limit: str | None = None


@dataclass(frozen=True)
class Suite:
    """Statements about one frame, whose rows have a unique `row_id`; of those that fail `places` gives more columns by
    their `row_id`s, and `told` what else their messages name. `heard` is given the findings, before the next suite is
    asked for."""

    name: str
    frame: pd.DataFrame
    statements: list[Statement] = field(default_factory=list)
    places: Places | None = None
    told: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    heard: Callable[[list[pd.DataFrame]], None] | None = None

    def rows(self, row_ids: Collection[int]) -> pd.DataFrame:
        """The rows with these `row_id`s, with all columns."""
        rows = self.frame[self.frame["row_id"].isin(row_ids)]
        rows = rows if self.told is None else self.told(rows)
        if self.places is None:
            return rows
        more = self.places(row_ids)
        known = [name for name in rows.columns if name != "row_id"]
        return rows.merge(more.drop(columns=known, errors="ignore"), on="row_id", how="left")

    @property
    def tested(self) -> list[Statement]:
        """Those whose limit at least one row has."""
        return [s for s in self.statements if s.limit is None or bool(self.frame[s.limit].notna().any())]


def at_least(greater: str, less: str) -> tuple[str, dict[str, object]]:
    """`greater` ≥ `less` wherever both are known."""
    columns = {"column_A": greater, "column_B": less}
    return GREATER, {**columns, "or_equal": True, "ignore_row_if": "either_value_is_missing"}


def at_most(column: str, limit: float) -> tuple[str, dict[str, object]]:
    """`column` ≤ `limit` wherever it is known."""
    return BETWEEN, {"column": column, "max_value": limit}


def one_of(column: str, values: list[object]) -> tuple[str, dict[str, object]]:
    """`column` is one of the values wherever it is known."""
    return IN_SET, {"column": column, "value_set": values}


def plain(text: str) -> str:
    """Text of the rulebook that is no template."""
    return text.replace("{", "{{").replace("}", "}}")
