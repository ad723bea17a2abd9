"""Corrections put on a table that may have been written anew since they were asked for."""

from __future__ import annotations

import pandas as pd
import pytest
from small_evaluations import definition, items

from evaluation.corrected import CELL, corrected
from orchestration.unconcerned import unconcerned

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


@pytest.mark.parametrize(
    ("subject", "columns", "field"),
    [("claim", ("item_code", "object_id"), "quantity"), ("mark", ("indicator_code", "judge"), "mark")],
)
def test_a_matter_or_judge_is_meant_however_it_is_written(subject: str, columns: tuple[str, str], field: str) -> None:
    """As it is told what is filed again: a correction holds for what the sender files anew in another spelling."""
    rows = [("A", "i", "ａ 1", "9"), ("A", "i", "A-2", "9"), ("A", "i", None, "9"), ("B", "i", "A1", "9")]
    frame = pd.DataFrame(rows, columns=["unit_code", *columns, field], dtype="str")
    cell = dict.fromkeys(CELL, "") | {"subject": subject, "unit_code": "A", "indicator_code": "i", "object": "A-1"}
    correction = pd.DataFrame([cell | {"field": field, "approval_seq": 1, "old_value": "9", "new_value": "5"}])
    assert corrected(frame, subject, correction)[field].tolist() == ["5", "9", "9", "9"]


@pytest.mark.parametrize("numbered", ["int64", "Int64"])  # as read from the files, as read from the store
def test_a_mark_that_was_never_given_is_added_to_marks_from_files_too(numbered: str) -> None:
    frame = pd.DataFrame({"row_id": [7], "unit_code": ["A"], "indicator_code": ["i"], "judge": ["甲"], "mark": ["0.8"]})
    cell = dict.fromkeys(CELL, "") | {"subject": "mark", "unit_code": "A", "indicator_code": "i", "object": "乙"}
    correction = pd.DataFrame([cell | {"field": "mark", "approval_seq": 1, "old_value": "", "new_value": "0.5"}])
    marks = corrected(frame.astype({"row_id": numbered}), "mark", correction)
    assert marks["mark"].tolist() == ["0.8", "0.5"]
    assert marks["row_id"].isna().tolist() == [False, True]


RULES = items(
    "{code: i, points: {g: 10}, rule: {kind: per_item, each: 1}}",
    "{code: j, points: {g: 10}, cases: [{when: {of: k, at_least: 1}, rule: {kind: per_item, each: 1}}]}",
    "{code: k, points: {h: 10}, rule: {kind: per_item, each: 1}}",
    "{code: l, points: {h: 10}, rule: {kind: per_item, each: 1}}",
    "{code: m, points: {g: 10}, rule: {kind: judged}}",
    settings="vetoes: [{code: v, when: {of: l, below: 1}, effects: [fail], applies_to: [g]}]\n",
)


@pytest.mark.parametrize(
    ("subject", "unit", "code", "told"),
    [
        ("figure", "A", "i", False),
        ("figure", "B", "i", True),
        ("figure", "D", "i", True),  # has no such task
        ("figure", "A", "k", False),  # a case looks at it
        ("figure", "A", "l", False),  # a veto looks at it
        ("target", "D", "i", False),  # may be corrected to say that there is
        ("target", "B", "i", True),
        ("mark", "B", "m", True),
        ("mark", "A", "m", False),
        ("group", "B", "", False),
    ],
)
def test_a_correction_that_no_rule_looks_at_is_told(subject: str, unit: str, code: str, told: bool) -> None:
    made = definition(RULES, units="A,A,township,g\nB,B,township,h\nD,D,township,g", targets="D,i,,,no")
    cell = dict.fromkeys(CELL, "") | {"subject": subject, "unit_code": unit, "indicator_code": code}
    assert bool(unconcerned(made, cell)) == told
