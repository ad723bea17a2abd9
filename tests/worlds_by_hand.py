"""A world scored by hand: the frames with one value otherwise, through the plain scoring. For tests of analyses."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from answers import VALUES, frame
from oracle_inputs import Inputs as Given

from evaluation.definition import Definition
from evaluation.explanation_view import ScoreInputs
from evaluation.grading import Edges, grades
from evaluation.inputs import Inputs
from evaluation.ladders import Ladder
from evaluation.probing import Result
from evaluation.rounding import decimal_text
from evaluation.scoring import standings_of
from evaluation.worlds import FigureKey

KEY = ["unit_code", "indicator_code", "period"]


def given_of(inputs: Given) -> ScoreInputs:
    """The frames that a random evaluation is scored from."""
    return ScoreInputs(
        figures=frame(inputs.figures, VALUES),
        claims=frame(inputs.claims, ("unit_code", "item_code", "object_id", "level", "quantity", "document")),
        marks=frame(inputs.marks, ("unit_code", "indicator_code", "judge", "mark")),
        previous=frame(inputs.previous, VALUES),
        received=frame(inputs.received, ("unit_code", "indicator_code", "received_on")),
    )


def with_value(given: ScoreInputs, key: FigureKey, value: str) -> ScoreInputs:
    """The frames with that value of the figure, whether it was reported or not."""
    figures = given.figures
    here = (figures[KEY] == pd.Series(key._asdict()).set_axis(KEY)).all(axis=1)
    if here.any():
        changed = figures.assign(accepted_value=figures["accepted_value"].mask(here, value))
    else:
        row = dict(zip(VALUES, (*key, value, False), strict=True))
        changed = pd.concat([figures, pd.DataFrame([row])], ignore_index=True).astype(figures.dtypes.to_dict())
    return replace(given, figures=changed)


def on_rung(definition: Definition, given: ScoreInputs, ladder: Ladder, rung: int) -> Result:
    """What the unit of the ladder gets when its figure is put in as on the rung; 0 is today."""
    put_in = with_value(given, ladder.key, decimal_text(ladder.value(rung))) if rung else given
    return result(definition, put_in, ladder.unit)


def result(definition: Definition, given: ScoreInputs, unit: int) -> Result:
    """Total, rank and grade of a unit by the plain scoring."""
    inputs = Inputs(definition, given.figures, given.claims, given.marks, given.previous, given.received)
    _, standings = standings_of(inputs)
    grade = grades(standings, definition.rulebook.grades, Edges(standings))[1]
    total = int(standings.total[unit]) if standings.has_total[unit] else None
    return Result(total, int(standings.rank[unit]), int(grade[unit]))
