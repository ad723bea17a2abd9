"""A small evaluation with every measure and every kind of rule, for forms that are filled in and sent back."""

import functools

from evaluation.definition import Definition, read_definition

RULEBOOK = """
evaluation: hexi-2025
title: 2025年度河西县科技进步目标责任制考核办法
reference: {document: 河政办〔2025〕3号, issued: 2025-03-01}
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
departments:
  - {code: stats, name: 县统计局}
  - {code: sti, name: 县科技局, unit: D1}
groups:
  - {code: towns, name: 乡镇, kind: township}
  - {code: depts, name: 部门, kind: department}
sections:
  - code: output
    name: 科技产出
    points: 100
    applies_to: [towns]
    indicators:
      - code: grants
        name: 发明专利授权量
        reference: 第三条
        unit_of_measure: 件
        points: 10
        sources: [stats, self]
        range: {min: 0, max: 5000}
        measure: completion
        rule: {kind: proportional}
      - code: rd_growth
        name: 研发投入增长
        unit_of_measure: 万元
        points: 10
        sources: [stats]
        figure: rd
        data_year: 2024
        range: {min: 0}
        measure: growth
        rule: {kind: bands, bands: [{at_least: 10%, points: 10}, {points: 5}]}
      - {code: rd_share, name: 研发强度, points: 5, sources: [stats], figure: rd, data_year: 2024, per: gdp_100m,
         rule: {kind: interpolate, through: [[worst, 0], [best, 5]]}}
      - {code: firms, name: 高企增减, unit_of_measure: 家, points: 5, sources: [sti], measure: change,
         rule: {kind: steps, worse: 1}}
      - {code: fiscal, name: 科技支出占比, unit_of_measure: "%", points: 5, sources: [stats], range: {min: 0, max: 20},
         measure: deviation, rule: {kind: steps, step: 10%, worse: 1}}
      - {code: idle, name: 无专利企业, unit_of_measure: 家, direction: lower_is_better, points: 5, sources: [sti],
         measure: shortfall, rule: {kind: steps, worse: 1}}
      - {code: speed, name: 增加值增速, unit_of_measure: "%", points: 10, sources: [stats], frequency: quarter,
         periods: score_then_mean, range: {min: -60, max: 100}, measure: rank, rule: {kind: steps, origin: 1, worse: 1}}
      - {code: contracts, name: 技术合同成交额, unit_of_measure: 万元, points: 10, sources: [sti, self], tolerance: 5%,
         frequency: month, accumulate: sum, range: {min: 0}, rule: {kind: threshold, at_least: 100, otherwise: 2}}
      - {code: training, name: 科技培训, unit_of_measure: 场, points: 5, sources: [self], range: {min: 0, max: 99},
         rule: {kind: per_item, each: 1}}
      - {code: on_time, name: 报送及时, points: 5, figure: training, measure: days_late, rule: {kind: steps, worse: 1}}
      - {code: meetings, name: 专题会议, unit_of_measure: 次, points: 5, sources: [sti], measure: count,
         rule: {kind: per_item, each: 1}}
      - {code: funds, name: 争取资金, unit_of_measure: 万元, points: 5, sources: [sti], measure: quantity,
         rule: {kind: interpolate, through: [[0, 0], [100, 100%]]}}
      - {code: centres, name: 研发平台, points: 5, sources: [sti],
         rule: {kind: levels, levels: {national: 5, provincial: 3}}}
      - {code: plans, name: 工作制度, points: 5, sources: [sti], rule: {kind: checklist, pieces: [
         {code: plan, name: 年度计划, points: 2}, {code: group, name: 领导小组, points: 3}]}}
      - {code: visit, name: 现场考核, points: 5, sources: [sti], rule: {kind: judged}}
      - code: area
        name: 推广面积
        unit_of_measure: 亩
        points: 5
        sources: [sti]
        exemptions: true
        measure: completion
        rule: {kind: proportional}
  - code: duty
    name: 部门职能
    points: 100
    applies_to: [depts]
    indicators:
      - {code: opinion, name: 服务评价, points: 100, sources: [stats], rule: {kind: judged, scale: points}}
bonuses:
  max_points: 10
  items:
    - {code: prize, name: 科技奖励, points: 5, sources: [sti], rule: {kind: levels, levels: {national: 5, city: 1}}}
penalties:
  max_points: 10
  items:
    - {code: criticism, name: 通报批评, points: 5, sources: [sti], measure: count, rule: {kind: per_item, each: 2}}
vetoes:
  - {code: fraud, name: 弄虚作假, effects: [fail], sources: [sti]}
calendar: {submissions_due: 2026-01-15}
"""
UNITS = """unit_code,name,kind,group,aliases,gdp_100m
T1,东坝镇,township,towns,,10
T2,西坝镇,township,towns,西坝乡,20
T3,南坝乡,township,towns,,30
D1,县科技局,department,depts,,
"""
TARGETS = """unit_code,indicator_code,target,stretch,applicable
T1,grants,10,,
T2,grants,20,,
T3,grants,,,no
T1,idle,3,,
T2,idle,3,,
T3,idle,3,,
T1,area,100,120,
T2,area,100,,
T3,area,,,no
"""
FILES = {"rulebook.yaml": RULEBOOK, "units.csv": UNITS, "targets.csv": TARGETS}


@functools.cache
def definition() -> Definition:
    return read_definition({name: text.encode() for name, text in FILES.items()})
