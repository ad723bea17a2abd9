"""Worked examples of every measure, rule and general key: what comes out is what was worked out by hand."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import Any, get_args

import pandas as pd
import pytest
from golden_cases import ABOUT, GIVEN, RULES, Case, all_cases

from evaluation.items import Measure
from evaluation.rule_kinds import Rule
from evaluation.scoring import Scores

CASES = all_cases()
SCORED = [case for case in CASES if "expect" in case.tree]
LINTED = [case for case in CASES if "lint" in case.tree]
WORKED = RULES.parent / "worked_rule_examples.csv"
TOTALS = {
    "total": "total_score",
    "base": "base_score",
    "bonus": "bonus",
    "penalty": "penalty",
    "rank": "rank",
    "grade": "grade",
    "award": "award",
    "veto": "veto",
}
ITEMS = {
    "points": "indicator_score",
    "state": "state",
    "measure": "measure",
    "deduction": "deduction",
    "target_state": "target_state",
}
OTHERS = {"change": "change", "change_rank": "rank"}


def named(case: Case) -> str:
    return f"{case.file.removesuffix('.yaml')}: {case.name}"


@pytest.mark.parametrize("case", SCORED, ids=named)
def test_the_worked_example_comes_out(case: Case) -> None:
    scores = case.scores()
    expected = case.tree["expect"]
    assert expected
    wrong = [
        f"{who} {what}: 应为 {wanted}，算出 {found}"
        for who, what, wanted, found in _compared(case, scores)
        if not _same(wanted, found)
    ]
    assert wrong == []


@pytest.mark.parametrize("case", LINTED, ids=named)
def test_lint_finds_the_fault_shown(case: Case) -> None:
    found = [finding.message for finding in case.findings()]
    assert [text for text in case.tree["lint"] if not any(text in message for message in found)] == [], found


@pytest.mark.parametrize("case", SCORED, ids=named)
def test_a_worked_example_is_a_rulebook_without_errors(case: Case) -> None:
    units_without_target = "没有写"
    errors = [each.message for each in case.findings() if each.severity == "error"]
    assert [message for message in errors if units_without_target not in message and "不大于 0" not in message] == []


def test_every_measure_and_rule_has_a_file() -> None:
    kinds = {each.model_fields["kind"].annotation for each in _rules()}
    wanted = {*get_args(Measure), *(get_args(kind)[0] for kind in kinds)}
    assert len(wanted) == 19
    assert wanted - {case.file.removesuffix(".yaml") for case in CASES} == set()


def test_every_example_names_its_source_and_only_known_keys() -> None:
    assert [named(case) for case in CASES if not case.tree.get("source")] == []
    for case in SCORED:
        further = {key for given in case.given.values() for key in given} - GIVEN
        assert all(f"'{key}'" in str(case.rulebook) for key in further), (named(case), further)
        assert set(case.tree["expect"]) <= set(case.given) | _officials(case), named(case)


def test_the_33_kinds_of_rules_each_have_an_example() -> None:
    kinds = {kind for case in CASES for kind in case.kinds}
    assert kinds == {f"K{number:02}" for number in range(1, 34)}


def test_every_worked_answer_stands_among_the_examples() -> None:
    with WORKED.open(encoding="utf-8") as lines:
        answers = {row["id"]: row["expected_score"] for row in csv.DictReader(lines)}
    found = {}
    for case in SCORED:
        for unit, answer in case.tree.get("worked", {}).items():
            expected = case.tree["expect"][unit]
            found[answer] = _answer(expected)
    assert len(answers) == 27
    assert set(found) == set(answers)
    assert [key for key, answer in answers.items() if not _same(answer, found[key])] == []


def _rules() -> list[Any]:
    union = get_args(Rule)[0]
    return [get_args(member)[0] for member in get_args(union)]


def _officials(case: Case) -> set[str]:
    return {post["official"] for post in case.tree.get("posts", [])}


def _answer(expected: Any) -> str:
    if isinstance(expected, str):
        return expected
    return str(next(expected[key] for key in ("points", "grade", "total") if isinstance(expected.get(key), str)))


def _compared(case: Case, scores: Scores) -> list[tuple[str, str, str, Any]]:
    """(who, what, expected, found) of everything that a case expects."""
    rows: list[tuple[str, str, str, Any]] = []
    for who, expected in case.tree["expect"].items():
        if who in _officials(case):
            rows += _of_official(scores, who, expected)
        else:
            rows += _of_unit(case, scores, who, expected)
    return rows


def _of_official(scores: Scores, who: str, expected: Any) -> list[tuple[str, str, str, Any]]:
    frame = scores.official_scores
    own = frame[frame["official_code"] == who]
    assert len(own)
    wanted = expected if isinstance(expected, dict) else {"score": expected}
    return [(who, key, text, found) for key, text in wanted.items() for found in own[key].tolist()]


def _of_unit(case: Case, scores: Scores, unit: str, expected: Any) -> list[tuple[str, str, str, Any]]:
    rows: list[tuple[str, str, str, Any]] = []
    for key, wanted in (expected if isinstance(expected, dict) else {"points": expected}).items():
        if key in ITEMS:
            by_item = wanted if isinstance(wanted, dict) else {_only_item(case): wanted}
            cells = [(item, text, _item_cell(scores, unit, item, key)) for item, text in by_item.items()]
            rows += [(unit, f"{key} {item}", text, found) for item, text, found in cells]
        elif key in OTHERS:
            rows.append((unit, key, wanted, _cell(scores.other_ranks, unit, OTHERS[key])))
        elif key == "provisional":
            rows.append((unit, key, wanted, str(_cell(scores.total_scores, unit, key)).lower()))
        else:
            rows.append((unit, key, wanted, _cell(scores.total_scores, unit, TOTALS[key])))
    return rows


def _only_item(case: Case) -> str:
    items = [item for section in case.rulebook["sections"] for item in section["indicators"]]
    assert len(items) == 1
    return str(items[0]["code"])


def _item_cell(scores: Scores, unit: str, item: str, key: str) -> Any:
    frame = scores.indicator_scores
    own = frame[(frame["unit_code"] == unit) & (frame["indicator_code"] == item)]
    if own.empty and key == "state":
        return "not_assessed"
    return _cell(own, unit, ITEMS[key])


def _cell(frame: pd.DataFrame, unit: str, column: str) -> Any:
    return frame.loc[frame["unit_code"] == unit, column].item()


def _same(wanted: str, found: Any) -> bool:
    """Numbers as numbers, `none` as an empty cell, everything else as text."""
    if pd.isna(found):
        return wanted == "none"
    if wanted == str(found):
        return True
    try:
        return Decimal(wanted) == Decimal(str(found))
    except ArithmeticError:
        return False


def test_the_form_of_the_examples_is_checked() -> None:
    """Words of the form itself are never taken for keys of a rulebook."""
    keys = {key for case in CASES for key in case.tree} - ABOUT - {"item", "items"}
    assert keys <= set(_rulebook_keys())


def _rulebook_keys() -> list[str]:
    from evaluation.rulebook import Rulebook

    return list(Rulebook.model_fields)
