"""The engine's answer to the oracle's question, and what differs between the two.

Here belongs how inputs become files and frames and how two answers are compared; nothing random, no scoring.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import pandas as pd
import yaml
from oracle import Answer, Table, evaluate
from oracle_inputs import Inputs, Row
from oracle_items import LEFT_OPEN

from evaluation.definition import Definition, read_definition
from evaluation.scoring import score

UNIT_COLUMNS = ("unit_code", "name", "kind", "group", "aliases", "valid_from", "valid_to")
VALUES = ("unit_code", "indicator_code", "period", "accepted_value", "provisional")
KEYS = {
    "indicator_scores": ("unit_code", "indicator_code"),
    "total_scores": ("unit_code",),
    "official_scores": ("official_code", "unit_code", "days"),
}


class _Plain(yaml.CSafeDumper):
    """Rulebooks have no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def files_of(inputs: Inputs) -> dict[str, bytes]:
    extra = sorted({name for row in inputs.units for name in row} - set(UNIT_COLUMNS))
    return {
        "rulebook.yaml": yaml.dump(inputs.rulebook, Dumper=_Plain, allow_unicode=True, sort_keys=False).encode(),
        "units.csv": _csv(inputs.units, [*UNIT_COLUMNS, *extra]),
        "targets.csv": _csv(inputs.targets, ["unit_code", "indicator_code", "target", "stretch", "applicable", "note"]),
        "officials.csv": _csv(inputs.officials, ["official_code", "unit_code", "role", "name", "from", "to", "share"]),
    }


def _csv(rows: list[Row], columns: list[str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows({name: row.get(name) or "" for name in columns} for row in rows)
    return text.getvalue().encode()


def definition_of(inputs: Inputs) -> Definition:
    return read_definition(files_of(inputs))


def frame(rows: list[Row], columns: tuple[str, ...]) -> pd.DataFrame:
    made = pd.DataFrame([[row.get(name) for name in columns] for row in rows], columns=list(columns), dtype="str")
    if "provisional" in columns:
        made["provisional"] = (made["provisional"] == "true").astype(bool)
    return made


def engine(inputs: Inputs) -> Answer:
    """What the engine publishes, as the oracle words it."""
    claims = ("unit_code", "item_code", "object_id", "level", "quantity", "document")
    scores = score(
        definition_of(inputs),
        frame(inputs.figures, VALUES),
        claims=frame(inputs.claims, claims),
        marks=frame(inputs.marks, ("unit_code", "indicator_code", "judge", "mark")),
        previous=frame(inputs.previous, VALUES),
        received=frame(inputs.received, ("unit_code", "indicator_code", "received_on")),
    )
    return Answer(_table(scores.indicator_scores), _table(scores.total_scores), _table(scores.official_scores))


def _table(given: pd.DataFrame) -> Table:
    columns = [[_text(value) for value in given[name].tolist()] for name in given.columns]
    return [dict(zip(given.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def _text(value: Any) -> str | None:
    if pd.isna(value):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def differences(inputs: Inputs) -> list[str]:
    """What the engine answers otherwise than the oracle."""
    return apart(evaluate(inputs), engine(inputs))


def apart(ours: Answer, theirs: Answer) -> list[str]:
    """Every cell of the oracle's answer (`ours`) that the other one answers otherwise, every row that only one has."""
    found: list[str] = []
    for name, keys in KEYS.items():
        left, right = (_by_key(getattr(answer, name), keys) for answer in (ours, theirs))
        for key in {**left, **right}:
            found += _row_differences(f"{name} {key}", left.get(key), right.get(key))
    return found


def _by_key(table: Table, keys: tuple[str, ...]) -> Mapping[tuple[str | None, ...], dict[str, str | None]]:
    found: dict[tuple[str | None, ...], dict[str, str | None]] = {}
    for row in table:
        key = tuple(row[name] for name in keys)
        while key in found:
            key = (*key, "again")
        found[key] = row
    return found


def _row_differences(place: str, ours: dict[str, str | None] | None, theirs: dict[str, str | None] | None) -> list[str]:
    if ours is None or theirs is None:
        return [f"{place}: only the {'engine' if ours is None else 'oracle'} has this row"]
    return [
        f"{place} {column}: oracle {value!r}, engine {theirs.get(column)!r}"
        for column, value in ours.items()
        if value not in (theirs.get(column), LEFT_OPEN)
    ]
