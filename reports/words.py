"""The Chinese words and marks that readers see for the codes of the data.

Here belongs fixed wording. What depends on a rulebook's own names does not (`catalogue`).
"""

from __future__ import annotations

import re

from reports.edition import Edition
from reports.language import Say, chinese

KINDS = {"township": "乡镇（街道）", "department": "部门"}
ROLES = {
    "party_secretary": "党委书记",
    "government_head": "乡镇长",
    "deputy_in_charge": "分管领导",
    "department_head": "主要负责人",
}
SEVERITIES = {"error": "错误", "warning": "警告", "note": "提示"}
EFFECTS = {"fail": "定为最低等次", "demote": "降一等次", "no_award": "取消评奖资格"}
TARGET_STATES = {"unmet": "未达目标", "met": "达到目标", "stretched": "达到力争目标"}
OFFICIAL_STATES = {"scored": "已考核", "not_assessed": "任职时间短，不考核"}
DECISIONS = {
    "waits": "待核定，未计分",
    "yields": "以更信任的部门为准，未计分",
    "replaced": "以报送单位另外报送的为准，未计分",
    "accepted": "已认可",
    "refused": "不予认可",
}
FLAGS = {
    "forecast": "预计数",
    "late": "逾期报送",
    "unverified": "自报未核实",
    "discrepancy": "来源不一致",
    "resolved": "来源不一致，已认定",
    "corrected": "已更正",
    "refused": "被退回",
    "owed": "应报未报",
}

BLOCKS = {"bonus": "加分", "penalty": "扣分", "veto": "一票否决"}

MISSING = "—"
NOT_APPLICABLE = "/"
PENDING = "待定"
UNRANKED = "-"
PROVISIONAL = "暂定"
NOT_ADOPTED = "未下发"

# Blank, dash, slash and nought look alike on paper and are four different things: every table explains them.
NOTES = (
    ("0", "零报告：报送值就是零"),
    (MISSING, "应报而未报，或所报未被采用"),
    (NOT_APPLICABLE, "不适用：本单位无此项任务"),
    (PENDING, "等待数据，暂按 0 分计"),
    ("空白", "未下达目标，或该栏与本项无关"),
    (PROVISIONAL, "所据数据为预计、有争议或尚缺，得分可能变动"),
)
RANKING_NOTES = (
    (UNRANKED, "不参加排名（名次栏）；原因见备注"),
    (PENDING, "尚无可计分事项"),
    ("空白", "无此情况，或得分待定"),
    (PROVISIONAL, "所据数据为预计、有争议或尚缺，得分可能变动"),
)
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
ISSUED_AS = re.compile(r"[（(][^（）()]*[)）]$|(?:暂行|试行|实施)?(?:办法|细则|方案|标准)$")


def draft(state: str) -> str:
    """What a copy in this state is called: 试算 → 试算稿, 定稿 → 定稿."""
    return state if state.endswith("稿") else f"{state}稿"


def standing(edition: Edition, say: Say = chinese) -> str:
    """State, version and whether the rules are in force: stands on every page and sheet."""
    words = [say(draft(edition.state)), say("第 {n} 版", n=edition.version)]
    return " · ".join(words if edition.adopted else [*words, say(NOT_ADOPTED)])


def heading(title: str, what: str) -> str:
    """The rulebook's title turned into that of a result.

    >>> heading("2025年度青山县科技进步目标责任制考核办法（试行）", "结果汇总表")
    '2025年度青山县科技进步目标责任制考核结果汇总表'
    """
    subject = title.strip()
    while ISSUED_AS.search(subject):
        subject = ISSUED_AS.sub("", subject).strip()
    return f"{subject if subject.endswith('考核') else f'{subject}考核'}{what}"


def long_date(iso: str) -> str:
    """2026-01-05 → 2026年1月5日, without leading zeros as official papers have it."""
    year, month, day = (int(part) for part in iso.split("-"))
    return f"{year}年{month}月{day}日"


def english_date(iso: str) -> str:
    """
    >>> english_date("2026-01-05")
    '5 January 2026'
    """
    year, month, day = (int(part) for part in iso.split("-"))
    return f"{day} {MONTHS[month - 1]} {year}"
