"""The scores of officials, as the oracle reads the contract."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from oracle_inputs import Inputs, Row, all_places, half_up, number
from oracle_items import LEFT_OPEN, Outcome
from oracle_totals import UnitTotal, rounded

Scored = dict[str, str | int | Fraction | None]


def official_scores(inputs: Inputs, totals: dict[str, UnitTotal]) -> list[Scored]:
    """One row per post, in the order of officials.csv."""
    rules = inputs.rulebook.get("officials", {})
    minimum = int(rules.get("minimum_days", "0"))
    scores = {code: score_of(inputs, posts_of(inputs, code), totals) for code in codes(inputs)}
    rows: list[Scored] = []
    for post in inputs.officials:
        days, score = days_in(inputs, post), scores[str(post["official_code"])]
        state = "scored" if days >= max(minimum, 1) else "not_assessed"
        earned = in_post(inputs, post, totals[str(post["unit_code"])])
        if state == "scored" and (earned is None or score == LEFT_OPEN):
            state = LEFT_OPEN
        rows.append({**post, "days": days, "score": score, "state": state})
    return rows


def codes(inputs: Inputs) -> set[str]:
    return {str(post["official_code"]) for post in inputs.officials}


def posts_of(inputs: Inputs, code: str) -> list[Row]:
    """The posts held long enough to be assessed."""
    minimum = int(inputs.rulebook.get("officials", {}).get("minimum_days", "0"))
    mine = [post for post in inputs.officials if post["official_code"] == code]
    return [post for post in mine if days_in(inputs, post) >= max(minimum, 1)]


def days_in(inputs: Inputs, post: Row) -> int:
    """Days in post within the cycle, both ends included."""
    cycle = inputs.rulebook["cycle"]
    starts = max(date.fromisoformat(str(post["from"])), date.fromisoformat(cycle["starts"]))
    ends = min(date.fromisoformat(post["to"] or cycle["ends"]), date.fromisoformat(cycle["ends"]))
    return max((ends - starts).days + 1, 0)


def score_of(inputs: Inputs, posts: list[Row], totals: dict[str, UnitTotal]) -> Fraction | str | None:
    """The mean over the posts; what a post at a unit without a total does to it is left open."""
    several = inputs.rulebook.get("officials", {}).get("several_posts", "by_days")
    if several == "last_post" and posts:
        posts = [max(posts, key=lambda post: str(post["from"]))]
    weighted = []
    for post in posts:
        weight = number(str(post["share"])) if several == "by_share" else Fraction(days_in(inputs, post))
        score = in_post(inputs, post, totals[str(post["unit_code"])])
        if score is None:
            return LEFT_OPEN
        weighted.append((weight, score))
    whole = sum((weight for weight, _ in weighted), Fraction(0))
    if whole == 0:
        return None
    mean = sum((weight * score for weight, score in weighted), Fraction(0)) / whole
    return half_up(mean, int(inputs.rulebook.get("scoring", {}).get("decimals", "2")))


def in_post(inputs: Inputs, post: Row, total: UnitTotal) -> Fraction | None:
    """The unit's total, or what was earned of the reachable points in the official's charge."""
    if total.published is None or not any("responsible" in place.item for place in all_places(inputs)):
        return total.published
    scoring = inputs.rulebook.get("scoring", {})
    earned = reach = Fraction(0)
    for section in total.sections:
        for item in section.items:
            if in_charge(item, str(post["role"])):
                earned += section.weight * rounded(scoring, "item", item.score or Fraction(0))
                reach += section.weight * item.reach
    if reach == 0:
        return None
    return earned / reach * 100 + total.bonus - total.penalty


def in_charge(item: Outcome, role: str) -> bool:
    return role in item.place.item.get("responsible", [role])
