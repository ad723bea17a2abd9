"""Completeness that cannot lie: every obligation in exactly one state."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from submissions import NO_CORRECTIONS, TODAY, definition, values

from evaluation.completeness import MET, SHOWN, STATES, completeness, counted, share_met
from evaluation.obligations import asked_for, due_on, obligations

RULEBOOK = """
evaluation: test-2025
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
departments: [{code: stats, name: 统计局}]
groups: [{code: towns, name: 乡镇, kind: township}]
sections:
  - code: all
    indicators:
      - {code: patents, points: 10, sources: [stats, self], tolerance: 10%, rule: {kind: per_item, each: 1}}
      - {code: meetings, points: 10, rule: {kind: per_item, each: 1}}
      - {code: spending, points: 10, sources: [stats], frequency: quarter, rule: {kind: per_item, each: 1}}
      - {code: lagged, points: 10, sources: [stats], data_year: 2024, rule: {kind: per_item, each: 1}}
calendar: {submissions_due: 2026-01-15}
"""
MERGED = """T1,甲镇,township,towns,,,
T2,乙镇,township,towns,,,2025-06-30
T3,丙镇,township,towns,乙镇,2025-07-01,"""
RULES = definition(RULEBOOK, units=2, targets="T2,meetings,,,no,")
OWN = {"indicator_code": "meetings", "source": "self", "sender": "T1"}


def states(*rows: dict[str, Any], today: date = TODAY, **more: Any) -> pd.Series[str]:
    corrections = more.get("corrections", NO_CORRECTIONS)
    frame = completeness(RULES, values(*rows), more.get("ruled_out", set()), corrections, today)
    return frame.set_index(["unit_code", "indicator_code", "period"])["state"]


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (OWN | {"value": "3"}, "filed"),
        (OWN | {"value": "0.00"}, "nil"),
        (OWN | {"value": "0", "received_at": "2026-01-16T08:00:00+08:00"}, "late"),
        (OWN | {"value": None, "outcome": "refused"}, "refused"),
        (OWN | {"value": "0.5", "outcome": "held"}, "held"),
        (OWN | {"value": None, "outcome": "blank"}, "missing"),
        (OWN | {"value": "3", "unit_code": "T2"}, "missing"),
    ],
)
def test_a_unit_and_figure_is_in_the_state_that_its_cell_is_in(row: dict[str, Any], state: str) -> None:
    assert states(row)["T1", "meetings", "2025"] == state


def test_a_value_that_a_verdict_rules_out_counts_as_refused() -> None:
    assert states(OWN | {"value": "3"}, ruled_out={1})["T1", "meetings", "2025"] == "refused"


def test_what_the_targets_exempt_is_exempt_even_if_it_came() -> None:
    assert states(OWN | {"value": "3", "unit_code": "T2"})["T2", "meetings", "2025"] == "exempt"


def test_a_units_own_figure_does_not_meet_the_departments_obligation() -> None:
    assert states({"source": "self", "sender": "T1", "value": "5"})["T1", "patents", "2025"] == "missing"


def test_an_approved_correction_meets_what_nobody_reported() -> None:
    row = {"unit_code": "T1", "indicator_code": "patents", "period": "2025", "new_value": "4"}
    assert states(corrections=pd.DataFrame([row]))["T1", "patents", "2025"] == "filed"


def test_nothing_is_missing_before_its_day_is_over() -> None:
    assert states(today=date(2026, 1, 15))["T1", "meetings", "2025"] == "not_due"
    assert states(today=date(2026, 1, 16))["T1", "meetings", "2025"] == "missing"
    first_quarter = states(today=date(2025, 4, 15))["T1", "spending"]
    assert first_quarter.tolist() == ["not_due"] * 4
    assert states(today=date(2025, 4, 16))["T1", "spending"].tolist() == ["missing", *["not_due"] * 3]


def test_earlier_periods_are_due_as_long_after_their_end_as_the_last_one() -> None:
    days = [due_on(RULES.rulebook, period).isoformat() for period in ("2025Q1", "2025Q4", "2025", "2024", "2025-02")]
    assert days == ["2025-04-15", "2026-01-15", "2026-01-15", "2026-01-15", "2025-03-15"]


def test_a_merged_unit_owes_each_period_once() -> None:
    rules = definition(RULEBOOK, rows=MERGED)
    owed = obligations(rules)
    quarters = owed[owed["indicator_code"] == "spending"].groupby("unit_code")["period"].agg(list)
    assert quarters["T2"] == ["2025Q1", "2025Q2"]
    assert quarters["T3"] == ["2025Q3", "2025Q4"]
    assert set(owed.loc[owed["indicator_code"] == "lagged", "unit_code"]) == {"T1", "T3"}
    assert not owed.duplicated(["unit_code", "indicator_code", "period"]).any()


KEYS = asked_for(RULES)[["unit_code", "indicator_code", "period"]].to_numpy().tolist()
SUBMISSION = st.builds(
    lambda key, source, value, outcome, received: {
        **dict(zip(("unit_code", "indicator_code", "period"), key, strict=True)),
        "source": source,
        "sender": key[0] if source == "self" else source,
        "value": value if outcome in ("accepted", "held") else None,
        "outcome": outcome,
        "received_at": received,
    },
    st.sampled_from(KEYS),
    st.sampled_from(["stats", "self"]),
    st.sampled_from(["0", "5", "5.2"]),
    st.sampled_from(["accepted", "accepted", "refused", "held", "blank", "duplicate"]),
    st.sampled_from(["2025-05-01T08:00:00+08:00", "2026-02-01T08:00:00+08:00"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(SUBMISSION, max_size=30), st.sets(st.integers(1, 30)), st.dates(date(2025, 1, 1), date(2026, 12, 31)))
def test_states_add_up_to_the_obligations_whatever_came(
    rows: list[dict[str, Any]], ruled_out: set[int], today: date
) -> None:
    frame = completeness(RULES, values(*rows), ruled_out, NO_CORRECTIONS, today)
    assert frame[["unit_code", "indicator_code", "period"]].to_numpy().tolist() == KEYS
    assert frame["state"].isin(STATES).all()
    for by in ("owed_by", "period"):
        counts = counted(frame, by)
        assert counts["owed"].sum() == len(KEYS)
        assert (counts[list(SHOWN)].sum(axis=1) == counts["owed"]).all()
    assert 0 <= share_met(frame) <= 1
    came = {(row["unit_code"], row["indicator_code"], row["period"]) for row in rows if row["outcome"] == "accepted"}
    met = frame[frame["state"].isin(MET)]
    assert set(met[["unit_code", "indicator_code", "period"]].itertuples(index=False, name=None)) <= came
