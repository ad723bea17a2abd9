"""An evaluation without figures: items, and parts that share what is filed for their item, from file to total."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from explained import evaluated
from running import TO_THE_VERSION, run
from small_evaluations import cell, claims, definition, frame, item_score, items

from evaluation.definition import read_definition
from evaluation.reporting import mark_readers, marks_limits
from reports.form_asked import Asked
from resources.home import Home
from resources.inbox import make_inbox

EVALUATION = "claims-2025"
NONE = pd.DataFrame(columns=["unit_code", "indicator_code", "period", "accepted_value"], dtype="str")
RULEBOOK = """
evaluation: claims-2025
title: 只看事项和打分的考核
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
departments: [{code: sti, name: 科技局}]
groups: [{code: towns, name: 乡镇, kind: township}]
sections:
  - code: all
    name: 全部
    indicators:
      - code: parks
        name: 园区
        points: 10
        sources: [sti]
        parts:
          - {code: built, name: 建成, points: 4, sources: [sti], measure: count, rule: {kind: per_item, each: 1}}
          - {code: rated, name: 定级, points: 6, rule: {kind: levels, document_required: false, levels: {city: 6}}}
      - code: training
        name: 培训
        points: 10
        sources: [sti]
        parts:
          - {code: people, name: 人数, points: 6, measure: quantity, rule: {kind: per_item, each: 1}}
          - {code: courses, name: 期数, points: 4, measure: count, rule: {kind: per_item, each: 1}}
      - code: report
        name: 汇报
        points: 10
        sources: [sti]
        parts:
          - {code: said, name: 现场, points: 6, rule: {kind: judged}}
          - {code: written, name: 材料, points: 4, sources: [sti], rule: {kind: judged}}
"""
CLAIMS = """单位编码,事项编码,对象编号,级别,数量
T1,parks,P-2025-1,city,
T1,built,P-2025-9,,
T1,training,C-2025-1,,3
T1,training,C-2025-2,,2
T1,courses,C-2025-3,,9
"""
MARKS = "单位编码,指标编码,评委,分值\nT1,report,甲,0.8\nT1,written,甲,0.5\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    made = Home(tmp_path / "home")
    monkeypatch.setenv("KAOHE_HOME", str(made.path))
    monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
    folder = made.evaluations / EVALUATION
    folder.mkdir(parents=True)
    (folder / "rulebook.yaml").write_text(RULEBOOK, encoding="utf-8")
    (folder / "units.csv").write_text("unit_code,name,kind,group\nT1,甲镇,township,towns\n", encoding="utf-8")
    make_inbox(made, EVALUATION)
    (made.inbox / EVALUATION / "sti").mkdir(exist_ok=True)
    return made


def test_parts_read_what_is_filed_for_their_item_and_for_themselves(home: Home) -> None:
    (home.inbox / EVALUATION / "sti" / "claims.csv").write_text(CLAIMS, encoding="utf-8")
    (home.inbox / EVALUATION / "sti" / "marks.csv").write_text(MARKS, encoding="utf-8")
    assert run(EVALUATION, TO_THE_VERSION).success
    latest = home.published / EVALUATION / "latest"
    scores = pd.read_csv(latest / "indicator_scores.csv", dtype="str").set_index("indicator_code")["indicator_score"]
    # 1 built and 6 by level; 3 + 2 people, three courses with the one filed for them alone; 0.8 × 6 and 0.5 × 4.
    assert scores.to_dict() == {"parks": "7.00", "training": "8.00", "report": "6.80"}
    assert pd.read_csv(latest / "findings.csv")["code"].tolist() == ["NOT_ADOPTED"]


def test_a_form_asks_once_for_what_parts_share(home: Home) -> None:
    files = {one.name: one.read_bytes() for one in (home.evaluations / EVALUATION).iterdir() if one.is_file()}
    asked = Asked(read_definition(files), NONE, NONE)
    sti = next(one for one in asked.recipients() if one.source == "sti")
    assert [matter.code for matter in asked.matters(sti)] == ["parks", "built", "training"]
    assert [place.item.code for place in asked.judged(sti)] == ["said", "written"]


def test_nothing_filed_is_nothing_scored(home: Home) -> None:
    assert run(EVALUATION, TO_THE_VERSION).success
    ranking = pd.read_csv(home.published / EVALUATION / "latest" / "ranking.csv", dtype="str")
    assert ranking["total_score"].tolist() == ["0.00"]


def test_marks_of_which_none_may_be_above_nothing_are_capped_at_nothing() -> None:
    judged = "{code: a, points: {g: 10, h: 0}, rule: {kind: judged, scale: points}}"
    places = mark_readers(definition(items(judged)).rulebook)["a"]
    assert marks_limits(places, "A", "h") == (0, 0)
    assert marks_limits(places, "A", "g") == (0, 10)


@pytest.mark.parametrize(
    ("rule", "score"),
    [
        ("measure: quantity, rule: {kind: per_item, each: 1}", "9.00"),
        ("measure: count, rule: {kind: per_item, each: 1}", "1.00"),
        ("rule: {kind: levels, levels: {city: 3, national: 5}}", "5.00"),
    ],
)
def test_one_object_written_twice_is_one_matter(rule: str, score: str) -> None:
    rows = claims(("A", "a", "ＯＢＪ4", "city", "3", "甲"), ("A", "a", "obj 4", "national", "9", "乙"))
    made = evaluated(items(f"{{code: a, points: 10, {rule}}}"), claims=rows)
    assert item_score(made.scores, "A", "a") == score
    assert made.faults() == []


def test_pieces_of_a_list_are_told_apart_by_every_sign() -> None:
    pieces = "[{code: p-1, points: 4}, {code: p1, points: 6}]"
    rows = claims(("A", "a", "p-1", None, None, None))
    made = evaluated(items(f"{{code: a, points: 10, rule: {{kind: checklist, pieces: {pieces}}}}}"), claims=rows)
    assert item_score(made.scores, "A", "a") == "4.00"
    assert made.faults() == []


@pytest.mark.parametrize(
    ("sources", "provisional"),
    [("[sti]", "true"), ("[self]", "false"), ("[sti, self]", "true"), ("[self, sti]", "false")],
)
def test_a_unit_without_the_marks_that_a_department_owes_is_provisional(sources: str, provisional: str) -> None:
    offices = "departments: [{code: sti}]"
    rules = items(f"{{code: a, points: 10, sources: {sources}, rule: {{kind: judged}}}}", settings=offices)
    given = frame([("B", "a", "一", "0.8")], "unit_code", "indicator_code", "judge", "mark")
    made = evaluated(rules, marks=given)
    for table in (made.scores.indicator_scores, made.scores.total_scores):
        assert str(cell(table, "provisional", unit_code="A")).lower() == provisional
        assert str(cell(table, "provisional", unit_code="B")).lower() == "false"
    assert made.faults() == []
    assert ("部门应报的评委打分未到" in made.sentences()["A", "a"]) == (provisional == "true")
