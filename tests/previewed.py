"""A small evaluation in which everything can be corrected and units are compared with each other."""

from __future__ import annotations

from pathlib import Path

from orchestration.filing import ledger_of, submit_files
from resources.adoption import adopt
from resources.home import Home

SMALL = "small-2025"
RULEBOOK = """\
evaluation: small-2025
title: 小考核
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
departments: [{code: stats, name: 统计局, signs_off: true}]
groups: [{code: g, name: 甲组, kind: township}, {code: h, name: 乙组, kind: township}]
sections:
  - code: output
    name: 产出
    points: 70
    indicators:
      - {code: grants, name: 授权量, reference: 第一条, unit_of_measure: 件, points: 30, max_points: 40,
         sources: [stats], range: {min: 0, max: {g: 100, h: 30}}, measure: completion, rule: {kind: proportional}}
      - {code: spending, name: 研发投入, reference: 第二条, points: 40, sources: [stats], measure: deviation,
         rule: {kind: steps, start: 20, step: 10%, better: 2, worse: 2}}
  - code: work
    name: 工作
    points: 30
    indicators:
      - {code: visits, name: 现场, reference: 第三条, points: 20, sources: [stats], rule: {kind: judged}}
      - {code: place, name: 排位, reference: 第四条, points: 10, figure: grants, measure: rank,
         rule: {kind: steps, origin: 1, worse: 25%}}
bonuses:
  max_points: 10
  items:
    - {code: prizes, name: 奖励, reference: 第五条, points: 6, sources: [stats],
       rule: {kind: levels, levels: {national: 6, provincial: 3}}}
vetoes:
  - {code: idle, name: 无投入, when: {of: spending, at_most: 0}, effects: [demote, no_award]}
grades: [{grade: 优秀, at_least: 80, quota: 50%}, {grade: 合格, at_least: 50}, {grade: 不合格}]
awards: [{award: 先进, places: 1, grade_at_least: 合格}]
officials: {roles: [party_secretary], minimum_days: 90, several_posts: by_days}
"""
UNITS = "unit_code,name,kind,group\n" + "".join(
    f"{code},{name},township,{group}\n"
    for code, name, group in (("A", "东乡", "g"), ("B", "南乡", "g"), ("C", "西乡", "g"), ("D", "北乡", "h"))
)
TARGETS = "unit_code,indicator_code,target,stretch,applicable\n" + "".join(
    f"{unit},grants,{target},,\n" for unit, target in zip("ABCD", ("20", "10.0", "15", "8"), strict=True)
)
OFFICIALS = "official_code,unit_code,role,name,from,to,share\n" + "".join(
    f"p{unit.lower()},{unit},party_secretary,{name},2024-01-01,,\n"
    for unit, name in zip("ABC", ("赵一", "钱二", "孙三"), strict=True)
)
FIGURES = "单位编码,考核期,指标编码,数值\n" + "".join(
    f"{unit},2025,{code},{value}\n"
    for code, values in (("grants", (18, 9, 15, 8)), ("spending", (100, 80, 120, 60)))
    for unit, value in zip("ABCD", values, strict=True)
)
CLAIMS = "单位编码,事项编码,对象编号,级别,文件\nA,prizes,P-1,provincial,科奖1号\nB,prizes,P-2,national,科奖2号\n"
MARKS = "单位编码,指标编码,评委,分值\n" + "".join(
    f"{unit},visits,{judge},{mark}\n" for unit in "ABCD" for judge, mark in (("甲", "0.9"), ("乙", "0.8"))
)
WHY = {"reason": "核对", "reason_class": "录入错误", "document": "考〔2026〕1号", "by": "张三"}


def small_home(path: Path, adopted: bool = True, filed: bool = True) -> Home:
    """A home with the small evaluation and its files received (unless not `filed`); not yet evaluated."""
    home = Home(path)
    folder = home.evaluations / SMALL
    folder.mkdir(parents=True)
    for name, text in (
        ("rulebook.yaml", RULEBOOK),
        ("units.csv", UNITS),
        ("targets.csv", TARGETS),
        ("officials.csv", OFFICIALS),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    if adopted:
        adopt(home, ledger_of(home), SMALL, "张三", "李四")
    for name, text in (("数据.csv", FIGURES), ("事项.csv", CLAIMS), ("打分.csv", MARKS)) if filed else ():
        submit(home, name, text)
    return home


def submit(home: Home, name: str, text: str, sender: str = "stats") -> None:
    """Hand over a file as the sender."""
    source = home.path / name
    source.write_text(text, encoding="utf-8")
    list(submit_files(home, SMALL, sender, [source], None, ""))
    source.unlink()


def asked(unit: str, value: str, indicator: str | None = None, **more: str | None) -> dict[str, str | None]:
    """A correction as the command and the launchpad hand it on."""
    return {"evaluation": SMALL, "unit": unit, "indicator": indicator, "value": value, **WHY, **more}
