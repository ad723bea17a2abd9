"""The examples: they can be read, lint finds nothing to warn of, and 青山县 is what its generator makes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path, PurePath
from typing import get_args

import pandas as pd
import pytest

from checks.expectations import verdicts
from checks.suites import Submitted, suites
from evaluation.acceptance import KEY, accept
from evaluation.decided import DECISIONS, claims_decided, claims_that_count
from evaluation.definition import Definition
from evaluation.items import Item, Measure
from evaluation.lint import lint
from evaluation.numbers import for_unit
from evaluation.obligations import obligations
from evaluation.refiled import marks_that_count
from evaluation.rule_kinds import Rule, RuleKinds
from evaluation.scoring import Scores, score
from examples.filed import EXAMPLES, example_definition, filed, read_example
from examples.generate_qingshan import write_example
from intake.reading import Reading

NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/rulebook.yaml"))
QINGSHAN = ("qingshan-2024", "qingshan-2025")


@cache
def definition(name: str) -> Definition:
    return example_definition(EXAMPLES / name)


@cache
def reading(name: str) -> Reading:
    before = definition(name).rulebook.previous
    return read_example(EXAMPLES / name, accepted(before)[[*KEY, "accepted_value"]] if before else None)


@cache
def claims(name: str) -> pd.DataFrame:
    """As they stand before any examiner has decided: units' own wait."""
    nothing = pd.DataFrame(columns=["seq", "claim_id", *DECISIONS], dtype="str")
    return claims_decided(definition(name).rulebook, reading(name).submitted_claims, nothing)


@cache
def accepted(name: str) -> pd.DataFrame:
    """Accepted values as of the rulebook's ranges: what lies outside is left out."""
    read, figures = reading(name), {figure.code: figure for figure in definition(name).rulebook.figures()}
    values = read.submitted_values
    outside = {
        row_id
        for row_id, code, text, outcome in values[
            ["row_id", "indicator_code", "submitted_value", "outcome"]
        ].itertuples(index=False)
        if outcome == "accepted" and (most := figures[code].maximum("", "")) is not None and Fraction(text) > most
    }
    none = pd.DataFrame(columns=["approval_seq", "seq", "unit_code", "indicator_code", "period", "new_value"])
    return accept(definition(name), values, outside, none)


@cache
def scores(name: str) -> Scores:
    read, before = reading(name), definition(name).rulebook.previous
    values = read.submitted_values[read.submitted_values["outcome"] == "accepted"]
    received = values.sort_values("received_at").drop_duplicates(["unit_code", "indicator_code"])
    return score(
        definition(name),
        accepted(name),
        claims=claims_that_count(claims(name)),
        marks=marks_that_count(definition(name).rulebook, read.marks),
        previous=accepted(before) if before else None,
        previous_totals=scores(before).total_scores[["unit_code", "total_score"]] if before else None,
        received=received.assign(received_on=received["received_at"].str[:10]),
    )


def totals(name: str) -> pd.DataFrame:
    return scores(name).total_scores.set_index("unit_code")


def items(name: str) -> Iterator[Item]:
    return (place.item for place in definition(name).rulebook.places())


@pytest.mark.parametrize("name", NAMES)
def test_lint_warns_only_of_what_the_real_paper_left_open(name: str) -> None:
    warned = [(found.severity, found.key) for found in lint(definition(name)) if found.severity != "note"]
    # The published result of Yuxi states no cap of the bonus.
    assert warned == ([("warning", "bonuses.items.bonus_score")] if name == "yuxi-2017" else [])


@pytest.mark.parametrize("name", NAMES)
def test_every_file_of_the_inbox_is_listed_once_with_the_day_it_came(name: str) -> None:
    listed = list(filed(EXAMPLES / name))
    lying = [path for path in (EXAMPLES / name / "inbox").rglob("*") if path.is_file()]
    assert sorted(one.path for one in listed) == sorted(lying)
    assert all(one.received for one in listed)


@pytest.mark.parametrize("name", QINGSHAN)
def test_the_points_of_every_unit_add_up_to_a_hundred(name: str) -> None:
    rulebook = definition(name).rulebook
    for unit, group in definition(name).units[["unit_code", "group"]].itertuples(index=False):
        together = Fraction(0)
        for place in rulebook.top_items():
            if place.section is not None and rulebook.applies(place, unit, group):
                points = for_unit(place.item.points, unit, group)
                assert points is not None
                assert isinstance(place.section.weight, Fraction)
                together += points.value * place.section.weight
        assert together == 100, unit


def test_seven_of_sixteen_that_applied_are_selected_and_nobody_else_is_ranked() -> None:
    selected = totals("selection-2008")
    assert len(selected) == 64
    assert selected["rank"].notna().sum() == 16
    assert (selected["award"] == "科技进步先进乡镇").sum() == 7
    assert (selected["veto"] == "not_applied").sum() == 48
    assert {"T03", "T07"} < set(selected.index[selected["award"].notna()])


def test_nine_of_thirteen_are_accepted() -> None:
    grades = totals("acceptance-2008")["grade"]
    assert grades.value_counts().to_dict() == {"合格": 9, "不合格": 4}


def test_stations_of_commissioners_are_graded_with_a_quota() -> None:
    stations = totals("commissioners-2024")
    assert (stations["grade"] == "优秀").sum() == 5  # 30 % of 17
    assert stations.loc["K11", "total_score"] == "92.33"
    assert stations.loc["K17", ["total_score", "grade"]].tolist() == ["81.28", "合格"]


def test_a_countys_own_material_has_its_simulated_rank() -> None:
    pilots = totals("pilot-county-2014")
    assert pilots.loc["P01", ["total_score", "rank"]].tolist() == ["92.1", 4]
    assert not pilots.loc["P01", "provisional"]
    assert pilots["provisional"].sum() == 15  # the others are estimates


def test_a_five_year_plan_is_as_far_as_its_figures() -> None:
    # 14/30, 24.47/139, 392/1000 and 2411/10000 of 25 points each.
    assert totals("maker-spaces-2017")["total_score"].tolist() == ["31.90"]


def test_a_streak_counts_whole_or_not_at_all() -> None:
    found = scores("district-tasks-2014").indicator_scores.set_index("indicator_code")
    assert found.loc["streak", "indicator_score"] == "20.00"
    assert found.loc["patents", "indicator_score"] == "9.35"  # 187 of 200
    assert found.loc["awards_applied", "indicator_score"] == "10.50"  # four, between three and five


@pytest.mark.parametrize("name", QINGSHAN)
def test_the_generator_makes_the_same_files_again(name: str, tmp_path: Path) -> None:
    write_example(EXAMPLES / name, tmp_path)
    made = {path.relative_to(tmp_path): path for path in tmp_path.rglob("*") if path.is_file()}
    # What lies in 佐证 is made by hand.
    lying = [path for path in (EXAMPLES / name / "inbox").rglob("*") if path.is_file() and path.parent.name != "佐证"]
    kept = {path.relative_to(EXAMPLES / name) for path in lying} | {Path("targets.csv"), Path("submissions.csv")}
    assert set(made) == kept
    assert [str(file) for file in sorted(kept) if substance(made[file]) != substance(EXAMPLES / name / file)] == []


def substance(path: Path) -> bytes | dict[str, bytes]:
    """The bytes; of a workbook those of its parts, as how they are packed is the packer's affair."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as package:
        return {member: package.read(member) for member in package.namelist()}


def test_every_kind_of_rule_and_every_measure_is_used() -> None:
    methods = [method for item in items("qingshan-2025") for method in item.methods()]
    kinds = {get_args(get_args(one)[0].model_fields["kind"].annotation)[0] for one in get_args(get_args(Rule)[0])}
    elsewhere = RuleKinds.CLAIMS | RuleKinds.MARKS
    assert {rule.kind for _, rule in methods} == kinds
    assert {measure for measure, rule in methods if rule.kind not in elsewhere} == set(get_args(Measure))


def test_the_further_ways_of_a_rulebook_are_used() -> None:
    rulebook, used = definition("qingshan-2025").rulebook, list(items("qingshan-2025"))
    assert sum(1 for _ in rulebook.top_items()) >= 45
    assert any(item.cliff for item in used)
    assert any(item.cases for item in used)
    assert any(part.parts for item in used for part in item.parts or ())
    assert {item.frequency for item in used} == {"year", "quarter", "month"}
    assert {item.accumulate for item in used} == {"latest", "sum", "mean", "max"}
    words = {item.missing for item in used if isinstance(item.missing, str)}
    assert words == {"zero", "pending", "previous", "rescale"}
    assert {item.not_applicable for item in used if isinstance(item.not_applicable, str)} == {"rescale", "skip", "full"}
    assert any(not isinstance(item.missing, str) for item in used)
    assert any(not isinstance(item.not_applicable, str) for item in used)
    assert {item.rescale_within for item in used} >= {"parent", "section"}
    for key in ("per", "data_year", "figure", "tolerance", "growth_warning", "exemptions", "responsible"):
        assert any(getattr(item, key) for item in used), key
    assert {effect for veto in rulebook.vetoes for effect in veto.effects} == {"fail", "demote", "no_award"}
    assert [veto.when is None for veto in rulebook.vetoes] == [True, False]
    assert len(rulebook.amendments) == 1
    assert len(definition("qingshan-2025").units) == 19 + 22


def test_two_posts_change_hands_with_one_person_and_one_newcomer_is_too_new() -> None:
    posts = definition("qingshan-2025").officials
    moved = posts[posts.duplicated("official_code", keep=False)]
    assert moved["unit_code"].tolist() == ["T01", "T13"]
    changed = posts[posts.duplicated(["unit_code", "role"])]
    assert changed["unit_code"].tolist() == ["T01", "T13", "D12"]
    told = scores("qingshan-2025").official_scores
    assert told.loc[told["state"] == "not_assessed", ["unit_code", "from"]].values.tolist() == [["D12", "2025-11-01"]]


def test_what_reading_finds_is_what_was_put_there_to_be_seen() -> None:
    found = reading("qingshan-2025").findings
    merged = found[found["code"] == "MERGED_KEY"]
    # 16 of 19 towns have two rows below one name.
    assert merged[["file", "cell"]].values.tolist() == [["县应急管理局2025年度数据.xlsx", "A5:A37"]]
    assert "16 格" in merged["message"].iloc[0]
    others = found[found["code"] != "MERGED_KEY"]
    told = others[["sender", "code", "sheet", "cell", "raw"]].fillna("").itertuples(index=False, name=None)
    assert sorted(told) == [
        ("T06", "NUMBER", "数据", "I4", "约9场"),
        ("T08", "MISSING", "数据", "I14", "/"),
        ("T13", "STAMP_SENDER", "", "", "T12"),
        ("agri", "NOT_DATA", "", "A17", "合计"),
        ("agri", "NUMBER", "数据", "D12", "约6项"),
        ("assoc", "UNKNOWN_UNIT", "", "A21", "T20"),
        ("audit", "OTHER_ENCODING", "", "", ""),
        ("econ", "NOT_DATA", "Sheet1", "B15", "合计"),
        ("finance", "FORMULA", "数据", "E13", "1.68"),
        ("inspection", "SUSPECT_FRACTION", "数据", "D26", "0.91"),
        ("stats", "MISSING", "数据", "F11", "—"),
        *[("stats", "NOT_DATA", "Sheet1", "B22", "合计")] * 3,
        ("stats", "NUMBER_FORM", "数据", "H12", "36。2%"),
        ("stats", "UNIT_CONVERTED", "数据", "D9", "2.0835亿元"),
        ("stats", "UNIT_CONVERTED", "数据（单项）", "K8", "68900万元"),
    ]
    assert reading("qingshan-2024").findings.empty


def test_what_is_expected_and_does_not_hold_is_what_was_put_there_to_be_seen() -> None:
    read, before = reading("qingshan-2025"), accepted("qingshan-2024")
    files = read.files[read.files["outcome"] == "evidence"]
    given = Submitted(
        values=read.submitted_values,
        claims=claims("qingshan-2025"),
        marks=read.marks,
        previous=before,
        previous_claims=claims_that_count(claims("qingshan-2024")),
        evidence=files,
        corrections=pd.DataFrame(columns=[*KEY, "new_value"], dtype="str"),
        as_of=date(2026, 2, 1),
    )
    found = verdicts(suites(definition("qingshan-2025"), given))
    found = found[found["severity"] != "note"].fillna("")
    told = found[["code", "unit_code", "indicator_code", "period", "cell"]].itertuples(index=False, name=None)
    assert sorted(told) == [
        ("CLAIM_WAITS", "T03", "rd_centres", "", "B4"),
        ("CLAIM_WAITS", "T05", "rd_centres", "", "B4"),
        ("DISCREPANCY", "T04", "high_tech_output", "2025Q4", "I8"),
        ("DISCREPANCY", "T09", "tech_contracts", "2025Q4", "I12"),
        # GC2025-018 and ＧＣ ２０２５－０１８ are one centre; T15 and T16 share a paper.
        ("DOUBLE_CLAIM", "T03", "rd_centres", "", "B4"),
        ("DOUBLE_CLAIM", "T05", "rd_centres", "", "B4"),
        ("DOUBLE_CLAIM", "T15", "demo_bases", "", "C25"),
        ("DOUBLE_CLAIM", "T16", "demo_bases", "", "C26"),
        ("EXPECTATION", "T11", "patent_applications", "2025-06", "F34"),
        ("EXPECTATION", "T11", "patent_grants", "2025-06", "F91"),
        ("FORECAST", "T03", "high_tech_output", "2025Q4", "F2"),
        ("FORECAST", "T10", "tech_contracts", "2025Q4", "F2"),
        ("GROWTH", "T14", "tech_small_firms", "2025", "H20"),
        ("MISSING", "T17", "coop_funds", "2025", ""),
        ("OUTLIER", "T11", "patent_grants", "2025-06", "F91"),
        ("OUTLIER", "T14", "tech_small_firms", "2025", "H20"),
        ("OUTLIER", "T18", "fiscal_share", "2025", "E24"),
        ("RANGE", "T13", "fiscal_share", "2025", "E19"),
    ]


def test_offices_use_the_forms_that_were_made_for_them() -> None:
    files = reading("qingshan-2025").files
    forms = files[
        files["name"].str.fullmatch("2025年度_.+_(?:填报表|自报表).xlsx") & (files["outcome"] != "quarantined")
    ]
    units = {sender for sender in forms["sender"] if sender.startswith("T")}
    assert (len(units), len(set(forms["sender"]) - units)) == (19, 8)


def test_a_form_that_was_put_right_replaces_the_one_before() -> None:
    files = reading("qingshan-2025").files
    own = files[(files["sender"] == "T06") & files["name"].str.endswith("自报表.xlsx")]
    assert own["name"].nunique() == 1
    assert own["refused"].tolist() == [1, 0]
    places = accepted("qingshan-2025").set_index(["unit_code", "indicator_code"])
    assert places.loc[("T06", "trainings"), "sha256"] == own["sha256"].iloc[-1]


def test_former_names_are_read_as_the_units_that_they_were() -> None:
    values = reading("qingshan-2025").submitted_values
    assert {"T05"} <= set(values.loc[values["sender"] == "econ", "unit_code"])
    assert "T11" in set(values.loc[values["file"] == "县统计局2025年第2季度数据.xlsx", "unit_code"])


def test_claims_name_papers_that_can_be_opened() -> None:
    papers = [one for one in filed(EXAMPLES / "qingshan-2025") if one.file.startswith("佐证/")]
    named = set(claims("qingshan-2025")["document"].dropna())
    assert {PurePath(one.file).stem for one in papers} <= named
    starts = {one.path.suffix: one.path.read_bytes()[:5] for one in papers}
    assert starts == {".pdf": b"%PDF-", ".png": b"\x89PNG\r"}


def test_what_was_accepted_shows_forecasts_disagreements_and_gaps() -> None:
    flags = accepted("qingshan-2025").set_index(["unit_code", "indicator_code", "period"])["flags"]
    shown = {word: flags[flags.str.split(";").map(lambda given, word=word: word in given)] for word in (
        "forecast", "discrepancy", "refused", "owed", "late",
    )}  # fmt: skip
    places = {word: [f"{unit} {code}" for unit, code, _ in found.index] for word, found in shown.items()}
    assert places["forecast"] == ["T03 high_tech_output", "T10 tech_contracts"]
    assert places["discrepancy"] == ["T04 high_tech_output", "T09 tech_contracts"]
    assert "T13 fiscal_share" in places["refused"]
    assert "T17 coop_funds" in places["owed"]
    assert {place.split()[0] for place in places["late"]} == {"T08", "T14", "D17"}


@pytest.mark.parametrize(
    ("name", "gaps"),
    [
        ("qingshan-2024", {"T17 coop_funds"}),
        (
            "qingshan-2025",
            {
                *("T05 firm_rd_ratio", "T08 maker_area", "T13 fiscal_share", "T16 new_varieties", "T17 coop_funds"),
                "D20 dept_inspection",
            },
        ),
    ],
)
def test_every_figure_that_is_owed_came_but_for_the_gaps_on_purpose(name: str, gaps: set[str]) -> None:
    frame = accepted(name)
    without = frame[frame["accepted_value"].isna()]
    assert set(without["unit_code"] + " " + without["indicator_code"]) == gaps
    assert len(obligations(definition(name))) == len(frame) > 800


@pytest.mark.parametrize("name", QINGSHAN)
def test_totals_are_spread_as_in_a_real_county(name: str) -> None:
    published = totals(name)["total_score"].astype(float)
    assert published.between(60, 110).all()
    assert published.max() - published.min() > 20
    assert published.nunique() > 35


def test_a_vetoed_unit_is_unranked_and_a_demoted_one_a_grade_lower() -> None:
    found = totals("qingshan-2025")
    assert found.loc["T12", ["veto", "grade"]].tolist() == ["data_fraud", "不合格"]
    assert pd.isna(found.loc["T12", "rank"])
    assert found.loc["T18", ["veto", "grade"]].tolist() == ["fiscal_floor", "合格"]
    assert 80 <= float(found.loc["T18", "total_score"]) < 88
    assert found["veto"].notna().sum() == 2


def test_each_group_has_its_number_of_awards_and_its_quota_of_excellent() -> None:
    found = totals("qingshan-2025")
    awards = found[found["award"].notna()].groupby("unit_group").size()
    assert awards.to_dict() == {"industrial": 2, "urban": 1, "rural": 3, "key": 3, "general": 4}
    excellent = found[found["grade"] == "优秀"].groupby("unit_group").size()
    # 30 % of 6, 4, 8 ranked, 10 and 12 units, half up.
    assert excellent.to_dict() == {"industrial": 2, "urban": 1, "rural": 2, "key": 3, "general": 4}


def test_lateness_flood_and_shared_papers_tell_in_the_scores() -> None:
    sheet = scores("qingshan-2025").indicator_scores.set_index(["unit_code", "indicator_code"])
    # Two days late: 1 of 2 points; six days: none. Errors: 0.4 each, of 2.
    errors = accepted("qingshan-2025").set_index(["unit_code", "indicator_code"])["accepted_value"]
    for unit, on_time in (("T08", Fraction(1)), ("T14", Fraction(0))):
        accuracy = 2 - Fraction(4, 10) * Fraction(errors[unit, "accuracy"])
        assert Fraction(sheet.loc[(unit, "data_reporting"), "indicator_score"]) == on_time + accuracy
    for unit in ("T15", "T16"):
        assert Fraction(sheet.loc[(unit, "demo_bases"), "indicator_score"]) == 0
    # Reported 6346 mu, 420 lost in the flood and recognised, 6900 asked for.
    assert sheet.loc[("T14", "demo_area"), ["target_value", "measure"]].tolist() == ["6900", "0.98058"]
    assert Fraction(errors["T14", "demo_area"]) == 6346
