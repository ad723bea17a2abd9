"""Claims and marks filed again: which file counts, and what is told of the others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from submissions import DECIDED, NO_DECISIONS, claims, definition, marks, submitted

from checks.expectations import verdicts
from checks.suites import suites
from evaluation.decided import claims_decided, claims_that_count
from evaluation.refiled import marks_that_count

RULES = definition("""
evaluation: small-2025
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
departments: [{code: sti}, {code: market}]
groups: [{code: towns, kind: township}]
sections:
  - code: all
    indicators:
      - {code: awards, points: 5, sources: [sti, market, self], measure: quantity, rule: {kind: per_item, each: 1}}
      - {code: visit, points: 5, sources: [sti, market], rule: {kind: judged}}
      - {code: advice, points: 10, max_points: 12, min_points: -2, sources: [sti], rule: {kind: judged, scale: points}}
calendar: {submissions_due: 2026-01-15}
""")
LATE = "2026-02-01T09:00:00+08:00"
OFFICE = {"sender": "sti", "source": "sti", "object_id": "A-1"}


def decided(*rows: dict[str, Any], said: pd.DataFrame = NO_DECISIONS) -> pd.DataFrame:
    return claims_decided(RULES.rulebook, claims(*rows), said)


@pytest.mark.parametrize(
    ("rows", "fates"),
    [
        (({"quantity": "90"}, {"quantity": "9"}), ["replaced", "counts"]),
        (({"quantity": "90"}, {"quantity": "9", "object_id": "ａ １"}), ["replaced", "counts"]),
        (({"quantity": "90"}, {"quantity": "9", "object_id": "B-1"}), ["counts", "counts"]),
        (({"quantity": "90"}, {"quantity": "9", "unit_code": "T2"}), ["counts", "counts"]),
        (({"quantity": "90"}, {"quantity": "9", "outcome": "refused"}), ["counts", "counts"]),
        (({"quantity": "9", "seq": 1}, {"quantity": "90", "seq": 1}), ["counts", "counts"]),
        (({"quantity": "9"}, {"quantity": "90", "received_at": LATE}), ["counts", "replaced"]),
        (({"quantity": "9", "received_at": LATE}, {"quantity": "3"}), ["replaced", "counts"]),
        (({"received_at": LATE}, {"quantity": "90", "received_at": LATE}), ["replaced", "counts"]),
        (({"received_at": LATE},), ["counts"]),
    ],
)
def test_of_a_matter_the_last_file_in_time_counts(rows: tuple[dict[str, Any], ...], fates: list[str]) -> None:
    assert decided(*(OFFICE | row for row in rows))["decision"].tolist() == fates


def said(frame: pd.DataFrame, *decisions: tuple[int, int, str]) -> pd.DataFrame:
    """Decisions as (`seq`, which row, what)."""
    rows = [(seq, frame["claim_id"][at], what, "王五", "属实") for seq, at, what in decisions]
    return pd.DataFrame(rows, columns=DECIDED)


@pytest.mark.parametrize(
    ("decisions", "fates"),
    [
        ([], ["replaced", "counts"]),
        ([(9, 0, "accepted")], ["accepted", "replaced"]),
        ([(9, 0, "refused")], ["refused", "counts"]),
        ([(9, 1, "refused")], ["replaced", "refused"]),
        ([(8, 0, "accepted"), (9, 1, "accepted")], ["replaced", "accepted"]),
    ],
)
def test_what_an_examiner_accepts_afterwards_counts_instead(
    decisions: list[tuple[int, int, str]], fates: list[str]
) -> None:
    rows = (OFFICE | {"quantity": "90"}, OFFICE | {"quantity": "9"})
    assert decided(*rows, said=said(claims(*rows), *decisions))["decision"].tolist() == fates


def test_what_was_accepted_before_gives_way_to_what_a_department_files_afterwards() -> None:
    rows = (OFFICE | {"quantity": "90"}, OFFICE | {"quantity": "9", "seq": 5})
    frame = decided(*rows, said=said(claims(*rows), (3, 0, "accepted")))
    assert frame["decision"].tolist() == ["replaced", "counts"]


@pytest.mark.parametrize(
    ("decisions", "fates"),
    [
        ([], ["replaced", "waits"]),
        ([(3, 0, "accepted")], ["accepted", "waits"]),
        ([(3, 0, "accepted"), (9, 1, "accepted")], ["replaced", "accepted"]),
        ([(3, 0, "accepted"), (9, 1, "refused")], ["accepted", "refused"]),
    ],
)
def test_a_units_own_claim_stands_until_the_newer_one_is_accepted(
    decisions: list[tuple[int, int, str]], fates: list[str]
) -> None:
    rows = ({"object_id": "A-1", "quantity": "90"}, {"object_id": "A-1", "quantity": "9", "seq": 5})
    assert decided(*rows, said=said(claims(*rows), *decisions))["decision"].tolist() == fates


def test_what_counts_does_not_depend_on_later_files() -> None:
    frame = claims(OFFICE | {"quantity": "90"}, OFFICE | {"quantity": "9"})
    before = claims_decided(RULES.rulebook, frame[frame["seq"] <= 1], NO_DECISIONS)
    assert claims_that_count(before)["quantity"].tolist() == ["90"]


MARK = {"judge": "一", "mark": "0.8"}


@pytest.mark.parametrize(
    ("rows", "counting"),
    [
        ((MARK, MARK | {"mark": "0.4"}), ["0.4"]),
        ((MARK, MARK | {"mark": "0.4", "judge": " 一"}), ["0.4"]),
        ((MARK, MARK | {"mark": "0.4", "judge": "二"}), ["0.8", "0.4"]),
        ((MARK, MARK | {"mark": "0.4", "unit_code": "T2"}), ["0.8", "0.4"]),
        ((MARK, MARK | {"mark": "0.4", "source": "market"}), ["0.8"]),
        ((MARK | {"source": "market"}, MARK | {"mark": "0.4", "received_at": LATE}), ["0.4"]),
        ((MARK, MARK | {"mark": "0.4", "received_at": LATE}), ["0.8"]),
        ((MARK, MARK | {"mark": "0.4", "outcome": "refused"}), ["0.8"]),
    ],
)
def test_of_a_judge_the_last_mark_in_time_of_the_most_trusted_source_counts(
    rows: tuple[dict[str, Any], ...], counting: list[str]
) -> None:
    assert marks_that_count(RULES.rulebook, marks(*rows))["mark"].tolist() == counting


def found(**given: pd.DataFrame) -> list[tuple[str, ...]]:
    frame = verdicts(suites(RULES, submitted(**given)))
    frame = frame[frame["code"] != "MISSING"]
    return list(frame[["code", "severity", "cell"]].itertuples(index=False, name=None))


def test_a_claim_that_was_replaced_is_told_with_the_one_that_counts() -> None:
    frame = decided(OFFICE | {"quantity": "90", "date": "2024-01-01"}, OFFICE | {"quantity": "9"})
    assert found(claims=frame) == [("CLAIM_REPLACED", "note", "F2")]
    told = verdicts(suites(RULES, submitted(claims=frame)))["message"].iloc[-1]
    assert "以台账第 2 号《sti.csv》F3 为准" in told


def test_the_same_claim_filed_again_is_not_told() -> None:
    assert found(claims=decided(OFFICE, OFFICE)) == []


def test_a_late_claim_is_used_and_told() -> None:
    assert found(claims=decided(OFFICE | {"received_at": LATE})) == [("LATE", "note", "F2")]


def test_late_marks_are_used_and_told_once_a_column() -> None:
    late = MARK | {"received_at": LATE}
    one, other = late | {"seq": 1, "cell": "D2"}, late | {"seq": 1, "cell": "D3", "unit_code": "T2"}
    assert found(marks=marks(one, other)) == [("LATE", "note", "D2:D3")]


def test_a_mark_that_was_replaced_is_not_said_to_count_twice() -> None:
    assert found(marks=marks(MARK, MARK | {"mark": "0.4"})) == [("MARK_REPLACED", "note", "F2")]
    both = marks(MARK | {"seq": 1}, MARK | {"seq": 1, "judge": "一 ", "mark": "0.4"})
    assert found(marks=both) == [("MARK_TWICE", "warning", cell) for cell in ("F2", "F3")]


def test_marks_may_be_what_the_item_may_be() -> None:
    limits = ["-2.1", "-2", "12", "12.1"]
    advice = [MARK | {"indicator_code": "advice", "judge": text, "mark": text} for text in limits]
    assert found(marks=marks(*advice)) == [("MARK_RANGE", "warning", cell) for cell in ("F2", "F5")]


def test_marks_that_a_department_owes_are_missed_once_they_are_due() -> None:
    def missed(day: date, *rows: dict[str, Any]) -> list[str]:
        frame = verdicts(suites(RULES, submitted(marks=marks(*rows), as_of=day)))
        return list(frame.loc[frame["code"] == "MISSING", "unit_code"])

    units = list(RULES.units["unit_code"])
    advice = [MARK | {"indicator_code": "advice", "unit_code": unit} for unit in units]
    assert missed(date(2026, 1, 15)) == []
    assert missed(date(2026, 1, 16), *advice) == units
    assert missed(date(2026, 1, 16), *advice, MARK, MARK | {"unit_code": "T2", "outcome": "refused"}) == units[1:]
