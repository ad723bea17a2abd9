"""What is told of matters, marks, missing figures, tasks that a unit does not have, and what is provisional."""

from __future__ import annotations

import pytest
from explained import evaluated
from small_evaluations import claims, figures, frame, items

from evaluation import explanation_items
from evaluation.explanation import explain
from evaluation.explanation_phrases import PHRASES, REASONS_IN_ENGLISH
from evaluation.reasons import WORDING

LEVELS = "{kind: levels, levels: {national: 7, provincial: 5, city: 3}, each: 1}"


def sentences(item: str, accepted=None, **given):  # type: ignore[no-untyped-def]
    made = evaluated(items(item), accepted, **given)
    assert made.faults() == []
    assert made.faults("en") == []
    return made.sentences()
