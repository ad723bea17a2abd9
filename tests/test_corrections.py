from __future__ import annotations

from pathlib import Path

import pytest
from stores import on_both_stores

from orchestration.correcting import approve_correction, reject_correction, request_correction
from orchestration.filing import definition_of, senders_of, submit_files
from resources.adoption import TwoNamesNeeded
from resources.correction_requests import NoSuchRequest, RequestIsDecided, ValueHasChanged
from resources.corrections import approved, corrections, waiting
from resources.decisions import DecidesOwnCause
from resources.home import Home
from resources.ledger import Ledger
from resources.refused import Refused
from resources.store import Store

pytestmark = on_both_stores

ASKED = {
    "evaluation": "yuxi-2017",
    "unit": "530424",
    "indicator": "base_score",
    "period": None,
    "old_value": None,
    "value": "75.50",
    "reason": "漏计一项",
    "reason_class": "录入错误",
    "document": "玉科发〔2018〕3号",
    "by": "张三",
}


def ledger_of(home: Home) -> Ledger:
    return Ledger(Store(home.store_url))


def test_a_request_holds_the_value_in_force_and_waits_for_another_person(evaluated: Home) -> None:
    (entry,), _ = request_correction(evaluated, ASKED, None)
    row = corrections(ledger_of(evaluated), "yuxi-2017").iloc[0]
    assert row[["old_value", "new_value", "period", "requested_by"]].tolist() == ["70", "75.5", "2017", "张三"]
    assert row["seq"] == entry.seq
    assert row[["approval_seq", "approved_by"]].isna().all()


def test_request_and_approval_are_two_entries_by_two_people(evaluated: Home) -> None:
    entries, _ = request_correction(evaluated, ASKED, "李四")
    assert [entry.kind for entry in entries] == ["correction_requested", "correction_approved"]
    assert entries[1].payload["request_hash"] == entries[0].hash


@pytest.mark.parametrize("approved_by", ["张三", " 张三 ", "张　三", "张三\u200b", "", "\u200b"])
def test_nobody_approves_their_own_request(evaluated: Home, approved_by: str) -> None:
    before = ledger_of(evaluated).head()
    with pytest.raises(TwoNamesNeeded):
        request_correction(evaluated, ASKED, approved_by)
    assert ledger_of(evaluated).head() == before


def test_an_old_value_that_is_no_longer_in_force_writes_nothing(evaluated: Home) -> None:
    before = ledger_of(evaluated).head()
    with pytest.raises(ValueHasChanged, match="别人已先更正"):
        request_correction(evaluated, ASKED | {"old_value": "71"}, "李四")
    assert ledger_of(evaluated).head() == before


def test_the_second_correction_must_name_what_the_first_one_made(evaluated: Home) -> None:
    request_correction(evaluated, ASKED, "李四")
    with pytest.raises(ValueHasChanged):
        request_correction(evaluated, ASKED | {"old_value": "70", "value": "76"}, "李四")
    (entry, _), _ = request_correction(evaluated, ASKED | {"old_value": "75.5", "value": "76"}, "李四")
    assert entry.payload["old_value"] == "75.5"


def test_an_approval_is_bound_to_the_value_that_was_in_force(evaluated: Home) -> None:
    (first,), _ = request_correction(evaluated, ASKED, None)
    request_correction(evaluated, ASKED | {"value": "80"}, "李四")
    with pytest.raises(ValueHasChanged):
        approve_correction(evaluated, "yuxi-2017", first.seq, "李四")


def test_approving_twice_is_once(evaluated: Home) -> None:
    (entry,), _ = request_correction(evaluated, ASKED, None)
    approve_correction(evaluated, "yuxi-2017", entry.seq, "李四")
    head = ledger_of(evaluated).head()
    approve_correction(evaluated, "yuxi-2017", entry.seq, "王五")
    assert ledger_of(evaluated).head() == head


def test_a_request_may_be_rejected_by_another_and_withdrawn_by_its_own(evaluated: Home) -> None:
    for by, told in (("李四", "退回"), (" 张　三", "撤回")):
        (entry,), _ = request_correction(evaluated, ASKED, None)
        assert told in reject_correction(evaluated, "yuxi-2017", entry.seq, "依据不足", by)
        head = ledger_of(evaluated).head()
        reject_correction(evaluated, "yuxi-2017", entry.seq, "依据不足", by)
        assert ledger_of(evaluated).head() == head
        with pytest.raises(RequestIsDecided, match="请重新申请"):
            approve_correction(evaluated, "yuxi-2017", entry.seq, "王五")
    rows = corrections(ledger_of(evaluated), "yuxi-2017")
    assert rows["rejected_because"].tolist() == ["依据不足"] * 2
    assert waiting(rows).empty
    assert approved(rows).empty


def test_what_is_approved_is_not_rejected_and_nothing_without_a_reason(evaluated: Home) -> None:
    (entry, _), _ = request_correction(evaluated, ASKED, "李四")
    with pytest.raises(RequestIsDecided, match="不能再撤"):
        reject_correction(evaluated, "yuxi-2017", entry.seq, "看错了", "张三")
    with pytest.raises(Refused, match="理由"):
        reject_correction(evaluated, "yuxi-2017", entry.seq, " ", "张三")


def test_the_same_request_twice_is_one(evaluated: Home) -> None:
    first, second = (request_correction(evaluated, ASKED, None, once=True)[0][0] for _ in range(2))
    assert first == second


@pytest.mark.parametrize("value", ["75.50", "７５．５", " 75.5 ", "75。5"])
def test_a_value_is_written_in_any_way_in_which_it_may_be_filed(evaluated: Home, value: str) -> None:
    (entry,), _ = request_correction(evaluated, ASKED | {"value": value, "period": "2017年"}, None)
    assert entry.payload["new_value"] == "75.5"
    assert entry.payload["period"] == "2017"


def test_nobody_approves_what_is_for_the_unit_whose_official_they_are(evaluated: Home) -> None:
    definition = definition_of(evaluated, ledger_of(evaluated), "yuxi-2017")
    name = definition.unit_names["530424"]
    with pytest.raises(DecidesOwnCause):
        request_correction(evaluated, ASKED, name)


def test_only_a_request_can_be_approved(evaluated: Home) -> None:
    with pytest.raises(NoSuchRequest):
        approve_correction(evaluated, "yuxi-2017", 1, "李四")
    with pytest.raises(NoSuchRequest):
        approve_correction(evaluated, "yuxi-2017", 99, "李四")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"unit": "530499"}, "没有单位"),
        ({"indicator": "patents"}, "没有数据"),
        ({"period": "2016"}, "考核期"),
        ({"value": "约75"}, "不是数"),
        ({"value": "nan"}, "不是数"),
        ({"value": "1e400"}, "不是数"),
        ({"value": "1_0"}, "不是数"),
        ({"value": "70万元"}, "要的是"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(evaluated: Home, wrong: dict[str, str], told: str) -> None:
    before = ledger_of(evaluated).head()
    with pytest.raises(Refused, match=told):
        request_correction(evaluated, ASKED | wrong, "李四")
    assert ledger_of(evaluated).head() == before


def test_a_figure_is_not_approved_while_a_file_waits_to_be_read(evaluated: Home, tmp_path: Path) -> None:
    (entry,), _ = request_correction(evaluated, ASKED, None)
    file = tmp_path / "补报.csv"
    file.write_text("单位编码,考核期,指标编码,数值\n530424,2017,base_score,71\n", encoding="utf-8")
    definition = definition_of(evaluated, ledger_of(evaluated), "yuxi-2017")
    list(submit_files(evaluated, "yuxi-2017", senders_of(definition)[0], [file], None, "赵六"))
    with pytest.raises(Refused, match="还没有计分"):
        approve_correction(evaluated, "yuxi-2017", entry.seq, "李四")
