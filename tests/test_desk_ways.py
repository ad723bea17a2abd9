"""How one gets from page to page at the desk, and what the pages about single matters offer."""

from __future__ import annotations

import re
import shutil

import pytest
import sqlalchemy as sa
from desk_cases import ASKED, Desks, hidden, moved_to, on_notice, words
from previewed import SMALL, submit
from running import TO_THE_VERSION, run

from orchestration import deciding
from orchestration.desk.section import DESK
from orchestration.still_open import still_open
from resources.adoption import adopt
from resources.appeals import DECIDED as APPEAL_DECIDED
from resources.corrections import REQUESTED
from resources.decisions import RESOLVED, resolve
from resources.kaohe import work_on
from resources.locks import holding
from resources.runs import UNFINISHED
from resources.tables import CURRENT_RUNS

OTHER = "small-2024"


def number_of(desks: Desks, code: str) -> str:
    found = work_on(desks.home, SMALL).findings()
    return str(found.loc[found["code"] == code, "finding_id"].iloc[0])


def test_the_navigation_stays_with_the_evaluation_that_was_chosen(desks: Desks) -> None:
    wang = desks.of("王一")
    assert 'href="/desk/upload"' in wang.get("/").text
    shutil.copytree(desks.home.evaluations / SMALL, desks.home.evaluations / OTHER)
    rulebook = desks.home.evaluations / OTHER / "rulebook.yaml"
    rulebook.write_text(rulebook.read_text("utf-8").replace(SMALL, OTHER).replace("小考核", "旧考核"), "utf-8")
    page = wang.get(f"/desk/corrections?evaluation={OTHER}").text
    for entry in DESK.entries:
        assert f'href="{entry.path}?evaluation={OTHER}"' in page


@pytest.mark.parametrize("path", ["/desk/unit?unit=A", "/desk/correction/new?unit=A", "/desk/upload?sender=A"])
def test_another_evaluation_is_chosen_from_any_page(desks: Desks, path: str) -> None:
    shutil.copytree(desks.home.evaluations / SMALL, desks.home.evaluations / OTHER)
    wang = desks.of("王一")
    action = re.findall(r'<form method="get" action="([^"]*)" class="choose">', wang.get(path).text)[0]
    assert wang.get(f"{action}?evaluation={SMALL}").status_code == 200


def test_a_claim_that_waits_is_decided_on_its_own_page(desks: Desks) -> None:
    wang = desks.of("王一")
    number = number_of(desks, "CLAIM_WAITS")
    assert f"/desk/finding?evaluation={SMALL}&amp;id={number}" in wang.get("/").text
    assert "P-9" in words(wang.get(f"/desk/finding?id={number}")).partition("核定事项")[2]


def test_a_held_value_is_used_or_not_and_nothing_else(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.desk.matters.is_held", lambda *_: True)
    monkeypatch.setattr(deciding, "is_held", lambda *_: True)
    wang, number = desks.of("王一"), number_of(desks, "CLAIM_DOCUMENT")
    page = wang.get(f"/desk/finding?id={number}")
    said = {"evaluation": SMALL, "id": number, "seen": hidden(page, "seen"), "reason": "已核对"}
    for use in ("", "banana"):
        answer = wang.post("/desk/finding", data={**said, "use": use})
        assert (answer.status_code, "请选择按原值采用还是不予采用" in words(answer)) == (422, True)
    assert desks.entries(RESOLVED) == []
    assert "按原值采用" in words(wang.post("/desk/finding", data={**said, "use": "use"})).partition("作过的决定")[2]


def test_no_page_repeats_the_unit_that_a_message_begins_with(desks: Desks) -> None:
    shown = words(desks.of("王一").get("/desk/matters"))
    assert "北乡“奖励”" in shown
    assert "北乡 奖励" not in shown


def test_what_was_approved_on_notice_and_is_in_no_version_yet_is_told(desks: Desks) -> None:
    on_notice(desks)
    wang, li = desks.of("王一"), desks.of("李二")
    assert "还没有汇总" not in words(wang.get("/desk/ranking"))
    wang.post("/desk/correction/new", data={**ASKED, "do": "send"})
    li.post("/desk/correction", data={"evaluation": SMALL, "seq": str(desks.entries(REQUESTED)[0].seq)})
    assert "批准的更正有1件还没有汇总" in words(wang.get("/desk/ranking"))


def test_who_appeals_is_offered_what_the_unit_is_scored_by(desks: Desks) -> None:
    on_notice(desks)
    dong = desks.of("东乡")
    items = {"授权量", "研发投入", "现场", "排位", "奖励"}
    assert items == set(re.findall(r'<option value="\w+">([^<]*)', dong.get("/desk/appeal/new?unit=A").text))
    scores = desks.home.published / SMALL / "latest" / "indicator_scores.csv"
    lines = [line for line in scores.read_text("utf-8-sig").splitlines() if ",visits," not in line]
    scores.write_text("\n".join(lines), "utf-8")
    assert "现场" not in dong.get("/desk/appeal/new?unit=A").text


def test_an_appeal_is_decided_by_the_button_that_says_so_and_on_its_own_figures(desks: Desks) -> None:
    on_notice(desks)
    said = {"evaluation": SMALL, "unit": "A", "indicator": "grants", "grounds": "少计一件"}
    desks.of("东乡").post("/desk/appeal/new", data=said)
    ruling = {"evaluation": SMALL, "number": "1", "outcome": "upheld", "reason": "属实", "value": "19"}
    assert "18 → 19" in words(desks.of("王一").post("/desk/appeal", data=ruling))
    other = desks.of("王一").post("/desk/appeal", data={**ruling, "figure": "spending", "do": "send"})
    assert (other.status_code, "请从列出的当中选" in words(other)) == (422, False)
    assert desks.entries(APPEAL_DECIDED) == []


@pytest.mark.parametrize("path", ["/desk/matters", "/desk/sign", "/desk/finding?id=x"])
def test_who_cannot_open_a_page_yet_may_choose_another_evaluation(desks: Desks, path: str) -> None:
    shutil.copytree(desks.home.evaluations / SMALL, desks.home.evaluations / OTHER)
    rulebook = desks.home.evaluations / OTHER / "rulebook.yaml"
    rulebook.write_text(rulebook.read_text("utf-8").replace(SMALL, OTHER), "utf-8")
    answer = desks.of("王一").get(f"{path}{'&' if '?' in path else '?'}evaluation={OTHER}")
    assert (answer.status_code, "还没有计分过" in words(answer)) == (409, True)
    assert f'<option value="{SMALL}"' in answer.text


def test_a_final_evaluation_offers_no_decision(desks: Desks) -> None:
    wang = desks.of("王一")
    claim = wang.get(f"/desk/finding?id={number_of(desks, 'CLAIM_WAITS')}").url
    finding = f"/desk/finding?id={number_of(desks, 'CLAIM_DOCUMENT')}"
    pages = [claim, finding, "/desk/sign?department=stats"]
    assert all("<button>记入台账" in wang.get(page).text or "<button>核定下列" in wang.get(page).text for page in pages)
    moved_to(desks, "审定", "公示", "定稿")
    for page in pages:
        assert "考核已定稿" in words(wang.get(page))
        assert "<button>记入台账" not in wang.get(page).text
        assert "<button>核定下列" not in wang.get(page).text


def test_of_two_sources_the_one_that_was_chosen_is_told(desks: Desks) -> None:
    number = number_of(desks, "CLAIM_DOCUMENT")
    said = dict.fromkeys(("code", "unit_code", "indicator_code", "period", "raw", "sender"), "x")
    resolve(
        desks.ledger, SMALL, said | {"finding_id": number, "decision": "", "source": "s", "reason": "属实", "by": "甲"}
    )
    assert "情况属实，以s为准" in words(desks.of("王一").get(f"/desk/finding?id={number}"))


def test_a_unit_is_offered_what_it_is_assessed_by(desks: Desks) -> None:
    rulebook = desks.home.evaluations / SMALL / "rulebook.yaml"
    text = rulebook.read_text("utf-8")
    rulebook.write_text(text.replace("name: 研发投入, reference: 第二条,", "name: 研发投入, applies_to: [g],"), "utf-8")
    adopt(desks.home, desks.ledger, SMALL, "张三", "李四")
    wang = desks.of("王一")
    for path, offered in (("?unit=A", True), ("?unit=D", False), ("", True)):
        assert ('value="figure:spending"' in wang.get(f"/desk/correction/new{path}").text) == offered
    other = wang.get("/desk/correction/new?unit=D&what=figure:spending")
    assert (other.status_code, "所选的单位没有这一项" in words(other)) == (422, True)


def test_while_it_is_scored_the_pages_say_that_they_are_not_whole(desks: Desks) -> None:
    wang = desks.of("王一")
    assert "正在计分" not in words(wang.get("/desk/matters"))
    with desks.ledger.store.writing() as connection:
        connection.execute(sa.update(CURRENT_RUNS).values(inputs_key=f"{UNFINISHED}x"))
    assert "正在计分" not in words(wang.get("/desk/matters"))
    with holding(desks.home, SMALL, "a run"):
        assert "正在计分" in words(wang.get("/desk/matters"))


def test_a_department_sees_what_came_with_its_own_sheets_in_words(desks: Desks) -> None:
    sheet = "更正什么,单位编码,指标编码,对象,栏目,原值,更正为,理由\n事项,B,prizes,p 2,级别,国家级,省级,报高了\n"
    submit(desks.home, "更正.csv", sheet)
    assert run(SMALL).success
    (entry,) = desks.entries(REQUESTED)
    for name, status in (("统计", 200), ("东乡", 403), ("王一", 200)):
        page = desks.of(name).get(f"/desk/correction?seq={entry.seq}")
        assert page.status_code == status
        assert ("国家级 → 省级" in words(page)) == (status == 200)
    assert "国家级 → 省级" in words(desks.of("统计").get("/desk/corrections"))
    assert "国家级 → 省级" not in words(desks.of("东乡").get("/desk/corrections"))
    assert desks.of("统计").get("/desk/correction?seq=1").status_code == 404


def test_no_appeal_is_offered_before_the_notice(desks: Desks) -> None:
    dong = desks.of("东乡")
    assert "提出申诉</button>" not in dong.get("/desk/appeal/new?unit=A").text
    assert "/desk/appeal/new" not in dong.get("/desk/unit?unit=A").text
    on_notice(desks)
    assert "提出申诉</button>" in dong.get("/desk/appeal/new?unit=A").text
    assert "/desk/appeal/new" in dong.get("/desk/unit?unit=A").text


def test_a_correction_is_offered_from_items_that_the_reader_may_ask_about(desks: Desks) -> None:
    def offered(name: str) -> set[str]:
        page = desks.of(name).get("/desk/unit?unit=A").text
        return set(re.findall(r"correction/new\?[^\"]*indicator=(\w+)", page))

    assert offered("东乡") == {"grants", "spending", "place"}
    assert offered("王一") == {"grants", "spending", "place", "visits", "prizes"}


def test_a_bureau_that_is_assessed_too_is_told_apart_from_itself(desks: Desks) -> None:
    rulebook = desks.home.evaluations / SMALL / "rulebook.yaml"
    rulebook.write_text(rulebook.read_text("utf-8").replace("name: 统计局", "name: 东乡"), "utf-8")
    adopt(desks.home, desks.ledger, SMALL, "张三", "李四")
    page = desks.of("王一").get("/desk/upload").text
    assert {"东乡〔stats〕", "东乡〔A〕", "南乡"} <= set(re.findall(r'<option value="\w+">([^<]*)', page))
    assert "<h1>东乡</h1>" in desks.of("王一").get("/desk/unit?unit=A").text


def test_a_paper_came_on_the_day_that_was_said(desks: Desks) -> None:
    sent = {"evaluation": SMALL, "sender": "stats", "kind": "", "received": "2026-01-05"}
    file = ("纸.csv", "单位编码,考核期,指标编码,数值\nA,2025,grants,17\n".encode(), "text/csv")
    page = words(desks.of("王一").post("/desk/upload", data=sent, files=[("files", file)]))
    assert re.search(r"纸\.csv 2026-01-05 回执", page)


def test_a_claim_that_a_department_sent_and_that_was_refused_is_open_too(desks: Desks) -> None:
    def left_open() -> list[str]:
        return [told for told in still_open(work_on(desks.home, SMALL)) if "被退回" in told]

    claims = "单位编码,事项编码,对象编号,级别,文件\nA,prizes,P-7,world,科奖7号\n"
    submit(desks.home, "奖.csv", claims)
    submit(desks.home, "奖.csv", claims.replace("P-7", "P-8"), sender="A")
    assert run(SMALL, TO_THE_VERSION).success
    (told,) = left_open()
    assert told.startswith("统计局报的 东乡 奖励 P-7“world”被退回")
    submit(desks.home, "奖.csv", claims.replace("world", "national"))
    assert run(SMALL, TO_THE_VERSION).success
    assert left_open() == []


def test_a_mark_that_was_refused_is_open_until_it_is_mended_or_accepted(desks: Desks) -> None:
    """The other judges' marks make a score without it."""

    def left_open() -> list[str]:
        return [told for told in still_open(work_on(desks.home, SMALL)) if "丙" in told]

    submit(desks.home, "丙.csv", "单位编码,指标编码,评委,分值\nA,visits,丙,1.5\n")
    assert run(SMALL, TO_THE_VERSION).success
    (told,) = left_open()
    assert (
        f"统计局报的 东乡 现场 丙“1.5”被退回，还没有改正，也没有认可（编号 {number_of(desks, 'MARK_RANGE')}）" == told
    )
    submit(desks.home, "丙.csv", "单位编码,指标编码,评委,分值\nA,visits,丙,0.5\n")
    assert run(SMALL, TO_THE_VERSION).success
    assert left_open() == []
