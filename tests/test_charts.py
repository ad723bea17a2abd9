"""Charts as numbers: progress through the year, ranks from version to version, sections against the median."""

from __future__ import annotations

from edition_cases import qingshan_edition

from reports.catalogue import catalogue
from reports.charts import VERSIONS_DRAWN, movement, progress
from reports.rows import records
from reports.section_scores import section_scores
from reports.standings import standings

UNITS = {"a": "东镇", "b": "西镇", "c": "南镇"}


def test_what_adds_up_rises_to_the_target_and_what_does_not_stands_for_itself() -> None:
    summed = progress("专利", "件", True, [("Q1", "10"), ("Q2", "15")], "50")
    assert summed
    assert [(one.so_far, one.y, one.height) for one in summed.columns] == [
        ("10", "75.6", "16.4"),
        ("25", "51.0", "41.0"),
    ]
    assert (summed.so_far, summed.goal) == ("25", "10.0")
    latest = progress("占比", "%", False, [("Q1", "10"), ("Q2", "5")], "")
    assert latest
    assert [(one.so_far, one.y) for one in latest.columns] == [("10", "10.0"), ("5", "51.0")]
    assert latest.goal == ""


def test_one_period_and_values_below_nought_make_no_progress_chart() -> None:
    assert progress("专利", "件", True, [("Q1", "10")], "50") is None
    assert progress("增速", "%", False, [("Q1", "10"), ("Q2", "-1")], "50") is None
    nought = progress("专利", "件", True, [("Q1", "0"), ("Q2", "0")], "")
    assert nought
    assert [one.height for one in nought.columns] == ["0.0", "0.0"]


def test_lines_go_from_rank_to_rank_and_units_that_share_one_share_a_label() -> None:
    drawn = movement({"3": {"a": 1, "b": 2}, "4": {"b": 1, "a": 2, "c": 2}}, UNITS)
    assert drawn
    assert drawn.versions == [("3", "26"), ("4", "216")]
    assert [(line.name, line.ranks, line.points) for line in drawn.lines] == [
        ("西镇", ["2", "1"], "26,51 216,33"),
        ("东镇", ["1", "2"], "26,33 216,51"),
        ("南镇", ["", "2"], "216,51"),
    ]
    assert drawn.ends == [("33", "1", "西镇"), ("51", "2", "东镇、南镇")]
    assert len({line.dash for line in drawn.lines}) == 3


def test_ranks_that_stay_are_not_drawn_and_old_versions_fall_out() -> None:
    assert movement({"1": {"a": 1, "b": 2}}, UNITS) is None
    assert movement({"1": {"a": 1, "b": 2}, "2": {"a": 1, "b": 2}}, UNITS) is None
    assert movement({"1": {}, "2": {}}, UNITS) is None
    many = movement({str(version): {"a": 1 + version % 2, "b": 2 - version % 2} for version in range(30)}, UNITS)
    assert many
    assert [version for version, _ in many.versions] == [str(version) for version in range(30 - VERSIONS_DRAWN, 30)]


def test_the_median_of_a_section_counts_ranked_units_alone() -> None:
    edition = qingshan_edition()
    rows = records(standings(edition, catalogue(edition)))
    scores = section_scores(edition, rows)
    assert [one[:6] for one in scores["T001"]] == [
        ("innovation", "科技创新", "59.69", "60", "99.5", ""),
        ("talent", "人才引育", "18.25", "40", "45.6", ""),
    ]
    assert [one.rate for one in scores["T002"]] == ["0.0"]
    assert scores["T003"] == []
    with_all = section_scores(edition, [{**row, "kind": "", "pool": "", "rank": 1} for row in rows])
    assert with_all["T002"][0].median == "49.7"
