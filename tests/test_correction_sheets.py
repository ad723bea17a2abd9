"""A corrections workbook in the inbox: rows become requests once, wait for a person, and are bound to what they saw."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from previewed import SMALL, asked, small_home, submit
from running import run

from evaluation.corrected import CELL
from evaluation.open_findings import open_findings
from orchestration.correcting import approve_correction, reject_correction, request_correction
from orchestration.filing import ledger_of, submit_files
from orchestration.rebuilding import rebuild
from orchestration.status import status_of
from resources.adoption import TwoNamesNeeded, adopt
from resources.correction_requests import ValueHasChanged
from resources.corrections import APPROVED, corrections
from resources.home import Home
from resources.kaohe import work_on
from resources.refused import Refused

SHEET = (
    "单位编码,指标编码,考核期,原值,更正为,理由,理由类别,依据文件,申请人\n"
    "A,grants,2025,18,19,漏计一件,录入错误,统函1号,王五\n"
    "B,grants,2025,,10,漏计一件,,,\n"
    "C,grants,2025,99,16,看错了,,,\n"
)

# Each of them waits for whole runs of the job.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def asked_by_sheet(tmp_path_factory: pytest.TempPathFactory) -> Home:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("KAOHE_SETTLE_SECONDS", "0")
        path = tmp_path_factory.mktemp("sheet") / "home"
        monkeypatch.setenv("KAOHE_HOME", str(path))
        home = small_home(path)
        submit(home, "更正.csv", SHEET)
        assert run(SMALL).success
        assert run(SMALL).success
        return home


def test_rows_become_requests_once_by_their_sender_and_wait(asked_by_sheet: Home) -> None:
    rows = corrections(ledger_of(asked_by_sheet), SMALL)
    assert rows["approval_seq"].isna().all()
    shown = rows[["unit_code", "old_value", "new_value", "document", "requested_by"]].values.tolist()
    assert shown == [["A", "18", "19", "统函1号", "统计局 王五"], ["B", "9", "10", "更正.csv", "统计局"]]
    assert status_of(asked_by_sheet, SMALL)["waiting_corrections"] == rows["seq"].tolist()


def test_a_row_that_saw_another_value_is_told_with_both_values(asked_by_sheet: Home) -> None:
    found = work_on(asked_by_sheet, SMALL).findings()
    (finding,) = found[found["code"] == "CORRECTION_OLD_VALUE"].to_dict("records")
    assert (finding["unit_code"], finding["cell"], finding["sender"]) == ("C", "E4", "stats")
    assert "99" in finding["message"]
    assert "15" in finding["message"]


def test_a_request_is_refused_once_what_it_rests_on_has_changed(asked_by_sheet: Home) -> None:
    first, second = corrections(ledger_of(asked_by_sheet), SMALL)["seq"].tolist()
    request_correction(asked_by_sheet, asked("A", "21", "grants"), "李四")
    with pytest.raises(ValueHasChanged, match="现行值是“21”，不是“18”"):
        approve_correction(asked_by_sheet, SMALL, first, "赵六")
    assert f"第{second}号" in approve_correction(asked_by_sheet, SMALL, second, "赵六")


def test_a_request_names_the_cell_that_it_came_from(asked_by_sheet: Home) -> None:
    entry = ledger_of(asked_by_sheet).entry(int(corrections(ledger_of(asked_by_sheet), SMALL)["seq"].iloc[0]))
    assert entry is not None
    assert (entry.payload["file"], entry.payload["cell"]) == ("更正.csv", "E2")
    assert Path(asked_by_sheet.archive / entry.payload["sha256"][:2] / entry.payload["sha256"][2:]).is_file()


def test_whoever_filled_in_the_sheet_or_sent_it_does_not_approve(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    submit(home, "更正.csv", SHEET)
    assert run(SMALL).success
    seq = corrections(ledger_of(home), SMALL)["seq"].tolist()[0]
    for name in ("王五", "王　五", "统计局", "stats"):
        with pytest.raises(TwoNamesNeeded):
            approve_correction(home, SMALL, seq, name)
    assert "已批准" in approve_correction(home, SMALL, seq, "李四")


def test_a_mended_sheet_asks_only_for_what_is_new(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    submit(home, "更正.csv", SHEET)
    assert run(SMALL).success
    submit(home, "更正.csv", SHEET.replace("C,grants,2025,99,", "C,grants,2025,15,"))
    assert run(SMALL).success
    asked_for = corrections(ledger_of(home), SMALL)[["unit_code", "new_value"]].values.tolist()
    assert asked_for == [["A", "19"], ["B", "10"], ["C", "16"]]
    found = work_on(home, SMALL).findings()
    assert "CORRECTION_OLD_VALUE" not in set(found["code"])
    first, second = sorted((home.path / "receipts" / SMALL / "stats").glob("*-更正"))
    number = int(second.name.split("-")[0])
    (told,) = found.loc[found["code"] == "CORRECTION_SHEET_REPLACED", "message"]
    assert f"同名文件（台账第{number}号）代替" in told
    assert told in (first / "回执.html").read_text("utf-8")
    assert told not in (second / "回执.html").read_text("utf-8")


def test_a_row_that_is_out_of_the_figures_range_is_not_recorded(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    submit(home, "更正.csv", SHEET.replace(",18,19,", ",18,119,"))
    assert run(SMALL).success
    assert corrections(ledger_of(home), SMALL)["unit_code"].tolist() == ["B"]
    found = work_on(home, SMALL).findings()
    assert "“119”大于细则规定的上限 100" in found.loc[found["code"] == "CORRECTION_REFUSED", "message"].iloc[0]


def test_what_the_range_no_longer_admits_is_not_approved(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    submit(home, "更正.csv", SHEET.replace(",18,19,", ",18,99,"))
    assert run(SMALL).success
    rulebook = home.evaluations / SMALL / "rulebook.yaml"
    rulebook.write_text(rulebook.read_text("utf-8").replace("max: {g: 100", "max: {g: 90"), encoding="utf-8")
    adopt(home, ledger_of(home), SMALL, "张三", "李四")
    seq = corrections(ledger_of(home), SMALL)["seq"].tolist()[0]
    with pytest.raises(Refused, match="“99”大于细则规定的上限 90"):
        approve_correction(home, SMALL, seq, "李四")


def told(home: Home, file: str) -> list[tuple[str, str]]:
    found = work_on(home, SMALL).findings()
    found = found[(found["file"] == file) & (found["code"] == "CORRECTION_ASKED")]
    return list(zip(found["unit_code"], found["message"], strict=True))


def test_each_row_is_told_what_has_become_of_it(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    submit(home, "更正.csv", SHEET)
    assert run(SMALL).success
    assert told(home, "更正.csv") == [
        ("A", "已记为更正申请：18 → 19，等另一人批准，批准以前不采用"),
        ("B", "已记为更正申请：9 → 10，等另一人批准，批准以前不采用"),
    ]
    first, second = corrections(ledger_of(home), SMALL)["seq"].tolist()
    approve_correction(home, SMALL, first, "李四")
    reject_correction(home, SMALL, second, "依据不足", "李四")
    approved = next(e for e in ledger_of(home).entries(SMALL, [APPROVED]))
    assert run(SMALL).success
    assert told(home, "更正.csv") == [
        ("A", f"更正申请已由李四批准（台账第{approved.seq}号）：18 → 19"),
        ("B", "更正申请没有批准：9 → 10（李四：依据不足）"),
    ]


def test_what_is_asked_for_anew_withdraws_what_waits(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    submit(home, "更正.csv", SHEET)
    assert run(SMALL).success
    for value in ("20", "19"):
        submit(home, "更正.csv", SHEET.replace("18,19", f"18,{value}"))
        assert run(SMALL).success
    rows = corrections(ledger_of(home), SMALL)
    own = rows[rows["unit_code"] == "A"]
    assert own["new_value"].tolist() == ["19", "20", "19"]
    assert own["rejected_by"].notna().tolist() == [True, True, False]
    assert own["rejected_because"].iloc[0] == f"申请人改报为 20，见台账第{own['seq'].iloc[1]}号"
    assert rows["unit_code"].tolist() == ["A", "B", "A", "A"]


def test_a_row_that_came_after_a_correction_is_not_answered_by_it(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    request_correction(home, asked("A", "21", "grants"), "李四")
    submit(home, "更正.csv", SHEET.replace("18,19", "21,约22"))
    assert run(SMALL).success
    assert "NUMBER" in set(open_findings(work_on(home, SMALL).findings())["code"])
    request_correction(home, asked("A", "22", "grants"), "李四")
    assert run(SMALL).success
    assert "NUMBER" not in set(open_findings(work_on(home, SMALL).findings())["code"])


def test_a_class_of_reasons_that_there_is_not_is_refused(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    submit(home, "更正.csv", SHEET.replace("录入错误", "统计口径调整"))
    assert run(SMALL).success
    assert corrections(ledger_of(home), SMALL)["unit_code"].tolist() == ["B"]
    found = work_on(home, SMALL).findings()
    (row,) = found[found["code"] == "REASON_CLASS"].to_dict("records")
    assert (row["cell"], row["raw"], row["severity"]) == ("G2", "统计口径调整", "error")


def test_what_no_text_can_hold_is_shown_as_such_and_stops_no_run(fresh_small: Callable[[], Home]) -> None:
    home, book = fresh_small(), Workbook()
    sheet = book.create_sheet("更正", 0)
    for line in SHEET.replace("漏计一件,录", "漏_x0000_计,录").splitlines():
        sheet.append([text or None for text in line.split(",")])
    book.save(home.inbox / SMALL / "stats" / "更正.xlsx")
    assert run(SMALL).success
    first = corrections(ledger_of(home), SMALL)
    assert first["reason"].tolist() == ["漏\ufffd计", "漏计一件"]


CELLS = "更正什么,单位编码,指标编码,考核期,对象,栏目,原值,更正为,理由\n"


def test_a_sheet_asks_for_whatever_may_be_corrected(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    rows = [
        ("目标,A,授权量,,,,20,25,下达错了", ["target", "A", "grants", "", "", "target", "20", "25"]),
        (
            "事项,B,prizes,,p 2,级别,,provincial,报高了",
            ["claim", "B", "prizes", "", "p 2", "level", "national", "provincial"],
        ),
        ("评委打分,A,visits,,甲,,0.90,0.85,漏记", ["mark", "A", "visits", "", "甲", "mark", "0.9", "0.85"]),
        ("分组,D,,,,,h,g,划错了", ["group", "D", "", "", "", "group", "h", "g"]),
        ("任职,A,,,pa,任职至,,2025年6月30日,调走了", ["post", "A", "", "", "pa", "to", "", "2025-06-30"]),
        ("数据,B,grants,,,,9,10,漏计", ["figure", "B", "grants", "2025", "", "value", "9", "10"]),
    ]
    submit(home, "更正.csv", CELLS + "\n".join(row for row, _ in rows) + "\n")
    assert run(SMALL).success
    recorded = corrections(ledger_of(home), SMALL)
    assert recorded[[*CELL, "old_value", "new_value"]].values.tolist() == [asked_for for _, asked_for in rows]
    told = work_on(home, SMALL).findings()
    assert set(told["code"]) == {"CORRECTION_ASKED"}
    assert told["message"].iloc[0] == "东乡 授权量 目标值：已记为更正申请：20 → 25，等另一人批准，批准以前不采用"
    for seq in recorded["seq"].tolist():
        approve_correction(home, SMALL, seq, "李四")
    assert run(SMALL).success
    work = work_on(home, SMALL)
    assert set(corrections(ledger_of(home), SMALL)["approved_by"]) == {"李四"}
    assert work.definition.targets.set_index("unit_code").loc["A", "target"] == "25"
    assert set(work.findings()["message"].str.contains("更正申请已由李四批准")) == {True}


WRONG = {
    "奖金,A,grants,,,,,1,加": "更正什么“奖金”不在所列之中",
    ",A,grants,,,,,1,加": "更正什么“”不在所列之中",
    "目标,A,none,,,,,1,加": "没有可更正目标的指标“none”。可用：grants（授权量）、spending（研发投入）、",
    "目标,B,grants,,,数,,1,加": "更正目标要写明“栏目”，可用：target（目标值）",
    "目标,C,grants,,,,,很多,加": "“很多”不是数",
    "目标,D,grants,,,,9,11,加": "更正表写的原值是 9，现行核定值是 8，没有记为申请",
    "目标,A,grants,,,,20,,加": "更正为什么没有写；要改成空白的，写“空白”。",
    "目标,A,grants,,,有无此项任务,有,是,加": "现行值已经是“有此项任务”，不必更正。",
    "任职,A,,,pa,任职自,,空白,加": "这一栏不能改成空白。",
    "事项,A,prizes,,P-1,级别,,世界级,加": "没有级别“世界级”。可用：national（国家级）、provincial（省级）。",
    "事项,A,prizes,,P-9,级别,,national,加": "没有事项“P-9”。该单位现有：P-1。",
    "评委打分,A,visits,,甲,,,2,加": "“2”不在 0 到 1 之间",
    "数据,A,grants,2025,,,,,加": "更正为什么没有写。",
    "数据,A,grants,2024,,,,1,加": "考核期“2024”不对",
    "数据,A,,2025,,,,1,加": "没有写明是哪一项数据（“指标编码”）。",
    "数据,D,grants,2025,,,,31,加": "“31”大于细则规定的上限 30",
    "分组,A,,,,,g,z,加": "没有分组“z”。可用：g（甲组）、h（乙组）。",
    "数据,C,grants,2025,,,,14,加": "已记为更正申请",
    "数据,C,place,,,,,16,加": "同一格在 H19 已申请更正为 14，这一行没有记。",
    "任职,A,,,pa,任职至,,昨天,加": "“昨天”不是日期",
    "数据,B,grants,2025,,,,131,加": "“131”大于细则规定的上限 100",
    "数据,B,place,,,,,17,加": "已记为更正申请：9 → 17",
    "数据,D,grants,2025,甲,,,9,加": "更正数据不写“对象”，读到“甲”",
    "数据,D,grants,2025,,级别,,9,加": "更正数据不写“栏目”，读到“level”",
    "分组,A,grants,,,,,乙组,加": "更正分组不写“指标编码”，读到“grants”",
    "目标,A,spending,2025,,,,9,加": "更正目标不写“考核期”，读到“2025”",
}


def test_a_row_that_asks_for_what_cannot_be_says_why_and_stops_no_run(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    submit(home, "更正.csv", CELLS + "\n".join(WRONG) + "\n")
    assert run(SMALL).success
    assert corrections(ledger_of(home), SMALL)["new_value"].tolist() == ["14", "17"]
    found = work_on(home, SMALL).findings()
    told = dict(zip(found["cell"].str.lstrip("AH").astype("int64"), found["message"], strict=True))
    assert len(told) == len(WRONG)
    for number, words in enumerate(WRONG.values(), 2):
        assert words in told[number]


def test_figures_are_asked_for_by_who_reports_them_in_any_unit_of_measure(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    submit(home, "更正.csv", CELLS + "数据,A,grants,,,,18,30,加\n数据,A,place,,,,18,30,加\n", "A")
    head = CELLS.replace("更正为", "更正为,计量单位")
    submit(home, "更正二.csv", head + "数据,A,grants,,,,18件,20,件,加\n数据,B,grants,,,,0.0009,0.002,万件,加\n")
    submit(home, "更正三.csv", CELLS.replace("更正什么", "更正内容") + "目标,D,grants,,,目标值,,9,加\n")
    assert run(SMALL).success
    assert corrections(ledger_of(home), SMALL)[["unit_code", "new_value"]].values.tolist() == [["A", "20"], ["B", "20"]]
    found = work_on(home, SMALL).findings()
    assert found.loc[found["sender"] == "A", "message"].tolist() == ["“授权量”由统计局报送，请由它申请更正。"] * 2
    assert "更正什么" in found.loc[found["code"] == "MISSING_COLUMN", "message"].iloc[0]


def test_a_request_anew_with_the_old_value_of_now_is_another(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    submit(home, "更正.csv", CELLS + "数据,A,grants,2025,,,18,19,加\n评委打分,A,visits,,甲,,0.5,0.7,加\n")
    assert run(SMALL).success
    approve_correction(home, SMALL, int(corrections(ledger_of(home), SMALL)["seq"].iloc[0]), "李四")
    request_correction(home, asked("A", "0.6", "visits", subject="mark", object="甲", field="mark"), "李四")
    before = len(corrections(ledger_of(home), SMALL))
    assert rebuild(home, SMALL) == []
    assert len(corrections(ledger_of(home), SMALL)) == before
    assert run(SMALL).success
    request_correction(home, asked("A", "21", "grants"), "李四")
    submit(home, "更正.csv", CELLS + "数据,A,grants,2025,,,21,19,加\n")
    assert run(SMALL).success
    assert run(SMALL).success
    newest = corrections(ledger_of(home), SMALL).iloc[-1]
    assert (newest["old_value"], newest["new_value"], len(corrections(ledger_of(home), SMALL))) == (
        "21",
        "19",
        before + 2,
    )


def test_who_hands_a_sheet_in_does_not_approve_what_it_asks_for(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    file = home.path / "更正.csv"
    file.write_text(CELLS.replace("理由", "理由,申请人") + "目标,A,grants,,,,20,25,加,赵一、钱二\n", encoding="utf-8")
    list(submit_files(home, SMALL, "stats", [file], None, "李 四"))
    assert run(SMALL).success
    (seq,) = corrections(ledger_of(home), SMALL)["seq"].tolist()
    for name in ("李四", "钱二"):
        with pytest.raises(TwoNamesNeeded):
            approve_correction(home, SMALL, seq, name)
    assert "已批准" in approve_correction(home, SMALL, seq, "孙五")


def test_a_form_of_several_kinds_without_corrections_is_not_told_to_be_a_sheet_of_them(
    fresh_small: Callable[[], Home],
) -> None:
    home = fresh_small()
    for value in (18, 19):
        book = Workbook()
        figures, claims = book.create_sheet("数据", 0), book.create_sheet("事项", 1)
        figures.append(["单位编码", "考核期", "指标编码", "数值"])
        figures.append(["A", "2025", "grants", value])
        claims.append(["单位编码", "事项编码", "对象编号", "级别", "文件"])
        claims.append(["A", "prizes", "P-5", "national", "科奖5号"])
        book.save(home.inbox / SMALL / "stats" / "填报表.xlsx")
        assert run(SMALL).success
    assert "mixed" in set(work_on(home, SMALL).read("received_files", "submitted_values")["kind"])
    assert "CORRECTION_SHEET_REPLACED" not in set(work_on(home, SMALL).findings()["code"])


def test_answers_officials_and_blanks_are_taken_by_their_words(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    rows = [
        ("目标,B,grants,,,有无此项任务,有,无,没有任务", ["有此项任务 → 无此项任务", "", "no"]),
        ("事项,B,prizes,,p 2,级别,国家级,省级,报高了", ["国家级 → 省级", "national", "provincial"]),
        ("分组,D,,,,,乙组,甲组,划错了", ["乙组 → 甲组", "h", "g"]),
        ("任职,A,,,ｐａ,任职至,空白,2025-06-30,调走", ["（无） → 2025-06-30", "", "2025-06-30"]),
        ("目标,A,grants,,,力争值,,60,补", ["（无） → 60", "", "60"]),
    ]
    submit(home, "更正.csv", CELLS + "\n".join(row for row, _ in rows) + "\n")
    assert run(SMALL).success
    recorded = corrections(ledger_of(home), SMALL)
    assert recorded[["old_value", "new_value"]].values.tolist() == [values for _, (_, *values) in rows]
    assert recorded["object"].tolist() == ["", "p 2", "", "pa", ""]
    messages = work_on(home, SMALL).findings()["message"].tolist()
    for message, (_, (change, *_)) in zip(messages, rows, strict=True):
        assert change in message
    submit(home, "更正二.csv", CELLS + "目标,A,grants,,,力争值,,空白,不要了\n")
    approve_correction(home, SMALL, int(recorded["seq"].iloc[4]), "李四")
    assert run(SMALL).success
    newest = corrections(ledger_of(home), SMALL).iloc[-1]
    assert (newest["old_value"], newest["new_value"]) == ("60", "")


def test_claims_and_marks_of_others_are_neither_asked_for_nor_told(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    rulebook = home.evaluations / SMALL / "rulebook.yaml"
    text = rulebook.read_text("utf-8")
    text = text.replace("name: 统计局, signs_off: true}", "name: 统计局}, {code: agri, name: 农业局}")
    counted = "{kind: per_item, each: 1}, measure: quantity"
    text = text.replace("{kind: levels, levels: {national: 6, provincial: 3}}", counted)
    rulebook.write_text(text, encoding="utf-8")
    adopt(home, ledger_of(home), SMALL, "张三", "李四")
    rows = "评委打分,A,visits,,甲,,9,0.7,加\n事项,A,prizes,,P-9,级别,,省级,加\n目标,A,grants,,,,,30,加\n"
    submit(home, "更正.csv", CELLS + rows, "agri")
    submit(home, "本乡.csv", CELLS + "事项,A,prizes,,P-1,数量,,2,加\n事项,A,prizes,,P-1,级别,,国家级,加\n", "A")
    assert run(SMALL).success
    found = work_on(home, SMALL).findings()
    assert found.loc[found["code"] == "CORRECTION_REFUSED", "message"].tolist() == [
        "“现场”的评委打分由统计局报送，请由它申请更正。",
        "“奖励”的事项由统计局、被考核单位报送，请由它申请更正。",
        "“奖励”不分级别，读到“国家级”。",
    ]
    assert corrections(ledger_of(home), SMALL)["subject"].tolist() == ["target", "claim"]


def test_a_row_that_was_recorded_stays_so_whoever_reports_it_since(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    row = CELLS + "评委打分,A,visits,,甲,,,0.7,加\n"
    submit(home, "更正.csv", row)
    assert run(SMALL).success
    rulebook = home.evaluations / SMALL / "rulebook.yaml"
    departments = "name: 统计局}, {code: agri, name: 农业局}"
    text = rulebook.read_text("utf-8").replace("name: 统计局, signs_off: true}", departments)
    text = text.replace("sources: [stats], rule: {kind: judged}", "sources: [agri], rule: {kind: judged}")
    rulebook.write_text(text, encoding="utf-8")
    adopt(home, ledger_of(home), SMALL, "张三", "李四")
    submit(home, "更正.csv", row + "目标,A,grants,,,,,30,加\n")
    assert run(SMALL).success
    assert ["已记为更正申请" in message for _, message in told(home, "更正.csv")] == [True, True]
    assert corrections(ledger_of(home), SMALL)["subject"].tolist() == ["mark", "target"]


def test_a_row_that_was_refused_undoes_no_later_correction(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    submit(home, "更正.csv", CELLS + "目标,A,grants,,,,,20,加\n")
    assert run(SMALL).success
    request_correction(home, asked("A", "25", "grants", subject="target"), "李四")
    assert run(SMALL).success
    assert len(corrections(ledger_of(home), SMALL)) == 1
    (told,) = work_on(home, SMALL).findings().query("code == 'CORRECTION_REFUSED'")["message"]
    assert "这一格已另行申请更正并获批准" in told
    tasks = status_of(home, SMALL)["tasks"]
    assert [task["what"] for task in tasks if told.rstrip("。") in task["text"]] == ["退回"]
    submit(home, "更正.csv", CELLS + "目标,A,grants,,,,,20,还是二十\n")
    assert run(SMALL).success
    assert corrections(ledger_of(home), SMALL)["new_value"].tolist() == ["25", "20"]


def test_what_the_sender_has_withdrawn_is_told_so(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    submit(home, "更正.csv", CELLS + "目标,A,grants,,,,,25,加\n")
    assert run(SMALL).success
    reject_correction(home, SMALL, int(corrections(ledger_of(home), SMALL)["seq"].iloc[0]), "报错了", "统计局")
    assert run(SMALL).success
    assert told(home, "更正.csv")[0][1].endswith("更正申请已由申请人撤回：20 → 25（报错了）")


def test_a_row_that_was_approved_says_what_stands_there_since(fresh_small: Callable[[], Home]) -> None:
    home = fresh_small()
    submit(home, "更正.csv", SHEET)
    assert run(SMALL).success
    approve_correction(home, SMALL, int(corrections(ledger_of(home), SMALL)["seq"].iloc[0]), "李四")
    request_correction(home, asked("A", "21", "grants"), "李四")
    assert run(SMALL).success
    assert told(home, "更正.csv")[0][1].endswith("18 → 19；现行值已是 21")


def test_rows_that_are_not_recorded_are_returned_on_the_receipt(fresh_small: Callable[[], Home]) -> None:
    home, book = fresh_small(), Workbook()
    sheet = book.create_sheet("更正", 0)
    for line in (CELLS + "目标,A,grants,,,,20,25,加\n目标,A,none,,,,,1,加\n数据,C,grants,,,,99,10,加\n").splitlines():
        sheet.append([text or None for text in line.split(",")])
    book.save(home.inbox / SMALL / "stats" / "更正.xlsx")
    assert run(SMALL).success
    (folder,) = (home.path / "receipts" / SMALL / "stats").glob("*-更正")
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", (folder / "回执.html").read_text("utf-8")))
    assert "有2行未予受理，其余各行不受影响" in page
    assert "读到 受理 退回 待判断 重复 空白 3 1 2 0 0 0" in page
    marked = load_workbook(folder / "更正.xlsx")["更正"]
    assert [marked[cell].fill.fill_type for cell in ("H2", "H3", "H4")] == [None, "solid", "solid"]
    assert set(work_on(home, SMALL).read("accepted_values")["accepted_value"].dropna()) >= {"15"}
