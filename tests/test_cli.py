"""The commands as a person types them: what they print, and how they exit."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from previewed import SMALL, small_home

from assets.named import SHOWN, listed
from orchestration.cli import main
from orchestration.filing import ledger_of
from orchestration.setting_up import EXAMPLES
from resources.home import Home
from resources.inbox import Inbox
from resources.states import MOVED


def kaohe(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


CORRECTION = (
    "correct", "yuxi-2017", "--unit", "530424", "--indicator", "base_score", "--value", "75.5",
    "--reason", "漏计一项", "--document", "玉科发〔2018〕3号", "--by", "张三",
)  # fmt: skip


def test_init_twice_is_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOHE_HOME", str(tmp_path / "home"))
    assert "放入示例考核" in kaohe("init", str(tmp_path / "home")).output
    assert kaohe("init", str(tmp_path / "home")).output == ""


@pytest.mark.parametrize("folder", ["", " "])
def test_a_home_has_to_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    """An empty variable in a script is not the folder where one stands."""
    monkeypatch.chdir(tmp_path)
    assert kaohe("init", folder).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_of_many_units_it_is_told_how_many_there_are() -> None:
    assert listed({"A": "东乡", "B": "B"}) == "A（东乡）、B"
    many = {str(number): str(number) for number in range(SHOWN + 1)}
    assert listed(many).endswith(f"、{SHOWN - 1}等{SHOWN + 1}个")


def test_the_one_evaluation_that_is_open_is_meant_where_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("KAOHE_HOME", str(home.path))
    kaohe("init", str(home.path), "--example", "yuxi-2017", "--example", "wuhe-2015")
    several = kaohe("status")
    assert (several.exit_code, "wuhe-2015、yuxi-2017" in several.output) == (2, True)
    moved = {"state": "定稿", "results_digest": "", "notice_until": ""}
    ledger_of(home).append("wuhe-2015", MOVED, moved)
    assert json.loads(kaohe("status", "--json").output)["evaluation"] == "yuxi-2017"
    adopted = kaohe("adopt", "--by", "张三", "--approved-by", "李四")
    assert (adopted.exit_code, "yuxi-2017" in adopted.output) == (0, True), adopted.output
    assert [kaohe(*command, "").exit_code for command in (("status",), ("rebuild",))] == [2, 2]


def test_a_home_for_use_has_no_example_and_its_first_adoption_makes_the_inbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("KAOHE_HOME", str(home.path))
    assert kaohe("init", str(home.path), "--empty").exit_code == 0
    assert home.evaluation_names() == []
    assert kaohe("init", str(home.path), "--empty", "--all-examples").exit_code == 2
    shutil.copytree(EXAMPLES / "yuxi-2017", home.evaluations / "yuxi-2017")
    assert kaohe("adopt", "yuxi-2017", "--by", "张三", "--approved-by", "李四").exit_code == 0
    assert Inbox(home, "yuxi-2017").present


def test_a_definition_under_another_name_is_not_adopted(home: Home) -> None:
    shutil.copytree(home.evaluations / "yuxi-2017", home.evaluations / "yuxi-2018")
    for command in (["adopt", "yuxi-2018", "--by", "张三", "--approved-by", "李四"], ["evaluate", "yuxi-2018"]):
        result = kaohe(*command)
        assert result.exit_code == 2
        assert "与文件夹“yuxi-2018”不同名" in result.output
    assert kaohe("lint", "yuxi-2018").exit_code == 1


def test_what_nobody_expected_does_not_pass_for_work_that_was_done(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.linting.lint_target", lambda *_: 1 // 0)
    result = kaohe("lint", "yuxi-2017")
    assert (result.exit_code, "程序内部出错" in result.output) == (2, True)
    monkeypatch.setenv("KAOHE_STORE", "foo")
    result = kaohe("verify")
    assert (result.exit_code, "KAOHE_STORE 不是数据库地址" in result.output) == (2, True)


def test_an_account_is_not_made_where_no_home_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOHE_HOME", str(tmp_path / "typo"))
    result = CliRunner().invoke(main, ["users", "add", "张三", "--role", "operator"], input="A-Long-Password-2026\n")
    assert (result.exit_code, "检查 KAOHE_HOME" in result.output) == (2, True)
    assert not (tmp_path / "typo").exists()


def test_a_second_approval_says_whose_the_first_was(evaluated: Home) -> None:
    request = json.loads(kaohe(*CORRECTION, "--json").output)["request"]
    assert "已批准更正申请" in kaohe("approve", "yuxi-2017", str(request), "--by", "李四").output
    assert "已由李四批准" in kaohe("approve", "yuxi-2017", str(request), "--by", "王五").output


def test_init_leaves_what_the_user_has_changed(home: Home) -> None:
    rulebook = home.evaluations / "yuxi-2017" / "rulebook.yaml"
    rulebook.write_text(rulebook.read_text(encoding="utf-8").replace("places: 4", "places: 3"), encoding="utf-8")
    sent = home.inbox / "yuxi-2017" / "lead_office" / "加分事项.csv"
    sent.write_text("单位编码,事项编码,对象编号,数量\n530402,bonus_score,b,1\n", encoding="utf-8")
    assert kaohe("init", str(home.path)).output == ""
    assert "places: 3" in rulebook.read_text(encoding="utf-8")
    assert "530402,bonus_score,b,1" in sent.read_text(encoding="utf-8")


def test_an_example_that_there_is_not_is_refused_with_those_there_are(tmp_path: Path) -> None:
    result = kaohe("init", str(tmp_path / "home"), "--example", "nowhere-2017")
    assert (result.exit_code, "yuxi-2017" in result.output) == (2, True)


def test_evaluating_what_there_is_not_cannot_run(home: Home) -> None:
    result = kaohe("evaluate", "nowhere-2017")
    assert result.exit_code == 2
    assert "没有考核“nowhere-2017”" in result.output


def test_evaluate_tells_a_script_what_came_of_it(home: Home) -> None:
    result = kaohe("evaluate", "yuxi-2017", "--json")
    assert result.exit_code == 0, result.output
    (outcome,) = json.loads(result.output.splitlines()[-1])
    assert outcome["version"] == 1
    assert outcome["new_version"]
    assert outcome["failures"] == []


def test_evaluate_exits_1_where_findings_need_somebody(home: Home) -> None:
    sent = home.inbox / "yuxi-2017" / "lead_office" / "补报.csv"
    sent.write_text("单位编码,考核期,指标编码,数值\n530402,2017,base_score,约77\n", encoding="utf-8")
    result = kaohe("evaluate", "yuxi-2017")
    assert result.exit_code == 1, result.output
    assert "澄江县" in result.output
    assert "补报.csv D2" in result.output.replace("\n", "")


def test_a_definition_that_cannot_be_read_is_not_evaluated(home: Home) -> None:
    folder = home.evaluations / "broken-2025"
    folder.mkdir()
    (folder / "rulebook.yaml").write_text("evaluation: broken-2025\nevaluation: twice\n", encoding="utf-8")
    (folder / "units.csv").write_text("unit_code\n", encoding="utf-8")
    result = kaohe("evaluate", "broken-2025")
    assert result.exit_code == 2
    assert "rulebook.yaml 第2行" in result.output
    assert "不成立：考核办法可以读取" in result.output
    assert not (home.published / "broken-2025").exists()


def test_adopting_what_cannot_be_read_tells_the_line(home: Home) -> None:
    rulebook = home.evaluations / "yuxi-2017" / "rulebook.yaml"
    rulebook.write_text(rulebook.read_text(encoding="utf-8") + "unknown: 1\n", encoding="utf-8")
    result = kaohe("adopt", "yuxi-2017", "--by", "甲", "--approved-by", "乙")
    assert result.exit_code == 2
    assert "unknown" in result.output


def test_adopting_takes_two_people(home: Home) -> None:
    assert kaohe("adopt", "yuxi-2017", "--by", "甲", "--approved-by", "甲").exit_code == 2


def test_a_folder_that_is_no_home_is_not_evaluated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOHE_HOME", str(small_home(tmp_path / "bare").path))
    result = kaohe("evaluate", SMALL)
    assert (result.exit_code, "kaohe init" in result.output) == (2, True)
    assert "DAGSTER_HOME" not in result.output


def test_an_unknown_sender_is_refused(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    file.write_text("x", encoding="utf-8")
    result = kaohe("submit", "yuxi-2017", "nobody", str(file))
    assert (result.exit_code, "lead_office" in result.output) == (2, True)
    for day in ("上周", "2999-01-01", "2016-12-31"):
        assert kaohe("submit", "yuxi-2017", "lead_office", str(file), "--received", day).exit_code == 2
    assert "台账第" in kaohe("submit", "yuxi-2017", "lead_office", str(file)).output
    assert "没有新的送交" in kaohe("submit", "yuxi-2017", "lead_office", str(file)).output


def test_a_correction_is_asked_for_and_approved_by_another(evaluated: Home) -> None:
    asked = kaohe(*CORRECTION)
    assert asked.exit_code == 0
    assert "70 → 75.5" in asked.output
    seq = asked.output.split("台账第")[1].split("号")[0]
    assert seq in kaohe("status", "yuxi-2017").output
    assert kaohe("approve", "yuxi-2017", seq, "--by", "张三").exit_code == 2
    assert "已批准" in kaohe("approve", "yuxi-2017", seq, "--by", "李四").output


def test_status_says_what_is_still_to_be_scored(evaluated: Home) -> None:
    assert kaohe("status").exit_code == 0
    kaohe(*CORRECTION, "--approved-by", "李四")
    result = kaohe("status", "yuxi-2017", "--json")
    assert result.exit_code == 1
    assert "还没有计分" in json.loads(result.output)["to_do"][0]


def test_lint_takes_an_evaluation_or_a_file(home: Home) -> None:
    assert "没有上限" in kaohe("lint", "yuxi-2017").output
    path = home.evaluations / "yuxi-2017" / "rulebook.yaml"
    assert kaohe("lint", str(path)).output == kaohe("lint", "yuxi-2017").output
    assert kaohe("lint", "nothing").exit_code == 2


def test_verify_finds_a_changed_byte(evaluated: Home) -> None:
    assert kaohe("verify").exit_code == 0
    page = evaluated.published / "yuxi-2017" / "v0001" / "ranking.csv"
    page.write_bytes(page.read_bytes().replace(b"103.5", b"103.6"))
    result = kaohe("verify")
    assert (result.exit_code, "ranking.csv" in result.output) == (1, True)


def test_verify_finds_a_changed_archive(evaluated: Home) -> None:
    archived = next(path for path in evaluated.archive.rglob("*") if path.is_file())
    os.chmod(archived, 0o644)  # noqa: PTH101
    archived.write_bytes(archived.read_bytes() + b" ")
    assert "存档有误" in kaohe("verify").output


def test_explain_tells_formula_clause_and_cell(evaluated: Home) -> None:
    output = kaohe("explain", "yuxi-2017", "530424", "base_score").output
    assert "70" in output
    assert "条款：玉政办函〔2018〕16号" in output
    assert "责任目标得分.csv › F6" in output
    (row,) = json.loads(kaohe("explain", "yuxi-2017", "530424", "bonus_score", "--json").output)
    assert (row["formula"], row["sources"][0]["cell"]) == ("2", "C6")


def test_explain_names_the_correction(evaluated: Home) -> None:
    kaohe(*CORRECTION, "--approved-by", "李四")
    assert kaohe("evaluate", "yuxi-2017").exit_code == 0
    output = kaohe("explain", "yuxi-2017", "530424", "base_score").output
    assert "75.5" in output
    assert "〔更正〕台账 › 第" in output


@pytest.mark.parametrize("arguments", [("539999",), ("530424", "nothing")])
def test_explaining_what_there_is_not_is_refused(evaluated: Home, arguments: tuple[str, ...]) -> None:
    assert kaohe("explain", "yuxi-2017", *arguments).exit_code == 2
