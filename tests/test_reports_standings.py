"""The ranking as people read it: remarks, pools, and the bars drawn of it."""

from edition_cases import qingshan_edition

from reports.catalogue import catalogue
from reports.charts import bars
from reports.standings import hidden_order, standings


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
    drawn = {bar.name: (bar.start, bar.width, bar.look) for bar in bars(rows)}
    assert drawn["县科技局"] == ("0.00", "0.53", "below")
    assert drawn["城关镇"] == ("0.53", "99.47", "")
    assert drawn["东河镇"] == ("0.53", "98.29", "unranked")
    assert "北山乡" not in drawn
