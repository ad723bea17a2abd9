"""An edition in which every special case occurs once.

Nil, missing, not applicable, pending, provisional, vetoed, demoted, corrected, forecast, late, unverified,
a figure of several periods and of another year, equal totals with different ranks, a total below nought.
"""

from __future__ import annotations

from editions import definition_of, edition_of, indicator, prizes

from evaluation.definition import Definition
from reports.edition import Edition

UNITS = """unit_code,name,kind,group
T001,城关镇,township,industrial
T002,东河镇,township,industrial
T003,西岭乡,township,rural
T004,南坪乡,township,rural
T005,北山乡,township,rural
D01,县科技局,department,offices
"""
TARGETS = """unit_code,indicator_code,target,stretch,applicable
T001,grants,30,40,
T002,grants,12.5,,
T003,talents,,,no
T001,spend,3200,,
"""
OFFICIALS = """official_code,unit_code,role,name,from,to
p1,T001,party_secretary,王建国,2025-01-01,
p2,T001,government_head,周敏,2025-11-20,
"""
TOTALS = """
T005|北山乡|township|rural|||||true||||
T001|城关镇|township|industrial|88.10|5.00|0.00|93.10|true||优秀|先进乡镇|1
T002|东河镇|township|industrial|92.00|0.00|0.00|92.00|false|fraud|不合格||
T003|西岭乡|township|rural|75.00|0.00|0.00|75.00|false|safety|合格||2
T004|南坪乡|township|rural|75.00|0.00|0.00|75.00|false||合格||1
D01|县科技局|department|offices|-0.50|0.00|0.00|-0.50|false||不合格||1
"""
SCORES = """
T001|bonus|prizes|5||||5.00||scored|false||省级 1 项
T001|talent|talents|25|0|5|0|3.25|21.75|scored|false|unmet|报送为零
T001|talent|earlier|15|2900|||15.00|0.00|scored|false||
T001|innovation|grants|40|33|30|1.1|40.00|0.00|scored|true|met|
T001|innovation|spend|20|3150.25|3200|0.984453|19.69|0.31|scored|false|unmet|完成目标的 98.45%，扣 0.31 分
T002|innovation|grants|40||12.5||0.00|40.00|missing|false||未报送，按 0 分计
T002|innovation|spend|20||||0.00|20.00|pending|true||县统计局尚未报送
T003|talent|talents|25||||||not_applicable|false||无此项任务
"""
ACCEPTED = """
T001|grants|2025|33|stats|cd|统计局 2025.xlsx|数据|D3|12|forecast|true
T001|spend|2025Q4|3150.25|stats|||||205|corrected|false
T001|spend|2024Q4|2900|stats|cd|统计局 2025.xlsx|数据|E3|12||false
T001|spend|2025Q3|3100|stats|cd|统计局 2025.xlsx|数据|F3|12||false
T001|talents|2025|0|self|ef|城关镇.xlsx|数据|C4|14|unverified;late|false
T002|grants|2025||stats||||||owed|true
"""
FINDINGS = """
reader|ef|T001|城关镇.xlsx|数据|C4|T001|talents|2025|LATE|note|0|逾期首次报送，已采用|无需处理
reader|cd|stats|统计局 2025.xlsx|数据|D4|T002|grants|2025|NUMBER|error|约120|“约120”不是数字|请填写确切数值后重新报送
sources_agree||stats||||T001|grants|2025|DISCREPANCY|warning||两个来源相差 12%|请核实后裁定
"""
CORRECTIONS = """
205|T001|spend|2025Q4|3105.25|3150.25|数字颠倒|录入错误|青统函〔2026〕3号|李娟|赵强|figure||value
211|T002|grants|2025||11|补报|申诉|东政〔2026〕2号|孙平||figure||value
"""
OFFICIAL_SCORES = """
p1|T001|party_secretary|王建国|2025-01-01||365|93.10|scored
p2|T001|government_head|周敏|2025-11-20||42||not_assessed
"""
CLAIMS = """
c1|T001|prizes|J1|provincial||2025-05-06|浙科发〔2025〕9号|3|stats|stats|accepted|counts|||事项.xlsx|事项|B3
c2|T001|prizes|J2|national||2025-06-01|浙科发〔2025〕11号||T001|self|accepted|accepted|李娟|已核原件|事项.xlsx|事项|B4
c3|T001|prizes|J2|provincial||2025-06-02|浙科发〔2025〕12号||stats|stats|accepted|counts|||事项.xlsx|事项|B5
c4|T001|prizes|J3|provincial||2025-07-01|||stats|stats|accepted|counts|||事项.xlsx|事项|B6
c5|T001|prizes|J4|national||2025-08-01|浙科发〔2025〕13号||T001|self|accepted|waits|||事项.xlsx|事项|B7
c6|T002|fraud|F1|||2025-09-01|青纪〔2025〕2号||stats|stats|accepted|counts|||事项.xlsx|事项|B8
"""
SELF_SCORES = """
T001|spend|20
T001|talents|24.5
"""
PREVIOUS_TOTALS = """
T001|90.00|3|优秀
T003|80.00||合格
"""
CHANGES = "T001|92.65|93.10|2|1|优秀|优秀|更正（台账第 205 条）"


def qingshan_definition() -> Definition:
    """Two groups of townships and one of departments; bonus, vetoes and officials."""
    yuan = {"unit_of_measure": "万元", "frequency": "quarter"}
    innovation = [indicator("grants", "发明专利授权量", 40), indicator("spend", "全社会研发投入", 20, **yuan)]
    talent = [
        indicator("talents", "引进高层次人才", 25, unit_of_measure="人"),
        indicator("earlier", "上年度研发投入", 15, figure="spend", data_year=2024, **yuan),
    ]
    rulebook = {
        "evaluation": "qingshan-2025",
        "title": "2025年度青山县党政领导科技进步目标责任制考核办法（试行）",
        "cycle": {"year": 2025, "starts": "2025-01-01", "ends": "2025-12-31"},
        "departments": [{"code": "stats", "name": "县统计局"}],
        "groups": [
            {"code": "industrial", "name": "工业强镇", "kind": "township"},
            {"code": "rural", "name": "生态乡镇", "kind": "township"},
            {"code": "offices", "name": "县直部门", "kind": "department"},
        ],
        "sections": [
            {"code": "innovation", "name": "科技创新", "points": 60, "indicators": innovation},
            {"code": "talent", "name": "人才引育", "points": 40, "indicators": talent},
        ],
        "bonuses": prizes("prizes", "科技奖励", 5),
        "vetoes": [
            {"code": "fraud", "name": "弄虚作假", "effects": ["fail"]},
            {"code": "safety", "name": "重大安全事故", "effects": ["demote", "no_award"]},
        ],
        "grades": [{"grade": "优秀", "at_least": 90}, {"grade": "合格", "at_least": 60}, {"grade": "不合格"}],
        "officials": {"roles": ["party_secretary", "government_head"], "minimum_days": 90},
    }
    return definition_of(rulebook, UNITS, TARGETS, OFFICIALS)


def qingshan_edition() -> Edition:
    """The edition described above; its rows are out of order on purpose."""
    return edition_of(
        qingshan_definition(),
        total_scores=TOTALS,
        indicator_scores=SCORES,
        accepted_values=ACCEPTED,
        findings=FINDINGS,
        corrections=CORRECTIONS,
        official_scores=OFFICIAL_SCORES,
        changes=CHANGES,
        claims=CLAIMS,
        self_scores=SELF_SCORES,
        previous_totals=PREVIOUS_TOTALS,
    )
