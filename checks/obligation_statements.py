"""What is owed has come: every obligation that is due, by its state."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from checks.claim_statements import with_names
from checks.limits import named
from checks.statements import Statement, Suite, one_of
from evaluation.completeness import STATES, completeness
from evaluation.definition import Definition
from evaluation.figures import filed_under
from evaluation.key_numbers import KEY
from evaluation.obligations import assessed_on
from evaluation.reporting import SELF, sources_of
from evaluation.rulebook import Place

_MISSING = Statement(
    "MISSING",
    "warning",
    *one_of("state", [state for state in STATES if state != "missing"]),
    "{unit_name}“{indicator_name}”{clause}{period}：应于{due_on}前报送，没有收到可用的数据",
    "请{owed_by_name}报送；确无此项任务的，由考核办在目标表注明",
)

_NO_MARKS = Statement(
    "MISSING",
    "warning",
    *one_of("marked", [True]),
    "{unit_name}“{item_name}”：应于{due_on}前报送评委打分，没有收到可用的",
    "请{owed_by_name}报送；确无此项任务的，由考核办在目标表注明",
)


def obligations_suite(definition: Definition, values: pd.DataFrame, corrections: pd.DataFrame, as_of: date) -> Suite:
    """Obligations with their states; a cell that was read, and is empty, is told of by the reader at its place."""
    frame = completeness(definition, values, set(), corrections, as_of)
    read = pd.MultiIndex.from_frame(values[KEY].assign(by_unit=values["source"] == "self"))
    frame = frame[~pd.MultiIndex.from_frame(frame[[*KEY, "by_unit"]]).isin(read)].reset_index(drop=True)
    frame = named(definition, frame)
    frame["owed_by_name"] = frame["owed_by"].map(definition.sender_names)
    return Suite("obligations", frame.assign(row_id=np.arange(len(frame)), sender=frame["owed_by"]), [_MISSING])


def marks_owed_suite(definition: Definition, marks: pd.DataFrame, as_of: date) -> Suite:
    """Units with the items on which a department owes marks of them, once these are due: `marked` where any came."""
    rulebook, units = definition.rulebook, definition.units
    due = rulebook.calendar.submissions_due or rulebook.cycle.ends
    owed = [place for place in rulebook.places() if place.item.reads_marks() and sources_of(place.chain)[0] != SELF]
    read = marks[marks["outcome"] == "accepted"]
    rows = [_marked(units[assessed_on(definition, [place])[1]], read, place) for place in owed if as_of > due]
    frame = pd.concat([pd.DataFrame(columns=["unit_code", "item_code", "sender", "marked"]), *rows], ignore_index=True)
    frame = with_names(definition, frame).assign(due_on=due.isoformat(), row_id=np.arange(len(frame)))
    return Suite("marks_owed", frame.assign(owed_by_name=frame["sender"].map(definition.sender_names)), [_NO_MARKS])


def _marked(units: pd.DataFrame, marks: pd.DataFrame, place: Place) -> pd.DataFrame:
    own = marks[marks["indicator_code"].isin(filed_under(place.chain))]
    marked = units["unit_code"].isin(own["unit_code"])
    rows = units[["unit_code"]].assign(item_code=place.item.code, sender=sources_of(place.chain)[0])
    return rows.assign(marked=marked, identity=rows["unit_code"] + "," + place.item.code)
