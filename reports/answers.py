"""What alone may be written in a corrected cell, where that is one of a few, with its words.

Here belongs the way from words to codes and back; what else a cell may hold is decided where corrections are taken.
"""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.definition import Definition
from evaluation.explanation_words import LEVELS

APPLICABLE = {"": "有此项任务", "no": "无此项任务"}
_ALSO = {"有": "", "是": "", "yes": "", "无": "no", "否": "no"}  # of APPLICABLE


def answers(definition: Definition, cell: Mapping[str, object]) -> dict[str, str]:
    """Words by code of all that may stand in the cell (CELL); empty where anything of its kind may."""
    if cell["field"] == "applicable":
        return APPLICABLE
    if cell["field"] == "group":
        return {group.code: group.name for group in definition.rulebook.groups}
    if cell["field"] == "level":
        return _levels(definition, str(cell["indicator_code"]))
    return {}


def answered(definition: Definition, cell: Mapping[str, object], text: str) -> str:
    """The code of an answer given by its words; any other text as it is."""
    codes = {words: code for code, words in answers(definition, cell).items()}
    if cell["field"] == "applicable":
        codes |= _ALSO
    return codes.get(text, text)


def answers_told(definition: Definition, cell: Mapping[str, object]) -> str:
    """All answers, each with its code."""
    found = answers(definition, cell).items()
    return "、".join(words if code in ("", words) else f"{code}（{words}）" for code, words in found)


def _levels(definition: Definition, code: str) -> dict[str, str]:
    rules = [place.item.rule for place in definition.rulebook.places() if place.item.code == code]
    levels: Mapping[str, object] = next((found for rule in rules if (found := getattr(rule, "levels", None))), {})
    return {level: LEVELS.get(level, (level,))[0] for level in levels}
