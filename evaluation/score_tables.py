"""What is published of scores: one row per unit × item, and one row per unit.

Here belong columns, texts and their order; every number in them was decided before.
"""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from evaluation.arithmetic import Bools, Positions
from evaluation.columns import Column, Texts, Written
from evaluation.fates import ABSENT, STATE_WORDS, is_out
from evaluation.grading import NONE, Standings
from evaluation.item_texts import (
    REASON_WORDS,
    TARGET_STATES,
    accepted_value,
    reason_keys,
    rounded_measures,
    target_states,
)
from evaluation.plan import BONUS, PENALTY
from evaluation.rounding import MOST_DECIMALS, STRINGS, decimal_text, fixed_texts, trimmed_texts
from evaluation.score_sheet import ScoreSheet
from evaluation.texts import text_array
from evaluation.unit_totals import UnitTotals

SECTIONS_OUTSIDE = {BONUS: "bonus", PENALTY: "penalty"}


def indicator_scores(sheet: ScoreSheet) -> pd.DataFrame:
    """Rows by unit, then by item, without items that the rulebook does not assess the unit on."""
    inputs, plan = sheet.inputs, sheet.inputs.plan
    rows = _Rows(sheet)
    decimals = plan.rulebook.scoring.decimals
    points = plan.published_points
    outside = np.array([[number < 0] for number in plan.section_of])
    deduction = deductions(sheet)
    out = rows.of(is_out(sheet.fate))
    names = [SECTIONS_OUTSIDE.get(n) or plan.rulebook.sections[n].code for n in plan.section_of]
    columns = {
        "unit_code": inputs.units.codes.take(pa.array(rows.units)),
        "section_code": pa.array(names, STRINGS).take(pa.array(rows.items)),
        "indicator_code": pa.array([node.code for node in plan.tops], STRINGS).take(pa.array(rows.items)),
        "points": fixed_texts(rows.of(points), decimals),
        "accepted_value": rows.written([accepted_value(inputs, node) for node in plan.tops]),
        "target_value": rows.written([inputs.target(node, "target") for node in plan.tops]),
        "measure": _measure_texts(rows, sheet),
        "indicator_score": fixed_texts(rows.of(sheet.published), decimals, out),
        "deduction": fixed_texts(rows.of(deduction), decimals, out | rows.of(np.broadcast_to(outside, points.shape))),
        "state": rows.words(sheet.fate, STATE_WORDS),
    }
    frame: dict[str, Any] = {name: text_array(texts) for name, texts in columns.items()}
    frame["provisional"] = rows.of(sheet.provisional)
    frame["target_state"] = text_array(rows.words(target_states(sheet), TARGET_STATES))
    frame["reason"] = text_array(rows.words(reason_keys(sheet, deduction > 0), REASON_WORDS))
    return pd.DataFrame(frame, copy=False)


def deductions(sheet: ScoreSheet) -> Any:
    """Items × units: published points less than the item has, 0 for bonus and penalty, in units of the last decimal."""
    plan = sheet.inputs.plan
    table, points = np.empty_like(sheet.published), plan.published_points
    for at, section in enumerate(plan.section_of):
        full = points[at] if section >= 0 else sheet.published[at]
        np.maximum(np.subtract(full, sheet.published[at], out=table[at]), 0, out=table[at])
    return table


def _measure_texts(rows: "_Rows", sheet: ScoreSheet) -> pa.LargeStringArray:
    """Up to six decimals, without trailing zeros; null for items with parts."""
    whole, absent = rounded_measures(sheet)
    return trimmed_texts(rows.of(whole), MOST_DECIMALS, rows.of(absent))


class _Rows:
    """The cells that have a row, in the order of rows: by unit, then by item."""

    def __init__(self, sheet: ScoreSheet) -> None:
        present = sheet.fate.T != ABSENT
        self._cells = None if present.all() else np.flatnonzero(present)
        self._count, items = present.shape
        cells = np.arange(self._count * items) if self._cells is None else self._cells
        self.units, self.items = np.divmod(cells, max(items, 1))

    def of(self, table: Any) -> Any:
        """The cells of an items × units table."""
        flat = np.ascontiguousarray(table.T).ravel()
        return flat if self._cells is None else flat[self._cells]

    def words(self, table: Any, words: pa.LargeStringArray) -> pa.LargeStringArray:
        """The word for each cell of a table of their positions."""
        return words.take(pa.array(self.of(table)))

    def written(self, columns: list[Column | None]) -> pa.LargeStringArray:
        """The numbers of one column per item as they were written, or as canonical text; null where unknown."""
        pools: dict[int, tuple[int, Any]] = {}
        length = 0
        table = np.full((len(columns), self._count), -1, dtype=np.int64)
        for at, column in enumerate(columns):
            if column is None:
                continue
            written = column.written or _as_texts(column)
            if id(written.texts) not in pools:
                pools[id(written.texts)] = (length, written.texts)
                length += len(written.texts)
            table[at] = np.where(written.rows < 0, -1, written.rows + pools[id(written.texts)][0])
        found = self.of(table)
        whole = pa.concat_arrays([texts.texts for _, texts in pools.values()] or [pa.array([], STRINGS)])
        return whole.take(pa.array(found, mask=found < 0))


def _as_texts(column: Column) -> Written:
    """A computed column written out."""
    known = np.flatnonzero(column.known)
    rows = np.full(len(column.known), -1, dtype=np.int64)
    rows[known] = np.arange(len(known))
    return Written(Texts([decimal_text(value) for value in column.exact(known)]), lambda: rows)


def total_scores(
    totals: UnitTotals, standings: Standings, grade: Positions, award: Positions, provisional: Bools
) -> pd.DataFrame:
    """One row per unit in the order of units.csv."""
    rulebook = totals.sheet.inputs.rulebook
    units = totals.sheet.inputs.units.units
    decimals = rulebook.scoring.decimals
    published, pending = totals.published, totals.pending
    columns = {
        "base_score": fixed_texts(published["base"], decimals, pending),
        "bonus": fixed_texts(published["bonus"], decimals),
        "penalty": fixed_texts(published["penalty"], decimals),
        "total_score": fixed_texts(published["total"], decimals, pending),
    }
    own = {"unit_code": "unit_code", "unit_name": "name", "kind": "kind", "unit_group": "group"}
    frame: dict[str, Any] = {name: units[column].array.copy() for name, column in own.items()}
    frame |= {name: text_array(texts) for name, texts in columns.items()}
    frame["provisional"] = provisional | totals.pending
    frame["veto"] = text_array(_veto_texts(totals, standings))
    frame["grade"] = text_array(_named([grade.grade for grade in rulebook.grades], grade))
    frame["award"] = text_array(_named([award.award for award in rulebook.awards], award))
    rank = pd.array(standings.rank, dtype="Int64")
    rank[standings.rank == 0] = pd.NA
    frame["rank"] = rank
    return pd.DataFrame(frame, copy=False)


def _named(names: list[str], chosen: Positions) -> pa.LargeStringArray:
    return pa.array(names, STRINGS).take(pa.array(chosen, mask=chosen == NONE))


def _veto_texts(totals: UnitTotals, standings: Standings) -> list[str | None]:
    fallen = standings.vetoed.fallen
    texts: list[str | None] = [None] * len(standings.units)
    codes = [veto.code for veto in totals.sheet.inputs.rulebook.vetoes]
    for unit in np.flatnonzero(fallen.any(axis=0)):
        texts[unit] = ";".join(code for code, here in zip(codes, fallen[:, unit], strict=True) if here)
    return texts
