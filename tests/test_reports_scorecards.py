"""Scorecards as people read them: marks, percents, and what rests on unverified figures."""

from edition_cases import qingshan_edition

from reports.catalogue import catalogue
from reports.page_rows import by_source, unverified
from reports.rows import by_unit
from reports.scorecards import percent, scorecards


def test_percent_is_rounded_half_up() -> None:
    assert [percent(measure) for measure in ("0.98445", "0.333333", "1.1", "0")] == [
        "98.45%",
        "33.33%",
        "110.00%",
        "0.00%",
    ]


def test_missing_nil_pending_and_not_applicable_are_four_marks() -> None:
    edition = qingshan_edition()
    cards = scorecards(edition, catalogue(edition)).set_index(["unit_code", "indicator_code"])
    assert cards["accepted_value"].to_dict() == {
        ("T001", "grants"): "33",
        ("T001", "spend"): "3150.25",
        ("T001", "talents"): "0",
        ("T001", "earlier"): "2900",
        ("T001", "prizes"): "",
        ("T002", "grants"): "—",
        ("T002", "spend"): "待定",
        ("T003", "talents"): "/",
    }
    assert cards.loc[("T003", "talents"), ["indicator_score", "target_value", "completion"]].tolist() == ["/", "/", ""]
    assert cards.loc[("T002", "grants"), "indicator_score"] == "0.00"


def test_scorecard_says_how_much_rests_on_unverified_figures() -> None:
    edition = qingshan_edition()
    cards = by_unit(scorecards(edition, catalogue(edition)))
    assert unverified(cards["T001"]) == {"points": "3.25", "share": "3.9%"}
    assert unverified(cards["T002"]) is None


def test_findings_stand_together_by_the_file_they_are_about() -> None:
    told = [
        ("县统计局", "乙.csv", 1),
        ("东镇", "", 2),
        ("县统计局", "甲.csv", 3),
        ("东镇", "", 4),
        ("县统计局", "乙.csv", 5),
    ]
    rows = [{"sender_name": sender, "file": file, "at": at} for sender, file, at in told]
    assert [(one["source"], one["at"]) for one in by_source(rows)] == [
        ("县统计局 · 乙.csv", 1),
        ("县统计局 · 乙.csv", 5),
        ("东镇", 2),
        ("东镇", 4),
        ("县统计局 · 甲.csv", 3),
    ]
