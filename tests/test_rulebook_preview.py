"""A draft rulebook before it is adopted: who moves, by which clause, and what cannot be said yet."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from previewed import RULEBOOK, SMALL, asked
from running import run

from evaluation.faults import InvalidRulebook
from evaluation.shifts import total_shifts
from orchestration.cli import main
from orchestration.correcting import request_correction
from orchestration.filing import ledger_of
from orchestration.rulebook_preview import RulebookPreview, preview_rulebook
from reports.csv_files import read_csv
from resources.adoption import adopt
from resources.home import Home

FRESH = "      - {code: fresh, name: 新项, points: 5, sources: [stats], rule: {kind: per_item, each: 1}}\n"
PLACE = RULEBOOK[RULEBOOK.index("      - {code: place") : RULEBOOK.index("bonuses:")]
EDITS = {
    "points": ("measure: completion, rule", "measure: completion, min_points: 10, rule"),
    "steps": ("better: 2, worse: 2", "better: 5, worse: 1"),
    "rank": ("worse: 25%", "worse: 50%"),
    "range": ("max: {g: 100, h: 30}", "max: {g: 16, h: 30}"),
    "source": ("points: 40, sources: [stats]", "points: 40, sources: [self]"),
    "bonus": ("max_points: 10\n", "max_points: 2\n"),
    "veto": ("at_most: 0", "at_most: 80"),
    "grade": ("quota: 50%", "quota: 100%"),
    "new": ("  - code: work\n", FRESH + "  - code: work\n"),
    "gone": (PLACE, ""),
    "section": ("    points: 30\n", "    points: 30\n    weight: 0.5\n"),
    "rounding": ("sections:\n", "scoring: {decimals: 1}\nsections:\n"),
}

# Each of them waits for whole runs of the job.
pytestmark = pytest.mark.timeout(600)


def draft(home: Home, *edits: str) -> Path:
    text = RULEBOOK
    for name in edits:
        old, new = EDITS[name]
        assert old in text
        text = text.replace(old, new)
    path = home.path / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def previewed(home: Home, *edits: str) -> RulebookPreview:
    return preview_rulebook(home, SMALL, draft(home, *edits))


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.sets(st.sampled_from(sorted(EDITS)), min_size=1, max_size=5))
def test_what_the_clauses_moved_adds_up_to_the_whole(evaluated_small: Home, edits: set[str]) -> None:
    if {"rank", "gone"} <= edits:
        edits = edits - {"rank"}
    found = previewed(evaluated_small, *sorted(edits))
    assert len(found.clauses) <= len(edits)
    for whole in found.units.to_dict("records"):
        own = found.parts[found.parts["unit_code"] == whole["unit_code"]].to_dict("records")
        change = sum((Decimal(row["score_after"]) - Decimal(row["score_before"]) for row in own), Decimal(0))
        assert change == Decimal(whole["score_after"]) - Decimal(whole["score_before"])
        assert own[0]["rank_before"] == whole["rank_before"]
        assert own[-1]["rank_after"] == whole["rank_after"]


@settings(
    max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(edits=st.sets(st.sampled_from(["points", "steps", "range", "source", "veto", "new", "bonus"]), min_size=2))
def test_adopting_the_draft_does_what_was_said(fresh_small: Callable[[], Home], edits: set[str]) -> None:
    home = fresh_small()
    found = previewed(home, *sorted(edits))
    rulebook = home.evaluations / SMALL / "rulebook.yaml"
    rulebook.write_text(draft(home, *sorted(edits)).read_text(encoding="utf-8"), encoding="utf-8")
    adopt(home, ledger_of(home), SMALL, "张三", "李四")
    assert run(SMALL).success
    before, after = (read_csv(home.published / SMALL / each / "ranking.csv") for each in ("v0001", "latest"))
    happened = total_shifts(before, after).set_index("unit_code").sort_index()
    foreseen = found.units.set_index("unit_code").sort_index().replace("无投入", "idle")[happened.columns]
    assert foreseen.fillna("").to_dict() == happened.fillna("").to_dict()


@pytest.fixture
def evaluated_small(fresh_small: Callable[[], Home]) -> Home:
    return fresh_small()


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: "# 注\n" + text,
        lambda text: text.replace("title: 小考核", "title: 大考核").replace("name: 授权量", "name: 授权"),
        lambda text: text.replace("{code: visits, name: 现场,", "{name: 现场, code: visits,"),
        lambda text: text.replace("reference: 第一条", "reference: 第九条"),
    ],
)
def test_an_edit_without_effect_gives_an_empty_report(evaluated_small: Home, edit: Callable[[str], str]) -> None:
    path = evaluated_small.path / "draft.yaml"
    path.write_text(edit(RULEBOOK), encoding="utf-8")
    found = preview_rulebook(evaluated_small, SMALL, path)
    assert found.units.empty
    assert found.officials.empty
    assert (found.clauses, found.notes) == ([], [])


def test_a_clause_that_moves_officials_alone_is_told_with_what_it_moves(evaluated_small: Home) -> None:
    path = evaluated_small.path / "draft.yaml"
    path.write_text(RULEBOOK.replace("minimum_days: 90", "minimum_days: 900"), encoding="utf-8")
    found = preview_rulebook(evaluated_small, SMALL, path)
    assert (len(found.units), len(found.officials), found.clauses, found.notes) == (0, 3, ["修改党政领导"], [])
    assert found.officials["cause"].str.fullmatch(r"修改党政领导（[\d.]+ → 无）").all()
    told = CliRunner().invoke(main, ["preview", SMALL, "--rulebook", str(path)]).output
    assert "3名党政领导的得分会变" in told
    assert "没有任何差别" not in told
    assert "没有影响" not in told


def test_rules_adopted_since_the_run_are_not_taken_for_those_in_force(evaluated_small: Home) -> None:
    rulebook = evaluated_small.evaluations / SMALL / "rulebook.yaml"
    rulebook.write_text(draft(evaluated_small, "steps").read_text(encoding="utf-8"), encoding="utf-8")
    adopt(evaluated_small, ledger_of(evaluated_small), SMALL, "张三", "李四")
    (note,) = previewed(evaluated_small, "steps").notes
    assert "还没有计分，本预览未计入" in note
    assert run(SMALL).success
    found = previewed(evaluated_small, "steps")
    assert (len(found.units), found.notes) == (0, [])


def test_corrections_approved_since_the_run_are_said_not_to_count(evaluated_small: Home) -> None:
    request_correction(evaluated_small, asked("A", "5", "grants"), "李四")
    assert "1项更正还没有计分，本预览未计入" in "".join(previewed(evaluated_small, "steps").notes)


def test_each_clause_is_named_as_the_rulebook_names_it(evaluated_small: Home) -> None:
    found = previewed(evaluated_small, "points", "steps", "bonus")
    assert found.clauses == ["修改第一条 授权量", "修改第二条 研发投入", "修改加分上限"]
    assert "修改第二条 研发投入（" in found.units.set_index("unit_code").loc["C", "cause"]


def test_new_items_without_data_new_vetoes_and_ties_are_said(evaluated_small: Home) -> None:
    notes = "\n".join(previewed(evaluated_small, "new", "veto").notes)
    assert "没有数据的项目：新项" in notes
    assert "新被一票否决：南乡、北乡" in notes


def test_targets_of_what_the_draft_does_not_have_are_said(evaluated_small: Home) -> None:
    path = evaluated_small.path / "draft.yaml"
    path.write_text(RULEBOOK.replace("grants", "patents"), encoding="utf-8")
    found = preview_rulebook(evaluated_small, SMALL, path)
    assert any("目标表里有4行" in note for note in found.notes)
    assert any("没有数据的项目：授权量、排位" in note for note in found.notes)


def test_a_draft_of_another_year_is_tried_on_the_data_that_there_are(evaluated_small: Home) -> None:
    path = evaluated_small.path / "draft.yaml"
    text = RULEBOOK.replace("small-2025", "small-2026").replace("2025", "2026")
    path.write_text(text.replace("better: 2, worse: 2", "better: 5, worse: 1"), encoding="utf-8")
    found = preview_rulebook(evaluated_small, SMALL, path)
    assert found.clauses == ["修改第二条 研发投入"]


def test_a_draft_that_cannot_be_used_is_refused_with_its_line(evaluated_small: Home) -> None:
    path = evaluated_small.path / "draft.yaml"
    path.write_text(RULEBOOK.replace("kind: proportional", "kind: proportionate"), encoding="utf-8")
    with pytest.raises(InvalidRulebook, match="第 12 行"):
        preview_rulebook(evaluated_small, SMALL, path)
    result = CliRunner().invoke(main, ["preview", SMALL, "--rulebook", str(path)])
    assert result.exit_code == 2


def test_the_command_shows_a_table_or_json(evaluated_small: Home) -> None:
    path = str(draft(evaluated_small, "steps"))
    assert "修改第二条" in CliRunner().invoke(main, ["preview", SMALL, "--rulebook", path]).output
    found = json.loads(CliRunner().invoke(main, ["preview", SMALL, "--rulebook", path, "--json"]).output)
    assert found["clauses"] == ["修改第二条 研发投入"]
    assert {row["step"] for row in found["parts"]} == {0}
