"""Appeals: when they are taken in, what lies before whoever decides, and what a decision changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from moved import YUXI, asked_to, moved_to
from running import run
from test_flow import published

import resources.appeals
from evaluation.states import APPROVED, FINAL, NOTICE, REVIEWED
from orchestration import appealing
from orchestration.cli import main
from orchestration.filing import ledger_of
from orchestration.notices import notices_of
from orchestration.status import status_of
from orchestration.tasks import OF_APPEALS
from resources.appeals import OUTCOMES, AppealRefused, Ruling, appeals, decide_appeal
from resources.clock import now
from resources.corrections import corrections
from resources.home import Home


def kaohe(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["appeal", *arguments])


def filed(*more: str) -> Result:
    return kaohe(
        "file", YUXI, "--unit", "530424", "--indicator", "base_score", "--grounds", "漏计一项专利<script>",
        "--filed-by", "王五", "--by", "张三", *more,
    )  # fmt: skip


def decided(outcome: str, *more: str, by: str = "李四") -> Result:
    return kaohe("decide", YUXI, "1", outcome, "--reason", "经核查属实", "--by", by, *more)


@pytest.fixture
def on_notice(evaluated_in: Callable[..., Home]) -> Home:
    return evaluated_in(APPROVED, NOTICE)


def test_appeals_are_taken_in_on_notice_only(evaluated: Home) -> None:
    result = filed()
    assert result.exit_code == 2
    assert "公示期间才受理" in result.output


def test_an_appeal_gets_a_receipt_number_and_a_page(on_notice: Home) -> None:
    result = filed("--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert told["number"] == 1
    assert told["receipt"].startswith("申诉20")
    page = Path(told["page"]).read_text("utf-8")
    for said in (
        told["receipt"],
        "华宁县",
        "待裁定",
        "70.0",
        "责任目标得分.csv",
        "澄江县",
        "漏计一项专利&lt;script&gt;",
    ):
        assert said in page
    assert "<script>" not in page


@pytest.mark.parametrize(("unit", "indicator"), [("530499", "base_score"), ("530424", "nothing")])
def test_what_is_not_assessed_cannot_be_disputed(on_notice: Home, unit: str, indicator: str) -> None:
    arguments = ["--unit", unit, "--indicator", indicator, "--grounds", "理由", "--filed-by", "王五", "--by", "张三"]
    assert kaohe("file", YUXI, *arguments).exit_code == 2
    assert appeals(ledger_of(on_notice), YUXI) == {}


@pytest.mark.parametrize("unit", ["华宁县", "５３０４２４", " 530424"])
def test_a_unit_may_be_named_and_is_recorded_by_its_code(on_notice: Home, unit: str) -> None:
    arguments = ["--indicator", "base_score", "--grounds", "漏计", "--filed-by", "王五", "--by", "张三"]
    assert kaohe("file", YUXI, "--unit", unit, *arguments).exit_code == 0
    assert appeals(ledger_of(on_notice), YUXI)[1].unit_code == "530424"


def test_an_upheld_appeal_corrects_the_figure_for_the_reviewed_version(on_notice: Home) -> None:
    filed()
    result = decided("upheld", "--value", "75.5")
    assert result.exit_code == 0, result.output
    assert run(YUXI).success
    moved_to(REVIEWED)
    (change,) = [row for row in published(on_notice, "changes.csv") if row["unit_code"] == "530424"]
    assert (change["score_before"], change["score_after"]) == ("72.0", "77.5")
    asked = corrections(ledger_of(on_notice), YUXI)
    assert asked[["reason_class", "requested_by", "approved_by"]].values.tolist() == [["申诉", "张三", "李四"]]
    assert "裁定：支持" in appealing.show(on_notice, YUXI, 1).read_text("utf-8")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_decision_is_made_once(on_notice: Home, outcome: str) -> None:
    filed()
    assert decided(outcome).exit_code == 0
    head = ledger_of(on_notice).head()
    assert decided(outcome).exit_code == 0
    assert ledger_of(on_notice).head() == head
    other = next(one for one in OUTCOMES if one != outcome)
    assert decided(other).exit_code == 2


def test_a_decision_made_again_for_another_figure_is_refused(on_notice: Home) -> None:
    filed()
    assert decided("upheld", "--value", "71").exit_code == 0
    assert decided("upheld", "--value", "71").exit_code == 0
    cell = {"subject": "figure", "unit_code": "530424", "indicator_code": "base_score", "period": "2017"}
    asked = {**cell, "object": "", "field": "value", "new_value": "71"}
    for correction, refused in ((asked, False), (asked | {"period": "2018"}, True)):
        with pytest.raises(AppealRefused, match="base_score 2017 更正为71”，不能改") if refused else nullcontext():
            decide_appeal(ledger_of(on_notice), YUXI, 1, Ruling("upheld", "经核查属实", "李四", correction))


def test_a_refused_appeal_corrects_nothing(on_notice: Home) -> None:
    filed()
    assert decided("refused", "--value", "75.5").exit_code == 2
    assert corrections(ledger_of(on_notice), YUXI).empty


def test_a_decision_and_its_correction_are_written_together_or_not_at_all(
    on_notice: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed()
    head, real = ledger_of(on_notice).head(), resources.appeals.append_within

    def killed(*given: Any, **named: Any) -> object:
        real(*given, **named)
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(resources.appeals, "append_within", killed)
        assert decided("upheld", "--value", "75.5").exit_code == 2
    assert ledger_of(on_notice).head() == head
    assert decided("upheld", "--value", "75.5").exit_code == 0
    after = ledger_of(on_notice).head()
    assert decided("upheld", "--value", "75.50").exit_code == 0
    assert ledger_of(on_notice).head() == after
    assert "更正为75.5" in decided("upheld", "--value", "76").output
    asked = corrections(ledger_of(on_notice), YUXI)
    assert asked[["new_value", "approved_by"]].values.tolist() == [["75.5", "李四"]]


def test_whoever_decides_sees_the_effect_on_everybody_before(on_notice: Home) -> None:
    page = Path(json.loads(filed("--json").output)["page"])
    assert "对各单位的影响" not in page.read_text("utf-8")
    head = ledger_of(on_notice).head()
    shown = kaohe("decide", YUXI, "1", "upheld", "--value", "75.5", "--preview")
    assert (shown.exit_code, "未写入任何内容" in shown.output) == (0, True), shown.output
    assert "72.0 → 77.5" in shown.output
    assert ledger_of(on_notice).head() == head
    kaohe("show", YUXI, "1", "--value", "75.5")
    assert "如果支持，对各单位的影响" in page.read_text("utf-8")
    assert ledger_of(on_notice).head() == head
    told = json.loads(decided("upheld", "--value", "75.5", "--json").output)
    foreseen = json.loads(kaohe("decide", YUXI, "1", "upheld", "--value", "75.5", "--preview", "--json").output)
    assert foreseen["effect"]["units"] == []  # it is in force by now
    (moved,) = [row for row in told["effect"]["units"] if row["unit_code"] == "530424"]
    for rescored in (False, True):
        if rescored:
            assert run(YUXI).success
            kaohe("show", YUXI, "1")
        text = page.read_text("utf-8")
        assert "裁定对各单位的影响" in text
        assert f"{moved['score_before']} → {moved['score_after']}" in text


@pytest.mark.parametrize("by", ["张三", "王五", "华宁县", " "])
def test_no_party_to_an_appeal_decides_it_and_nothing_is_half_written(on_notice: Home, by: str) -> None:
    filed()
    head = ledger_of(on_notice).head()
    assert decided("upheld", "--value", "75.5", by=by).exit_code == 2
    assert ledger_of(on_notice).head() == head


def test_nothing_becomes_final_while_an_appeal_is_open(on_notice: Home) -> None:
    filed()
    result = asked_to(FINAL)
    assert result.exit_code == 2
    assert "待裁定" in result.output
    decided("refused")
    assert asked_to(FINAL).exit_code == 0


def test_late_appeals_are_not_taken_in(on_notice: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from evaluation.states import Standing

    closed = Standing(NOTICE, "digest", 1, "2018-03-01")
    monkeypatch.setattr(appealing, "standing", lambda *_: closed)
    monkeypatch.setattr(appealing, "notice_began", lambda *_: "2018-02-23")
    assert "公示期已于2018-03-01止" in filed("--received", "2018-03-02").output
    assert "公示从2018-02-23开始" in filed("--received", "2018-02-22").output
    assert [filed("--received", day).exit_code for day in ("2018-02-23", "2018-03-01")] == [0, 0]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026/11/20", "不是日期"),
        ("20261120", "不是日期"),
        ("2999-01-01", "以后"),
        ("2020-01-01", f"公示从{now()[:10]}开始"),
    ],
)
def test_an_appeal_comes_in_on_a_day_of_the_notice(on_notice: Home, day: str, said: str) -> None:
    result = filed("--received", day)
    assert (result.exit_code, said in result.output) == (2, True), result.output
    assert appeals(ledger_of(on_notice), YUXI) == {}


def test_who_examines_is_told_of_appeals_that_wait(on_notice: Home) -> None:
    filed(), filed()
    decided("refused")
    told = [task for task in status_of(on_notice, YUXI)["tasks"] if task["what"] == OF_APPEALS]
    assert [(task["who"], task["id"]) for task in told] == [("", "2")]
    for said in ("-002", "华宁县", "责任目标得分", "漏计一项专利<script>"):
        assert said in told[0]["text"]
    result = CliRunner().invoke(main, ["status", YUXI])
    assert result.exit_code == 1
    assert f"kaohe appeal decide {YUXI} 编号" in result.output
    (notice,) = [one for one in notices_of(on_notice, YUXI, None, set()) if "appeal:2" in one.keys]
    assert notice.recipient == ""


def test_a_list_tells_what_became_of_each(on_notice: Home) -> None:
    filed()
    filed()
    decided("partly")
    lines = kaohe("list", YUXI).output.splitlines()
    assert [line.split("　")[-1] for line in lines] == ["部分支持", "待裁定"]
