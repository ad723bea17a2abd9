"""A county's evaluation whole, for `scoring.py`: the example, and one of 60 units × 45 items of every kind.

Every table that `score()` takes is there: figures of two years, targets, claims, marks, arrivals, officials.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evaluation.acceptance import accept
from evaluation.definition import FILES, Definition, read_definition
from intake.reading import read_files

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
NO_CORRECTIONS = ["approval_seq", "seq", "unit_code", "indicator_code", "period", "new_value"]
UNITS = [f"T{number:02}" for number in range(60)]
GROUPS = ("industrial", "urban", "rural")
POINTS = (3, 2, 1.5, 2.5, 2, 2)

# By section: how many items, and how each is scored.
SECTIONS: dict[str, list[tuple[int, str]]] = {
    "output": [(10, "measure: completion, rule: {kind: proportional}, max_points: 120%")],
    "input": [
        (4, "rule: {kind: bands, bands: [{at_least: 90, points: 100%}, {at_least: 60, points: 60%}, {points: 10%}]}"),
        (4, "rule: {kind: interpolate, through: [[0, 0], [target, 80%], [stretch, 100%]]}"),
        (3, "measure: growth, rule: {kind: steps, origin: 5%, step: 1%, better: 5%, worse: 10%}, max_points: 110%"),
    ],
    "platforms": [
        (4, "rule: {kind: threshold, at_least: target}, cliff: {below: 10, points: 0}"),
        (3, "measure: rank, rule: {kind: steps, origin: 1, worse: 5%}"),
        (3, "direction: lower_is_better, measure: completion, rule: {kind: proportional}, missing: rescale"),
        (2, "per: population, rule: {kind: interpolate, through: [[min, 20%], [max, 100%]]}"),
    ],
    "order": [
        (2, "measure: days_late, rule: {kind: steps, worse: 1}, cliff: {at_least: 4, points: 0}"),
        (2, "rule: {kind: judged, trim: 1}"),
        (2, "rule: {kind: checklist, pieces: [{code: plan, points: 50%}, {code: report, points: 50%}]}"),
        (1, "parts: [{code: early, points: 40%, rule: {kind: proportional}, measure: completion}, "
            "{code: late, points: 60%, sources: [self], rule: {kind: threshold, at_least: 50}}]"),
    ],
}  # fmt: skip
BONUSES = [
    (2, "measure: count, rule: {kind: per_item, each: 0.5}, max_points: 2"),
    (1, "rule: {kind: levels, levels: {national: 3, provincial: 2}}, max_points: 5"),
]
PENALTIES = [(2, "measure: quantity, rule: {kind: per_item, each: 0.3}, max_points: 3")]
OUTCOMES = """
ranking: {tie_breakers: [section:output]}
vetoes:
  - {code: fraud, effects: [fail]}
  - {code: too_little, when: {of: input00, below: 2}, effects: [demote, no_award]}
grades: [{grade: A, at_least: 80, quota: 30%}, {grade: B, at_least: 70}, {grade: C, at_least: 60}, {grade: D}]
awards: [{award: first, places: 3, grade_at_least: B}]
officials: {roles: [party_secretary, government_head, deputy_in_charge]}
calendar: {submissions_due: 2026-01-15}
"""


def _items(section: str, given: list[tuple[int, str]], indent: str) -> Iterable[str]:
    keys = [keys for count, keys in given for _ in range(count)]
    for number, own in enumerate(keys):
        yield f"{indent}- {{code: {section}{number:02}, points: {POINTS[number % len(POINTS)]}, {own}}}\n"


def _rulebook() -> str:
    groups = ", ".join(f"{{code: {code}, kind: township}}" for code in GROUPS)
    text = "evaluation: county-2025\ncycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}\n"
    text += f"groups: [{groups}]\nsections:\n"
    for section, given in SECTIONS.items():
        text += f"  - code: {section}\n    indicators:\n" + "".join(_items(section, given, "      "))
    text += "bonuses:\n  max_points: 8\n  items:\n" + "".join(_items("bonus", BONUSES, "    "))
    text += "penalties:\n  max_points: 8\n  items:\n" + "".join(_items("penalty", PENALTIES, "    "))
    return text + OUTCOMES


def typical() -> tuple[Definition, dict[str, pd.DataFrame]]:
    """60 units × 45 items with several rules; one figure in a hundred is missing. The seed is fixed."""
    random = np.random.default_rng(2025)
    units = _csv(["unit_code", "name", "kind", "group", "population"])
    for at, code in enumerate(UNITS):
        units += f"{code},{code},township,{GROUPS[at % len(GROUPS)]},{random.integers(8_000, 90_000)}\n"
    files = {"rulebook.yaml": _rulebook(), "units.csv": units, "officials.csv": _officials()}
    rulebook = read_definition({name: text.encode() for name, text in files.items()}).rulebook
    figures = [figure.code for figure in rulebook.figures()]
    targets = _csv(["unit_code", "indicator_code", "target", "stretch"])
    targets += "".join(
        f"{unit},{code},{random.integers(50, 100)},{random.integers(100, 120)}\n" for unit in UNITS for code in figures
    )
    files["targets.csv"] = targets
    definition = read_definition({name: text.encode() for name, text in files.items()})
    claimed = [place.item.code for place in rulebook.places() if place.item.reads_claims()]
    judged = [place.item.code for place in rulebook.places() if place.item.reads_marks()]
    this_year = _figures(random, figures, "2025")
    return definition, {
        "figures": this_year,
        "previous": _figures(random, figures, "2024"),
        "claims": _claims(random, claimed),
        "marks": _frame(
            (unit, code, f"0.{random.integers(50, 100)}") for unit in UNITS for code in judged for _ in range(5)
        ).set_axis(["unit_code", "indicator_code", "mark"], axis=1),
        "received": this_year[["unit_code", "indicator_code"]].assign(
            received_on=[f"2026-01-{day:02}" for day in random.integers(8, 19, len(this_year))]
        ),
    }


def _csv(header: list[str]) -> str:
    return ",".join(header) + "\n"


def _frame(rows: Iterable[tuple[str, ...]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), dtype="str")


def _figures(random: np.random.Generator, codes: list[str], year: str) -> pd.DataFrame:
    rows = [
        (unit, code, year, f"{random.integers(200, 12_000) / 100:g}")
        for unit in UNITS
        for code in codes
        if random.integers(100)
    ]
    return _frame(rows).set_axis(["unit_code", "indicator_code", "period", "accepted_value"], axis=1)


def _claims(random: np.random.Generator, items: list[str]) -> pd.DataFrame:
    """Two matters of each unit for each item; the pieces of a checklist are matters too."""
    levels, objects = ("national", "provincial"), ("plan", "report", "other")
    rows = (
        (unit, code, objects[random.integers(3)], levels[random.integers(2)], str(random.integers(1, 5)), f"d{number}")
        for unit in UNITS
        for code in items
        for number in range(2)
    )
    columns = ["unit_code", "item_code", "object_id", "level", "quantity", "document"]
    return _frame(rows).set_axis(columns, axis=1)


def _officials() -> str:
    text = _csv(["official_code", "unit_code", "role", "name", "from"])
    for at, code in enumerate(UNITS):
        for role in ("party_secretary", "government_head", "deputy_in_charge"):
            text += f"{role}_{at},{code},{role},{code},2024-01-01\n"
    return text


def example(name: str) -> tuple[Definition, dict[str, Any]]:
    """The definition of an example, and what its inbox gives `score()`; every value that could be read counts."""
    definition, given = _of_inbox(name)
    if definition.rulebook.previous:
        given["previous"] = _of_inbox(definition.rulebook.previous)[1]["figures"]
    return definition, given


def _of_inbox(name: str) -> tuple[Definition, dict[str, Any]]:
    home = EXAMPLES / name
    definition = read_definition({file: (home / file).read_bytes() for file in FILES if (home / file).is_file()})
    contents, rows = {}, []
    with (home / "submissions.csv").open(encoding="utf-8", newline="") as listed:
        for seq, row in enumerate(csv.DictReader(listed), 1):
            data = (home / "inbox" / row["sender"] / row["file"]).read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            contents[digest] = data
            rows.append((seq, digest, row["sender"], row["file"], f"{row['received']}T00:00:00+08:00"))
    files = pd.DataFrame(rows, columns=["seq", "sha256", "sender", "name", "received_at"])
    read = read_files(files, contents.__getitem__, definition)
    values = read.submitted_values[read.submitted_values["outcome"] == "accepted"]
    first = values.sort_values("received_at").drop_duplicates(["unit_code", "indicator_code"])
    return definition, {
        "figures": accept(definition, read.submitted_values, set(), pd.DataFrame(columns=NO_CORRECTIONS)),
        "claims": read.submitted_claims[read.submitted_claims["outcome"] == "accepted"],
        "marks": read.marks[read.marks["outcome"] == "accepted"],
        "received": first.assign(received_on=first["received_at"].str[:10]),
    }
