"""States: their order, what each lets out, who may move them and when."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from moved import YUXI, asked_to, moved_to
from running import run
from test_corrections import ASKED
from test_flow import published, versions

from assets.scorecards import HELD_BACK
from evaluation.states import ANNOUNCED, APPROVED, FINAL, NOTICE, REVIEWED, STATES, TRIAL, Standing
from orchestration.cli import main
from orchestration.correcting import request_correction
from resources.holidays import InvalidHolidays, last_working_day, read_holidays
from resources.home import Home
from resources.ledger import Ledger

MakeHome = Callable[..., Home]


def manifest(home: Home, version: str = "latest") -> dict[str, object]:
    read: dict[str, object] = json.loads((home.published / YUXI / version / "manifest.json").read_text("utf-8"))
    return read


@pytest.mark.parametrize("state", [TRIAL, APPROVED, NOTICE, REVIEWED, FINAL, ANNOUNCED])
def test_the_results_that_were_put_into_a_state_go_out_in_it(state: str) -> None:
    assert Standing(state, "digest").state_of("digest", corrected=False) == state


@pytest.mark.parametrize(
    ("state", "goes_out"),
    [(TRIAL, TRIAL), (APPROVED, TRIAL), (NOTICE, None), (REVIEWED, None), (FINAL, FINAL), (ANNOUNCED, ANNOUNCED)],
)
def test_other_results_go_out_as_the_state_lets_them(state: str, goes_out: str | None) -> None:
    assert Standing(state, "digest").state_of("other", corrected=True) == goes_out


def test_after_the_final_state_nothing_but_a_correction_makes_a_version() -> None:
    assert Standing(FINAL, "digest").state_of("other", corrected=False) is None


def test_every_state_from_trial_to_announcement_makes_its_version(evaluated_in: MakeHome) -> None:
    evaluated = evaluated_in(APPROVED, NOTICE, FINAL)
    moved_to(ANNOUNCED)
    states = [manifest(evaluated, version)["state"] for version in versions(evaluated)]
    assert states == [TRIAL, APPROVED, NOTICE, FINAL, ANNOUNCED]
    assert "转入通报（玉科发〔2018〕5号）" in str(manifest(evaluated)["cause"])
    assert "（通报稿）" in (evaluated.published / YUXI / "latest" / "index.html").read_text("utf-8")


@pytest.mark.parametrize("state", [s for s in STATES if s != APPROVED])
def test_a_state_cannot_be_left_out(evaluated: Home, state: str) -> None:
    result = asked_to(state)
    assert result.exit_code == 2
    assert "可以移到：审定" in result.output


def test_one_person_cannot_move_a_state(evaluated: Home) -> None:
    result = asked_to(APPROVED, approved_by="张三")
    assert result.exit_code == 2
    assert "同一人" in result.output


def test_results_that_nobody_has_looked_at_cannot_be_approved(evaluated: Home) -> None:
    request_correction(evaluated, ASKED, "李四")
    result = asked_to(APPROVED)
    assert result.exit_code == 2
    assert "kaohe evaluate" in result.output


def test_an_approval_lapses_when_the_results_change(evaluated_in: MakeHome) -> None:
    evaluated = evaluated_in(APPROVED)
    request_correction(evaluated, ASKED, "李四")
    assert run(YUXI).success
    assert manifest(evaluated)["state"] == TRIAL
    assert "须重新审定" in asked_to(NOTICE).output
    moved_to(APPROVED, NOTICE)
    assert manifest(evaluated)["state"] == NOTICE


def test_corrections_during_the_notice_wait_for_one_reviewed_version(evaluated_in: MakeHome) -> None:
    evaluated = evaluated_in(APPROVED, NOTICE)
    shown = versions(evaluated)
    request_correction(evaluated, ASKED, "李四")
    assert run(YUXI).success
    request_correction(evaluated, {**ASKED, "unit": "530423", "value": "91"}, "李四")
    assert run(YUXI).success
    assert versions(evaluated) == shown
    assert "请先转入“复核”" in asked_to(FINAL).output
    moved_to(REVIEWED)
    assert len(versions(evaluated)) == len(shown) + 1
    assert {row["unit_code"] for row in published(evaluated, "changes.csv")} >= {"530424", "530423"}
    moved_to(FINAL)
    assert manifest(evaluated)["state"] == FINAL


def test_the_ranking_told_is_the_published_one_while_results_are_held_back(evaluated_in: MakeHome) -> None:
    evaluated = evaluated_in(APPROVED, NOTICE)
    request_correction(evaluated, ASKED, "李四")
    result = CliRunner().invoke(main, ["evaluate", YUXI])
    assert result.exit_code == 0, result.output
    assert HELD_BACK in result.output
    (told,) = json.loads(CliRunner().invoke(main, ["evaluate", YUXI, "--json"]).output.splitlines()[-1])
    assert told["held_back"]
    assert "没有变化" not in result.output
    (row,) = [one for one in published(evaluated, "ranking.csv") if one["unit_code"] == ASKED["unit"]]
    (line,) = [line for line in result.output.splitlines() if row["unit_name"] in line]
    assert row["total_score"] in line
    moved_to(REVIEWED)
    result = CliRunner().invoke(main, ["evaluate", YUXI])
    assert (HELD_BACK in result.output, "没有变化，仍是第" in result.output) == (False, True)


def test_there_is_nothing_to_review_where_nothing_was_decided(evaluated_in: MakeHome) -> None:
    evaluated_in(APPROVED, NOTICE)
    assert "可以直接定稿" in asked_to(REVIEWED).output


def test_corrections_after_the_final_state_are_numbered(evaluated_in: MakeHome) -> None:
    evaluated = evaluated_in(APPROVED, NOTICE, FINAL)
    request_correction(evaluated, ASKED, "李四")
    assert run(YUXI).success
    assert manifest(evaluated)["state"] == FINAL
    assert "更正第1号" in str(manifest(evaluated)["cause"])


def test_nothing_becomes_final_while_a_correction_waits(evaluated_in: MakeHome) -> None:
    evaluated = evaluated_in(APPROVED, NOTICE)
    request_correction(evaluated, ASKED, None)
    assert run(YUXI).success
    result = asked_to(FINAL)
    assert result.exit_code == 2
    assert "更正申请第" in result.output


def test_rules_cannot_be_adopted_once_results_are_shown(evaluated_in: MakeHome) -> None:
    evaluated_in(APPROVED, NOTICE)
    result = CliRunner().invoke(main, ["adopt", YUXI, "--by", "张三", "--approved-by", "李四"])
    assert result.exit_code == 2
    assert "考核办法不能再改" in result.output


def test_the_notice_period_is_counted_in_working_days(evaluated: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    rulebook = evaluated.evaluations / YUXI / "rulebook.yaml"
    text = rulebook.read_text("utf-8")
    assert "calendar:" not in text
    rulebook.write_text(text + "calendar: {publicity: {working_days: 5}}\n", "utf-8")
    result = CliRunner().invoke(main, ["adopt", YUXI, "--by", "张三", "--approved-by", "李四"])
    assert result.exit_code == 0, result.output
    monkeypatch.setattr("orchestration.moving.now", lambda: "2026-09-28T09:00:00+08:00")
    assert run(YUXI).success
    moved_to(APPROVED)
    assert "公示期到2026-10-10止" in asked_to(NOTICE).output
    assert run(YUXI).success
    monkeypatch.setattr("orchestration.moving.now", lambda: "2026-10-10T23:00:00+08:00")
    assert "还没有满" in asked_to(FINAL).output
    monkeypatch.setattr("orchestration.moving.now", lambda: "2026-10-11T00:00:00+08:00")
    assert asked_to(FINAL).exit_code == 0


def test_two_who_move_at_once_move_it_once(evaluated: Home, ledger_of_evaluated: Ledger) -> None:
    from resources.states import MoveRefused, move, standing

    seen = standing(ledger_of_evaluated, YUXI)
    payload = {
        "state": APPROVED, "results_digest": "d", "version": 1, "notice_until": "",
        "document": "文", "by": "张三", "approved_by": "李四",
    }  # fmt: skip
    move(ledger_of_evaluated, YUXI, payload, seen)
    with pytest.raises(MoveRefused, match="刚被别人移到“审定”"):
        move(ledger_of_evaluated, YUXI, payload, seen)


@pytest.fixture
def ledger_of_evaluated(evaluated: Home) -> Ledger:
    from orchestration.filing import ledger_of

    return ledger_of(evaluated)


def test_make_up_days_count_and_holidays_do_not() -> None:
    listed = {date(2026, 10, 1): False, date(2026, 10, 10): True}
    assert last_working_day(date(2026, 9, 30), 1, listed) == date(2026, 10, 2)
    assert last_working_day(date(2026, 10, 9), 1, listed) == date(2026, 10, 10)
    assert last_working_day(date(2026, 10, 9), 0, listed) == date(2026, 10, 9)


def test_a_home_comes_with_the_holidays_as_announced(home: Home) -> None:
    listed = read_holidays(home.holidays)
    assert listed[date(2026, 2, 14)] is True
    assert listed[date(2026, 2, 23)] is False


@pytest.mark.parametrize("line", ["2026-02-30,off", "2026-03-01,maybe", "2026-03-01"])
def test_a_line_of_the_holidays_that_says_nothing_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "holidays.csv"
    path.write_text(f"date,kind\n\n{line}\n", "utf-8")
    with pytest.raises(InvalidHolidays, match="第3行"):
        read_holidays(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_holidays_are_read_as_excel_saves_them(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "holidays.csv"
    path.write_bytes("date,kind,备注\r\n2026-10-01,off,国庆节\r\n2026-10-10,work,调休\r\n".encode(encoding))
    assert read_holidays(path) == {date(2026, 10, 1): False, date(2026, 10, 10): True}


def test_holidays_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "holidays.csv"
    path.write_bytes(b"2026-10-01,off\r\n\xff\xff\xff")
    with pytest.raises(InvalidHolidays, match=r"holidays\.csv .*另存为"):
        read_holidays(path)


def test_a_day_is_off_or_work_and_not_both(tmp_path: Path) -> None:
    path = tmp_path / "holidays.csv"
    path.write_text("2026-10-01,off\n2026-10-02,off\n2026-10-01,off\n", "utf-8")
    assert read_holidays(path) == {date(2026, 10, 1): False, date(2026, 10, 2): False}
    path.write_text("2026-10-01,off\n2026-10-02,off\n2026-10-01,work\n", "utf-8")
    with pytest.raises(InvalidHolidays, match="第1行和第3行都写了2026-10-01"):
        read_holidays(path)
