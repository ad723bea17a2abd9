"""A unit's rows that have cells to correct: its group, its officials' posts, its claims, what judges gave it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from assets.in_force import Correcting
from evaluation.definition import Definition


class Named(NamedTuple):
    """One row as a correction names it: of which item, which object, and that in words."""

    subject: str
    code: str
    object: str
    told: str


def rows_of(definition: Definition, correcting: Correcting, unit: str) -> Iterator[Named]:
    """None where no unit is chosen yet. Of each item that judges mark: every judge known for it."""
    if not unit:
        return
    yield Named("group", "", "", "")
    officials = definition.officials
    own = officials[officials["unit_code"] == unit]
    for code, name in dict(zip(own["official_code"], own["name"], strict=True)).items():
        yield Named("post", "", str(code), str(name))
    claims = correcting.submitted("claim")
    own = claims[claims["unit_code"] == unit].dropna(subset=["object_id"])
    for item, matter in own[["item_code", "object_id"]].drop_duplicates().itertuples(index=False):
        yield Named("claim", str(item), str(matter), str(matter))
    marks = correcting.submitted("mark")
    for item, judge in marks[["indicator_code", "judge"]].drop_duplicates().itertuples(index=False):
        yield Named("mark", str(item), str(judge), str(judge))
