"""What the cells of the csv files must say: codes, dates, numbers, and names of things that exist.

Here belong faults that make a definition unusable. Columns are checked as columns; only faults are
gone through one by one. What is merely odd is found by lint.
"""

from collections.abc import Iterable

import pandas as pd

from evaluation.faults import Fault
from evaluation.rulebook import Rulebook
from evaluation.tables import UNITS, Table

UNIT_CODE = r"[A-Z0-9_-]+"
CONTINUED = rf"none|{UNIT_CODE}(?:;{UNIT_CODE})*"
CODE = r"[a-z0-9_-]+"
_DECIMAL = r"[+-]?(?:0|[1-9][0-9]{0,24})(?:\.[0-9]{1,15})?"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_NUMBER_REMEDY = "写普通小数，如 12 或 -0.5，不用千位分隔、计量单位和前导零"


def _faults(table: Table, column: str, wrong: "pd.Series[bool]", message: str, remedy: str) -> list[Fault]:
    """One fault per row where `wrong`; `message` may take the value read as {}."""
    values = table.frame[column]
    rows: list[int] = wrong.to_numpy(dtype=bool).nonzero()[0].tolist()
    return [
        Fault(table.file, int(table.lines[row]), column, message.format(_shown(values.iat[row])), remedy)
        for row in rows
    ]


def _shown(value: object) -> str:
    return str(value) if isinstance(value, str) else ""


def _blank(table: Table, *columns: str) -> list[Fault]:
    return [
        fault for column in columns for fault in _faults(table, column, table.frame[column].isna(), "是空的", "填写")
    ]


def _not_like(table: Table, column: str, pattern: str, message: str, remedy: str) -> list[Fault]:
    values = table.frame[column]
    return _faults(table, column, values.notna() & ~values.str.fullmatch(pattern, na=True), message, remedy)


def _not_in(table: Table, column: str, known: Iterable[str], message: str, remedy: str) -> list[Fault]:
    values = table.frame[column]
    return _faults(table, column, values.notna() & ~values.isin(list(known)), message, remedy)


def _not_a_date(table: Table, column: str) -> list[Fault]:
    values = table.frame[column]
    dates = pd.to_datetime(values.where(values.str.fullmatch(_DATE, na=False)), format="%Y-%m-%d", errors="coerce")
    wrong = values.notna() & dates.isna()
    return _faults(table, column, wrong, "“{}”不是日期", "写成 2025-01-31")


def _repeated(table: Table, columns: list[str], message: str) -> list[Fault]:
    keys = table.frame[columns]
    wrong = keys.duplicated() & keys.notna().all(axis=1)
    return _faults(table, columns[-1], wrong, message, "只留一行")


def units_faults(table: Table, rulebook: Rulebook | None) -> list[Fault]:
    frame = table.frame
    further = [column for column in frame.columns if column not in UNITS.columns]
    faults = _blank(table, "unit_code", "name", "kind", "group")
    faults += _not_like(table, "unit_code", UNIT_CODE, "单位代码“{}”", "只用大写字母、数字、下划线和连字符")
    faults += _repeated(table, ["unit_code"], "单位代码“{}”重复")
    faults += _not_in(table, "kind", ("township", "department"), "kind 为“{}”", "写 township 或 department")
    faults += _not_a_date(table, "valid_from") + _not_a_date(table, "valid_to")
    faults += _not_like(
        table, "continues", CONTINUED, "continues 为“{}”", "写上年的单位代码，几个单位合并的用 ; 隔开；新设的写 none"
    )
    for column in further:
        faults += _not_like(table, column, _DECIMAL, "“{}”不是数字", _NUMBER_REMEDY)
    if frame.empty:
        faults.append(Fault(table.file, None, "", "没有被考核单位", "每个单位写一行"))
    return faults + (_group_faults(table, rulebook) if rulebook is not None else [])


def _group_faults(table: Table, rulebook: Rulebook) -> list[Fault]:
    kinds = {group.code: group.kind for group in rulebook.groups}
    told = f"rulebook.yaml 有 {'、'.join(kinds)}"
    faults = _not_in(table, "group", kinds, "没有分组“{}”", told)
    meant = table.frame["group"].map(kinds)
    differs = meant.notna() & table.frame["kind"].isin(["township", "department"]) & (meant != table.frame["kind"])
    faults += _faults(table, "kind", differs, "kind 为“{}”，与其分组的 kind 不同", "改正 kind 或 group")
    clash = table.frame["unit_code"].isin(list(kinds))
    return faults + _faults(table, "unit_code", clash, "单位代码“{}”也是分组代码", "换一个代码")


def officials_faults(table: Table, rulebook: Rulebook | None, units: Iterable[str] | None) -> list[Fault]:
    faults = _blank(table, "official_code", "unit_code", "role", "name", "from")
    faults += _not_like(table, "official_code", CODE, "代码“{}”", "只用小写字母、数字、下划线和连字符")
    faults += _not_a_unit(table, units)
    faults += _not_a_date(table, "from") + _not_a_date(table, "to")
    faults += _not_like(table, "share", _DECIMAL + "%?", "“{}”不是数字", "写 0.4 或 40%")
    faults += _repeated(table, ["official_code", "unit_code", "role", "from"], "同一任职写了两行({}起)")
    if rulebook is not None and rulebook.officials.roles:
        roles = rulebook.officials.roles
        faults += _not_in(
            table, "role", roles, "没有职务“{}”", f"rulebook.yaml 的 officials.roles 有 {'、'.join(roles)}"
        )
    return faults


def targets_faults(table: Table, rulebook: Rulebook | None, units: Iterable[str] | None) -> list[Fault]:
    faults = _blank(table, "unit_code", "indicator_code")
    faults += _not_a_unit(table, units)
    for column in ("target", "stretch"):
        faults += _not_like(table, column, _DECIMAL + "%?", "“{}”不是数字", _NUMBER_REMEDY)
    faults += _not_in(table, "applicable", ("no",), "applicable 为“{}”", "无此项任务写 no，其余留空")
    faults += _repeated(table, ["unit_code", "indicator_code"], "同一单位的“{}”写了两行")
    if rulebook is not None:
        known = {place.item.code for place in rulebook.places()}
        faults += _not_in(table, "indicator_code", known, "没有指标“{}”", "写 rulebook.yaml 中的指标代码，或删去这一行")
    return faults


def _not_a_unit(table: Table, units: Iterable[str] | None) -> list[Fault]:
    """`units` is None where units.csv itself is at fault: what is missing there is not told twice."""
    if units is None:
        return []
    return _not_in(table, "unit_code", units, "没有单位“{}”", "写 units.csv 中的单位代码")
