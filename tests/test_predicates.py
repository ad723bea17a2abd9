"""Faults of the whole: what must hold of totals before anything is published."""

from __future__ import annotations

import pandas as pd
import pytest

from checks.predicates import totals_that_do_not_add_up

PARTS = ["base_score", "bonus", "penalty", "total_score"]


def totals(*rows: tuple[str | None, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=PARTS, dtype="str")


@pytest.mark.parametrize("total", ["84.99", "85.01"])
def test_parts_that_were_rounded_may_miss_the_total_by_a_last_place(total: str) -> None:
    assert totals_that_do_not_add_up(totals(("80.00", "6.00", "1.00", total))).empty


def test_a_total_that_is_off_by_more_is_a_fault() -> None:
    assert len(totals_that_do_not_add_up(totals(("80.00", "6.00", "1.00", "85.02")))) == 1


def test_units_whose_total_is_pending_have_nothing_to_add_up() -> None:
    assert totals_that_do_not_add_up(totals((None, "0.00", "1.00", None))).empty
