"""Editions for tests of reports: how one is built from rows, and two of them in full.

Here belongs the building. The one with every special case stands in `edition_cases.py`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import yaml

from evaluation.definition import Definition, read_definition
from reports.edition import Edition

COLUMNS = {
    "indicator_scores": "unit_code section_code indicator_code points accepted_value target_value measure "
    "indicator_score deduction state provisional target_state reason",
    "total_scores": "unit_code unit_name kind unit_group base_score bonus penalty total_score provisional veto "
    "grade award rank",
    "official_scores": "official_code unit_code role name from to days score state",
    "findings": "producer sha256 sender file sheet cell unit_code indicator_code period code severity raw "
    "message what_to_do",
    "accepted_values": "unit_code indicator_code period accepted_value source sha256 file sheet cell seq flags "
    "provisional",
    "changes": "unit_code score_before score_after rank_before rank_after grade_before grade_after cause",
    "corrections": "seq unit_code indicator_code period old_value new_value reason reason_class document "
    "requested_by approved_by subject object field file_value rejected_by rejected_because",
    "claims": "claim_id unit_code item_code object_id level quantity date document page sender source outcome "
    "decision decided_by decided_because file sheet cell",
    "self_scores": "unit_code indicator_code self_score",
    "previous_totals": "unit_code total_score rank grade",
}
WHOLE_NUMBERS = {"rank", "days", "seq"}
HEAD = "9f2c64d1a7b83e50" * 4

# 玉政办函〔2018〕16号: place in the administrative order, county, base, bonus, total, prize; by rank.
YUXI = """
4|澄江县|99.5|4.0|103.5|一等奖
3|通海县|89.5|5.0|94.5|一等奖
8|新平县|90.0|4.0|94.0|一等奖
9|元江县|87.5|4.5|92.0|一等奖
2|江川区|79.3|4.5|83.8|二等奖
1|红塔区|77.0|6.5|83.5|二等奖
7|峨山县|78.0|1.5|79.5|二等奖
6|易门县|74.8|3.0|77.8|二等奖
5|华宁县|70.0|2.0|72.0|二等奖
"""
SUBJECTS = (
    "高新技术企业",
    "科技型中小企业",
    "规模以上工业企业研发经费支出占主营业务收入比重",
    "发明专利授权量",
    "技术合同成交额",
    "孵化器和众创空间",
)


def split(lines: str) -> list[list[str]]:
    """Lines with fields parted by | as rows."""
    return [line.split("|") for line in lines.strip().split("\n")] if lines.strip() else []


def frame(name: str, lines: str = "") -> pd.DataFrame:
    """The frame of that name from lines with fields parted by |; what is empty, or left out at the end, is NA."""
    columns = COLUMNS[name].split()
    rows = [[*(field or None for field in row), *[None] * (len(columns) - len(row))] for row in split(lines)]
    made = pd.DataFrame(rows, columns=columns, dtype="str")
    for column in WHOLE_NUMBERS & set(columns):
        made[column] = made[column].astype("Float64").astype("Int64")
    return made.assign(provisional=made["provisional"] == "true") if "provisional" in columns else made


def definition_of(rulebook: dict[str, Any], units: str, targets: str = "", officials: str = "") -> Definition:
    """A definition read as a real one is."""
    text = yaml.safe_dump(rulebook, allow_unicode=True, sort_keys=False)
    files = {"rulebook.yaml": text, "units.csv": units, "targets.csv": targets, "officials.csv": officials}
    return read_definition({name: content.encode() for name, content in files.items() if content})


def edition_of(definition: Definition, **lines: str) -> Edition:
    """An adopted trial edition of version 7; frames as lines, empty unless given."""
    frames = {name: frame(name, lines.get(name, "")) for name in COLUMNS}
    return Edition(
        definition=definition,
        version=7,
        state="试算",
        as_of="2026-01-20",
        ledger_seq=218,
        ledger_head=HEAD,
        definition_digest=definition.digest,
        inputs_digest="5b" * 32,
        adopted=True,
        **frames,
    )


def indicator(code: str, name: str, points: int = 10, **keys: Any) -> dict[str, Any]:
    """An item as written in a rulebook: completion of a target unless said otherwise."""
    method = {"measure": "completion", "rule": {"kind": "proportional"}, "unit_of_measure": "件"}
    return {"code": code, "name": name, "points": points, "sources": ["stats", "self"]} | method | keys


def prizes(code: str, name: str, points: int) -> dict[str, Any]:
    """A block of bonuses with one item over claims."""
    rule = {"kind": "levels", "levels": {"national": 5, "provincial": 3}}
    item = {"code": code, "name": name, "points": points, "sources": ["stats"], "rule": rule}
    return {"max_points": 10, "items": [item]}


def yuxi_edition() -> Edition:
    """The nine counties as published: one decimal, totals above 100, the bonus changes the order."""
    goals = indicator("goals", "目标任务完成情况", 100, unit_of_measure="分")
    rulebook = {
        "evaluation": "yuxi-2017",
        "title": "玉溪市2017年度科技创新目标任务考核办法",
        "cycle": {"year": 2017, "starts": "2017-01-01", "ends": "2017-12-31"},
        "scoring": {"decimals": 1},
        "departments": [{"code": "stats", "name": "市统计局"}],
        "groups": [{"code": "counties", "name": "县区", "kind": "township"}],
        "sections": [{"code": "all", "name": "科技创新目标任务", "points": 100, "indicators": [goals]}],
        "bonuses": prizes("extra", "加分事项", 10),
    }
    counties = [(f"YX0{place}", *rest) for place, *rest in split(YUXI)]
    units = "".join(f"{code},{name},township,counties\n" for code, name, *_ in sorted(counties))
    scores, accepted, totals = [], [], []
    for rank, (code, name, base, bonus, total, prize) in enumerate(counties, start=1):
        value = base.removesuffix(".0")
        scores += [
            f"{code}|all|goals|100|{value}|100|{int(base.replace('.', '')) / 1000:g}|{base}|"
            f"{100 - float(base):.1f}|scored|false|unmet|完成目标的 {value}%",
            f"{code}|bonus|extra|10||||{bonus}||scored|false||",
        ]
        accepted.append(f"{code}|goals|2017|{value}|stats|{'ab' * 32}|市统计局 2017.xlsx|数据|D{rank + 2}|12||false")
        totals.append(f"{code}|{name}|township|counties|{base}|{bonus}|0.0|{total}|false|||{prize}|{rank}")
    return edition_of(
        definition_of(rulebook, f"unit_code,name,kind,group\n{units}"),
        total_scores="\n".join(totals),
        indicator_scores="\n".join(scores),
        accepted_values="\n".join(accepted),
    )


def long_edition(units: int = 16, items: int = 60) -> Edition:
    """Many units and items with long names and reasons: for layout and size, the scores mean nothing."""
    named = [
        indicator(f"i{number:02}", f"{SUBJECTS[number % 6]}（第{number + 1}项）", unit_of_measure="万元")
        for number in range(items)
    ]
    sections = [
        {
            "code": f"s{start}",
            "name": f"第{start + 1}项起综合能力",
            "points": 100,
            "indicators": named[start : start + 10],
        }
        for start in range(0, items, 10)
    ]
    rulebook = {
        "evaluation": "long-2025",
        "title": "2025年度青山县乡镇党政领导科技进步目标责任制考核实施细则",
        "cycle": {"year": 2025, "starts": "2025-01-01", "ends": "2025-12-31"},
        "departments": [{"code": "stats", "name": "县统计局（县社会经济调查队）"}],
        "groups": [{"code": "all", "name": "乡镇", "kind": "township"}],
        "sections": sections,
    }
    codes = [f"T{number:05}" for number in range(1, units + 1)]
    reason = "完成目标的 98.4%，比目标少 16.5 万元，按比例扣 0.16 分"
    number = "123456789.25|125464216.5|0.984|9.84|0.16|scored|false|unmet"
    place = f"stats|{'aa' * 32}|县统计局2025年度科技指标汇总（终稿）.xlsx|数据"
    order = [(section["code"], item["code"]) for section in sections for item in section["indicators"]]
    table = "".join(f"{code},{code[1:]}号镇人民政府,township,all\n" for code in codes)
    return edition_of(
        definition_of(rulebook, f"unit_code,name,kind,group\n{table}"),
        total_scores="\n".join(
            f"{code}|{code[1:]}号镇人民政府|township|all|590.40|0.00|0.00|{600 - rank}.40|false||优秀||{rank}"
            for rank, code in enumerate(codes, start=1)
        ),
        indicator_scores="\n".join(
            f"{code}|{section}|{item}|10|{number}|{reason}" for code in codes for section, item in order
        ),
        accepted_values="\n".join(
            f"{code}|{item}|2025|123456789.25|{place}|D{row}|9||false"
            for code in codes
            for row, (_, item) in enumerate(order, start=3)
        ),
    )
