"""Lint holds rulebook, tables, texts and dates against each other; faults and oddities are told together."""

import pytest
from small_rulebooks import HEAD, UNITS, findings, item, one, rulebook, section

from evaluation.definition import read_definition
from evaluation.lint import lint


def test_an_item_without_source_is_found() -> None:
    assert one(findings(rulebook(section(item(sources="[]")))), "没有数据来源").severity == "error"
    assert one(findings(rulebook(section(item(sources="")))), "自报").severity == "note"


def test_a_target_that_is_used_and_not_written_names_the_units() -> None:
    stretched = item("b", "50", "{kind: interpolate, through: [[0, 0], [stretch, 50]]}")
    text = rulebook(section(item("a", "50", measure="completion"), stretched))
    targets = "unit_code,indicator_code,target,stretch,applicable\nT1,a,5,,\nT2,a,,,no\n"
    found = findings(text, targets=targets + "T1,b,,9,\nT2,b,,9,\nT3,b,,9,\n")
    absent = one(found, "目标值")
    assert (absent.severity, absent.line, absent.clause) == ("error", 12, "第a条")
    assert absent.message.endswith("丙镇 1 个单位")
    assert len([each for each in found if each.severity == "error"]) == 1


def test_no_target_at_all_is_told_once_per_item() -> None:
    assert one(findings(rulebook(section(item(measure="completion")))), "甲镇、乙镇、丙镇 3 个单位")


@pytest.mark.parametrize(
    ("row", "word", "severity", "line"),
    [
        ("T1,a,0,", "不大于 0", "error", 2),
        ("T1,a,-3,", "不大于 0", "error", 2),
        ("T1,a,40,30", "不如", "warning", 2),
        ("T1,b,40,", "没有用到", "note", 2),
        ("T1,zz,40,", "没有指标", "error", 2),
        ("T9,a,40,", "没有单位", "error", 2),
    ],
)
def test_odd_targets_are_found_on_their_line(row: str, word: str, severity: str, line: int) -> None:
    text = rulebook(section(item("a", "50", measure="completion"), item("b", "50")))
    rows = "T1,a,1,\nT2,a,1,\nT3,a,1,\n".replace("T1,a,1,\n", "" if row.startswith("T1,a") else "T1,a,1,\n")
    targets = f"unit_code,indicator_code,target,stretch\n{row}\n{rows}"
    found = one(findings(text, targets=targets), word)
    assert (found.file, found.line, found.severity) == ("targets.csv", line, severity)


def test_a_code_used_twice_is_found_with_its_clause() -> None:
    found = one(findings(rulebook(section(item("a", "50"), item("a", "50", name="另一项")))), "用了两次")
    assert (found.line, found.severity, found.clause) == (13, "error", "第a条")


def test_faults_and_oddities_are_told_together() -> None:
    text = rulebook(section(item(sources="[finance]"), points="90"))
    found = findings(text)
    assert one(found, "没有部门 finance")
    assert one(found, "各项相加 100 分")


def test_a_key_that_is_refused_does_not_hide_other_faults() -> None:
    wrong = item("a", "60", "{kind: steppy}", mesure="completion", reference="一")
    found = findings(rulebook(section(wrong, item("b", "30", sources="[finance]"))))
    assert {each.clause for each in found if "不认识的键" in each.message or "kind" in each.message} == {"一"}
    assert one(found, "没有部门 finance")
    assert one(found, "各项相加 90 分")


def test_groups_and_sections_without_units_are_found() -> None:
    text = rulebook(
        section(item("a", "60"), points="60"), section(item("b", "40"), points="40", code="t", applies_to="[grain]")
    )
    found = findings(text, units="unit_code,name,kind,group\nT2,乙镇,township,other\n")
    assert one(found, "分组 产区 没有单位").line == 5
    assert one(found, "一级指标t不适用于任何单位").severity == "warning"
    assert one(found, "指标b不适用于任何单位").clause == "第b条"


def test_the_rulebook_alone_can_be_looked_at() -> None:
    text = rulebook(section(item(measure="completion", applies_to="[T7]"), points="90"))
    found = findings(text, units="")
    assert {each.severity for each in found} == {"error", "warning"}
    assert one(found, "各项相加 0 分")


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("每项0.3分", "0.3"),
        ("满分50分", "50"),
        ("得满分100分，扣完为止", None),
        ("每项2分，最高100分", None),
        ("3分之一以上的2分类企业", None),
    ],
)
def test_a_number_in_the_text_that_is_none_of_the_points_is_found(text: str, strange: str | None) -> None:
    found = findings(rulebook(section(item(text=text, rule="{kind: per_item, each: 2}"))))
    assert [each.severity for each in found] == (["warning"] if strange else [])
    assert all(f"文字写 {strange} 分" in each.message for each in found)


def test_a_number_in_a_name_is_held_against_the_points() -> None:
    assert one(findings(rulebook(section(item(name="信息平台(11分)")))), "11 分", "100").line == 12


def test_a_name_that_speaks_of_other_firms_than_are_measured_is_found() -> None:
    named = item("a", "50", name="规模以上工业企业研发投入", figure="rd")
    measured = item("rd", "50", name="大中型工业企业研发投入")
    found = one(findings(rulebook(section(named, measured))), "规", "大中型")
    assert (found.severity, found.clause) == ("warning", "第a条")


def test_the_list_of_populations_can_be_set() -> None:
    text = rulebook(section(item(name="民营企业数", text="统计口径：国有企业"))).encode()
    assert lint({"rulebook.yaml": text}) == []
    populations = [frozenset({"民营"}), frozenset({"国有"})]
    assert "民营" in one(lint({"rulebook.yaml": text}, populations), "范围").message


def test_two_items_of_the_same_text_are_found() -> None:
    found = one(findings(rulebook(section(item("a", "50", name="同一项"), item("b", "50", name="同一项")))), "同一项")
    assert (found.line, found.severity) == (13, "warning")


@pytest.mark.parametrize("weight", ["0", "-1"])
def test_a_section_whose_weight_adds_nothing_is_told(weight: str) -> None:
    text = rulebook(section(item("a", "100")), section(item("b", "100"), code="t", weight=weight))
    assert one(findings(text), "weight 不大于 0").severity == "warning"


def test_a_weighted_section_of_rounded_items_is_noted() -> None:
    weighted = section(item("a", "50"), points="50", weight="2")
    assert one(findings(rulebook(weighted)), "weight").severity == "note"
    assert findings(rulebook(weighted, more="scoring: {round_at: total}\n")) == []


def test_rescaling_of_rounded_items_is_noted() -> None:
    assert one(findings(rulebook(section(item(missing="rescale")))), "折算").severity == "note"
    targets = "unit_code,indicator_code,applicable\nT1,a,no\n"
    assert one(findings(rulebook(section(item())), targets=targets), "折算").severity == "note"


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ("{items: [{LEVELS}]}", True),
        ("{items: [{LEVELS, points: 5, max_points: none}]}", True),
        ("{items: [{LEVELS, max_points: 9}]}", False),
        ("{items: [{LEVELS, points: 9}]}", False),
        ("{max_points: 10, items: [{LEVELS}]}", False),
        ("{max_points: none, items: [{LEVELS}]}", True),
    ],
)
def test_a_bonus_without_cap_is_found(block: str, found: bool) -> None:
    levels = "code: x, sources: [stats], rule: {kind: levels, levels: {state: 5}}"
    told = findings(rulebook(section(item()), more=f"bonuses: {block.replace('LEVELS', levels)}\n"))
    assert [each.severity for each in told] == ["warning"] * found
    assert all("没有上限" in each.message for each in told)


def test_last_years_values_need_a_previous_evaluation() -> None:
    text = rulebook(section(item(measure="growth")))
    assert one(findings(text), "上年").severity == "warning"
    assert findings(text.replace("cycle:", "previous: x-2024\ncycle:")) == []


def test_a_column_that_divides_by_nothing_names_the_units() -> None:
    assert "乙镇、丙镇 2 个单位" in one(findings(rulebook(section(item(per="population")))), "population").message


@pytest.mark.parametrize(
    ("old", "new", "word", "severity"),
    [
        ("ends: 2025-12-31", "ends: 2024-12-31", "晚于 cycle.ends", "error"),
        ("year: 2025", "year: 2024", "2024", "error"),
        ("departments", "reference: {document: 号, issued: 2026-03-01}\ndepartments", "印发日期", "warning"),
        ("departments", "calendar: {submissions_due: 2024-01-15}\ndepartments", "报送截止日", "warning"),
    ],
)
def test_dates_out_of_order_are_found(old: str, new: str, word: str, severity: str) -> None:
    assert severity in {
        each.severity
        for each in findings(rulebook(section(item()), head=HEAD.replace(old, new)))
        if word in each.message
    }


@pytest.mark.parametrize(("frequency", "told"), [("month", 1), ("year", 0)])
def test_a_cycle_that_is_no_calendar_year_is_told_of_where_figures_are_monthly(frequency: str, told: int) -> None:
    head = HEAD.replace("starts: 2025-01-01", "starts: 2024-12-01").replace("ends: 2025-12-31", "ends: 2025-11-30")
    found = findings(rulebook(section(item(frequency=frequency)), head=head))
    assert [each.severity for each in found if "自然年" in each.message] == ["warning"] * told


def test_posts_of_one_role_that_overlap_are_found() -> None:
    posts = (
        "official_code,unit_code,role,name,from,to\n"
        "p1,T1,head,甲,2025-01-01,2025-06-30\n"
        "p2,T1,head,乙,2025-06-30,\n"
        "p3,T2,head,丙,2025-01-01,2025-06-29\n"
        "p4,T2,head,丁,2025-06-30,\n"
        "p5,T1,deputy,戊,2025-01-01,\n"
        "p6,T3,head,己,2025-05-01,2025-04-01\n"
    )
    found = findings(rulebook(section(item())), officials=posts)
    overlap = one(found, "重叠")
    assert (overlap.file, overlap.line, overlap.severity) == ("officials.csv", 3, "warning")
    assert one(found, "from 2025-05-01 晚于 to 2025-04-01").line == 7
    assert len(found) == 2


def test_a_role_that_does_not_exist_is_found() -> None:
    text = rulebook(section(item(responsible="[mayor]")), more="officials: {roles: [head]}\n")
    assert one(findings(text), "没有职务 mayor").severity == "error"


def test_items_of_one_figure_must_agree_on_its_unit() -> None:
    text = rulebook(
        section(item("a", "50", unit_of_measure="亿元"), item("b", "50", figure="a", unit_of_measure="万元"))
    )
    assert one(findings(text), "万元", "亿元").severity == "warning"


def test_items_of_one_figure_must_agree_on_how_often_it_is_reported() -> None:
    text = rulebook(
        section(item("a", "50", frequency="month"), item("b", "50", figure="a"), item("c", "0", figure="a"))
    )
    assert [each for each in findings(text) if "frequency" in each.message] == []
    text = rulebook(section(item("a", "50", frequency="month"), item("b", "50", figure="a", frequency="quarter")))
    assert one(findings(text), "frequency", "quarter", "month").severity == "warning"


def test_the_target_of_a_figure_is_one_of_all_that_read_it() -> None:
    text = rulebook(section(item("a", "50", measure="completion"), item("b", "50", figure="a", measure="completion")))
    rows = "".join(f"T{number},a,5\n" for number in (1, 2, 3))
    assert findings(text, targets=f"unit_code,indicator_code,target\n{rows}") == []


def test_every_fault_of_one_line_is_told() -> None:
    """A fault hides others only where they are of the same key, of what holds it, or of what stands in it."""
    bands = "{kind: bands, bands: [{at_least: 60, points: 100}, {at_least: 80, points: 45}]}"
    text = rulebook(section(item(ponts="3", sources="[nobody]", max_points="120", min_points="130", rule=bands)))
    found = findings(text)
    assert {each.line for each in found} == {12}
    for words in ("不认识的键", "没有部门 nobody", "下限 130 大于上限 120", "第 2 档永远轮不到"):
        one(found, words)


def test_a_definition_already_read_is_looked_at_without_reading_it_again() -> None:
    text = rulebook(section(item(), points="90"))
    files = {"rulebook.yaml": text.encode(), "units.csv": UNITS.encode()}
    assert lint(read_definition(files)) == lint(files)


@pytest.mark.parametrize("text", ["", "a: [", "evaluation: x\n", "sections: 3\n"])
def test_what_cannot_be_read_is_told_as_errors(text: str) -> None:
    assert {each.severity for each in lint({"rulebook.yaml": text.encode()})} == {"error"}
