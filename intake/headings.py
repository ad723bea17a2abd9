"""Headings of a matrix: what the texts above a column say about its cells.

Here belongs the vocabulary. Where the headings of a sheet stand is found in `matrix_shape.py`; which indicator,
unit or judge a heading means is decided with the definition at hand (`names.py`).
"""

import re
from dataclasses import dataclass, field, replace

from intake.characters import code_text
from intake.headers import column_name
from intake.periods import short_period
from intake.units_of_measure import is_known

_UNIT_WORDS = {"单位", "被考核单位", "乡镇", "乡镇名称", "镇街", "镇街名称", "乡镇(街道)", "部门", "部门名称", "地区"}
_INDICATOR_WORDS = {"指标", "考核指标", "二级指标"}
_VALUE_WORDS = {
    *("填报值", "填报数", "数值", "完成值", "完成数", "完成情况", "实际完成", "实际值", "实际数"),
    *("本年", "本期", "全年", "年度"),
}
_STATUS_WORDS = {"实际", "预计"}
_REFERENCE = re.compile(
    r"(?:(?:年度|全年|确保|力争)?(?:目标|力争|任务)(?:值|数|任务)?"
    r"|(?:上年|去年|上期|上月|上季度?|同期|上年同期|去年同期)(?:核定)?(?:值|数|实绩|完成|完成值|完成数|实际|数据)?"
    r"|合计|总计|小计|共计|同比|环比|同比增长|比上年增长|增长率?|增幅|增减|完成率|占比"
    r"|序号|编号|排名|名次|位次|得分|考核分|标准分|满分|计分方式|计分办法|评分办法|分组|组别|类别|一级指标"
    r"|备注|说明|佐证|佐证/备注|佐证材料|自评说明"
    r"|联系人|联系电话|电话|手机|手机号|填表人|填报人|审核人|负责人|填报日期|填表日期|填报单位)(?:\(.*\))?"
)
_BESIDE = re.compile(r"(?:年度|全年)?(?:目标|力争|上年|上期).*|序号|备注|说明")  # as forms have them
_BRACKETED_UNIT = re.compile(r"\(([^()]+)\)$")
SEPARATOR = "｜"  # between the texts of one heading
_TOTALS = ("合计", "总计", "小计", "共计", "平均")
_PEOPLE = "负责人|填表人|填报人|制表人|审核人|复核人|联系人"
_REMARK = re.compile(
    rf"(?:附注|备注|注|说明|其中)(?:[:.(0-9].*)?|(?:单位)?(?:{_PEOPLE}|制表|联系电话|数据来源|盖章).*"
    rf"|.*(?:{_PEOPLE}|签字|签名|盖章|电话|日期|来源|单位)(?:\(.*\))?:.*|.*:"
)


@dataclass
class Heading:
    """What stands above one column. `subjects` are the texts that may name an indicator, a unit or a judge.

    `references` are words for columns that are not read, unless an indicator is called so. `rows` tell in which row of
    the sheet each of the others stands.
    """

    subjects: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    period: str = ""
    status: str = ""
    unit_of_measure: str = ""
    code: str = ""
    has_value_word: bool = False
    rows: dict[str, int] = field(default_factory=dict)

    def add(self, text: str, label: str, row: int) -> None:
        """Takes one text of the column; `label` names the row in which it stands, where it has a name."""
        plain = code_text(text)
        if not plain:
            return
        if label == "indicator_code":
            self._set("code", text, row)
        elif label in ("period", "status", "unit_of_measure"):
            self._set(label, text.strip(), row)
        elif plain in _STATUS_WORDS:
            self._set("status", plain, row)
        elif plain in _VALUE_WORDS or column_name(text) == "value":
            self.has_value_word = True
        elif is_reference(text):
            self.references.append(plain)
            self.rows["reference"] = row
        elif short_period(plain):
            self._set("period", plain, row)
        else:
            self._take_subject(plain, row)

    def _set(self, name: str, text: str, row: int) -> None:
        setattr(self, name, text)
        self.rows[name] = row

    def _take_subject(self, plain: str, row: int) -> None:
        unit = _BRACKETED_UNIT.search(plain)
        if unit and is_known(unit[1]):
            self._set("unit_of_measure", self.unit_of_measure or unit[1], row)
            plain = plain[: unit.start()]
        self.subjects.append(plain)
        self.rows["subject"] = row

    @property
    def is_reference(self) -> bool:
        return bool(self.references)

    @property
    def is_beside(self) -> bool:
        return any(map(is_beside, (*self.references, *self.subjects)))

    def as_subject(self) -> "Heading":
        """The same, its references taken for the name of an indicator."""
        named = replace(self, subjects=[], rows=dict(self.rows))
        for text in self.references:
            named._take_subject(text, self.rows["reference"])
        return named

    @property
    def subject(self) -> str:
        """The code where one is given, else all that may be a name."""
        return self.code or SEPARATOR.join(dict.fromkeys(self.subjects))


def is_reference(text: str) -> bool:
    """Whether a column of that name helps whoever fills in and is never read.

    >>> is_reference("上年核定"), is_reference("目标值（确保）"), is_reference("研发投入")
    (True, True, False)
    """
    return _REFERENCE.fullmatch(code_text(text)) is not None


def is_beside(text: str) -> bool:
    """Whether forms have a column of that name beside their blanks: nobody takes it for a figure.

    >>> is_beside("上期（2025Q3）"), is_beside("完成率")
    (True, False)
    """
    return is_reference(text) and _BESIDE.fullmatch(code_text(text)) is not None


def is_unit_key(text: str) -> bool:
    return column_name(text) in ("unit_code", "unit_name") or code_text(text) in _UNIT_WORDS


def is_indicator_key(text: str) -> bool:
    return column_name(text) in ("indicator_code", "indicator_name") or code_text(text) in _INDICATOR_WORDS


def is_total(text: str) -> bool:
    """Whether a row that is called so sums up others.

    >>> is_total("合 计"), is_total("全县合计"), is_total("青山镇")
    (True, True, False)
    """
    plain = code_text(text)
    return plain.startswith(_TOTALS) or plain.endswith(_TOTALS)


def is_remark(text: str) -> bool:
    """Whether a row that begins so is a remark or a signature.

    >>> [is_remark(text) for text in ("单位负责人（签字）：", "注：快报数", "注溪镇", "投入强度（口径：全社会）")]
    [True, True, False, False]
    """
    return _REMARK.fullmatch(code_text(text)) is not None
