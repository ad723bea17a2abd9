"""Cases whose answers come from elsewhere: rubrics as issued, work plans of a county, the data beside in `golden/`."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from explained import example
from small_evaluations import cell, definition
from small_rulebooks import findings, item, rulebook, section

from checks.expectations import verdicts
from checks.suites import suites_of_values
from evaluation.lint import LintFinding

GOLDEN = Path(__file__).parent / "golden"
# Items of examples/wuhe-2015, in the order of the plan.
PLAN = (
    "firm_applications",
    "firm_recognitions",
    "high_tech_output",
    "invention_applications",
    "invention_grants",
    "county_projects",
    "rd_spending",
    "trainings",
    "cooperations",
)


def rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def with_parts(code: str, points: str, sub_points: str, **keys: str) -> str:
    """An item as the rubric prints it, with its sub-points as parts."""
    if not sub_points:
        return item(code, points, **keys)
    listed = [
        f"{{code: {code}-{at}, points: {part}, rule: {{kind: judged}}}}"
        for at, part in enumerate(sub_points.split("+"))
    ]
    return item(code, points, rule="", parts=f"[{', '.join(listed)}]", **keys)


def faults(text: str) -> list[LintFinding]:
    return [each for each in findings(text) if each.severity != "note"]


def test_the_townships_rubric_has_one_item_short_and_adds_to_107() -> None:
    """Item 18 states 3 points and parts of 1 + 1; the blocks add to 107."""
    printed = rows("shicheng_2018_township_rubric.csv")
    blocks: dict[str, list[dict[str, str]]] = {}
    for row in printed:
        blocks.setdefault(row["section"], []).append(row)
    sections = []
    for number, (name, listed) in enumerate(blocks.items()):
        # The last block states no points of an item, only marks of 20 and 10 either way.
        items = [
            with_parts(f"i{number}-{at}", row["item_points"], row["sub_points"], name=row["item"].replace(",", "、"))
            for at, row in enumerate(listed)
            if row["item_points"].isdigit()
        ] or [item(f"i{number}", listed[0]["section_points"])]
        made = section(*items, points=listed[0]["section_points"], code=f"s{number}")
        sections.append(made.replace(f"一级指标s{number}", name))
    found = faults(rulebook(*sections))
    assert [each.message for each in found] == [
        "各一级指标合计 107 分，不是 100 分",
        "18 非法采砂写 3 分，各小项相加只有 2 分",
    ]


def test_the_departments_rubric_has_one_office_with_ten_points_too_few() -> None:
    """县矿管局 states 60 points and items of 20 + 10 + 20."""
    found = []
    for number, row in enumerate(rows("shicheng_2018_department_rubric.csv")):
        items = [item(f"i{number}-{at}", points) for at, points in enumerate(row["sub_points"].split("+"))]
        rest = str(100 - int(row["stated_points"]))
        text = rulebook(
            section(*items, points=row["stated_points"], code="own").replace("一级指标own", row["department"]),
            section(item("rest", rest), points=rest, code="common"),
        )
        found += [each.message for each in faults(text)]
    assert found == ["县矿管局写 60 分，各项相加 50 分"]


def test_the_circulars_county_totals_are_base_and_bonus() -> None:
    for row in rows("yuxi_2017_county_sti.csv"):
        assert Fraction(row["base_score"]) + Fraction(row["bonus"]) == Fraction(row["total"])


def test_the_plans_targets_and_results_come_out_item_by_item() -> None:
    """Read from the office's own workbook: 1.1亿元 against 6000 万元, a floor met and its stretch not."""
    made = example("wuhe-2015")
    scores = made.scores.indicator_scores
    for code, row in zip(PLAN, rows("seed_plan8_targets_actuals.csv"), strict=True):
        assert cell(scores, "accepted_value", indicator_code=code) == row["actual"]
        assert cell(scores, "target_value", indicator_code=code) == row["target_floor"]
        done = Fraction(row["actual"]) / Fraction(row["target_floor"])
        assert round(float(done), 4) == float(row["completion_rate_computed"])
        if made.definition.rulebook.place(code).item.measure == "completion":
            measured = float(cell(scores, "measure", indicator_code=code))
            assert round(measured, 4) == float(row["completion_rate_computed"])
        assert cell(scores, "provisional", indicator_code=code) == row["actual_kind"].startswith("forecast")
        assert cell(scores, "target_state", indicator_code=code) == "met"
    # Floor 30 met with 33, stretch 40 not: 20 × (1 + 20 % × 3/10).
    assert cell(scores, "indicator_score", indicator_code="high_tech_output") == "21.20"
    assert made.scores.total_scores["provisional"].tolist() == [True]


@pytest.mark.parametrize("stated", ["figure", "number"])
def test_the_one_total_that_its_parts_do_not_come_to_is_found(stated: str) -> None:
    """1057.53 stated, 1100.91 by its parts; decimals are added as decimals (80 + 165 + 75.91 is 320.91)."""
    contradicted = []
    for row in rows("seed_component_sums.csv"):
        parts = row["components"].split("+")
        codes = [f"part{at}" for at in range(len(parts))]
        reported = dict(zip([*codes, "total"], [*parts, row["stated_total"]], strict=True))
        total = "total" if stated == "figure" else row["stated_total"]
        listed = "".join(
            f"      - {{code: {code}, points: 1, sources: [self], rule: {{kind: per_item, each: 1}}}}\n"
            for code in reported
        )
        made = definition(
            f"sections:\n  - code: s\n    indicators:\n{listed}expectations:\n  - {{expect: "
            f"expect_multicolumn_sum_to_equal, column_list: [{', '.join(codes)}], sum_total: {total}, note: 合计}}\n",
            units="A",
        )
        found = verdicts(suites_of_values(made, submitted(reported), pd.DataFrame(columns=NO_VALUES, dtype="str")))
        contradicted += [row["item"]] if "EXPECTATION" in set(found["code"]) else []
    assert contradicted == ["推荐区内企业争取支持资金(万元)"]


NO_VALUES = ["unit_code", "indicator_code", "period", "accepted_value"]


def submitted(values: dict[str, str]) -> pd.DataFrame:
    """One unit's own report, as it is read from a file."""
    made = pd.DataFrame({"indicator_code": list(values), "submitted_value": list(values.values())}, dtype="str")
    same = {"unit_code": "A", "period": "2025", "sender": "A", "source": "self", "outcome": "accepted", "status": None}
    place = {"sha256": "x", "file": "f.csv", "sheet": None, "cell": "A1", "raw": "", "received_at": "2025-06-01"}
    numbered = made.assign(**same, **place, seq=1, row_id=range(len(made)))
    return numbered.assign(status=pd.Series(None, index=made.index, dtype="str"))
