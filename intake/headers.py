"""Column names: which words name which column, and what each kind of table must have.

Here belongs the vocabulary of headers. Finding the header row in a sheet is done in `tables.py`.
"""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

CHINESE = {
    "unit_code": "单位编码",
    "unit_name": "单位名称",
    "period": "考核期",
    "indicator_code": "指标编码",
    "indicator_name": "指标名称",
    "value": "数值",
    "unit_of_measure": "计量单位",
    "status": "类型",
    "filled_by": "填报人",
    "note": "备注",
    "item_code": "事项编码",
    "item_name": "事项名称",
    "object_id": "对象编号",
    "level": "级别",
    "quantity": "数量",
    "date": "日期",
    "document": "文件",
    "page": "页码",
    "judge": "评委",
    "mark": "分值",
    "self_score": "自评分",
    "old_value": "原值",
    "new_value": "更正值",
    "reason": "更正原因",
    "reason_class": "原因类别",
    "requested_by": "申请人",
    "subject": "更正什么",
    "object": "对象",
    "field": "栏目",
}
_ALSO = {
    "填报值": "value",
    "状态": "status",
    "打分": "mark",
    "清单内容": "object_id",
    "新值": "new_value",
    "更正为": "new_value",
    "原因": "reason",
    "理由": "reason",
    "理由类别": "reason_class",
    "依据文件": "document",
    "更正申请人": "requested_by",
    "哪一栏": "field",
}

HEADER_ROWS = 30  # the header stands among so many first rows that hold anything
FEWEST_NAMES = 2  # a row with fewer known column names is no header

# Two kinds of sheets of corrections: of figures alone, and of whatever the column 更正什么 says.
OF_CORRECTIONS = ("corrections", "cells")
_OF_A_CORRECTION = ("old_value", "unit_of_measure", "reason_class", "document", "requested_by", "note")


class TableKind(NamedTuple):
    """`sheet` is the sheet's name where several would do; `value` is the column whose cells are counted."""

    name: str
    sheet: str
    value: str
    required: tuple[str, ...]
    optional: tuple[str, ...]


KINDS = (
    TableKind(
        "figures",
        "数据",
        "value",
        ("unit_code", "period", "indicator_code", "value"),
        ("unit_name", "indicator_name", "unit_of_measure", "status", "filled_by", "note"),
    ),
    TableKind(
        "claims",
        "事项",
        "object_id",
        ("unit_code", "item_code", "object_id"),
        ("unit_name", "item_name", "level", "quantity", "date", "document", "page", "note"),
    ),
    TableKind(
        "marks",
        "评委打分",
        "mark",
        ("unit_code", "indicator_code", "judge", "mark"),
        ("unit_name", "indicator_name", "note"),
    ),
    TableKind(
        "self_scores",
        "自评分",
        "self_score",
        ("unit_code", "indicator_code", "self_score"),
        ("unit_name", "indicator_name", "note"),
    ),
    TableKind(
        "cells",
        "更正",
        "new_value",
        ("subject", "unit_code", "new_value", "reason"),
        (
            "unit_name",
            "indicator_code",
            "indicator_name",
            "period",
            "object",
            "field",
            *_OF_A_CORRECTION,
        ),
    ),
    TableKind(
        "corrections",
        "更正",
        "new_value",
        ("unit_code", "indicator_code", "new_value", "reason"),
        ("unit_name", "indicator_name", "period", *_OF_A_CORRECTION),
    ),
)


def _plain(text: str) -> str:
    """The text without spaces, invisible characters and underscores, in one width and case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if not c.isspace() and c != "_" and unicodedata.category(c) != "Cf")


_NAMES = {_plain(word): name for name, chinese in CHINESE.items() for word in (chinese, name)}
_NAMES.update({_plain(word): name for word, name in _ALSO.items()})
_LONGEST = 40


def column_name(text: str) -> str:
    """The column that the header text names, or "".

    >>> column_name("单位　编码"), column_name("Unit_Code"), column_name("村名")
    ('unit_code', 'unit_code', '')
    """
    return _name_of(text) if len(text) <= _LONGEST else ""


@lru_cache(maxsize=4_096)
def _name_of(text: str) -> str:
    return _NAMES.get(_plain(text.rstrip("*＊ ")), "")


def has_odd_spaces(text: str) -> bool:
    """Whether full-width spaces or invisible characters stand in a header text."""
    return any(c == "\u3000" or c == "\xa0" or unicodedata.category(c) == "Cf" for c in text)


def known_names(texts: list[str]) -> set[str]:
    return {name for name in map(column_name, texts) if name}


def kind_of_columns(names: set[str]) -> TableKind:
    """The kind of table whose required columns fit best; the earlier kind where two fit alike."""
    if "new_value" in names and names & {"object", "field"}:
        return next(kind for kind in KINDS if kind.name == "cells")

    def fit(kind: TableKind) -> int:
        present = sum(name in names for name in kind.required)
        return 2 * present - len(kind.required)

    return max(KINDS, key=fit)
