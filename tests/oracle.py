"""The oracle's answer: everything that is published of an evaluation, by the contract alone.

Here belongs only how the answer is put together, in the words of the published tables. What the contract
leaves open is LEFT_OPEN, which agrees with anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from oracle_inputs import Inputs, half_up, shown
from oracle_items import LEFT_OPEN, Outcome
from oracle_officials import Scored, official_scores
from oracle_ranking import Standing, standings
from oracle_totals import UnitTotal, total_of

Text = str | None
Table = list[dict[str, Text]]


@dataclass(frozen=True)
class Answer:
    indicator_scores: Table
    total_scores: Table
    official_scores: Table


def evaluate(inputs: Inputs) -> Answer:
    decimals = int(inputs.rulebook.get("scoring", {}).get("decimals", "2"))
    totals = [total_of(inputs, unit) for unit in inputs.units]
    by_unit = {str(total.unit["unit_code"]): total for total in totals}
    return Answer(
        [row for total in totals for row in item_rows(total, decimals)],
        [total_row(one, decimals) for one in standings(inputs, totals)],
        [official_row(row, decimals) for row in official_scores(inputs, by_unit)],
    )


def item_rows(total: UnitTotal, decimals: int) -> Table:
    placed = [(section.code, item) for section in total.sections for item in section.items]
    extra = [("bonus", item) for item in total.bonuses] + [("penalty", item) for item in total.penalties]
    return [item_row(total, code, item, decimals) for code, item in placed + extra]


def item_row(total: UnitTotal, section: str, item: Outcome, decimals: int) -> dict[str, Text]:
    score = None if item.score is None else half_up(item.score, decimals)
    deduction = None
    if score is not None and section not in ("bonus", "penalty"):
        deduction = shown(max(item.points - score, Fraction(0)), decimals)
    return {
        "unit_code": total.unit["unit_code"],
        "section_code": section,
        "indicator_code": item.place.code,
        "points": shown(item.points, decimals),
        "indicator_score": shown(score, decimals),
        "deduction": deduction,
        "state": item.state,
        "provisional": str(item.provisional).lower(),
        "target_state": item.target_state,
        "measure": LEFT_OPEN if item.measure is None else plain(item.measure),
    }


def plain(value: Fraction) -> str:
    """Up to six decimals, none that are nought."""
    text = str(shown(value, 6)).rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def total_row(one: Standing, decimals: int) -> dict[str, Text]:
    total = one.total
    return {
        "unit_code": total.unit["unit_code"],
        "base_score": shown(total.base, decimals) if total.published is not None else LEFT_OPEN,
        "bonus": shown(total.bonus, decimals),
        "penalty": shown(total.penalty, decimals),
        "total_score": shown(total.published, decimals),
        "provisional": str(total.provisional).lower(),
        "veto": ";".join(one.vetoes) or None,
        "grade": one.grade,
        "award": one.award,
        "rank": None if one.rank is None else str(one.rank),
    }


def official_row(row: Scored, decimals: int) -> dict[str, Text]:
    score = row["score"]
    return {
        "official_code": str(row["official_code"]),
        "unit_code": str(row["unit_code"]),
        "days": str(row["days"]),
        "score": shown(score, decimals) if isinstance(score, Fraction) else None if score is None else str(score),
        "state": str(row["state"]),
    }
