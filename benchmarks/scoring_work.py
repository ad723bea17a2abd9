"""The work of `scoring.py`: figures and targets of many units.

The same numbers stand as matrices, as wide tables and as the tidy frames that the pipeline hands to scoring.
"""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from evaluation.definition import Definition, read_definition

UNITS, ITEMS, SECTIONS, GROUPS = 40_000, 60, 6, 20
POINTS = np.tile([1, 2, 1.5, 2.5, 1, 2, 1.5, 2.5, 1, 1.5], SECTIONS)
SECTION_OF = np.repeat(np.arange(SECTIONS), ITEMS // SECTIONS)
ITEM_CODES = [f"i{number:02}" for number in range(ITEMS)]


class Work:
    """The same figures and targets, with two decimals, as numbers and as texts; the seed is fixed."""

    def __init__(self, units: int = UNITS) -> None:
        random = np.random.default_rng(2025)
        self.units = units
        self.group = np.arange(units) % GROUPS
        self._hundredths = random.integers(0, 20_000, (units, ITEMS)), random.integers(5_000, 20_000, (units, ITEMS))

    @cached_property
    def matrices(self) -> list[Any]:
        """Values and targets, items × units."""
        return [np.ascontiguousarray(table.T) / 100 for table in self._hundredths]

    @cached_property
    def wide(self) -> list[pd.DataFrame]:
        """Values and targets, units × items, as pandas keeps them."""
        return [pd.DataFrame(matrix.T) for matrix in self.matrices]

    @cached_property
    def unit_codes(self) -> list[str]:
        return [f"U{number:06}" for number in range(self.units)]

    @cached_property
    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Accepted values and targets, tidy, all of it text that Arrow holds."""
        rows = np.arange(self.units * ITEMS)
        keys = {
            "unit_code": pa.array(self.unit_codes).take(pa.array(rows // ITEMS)),
            "indicator_code": pa.array(ITEM_CODES).take(pa.array(rows % ITEMS)),
        }
        values, targets = (_decimal_texts(table.ravel()) for table in self._hundredths)
        period = pa.repeat("2025", len(rows))
        return _frame({**keys, "period": period, "accepted_value": values}), _frame({**keys, "target": targets})

    def definition(self, round_at: str) -> Definition:
        lines = [
            f"      - {{code: i{at:02}, points: {POINTS[at]}, measure: completion, rule: {{kind: proportional}}}}\n"
            for at in range(ITEMS)
        ]
        sections = "".join(
            f"  - code: s{number}\n    indicators:\n{''.join(lines[number * 10 : number * 10 + 10])}"
            for number in range(SECTIONS)
        )
        groups = ", ".join(f"{{code: g{number}, kind: township}}" for number in range(GROUPS))
        rulebook = (
            "evaluation: benchmark-2025\ncycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}\n"
            f"scoring: {{round_at: {round_at}}}\ngroups: [{groups}]\nsections:\n{sections}"
        )
        rows = (f"{code},{code},township,g{at % GROUPS}\n" for at, code in enumerate(self.unit_codes))
        units = "unit_code,name,kind,group\n" + "".join(rows)
        read = read_definition({"rulebook.yaml": rulebook.encode(), "units.csv": units.encode()})
        return dataclasses.replace(read, targets=self.frames[1])


def _decimal_texts(hundredths: Any) -> pa.Array:
    digits = np.stack([hundredths, np.zeros_like(hundredths)], axis=1)
    exact = pa.Array.from_buffers(pa.decimal128(38, 2), len(digits), [None, pa.py_buffer(digits)])
    return pc.ascii_rtrim(pc.ascii_rtrim(exact.cast(pa.string()), characters="0"), characters=".")


def _frame(columns: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.array(texts, dtype="str") for name, texts in columns.items()}, copy=False)
