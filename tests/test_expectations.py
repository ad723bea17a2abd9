"""What is expected of submitted figures, by real verdicts of Great Expectations."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from submissions import AWARDS, claims, definition, submitted, values

from checks.expectations import expectation_faults, verdicts
from checks.suites import suites
from evaluation.definition import Definition

RULEBOOK = """
evaluation: test-2025
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
departments: [{code: stats, name: 统计局}, {code: sti, name: 科技局}]
groups: [{code: towns, name: 乡镇, kind: township}, {code: offices, name: 部门, kind: department}]
sections:
  - code: all
    name: 全部
    reference: 第三条
    indicators:
      - {code: patents, name: 专利, unit_of_measure: 件, points: 10, applies_to: [towns], sources: [stats, self],
         tolerance: 10%, growth_warning: 200%, measure: completion, rule: {kind: proportional}}
      - {code: share, name: 研发占比, reference: 第四条, unit_of_measure: "%", points: 10, applies_to: [towns],
         sources: [stats], rule: {kind: per_item, each: 1}}
      - {code: rate, name: 完成率, unit_of_measure: "%", points: 10, applies_to: [towns], sources: [stats],
         range: {min: 0, max: 200}, rule: {kind: per_item, each: 1}}
      - {code: output, name: 产值, unit_of_measure: 万元, points: 10, applies_to: [towns], sources: [stats],
         frequency: quarter, rule: {kind: per_item, each: 1}}
      - {code: county_patents, name: 全县专利, unit_of_measure: 件, points: 10, applies_to: [offices],
         sources: [sti], total_of: patents, rule: {kind: per_item, each: 1}}
calendar: {submissions_due: 2026-01-15}
"""
UNITS = "\n".join([*(f"T{n},镇{n},township,towns,,," for n in range(1, 10)), "D1,科技局,department,offices,,,"])
TARGETS = "T1,patents,20,,,"


@pytest.fixture(scope="module")
def rules() -> Definition:
    return definition(RULEBOOK, rows=UNITS, targets=TARGETS)


def last_year(value: str, code: str = "patents", period: str = "2024") -> pd.DataFrame:
    rows = [("T1", code, period, value)]
    return pd.DataFrame(rows, columns=["unit_code", "indicator_code", "period", "accepted_value"], dtype="str")


def found(rules: Definition, *rows: dict[str, Any], **more: Any) -> pd.DataFrame:
    return verdicts(suites(rules, submitted(values(*rows), **more)))


def told(rules: Definition, *rows: dict[str, Any], **more: Any) -> list[tuple[str, str, str]]:
    frame = found(rules, *rows, **more)
    return list(zip(frame["code"], frame["severity"], frame["cell"].fillna(""), strict=True))


def output(value: str, quarter: int, **more: str) -> dict[str, str]:
    return {"indicator_code": "output", "period": f"2025Q{quarter}", "value": value} | more


# Rows of one unit, its value last year, and what is to be told of it. Each unit stands alone in its group.
CASES: list[tuple[list[dict[str, Any]], str | None, list[tuple[str, str, str]]]] = [
    ([{"value": "12"}], None, []),
    ([{"indicator_code": "rate", "value": "-1"}], None, [("RANGE", "error", "F2")]),
    ([{"indicator_code": "rate", "value": "201"}], None, [("RANGE", "error", "F2")]),
    ([{"indicator_code": "rate", "value": "200"}], None, []),
    ([{"value": "-3"}], None, [("NEGATIVE", "warning", "F2")]),
    ([{"value": "2.5"}], None, [("NOT_WHOLE", "warning", "F2")]),
    ([{"value": "2.0"}], None, []),
    ([{"indicator_code": "share", "value": "101"}], None, [("OVER_100", "warning", "F2")]),
    ([{"indicator_code": "rate", "value": "101"}], None, []),
    ([{"value": "5", "status": "forecast"}], None, [("FORECAST", "warning", "F2")]),
    ([{"value": "5", "received_at": "2026-01-16T00:00:00+08:00"}], None, [("LATE", "note", "F2")]),
    ([{"value": "40"}], "13", [("GROWTH", "warning", "F2")]),
    ([{"value": "39"}], "13", []),
    ([{"value": "4"}], "41", [("DECLINE", "warning", "F2")]),
    ([{"value": "0"}], "9", []),
    ([{"value": "0"}], "10", [("DECLINE", "warning", "F2")]),
    ([{"value": "115"}], "115", [("COPIED", "note", "F2")]),
    ([{"value": "11"}], "11", []),
    ([{"value": "201"}], None, [("FAR_OVER_TARGET", "warning", "F2")]),
    ([{"value": "200"}], None, []),
    ([output("80", 1), output("79.5", 2)], None, [("FALLS", "warning", "F3")]),
    ([output("80", 1), output("80", 2), output("95", 4)], None, []),
    ([output("80", 1), output("79", 1)], None, []),
    ([{"value": "5"}, {"value": "6", "source": "self"}], None, [("DISCREPANCY", "warning", "F3")]),
]  # fmt: skip


@pytest.fixture(scope="module")
def all_told() -> pd.DataFrame:
    """The findings of all cases, judged together: case 3 is unit C3's."""
    groups = ", ".join(f"{{code: g{at}, kind: township}}" for at in range(len(CASES)))
    scopes = ", ".join(f"g{at}" for at in range(len(CASES)))
    rulebook = RULEBOOK.replace("{code: towns, name: 乡镇, kind: township}", groups).replace("[towns]", f"[{scopes}]")
    units = [f"C{at},C{at},township,g{at},,," for at in range(len(CASES))]
    targets = "\n".join(f"C{at},patents,20,,," for at in range(len(CASES)))
    rules = definition(rulebook, rows="\n".join([*units, "D1,科技局,department,offices,,,"]), targets=targets)
    filed, before = [], []
    for at, (rows, previous, _) in enumerate(CASES):
        filed += [{"unit_code": f"C{at}", "cell": f"F{place}"} | row for place, row in enumerate(rows, 2)]
        before += [last_year(previous).assign(unit_code=f"C{at}")] if previous else []
    return verdicts(suites(rules, submitted(values(*filed), previous=pd.concat(before, ignore_index=True))))


@pytest.mark.parametrize("case", range(len(CASES)), ids=lambda at: f"{CASES[at][0][-1]}")
def test_each_statement_is_told_at_its_cell(all_told: pd.DataFrame, case: int) -> None:
    rows = all_told[all_told["unit_code"] == f"C{case}"]
    assert list(zip(rows["code"], rows["severity"], rows["cell"], strict=True)) == CASES[case][2]


def test_a_finding_says_sender_file_cell_value_rule_and_remedy(rules: Definition) -> None:
    (row,) = found(rules, {"indicator_code": "rate", "value": "201"}).to_dict("records")
    assert (row["sender"], row["file"], row["cell"], row["raw"]) == ("stats", "a.csv", "F2", "201")
    assert row["message"] == "镇1“完成率”〔第三条〕2025：报送值 201%，大于细则规定的上限 200"
    assert "重新报送" in row["what_to_do"]


def test_nothing_else_is_told_of_a_value_that_is_ruled_out(rules: Definition) -> None:
    eight = [{"indicator_code": "rate", "value": str(90 + n), "unit_code": f"T{n}"} for n in range(1, 9)]
    assert told(rules, *eight, {"indicator_code": "rate", "value": "9999", "unit_code": "T9"}) == [
        ("RANGE", "error", "F10")
    ]


@pytest.mark.parametrize(("again", "expected"), [("7", [("LATE", "note", "F3")]), ("5", [])])
def test_a_late_replacement_of_a_value_in_time_is_told_of_unless_it_says_the_same(
    rules: Definition, again: str, expected: list[tuple[str, str, str]]
) -> None:
    late = {"value": again, "received_at": "2026-01-16T00:00:00+08:00", "cell": "F3", "seq": 2}
    last = late | {"cell": "F4", "seq": 1, "value": "6"}
    assert told(rules, {"value": "5"}, late, last) == expected


def test_a_file_that_came_late_is_told_of_once_a_column(rules: Definition) -> None:
    late = {"received_at": "2026-01-16T00:00:00+08:00", "value": "5"}
    rows = [late | {"unit_code": f"T{n}", "cell": f"F{n + 8}"} for n in (3, 1, 2)]
    other = late | {"unit_code": "T4", "cell": "F2", "file": "b.csv", "sha256": "b"}
    found_late = found(rules, *rows, other).query("code == 'LATE'")
    told_late = found_late[["file", "cell", "unit_code", "indicator_code", "message"]].fillna("").values.tolist()
    assert told_late == [
        ["a.csv", "F9:F11", "", "patents", "3 个数据，收到时已过截止日期"],
        ["b.csv", "F2", "T4", "patents", "镇4“专利”〔第三条〕2025：报送值 5件，收到时已过截止日期"],
    ]


@pytest.mark.parametrize(("units", "severity"), [(8, "warning"), (7, "note"), (3, None)])
def test_an_outlier_among_many_peers_is_a_warning_among_few_a_note(
    rules: Definition, units: int, severity: str | None
) -> None:
    usual = [{"unit_code": f"T{n}", "value": str(10 + n)} for n in range(2, units + 1)]
    expected = [] if severity is None else [("OUTLIER", severity, f"F{units + 1}")]
    assert told(rules, *usual, {"value": "190"}) == expected


def test_small_counts_scatter_without_being_outliers(rules: Definition) -> None:
    rows = [{"unit_code": f"T{n}", "value": "3" if n == 4 else "0"} for n in range(1, 10)]
    assert told(rules, *rows) == []


def test_a_superseded_value_is_not_judged_again(rules: Definition) -> None:
    assert told(rules, {"indicator_code": "rate", "value": "900"}, {"indicator_code": "rate", "value": "90"}) == []


def test_a_growth_is_measured_by_the_same_period_of_last_year(rules: Definition) -> None:
    first_quarter = output("8", 1)
    assert told(rules, first_quarter, previous=last_year("95", "output", "2024Q4")) == []
    assert told(rules, first_quarter, previous=last_year("95", "output", "2024Q1")) == [("DECLINE", "warning", "F2")]


def test_a_total_is_compared_with_its_parts_only_when_all_are_there(rules: Definition) -> None:
    parts = [{"unit_code": f"T{n}", "value": "4"} for n in range(1, 10)]
    county = {"unit_code": "D1", "indicator_code": "county_patents", "sender": "sti", "source": "sti"}
    assert told(rules, *parts, county | {"value": "36"}) == []
    (row,) = found(rules, *parts, county | {"value": "37"}).to_dict("records")
    assert (row["code"], row["cell"]) == ("TOTAL_DIFFERS", "F11")
    assert "9个单位“专利”之和为 36件" in row["message"]
    assert told(rules, *parts[1:], county | {"value": "37"}) == []


OWN = """expectations:
  - {expect: expect_column_pair_values_a_to_be_greater_than_b, column_A: patents, column_B: grants, or_equal: true,
     ignore_row_if: either_value_is_missing, severity: SEVERITY, note: 授权不应多于申请}
"""
GRANTS = """      - {code: grants, name: 授权, unit_of_measure: 件, points: 10, applies_to: [towns], sources: [sti],
         rule: {kind: per_item, each: 1}}
calendar"""


def with_own(own: str) -> Definition:
    return definition(RULEBOOK.replace("calendar", GRANTS) + own, rows=UNITS)


def test_an_expectation_of_the_rulebook_names_the_cells_of_all_figures_involved() -> None:
    rules = with_own(OWN.replace("SEVERITY", "warning"))
    grants = {"indicator_code": "grants", "sender": "sti", "source": "sti", "value": "9", "file": "b.xlsx"}
    frame = found(rules, {"value": "7"}, grants)
    assert frame[["sender", "file", "cell", "raw"]].to_numpy().tolist() == [
        ["stats", "a.csv", "F2", "7"],
        ["sti", "b.xlsx", "F3", "9"],
    ]
    assert frame["identity"].nunique() == 1
    assert set(frame["message"]) == {
        "镇12025：专利 7（统计局）、授权 9（科技局），不符合细则的核查要求“授权不应多于申请”"
    }


def test_a_statement_about_all_rows_together_is_told_without_a_cell() -> None:
    rules = with_own("expectations: [{expect: expect_column_sum_to_be_between, column: patents, max_value: 10}]\n")
    (row,) = found(rules, {"value": "7"}, {"unit_code": "T2", "value": "8"}).to_dict("records")
    assert (row["code"], row["cell"]) == ("EXPECTATION", None) or pd.isna(row["cell"])
    assert "实际为 15" in row["message"]


@pytest.mark.parametrize(
    ("own", "word"),
    [
        ("{expect: expect_column_values_to_be_lucky, column: patents}", "没有 expect_column_values_to_be_lucky"),
        ("{expect: expect_column_pair_values_a_to_be_greater_than_b, column_A: patents}", "column_B"),
        ("{expect: expect_column_values_to_be_between, column: patents, most: '3'}", "most"),
        ("{expect: expect_column_values_to_match_regex, column: patents, regex: '['}", "不能执行"),
        ("{expect: expect_table_row_count_to_equal, value: '3'}", "没有写明"),
        ("{expect: expect_column_values_to_be_between, column: patents, row_condition: 'a==1'}", "row_condition"),
    ],
)
def test_a_bad_expectation_is_refused_with_its_line_and_does_not_stop_the_run(own: str, word: str) -> None:
    rules = with_own(f"expectations:\n  - {own}\n")
    (fault,) = expectation_faults(rules.rulebook, rules.document)
    assert word in fault.message
    assert fault.line == rules.document.line(("expectations", 0))
    frame = found(rules, {"value": "-7"})
    assert "NEGATIVE" in set(frame["code"])


def test_a_sound_expectation_has_no_fault() -> None:
    rules = with_own(OWN.replace("SEVERITY", "error"))
    assert expectation_faults(rules.rulebook, rules.document) == []


def test_sources_are_compared_without_values_that_an_error_rules_out() -> None:
    three = RULEBOOK.replace("sources: [stats, self],", "sources: [stats, sti, self], range: {max: 100},")
    rows = [{"value": value, "source": one, "sender": one} for one, value in (("stats", "101"), ("sti", "30"))]
    frame = found(definition(three, rows=UNITS, targets=TARGETS), *rows, {"value": "40", "source": "self"})
    assert frame.loc[frame["severity"] == "error", "raw"].tolist() == ["101"]
    (apart,) = frame.loc[frame["code"] == "DISCREPANCY", "message"]
    assert ("报 30，" in apart, "报 40，" in apart, "101" in apart) == (True, True, False)


def test_a_claim_that_a_more_trusted_department_reports_too_is_told_at_its_cell() -> None:
    both = claims(*({"sender": office, "source": office, "object_id": "A-2025-1"} for office in ("sti", "market")))
    frame = verdicts(suites(definition(AWARDS), submitted(claims=both)))
    rows = frame[frame["code"].str.startswith("CLAIM")]
    assert rows[["code", "severity", "sender", "cell"]].to_numpy().tolist() == [
        ["CLAIM_YIELDS", "note", "market", "F3"]
    ]
    assert "A-2025-1" in rows["message"].iloc[0]
