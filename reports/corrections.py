"""What a correction was of, in words.

Here belong the names of cells. Layout does not, nor what a correction does.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from evaluation.corrected import FIGURE
from evaluation.definition import Definition
from reports.catalogue import Catalogue
from reports.listings import with_names

FIELDS = {
    "target": "目标值",
    "stretch": "力争值",
    "applicable": "有无此项任务",
    "level": "级别",
    "quantity": "数量",
    "document": "依据文件",
    "mark": "分值",
    "group": "分组",
    "from": "任职自",
    "to": "任职至",
    "share": "份额",
}


def corrections_with_names(corrections: pd.DataFrame, names: Catalogue) -> pd.DataFrame:
    """Corrections with `unit_name`; `figure_name` says what of it, an item's name or more than that."""
    named = with_names(corrections, names)
    parts = [named[column].fillna("") for column in ("figure_name", "object")]
    fields = named["field"].map(FIELDS).where(named["subject"] != FIGURE).fillna("")
    whole = (parts[0] + " " + parts[1] + " " + fields).str.split().str.join(" ")
    return named.assign(figure_name=whole)


def item_names(definition: Definition) -> dict[str, str]:
    """Names by code of figures, vetoes and items."""
    names = {figure.code: figure.name for figure in reversed(definition.rulebook.figures())}
    names |= {veto.code: veto.name for veto in definition.rulebook.vetoes}
    return names | {place.item.code: place.item.name for place in definition.rulebook.places()}


def names_by_code(definition: Definition) -> dict[str, str]:
    """Names of units, departments and whatever is scored; `self` is the unit that is assessed."""
    return {"self": "被考核单位"} | item_names(definition) | definition.sender_names | definition.unit_names


def cell_told(definition: Definition, cell: Mapping[str, object]) -> str:
    """The cell in words: unit, then what of it."""
    names = item_names(definition)
    names |= definition.unit_names
    texts = {name: _known(text) for name, text in cell.items()}
    if texts["subject"] == "post":
        names |= dict(zip(definition.officials["official_code"], definition.officials["name"], strict=True))
    words = [texts["unit_code"], texts["indicator_code"], texts["object"], texts["period"]]
    field = "" if texts["subject"] == FIGURE else FIELDS.get(texts["field"], texts["field"])
    return " ".join(names.get(word, word) for word in (*words, field) if word)


def correction_told(definition: Definition, row: Mapping[str, object], number: int | None = None) -> str:
    """A correction in one line: ledger entry, cell, from what to what, why. `number`: of those after 定稿."""
    name = "更正" if number is None else f"更正第{number}号"
    change = f"{_known(row['old_value']) or '无'}→{_known(row['new_value']) or '无'}"
    return f"{name}（台账第{row['seq']}号）{cell_told(definition, row)}：{change}，{_known(row['reason'])}"


def _known(value: object) -> str:
    return value if isinstance(value, str) else ""
