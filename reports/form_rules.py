"""In-cell rules of fill-in workbooks, each with its twin: the finding by which intake refuses the same.

Here belongs the one table that names both. Pasting goes past a rule inside a cell, so that every rule must have its
twin; a test reads the rules back from a workbook and pastes a bad value past each.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

LARGEST = 10**15  # beyond, a spreadsheet no longer keeps every digit


@dataclass(frozen=True)
class Rule:
    """`title` heads the message that a person sees and is the rule's name; `twins` are codes of findings."""

    title: str
    twins: tuple[str, ...]
    validate: str
    message: str


NUMBER = Rule("应填一个数", ("NUMBER",), "decimal", "请只填一个数，如 1234.5；没有数据请留空，确为零请填 0。")
RANGE = Rule("数超出规定范围", ("NUMBER", "RANGE"), "decimal", "请核对原始资料和计量单位。")
WHOLE = Rule("应填整数", ("NUMBER", "NOT_WHOLE"), "integer", "按件、项、家等计的数是整数。")
WHOLE_RANGE = Rule("应填规定范围内的整数", ("NUMBER", "NOT_WHOLE", "RANGE"), "integer", "请核对原始资料和计量单位。")
STATUS = Rule("类型只有两种", ("STATUS",), "list", "请选“实际”或“预计”；留空即为实际。")
UNIT = Rule("请从单位名册中选", ("UNKNOWN_UNIT",), "list", "请从下拉列表中选一个单位。")
MATTER = Rule("请从事项表中选", ("UNKNOWN_INDICATOR",), "list", "请从下拉列表中选一个事项。")
LEVEL = Rule("请从级别中选", ("LEVEL",), "list", "请从下拉列表中选一个级别，须是该事项有的级别。")
PIECE = Rule("请从清单中选", ("PIECE",), "list", "请从下拉列表中选一项，须是该事项清单里的。")
QUANTITY = Rule("数量应填一个数", ("NUMBER",), "decimal", "请只填一个数，单位按该事项的计量单位。")
DATE = Rule("应填日期", ("CLAIM_DATE",), "date", "请写成 2025-09-30 这样的日期。")
MARK = Rule("分值超出范围", ("NUMBER", "MARK_RANGE"), "decimal", "请按评分办法的满分打分。")
SELF_SCORE = Rule("自评分超出范围", ("NUMBER", "SELF_SCORE_RANGE"), "decimal", "请按该项的标准分自评。")

SUBJECT = Rule("请从所列的选", ("SUBJECT",), "list", "请从下拉列表中选更正的是什么。")
ITEM = Rule("请从指标表中选", ("CORRECTION_REFUSED",), "list", "请从下拉列表中选一个指标或事项。")
FIELD = Rule("请从栏目中选", ("CORRECTION_REFUSED",), "list", "请从下拉列表中选一个栏目，须是所更正的有的栏目。")
REASON_CLASS = Rule("理由类别只有三种", ("REASON_CLASS",), "list", "请从下拉列表中选；留空即为录入错误。")

RULES = {
    rule.title: rule
    for rule in (
        *(NUMBER, RANGE, WHOLE, WHOLE_RANGE, STATUS, UNIT, MATTER),
        *(LEVEL, PIECE, QUANTITY, DATE, MARK, SELF_SCORE),
    )
}


OF_CORRECTIONS = {rule.title: rule for rule in (SUBJECT, UNIT, ITEM, FIELD, REASON_CLASS)}


def figure_rule(counted: bool, least: Fraction | None, most: Fraction | None) -> Rule:
    """The rule for a figure: whole or not, within limits or not."""
    limited = least is not None or most is not None
    if counted:
        return WHOLE_RANGE if limited else WHOLE
    return RANGE if limited else NUMBER


def validation(rule: Rule, prompt: str, **more: Any) -> dict[str, Any]:
    """The rule as the workbook writer takes it; `more` are its limits or its list. Texts are cut to what fits."""
    return {
        "validate": rule.validate,
        "input_title": "填报说明",
        "input_message": prompt[:250],
        "error_title": rule.title,
        "error_message": rule.message,
        **more,
    }


def limits(least: Fraction | None, most: Fraction | None) -> dict[str, Any]:
    """Limits of a number as the workbook writer takes them."""
    if least is not None and most is not None:
        return {"criteria": "between", "minimum": _number(least), "maximum": _number(most)}
    if least is not None:
        return {"criteria": ">=", "value": _number(least)}
    if most is not None:
        return {"criteria": "<=", "value": _number(most)}
    return {"criteria": "between", "minimum": -LARGEST, "maximum": LARGEST}


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
