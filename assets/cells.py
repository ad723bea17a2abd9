"""Which cell a correction names: codes checked against the store, refused in words where there is no such thing.

Here belongs the way from what was asked to a cell. What may be written there is `new_values.py`'s part.
"""

from __future__ import annotations

from collections.abc import Mapping

from assets.in_force import Correcting, table_of
from assets.named import listed, said, unit_named
from evaluation.corrected import CELL, FIGURE, OF_THE_DEFINITION, SUBJECT_NAMES, SUBJECTS, rows_named
from evaluation.definition import Definition
from evaluation.figures import Figure
from evaluation.obligations import periods_due
from evaluation.reporting import claim_readers, mark_readers
from intake.characters import code_text
from intake.periods import read_period
from reports.corrections import FIELDS, item_names
from resources.refused import Refused

Cell = dict[str, str]
NAMED_BY = {
    "indicator": ("indicator_code", "指标"),
    "period": ("period", "考核期"),
    "object": ("object", "对象"),
    "field": ("field", "哪一栏"),
}


def cell_asked(correcting: Correcting, asked: Mapping[str, str | None]) -> Cell:
    """The cell (CELL) that `asked` names by `subject`, `unit`, `indicator`, `period`, `object`, `field`.

    Raises:
        Refused: a code that there is not, or a row that there is not and cannot be made.
    """
    definition = correcting.definition
    subject = asked.get("subject") or FIGURE
    if subject not in SUBJECT_NAMES:
        raise Refused(f"没有“{subject}”这类更正。可用：{listed(SUBJECT_NAMES)}。")
    unit = unit_named(definition.unit_names, asked.get("unit"))
    cell = dict.fromkeys(CELL, "") | {"subject": subject, "unit_code": unit}
    if subject == FIGURE:
        figure = _figure(definition, asked.get("indicator"))
        period = _period(definition, figure, asked.get("period"))
        return cell | {"indicator_code": figure.code, "period": period, "field": "value"}
    cell["field"] = _field(subject, asked.get("field"))
    if "indicator_code" in SUBJECTS[subject].key:
        cell["indicator_code"] = _item(definition, subject, asked.get("indicator"))
    if "object" in SUBJECTS[subject].key:
        cell["object"] = (asked.get("object") or "").strip()
    if subject == "post":
        cell["object"] = _official(definition, cell["unit_code"], cell["object"])
    _require_row(correcting, cell)
    return cell


def require_nothing_more(cell: Mapping[str, str], asked: Mapping[str, str | None]) -> None:
    """What names something that the cell does not have may mean another cell. Raises: Refused."""
    for name, (column, word) in NAMED_BY.items():
        given = (asked.get(name) or "").strip()
        if given and (not cell[column] or (name == "field" and cell[column] != given)):
            what = SUBJECT_NAMES[cell["subject"]]
            raise Refused(f"更正{what}不写{word}（{name}），读到“{given}”。请核对更正的是不是{what}，是就不写它。")


def _figure(definition: Definition, code: str | None) -> Figure:
    """The figure of that code, or the one that the item of that code reads."""
    figures = definition.rulebook.figures()
    for figure in figures:
        if code == figure.code or code in {place.item.code for place in figure.places}:
            return figure
    if not code:
        raise Refused("没有写明是哪一项数据（--indicator）。")
    known = listed({figure.code: figure.name for figure in figures})
    raise Refused(f"没有数据“{said(code)}”。可以更正的：{known}。")


def _item(definition: Definition, subject: str, code: str | None) -> str:
    """An item whose rows of that subject are read; a veto by claim is one too."""
    places = definition.rulebook.places()
    if subject == "claim":
        known = list(claim_readers(definition.rulebook))
        known += [veto.code for veto in definition.rulebook.vetoes if veto.when is None]
    elif subject == "mark":
        known = list(mark_readers(definition.rulebook))
    else:
        known = [place.item.code for place in places]
    if code is None or code not in known:
        names = item_names(definition)
        told = f"没有可更正{SUBJECT_NAMES[subject]}的指标“{said(code, '--indicator')}”"
        raise Refused(f"{told}。可用：{listed({one: names[one] for one in known})}。")
    return code


def _field(subject: str, name: str | None) -> str:
    fields = SUBJECTS[subject].fields
    if name is None and subject in (*fields,):
        return subject
    if name not in fields:
        known = listed({one: FIELDS[one] for one in fields})
        raise Refused(f"更正{SUBJECT_NAMES[subject]}要写明 --field，可用：{known}。")
    return name


def _official(definition: Definition, unit: str, text: str) -> str:
    """The code of the unit's official of just that code or name, else what is written."""
    own = definition.officials[definition.officials["unit_code"] == unit]
    texts = own[["official_code", "name"]].fillna("").astype("str").map(code_text)
    codes = set(own.loc[(texts == code_text(text)).any(axis=1), "official_code"])
    return str(codes.pop()) if len(codes) == 1 else text


def _require_row(correcting: Correcting, cell: Cell) -> None:
    """Claims, groups and posts must be there; targets and marks may be added."""
    subject, kind = cell["subject"], SUBJECTS[cell["subject"]]
    if "object" in kind.key and not cell["object"]:
        raise Refused(f"没有写明是哪一条{SUBJECT_NAMES[subject]}。")
    if kind.open_ended:
        return
    rows = table_of(correcting.definition, subject) if subject in OF_THE_DEFINITION else correcting.submitted(subject)
    found = int(rows_named(rows, cell).sum())
    if not found:
        own = rows[rows["unit_code"] == cell["unit_code"]][kind.key["object"]].dropna()
        known = "、".join(dict.fromkeys(own.astype("str")))
        raise Refused(f"没有{SUBJECT_NAMES[subject]}“{said(cell['object'])}”。该单位现有：{known or '（无）'}。")
    if subject == "post" and found > 1:
        raise Refused(
            "该人员在本单位有几段任职，分不清是哪一段：请考核办改 officials.csv 后重新下发（kaohe adopt），不用更正。"
        )


def _period(definition: Definition, figure: Figure, period: str | None) -> str:
    due = periods_due(definition.rulebook, figure)
    if not period and len(due) == 1:
        return due[0]
    read = read_period(period or "").period
    if read not in due:
        raise Refused(f"考核期“{said(period)}”不对，“{figure.name}”的考核期：{'、'.join(due)}。")
    return read
