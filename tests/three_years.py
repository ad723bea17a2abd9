"""Three made-up cycles: a renamed item, a changed rule, what is not comparable, a merger, a split, a unit that is gone.

Here belong the definitions and published results. What must come of them is said by the tests.
"""

from __future__ import annotations

import pandas as pd
from small_evaluations import frame

from evaluation.definition import Definition, read_definition
from evaluation.years import Results

HEAD = """\
evaluation: small-{year}
cycle: {{year: {year}, starts: {year}-01-01, ends: {year}-12-31}}
{previous}
groups: [{{code: g, name: 甲组, kind: township}}, {{code: h, name: 乙组, kind: township}}]
grades: [{{grade: 优秀, at_least: 80}}, {{grade: 合格, at_least: 60}}, {{grade: 不合格}}]
sections:
  - code: s
    indicators:
"""
ITEMS = {
    2023: (
        "{code: rd, name: 研发投入, unit_of_measure: 万元, points: 10, rule: {kind: per_item, each: 1}}",
        "{code: grants, name: 授权量, unit_of_measure: 件, points: {g: 10, h: 5}, rule: {kind: per_item, each: 1}}",
        "{code: output, name: 产值, unit_of_measure: 亿元, points: 10, rule: {kind: per_item, each: 1}}",
        "{code: radio, name: 广播, points: 5, rule: {kind: per_item, each: 1}}",
    ),
    2024: (
        "{code: rd, name: 研发投入, unit_of_measure: 万元, points: 10, rule: {kind: per_item, each: 1}}",
        "{code: grants, name: 授权量, unit_of_measure: 件, points: {g: 10, h: 5}, rule: {kind: per_item, each: 1}}",
        "{code: output, name: 产值, unit_of_measure: 亿元, points: 10, rule: {kind: per_item, each: 1}}",
        "{code: radio, name: 广播, points: 5, rule: {kind: per_item, each: 1}}",
    ),
    2025: (
        "{code: rd_input, name: 研发经费, continues: rd, unit_of_measure: 万元, points: 10,"
        " rule: {kind: per_item, each: 1}}",
        "{code: grants, name: 授权量, unit_of_measure: 件, points: {g: 20, h: 5}, additive: true,"
        " rule: {kind: per_item, each: 1}}",
        "{code: output, name: 产值, not_comparable: 只统计大中型企业, unit_of_measure: 亿元, points: 10,"
        " rule: {kind: per_item, each: 1}}",
        "{code: space, name: 众创空间, points: 5, rule: {kind: per_item, each: 1}}",
    ),
}
# 2024: E is split off from C. 2025: A and B are merged into M, D is renamed, F is gone, G is new.
UNITS = {
    2023: "A,东乡,g,\nB,南乡,g,\nC,西乡,g,\nD,北乡,h,\nF,中乡,h,\n",
    2024: "A,东乡,g,\nB,南乡,g,\nC,西乡,g,\nE,西岭乡,g,C\nD,北乡,h,\nF,中乡,h,\n",
    2025: "M,东南镇,g,A;B\nC,西乡,g,\nE,西岭乡,g,\nN,北镇,h,D\nG,新乡,h,none\n",
}
TOTALS = {
    2023: ("A 70 2", "B 60 3", "C 90 1", "D 85 1", "F 50 2"),
    2024: ("A 75 3", "B 65 4", "C 91 1", "E 80 2", "D 86 1", "F 55 2"),
    2025: ("M 78 3", "C 92 1", "E 81 2", "N 87 1", "G 40 2"),
}
GRANTS = {2023: "A 3|B 4|C 9|D 2|F 1", 2024: "A 4|B 6|C 9|E 2|D 3|F 1", 2025: "M 12|C 10|E 3|N 4|G 1"}


def definition(year: int, **replaced: str) -> Definition:
    """`replaced`: another text of `items` or `units`."""
    items = "".join(f"      - {item}\n" for item in ITEMS[year])
    previous = f"previous: small-{year - 1}" if year > 2023 else ""
    units = replaced.get("units", UNITS[year])
    rows = "".join("{},{},township,{},{}\n".format(*line.split(",")) for line in units.splitlines())
    rulebook = HEAD.format(year=year, previous=previous) + replaced.get("items", items)
    files = {"rulebook.yaml": rulebook, "units.csv": f"unit_code,name,kind,group,continues\n{rows}"}
    return read_definition({name: text.encode() for name, text in files.items()})


def results(year: int) -> Results:
    """What was published of a year."""
    rules = definition(year)
    units = rules.units.set_index("unit_code")
    totals = []
    for unit, total, rank in (line.split() for line in TOTALS[year]):
        grade = "优秀" if float(total) >= 80 else "合格" if float(total) >= 60 else "不合格"
        name, kind, group = units.loc[unit, ["name", "kind", "group"]]
        totals.append((unit, name, kind, group, f"{total}.00", f"{total}.00", grade, rank))
    columns = ("unit_code", "unit_name", "kind", "group", "base_score", "total_score", "grade", "rank")
    return Results(rules, frame(totals, *columns), _items(year, rules))


def _items(year: int, rules: Definition) -> pd.DataFrame:
    group = dict(zip(rules.units["unit_code"], rules.units["group"], strict=True))
    rows = []
    for unit, value in (one.split() for one in GRANTS[year].split("|")):
        for place in rules.rulebook.top_items():
            code = place.item.code
            points = ("20" if year == 2025 else "10") if code == "grants" and group[unit] == "g" else "5"
            points = "10" if code in ("rd", "rd_input", "output") else points
            state = "pending" if code == "output" and unit == "E" else "scored"
            score = f"{min(float(value), float(points)):.2f}"
            rows.append((unit, "s", code, f"{points}.00", value, value, score, state))
    texts = ("points", "accepted_value", "measure", "indicator_score", "state")
    return frame(rows, "unit_code", "section_code", "indicator_code", *texts)
