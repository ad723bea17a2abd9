"""People's decisions on what was found and claimed, from the command to the next score."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from running import TO_THE_VERSION, run
from submissions import AWARDS, DECIDED, claims, definition, values

from evaluation.decided import claims_decided, claims_that_count, values_decided
from evaluation.open_findings import open_findings
from orchestration import deciding, status
from orchestration.cli import main
from orchestration.deciding import decide_claim, resolve_finding
from orchestration.setting_up import make_folders
from orchestration.status import status_of
from orchestration.still_open import still_open
from resources.decisions import DecidedMeanwhile, DecidesOwnCause, resolve, told
from resources.findings import findings_frame, with_replacements
from resources.home import Home
from resources.inbox import make_inbox
from resources.kaohe import Work, work_on
from resources.refused import Refused
from resources.tables import FINDINGS

EVALUATION = "small-2025"
RULEBOOK = """
evaluation: small-2025
title: 小县考核
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
departments: [{code: stats, name: 统计局}]
groups: [{code: towns, name: 乡镇, kind: township}]
sections:
  - code: all
    name: 全部
    indicators:
      - {code: output, name: 产值, unit_of_measure: 万元, points: 50, max_points: none, sources: [stats, self],
         tolerance: 5%, range: {min: 0, max: 100}, rule: {kind: per_item, each: 1}}
      - {code: awards, name: 获奖, points: 50, max_points: none, sources: [self], measure: count,
         rule: {kind: per_item, each: 10}}
"""
UNITS = "unit_code,name,kind,group\nT1,甲镇,township,towns\nT2,乙镇,township,towns\n"
OFFICIALS = "official_code,unit_code,role,name,from,to\np1,T1,head,赵一,2025-01-01,\n"
HEAD = "单位编码,考核期,指标编码,数值\n"
CLAIMS = "单位编码,事项编码,对象编号,日期,文件\nT1,awards,CUP-2025-1,2025-05-01,县发〔2025〕1号\n"


def drop(home: Home, sender: str, name: str, text: str) -> None:
    folder = home.inbox / EVALUATION / sender
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def _filed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        home = Home(tmp_path_factory.mktemp("small") / "home")
        monkeypatch.setenv("KAOHE_HOME", str(home.path))
        monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
        folder = home.evaluations / EVALUATION
        folder.mkdir(parents=True)
        for name, text in (("rulebook.yaml", RULEBOOK), ("units.csv", UNITS), ("officials.csv", OFFICIALS)):
            (folder / name).write_text(text, encoding="utf-8")
        make_inbox(home, EVALUATION)
        drop(home, "stats", "figures.csv", HEAD + "T1,2025,output,40\nT2,2025,output,4000\n")
        drop(home, "T1", "own.csv", HEAD + "T1,2025,output,50\n")
        drop(home, "T1", "claims.csv", CLAIMS)
        before = status_of(home, EVALUATION)
        assert run(EVALUATION).success
        (home.path / "before.json").write_text(json.dumps(before), encoding="utf-8")
        yield home.path


@pytest.fixture
def small(_filed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home in which the evaluation has been run once."""
    shutil.copytree(_filed, tmp_path / "home", symlinks=True)
    monkeypatch.setenv("KAOHE_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


def kaohe(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def work_of(home: Home) -> Work:
    return work_on(home, EVALUATION)


def number_of(home: Home, code: str) -> str:
    found = work_of(home).findings()
    return str(found.loc[found["code"] == code, "finding_id"].iloc[0])


def accepted(home: Home, unit: str = "T1") -> dict[str, object]:
    frame = work_of(home).read("accepted_values")
    return dict(frame[frame["unit_code"] == unit].iloc[0])


def score_of(home: Home, indicator: str, unit: str = "T1") -> str:
    frame = work_of(home).read("indicator_scores")
    return str(frame[(frame["unit_code"] == unit) & (frame["indicator_code"] == indicator)]["indicator_score"].iloc[0])


def test_before_the_first_run_nobody_is_told_to_send_what_lies_there_unread(small: Home) -> None:
    before = json.loads((small.path / "before.json").read_text(encoding="utf-8"))
    assert not before["evaluated"]
    assert before["unread"] == {"T1": 2, "stats": 1}
    assert [task["what"] for task in before["tasks"]] == ["计分"]
    assert "有3份报送文件还没有读取" in before["to_do"][0]


def test_status_says_who_must_do_what_with_names_and_numbers(small: Home) -> None:
    found = status_of(small, EVALUATION)
    assert (found["title"], found["owed"], found["states"]) == ("小县考核", 2, {"filed": 1, "refused": 1})
    assert found["waiting"] == {"细则": 1, "来源不一致": 1, "待核定事项": 1}
    by_what = {task["what"]: task for task in found["tasks"]}
    assert by_what["来源不一致"]["id"] == number_of(small, "DISCREPANCY")
    assert by_what["退回"]["who_name"] == "统计局"
    assert "乙镇“产值”" in by_what["退回"]["text"]
    output = kaohe("status", EVALUATION).output
    assert all(word in output for word in ("考核办", "统计局", "kaohe resolve", "kaohe decide", by_what["退回"]["id"]))


def test_nothing_is_asked_for_before_it_is_due(small: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "now", lambda: "2025-06-01T08:00:00+08:00")
    assert status_of(small, EVALUATION)["states"] == {"filed": 1, "refused": 1}
    for file in (small.inbox / EVALUATION).rglob("*.csv"):
        file.unlink()
    assert not [task for task in status_of(small, EVALUATION)["tasks"] if task["what"] == "缺报"]


def test_a_resolved_discrepancy_is_no_longer_provisional_and_the_chosen_source_counts(small: Home) -> None:
    assert (accepted(small)["accepted_value"], accepted(small)["provisional"]) == ("40", True)
    number = number_of(small, "DISCREPANCY")
    result = kaohe(
        "resolve", EVALUATION, number.upper(), "--source", "self", "--reason", "统计口径不同", "--by", "王五"
    )
    assert result.exit_code == 0, result.output
    assert run(EVALUATION).success
    row = accepted(small)
    assert (row["accepted_value"], row["source"], row["flags"], row["provisional"]) == (
        "50",
        "self",
        "unverified;resolved",
        False,
    )
    found = work_of(small).findings()
    (resolved,) = found[found["finding_id"] == number].to_dict("records")
    assert resolved["accepted_by"] == "王五"
    assert "统计口径不同" in resolved["what_to_do"]
    assert number not in set(open_findings(found)["finding_id"])


def test_a_value_that_changes_brings_its_finding_back(small: Home) -> None:
    resolve_finding(small, EVALUATION, number_of(small, "DISCREPANCY"), "差异已说明", "王五")
    drop(small, "T1", "own.csv", HEAD + "T1,2025,output,51\n")
    assert run(EVALUATION).success
    (row,) = open_findings(work_of(small).findings()).query("code == 'DISCREPANCY'").to_dict("records")
    assert "51" in row["message"]
    assert accepted(small)["provisional"]


def test_a_units_own_claim_counts_when_it_is_accepted_and_says_so(small: Home) -> None:
    assert score_of(small, "awards") == "0.00"
    number = str(work_of(small).read("submitted_claims")["claim_id"].iloc[0])
    assert number in kaohe("status", EVALUATION).output
    assert kaohe("decide", EVALUATION, number, "accept", "--reason", "证书属实", "--by", "王五").exit_code == 0
    assert "有新的更正、决定或办法" in status_of(small, EVALUATION)["to_do"][0]
    assert run(EVALUATION).success
    assert score_of(small, "awards") == "10.00"
    told = kaohe("explain", EVALUATION, "T1", "awards").output
    assert "已认可：王五，理由：证书属实" in told
    decide_claim(small, EVALUATION, number, "refuse", "证书是上年的", "王五")
    assert run(EVALUATION).success
    assert score_of(small, "awards") == "0.00"
    found = work_of(small).findings()
    assert "证书是上年的" in found.loc[found["code"] == "CLAIM_REFUSED", "message"].iloc[0]


@pytest.mark.parametrize("name", ["赵一", "甲镇", " T1 "])
def test_nobody_decides_on_what_their_own_unit_filed(small: Home, name: str) -> None:
    head = work_of(small).ledger.head()
    number = str(work_of(small).read("submitted_claims")["claim_id"].iloc[0])
    with pytest.raises(DecidesOwnCause, match="甲镇"):
        decide_claim(small, EVALUATION, number, "accept", "属实", name)
    with pytest.raises(DecidesOwnCause):
        resolve_finding(small, EVALUATION, number_of(small, "DISCREPANCY"), "属实", name)
    assert work_of(small).ledger.head() == head


def test_who_handed_a_units_paper_in_is_refused_as_such_and_not_as_one_of_the_unit(small: Home, tmp_path: Path) -> None:
    paper = tmp_path / "纸质.csv"
    paper.write_text(CLAIMS.replace("CUP-2025-1", "CUP-2025-2"), encoding="utf-8")
    said = ("--received", "2026-01-05", "--by", "王五")
    assert kaohe("submit", EVALUATION, "T1", str(paper), *said).exit_code == 0
    assert run(EVALUATION).success
    claims = work_of(small).read("submitted_claims")
    number = str(claims.loc[claims["object_id"] == "CUP-2025-2", "claim_id"].iloc[0])
    with pytest.raises(DecidesOwnCause, match="“王五”替甲镇交来的"):
        decide_claim(small, EVALUATION, number, "accept", "属实", "王五")
    decide_claim(small, EVALUATION, number, "accept", "属实", "李四")


def test_what_cannot_be_resolved_is_refused_with_what_to_do_instead(small: Home) -> None:
    head = work_of(small).ledger.head()
    for number, more, word in (
        (number_of(small, "RANGE"), {}, "错误不能认可"),
        (number_of(small, "CLAIM_WAITS"), {}, "kaohe decide"),
        (number_of(small, "DISCREPANCY"), {"use": "use"}, "待判断"),
        (number_of(small, "DISCREPANCY"), {"source": "finance"}, "不是这项数据的来源"),
        ("f0000000", {}, "没有编号"),
    ):
        with pytest.raises(Refused, match=word):
            resolve_finding(small, EVALUATION, number, "属实", "王五", **more)
    with pytest.raises(Refused, match="没有编号"):
        decide_claim(small, EVALUATION, "c0000000", "accept", "属实", "王五")
    assert work_of(small).ledger.head() == head


@pytest.mark.parametrize("use", [None, "", "banana"])
def test_a_held_value_is_used_or_refused_and_nothing_else(
    small: Home, monkeypatch: pytest.MonkeyPatch, use: str | None
) -> None:
    monkeypatch.setattr(deciding, "is_held", lambda *_: True)
    head = work_of(small).ledger.head()
    with pytest.raises(Refused, match="按原值采用"):
        resolve_finding(small, EVALUATION, number_of(small, "RANGE"), "属实", "王五", use=use)
    assert work_of(small).ledger.head() == head


def test_what_is_resolved_is_told_with_one_full_stop(small: Home) -> None:
    """Messages of the intake end with one, those of statements do not."""
    with work_of(small).store.writing() as connection:
        connection.execute(sa.update(FINDINGS).values(message=FINDINGS.c.message + "。"))
    _, told = resolve_finding(small, EVALUATION, number_of(small, "DISCREPANCY"), "属实", "王五")
    assert "。。" not in told


def test_a_decision_that_says_nothing_known_keeps_nobody_from_scoring(small: Home) -> None:
    said = dict.fromkeys(("finding_id", "code", "unit_code", "indicator_code", "period", "raw", "sender"), "x")
    entry = resolve(
        work_of(small).ledger, EVALUATION, said | {"decision": "banana", "source": "", "reason": "", "by": "王五"}
    )
    assert "甲镇" in told([entry], {"x": "甲镇"})[0]
    assert "banana" in told([entry], {})[0]
    assert run(EVALUATION).success


def test_of_two_who_decide_at_once_the_second_is_told(small: Home) -> None:
    number = str(work_of(small).read("submitted_claims")["claim_id"].iloc[0])
    first, _ = decide_claim(small, EVALUATION, number, "accept", "属实", "王五", seen=0)
    with pytest.raises(DecidedMeanwhile):
        decide_claim(small, EVALUATION, number, "refuse", "没有原件", "李四", seen=0)
    again, _ = decide_claim(small, EVALUATION, number, "accept", "属实", "王五", seen=0)
    assert again.seq == first.seq
    assert decide_claim(small, EVALUATION, number, "refuse", "没有原件", "李四", seen=first.seq)[0].seq > first.seq
    finding = number_of(small, "DISCREPANCY")
    with pytest.raises(DecidedMeanwhile):
        resolve_finding(small, EVALUATION, finding, "属实", "王五", seen=first.seq)


def test_the_same_decision_twice_is_one_entry(small: Home) -> None:
    number = number_of(small, "DISCREPANCY")
    first, _ = resolve_finding(small, EVALUATION, number, "属实", "王五")
    again, _ = resolve_finding(small, EVALUATION, number, "属实", "王五")
    assert first.seq == again.seq


def test_an_expectation_that_cannot_work_is_refused_at_adoption(small: Home) -> None:
    path = small.evaluations / EVALUATION / "rulebook.yaml"
    path.write_text(RULEBOOK + "expectations:\n  - {expect: expect_nothing, column: output}\n", encoding="utf-8")
    line = RULEBOOK.count("\n") + 2
    result = kaohe("adopt", EVALUATION, "--by", "王五", "--approved-by", "李四")
    assert result.exit_code == 2
    assert f"第 {line} 行" in result.output
    assert f"rulebook.yaml:{line}" in kaohe("lint", EVALUATION).output


HELD = {"outcome": "held", "raw": "0.98", "value": "0.98"}


@pytest.mark.parametrize(("decision", "outcome"), [("use", "accepted"), ("refuse", "refused"), ("", "held")])
def test_a_held_value_is_used_or_refused_as_was_decided(decision: str, outcome: str) -> None:
    said = {"sender": "stats", "unit_code": "T1", "indicator_code": "patents", "period": "2025", "raw": "0.98"}
    frame = values_decided(values(HELD, {"value": "5"}), pd.DataFrame([said | {"decision": decision}]))
    assert frame["outcome"].tolist() == [outcome, "accepted"]
    changed = values_decided(values(HELD | {"raw": "0.97"}), pd.DataFrame([said | {"decision": decision}]))
    assert changed["outcome"].tolist() == ["held"]


def test_a_departments_claim_counts_at_once_until_it_is_refused() -> None:
    frame = claims({"object_id": "A-1", "sender": "sti", "source": "sti"}, {"object_id": "A-2"})
    assert claims_that_count(frame)["object_id"].tolist() == ["A-1"]
    answers = pd.DataFrame(
        [(8, frame["claim_id"][0], "refused", "王五", "重复"), (9, frame["claim_id"][1], "accepted", "王五", "属实")],
        columns=DECIDED,
    )
    decided = claims_decided(definition(AWARDS).rulebook, frame, answers)
    assert claims_that_count(decided)["object_id"].tolist() == ["A-2"]


FIRST, SECOND = {"sender": "sti", "source": "sti"}, {"sender": "market", "source": "market"}


@pytest.mark.parametrize(
    ("rows", "decisions"),
    [
        (({**SECOND, "object_id": "A"}, {**FIRST, "object_id": "A"}), ["yields", "counts"]),
        (({**SECOND, "object_id": "A"}, {**FIRST, "object_id": "B"}), ["counts", "counts"]),
        (({**SECOND, "object_id": "A"}, {**FIRST, "object_id": "A", "unit_code": "T2"}), ["counts", "counts"]),
        (({**SECOND, "object_id": "A"}, {**FIRST, "object_id": "A", "outcome": "refused"}), ["counts", "counts"]),
        (({**SECOND, "object_id": None}, {**FIRST, "object_id": None}), ["counts", "counts"]),
        (({**FIRST, "object_id": "A", "seq": 1}, {**FIRST, "object_id": "A", "seq": 1}), ["counts", "counts"]),
        (({**SECOND, "object_id": "Ａ-1"}, {**FIRST, "object_id": "a 1"}), ["yields", "counts"]),
        (({"object_id": "A"}, {**SECOND, "object_id": "A"}), ["waits", "counts"]),
    ],
)
def test_of_one_matter_the_department_named_first_is_believed(
    rows: tuple[dict[str, object], ...], decisions: list[str]
) -> None:
    assert claims(*rows)["decision"].tolist() == decisions


def test_a_claim_that_yields_counts_only_where_an_examiner_accepts_it() -> None:
    frame = claims({**FIRST, "object_id": "A"}, {**SECOND, "object_id": "A", "level": "national"})
    refused = pd.DataFrame([(8, frame["claim_id"][0], "refused", "王五", "重复")], columns=DECIDED)
    rulebook = definition(AWARDS).rulebook
    assert claims_decided(rulebook, frame, refused)["decision"].tolist() == ["refused", "yields"]
    accepted = pd.DataFrame([(8, frame["claim_id"][1], "accepted", "王五", "属实")], columns=DECIDED)
    assert claims_decided(rulebook, frame, accepted)["decision"].tolist() == ["counts", "accepted"]


FINDING = {
    "sender": "T1", "sha256": "old", "file": "a.xls", "unit_code": "T1", "indicator_code": "patents", "period": "2025",
    "code": "NUMBER", "severity": "error", "raw": "约5",
}  # fmt: skip
FILES = pd.DataFrame(
    [
        (1, "old", "T1", "a.xls", "figures", "accepted"),
        (2, "new", "T1", "a.xlsx", "figures", "accepted"),
        (3, "bad", "T1", "a.xlsx", "unread", "quarantined"),
    ],
    columns=["seq", "sha256", "sender", "name", "kind", "outcome"],
)
WITHOUT_KEY = {"unit_code": "T1", "indicator_code": "patents", "period": None}


def replaced_by(finding: dict[str, object], files: pd.DataFrame, *rows: dict[str, object]) -> str | None:
    (row,) = with_replacements(findings_frame("intake", [FINDING | finding]), files, values(*rows)).to_dict("records")
    return None if pd.isna(row["replaced_by"]) else str(row["replaced_by"])


@pytest.mark.parametrize(
    ("rows", "replaced"),
    [
        ((), None),
        (({"value": "5", "sender": "T1", "seq": 7},), "7"),
        (({"value": "5", "sender": "stats", "seq": 7},), None),
        (({"value": "5", "sender": "T1", "seq": 7, "outcome": "refused"},), "7"),
        (({"value": "5", "sender": "T1", "seq": 1, "outcome": "refused"},), None),
        (({"value": "5", "sender": "T1", "seq": 7, "unit_code": "T2"},), None),
    ],
)
def test_a_finding_on_a_figure_is_answered_when_its_sender_files_that_figure_again(
    rows: tuple[dict[str, object], ...], replaced: str | None
) -> None:
    assert replaced_by({}, FILES, *rows) == replaced


@pytest.mark.parametrize("finding", [WITHOUT_KEY, {"code": "NOT_YOUR_UNIT"}, {"code": "HEADER", "cell": "A1"}])
def test_any_other_is_answered_by_a_newer_readable_file_of_the_same_name(finding: dict[str, object]) -> None:
    finding = WITHOUT_KEY | finding
    assert replaced_by(finding, FILES.iloc[:1]) is None
    assert replaced_by(finding, FILES) == "2"
    assert replaced_by(finding, FILES.iloc[[0, 2]]) is None
    assert replaced_by(finding, FILES.assign(name=["a.xls", "b.xlsx", "b.xlsx"])) is None


def test_a_row_of_a_correction_sheet_is_answered_by_the_next_sheet() -> None:
    assert replaced_by({}, FILES.assign(kind="corrections")) == "2"


def test_an_old_file_that_comes_again_with_its_fault_is_not_answered_by_what_came_between() -> None:
    again = pd.concat([FILES.iloc[:2], FILES.iloc[:1].assign(seq=3)])
    assert replaced_by(WITHOUT_KEY, again) is None
    rows = [{"value": value, "sender": "T1", "seq": seq} for seq, value in ((1, "约5"), (2, "5"), (3, "约5"))]
    assert replaced_by({}, again, *rows) is None


def test_a_refused_figure_stays_open_until_its_sender_files_that_figure_again(small: Home) -> None:
    def refused() -> list[str]:
        found = open_findings(work_of(small).findings())
        return found.loc[found["code"] == "NUMBER", "raw"].tolist()

    for text, expected in [
        ("T1,2025,output,约40\nT2,2025,output,30\n", ["约40"]),
        ("T2,2025,output,31\n", ["约40"]),
        ("T1,2025,output,41\n", []),
    ]:
        drop(small, "stats", "quarter.csv", HEAD + text)
        assert run(EVALUATION).success
        assert refused() == expected


def test_an_error_about_a_value_is_never_explained_away_by_what_was_said_of_a_warning() -> None:
    number = findings_frame("findings", [FINDING])["finding_id"].iloc[0]
    said = pd.DataFrame([{"finding_id": number, "by": "王五", "reason": "属实"}])
    for severity, accepted in (("warning", ["王五"]), ("error", [])):
        frame = findings_frame("findings", [FINDING | {"severity": severity}], said)
        assert frame["accepted_by"].dropna().tolist() == accepted


def test_a_finding_keeps_its_number_in_a_new_file_and_loses_it_with_its_value() -> None:
    number = findings_frame("intake", [FINDING])["finding_id"].iloc[0]
    moved = findings_frame("intake", [FINDING | {"sha256": "new", "file": "b.csv", "cell": "Z9"}])
    changed = findings_frame("intake", [FINDING | {"raw": "约6"}])
    assert moved["finding_id"].iloc[0] == number != changed["finding_id"].iloc[0]


def test_a_figure_that_was_corrected_asks_nothing_of_its_sender_any_more(small: Home) -> None:
    finding = number_of(small, "RANGE")
    said = ("--reason", "多写了两个零", "--document", "县统〔2026〕1号", "--by", "张三", "--approved-by", "李四")
    assert not kaohe("correct", EVALUATION, "--unit", "T2", "--indicator", "output", "--value", "40", *said).exit_code
    assert run(EVALUATION, TO_THE_VERSION).success
    found = work_of(small).findings().set_index("finding_id").loc[finding]
    assert found["what_to_do"].startswith("无需再办：此数已更正（台账第")
    assert finding not in open_findings(work_of(small).findings())["finding_id"].tolist()


def test_a_double_claim_hinders_the_notice_until_somebody_has_decided(small: Home) -> None:
    drop(small, "T2", "claims.csv", CLAIMS.replace("T1,", "T2,"))
    assert run(EVALUATION).success
    number = number_of(small, "DOUBLE_CLAIM")
    assert any(number in one for one in still_open(work_of(small)))
    resolve_finding(small, EVALUATION, number, "两镇合办", "王五")
    assert run(EVALUATION).success
    assert not any(number in one for one in still_open(work_of(small)))


def test_what_hinders_the_notice_is_told_by_names(small: Home) -> None:
    ask = ["correct", EVALUATION, "--unit", "T2", "--indicator", "output", "--value", "40", "--reason", "漏计"]
    assert not kaohe(*ask, "--reason-class", "录入错误", "--document", "考1号", "--by", "王五").exit_code
    told = "\n".join(still_open(work_of(small)))
    assert "待批：乙镇 产值" in told
    assert "待核定：甲镇" in told
    assert "甲镇的得分是暂定的" in told
    assert re.search(r"\b(T1|T2|output|awards)\b", told) is None


def test_a_finding_of_two_places_is_counted_once(small: Home) -> None:
    drop(small, "T2", "claims.csv", CLAIMS.replace("T1,", "T2,"))
    make_folders(small)
    output = kaohe("evaluate", EVALUATION).output
    found = open_findings(work_of(small).findings())["finding_id"]
    assert found.nunique() < len(found)
    assert f"有{found.nunique()}个问题要人处理" in output
