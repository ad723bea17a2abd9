"""What a correction was of, in words.

Here belong the names of cells. Layout does not, nor what a correction does.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from evaluation.corrected import FIGURE
from evaluation.definition import Definition
from reports.answers import answers
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


def corrections_with_names(definition: Definition, corrections: pd.DataFrame, names: Catalogue) -> pd.DataFrame:
    """Corrections with `unit_name`; `figure_name` says what of it, an item's name or more than that.

    Values that are one of a few are told in words.
    """
    named = with_names(corrections, names)
    for (field, code), rows in named.groupby(["field", "indicator_code"], dropna=False):
        words = answers(definition, {"field": field, "indicator_code": code})
        for column in ("old_value", "new_value") if words else ():
            named.loc[rows.index, column] = rows[column].fillna("").map(lambda text, words=words: words.get(text, text))
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
    old, new = (value_told(definition, row, row[one]) or "无" for one in ("old_value", "new_value"))
    return f"{name}（台账第{row['seq']}号）{cell_told(definition, row)}：{old}→{new}，{_known(row['reason'])}"


def change_told(definition: Definition, row: Mapping[str, object]) -> str:
    """From what to what."""
    return " → ".join(value_told(definition, row, row[one]) or "（无）" for one in ("old_value", "new_value"))


def value_told(definition: Definition, cell: Mapping[str, object], value: object) -> str:
    """What stands in the cell, in words where it is one of a few; "" where nothing does."""
    text = _known(value)
    return answers(definition, cell).get(text, text)


def _known(value: object) -> str:
    return value if isinstance(value, str) else ""
