from __future__ import annotations

import pandas as pd
import pytest

from evaluation.acceptance import KEY, accept
from evaluation.definition import Definition, read_definition
from evaluation.discrepancies import discrepancies
from evaluation.obligations import obligations, periods_due

RULEBOOK = """
evaluation: test-2025
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
departments: [{code: stats, name: 统计局}]
groups: [{code: towns, name: 乡镇, kind: township}]
sections:
  - code: all
    name: 全部
    points: 30
    indicators:
      - {code: patents, name: 专利, unit_of_measure: 件, points: 10, sources: [stats, self], tolerance: 10%,
         rule: {kind: per_item, each: 1}}
      - {code: meetings, name: 会议, unit_of_measure: 次, points: 10, sources: [self], rule: {kind: per_item, each: 1}}
      - {code: spending, name: 投入, unit_of_measure: 万元, points: 10, sources: [stats], frequency: quarter,
         accumulate: sum, rule: {kind: per_item, each: 1}}
calendar: {submissions_due: 2026-01-15}
"""
UNITS = "unit_code,name,kind,group,aliases,valid_from,valid_to\nT1,甲镇,township,towns,,,\nT2,乙镇,township,towns,,,\n"
TARGETS = "unit_code,indicator_code,target,stretch,applicable,note\nT2,meetings,,,no,\n"
NO_CORRECTIONS = pd.DataFrame(columns=["seq", "approval_seq", *KEY, "new_value"])


@pytest.fixture(scope="module")
def definition() -> Definition:
    files = {"rulebook.yaml": RULEBOOK, "units.csv": UNITS, "targets.csv": TARGETS}
    return read_definition({name: text.encode() for name, text in files.items()})


def values(*rows: dict[str, object]) -> pd.DataFrame:
    """Submitted values; what a row leaves out is a plain accepted figure of T1's patents by the statistics office."""
    plain = {
        "unit_code": "T1",
        "indicator_code": "patents",
        "period": "2025",
        "submitted_value": "5",
        "status": "actual",
        "source": "stats",
        "received_at": "2026-01-10T09:00:00+08:00",
        "outcome": "accepted",
        "sha256": "ab",
        "file": "a.csv",
        "sheet": None,
        "cell": "F2",
    }
    filled = [plain | {"row_id": number, "seq": number} | row for number, row in enumerate(rows)]
    return pd.DataFrame(filled, columns=[*plain, "row_id", "seq"])


def accepted(definition: Definition, submitted: pd.DataFrame, **more: object) -> pd.DataFrame:
    refused = more.get("refused", set())
    corrections = more.get("corrections", NO_CORRECTIONS)
    return accept(definition, submitted, refused, corrections).set_index(KEY)  # type: ignore[arg-type]


T1_PATENTS = ("T1", "patents", "2025")


def test_what_is_owed_follows_applicability_and_frequency(definition: Definition) -> None:
    owed = obligations(definition)
    assert len(owed) == 2 + 1 + 8  # patents of both, meetings of T1 only, four quarters of both
    assert set(owed.loc[owed["indicator_code"] == "meetings", "owed_by"]) == {"T1"}
    assert set(owed.loc[owed["indicator_code"] == "patents", "owed_by"]) == {"stats"}
    assert periods_due(definition.rulebook, definition.rulebook.figure("spending"))[0] == "2025Q1"


def test_the_more_trusted_source_counts_even_if_it_came_first(definition: Definition) -> None:
    frame = accepted(
        definition, values({"submitted_value": "5"}, {"submitted_value": "5.2", "source": "self", "seq": 9})
    )
    assert frame.loc[T1_PATENTS, "accepted_value"] == "5"


def test_the_latest_submission_of_one_source_counts(definition: Definition) -> None:
    frame = accepted(definition, values({"submitted_value": "5"}, {"submitted_value": "6"}))
    assert frame.loc[T1_PATENTS, "accepted_value"] == "6"


def test_order_is_by_ledger_never_by_row(definition: Definition) -> None:
    frame = accepted(definition, values({"submitted_value": "6", "seq": 8}, {"submitted_value": "5", "seq": 3}))
    assert frame.loc[T1_PATENTS, "accepted_value"] == "6"


def test_a_late_value_does_not_replace_a_timely_one(definition: Definition) -> None:
    late = {"submitted_value": "9", "received_at": "2026-01-16T00:00:01+08:00"}
    assert accepted(definition, values({}, late)).loc[T1_PATENTS, "accepted_value"] == "5"


def test_a_late_first_submission_is_used_and_flagged(definition: Definition) -> None:
    frame = accepted(definition, values({"received_at": "2026-01-16T00:00:01+08:00"}))
    assert frame.loc[T1_PATENTS, "accepted_value"] == "5"
    assert frame.loc[T1_PATENTS, "flags"] == "late"
    assert not frame.loc[T1_PATENTS, "provisional"]


def test_the_due_day_itself_is_in_time(definition: Definition) -> None:
    frame = accepted(definition, values({"received_at": "2026-01-15T23:59:59+08:00"}))
    assert frame.loc[T1_PATENTS, "flags"] == ""


def test_a_forecast_is_provisional(definition: Definition) -> None:
    frame = accepted(definition, values({"status": "forecast"}))
    assert (frame.loc[T1_PATENTS, "flags"], frame.loc[T1_PATENTS, "provisional"]) == ("forecast", True)


def test_a_self_report_where_the_department_is_silent_is_flagged(definition: Definition) -> None:
    frame = accepted(definition, values({"source": "self"}))
    assert frame.loc[T1_PATENTS, "accepted_value"] == "5"
    assert frame.loc[T1_PATENTS, "flags"] == "unverified"


@pytest.mark.parametrize(("other", "apart"), [("5.5", False), ("5.56", True), ("4.5", False), ("4.49", True)])
def test_sources_further_apart_than_the_share_of_the_larger_are_listed(
    definition: Definition, other: str, apart: bool
) -> None:
    submitted = values({"submitted_value": "5"}, {"submitted_value": other, "source": "self"})
    assert len(discrepancies(definition, submitted)) == int(apart)
    frame = accepted(definition, submitted)
    assert frame.loc[T1_PATENTS, "provisional"] == apart
    assert frame.loc[T1_PATENTS, "accepted_value"] == "5"


def test_what_a_department_owes_makes_the_item_provisional(definition: Definition) -> None:
    frame = accepted(definition, values())
    assert frame.loc[T1_PATENTS, ["flags", "provisional"]].tolist() == ["owed", True]
    assert pd.isna(frame.loc[T1_PATENTS, "accepted_value"])
    assert frame.loc[("T1", "meetings", "2025"), ["flags", "provisional"]].tolist() == ["owed", False]


def test_a_refused_cell_is_left_out_and_provisional(definition: Definition) -> None:
    refused = values({"indicator_code": "meetings", "source": "self", "outcome": "refused", "submitted_value": None})
    frame = accepted(definition, refused)
    assert frame.loc[("T1", "meetings", "2025"), ["flags", "provisional"]].tolist() == ["refused", True]


def test_a_value_that_a_verdict_rules_out_gives_way_to_the_next(definition: Definition) -> None:
    submitted = values({"submitted_value": "5"}, {"submitted_value": "5000"})
    assert accepted(definition, submitted, refused={1}).loc[T1_PATENTS, "accepted_value"] == "5"


def test_an_approved_correction_counts_more_than_any_source(definition: Definition) -> None:
    rows = [(3, 4, *T1_PATENTS, "7"), (5, 6, *T1_PATENTS, "8")]
    corrections = pd.DataFrame(rows, columns=["seq", "approval_seq", *KEY, "new_value"])
    frame = accepted(definition, values({"status": "forecast"}), corrections=corrections)
    row = frame.loc[T1_PATENTS]
    assert (row["accepted_value"], row["source"], row["seq"], row["flags"]) == ("8", "correction", 5, "corrected")
    assert not row["provisional"]


def test_a_correction_can_give_what_nobody_reported(definition: Definition) -> None:
    corrections = pd.DataFrame([(3, 4, *T1_PATENTS, "7")], columns=["seq", "approval_seq", *KEY, "new_value"])
    assert accepted(definition, values(), corrections=corrections).loc[T1_PATENTS, "accepted_value"] == "7"


def test_every_key_has_one_row_in_the_order_of_units_and_figures(definition: Definition) -> None:
    frame = accepted(definition, values({"unit_code": "T2"}, {}, {}))
    assert frame.index.is_unique
    assert list(frame.index[:3]) == [T1_PATENTS, ("T1", "meetings", "2025"), ("T1", "spending", "2025Q1")]
