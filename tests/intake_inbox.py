"""A small evaluation and an inbox in memory, so that intake can be tested from bytes to frames.

Here belongs the rulebook that the intake tests share; the files themselves are made in `bad_files.py`.
"""

import functools
import hashlib
from collections.abc import Generator, Iterable
from typing import Any

import pandas as pd

from evaluation.definition import Definition, read_definition
from intake.child import Source, read_source
from intake.limits import Limits
from intake.raw import RawFile
from intake.reading import Reading, read_files

RULEBOOK = """
evaluation: qingshan-2025
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
departments:
  - {code: stats, name: 县统计局}
  - {code: science, name: 县科技局}
groups:
  - {code: towns, name: 乡镇, kind: township}
sections:
  - code: innovation
    name: 科技创新
    points: 70
    indicators:
      - code: grants
        name: 发明专利授权量
        unit_of_measure: 件
        points: 10
        sources: [stats, self]
        measure: completion
        rule: {kind: proportional}
      - {code: output, unit_of_measure: 万元, points: 10, sources: [stats], rule: {kind: per_item, each: 1}}
      - {code: rate, unit_of_measure: "%", points: 10, sources: [stats], rule: {kind: per_item, each: 1}}
      - {code: ratio, points: 10, sources: [stats], rule: {kind: per_item, each: 1}}
      - code: contracts
        unit_of_measure: 亿元
        points: 10
        sources: [stats]
        frequency: month
        accumulate: sum
        rule: {kind: per_item, each: 1}
      - code: visitors
        unit_of_measure: 人次
        points: 10
        frequency: quarter
        accumulate: sum
        rule: {kind: per_item, each: 1}
      - {code: opinion, points: 10, sources: [science], rule: {kind: judged}}
bonuses:
  max_points: 5
  items:
    - code: prize
      points: 5
      sources: [science]
      rule: {kind: levels, levels: {national: 5, provincial: 3}}
    - code: works
      points: 5
      sources: [science]
      rule: {kind: checklist, pieces: [{code: plan, name: 规划, points: 2}, {code: staff, name: 专人, points: 3}]}
vetoes:
  - {code: fraud, effects: [fail], sources: [science]}
"""
UNITS = """unit_code,name,kind,group,aliases
T001,青山镇,township,towns,青山乡;老青山
T002,白水镇,township,towns,
003,黑土乡,township,towns,
"""
TARGETS = "unit_code,indicator_code,target\nT001,grants,10\nT002,grants,10\n003,grants,10\n"


@functools.cache
def definition(rulebook: str = RULEBOOK) -> Definition:
    texts = {"rulebook.yaml": rulebook, "units.csv": UNITS, "targets.csv": TARGETS}
    return read_definition({name: text.encode() for name, text in texts.items()})


def read_here(sources: Iterable[Source], limits: Limits) -> Generator[RawFile, None, None]:
    """Without a child process, whose start would cost most of a test's time."""
    return (read_source(source, limits) for source in sources)


def read(
    *sent: tuple[str, str, bytes], received_at: str = "2026-01-10T09:00:00", rulebook: str = RULEBOOK, **more: Any
) -> Reading:
    """What intake makes of files (sender, name, bytes) received in this order."""
    contents = {hashlib.sha256(data).hexdigest(): data for _, _, data in sent}
    files = pd.DataFrame(
        [
            (seq, hashlib.sha256(data).hexdigest(), sender, name, received_at)
            for seq, (sender, name, data) in enumerate(sent, start=11)
        ],
        columns=["seq", "sha256", "sender", "name", "received_at"],
    )
    reading = read_files(files, contents.__getitem__, definition(rulebook), read=read_here, **more)
    assert_every_cell_is_accounted_for(reading)
    return reading


def assert_every_cell_is_accounted_for(reading: Reading) -> None:
    counts = reading.files[["accepted", "refused", "held", "duplicate", "blank"]].sum(axis=1)
    assert counts.tolist() == reading.files["cells_read"].tolist()


def codes(reading: Reading) -> list[str]:
    return reading.findings["code"].tolist()
