"""Columns out of texts: shortcuts for many rows find what the plain way finds."""

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import texts
from evaluation.bounded import Bounded
from evaluation.columns import Texts
from evaluation.copies import copies_of
from evaluation.exact import Exact, Rational, objects
from evaluation.periods import FigureTable
from evaluation.reasons import NO_VALUE
from evaluation.rounding import decimal_text
from evaluation.texts import dates, numbered, positions, positions_of_runs
from evaluation.unit_classes import UnitClasses

CODES = ["T1", "T2", "T3"]


@given(given=st.lists(st.sampled_from([*CODES, "stranger", None])))
def test_codes_of_neighbours_are_found_as_one_by_one(given: list[str | None]) -> None:
    expected = [CODES.index(code) if code in CODES else -1 for code in given]
    assert positions(pa.array(given, pa.string()), CODES).tolist() == expected
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(texts, "LARGE", 0)
        assert positions_of_runs(pa.array(given, pa.string()), CODES).tolist() == expected


@given(given=st.lists(st.sampled_from(["a", "b", None]), min_size=1))
def test_texts_are_numbered_alike_however_many_there_are(given: list[str | None]) -> None:
    names, numbers = numbered(pa.array(given, pa.string()))
    assert [None if at < 0 else names[at] for at in numbers.tolist()] == given
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(texts, "LARGE", 0)
        names, numbers = numbered(pa.array(given, pa.string()))
    assert [None if at < 0 else names[at] for at in numbers.tolist()] == given


@given(
    rows=st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(["i1", "i2"]), st.integers(-999, 999)), min_size=1),
    stranger=st.booleans(),
)
def test_figures_in_place_are_those_of_their_last_rows(rows: list[tuple[str, str, int]], stranger: bool) -> None:
    """With a stranger among the units the table goes by row numbers, without one it puts values in place."""
    given = [(unit, item, decimal_text(Fraction(number, 8))) for unit, item, number in rows]
    given += [("stranger", "i1", "1")] if stranger else []
    frame = pd.DataFrame(given, columns=["unit_code", "indicator_code", "accepted_value"], dtype="str")
    table = FigureTable(frame.assign(period=pd.array(["2025"] * len(frame), dtype="str")), CODES, ["i1", "i2"])
    last = {(unit, item): Fraction(number, 8) for unit, item, number in rows}
    for item in ("i1", "i2"):
        column = table.combined(item, 2025, "latest")
        wanted = [last.get((unit, item)) for unit in CODES]
        assert column.known.tolist() == [one is not None for one in wanted]
        assert column.number.value.tolist() == [float(one or 0) for one in wanted]
        assert column.exact(np.arange(3)).tolist() == [one or 0 for one in wanted]
        assert column.why is None or set(column.why.tolist()) <= {0, NO_VALUE}
        assert column.number.least <= min(one or 0 for one in wanted)


FORMULAS: dict[str, Any] = {
    "sum": lambda a, b: a + b,
    "difference": lambda a, b: a - b,
    "product": lambda a, b: a * b,
    "quotient": lambda a, b: a / b,
    "smaller": lambda a, b: a.minimum(b),
    "larger": lambda a, b: (a - b).maximum(b),
    "either": lambda a, b: a.where(a.above(b), b),
    "size": lambda a, b: (a - b).absolute_value(),
    "rounded": lambda a, b: (a / b).rounded(),
    "steps": lambda a, b: (a / b).floor(),
    "total": lambda a, b: (a * b).total(),
}
DECIMALS = st.builds(lambda digits: Fraction(digits, 100), st.integers(-10_000, 10_000))


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
@given(numbers=st.lists(st.tuples(DECIMALS, DECIMALS.filter(bool)), min_size=1, max_size=5), positive=st.booleans())
def test_no_number_is_below_the_least_known(formula: Any, numbers: list[Any], positive: bool) -> None:
    pairs = [[abs(one) if positive else one for one in column] for column in zip(*numbers, strict=True)]
    doubts = np.zeros((1, len(numbers)), dtype=bool)
    found = formula(*(_floats(column, doubts) for column in pairs))
    exact = formula(*(Exact(objects(map(Rational, column))[None, :]) for column in pairs))
    assert found.least <= min(float(one) for one in exact.value.ravel())
    assert found.least <= found.value.min()


def _floats(numbers: list[Fraction], doubts: Any) -> Bounded:
    texts = Texts([decimal_text(number) for number in numbers])
    return texts.column(np.arange(len(numbers)), 1).number[None, :].noting(doubts)


def test_days_are_read_and_missing_ones_are_no_time() -> None:
    assert dates(["2025-02-28", None]).astype(str).tolist() == ["2025-02-28", "NaT"]


def test_copies_of_units_share_what_is_made_by_class_alone() -> None:
    units = UnitClasses(pd.DataFrame({"unit_code": CODES}), ("g",), (), (("", "g"),), *(np.zeros(3, np.int64),) * 3)
    copies = copies_of(units, 2)
    key = ("key",)
    assert units.once(key, lambda: 1) == copies.once(key, lambda: 2) == 1
    assert (units.once_by_unit(key, lambda: 3), copies.once_by_unit(key, lambda: 6)) == (3, 6)
