"""How many years running a unit has been first of its group, or in the highest or lowest grade.

Here belongs the counting, along lines that nothing interrupts: no merger, no cycle left out, no other group.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from evaluation.comparability import Comparable
from evaluation.lineages import Ancestor

if TYPE_CHECKING:
    from evaluation.years import Results

READ = ("unit_code", "unit_name", "kind", "group", "pool", "rank", "grade")
FIRST, IN_GRADE = "years_first", "years_in_grade"


def streaks(cycles: "Sequence[Results]", lines: Sequence[Sequence[Ancestor]]) -> pd.DataFrame:
    """Rows of `years_first` and `years_in_grade` (remark: the grade) of units that have two years or more."""
    found: list[dict[str, Any]] = []
    for unit, past in _pasts(cycles, lines).items():
        now = past[0]
        first = _running([one["rank"] == "1" and one["pool"] == now["pool"] for one in past])
        grade = _running([one["grade"] == now["grade"] for one in past])
        base = {name: now[name] for name in ("unit_name", "kind", "group")} | {"unit_code": unit, "unit_then": unit}
        base |= {"comparable": Comparable.YES.code}
        if first > 1:
            found.append({**base, "measure": FIRST, "value": str(first), "remark": ""})
        if grade > 1 and now["grade"] in _ends(cycles[0]):
            found.append({**base, "measure": IN_GRADE, "value": str(grade), "remark": now["grade"]})
    return pd.DataFrame(found)


def _running(holds: Sequence[bool]) -> int:
    """How many from the newest on."""
    return (*holds, False).index(False)


def _ends(now: "Results") -> set[str]:
    """The highest and the lowest grade."""
    grades = [grade.grade for grade in now.definition.rulebook.grades]
    return {grades[0], grades[-1]} if grades else set()


def _pasts(cycles: "Sequence[Results]", lines: Sequence[Sequence[Ancestor]]) -> dict[str, list[dict[str, Any]]]:
    """By unit its rows of `Results.units`, newest first, as far as years and the line run on without a break."""
    found: dict[str, list[dict[str, Any]]] = {}
    for at, (cycle, line) in enumerate(zip(cycles, lines, strict=True)):
        if at and cycle.cycle != cycles[at - 1].cycle - 1:
            break
        columns = (cycle.units[name].tolist() for name in READ)
        rows = {row[0]: dict(zip(READ, row, strict=True)) for row in zip(*columns, strict=True)}
        for one in line:
            if one.then in rows and one.comparable is not Comparable.NO and len(found.setdefault(one.unit, [])) == at:
                found[one.unit].append(rows[one.then])
    return {unit: past for unit, past in found.items() if unit and past}
