"""Scores of officials: days in post, several posts, and items in somebody's charge."""

from typing import Any

import pytest
from small_evaluations import column, figures, items, scored

A = "{code: a, points: 60, rule: {kind: per_item, each: 1}%s}"
B = "{code: b, points: 40, rule: {kind: per_item, each: 1}%s}"
SETTINGS = "officials: {roles: [secretary, head, deputy], minimum_days: %s, several_posts: %s}"


def officials(*posts: str, rows: tuple[Any, ...] = (), minimum: int = 0, several: str = "by_days", **given: Any) -> Any:
    """`posts`: official_code,unit_code,role,from,to,share"""
    parts = [post.split(",", 3) for post in posts]
    written = "\n".join(f"{code},{unit},{role},n,{rest}" for code, unit, role, rest in parts)
    keys = given.pop("keys", ("", ""))
    book = items(A % keys[0], B % keys[1], settings=SETTINGS % (minimum, several)) + given.pop("extra", "")
    values = rows or (("A", "a", "60"), ("A", "b", "30"), ("B", "a", "50"), ("B", "b", "20"))
    return scored(book, figures(*values), officials=written, **given).official_scores


def test_an_official_has_the_score_of_the_unit() -> None:
    found = officials("o1,A,secretary,2024-03-01,,", "o2,A,head,2020-01-01,,")
    assert column(found, "score") == ["90.00", "90.00"]
    assert column(found, "days") == [365, 365]
    assert column(found, "state") == ["scored", "scored"]


def test_successors_in_one_post_each_have_their_days_in_it() -> None:
    found = officials("o1,A,head,2023-01-01,2025-03-31,", "o2,A,head,2025-04-01,2026-02-01,")
    assert column(found, "days") == [90, 275]
    assert column(found, "score") == ["90.00", "90.00"]


def test_in_post_for_less_than_the_minimum_is_not_assessed() -> None:
    found = officials("o1,A,head,2025-01-01,2025-03-30,", "o2,A,head,2025-03-31,,", minimum=90)
    assert column(found, "state") == ["not_assessed", "scored"]
    assert column(found, "score") == [None, "90.00"]


def test_a_post_outside_the_cycle_has_no_days() -> None:
    found = officials("o1,A,head,2023-01-01,2024-12-31,")
    assert (column(found, "days"), column(found, "state")) == ([0], ["not_assessed"])


POSTS = ("o1,A,head,2025-01-01,2025-07-19,0.25", "o1,B,head,2025-07-20,,0.75")
MEANS = {"by_days": "80.96", "by_share": "75.00", "last_post": "70.00"}


@pytest.mark.parametrize("several", MEANS)
def test_several_posts_are_weighed_as_the_rulebook_says(several: str) -> None:
    """200 days at 90 and 165 at 70; 25 % and 75 %; the last."""
    found = officials(*POSTS, several=several)
    assert column(found, "days") == [200, 165]
    assert column(found, "score") == [MEANS[several]] * 2


def test_a_post_that_is_too_short_leaves_the_mean() -> None:
    found = officials("o1,A,head,2025-01-01,2025-02-01,", "o1,B,head,2025-02-02,,", minimum=90)
    assert column(found, "score") == ["70.00", "70.00"]
    assert column(found, "state") == ["not_assessed", "scored"]


def test_a_role_is_scored_on_the_items_in_its_charge() -> None:
    """Deputy: 30 of 40; secretary: items of nobody and his own, 60 + 30 of 100."""
    keys = (", responsible: [secretary]", ", responsible: [secretary, deputy]")
    found = officials("o1,A,secretary,2024-01-01,,", "o2,A,deputy,2024-01-01,,", keys=keys)
    assert column(found, "score") == ["90.00", "75.00"]


def test_what_names_nobody_is_in_everybodys_charge() -> None:
    found = officials("o1,A,deputy,2024-01-01,,", keys=("", ", responsible: [secretary]"))
    assert column(found, "score") == ["100.00"]


def test_bonus_and_penalty_are_everybodys() -> None:
    extra = (
        "bonuses: {items: [{code: x, points: 5, rule: {kind: per_item, each: 1}}]}\n"
        "penalties: {items: [{code: z, points: 5, rule: {kind: per_item, each: 1}}]}\n"
    )
    rows = (("A", "a", "60"), ("A", "b", "30"), ("A", "x", "3"), ("A", "z", "1"))
    found = officials("o1,A,deputy,2024-01-01,,", rows=rows, keys=("", ", responsible: [deputy]"), extra=extra)
    assert column(found, "score") == ["92.00"]


def test_items_out_of_reach_do_not_count_against_a_role() -> None:
    keys = (", not_applicable: skip", ", responsible: [deputy]")
    found = officials("o1,A,deputy,2024-01-01,,", keys=keys, targets="A,a,,,no")
    assert column(found, "score") == ["75.00"]


def test_a_role_with_nothing_to_reach_is_not_assessed() -> None:
    keys = (", responsible: [secretary]", ", responsible: [secretary]")
    found = officials("o1,A,deputy,2024-01-01,,", keys=keys)
    assert (column(found, "score"), column(found, "state")) == ([None], ["not_assessed"])


def test_thirds_of_a_score_are_rounded_once() -> None:
    """Deputy at two units: 1/3 and 2/3 of 100 by equal days are 50, not 33.33 and 66.67 halved."""
    rows = (("A", "b", "10"), ("B", "b", "20"))
    item = B.replace("points: 40", "points: 30")
    book = items(item % ", responsible: [deputy]", settings=SETTINGS % (0, "by_share") + "\nscoring: {decimals: 0}")
    posts = "o1,A,deputy,n,2024-01-01,,0.5\no1,B,deputy,n,2024-01-01,,0.5"
    assert column(scored(book, figures(*rows), officials=posts).official_scores, "score") == ["50", "50"]
