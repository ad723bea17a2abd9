"""The ranking as people read it: remarks, pools, and the bars drawn of it."""

from dataclasses import replace

import pandas as pd
from edition_cases import qingshan_edition

from reports.catalogue import catalogue
from reports.charts import bars
from reports.edition import EDGE_TIES, OTHER_RANKS, Edition
from reports.pages import index_page
from reports.rows import records
from reports.standings import by_change, hidden_order, standings, ties_told


def test_vetoed_unit_keeps_its_score_and_says_why_it_is_unranked() -> None:
    edition = qingshan_edition()
    rows = standings(edition, catalogue(edition)).set_index("unit_code")
    assert rows.loc["T002", ["total_score", "place", "veto_names"]].tolist() == ["92.00", "-", "弄虚作假"]
    assert rows.loc["T002", "remark"] == "一票否决：弄虚作假（定为最低等次）；得分保留供参考，不参加排名"
    assert rows.loc["T003", "remark"] == "一票否决：重大安全事故（降一等次、取消评奖资格）"
    assert rows.loc["T005", "remark"] == "得分待定，不参加排名"
    assert rows.loc["T001", "remark"] == "得分暂定"
    assert rows.loc["T004", "remark"] == ""


def test_pool_counts_the_ranked_units_of_the_group() -> None:
    edition = qingshan_edition()
    rows = standings(edition, catalogue(edition)).set_index("unit_code")
    assert rows["pool_size"].to_dict() == {"T001": 1, "T002": 1, "T003": 2, "T004": 2, "T005": 2, "D01": 1}


def test_equal_totals_with_different_ranks_ask_for_a_note() -> None:
    edition = qingshan_edition()
    rows = standings(edition, catalogue(edition))
    assert hidden_order(rows)
    assert not hidden_order(rows[rows["unit_code"] != "T003"])


def test_bars_start_at_nought_and_share_one_scale() -> None:
    edition = qingshan_edition()
    rows = standings(edition, catalogue(edition))
    units = dict(zip(rows["unit_code"], rows["unit_name"], strict=True))
    drawn = {units[code]: (bar.start, bar.width, bar.look) for code, bar in bars(records(rows), 2).of.items()}
    assert drawn["县科技局"] == ("0.00", "0.53", "below")
    assert drawn["城关镇"] == ("0.53", "99.47", "")
    assert drawn["东河镇"] == ("0.53", "98.29", "unranked")
    assert "北山乡" not in drawn


def with_change_and_ties() -> Edition:
    moved = [
        ("T001", "change", "1.1", 1), ("T002", "change", "9", None), ("T003", "change", "-2", 2),
        ("T004", "change", "0.25", 1), ("T005", "change", None, None),
    ]  # fmt: skip
    other = pd.DataFrame(moved, columns=OTHER_RANKS).astype({"rank": "Int64", "change": "str"})
    ties = pd.DataFrame([("优秀", "rural", 1, code, False) for code in ("T003", "T004")], columns=EDGE_TIES)
    return replace(qingshan_edition(), other_ranks=other, edge_ties=ties)


def test_units_are_ranked_by_what_they_gained_on_the_year_before() -> None:
    edition = with_change_and_ties()
    rows = by_change(standings(edition, catalogue(edition)), edition)
    assert rows[["unit_code", "change_place", "change"]].values.tolist() == [
        ["T001", "1", "+1.10"],
        ["T002", "-", "+9.00"],
        ["T004", "1", "+0.25"],
        ["T003", "2", "-2.00"],
        ["T005", "-", ""],
    ]


def test_a_tie_at_the_edge_of_a_quota_is_told() -> None:
    edition = with_change_and_ties()
    (told,) = ties_told(edition, catalogue(edition))
    assert told == "生态乡镇“优秀”的名额边上，第1名并列：西岭乡、南坪乡，都没有评上。"


def test_the_page_shows_the_second_ranking_and_the_ties() -> None:
    page = index_page(with_change_and_ties())
    assert "按总分比上年的变化排名" in page
    assert "都没有评上" in page
    plain = index_page(qingshan_edition())
    assert "按总分比上年的变化排名" not in plain
    assert "名额边上" not in plain
