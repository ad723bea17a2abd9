"""Pages at the desk as people with different roles use them, and as somebody would who means harm."""

from __future__ import annotations

import csv
import re
import threading
from dataclasses import replace
from typing import Any

import pytest
from browsing import started
from desk_cases import ASKED, OWN, Desks, hidden, on_notice, words
from desk_site import fits, logged_in, served
from playwright.sync_api import sync_playwright
from previewed import SMALL, asked
from running import TO_THE_VERSION, run
from starlette.testclient import TestClient

from guard.app import create_app
from orchestration.correcting import request_correction
from orchestration.desk.section import DESK
from resources.accounts import Account, Accounts
from resources.appeals import DECIDED as APPEAL_DECIDED
from resources.appeals import FILED
from resources.corrections import APPROVED, REJECTED, REQUESTED, corrections
from resources.decisions import DECIDED, RESOLVED, SIGNED
from resources.inbox import RECEIVED
from resources.states import MOVED, PROPOSED

HOSTILE = "<script>alert(1)</script>=1+1\u202e"


def request_of(client: TestClient, **other: str) -> Any:
    """The answer, which leads on to the request's page where there is one."""
    return client.post("/desk/correction/new", data={**ASKED, "do": "send", **other}, follow_redirects=False)


def approved_by(client: TestClient, seq: int) -> Any:
    said = {"evaluation": SMALL, "seq": seq}
    return client.post("/desk/correction", data=said, follow_redirects=False)


def test_the_first_page_leads_to_what_is_to_be_done(desks: Desks) -> None:
    request_of(desks.of("东乡"))
    page = desks.of("王一").get("/")
    seq = desks.entries(REQUESTED)[0].seq
    assert f"/desk/correction?evaluation={SMALL}&amp;seq={seq}" in page.text
    assert "待核定事项" in words(page)
    assert "/desk/matters" in page.text
    assert words(desks.of("东乡").get("/")).count("待核定事项") == 0


def test_the_first_page_knows_at_once_what_has_changed_since_it_was_opened(desks: Desks) -> None:
    one, other = desks.of("王一"), desks.of("李二")
    before = words(one.get("/"))
    assert words(one.get("/")) == before
    dropped = desks.home.inbox / SMALL / "stats" / "新.csv"
    dropped.write_text("单位编码,考核期,指标编码,数值\nA,2025,grants,7\n", encoding="utf-8")
    with_the_file = words(other.get("/"))
    assert "有1份报送文件还没有读取" in with_the_file
    dropped.unlink()
    assert "有1份报送文件还没有读取" not in words(one.get("/"))
    assert words(one.get("/")) == before
    request_of(desks.of("东乡"))
    assert "待批更正" in words(one.get("/"))


def test_a_request_is_turned_down_with_a_reason_and_its_own_may_be_withdrawn(desks: Desks) -> None:
    wang, li, dong = desks.of("王一"), desks.of("李二"), desks.of("东乡")
    request_of(dong)
    (entry,) = desks.entries(REQUESTED)
    said = {"evaluation": SMALL, "seq": entry.seq, "do": "reject", "reason": ""}
    assert "请写明理由" in words(li.post("/desk/correction", data=said))
    assert desks.entries(REJECTED) == []
    assert "已退回" in words(li.post("/desk/correction", data={**said, "reason": "依据不足"}))
    assert [one.payload["rejected_by"] for one in desks.entries(REJECTED)] == ["李二"]
    assert "李二退回：依据不足" in words(dong.get("/desk/corrections"))
    request_of(dong, value="8")
    second = desks.entries(REQUESTED)[-1]
    assert "撤回申请" in words(dong.get(f"/desk/correction?seq={second.seq}"))
    assert dong.post("/desk/correction", data={**said, "seq": second.seq, "do": "approve"}).status_code == 403
    withdrawn = dong.post("/desk/correction", data={**said, "seq": second.seq, "reason": "报错了"})
    assert "已撤回，没有采用" in words(withdrawn)
    assert "东乡撤回：报错了" in words(dong.get("/desk/corrections"))
    assert "已由东乡" in words(wang.post("/desk/correction", data={**said, "seq": second.seq, "do": "approve"}))


def test_a_correction_is_asked_previewed_and_approved_under_the_names_of_those_who_do_it(desks: Desks) -> None:
    wang, li = desks.of("王一"), desks.of("李二")
    form = wang.get("/desk/correction/new?unit=A&indicator=place")
    assert "授权量" in words(form)
    assert hidden(form, "old_value") == "18"
    preview = wang.post("/desk/correction/new", data={**ASKED, "do": "preview"})
    assert "名次" in words(preview)
    assert "漏计一笔" in preview.text
    assert desks.entries(REQUESTED) == []
    asked = request_of(wang)
    assert "须由另一人登录批准" in words(wang.get(asked.headers["Location"]))
    (entry,) = desks.entries(REQUESTED)
    assert (entry.actor, entry.payload["requested_by"], entry.payload["new_value"]) == ("王一", "王一", "9")
    before = words(li.get(f"/desk/correction?seq={entry.seq}"))
    assert "漏计一笔" in before
    assert "预览" in before
    approved = li.post("/desk/correction", data={"evaluation": SMALL, "seq": entry.seq})
    assert "正在重新计分" in words(approved)
    assert f"台账第{desks.entries(APPROVED)[0].seq}号" in words(approved)
    assert '<meta http-equiv="refresh"' in approved.text
    assert desks.entries(APPROVED)[0].actor == "李二"


def test_nobody_approves_what_he_asked_for(desks: Desks) -> None:
    wang = desks.of("王一")
    request_of(wang)
    seq = desks.entries(REQUESTED)[0].seq
    answer = approved_by(wang, seq)
    assert answer.status_code == 409
    assert "经办人与批准人不能是同一人" in words(answer)
    assert desks.entries(APPROVED) == []


def test_a_name_in_capitals_is_no_second_person(desks: Desks) -> None:
    Accounts(desks.ledger.store).add(Account("zhao", "examiner"), "no password")
    request_correction(desks.home, asked("A", "9", "grants", by="ZHAO"), None)
    answer = approved_by(desks.of("zhao"), desks.entries(REQUESTED)[0].seq)
    assert "不能是同一人" in words(answer)


@pytest.mark.parametrize("name", ["东乡", "统计"])
def test_who_files_approves_nothing(desks: Desks, name: str) -> None:
    request_of(desks.of("王一"))
    seq = desks.entries(REQUESTED)[0].seq
    assert approved_by(desks.of(name), seq).status_code == 403
    assert desks.entries(APPROVED) == []


def test_the_same_request_twice_is_recorded_once(desks: Desks) -> None:
    wang = desks.of("王一")
    first, again = request_of(wang), request_of(wang)
    assert first.status_code == again.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    assert len(desks.entries(REQUESTED)) == 1
    assert request_of(desks.of("李二")).headers["Location"] != first.headers["Location"]


def test_a_form_that_is_stale_is_refused_with_what_stands_now(desks: Desks) -> None:
    wang, li = desks.of("王一"), desks.of("李二")
    form = wang.get("/desk/correction/new?unit=A&what=figure:grants")
    request_of(wang, value="17")
    approved_by(li, desks.entries(REQUESTED)[0].seq)
    late = request_of(wang, old_value=hidden(form, "old_value"))
    assert late.status_code == 422
    assert "现行值是“17”，不是“18”" in words(late)
    assert "漏计一笔" in late.text
    assert hidden(late, "old_value") == "17"
    assert len(desks.entries(REQUESTED)) == 1


def test_an_approval_of_a_value_that_changed_meanwhile_is_refused(desks: Desks) -> None:
    wang, li = desks.of("王一"), desks.of("李二")
    request_of(wang), request_of(wang, value="12")
    first, second = (entry.seq for entry in desks.entries(REQUESTED))
    approved_by(li, second)
    page = li.get(f"/desk/correction?seq={first}")
    assert "现行值是“12”" in words(page)
    assert approved_by(li, first).status_code == 409
    assert len(desks.entries(APPROVED)) == 1


def test_a_blank_is_told_beside_its_field_and_what_was_filled_in_stays(desks: Desks) -> None:
    answer = request_of(desks.of("王一"), document="", value="约9")
    assert answer.status_code == 422
    assert 'id="document-fault"' in answer.text
    assert 'aria-describedby="document-hint document-fault"' in answer.text
    assert 'value="约9"' in answer.text
    no_number = request_of(desks.of("王一"), value="约9")
    assert "“约9”不是数" in words(no_number)
    assert 'id="value-fault"' in no_number.text
    assert desks.entries(REQUESTED) == []


def test_a_township_asks_for_its_own_unit_only_and_sees_no_other_moves(desks: Desks) -> None:
    dong = desks.of("东乡")
    preview = dong.post("/desk/correction/new", data={**ASKED, "do": "preview"})
    assert "东乡" in words(preview)
    assert "南乡" not in words(preview)
    assert "公示以前不列其他单位的变动" in words(preview)
    assert request_of(dong).status_code == 303
    assert request_of(dong, unit="B", old_value="9", value="8").status_code == 403
    assert request_of(dong, what="target:grants", old_value="20").status_code == 403
    request_of(desks.of("王一"), unit="B", old_value="9", value="8")
    own, other = (entry.seq for entry in desks.entries(REQUESTED))
    assert dong.get(f"/desk/correction?seq={own}").status_code == 200
    assert dong.get(f"/desk/correction?seq={other}").status_code == 403
    assert "南乡" not in dong.get("/desk/corrections").text
    assert dong.get("/desk/unit?unit=B").status_code == 403


def test_a_department_asks_about_its_figures_of_any_unit(desks: Desks) -> None:
    assert request_of(desks.of("统计"), unit="B", old_value="9", value="8").status_code == 303
    assert desks.entries(REQUESTED)[0].actor == "统计"


def test_a_target_is_corrected_like_a_figure(desks: Desks) -> None:
    form = desks.of("王一").get("/desk/correction/new?unit=B&what=target:grants")
    assert hidden(form, "old_value") == "10.0"
    request_of(desks.of("王一"), unit="B", what="target:grants", period="", old_value="10.0", value="12")
    assert desks.entries(REQUESTED)[0].payload["subject"] == "target"


@pytest.mark.parametrize(
    ("what", "old", "new", "cell"),
    [
        ("level:prizes:P-2", "national", "provincial", "南乡 奖励 P-2 级别"),
        ("document:prizes:P-2", "科奖2号", "", "南乡 奖励 P-2 依据文件"),
        ("mark:visits:乙", "0.8", "0.7", "南乡 现场 乙 分值"),
        ("group", "g", "h", "南乡 分组"),
        ("to:pb", "", "2025-06-30", "南乡 钱二 任职至"),
        ("applicable:grants", "", "no", "南乡 授权量 有无此项任务"),
    ],
)
def test_claims_marks_groups_and_posts_are_corrected_like_figures(
    desks: Desks, what: str, old: str, new: str, cell: str
) -> None:
    wang = desks.of("王一")
    assert f'value="{what}"' in wang.get("/desk/correction/new?unit=B").text
    form = wang.get(f"/desk/correction/new?unit=B&what={what}")
    assert hidden(form, "old_value") == old
    said = {"unit": "B", "what": what, "period": "", "old_value": old, "value": new}
    preview = wang.post("/desk/correction/new", data={**ASKED, **said, "do": "preview"})
    assert (preview.status_code, cell in words(preview)) == (200, True), words(preview)
    assert request_of(wang, **said).status_code == 303
    approved_by(desks.of("李二"), desks.entries(REQUESTED)[0].seq)
    (approved,) = corrections(desks.ledger, SMALL).to_dict("records")
    assert (approved["old_value"], approved["new_value"]) == (old, new)


def test_what_is_not_among_the_answers_is_told(desks: Desks) -> None:
    said = {"unit": "B", "what": "level:prizes:P-2", "period": "", "old_value": "national", "value": "world"}
    answer = request_of(desks.of("王一"), **said)
    assert (answer.status_code, "请从列出的当中选" in words(answer)) == (422, True)


def test_who_files_is_offered_figures_alone(desks: Desks) -> None:
    assert "level:prizes" not in desks.of("东乡").get("/desk/correction/new?unit=A").text
    assert request_of(desks.of("东乡"), what="group", old_value="g", value="h").status_code == 403


def test_a_file_comes_back_with_its_receipt_at_once(desks: Desks) -> None:
    rows = "单位编码,考核期,指标编码,数值\nA,2025,grants,约20\nB,2025,grants,11\n"
    answer = upload(desks.of("统计"), "stats", ("补报.csv", rows.encode()))
    assert "须改正" in words(answer)
    assert "约20" in words(answer)
    (receipt,) = [part for part in answer.text.split('"') if part.endswith(".html") and "receipts" in part][:1]
    assert "约20" in desks.of("统计").get(receipt).text
    workbook = next(part for part in answer.text.split('"') if part.endswith(".xlsx") and "receipts" in part)
    assert desks.of("统计").get(workbook).content.startswith(b"PK")
    assert desks.of("东乡").get(receipt).status_code == 403
    entry = desks.entries(RECEIVED)[-1]
    assert (entry.actor, entry.payload["name"]) == ("统计", "补报.csv")
    assert (desks.home.inbox / SMALL / "stats" / "补报.csv").read_bytes() == rows.encode()
    again = upload(desks.of("统计"), "stats", ("补报.csv", rows.encode()))
    assert "没有新的送交" in words(again)
    assert desks.entries(RECEIVED)[-1] == entry


def upload(client: TestClient, sender: str, *files: tuple[str, bytes], kind: str = "") -> Any:
    sent = [("files", (name, data, "application/octet-stream")) for name, data in files]
    return client.post("/desk/upload", data={"evaluation": SMALL, "sender": sender, "kind": kind}, files=sent)


def test_forms_are_made_by_the_office_and_handed_out_to_whom_they_ask(desks: Desks) -> None:
    assert desks.of("统计").post("/desk/forms", data={"evaluation": SMALL}).status_code == 403
    assert "还没有生成" in words(desks.of("统计").get("/desk/upload"))
    desks.of("王一").post("/desk/forms", data={"evaluation": SMALL})
    page = desks.of("统计").get("/desk/upload")
    form = next(part for part in page.text.split('"') if part.startswith("/forms/"))
    assert desks.of("统计").get(form).content.startswith(b"PK")
    assert desks.of("东乡").get(form).status_code == 403


def test_a_township_uploads_for_nobody_else(desks: Desks) -> None:
    before = len(desks.entries(RECEIVED))
    assert upload(desks.of("东乡"), "B", ("a.csv", b"x")).status_code == 403
    assert upload(desks.of("东乡"), "stats", ("a.csv", b"x")).status_code == 403
    assert len(desks.entries(RECEIVED)) == before
    assert not (desks.home.inbox / SMALL / "B").exists()


@pytest.mark.parametrize(
    "name",
    ["../../../evil.csv", "..\\..\\evil.csv", "/etc/evil.csv", "C:\\x\\evil.csv", "\u202eevil.csv", "~$evil.csv"],
)
def test_a_name_with_a_way_in_it_stays_in_the_senders_folder(desks: Desks, name: str) -> None:
    answer = upload(desks.of("东乡"), "A", (name, "单位编码,考核期,指标编码,数值\n".encode()))
    assert answer.status_code == 200
    folder = desks.home.inbox / SMALL / "A"
    (kept,) = folder.iterdir()
    assert kept.name.endswith("evil.csv")
    assert desks.entries(RECEIVED)[-1].payload["name"] == kept.name
    assert not list(desks.home.path.parent.glob("evil*"))


def test_garbage_is_answered_and_what_is_no_report_is_not_taken(desks: Desks) -> None:
    garbage = upload(desks.of("东乡"), "A", ("坏.xlsx", b"PK\x03\x04" + bytes(range(256)) * 50))
    assert "整份未能采用" in words(garbage)
    before = len(desks.entries(RECEIVED))
    program = upload(desks.of("东乡"), "A", ("a.exe", b"MZ"))
    assert program.status_code == 422
    assert 'id="files-fault"' in program.text
    assert upload(desks.of("东乡"), "A").status_code == 422
    assert len(desks.entries(RECEIVED)) == before
    evidence = upload(desks.of("东乡"), "A", ("证.pdf", b"%PDF-1.4\n"), kind="佐证")
    assert "佐证/证.pdf" in words(evidence)


def test_what_is_too_big_is_not_read(desks: Desks) -> None:
    desks.app = create_app(desks.home, [OWN], (), [replace(DESK, uploads={"/desk/upload": 100_000})])
    dong, before = desks.of("东乡"), len(desks.entries(RECEIVED))
    assert "文件太大" in words(upload(dong, "A", ("大.csv", b"x" * 200_000)))
    assert len(desks.entries(RECEIVED)) == before
    assert dong.post("/desk/correction/new", data={**ASKED, "reason": "长" * 400_000}).status_code == 413
    long = request_of(dong, reason="长" * 2000)
    assert "写得太长" in words(long)
    many = [("files", (f"{n}.csv", b"x", "text/csv")) for n in range(25)]
    assert dong.post("/desk/upload", data={"evaluation": SMALL}, files=many).status_code == 400


def test_a_claim_is_decided_once_and_not_over_what_was_not_seen(desks: Desks) -> None:
    wang, li = desks.of("王一"), desks.of("李二")
    listed = wang.get("/desk/matters")
    assert "P-9" in words(listed)
    number = next(part for part in listed.text.split("id=") if part.startswith("c"))[:9]
    said = {"evaluation": SMALL, "id": number, "seen": hidden(wang.get(f"/desk/claim?id={number}"), "seen")}
    done = wang.post("/desk/claim", data={**said, "decision": "accept", "reason": "已核对原件"})
    assert "已记入台账" in words(done)
    wang.post("/desk/claim", data={**said, "decision": "accept", "reason": "已核对原件"})
    (entry,) = desks.entries(DECIDED)
    assert (entry.actor, entry.payload["by"], entry.payload["decision"]) == ("王一", "王一", "accepted")
    late = li.post("/desk/claim", data={**said, "decision": "refuse", "reason": "没有原件"})
    assert late.status_code == 409
    assert "已有人另作决定" in words(late)
    assert len(desks.entries(DECIDED)) == 1
    blank = li.post("/desk/claim", data={**said, "seen": str(entry.seq)})
    assert 'id="decision-fault"' in blank.text
    assert 'id="reason-fault"' in blank.text
    assert desks.of("东乡").post("/desk/claim", data=said).status_code == 403


def test_a_finding_is_explained(desks: Desks) -> None:
    wang = desks.of("王一")
    page = wang.get("/desk/matters?sender=stats")
    number = page.text.partition(f"/desk/finding?evaluation={SMALL}&amp;id=")[2][:9]
    shown = wang.get(f"/desk/finding?id={number}")
    assert "没有写明依据文件" in words(shown)
    said = {"evaluation": SMALL, "id": number, "seen": hidden(shown, "seen")}
    assert 'id="reason-fault"' in wang.post("/desk/finding", data=said).text
    wrong = wang.post("/desk/finding", data={**said, "reason": "已补", "use": "use"})
    assert "只用于待判断的值" in words(wrong)
    assert desks.entries(RESOLVED) == []
    assert "已记入台账" in words(wang.post("/desk/finding", data={**said, "reason": HOSTILE}))
    assert (desks.entries(RESOLVED)[0].actor, desks.entries(RESOLVED)[0].payload["by"]) == ("王一", "王一")
    assert "<script>" not in wang.get(f"/desk/finding?id={number}").text


def test_a_department_signs_its_own_figures(desks: Desks) -> None:
    tong = desks.of("统计")
    page = tong.get("/desk/sign")
    assert "还没有核定" in words(page)
    assert "授权量" in words(page)
    said = {"evaluation": SMALL, "department": "stats"}
    assert 'id="document-fault"' in tong.post("/desk/sign", data=said).text
    assert "已记入台账" in words(tong.post("/desk/sign", data={**said, "document": "统函1号"}))
    (entry,) = desks.entries(SIGNED)
    assert (entry.actor, entry.payload["by"]) == ("统计", "统计")
    assert 'id="by-fault"' in desks.of("王一").post("/desk/sign", data={**said, "document": "统函1号"}).text
    assert desks.of("东乡").get("/desk/sign").status_code == 403


def test_a_state_moves_by_two_people_who_log_in(desks: Desks) -> None:
    wang, li = desks.of("王一"), desks.of("李二")
    assert "可以转入" in words(wang.get("/desk/state"))
    asked = {"evaluation": SMALL, "do": "ask", "state": "审定", "document": "青科考〔2026〕1号"}
    assert 'id="document-fault"' in wang.post("/desk/state", data={**asked, "document": " "}).text
    wang.post("/desk/state", data=asked), wang.post("/desk/state", data=asked)
    (proposal,) = desks.entries(PROPOSED)
    approve = {"evaluation": SMALL, "do": "approve", "seq": str(proposal.seq)}
    assert "不能是同一人" in words(wang.post("/desk/state", data=approve))
    assert desks.entries(MOVED) == []
    assert "王一申请转入“审定”" in words(li.get("/"))
    moved = li.post("/desk/state", data=approve)
    assert "现在是 审定" in words(moved)
    (entry,) = desks.entries(MOVED)
    assert (entry.actor, entry.payload["by"], entry.payload["approved_by"]) == ("李二", "王一", "李二")
    assert "已经不在" in words(li.post("/desk/state", data=approve))
    hindered = li.get("/desk/state")
    assert "没有计分" in words(hindered)
    assert "后台会自动计分" in words(wang.post("/desk/state", data={**asked, "state": "公示"}))
    assert len(desks.entries(PROPOSED)) == 1


def test_an_appeal_before_the_notice_is_refused_in_words(desks: Desks) -> None:
    said = {"evaluation": SMALL, "unit": "A", "indicator": "grants", "grounds": "少计一件"}
    answer = desks.of("东乡").post("/desk/appeal/new", data=said)
    assert "公示期间才受理申诉" in words(answer)
    assert "少计一件" in answer.text
    assert desks.of("东乡").post("/desk/appeal/new", data={**said, "unit": "B"}).status_code == 403
    assert desks.entries(FILED) == []


def test_an_appeal_is_filed_by_the_unit_and_decided_by_somebody_else(desks: Desks) -> None:
    on_notice(desks)
    dong, wang = desks.of("东乡"), desks.of("王一")
    said = {"evaluation": SMALL, "unit": "A", "indicator": "place", "grounds": "少计一件"}
    assert 'id="grounds-fault"' in dong.post("/desk/appeal/new", data={**said, "grounds": ""}).text
    dong.post("/desk/appeal/new", data=said), dong.post("/desk/appeal/new", data=said)
    (filed,) = desks.entries(FILED)
    assert (filed.actor, filed.payload["filed_by"], filed.payload["unit_code"]) == ("东乡", "东乡", "A")
    first = wang.get("/")
    assert "待裁定申诉" in words(first)
    assert first.text.count("/desk/appeal?") == 1
    ruling = {"evaluation": SMALL, "number": "1", "outcome": "upheld", "reason": "属实", "value": "19"}
    assert dong.post("/desk/appeal", data={**ruling, "do": "send"}).status_code == 403
    looked = wang.post("/desk/appeal", data={**ruling, "do": "preview"})
    assert "18 → 19" in words(looked)
    assert 'value="send"' in looked.text
    wrong = wang.post("/desk/appeal", data={**ruling, "outcome": "refused", "do": "send"})
    assert 'id="value-fault"' in wrong.text
    assert desks.entries(APPEAL_DECIDED) == []
    assert "支持" in words(wang.post("/desk/appeal", data={**ruling, "do": "send"}))
    assert (desks.entries(APPEAL_DECIDED)[0].actor, desks.entries(APPROVED)[0].actor) == ("王一", "王一")
    assert "支持" in words(dong.get("/desk/appeals"))


def test_who_took_an_appeal_in_does_not_decide_it(desks: Desks) -> None:
    on_notice(desks)
    said = {"evaluation": SMALL, "unit": "B", "indicator": "grants", "grounds": "少计一件", "filed_by": "钱某"}
    desks.of("王一").post("/desk/appeal/new", data=said)
    assert "须由另一人登录裁定" in words(desks.of("王一").get("/desk/appeal?number=1"))
    ruling = {"evaluation": SMALL, "number": "1", "outcome": "refused", "reason": "不属实", "do": "send"}
    assert "不能是同一人" in words(desks.of("王一").post("/desk/appeal", data=ruling))
    assert desks.of("东乡").get("/desk/appeal?number=1").status_code == 403


def test_hostile_words_stand_on_pages_as_words(desks: Desks) -> None:
    wang = desks.of("王一")
    answer = request_of(wang, reason=HOSTILE, document=f'"><img src=x onerror=alert(1)>{HOSTILE}')
    request = wang.get(answer.headers["Location"])
    assert "&lt;script&gt;" in request.text
    for page in (request, wang.get("/desk/corrections"), wang.get("/"), wang.get('/desk/unit?unit="><script>')):
        assert "<script>" not in page.text
        assert "<img" not in page.text
        assert "\u202e" not in page.text


def test_a_form_of_another_site_changes_nothing(desks: Desks) -> None:
    wang = desks.of("王一")
    answer = wang.post("/desk/correction/new", data={**ASKED, "do": "send"}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
    assert desks.entries(REQUESTED) == []


@pytest.mark.parametrize("path", ["/desk/correction?seq=999", "/desk/claim?id=cnothing", "/desk/appeal?number=9"])
def test_what_is_not_there_is_not_found(desks: Desks, path: str) -> None:
    assert desks.of("王一").get(path).status_code == 404
    assert desks.of("王一").get("/desk/corrections?evaluation=other").status_code == 404
    assert desks.of("东乡").get("/desk/state").status_code == 403


def test_two_people_see_the_ranking_change_and_a_move_asked_for_before_is_void(desks: Desks) -> None:
    move_asked = {"evaluation": SMALL, "do": "ask", "state": "审定", "document": "1号"}
    desks.of("王一").post("/desk/state", data=move_asked)
    with served(desks.home, "王一", "李二") as site, sync_playwright() as playwright:
        browser = started(playwright)
        wang, li = logged_in(browser, site, "王一", 1280), logged_in(browser, site, "李二", 390)
        page = wang.page
        page.get_by_role("link", name="得分").click()
        before = page.locator("tr", has=page.get_by_role("link", name="东乡")).inner_text()
        page.get_by_role("link", name="东乡").click()
        assert re.search(r"总分\s*[0-9.]+\s*，第[12]名", page.locator("main").inner_text())
        page.get_by_role("link", name="更正授权量").click()
        page.get_by_label("更正为").fill("9")
        page.get_by_label("依据的文件").fill("青统函〔2026〕3号")
        page.get_by_role("button", name="预览影响").click()
        assert page.get_by_label("更正为").input_value() == "9"
        assert page.get_by_label("理由", exact=True).get_attribute("aria-invalid") == "true"
        page.get_by_label("理由", exact=True).fill("漏计一笔")
        page.get_by_label("理由", exact=True).press("Tab")
        page.get_by_role("button", name="预览影响").press("Enter")
        assert "南乡" in page.get_by_role("region", name="会变的单位").inner_text()
        fits(page)
        page.get_by_role("button", name="送出申请").click()
        page.get_by_text("须由另一人登录批准").wait_for()
        assert page.get_by_role("button", name="批准", exact=True).count() == 0

        page = li.page
        page.get_by_role("link", name="今天要办").click()
        page.get_by_role("link", name="更正申请第").click()
        fits(page)
        page.get_by_role("button", name="批准", exact=True).click()
        page.get_by_text("正在重新计分").wait_for()
        scored = threading.Thread(target=run, args=(SMALL, TO_THE_VERSION))  # no job runs beside playwright's loop
        scored.start()
        scored.join()
        page.get_by_text("已重新计分：第2版").wait_for()
        after = page.locator("tr", has=page.get_by_role("link", name="东乡")).inner_text()
        assert after != before
        assert "→" in after
        fits(page)
        assert ["422" in said for said in wang.complaints] == [True]  # the form with a blank
        assert li.complaints == []
        assert all(url.startswith(site) or url == "data:," for url in wang.requests + li.requests)
        browser.close()
    seq = desks.entries(REQUESTED)[0].seq
    shown = desks.of("李二").get(f"/desk/correction?seq={seq}")
    assert '<meta http-equiv="refresh"' not in shown.text
    with (desks.home.published / SMALL / "latest" / "ranking.csv").open(encoding="utf-8-sig") as rows:
        total = next(row["total_score"] for row in csv.DictReader(rows) if row["unit_code"] == "A")
    assert f"→ {total}" in words(shown)
    move_approved = {"evaluation": SMALL, "do": "approve", "seq": str(desks.entries(PROPOSED)[0].seq)}
    assert "结果又有变化" in words(desks.of("李二").post("/desk/state", data=move_approved))
    assert desks.entries(MOVED) == []


def test_a_long_name_pushes_no_column_out_of_the_ranking(desks: Desks) -> None:
    ranking = desks.home.published / SMALL / "latest" / "ranking.csv"
    long_name = "国家级高新技术产业开发区暨先进制造业协同创新示范园区管理委员会（筹）"
    ranking.write_text(ranking.read_text("utf-8-sig").replace("东乡", long_name), "utf-8")
    with served(desks.home, "王一") as site, sync_playwright() as playwright:
        browser = started(playwright)
        page = logged_in(browser, site, "王一", 900).page
        page.get_by_role("link", name="得分").click()
        page.get_by_role("link", name=long_name).wait_for()
        hidden_away = page.get_by_role("region", name="名次").evaluate("e => e.scrollWidth > e.clientWidth")
        browser.close()
    assert not hidden_away


def test_who_has_only_a_browser_is_sent_to_its_pages_and_to_no_command(desks: Desks) -> None:
    fresh = desks.home.evaluations / "fresh-2025"
    fresh.mkdir()
    for file in (desks.home.evaluations / SMALL).iterdir():
        text = file.read_text("utf-8").replace(f"evaluation: {SMALL}", "evaluation: fresh-2025")
        (fresh / file.name).write_text(text, encoding="utf-8")
    examiner = desks.of("王一")
    for path in (
        "/",
        "/desk/matters",
        "/desk/state",
        "/desk/sign",
        "/desk/ranking",
        "/desk/upload",
        "/desk/corrections",
    ):
        for code in (SMALL, "fresh-2025"):
            told = words(examiner.get(f"{path}?evaluation={code}"))
            assert "kaohe" not in told, (path, told)
            assert "Dagster:" not in told, (path, told)
    assert examiner.get("/desk/matters?evaluation=fresh-2025").status_code == 409
