"""Ranks, grades, vetoes and awards."""

import csv
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from small_evaluations import cell, claims, column, figures, frame, items, scored

GOLDEN = Path(__file__).parent / "golden"
EACH = "{code: a, points: 100, max_points: none, rule: {kind: per_item, each: 1}}"
SECOND = "{code: b, points: 10, max_points: none, rule: {kind: per_item, each: 1}}"


def ranked(*totals: str, settings: str = "", extra: str = "", **given: Any) -> Any:
    """Units A, B, C … with these values of item `a`, each scored as it is."""
    units = " ".join("ABCDEFGH"[: len(totals)])
    rows = [(unit, "a", value) for unit, value in zip("ABCDEFGH", totals, strict=False) if value]
    given.setdefault("units", units)
    return scored(items(EACH, SECOND, settings=settings) + extra, figures(*rows, *given.pop("rows", ())), **given)


def ranks(*totals: str, settings: str = "", **given: Any) -> list[Any]:
    return column(ranked(*totals, settings=settings, **given).total_scores, "rank")


def test_equal_scores_share_a_rank() -> None:
    assert ranks("80", "90", "90", "70") == [3, 1, 1, 4]
    assert ranks("80", "90", "90", "70", settings="ranking: {ties: dense}") == [2, 1, 1, 3]


def test_ranks_are_of_published_totals_unless_exact_ones_decide() -> None:
    book = "scoring: {round_at: total}\nranking: {on: %s}"
    assert ranks("90.001", "90.004", settings=book % "published") == [1, 1]
    assert ranks("90.001", "90.004", settings=book % "exact") == [2, 1]


def test_exact_ranks_tell_apart_what_floats_cannot() -> None:
    """0.1 + 0.2 + … : equal sums of different parts tie, and 10⁻²⁰ more does not."""
    settings = "scoring: {round_at: total}\nranking: {on: exact}"
    rows = [("A", "b", "0.2"), ("B", "b", "0.1"), ("C", "b", "0.20000000000000000001")]
    assert ranks("0.1", "0.2", "0.1", settings=settings, rows=rows) == [2, 2, 1]


def test_ties_are_broken_in_the_order_given() -> None:
    settings = "ranking: {tie_breakers: ['indicator:b']}"
    rows = [("A", "b", "1"), ("B", "b", "2"), ("C", "b", "2")]
    assert ranks("81", "80", "80", settings=settings, rows=rows) == [3, 1, 1]


def test_what_does_not_apply_counts_nothing_in_a_tie_breaker() -> None:
    settings = "ranking: {tie_breakers: ['indicator:b']}"
    rows = [("A", "b", "-3"), ("C", "b", "0")]
    targets = "B,b,,,no"
    book = items(EACH, SECOND.replace("none,", "none, min_points: -9, not_applicable: skip,"), settings=settings)
    scores = scored(book, figures(("A", "a", "53"), ("B", "a", "50"), *rows), units="A B", targets=targets)
    assert column(scores.total_scores, "rank") == [2, 1]


def test_ranks_restart_in_every_group() -> None:
    units = "A,a,township,g\nB,b,township,h\nC,c,township,g"
    assert ranks("1", "2", "3", units=units) == [2, 1, 1]
    assert ranks("1", "2", "3", units=units, settings="ranking: {within: kind}") == [3, 2, 1]


def test_published_ranks_of_four_groups_come_out() -> None:
    """山西 2018: ranks restart in each group; scores fall with the rank, as no scores were published."""
    with (GOLDEN / "shanxi_2018_grouped_ranks.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    groups = list(dict.fromkeys(row["group"] for row in rows))
    declared = ", ".join(f"{{code: g{at}, name: {group}, kind: township}}" for at, group in enumerate(groups))
    units = [f"U{at},{row['unit']},township,g{groups.index(row['group'])}" for at, row in enumerate(rows)]
    values = figures(*((f"U{at}", "a", str(99 - int(row["rank_in_group"]))) for at, row in enumerate(rows)))
    scores = scored(f"groups: [{declared}]\n" + items(EACH), values, units="\n".join(units))
    for row, rank in zip(rows, scores.total_scores["rank"], strict=True):
        assert int(rank) == int(row["rank_in_group"])


def test_real_ties_share_the_better_rank() -> None:
    """31 provinces by growth of patents, with ties at 33.1 (three), 32.2 and 43.9 (two each)."""
    with (GOLDEN / "patents_2012_10_by_province.csv").open(encoding="utf-8") as file:
        growth = [row["yoy_pct"] for row in csv.DictReader(file)]
    values = figures(*((f"P{at}", "a", value) for at, value in enumerate(growth)))
    scores = scored(items(EACH), values, units=" ".join(f"P{at}" for at in range(len(growth))))
    expected = [1 + sum(Fraction(other) > Fraction(one) for other in growth) for one in growth]
    assert column(scores.total_scores, "rank") == expected
    assert len(growth) - len(set(expected)) == 4


def test_change_on_last_year_is_a_second_ranking() -> None:
    last = frame([("A", "90.5"), ("B", "70"), ("D", "1")], "unit_code", "total_score")
    scores = ranked("91", "80", "70", settings="ranking: {also: [change]}", previous_totals=last)
    assert column(scores.other_ranks, "change") == ["0.5", "10", None]
    assert column(scores.other_ranks, "rank") == [2, 1, None]


GRADES = (
    "grades: [{grade: 优秀, at_least: 90, rank_at_most: 1}, {grade: 良好, at_least: 70},"
    " {grade: 合格, at_least: 60}, {grade: 不合格}]\n"
)


def grades(*totals: str, extra: str = GRADES, **given: Any) -> list[Any]:
    return column(ranked(*totals, extra=extra, **given).total_scores, "grade")


def test_w26_a_grade_may_need_a_rank_and_a_score() -> None:
    assert grades("95", "93", "60", "59.99") == ["优秀", "良好", "合格", "不合格"]


def test_grades_look_at_the_published_total() -> None:
    assert grades("89.995", extra=GRADES, settings="scoring: {round_at: total}") == ["优秀"]


QUOTA = "grades: [{grade: top, at_least: 60, quota: %s, quota_rounding: %s, ties_in: %s}, {grade: rest}]\n"


@pytest.mark.parametrize(("rounding", "count"), [("down", 1), ("up", 2), ("half_up", 2)])
def test_a_quota_is_a_share_of_the_ranked_units(rounding: str, count: int) -> None:
    """30 % of five units."""
    found = grades("95", "90", "85", "80", "75", extra=QUOTA % ("30%", rounding, "false"))
    assert found == ["top"] * count + ["rest"] * (5 - count)


@pytest.mark.parametrize(("ties_in", "expected"), [("false", "top rest rest rest"), ("true", "top top top rest")])
def test_a_tie_across_the_edge_of_a_quota_lets_in_none_or_all(ties_in: str, expected: str) -> None:
    scores = ranked("95", "90", "90", "80", extra=QUOTA % ("50%", "down", ties_in))
    assert column(scores.total_scores, "grade") == expected.split()
    assert column(scores.edge_ties, "unit_code") == ["B", "C"]
    assert scores.edge_ties["admitted"].tolist() == [ties_in == "true"] * 2


VETOES = (
    "vetoes: [{code: fraud, effects: [fail]}, {code: accident, effects: [demote, no_award]},"
    " {code: fire, effects: [demote]}, {code: share, when: {of: a, below: 60}, effects: [no_award]}]\n"
)


def vetoing(*vetoed: tuple[str, str]) -> Any:
    return claims(*((unit, code, "case", None, None, "document") for unit, code in vetoed))


def test_a_failed_unit_keeps_its_score_is_unranked_and_has_the_lowest_grade() -> None:
    scores = ranked("95", "93", extra=GRADES + VETOES, claims=vetoing(("A", "fraud")))
    assert column(scores.total_scores, "total_score") == ["95.00", "93.00"]
    assert column(scores.total_scores, "rank") == [None, 1]
    assert column(scores.total_scores, "grade") == ["不合格", "优秀"]
    assert column(scores.total_scores, "veto") == ["fraud", None]


def test_a_failed_unit_may_be_ranked_all_the_same() -> None:
    scores = ranked("95", "93", extra=VETOES, claims=vetoing(("A", "fraud")), settings="ranking: {vetoed: ranked}")
    assert column(scores.total_scores, "rank") == [1, 2]


def test_each_demoting_veto_lowers_by_one_grade() -> None:
    fallen = vetoing(("A", "accident"), ("B", "accident"), ("B", "fire"), ("C", "fire"), ("C", "fire"))
    scores = ranked("95", "93", "50", extra=GRADES + VETOES, claims=fallen)
    assert column(scores.total_scores, "grade") == ["良好", "不合格", "不合格"]
    assert column(scores.total_scores, "rank") == [1, 2, 3]
    assert column(scores.total_scores, "veto") == ["accident", "accident;fire", "fire;share"]


def test_a_veto_needs_a_document() -> None:
    undocumented = claims(("A", "fraud", "case"))
    assert column(ranked("95", extra=VETOES, claims=undocumented).total_scores, "veto") == [None]


def test_a_missing_figure_is_no_veto() -> None:
    assert column(ranked("", "59", extra=VETOES).total_scores, "veto") == [None, "share"]


AWARDS = (
    "awards: [{award: first, places: {g: 1, h: 0}%s}, {award: second, places: 2%s},"
    " {award: third, places: 1, grade_at_least: 良好}]\n"
)


def awards(*totals: str, keys: str = "", **given: Any) -> list[Any]:
    extra = GRADES + VETOES + AWARDS % (keys, keys)
    return column(ranked(*totals, extra=extra, **given).total_scores, "award")


def test_awards_go_to_the_best_ranks_each_unit_at_most_one() -> None:
    assert awards("95", "85", "90", "80", "65") == ["first", "second", "second", "third", None]


def test_a_place_that_a_veto_frees_goes_to_the_next_unit() -> None:
    fallen = vetoing(("A", "accident"))
    assert awards("95", "85", "90", "80", "65", claims=fallen) == [None, "second", "first", "second", None]


def test_without_refill_the_place_stays_empty() -> None:
    fallen = vetoing(("A", "accident"))
    found = awards("95", "85", "90", "80", "65", keys=", refill: false", claims=fallen)
    assert found == [None, "second", "second", "third", None]


def test_a_tie_across_the_edge_of_places_gives_none_of_the_tied_an_award() -> None:
    assert awards("95", "95", "90", "80") == ["second", "second", "third", None]
    assert awards("95", "95", "90", "80", keys=", ties_in: true")[:2] == ["first", "first"]


def test_a_group_without_places_has_no_award() -> None:
    units = "A,a,township,g\nB,b,township,h"
    assert awards("95", "96", units=units) == ["first", "second"]


def test_a_pending_unit_has_neither_rank_nor_grade_nor_award() -> None:
    book = items(EACH.replace("none,", "none, missing: rescale,")) + GRADES + "awards: [{award: first, places: 2}]\n"
    scores = scored(book, figures(("B", "a", "95")))
    for name in ("rank", "grade", "award", "total_score", "base_score"):
        assert cell(scores.total_scores, name, unit_code="A") is None
    assert cell(scores.total_scores, "award", unit_code="B") == "first"
