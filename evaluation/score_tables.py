"""What is published of scores: one row per unit × item, and one row per unit.

Here belong columns, texts and their order; every number in them was decided before.
"""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from evaluation.arithmetic import Bools, Positions
from evaluation.fates import ABSENT, STATES, is_out
from evaluation.grading import NONE, Standings
from evaluation.item_texts import accepted_texts, measure_texts, reason_texts, target_states, target_texts
from evaluation.plan import BONUS, PENALTY, Plan
from evaluation.provisional import provisional_items
from evaluation.rounding import fixed_texts, half_up
from evaluation.score_sheet import ScoreSheet
from evaluation.unit_totals import UnitTotals

ITEM_COLUMNS = (
    "unit_code",
    "section_code",
    "indicator_code",
    "points",
    "accepted_value",
    "target_value",
    "measure",
    "indicator_score",
    "deduction",
    "state",
    "provisional",
    "target_state",
    "reason",
)
SECTIONS_OUTSIDE = {BONUS: "bonus", PENALTY: "penalty"}


def text_series(texts: Any) -> Any:
    """Arrow texts as a pandas array of dtype str."""
    return pd.array(texts, dtype="str")


def indicator_scores(sheet: ScoreSheet) -> pd.DataFrame:
    """Rows by unit, then by item, without items that the rulebook does not assess the unit on."""
    inputs, plan = sheet.inputs, sheet.inputs.plan
    rows = _Rows(sheet)
    decimals = plan.rulebook.scoring.decimals
    points = np.stack([_published_points(plan, at) for at in range(len(plan.tops))])
    deduction = np.maximum(points - sheet.published, 0)
    out = is_out(sheet.fate)
    outside = np.array([[number < 0] for number in plan.section_of])
    names = [SECTIONS_OUTSIDE.get(n) or plan.rulebook.sections[n].code for n in plan.section_of]
    columns = {
        "unit_code": inputs.units.codes.take(pa.array(rows.units)),
        "section_code": pa.array(names).take(pa.array(rows.items)),
        "indicator_code": pa.array([node.code for node in plan.tops]).take(pa.array(rows.items)),
        "points": fixed_texts(rows.of(points), decimals),
        "accepted_value": rows.texts([accepted_texts(inputs, node) for node in plan.tops]),
        "target_value": rows.texts([target_texts(inputs, node) for node in plan.tops]),
        "measure": rows.texts(measure_texts(sheet)),
        "indicator_score": fixed_texts(rows.of(sheet.published), decimals, rows.of(out)),
        "deduction": fixed_texts(rows.of(deduction), decimals, rows.of(out | outside)),
        "state": pa.array([STATES.get(fate) for fate in range(ABSENT + 2)]).take(pa.array(rows.of(sheet.fate))),
    }
    frame = {name: text_series(texts) for name, texts in columns.items()}
    frame["provisional"] = rows.of(provisional_items(sheet))
    frame["target_state"] = text_series(rows.texts(target_states(sheet)))
    frame["reason"] = text_series(rows.texts(reason_texts(sheet, deduction > 0)))
    return pd.DataFrame(frame, columns=list(ITEM_COLUMNS))


class _Rows:
    """The cells that have a row, in the order of rows."""

    def __init__(self, sheet: ScoreSheet) -> None:
        present = sheet.fate.T != ABSENT
        self._cells = None if present.all() else np.flatnonzero(present)
        count, items = present.shape
        cells = np.arange(count * items) if self._cells is None else self._cells
        self.units, self.items = np.divmod(cells, max(items, 1))

    def of(self, table: Any) -> Any:
        """The cells of an items × units table."""
        flat = np.ascontiguousarray(table.T).ravel()
        return flat if self._cells is None else flat[self._cells]

    def texts(self, columns: list[pa.StringArray]) -> pa.StringArray:
        """The cells of one column of texts per item."""
        if not columns:
            return pa.array([], pa.string())
        count = len(columns[0])
        whole = pa.concat_arrays(columns)
        return whole.take(pa.array(self.items * count + self.units))


def _published_points(plan: Plan, at: int) -> Any:
    decimals = plan.rulebook.scoring.decimals
    points = np.array([half_up(one, decimals) for one in plan.tops[at].points])
    return points[plan.units.class_of % len(points)] if len(points) > 1 else np.repeat(points, len(plan.units))


def total_scores(
    totals: UnitTotals, standings: Standings, grade: Positions, award: Positions, provisional: Bools
) -> pd.DataFrame:
    """One row per unit in the order of units.csv."""
    rulebook = totals.sheet.inputs.rulebook
    units = totals.sheet.inputs.units.units
    decimals = rulebook.scoring.decimals
    published = {name: fixed_texts(units_of, decimals) for name, units_of in totals.published.items()}
    whole = fixed_texts(totals.published["total"], decimals, totals.pending)
    columns = {
        "unit_code": units["unit_code"].to_numpy(dtype=object),
        "unit_name": units["name"].to_numpy(dtype=object),
        "kind": units["kind"].to_numpy(dtype=object),
        "unit_group": units["group"].to_numpy(dtype=object),
        "base_score": published["base"],
        "bonus": published["bonus"],
        "penalty": published["penalty"],
        "total_score": whole,
    }
    frame: dict[str, Any] = {name: text_series(texts) for name, texts in columns.items()}
    frame["provisional"] = provisional | totals.pending
    frame["veto"] = text_series(_veto_texts(totals, standings))
    frame["grade"] = text_series(_named([grade.grade for grade in rulebook.grades], grade))
    frame["award"] = text_series(_named([award.award for award in rulebook.awards], award))
    rank = pd.array(standings.rank, dtype="Int64")
    rank[standings.rank == 0] = pd.NA
    frame["rank"] = rank
    return pd.DataFrame(frame)


def _named(names: list[str], chosen: Positions) -> pa.StringArray:
    return pa.array(names, pa.string()).take(pa.array(chosen, mask=chosen == NONE))


def _veto_texts(totals: UnitTotals, standings: Standings) -> list[str | None]:
    fallen = standings.vetoed.fallen
    texts: list[str | None] = [None] * len(standings.units)
    codes = [veto.code for veto in totals.sheet.inputs.rulebook.vetoes]
    for unit in np.flatnonzero(fallen.any(axis=0)):
        texts[unit] = ";".join(code for code, here in zip(codes, fallen[:, unit], strict=True) if here)
    return texts
