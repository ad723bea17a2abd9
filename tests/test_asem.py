"""51 countries × 49 indicators: scores computed by COINr 1.1.14, an independent R package (MIT licence)."""

import csv
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from evaluation.definition import read_definition
from evaluation.scoring import Scores, score

ASEM = Path(__file__).parent / "golden" / "asem"
# Six published decimals of an index out of 10⁶ points are 10⁻¹² of the whole.
WHOLE = 10**6
MINMAX = "measure: value, rule: {kind: interpolate, through: [[worst, 0], [best, 100%]]}"
CAPPED_TARGET = "measure: {measure}, rule: {kind: interpolate, through: [{line}]}"
"""Distance to target: x / t where higher is better, else (x − max)/(t − max)."""


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((ASEM / name).open(encoding="utf-8")))


META = _rows("meta.csv")
CHILDREN: dict[str, list[dict[str, str]]] = {}
for _row in META:
    CHILDREN.setdefault(_row["Parent"], []).append(_row)
