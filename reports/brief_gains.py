"""The step that gains the next rank or grade with the least of one figure, as a unit's brief says it.

Here belongs choosing it among the rows of `evaluation.gap_table` and the sentence that leaves room on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from evaluation.figures import Figure
from evaluation.gap_table import OUT_OF_REACH, REACHED, VETOED
from reports.brief_words import NAME, WORD, cut
from reports.gap_words import GOALS, Row, change, gains

UNDOABLE = "因事项被一票否决，任何一项数据都改变不了结果，先了结该事项。"
NOT_ALONE = "单靠任何一项数据都进不了位、升不了等，须几项一起提高。"


def least_steps(rows: Iterable[Row], figures: Mapping[str, Figure]) -> list[str]:
    """For one unit, its `rows` with unknown values as blanks: what gains the next rank, what gains the next grade, or
    that no figure does alone; nothing where there is nothing to gain."""
    known = [{name: None if value == "" else value for name, value in row.items()} for row in rows]
    if any(row["outcome"] == VETOED for row in known):
        return [UNDOABLE]
    told = list(dict.fromkeys(_step(figures[row["indicator_code"]], row) for row in _least(known)))
    return told or ([NOT_ALONE] if any(row["outcome"] == OUT_OF_REACH for row in known) else [])


def _least(rows: Iterable[Row]) -> Iterator[Row]:
    for goal in GOALS:
        reached = [row for row in rows if row["goal"] == goal and row["outcome"] == REACHED]
        if reached:
            yield min(reached, key=_effort)


def _effort(row: Row) -> Decimal:
    """The change as a share of the figure's year: that makes people and 万元 comparable. Of nought it takes most."""
    before = abs(Decimal(row["year_before"] or 0))
    return abs(Decimal(row["change"])) / before if before else Decimal("Infinity")


def _step(figure: Figure, row: Row) -> str:
    grades = {name: cut(row[name], WORD) if row[name] else row[name] for name in ("grade_before", "grade_after")}
    return f"要使{'，'.join(gains(row | grades))}：“{cut(figure.name, NAME)}”{change(figure, row)}。"
