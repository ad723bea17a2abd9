"""What changed in the ranking against the version before."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
from edition_cases import qingshan_edition

from reports.changes import CHANGES, changes
from reports.csv_files import ranking, read_csv, write_csv
from reports.edition import Edition


def with_total(edition: Edition, unit_code: str, **values: object) -> Edition:
    totals = edition.total_scores.copy()
    for column, value in values.items():
        totals.loc[totals["unit_code"] == unit_code, column] = value
    return replace(edition, total_scores=totals)


def test_first_version_has_no_changes_but_a_header() -> None:
    rows = changes(None, qingshan_edition(), "首版")
    assert rows.empty
    assert list(rows.columns) == CHANGES


def test_same_results_are_no_change_whether_kept_or_read_back(tmp_path: Path) -> None:
    edition = qingshan_edition()
    write_csv(ranking(edition), tmp_path / "ranking.csv")
    assert changes(ranking(edition), edition, "重算").empty
    assert changes(read_csv(tmp_path / "ranking.csv"), edition, "重算").empty


def test_only_units_that_changed_are_listed_with_both_sides() -> None:
    before = qingshan_edition()
    after = with_total(before, "T001", total_score="93.60", grade="良好")
    rows = changes(ranking(before), after, "更正（台账第 219 条）")
    assert rows.to_dict("records") == [
        {
            "unit_code": "T001",
            "score_before": "93.10",
            "score_after": "93.60",
            "rank_before": "1",
            "rank_after": "1",
            "grade_before": "优秀",
            "grade_after": "良好",
            "cause": "更正（台账第 219 条）",
        }
    ]


def test_a_rank_lost_by_a_veto_is_a_change() -> None:
    before = qingshan_edition()
    row = changes(ranking(before), with_total(before, "T001", rank=pd.NA), "否决").iloc[0]
    assert row["rank_before"] == "1"
    assert pd.isna(row["rank_after"])


def test_an_award_won_or_lost_is_a_change_even_where_nothing_else_is() -> None:
    before = qingshan_edition()
    rows = changes(ranking(before), with_total(before, "T001", award="先进"), {"T001": "更正（奖项无→先进）"})
    assert rows[["unit_code", "cause"]].to_numpy().tolist() == [["T001", "更正（奖项无→先进）"]]


def test_a_pending_total_that_stays_pending_is_no_change() -> None:
    before = qingshan_edition()
    rows = changes(ranking(before), with_total(before, "T004", total_score="76.00"), "补报")
    assert rows["unit_code"].tolist() == ["T004"]


def test_units_that_came_or_left_are_listed() -> None:
    full = qingshan_edition()
    fewer = replace(full, total_scores=full.total_scores[full.total_scores["unit_code"] != "T001"])
    left = changes(ranking(full), fewer, "并入")
    came = changes(ranking(fewer), full, "新设")
    assert left["unit_code"].tolist() == came["unit_code"].tolist() == ["T001"]
    assert left["score_before"].tolist() == came["score_after"].tolist() == ["93.10"]
    assert left["score_after"].isna().all()
    assert came["score_before"].isna().all()
