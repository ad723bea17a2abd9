"""Figures by the million: what is found in pieces is what is found row by row; what is unusual is left to others."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import periods, plain_figures
from evaluation.periods import FigureTable
from evaluation.plain_figures import COLUMNS

UNITS, FIGURES = ["A", "B", "C"], ["x", "y"]
CODES = pa.array(UNITS)
USUAL = [("A", "x", "2025", "1.5"), ("A", "y", "2025", "2"), ("C", "x", "2025", "-3"), ("B", "y", "2025", "0.25")]


def frame(rows: list[tuple[str | None, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


@pytest.fixture(autouse=True)
def pieces_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_figures, "ROWS_AT_ONCE", 3)


def found(rows: list[tuple[str | None, ...]]) -> plain_figures.PlainFigures | None:
    return plain_figures.plain_figures(frame(rows), CODES, FIGURES)


def test_values_of_several_pieces_stand_at_their_figure_and_unit() -> None:
    plain = found(USUAL)
    assert plain is not None
    assert plain.period == "2025"
    np.testing.assert_array_equal(plain.values, [[1.5, np.nan, -3], [2, 0.25, np.nan]])


@pytest.mark.parametrize("at", [0, 3])
@pytest.mark.parametrize(
    "other",
    [
        ("Z", "x", "2025", "1"),
        ("B", "z", "2025", "1"),
        ("B", "x", "2024", "1"),
        ("B", "x", None, "1"),
        ("B", "x", "2025", None),
        ("A", "y", "2025", "7"),
    ],
)
def test_anything_unusual_in_any_piece_is_left_to_others(other: tuple[str | None, ...], at: int) -> None:
    assert found([*USUAL[:at], other, *USUAL[at:]]) is None


def test_no_rows_are_not_usual() -> None:
    assert found([]) is None


ROWS = st.tuples(
    st.sampled_from([*UNITS, "Z"]),
    st.sampled_from(FIGURES),
    st.sampled_from(["2025", "2025", "2025", "2024", "2025-03"]),
    st.sampled_from(["1", "2.5", "-4", "0.125", None]),
)
USUAL_ROWS = st.lists(
    st.tuples(st.sampled_from(UNITS), st.sampled_from(FIGURES), st.just("2025"), st.sampled_from(["1", "2.5", "-4"])),
    max_size=12,
)


@given(st.one_of(st.lists(ROWS, max_size=12), USUAL_ROWS), st.sampled_from([2024, 2025]))
def test_many_rows_make_the_columns_that_few_make(rows: list[tuple[str | None, ...]], year: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        few = _columns(rows, year)
        patched.setattr(periods, "LARGE", 0)
        many = _columns(rows, year)
    assert many == few


def _columns(rows: list[tuple[str | None, ...]], year: int) -> list[object]:
    table = FigureTable(frame(rows), CODES, FIGURES)
    made = [table.combined(figure, year, "latest") for figure in FIGURES]
    everyone = np.arange(len(UNITS))
    return [
        (one.number.value.tolist(), None if one.why is None else one.why.tolist(), list(map(str, one.exact(everyone))))
        for one in made
    ]
