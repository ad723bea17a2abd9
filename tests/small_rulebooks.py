"""Rulebooks written by the line, for tests of lint. What lint finds in them is tested elsewhere."""

import textwrap

from evaluation.lint import LintFinding, lint

HEAD = """\
evaluation: x-2025
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
departments: [{code: stats, name: 统计局}]
groups:
  - {code: grain, name: 产区, kind: township}
  - {code: other, name: 非产区, kind: township}
"""
UNITS = """\
unit_code,name,kind,group,population
T1,甲镇,township,grain,10
T2,乙镇,township,other,
T3,丙镇,township,other,0
"""


def section(*items: str, points: str = "100", code: str = "s", **keys: str) -> str:
    more = "".join(f"    {key}: {value}\n" for key, value in keys.items())
    indicators = "".join(f"      - {each}\n" for each in items)
    head = f"  - code: {code}\n    name: 一级指标{code}\n    points: {points}\n"
    return f"{head}{more}    indicators:\n{indicators}"


def item(code: str = "a", points: str = "100", rule: str = "{kind: proportional}", **keys: str) -> str:
    written = {"code": code, "name": f"指标{code}", "reference": f"第{code}条", "sources": "[stats]", "points": points}
    written |= {"rule": rule} | keys
    return "{" + ", ".join(f"{key}: {value}" for key, value in written.items() if value) + "}"


def rulebook(*sections: str, more: str = "", head: str = HEAD) -> str:
    return head + "sections:\n" + "".join(sections) + textwrap.dedent(more)


def findings(text: str, units: str = UNITS, **tables: str) -> list[LintFinding]:
    files = {"rulebook.yaml": text, "units.csv": units} | {f"{name}.csv": table for name, table in tables.items()}
    return lint({name: content.encode() for name, content in files.items() if content})


def one(found: list[LintFinding], *words: str) -> LintFinding:
    told = [each for each in found if all(word in each.message for word in words)]
    assert len(told) == 1, found
    return told[0]
