"""Corrections put on a table that may have been written anew since they were asked for."""

from __future__ import annotations

import pandas as pd
import pytest

from evaluation.corrected import CELL, corrected

CHAIN = [("200", "190", "200"), ("190", "180", "200")]


def targets(text: str) -> pd.DataFrame:
    return pd.DataFrame({"unit_code": ["A"], "indicator_code": ["output"], "target": [text]}, dtype="str")


def asked(*changes: tuple[str, str, str | None]) -> pd.DataFrame:
    """Old and new values of one target, and what the file said when each was asked for."""
    cell = dict.fromkeys(CELL, "") | {"subject": "target", "unit_code": "A", "indicator_code": "output"}
    rows = [
        cell | {"field": "target", "approval_seq": seq, "old_value": old, "new_value": new, "file_value": written}
        for seq, (old, new, written) in enumerate(changes, 1)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("file", "changes", "in_force"),
    [
        ("200", CHAIN, "180"),
        ("190", CHAIN, "190"),  # adopted anew with what the first of them made: that counts
        ("180", CHAIN, "180"),
        ("180", [*CHAIN, ("180", "175", "180")], "175"),
        ("210", CHAIN, "210"),
        ("200", [("200", "190", None), ("190", "180", None)], "180"),  # of a program that did not note the file
    ],
)
def test_a_correction_holds_while_the_file_says_what_it_said(
    file: str, changes: list[tuple[str, str, str | None]], in_force: str
) -> None:
    assert corrected(targets(file), "target", asked(*changes), bound=True)["target"].tolist() == [in_force]
