"""`kaohe sign`: a department signs off the figures it answers for, and where that stands.

A sign-off holds for exactly the figures that were signed, which are kept in the archive: when one of them changes,
it lapses. `signs_off: true` of a department makes it a condition of the public notice.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from evaluation.answering import answered_for, as_signed, changed_since
from evaluation.definition import Definition
from evaluation.key_numbers import KEY
from evaluation.outcomes import Department
from orchestration.deciding import work_open
from resources.decisions import DecidesOwnCause, sign, signed
from resources.home import Home
from resources.kaohe import Work
from resources.ledger import Entry
from resources.refused import Refused
from resources.runs import inputs_key

TOLD = 5


@dataclass(frozen=True)
class SignOff:
    """Where a department's sign-off stands. `entry`: the newest one, if any; `changed`: what has changed since then
    (`evaluation.answering.changed_since`)."""

    department: Department
    figures: pd.DataFrame
    entry: Entry | None
    changed: pd.DataFrame

    @property
    def state(self) -> str:
        """`signed`, `lapsed` or `waiting`."""
        if self.entry is None:
            return "waiting"
        return "signed" if self.changed.empty else "lapsed"

    @property
    def missing(self) -> pd.DataFrame:
        """Figures that it owes and that have no usable value."""
        return self.figures[self.figures["accepted_value"].isna()]

    def told(self, definition: Definition) -> str:
        """What is to be signed off, and why it has to be."""
        owed = f"{self.department.name}负责的{len(self.figures)}项数据"
        if self.entry is None:
            return f"{owed}还没有核定"
        changes = changes_told(definition, self.changed)
        return f"{owed}核定（台账第{self.entry.seq}号）以后又有变动，须重新核定：{changes}"


def sign_offs(work: Work) -> list[SignOff]:
    """Every department that answers for figures, in the rulebook's order.

    Raises:
        NotProducedYet: the newest run has accepted no values.
    """
    rows = answered_for(work.definition, work.read("accepted_values"))
    newest = signed(work.ledger, work.evaluation)
    found = []
    for department in work.definition.rulebook.departments:
        own, entry = rows[rows["owed_by"] == department.code], newest.get(department.code)
        before = as_signed(own) if entry is None else work.archive.get(entry.payload["sha256"])
        if len(own):
            found.append(SignOff(department, own.reset_index(drop=True), entry, changed_since(before, own)))
    return found


def sign_off_of(work: Work, department: str) -> SignOff:
    """Raises: Refused: no department of that code answers for figures."""
    found = {one.department.code: one for one in sign_offs(work)}
    if department not in found:
        raise Refused(f"“{department}”不是负责数据的部门。可用：{'、'.join(found) or '（无）'}。")
    return found[department]


def sign_figures(home: Home, evaluation: str, department: str, document: str, by: str) -> tuple[Entry, str]:
    """Append that the department stands by its figures as they are now; the same again is once. Returns entry and line.

    Raises:
        NotOpened: the evaluation was never run. DecidesOwnCause: `by` belongs to an assessed unit.
        Refused: there is no such department, something is missing or not scored yet, or results are final.
    """
    work = work_open(home, evaluation)
    if not by.strip() or not document.strip():
        raise Refused("核定人（--by）和盖章的核定表或函件（--document）都要写明。")
    stands = sign_off_of(work, department)
    _require_own(work.definition, stands.department, by.strip())
    if work.run.inputs_key != inputs_key(home, work.ledger, evaluation):
        raise Refused(f"还有新的报送、更正或办法没有计分，请先运行 kaohe evaluate {evaluation}，看过数据再核定。")
    if len(stands.missing):
        told = _keys_told(work.definition, stands.missing)
        raise Refused(f"还有{len(stands.missing)}项没有能用的数，不能核定：{told}。请补报或更正后再办。")
    payload = {
        "department": department,
        "sha256": work.archive.put(as_signed(stands.figures)),
        "figures": len(stands.figures),
        "document": document.strip(),
        "by": by.strip(),
    }
    entry = sign(work.ledger, evaluation, payload)
    return entry, (
        f"已记入台账第{entry.seq}号：{stands.department.name}核定{len(stands.figures)}项数据（{entry.payload['by']}，"
        f"{entry.payload['document']}）。其中任何一项再有变动，须重新核定。"
    )


def unsigned(work: Work) -> list[str]:
    """What departments that have to sign off have not, in words."""
    waiting = [one for one in sign_offs(work) if one.department.signs_off and one.state != "signed"]
    return [f"{one.told(work.definition)}（kaohe sign {work.evaluation} {one.department.code} …）" for one in waiting]


def figures_shown(definition: Definition, rows: pd.DataFrame) -> pd.DataFrame:
    """The figures as people read them."""
    units, names = _names(definition)
    measures = {figure.code: figure.unit_of_measure or "" for figure in definition.rulebook.figures()}
    return pd.DataFrame(
        {
            "单位": rows["unit_code"].map(units),
            "数据": rows["indicator_code"].map(names),
            "考核期": rows["period"],
            "核定值": rows["accepted_value"].fillna("（没有）"),
            "计量单位": rows["indicator_code"].map(measures),
        }
    )


def changes_told(definition: Definition, changed: pd.DataFrame) -> str:
    """`甲镇授权量2025：12→13`, the first ones and how many there are."""
    units, names = _names(definition)
    told = [
        f"{units.get(row['unit_code'], row['unit_code'])}{names.get(row['indicator_code'], row['indicator_code'])}"
        f"{row['period']}：{row['before'] or '（没有）'}→{row['after'] or '（没有）'}"
        for row in changed.head(TOLD).astype("object").where(changed.notna(), "").to_dict("records")
    ]
    return "、".join(told) + (f"等{len(changed)}项" if len(changed) > TOLD else "")


def _keys_told(definition: Definition, rows: pd.DataFrame) -> str:
    units, names = _names(definition)
    told = [
        f"{units[unit]}{names[code]}{period}" for unit, code, period in rows[KEY].head(TOLD).itertuples(index=False)
    ]
    return "、".join(told) + (f"等{len(rows)}项" if len(rows) > TOLD else "")


def _names(definition: Definition) -> tuple[dict[str, str], dict[str, str]]:
    units = definition.unit_names
    return units, {figure.code: figure.name for figure in definition.rulebook.figures()}


def _require_own(definition: Definition, department: Department, by: str) -> None:
    """Raises: DecidesOwnCause: `by` is an assessed unit, or an official of one that is not the department itself."""
    units, officials = definition.units, definition.officials
    others = units[units["unit_code"] != department.unit]
    for code, name in zip(others["unit_code"], others["name"], strict=True):
        if by in {code, name, *officials.loc[officials["unit_code"] == code, "name"]}:
            raise DecidesOwnCause(by, name)
