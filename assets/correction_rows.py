"""A row of a sheet of corrections as the request that it makes.

Here belong the words of such sheets. Which cell they name, what stands there and what may stand there is decided where
any correction's is.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from assets.cells import Cell, cell_asked, require_nothing_more
from assets.in_force import Correcting, written
from assets.new_values import MAY_BE_BLANK, new_value, same_value
from evaluation.acceptance import KEY
from evaluation.corrected import CELL, FIGURE, REASON_CLASSES, SUBJECT_NAMES
from evaluation.definition import Definition
from evaluation.reporting import SELF, claim_sources, mark_sources
from reports.corrections import FIELDS, item_names, names_by_code
from resources.accounts import same_person
from resources.refused import Refused

# What a command's refusal calls by its options has a column of its own in a sheet.
COLUMNS = {
    "（--value）": "",
    "（kaohe adopt）": "",
    "--field": "“栏目”",
    "--indicator": "“指标编码”",
    "指标（indicator）": "“指标编码”",
    "考核期（period）": "“考核期”",
    "对象（object）": "“对象”",
    "哪一栏（field）": "“栏目”",
}
# How a blank cell is asked for: one that is left blank may have been forgotten.
BLANK = ("空白", "（空白）", "(空白)", "（无）")


def request_in(
    correcting: Correcting, row: Mapping[str, str], accepted: pd.Series[str], handed_in_by: Sequence[str]
) -> dict[str, Any]:
    """What the row asks for; `old_value` is what stands in the cell now.

    `accepted`: a run's accepted values by KEY; `handed_in_by`: who handed the sheet in for its sender.

    Raises:
        Refused: there is no such cell, it is not the sender's, or nothing of that kind may stand there.
    """
    definition = correcting.definition
    cell = _cell(correcting, row)
    # Where nothing is said of it the sheet is of figures, which were read as those that are filed.
    new = _written(definition, cell, row["new_value"]) if row["subject"] else row["new_value"]
    value = accepted.get(tuple(cell[name] for name in KEY)) if cell["subject"] == FIGURE else correcting.in_force(cell)
    now = value if isinstance(value, str) else ""
    if row["subject"]:
        _require_own(definition, cell, row["sender"])
    names = _applicants(definition, row)
    return {
        **cell,
        "old_value": now,
        "new_value": new,
        "reason": row["reason"],
        "reason_class": row["reason_class"] or REASON_CLASSES[0],
        "document": row["document"] or row["file"],
        "requested_by": " ".join(names),
        "applicants": [row["sender"], *names, *_each(row["requested_by"]), *handed_in_by],
        **written(correcting, cell),
    }


def require_allowed(definition: Definition, row: Mapping[str, str], cell: Cell) -> None:
    """Of a row not recorded yet. Raises: Refused: it is others' to ask, or names what its cell does not have."""
    if row["subject"]:
        _require_own_rows(definition, row)
        require_nothing_more(cell, _asked(row))


def saw(correcting: Correcting, asked: Mapping[str, Any], text: str, value: str) -> bool:
    """Whether a sheet's old value, written in any way in which it may be filed, is that value."""
    with contextlib.suppress(Refused):
        text = _written(correcting.definition, asked, text)
    return same_value(asked, text, value)


def _written(definition: Definition, cell: Mapping[str, Any], text: str) -> str:
    """Raises: Refused: nothing is written, or not what may stand in such a cell."""
    if not text and cell["field"] in MAY_BE_BLANK:
        raise Refused("更正为什么没有写；要改成空白的，写“空白”。")
    if text in BLANK and cell["field"] not in MAY_BE_BLANK:
        raise Refused("这一栏不能改成空白。")
    return new_value(definition, cell, "" if text in BLANK else text)


def in_sheets(refusal: str) -> str:
    """A refusal in the words of who fills in a sheet.

    >>> in_sheets("更正目标要写明 --field，可用：target。"), in_sheets("更正为什么没有写（--value）。")
    ('更正目标要写明“栏目”，可用：target。', '更正为什么没有写。')
    """
    for option, column in COLUMNS.items():
        refusal = refusal.replace(f" {option}", option).replace(option, column)
    return refusal


def _cell(correcting: Correcting, row: Mapping[str, str]) -> Cell:
    if not row["subject"]:
        return dict.fromkeys(CELL, "") | {name: row[name] for name in KEY} | {"subject": FIGURE, "field": "value"}
    try:
        return cell_asked(correcting, _asked(row))
    except Refused:  # says what there is
        _require_own_rows(correcting.definition, row)
        raise


def _asked(row: Mapping[str, str]) -> dict[str, str | None]:
    return {
        "subject": row["subject"],
        "unit": row["unit_code"],
        "indicator": row["indicator_code"] or None,
        "period": row["period"],
        "object": row["object"],
        "field": _coded(FIELDS, row["field"]) or None,
    }


def _coded(names: Mapping[str, str], text: str) -> str:
    """The code of what is called so, else the text."""
    return next((code for code, name in names.items() if name == text), text)


def _require_own(definition: Definition, cell: Cell, sender: str) -> None:
    """Raises: Refused: a figure that others report."""
    if cell["subject"] != FIGURE:
        return
    source = SELF if sender in definition.unit_names else sender
    figure = definition.rulebook.figure(cell["indicator_code"])
    if source not in figure.sources:
        raise Refused(_reported_by(definition, f"“{figure.name}”", figure.sources))


def _require_own_rows(definition: Definition, row: Mapping[str, str]) -> None:
    """Raises: Refused: a claim or a mark of an item that others report; what they sent is told to nobody else."""
    subject, code = row["subject"], row["indicator_code"]
    sources = {"claim": claim_sources, "mark": mark_sources}.get(subject)
    own = sources(definition.rulebook).get(code) if sources else None
    if own and row["sender"] not in (*own, *definition.unit_names):
        what = f"“{item_names(definition)[code]}”的{SUBJECT_NAMES[subject]}"
        raise Refused(_reported_by(definition, what, own))


def _reported_by(definition: Definition, what: str, sources: Sequence[str]) -> str:
    names = "、".join(names_by_code(definition).get(one, one) for one in sources)
    return f"{what}由{names}报送，请由它申请更正。"


def _each(names: str) -> list[str]:
    """Several people in one cell."""
    parts = [part.strip() for part in re.split(r"[、,，;；/]", names)]
    return [part for part in parts if part] if len(parts) > 1 else []


def _applicants(definition: Definition, row: Mapping[str, str]) -> list[str]:
    """The sender, and who filled it in where that is somebody else."""
    sender = definition.sender_names.get(row["sender"], row["sender"])
    names = [sender] if same_person(row["requested_by"], sender) else [sender, row["requested_by"]]
    return [name for name in names if name]
