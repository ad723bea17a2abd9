"""Appeals: when they are taken in, what lies before whoever decides, and what a decision changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from moved import YUXI, asked_to, moved_to
from running import run
from test_flow import published

from evaluation.states import APPROVED, FINAL, NOTICE, REVIEWED
from orchestration import appealing
from orchestration.cli import main
from orchestration.filing import ledger_of
from resources.appeals import OUTCOMES, appeals
from resources.corrections import corrections
from resources.home import Home

# Its home is made once for each worker: one worker takes all who need it.
pytestmark = pytest.mark.xdist_group("moved")


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
    assert "裁定：支持" in appealing.page_of(on_notice, YUXI, 1).read_text("utf-8")


def test_whoever_took_an_appeal_in_cannot_decide_it(on_notice: Home) -> None:
    filed()
    result = decided("refused", by="张三")
    assert result.exit_code == 2
    assert appeals(ledger_of(on_notice), YUXI)[1].outcome == ""


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_decision_is_made_once(on_notice: Home, outcome: str) -> None:
    filed()
    assert decided(outcome).exit_code == 0
    head = ledger_of(on_notice).head()
    assert decided(outcome).exit_code == 0
    assert ledger_of(on_notice).head() == head
    other = next(one for one in OUTCOMES if one != outcome)
    assert decided(other).exit_code == 2


def test_a_refused_appeal_corrects_nothing(on_notice: Home) -> None:
    filed()
    assert decided("refused", "--value", "75.5").exit_code == 2
    assert corrections(ledger_of(on_notice), YUXI).empty


def test_an_interrupted_decision_is_completed_by_deciding_again(
    on_notice: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed()
    with monkeypatch.context() as patched:
        patched.setattr(appealing, "approve_correction", lambda *_: 1 / 0)
        assert isinstance(decided("upheld", "--value", "75.5").exception, ZeroDivisionError)
    assert decided("upheld", "--value", "75.5").exit_code == 0
    asked = corrections(ledger_of(on_notice), YUXI)
    assert asked["approved_by"].tolist() == ["李四"]


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
    assert "公示期已于2018-03-01止" in filed("--received", "2018-03-02").output
    assert filed("--received", "2018-03-01").exit_code == 0


def test_a_list_tells_what_became_of_each(on_notice: Home) -> None:
    filed()
    filed()
    decided("partly")
    lines = kaohe("list", YUXI).output.splitlines()
    assert [line.split("　")[-1] for line in lines] == ["部分支持", "待裁定"]
