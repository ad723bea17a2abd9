"""Three arithmetics, one answer: what floats leave open is noted, ratios and fractions decide it."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.bounded import Bounded
from evaluation.columns import Texts, constants, is_literal
from evaluation.comparison import open_runs
from evaluation.exact import Exact, objects
from evaluation.ratios import Ratios
from evaluation.rounding import decimal_text, fixed_text, fixed_texts, half_up, trimmed_texts

DECIMALS = st.builds(
    lambda digits, places: Fraction(digits, 10**places), st.integers(-(10**9), 10**9), st.integers(0, 6)
)
FORMULAS = {
    "sum": lambda a, b, c: a + b - c,
    "product": lambda a, b, c: a * b * c,
    "share of a difference": lambda a, b, c: (a - b) / c,
    "difference of shares": lambda a, b, c: a / c - b / c,
    "steps": lambda a, b, c: ((a - b).absolute_value() / c).floor() * b,
    "within limits": lambda a, b, c: (a * b).minimum(c).maximum(a),
    "the larger where it is above": lambda a, b, c: a.where((a * c).above(b * c), b),
    "rounded": lambda a, b, c: (a * b / c).rounded(),
    "total": lambda a, b, c: (a * b).total(),
}


def _text(number: Fraction) -> str:
    return decimal_text(number)


def _floats(numbers: list[Fraction], doubts: Any) -> Bounded:
    column = Texts([_text(number) for number in numbers]).column(np.arange(len(numbers)), 1)
    return column.number[None, :].noting(doubts)


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
@given(numbers=st.lists(st.tuples(DECIMALS, DECIMALS, DECIMALS.filter(bool)), min_size=1, max_size=5))
def test_floats_are_within_their_bound_or_in_doubt(formula: Any, numbers: list[Any]) -> None:
    columns = [list(column) for column in zip(*numbers, strict=True)]
    doubts = np.zeros((1, len(numbers)), dtype=bool)
    found = formula(*(_floats(column, doubts) for column in columns))
    exact = formula(*(Exact(objects(column)[None, :]) for column in columns))
    error = np.broadcast_to(found.error(), found.shape)
    for at in np.ndindex(found.shape):
        if not doubts[0, at[-1]]:
            assert abs(Fraction(float(found.value[at])) - exact.value[at]) <= Fraction(float(error[at]))


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
@given(numbers=st.lists(st.tuples(DECIMALS, DECIMALS, DECIMALS.filter(bool)), min_size=1, max_size=5))
def test_ratios_are_exact_or_in_doubt(formula: Any, numbers: list[Any]) -> None:
    columns = [list(column) for column in zip(*numbers, strict=True)]
    doubts = np.zeros((1, len(numbers)), dtype=bool)
    rows = [Ratios.of(column, doubts[0])[None, :].noting(doubts) for column in columns]
    found = formula(*rows)
    exact = formula(*(Exact(objects(column)[None, :]) for column in columns))
    for at in np.ndindex(found.shape):
        assert doubts[0, at[-1]] or found.value[at] == exact.value[at]


@given(numbers=st.lists(DECIMALS, min_size=1, max_size=5), decimals=st.integers(0, 4))
def test_all_arithmetics_round_halves_away_from_zero(numbers: list[Fraction], decimals: int) -> None:
    expected = [half_up(number, decimals) for number in numbers]
    scaled = [number * 10**decimals for number in numbers]
    assert Exact(objects(scaled)).rounded().value.tolist() == expected
    assert Ratios.of(scaled).rounded().top.tolist() == expected
    doubts = np.zeros((1, len(numbers)), dtype=bool)
    scale = constants([Fraction(10**decimals)])[:, None]
    rounded = (_floats(numbers, doubts) * scale).rounded().value[0]
    assert [int(one) for one, doubt in zip(rounded, doubts[0], strict=True) if not doubt] == [
        one for one, doubt in zip(expected, doubts[0], strict=True) if not doubt
    ]


@pytest.mark.parametrize(
    ("number", "rounded"), [("0.125", "0.13"), ("1.005", "1.01"), ("-0.125", "-0.13"), ("-0.004", "0.00")]
)
def test_published_numbers_round_half_up(number: str, rounded: str) -> None:
    assert fixed_text(half_up(Fraction(number), 2), 2) == rounded


def test_a_value_equal_to_its_target_is_not_in_doubt() -> None:
    doubts = np.zeros((1, 3), dtype=bool)
    a = _floats([Fraction("0.3"), Fraction(7), Fraction("12.05")], doubts)
    met = (a / a).at_least(constants([Fraction(1)])[:, None])
    assert met.all()
    assert not doubts.any()


def test_short_decimals_compare_without_doubt() -> None:
    doubts = np.zeros((1, 2), dtype=bool)
    a = _floats([Fraction("3.3"), Fraction("3.2999999")], doubts)
    assert a.at_least(constants([Fraction("3.3")])[:, None]).tolist() == [[True, False]]
    assert not doubts.any()


def test_a_threshold_that_floats_miss_is_in_doubt() -> None:
    """(3.3 − 3.0) / 3.0 ≥ 0.1 is false in floats."""
    doubts = np.zeros((1, 1), dtype=bool)
    a, p = _floats([Fraction("3.3")], doubts), _floats([Fraction(3)], doubts)
    ((a - p) / p).at_least(constants([Fraction("0.1")])[:, None])
    assert doubts.all()


@pytest.mark.parametrize("text", ["1" + "0" * 400, "0." + "0" * 400 + "1"])
def test_numbers_outside_the_range_of_floats_are_in_doubt(text: str) -> None:
    doubts = np.zeros((1, 1), dtype=bool)
    number = Texts([text]).column(np.array([0]), 1).number[None, :].noting(doubts)
    (number / number).at_least(constants([Fraction(1, 2)])[:, None])
    assert doubts.all()


@given(DECIMALS)
def test_a_literal_is_found_again_from_its_float(number: Fraction) -> None:
    assert is_literal(number) == (len(str(abs(number.numerator * 10**6 // number.denominator)).strip("0")) <= 15)
    assert not is_literal(number + Fraction(1, 3))


@given(st.lists(st.integers(-(10**12), 10**12), max_size=6), st.integers(0, 6))
def test_many_numbers_are_written_as_one_is(units: list[int], decimals: int) -> None:
    table = np.array(units, dtype=np.int64)
    assert fixed_texts(table, decimals).to_pylist() == [fixed_text(one, decimals) for one in units]
    assert fixed_texts(table.astype(object), decimals).to_pylist() == [fixed_text(one, decimals) for one in units]
    trimmed = trimmed_texts(table, decimals, np.zeros(len(units), dtype=bool)).to_pylist()
    assert trimmed == [decimal_text(Fraction(one, 10**decimals)) for one in units]


def test_neighbours_within_their_errors_are_one_run() -> None:
    keys = np.array([1.0, 2.0, 2.05, 2.1, 9.0, 10.0])
    errors = np.array([0.0, 0.01, 0.2, 0.01, 0.0, 2.0])
    assert open_runs(keys, errors) == [(1, 4), (4, 6)]
