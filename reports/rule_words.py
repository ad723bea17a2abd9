"""How an item is scored, in words: for the instructions that go out with a fill-in workbook.

Here belongs wording for a rulebook as written. What one unit's score came from is told by `evaluation.explanation`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evaluation.explanation_words import COLUMNS, LEVELS
from evaluation.items import CLAIM_MEASURES, FixedPoints, Item
from evaluation.measures import higher_is_better
from evaluation.numbers import Amount, Operand, for_unit, is_percent
from evaluation.rounding import decimal_text
from evaluation.rulebook import Rulebook

FULL = Amount(Fraction(1), share=True)
RATIOS = {"completion", "growth", "deviation"}
MEASURES = {
    "value": "完成值",
    "completion": "完成率",
    "growth": "比上年增长率",
    "change": "比上年增减数",
    "deviation": "与平均数相差的比例",
    "shortfall": "与目标的差距",
    "rank": "名次",
    "days_late": "迟报天数",
    "count": "事项数",
    "quantity": "事项数量合计",
}
WORDS = {
    "target": "目标值",
    "stretch": "力争值",
    "previous": "上年数",
    "mean": "平均数",
    "min": "最小数",
    "max": "最大数",
    "best": "最好的数",
    "worst": "最差的数",
}
BOUNDS = {"at_least": "不低于", "above": "高于", "at_most": "不高于", "below": "低于"}
SIDES = {"rank": ("高", "低", "名"), "days_late": ("少", "多", "天"), "shortfall": ("少", "多", "")}
WITHIN = {"group": "同组", "kind": "同类单位", "all": "全部单位"}
MISSING = {
    "zero": "缺报计0分",
    "pending": "缺报暂计0分，待定",
    "previous": "缺报按上年数计",
    "rescale": "缺报的分值折算到其他项",
}


@dataclass(frozen=True)
class Scoring:
    """An item with whom it is told to: one unit (by its own numbers), or everybody."""

    rulebook: Rulebook
    item: Item
    unit_code: str = ""
    group: str = ""
    measure: str = "value"

    def given(self, written: Any, shown: Callable[[Any], str]) -> str:
        """A number, or one by group or unit; for one unit only its own."""
        if not isinstance(written, Mapping):
            return shown(written)
        if self.group:
            own = for_unit(written, self.unit_code, self.group)
            return "（不考核）" if own is None else shown(own)
        names = {group.code: group.name for group in self.rulebook.groups}
        return "、".join(f"{names.get(code, code)}{shown(value)}" for code, value in written.items())

    def amount(self, written: Any) -> str:
        return self.given(written, _amount)

    def operand(self, written: Any) -> str:
        return self.given(written, self._operand)

    def _operand(self, operand: Operand) -> str:
        if operand.word:
            return WORDS[operand.word]
        percent = is_percent(self.item.unit_of_measure) and self.measure in ("value", "change", "shortfall")
        if percent:
            return f"{decimal_text(operand.number(in_percent=True))}%"
        if self.measure in RATIOS:
            return f"{decimal_text(operand.value * 100)}%"
        return decimal_text(operand.value)

    @property
    def subject(self) -> str:
        return MEASURES[self.measure]


def scoring_in_words(rulebook: Rulebook, item: Item, unit_code: str = "", group: str = "") -> str:
    """One paragraph: what is measured, how it makes points, what limits them, what happens where it is missing."""
    scoring = Scoring(rulebook, item, unit_code, group)
    if item.parts is not None:
        parts = [
            f"{part.name}（{scoring.amount(part.points)}）：{scoring_in_words(rulebook, part, unit_code, group)}"
            for part in item.parts
        ]
        return "各部分得分相加。" + "　".join(parts)
    told = [_cases(scoring) if item.cases is not None else _method(scoring, item.measure, item.rule)]
    return "；".join(filter(None, [*told, *_basis(scoring), _cliff(scoring), _limits(scoring), _missing(item)])) + "。"


def _method(scoring: Scoring, measure: str, rule: Any) -> str:
    with_measure = Scoring(scoring.rulebook, scoring.item, scoring.unit_code, scoring.group, measure)
    return RULES[rule.kind](with_measure, rule)


def _cases(scoring: Scoring) -> str:
    told = []
    for case in scoring.item.cases or ():
        when = "其余" if case.when is None else f"{_name_of(scoring, case.when.of)}{_bounds(scoring, case.when)}的"
        told.append(f"{when}：{_method(scoring, case.measure, case.rule)}")
    return "分情况计分——" + "；".join(told)


def _name_of(scoring: Scoring, code: str) -> str:
    if code == "previous":
        return "上年数"
    try:
        return scoring.rulebook.place(code).item.name
    except KeyError:
        return COLUMNS.get(code, (code, code))[0]


def _basis(scoring: Scoring) -> list[str]:
    """What the measure is made of."""
    item = scoring.item
    measures = {measure for measure, rule in item.methods() if rule.kind not in ("levels", "checklist", "judged")}
    told = []
    if "completion" in measures:
        higher = item.direction == "higher_is_better"
        told.append("完成率＝完成值÷目标值" if higher else "完成率＝目标值÷完成值")
    if measures & {"deviation", "rank"}:
        told.append(f"在{WITHIN[item.compare_within]}内比较")
    if item.per:
        told.append(f"完成值、目标值先除以{COLUMNS.get(item.per, (item.per, item.per))[0]}")
    return told


def _amount(amount: Amount) -> str:
    if amount == FULL:
        return "满分"
    if amount.share:
        return f"标准分的{decimal_text(amount.value * 100)}%"
    return f"{decimal_text(amount.value, 4)}分"


def _bounds(scoring: Scoring, bounds: Any) -> str:
    return "且".join(BOUNDS[key] + scoring.operand(limit) for key, limit in bounds.stated())


def _proportional(scoring: Scoring, rule: Any) -> str:
    return f"得分＝标准分×{scoring.subject}"


def _threshold(scoring: Scoring, rule: Any) -> str:
    return f"{scoring.subject}{_bounds(scoring, rule)}得满分，否则得{scoring.amount(rule.otherwise)}"


def _bands(scoring: Scoring, rule: Any) -> str:
    bands = [(_bounds(scoring, band) or "其余", scoring.amount(band.points)) for band in rule.bands]
    return f"按{scoring.subject}分档：" + "，".join(f"{bounds}得{points}" for bounds, points in bands)


def _per_item(scoring: Scoring, rule: Any) -> str:
    unit = scoring.item.unit_of_measure or ("件" if scoring.measure in CLAIM_MEASURES else "个单位数")
    return f"每1{unit}得{scoring.amount(rule.each)}"


def _steps(scoring: Scoring, rule: Any) -> str:
    higher = higher_is_better(scoring.measure, scoring.item.direction)
    better, worse, unit = SIDES.get(scoring.measure, ("高", "低", "") if higher else ("低", "高", ""))
    step = scoring.operand(rule.step).replace("%", "个百分点") + unit
    told = [f"{scoring.subject}为{scoring.operand(rule.origin)}得{scoring.amount(rule.start)}"]
    for side, written, verb in ((better, rule.better, "加"), (worse, rule.worse, "扣")):
        if isinstance(written, Mapping) or written.value:
            told.append(f"每{side}{step}{verb}{scoring.amount(written)}")
    return "，".join([*told, "不足一档不计" if rule.whole else "不足一档按比例计"])


def _interpolate(scoring: Scoring, rule: Any) -> str:
    points = [f"{scoring.operand(place)}处得{scoring.amount(points)}" for place, points in rule.through]
    return f"{scoring.subject}在" + "，".join(points) + "，其间按直线计，两端以外不再增减"


def _levels(scoring: Scoring, rule: Any) -> str:
    named = [f"{LEVELS.get(code, (code, code))[0]}{scoring.amount(points)}" for code, points in rule.levels.items()]
    told = [f"每件按级别：{'、'.join(named)}，同一事项只取最高级别"] if named else []
    if isinstance(rule.start, Mapping) or rule.start.value:
        told.insert(0, f"起评{scoring.amount(rule.start)}")
    if isinstance(rule.each, Mapping) or rule.each.value:
        told.append(f"每件另得{scoring.amount(rule.each)}")
    told += ["没有文件依据的不计"] if rule.document_required else []
    return "，".join([*told, *(["两个单位用同一文件的都不得分"] if rule.same_document == "zero_all" else [])])


def _checklist(scoring: Scoring, rule: Any) -> str:
    pieces = "、".join(f"{piece.name or piece.code}{scoring.amount(piece.points)}" for piece in rule.pieces)
    return f"具备即得分：{pieces}" + ("，缺一项即不得分" if rule.mode == "all_or_nothing" else "")


def _judged(scoring: Scoring, rule: Any) -> str:
    trimmed = f"去掉最高、最低各{rule.trim}个后" if rule.trim else ""
    how = "直接打分" if rule.scale == "points" else "按满分的成数打分（满分为1）"
    return f"评委{how}，{trimmed}取平均"


def _cliff(scoring: Scoring) -> str:
    cliff = scoring.item.cliff
    if cliff is None:
        return ""
    told = Scoring(scoring.rulebook, scoring.item, scoring.unit_code, scoring.group, scoring.item.measure)
    return f"{told.subject}{_bounds(told, cliff)}的，得{told.amount(cliff.points)}"


def _limits(scoring: Scoring) -> str:
    item, told = scoring.item, []
    if item.max_points is not None:
        told.append(scoring.given(item.max_points, _most))
    if item.min_points is not None:
        told.append(f"最少{scoring.amount(item.min_points)}")
    return "，".join(told)


def _most(amount: Amount | str) -> str:
    return f"最多{_amount(amount)}" if isinstance(amount, Amount) else "上不封顶"


def _missing(item: Item) -> str:
    if not (item.reads_figure() or item.reads_marks()):
        return ""
    if isinstance(item.missing, FixedPoints):
        return "缺报按规定分数计"
    return MISSING[item.missing]


RULES: dict[str, Callable[[Scoring, Any], str]] = {
    "proportional": _proportional,
    "threshold": _threshold,
    "bands": _bands,
    "per_item": _per_item,
    "steps": _steps,
    "interpolate": _interpolate,
    "levels": _levels,
    "checklist": _checklist,
    "judged": _judged,
}
