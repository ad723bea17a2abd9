"""What is told of matters and marks, of what is missing, of tasks that a unit does not have, of what is open."""

from __future__ import annotations

from typing import Any

import pandas as pd
from explained import evaluated
from small_evaluations import claims, figures, frame, items

LEVELS = "{code: i, points: 20, rule: {kind: levels, levels: {national: 7, provincial: 5, absent: -2}, each: 1}}"


def told(item: str, accepted: pd.DataFrame | None = None, **given: Any) -> dict[tuple[str, str], str]:
    """The sentences of a rulebook of one item; what they say comes to the score in both languages."""
    made = evaluated(item if "sections" in item else items(item), accepted, **given)
    assert made.faults("zh") + made.faults("en") == []
    return made.sentences()


def test_matters_are_told_with_their_highest_level_and_what_was_left_out() -> None:
    rows = claims(
        ("A", "i", "稻米基地", "provincial", None, "省科1号"),
        ("A", "i", "稻米基地", "national", None, "国科1号"),
        ("A", "i", "茶园", "provincial", None, "省科2号"),
        ("A", "i", "果园", "national"),
        ("A", "i", "三月例会", "absent", None, "台账"),
        ("A", "i", "培训", "township", None, "镇1号"),
    )
    assert told(LEVELS, claims=rows)["A", "i"] == (
        "国家级每项 7 分：稻米基地，省级每项 5 分：茶园，缺席每项扣 2 分：三月例会，乡镇级不计级别分：培训，"
        "另每项 1 分，计4项，同一事项只计最高级别，不另计稻米基地（省级），没有佐证文件不计：果园，"
        "得 7+5-2+1×4=14.00 分，扣 6.00 分"
    )


def test_a_unit_without_matters_starts_from_what_the_rule_gives() -> None:
    item = "{code: i, points: 6, rule: {kind: levels, start: 100%, levels: {absent: -2}, document_required: false}}"
    sentences = told(item, claims=claims(("A", "i", "三月例会", "absent"), ("A", "i", "六月例会", "absent")))
    assert sentences["A", "i"] == "起点 6 分，缺席每项扣 2 分：三月例会、六月例会，得 6-2×2=2.00 分，扣 4.00 分"
    assert sentences["B", "i"] == "没有计入的事项，起点 6 分，得 6.00 分"


def test_units_that_submitted_the_same_document_are_told_so() -> None:
    item = "{code: i, points: 10, rule: {kind: levels, levels: {national: 5}, each: 5, same_document: zero_all}}"
    rows = claims(("A", "i", "计划", None, None, "计划.pdf"), ("B", "i", "总结", None, None, "计划.pdf"))
    assert told(item, claims=rows)["A", "i"].endswith("与其他单位提交同一文件，本项记零分，得 0.00 分，扣 10.00 分")


def test_counted_matters_are_named_and_each_is_counted_once() -> None:
    item = "{code: i, points: 8, unit_of_measure: 家, measure: count, rule: {kind: per_item, each: 3}}"
    rows = claims(("A", "i", "甲中心", None, None, "1号"), ("A", "i", "甲中心", None, None, "2号"), ("A", "i", None))
    sentence = told(item, claims=rows)["A", "i"]
    assert sentence == "计入2项（甲中心、未写编号的事项），每1家计 3 分，得 2×3=6.00 分，扣 2.00 分"


def test_many_matters_are_not_all_named() -> None:
    item = "{code: i, points: 100, measure: quantity, rule: {kind: per_item, each: 2}}"
    rows = claims(*(("A", "i", f"项目{at}", None, "1.5", f"{at}号") for at in range(20)))
    sentence = told(item, claims=rows)["A", "i"]
    assert "项目11 1.5等20项）" in sentence
    assert "项目12" not in sentence
    assert "数量合计30，每1计 2 分，得 30×2=60.00 分" in sentence


def test_quantities_are_added_matter_by_matter() -> None:
    item = "{code: i, points: 10, unit_of_measure: 万元, measure: quantity, rule: {kind: threshold, at_least: 5}}"
    rows = claims(("A", "i", "甲", None, "2.5", "1号"), ("A", "i", "乙", None, "3", "2号"))
    assert told(item, claims=rows)["A", "i"] == (
        "计入2项（甲 2.5万元、乙 3万元），数量合计2.5+3=5.5万元，符合“不低于5万元”，得 10.00 分"
    )


PIECES = "pieces: [{code: plan, name: 规划, points: 2}, {code: staff, name: 专职人员, points: 3}]"


def test_pieces_that_are_there_and_lacking_are_named() -> None:
    item = f"{{code: i, points: 5, rule: {{kind: checklist, {PIECES}}}}}"
    sentences = told(item, claims=claims(("A", "i", "plan"), ("B", "i", "plan"), ("B", "i", "staff")))
    assert sentences["A", "i"] == "已有规划 2 分，缺专职人员，得 2.00 分，扣 3.00 分"
    assert sentences["B", "i"] == "已有规划 2 分、专职人员 3 分，得 2+3=5.00 分"


def test_a_list_of_which_all_are_wanted_says_so() -> None:
    item = f"{{code: i, points: 5, rule: {{kind: checklist, mode: all_or_nothing, {PIECES}}}}}"
    sentence = told(item, claims=claims(("A", "i", "plan")))["A", "i"]
    assert sentence == "已有规划 2 分，缺专职人员，缺一不得分，得 0.00 分，扣 5.00 分"


def test_marks_are_told_with_those_that_were_dropped() -> None:
    names = ("unit_code", "indicator_code", "judge", "mark")
    rows = [("A", "i", judge, mark) for judge, mark in (("甲", "0.9"), ("乙", "0.8"), ("丙", "0.7"), ("丁", "0.2"))]
    sentence = told("{code: i, points: 10, rule: {kind: judged, trim: 1}}", marks=frame(rows, *names))["A", "i"]
    assert sentence == (
        "4位评委评分，去掉最高甲 0.9、最低丁 0.2，计入丙 0.7、乙 0.8，按平均分得 (0.7+0.8)÷2×10=7.50 分，扣 2.50 分"
    )


def test_a_cliff_over_matters_keeps_what_is_told_of_them() -> None:
    item = "{code: i, points: 10, cliff: {at_least: 2, points: 1}, rule: {kind: levels, each: 4, levels: {county: 0}}}"
    rows = claims(("A", "i", "甲", None, None, "1号"), ("A", "i", "乙", None, None, "2号"))
    assert "计2项，不低于2的按固定分计，得 1.00 分" in told(item, claims=rows)["A", "i"]


def test_what_is_missing_is_told_with_what_the_rulebook_makes_of_it() -> None:
    rule = "points: 10, rule: {kind: threshold, at_least: 1}"
    book = items(
        f"{{code: zero, {rule}}}",
        f"{{code: fixed, {rule}, missing: {{points: 30%}}}}",
        f"{{code: pending, {rule}, missing: pending}}",
        f"{{code: lost, {rule}, missing: rescale}}",
        f"{{code: last, {rule}, missing: previous}}",
    )
    sentences = told(book, previous=figures(("A", "last", "4", "2024")))
    assert sentences["A", "zero"] == "未报送数据，按缺报规定得 0.00 分，扣 10.00 分"
    assert sentences["A", "fixed"] == "未报送数据，按缺报规定得 3.00 分，扣 7.00 分"
    assert sentences["A", "pending"] == "未报送数据，暂得 0.00 分，扣 10.00 分，暂定：数据待补报"
    assert sentences["A", "lost"] == "未报送数据，该项 10 分由其余各项折算补足"
    assert sentences["A", "last"] == "核定值4（本年未报，用上年核定值），符合“不低于1”，得 10.00 分"


def test_a_task_that_the_unit_does_not_have_is_told() -> None:
    rule = "points: 10, rule: {kind: threshold, at_least: 1}"
    book = items(
        *(f"{{code: {word}, {rule}, not_applicable: {word}}}" for word in ("full", "skip", "rescale")),
        f"{{code: near, {rule}, rescale_within: section}}",
        f"{{code: rest, {rule}}}",
    )
    codes = ("full", "skip", "rescale", "near")
    targets = "\n".join(f"A,{code},,,no" for code in codes)
    sentences = told(book, figures(("A", "rest", "1")), targets=targets)
    assert [sentences["A", code] for code in codes] == [
        "无此项任务，按规定得 10.00 分",
        "无此项任务，不计分，也不由其他项补足",
        "无此项任务，该项 10 分由其余各项折算补足",
        "无此项任务，该项 10 分由本板块其余各项折算补足",
    ]


def test_an_item_none_of_whose_parts_is_scored_has_no_arithmetic() -> None:
    part = "points: 5, sources: [self], rule: {kind: threshold, at_least: 1}"
    book = items(f"{{code: i, points: 10, parts: [{{code: p, {part}}}, {{code: q, {part}}}]}}", f"{{code: r, {part}}}")
    sentences = told(book, figures(("A", "r", "1")), targets="A,p,,,no\nA,q,,,no")
    assert sentences["A", "i"].endswith("；各小项均不计分")


def test_what_is_open_about_a_figure_is_told() -> None:
    accepted = figures(("A", "i", "5", "2025", True), ("B", "i", "5", "2025", True), ("C", "i", "5", "2025", True))
    accepted["flags"] = pd.array(["late;forecast", "discrepancy", None], dtype="str")
    item = "{code: i, points: 10, sources: [stats, self], rule: {kind: threshold, at_least: 1}}"
    sentences = told(items(item, settings="departments: [{code: stats}]"), accepted, units="A B C D")
    causes = {unit: text.partition("暂定：")[2] for (unit, _), text in sentences.items()}
    assert causes == {
        "A": "所据数据为预计数",
        "B": "各来源数据不一致",
        "C": "所据数据尚未核定",
        "D": "部门应报的数据未到",
    }


def test_lateness_is_told_by_the_days() -> None:
    book = items(
        "{code: i, points: 5, measure: days_late, cliff: {at_least: 4}, rule: {kind: steps, worse: 1}}",
        settings="calendar: {submissions_due: 2026-01-15}",
    )
    names = ("unit_code", "indicator_code", "received_on")
    days = [("A", "i", "2026-01-10"), ("B", "i", "2026-01-18"), ("C", "i", "2026-01-19"), ("C", "i", "2026-02-01")]
    sentences = told(book, figures(*((unit, "i", "1") for unit in "ABC")), units="A B C", received=frame(days, *names))
    assert sentences["A", "i"] == "应于2026-01-15前报送，2026-01-10收到，没有迟报，得 5.00 分"
    assert "迟报3天，每1天扣 1 分，计3次，得 5-1×3=2.00 分" in sentences["B", "i"]
    assert "2026-01-19收到，迟报4天，不低于4天的按固定分计，得 0.00 分" in sentences["C", "i"]


def test_exemptions_that_were_added_back_are_told() -> None:
    item = "{code: i, points: 10, unit_of_measure: 亩, exemptions: true, rule: {kind: per_item, each: 0.1}}"
    rows = claims(("A", "i", "洪灾", "exemption", "5", "应急9号"))
    sentences = told(item, figures(("A", "i", "53"), ("B", "i", "53")), claims=rows)
    assert sentences["A", "i"].startswith("核定值58亩（上报53亩，经批准核减后加回5亩），")
    assert sentences["B", "i"].startswith("核定值53亩，")


def test_bonus_and_penalty_are_added_and_taken() -> None:
    book = items("{code: i, points: 10, rule: {kind: per_item, each: 1}}") + (
        "bonuses: {max_points: 2, items: [{code: b, points: 5, rule: {kind: levels, levels: {national: 3}}}]}\n"
        "penalties: {items: [{code: c, rule: {kind: levels, levels: {county: 1.5}}}]}\n"
    )
    rows = claims(
        ("A", "b", "获奖", "national", None, "1号"),
        ("A", "c", "通报", "county", None, "2号"),
        ("A", "c", "约谈", "county", None, "3号"),
    )
    sentences = told(book, figures(("A", "i", "9")), claims=rows)
    assert sentences["A", "b"] == "国家级每项 3 分：获奖，加 3.00 分"
    assert sentences["A", "c"] == "县级每项 1.5 分：通报、约谈，减 1.5×2=3.00 分"
