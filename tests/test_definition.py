"""Four files are one definition or are refused together, with every fault, its file and its line."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import tables
from evaluation.definition import FILES, digest_of, read_definition
from evaluation.faults import Fault, InvalidRulebook

RULEBOOK = """\
evaluation: x-2025
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
departments:
  - {code: stats, name: 县统计局, unit: D01}
groups:
  - {code: rural, name: 生态乡镇, kind: township}
  - {code: offices, name: 部门, kind: department}
sections:
  - code: s
    name: 科技创新
    points: 100
    indicators:
      - code: grants
        name: 发明专利授权量
        sources: [stats, self]
        points: 100
        measure: completion
        rule: {kind: proportional}
grades:
  - {grade: 合格, at_least: 60}
  - {grade: 不合格}
officials: {roles: [party_secretary]}
"""
UNITS = """\
unit_code,name,kind,group,aliases,valid_from,valid_to,population
T001,城关镇,township,rural,老城关镇;城厢镇,2020-01-01,,12.5
T002,东河镇,township,rural,,,,8
D01,县统计局,department,offices,,,,
"""
TARGETS = "unit_code,indicator_code,target,stretch,applicable,note\nT001,grants,30,40,,\nT002,grants,,,no,无此任务\n"
OFFICIALS = "official_code,unit_code,role,name,from,to,share\np1,T001,party_secretary,王建国,2025-01-01,,\n"


def files(
    rulebook: str = RULEBOOK, units: str = UNITS, targets: str = TARGETS, officials: str = OFFICIALS
) -> dict[str, bytes]:
    texts = {"rulebook.yaml": rulebook, "units.csv": units, "targets.csv": targets, "officials.csv": officials}
    return {name: text.encode() for name, text in texts.items()}


def faults(given: dict[str, bytes]) -> list[Fault]:
    with pytest.raises(InvalidRulebook) as refused:
        read_definition(given)
    assert all(fault.remedy for fault in refused.value.faults)
    return refused.value.faults


def only_fault(given: dict[str, bytes]) -> Fault:
    found = faults(given)
    assert len(found) == 1, found
    return found[0]


def test_a_definition_is_read_whole() -> None:
    definition = read_definition(files())
    assert definition.rulebook.department("stats").unit == "D01"
    assert definition.units["unit_code"].tolist() == ["T001", "T002", "D01"]
    *written, measured = UNITS.split("\n")[0].split(",")
    assert definition.units.columns.tolist() == [*written, "continues", measured]
    assert definition.units["valid_to"].isna().all()
    assert definition.targets["target"].tolist()[0] == "30"
    assert definition.officials["to"].isna().tolist() == [True]
    assert len(definition.digest) == 64


def test_officials_and_targets_may_be_absent() -> None:
    given = {name: content for name, content in files().items() if name in {"rulebook.yaml", "units.csv"}}
    definition = read_definition(given)
    assert definition.targets.empty
    assert definition.targets.columns.tolist() == TARGETS.split("\n")[0].split(",")
    assert definition.officials.columns.tolist() == OFFICIALS.split("\n")[0].split(",")


@pytest.mark.parametrize("name", ["rulebook.yaml", "units.csv"])
def test_rulebook_and_units_may_not_be_absent(name: str) -> None:
    given = files(targets="unit_code,indicator_code\n", officials="official_code,unit_code,role,name,from\n")
    del given[name]
    assert [(fault.file, fault.message) for fault in faults(given)] == [(name, "缺少文件")]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    given = {name: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") for name, content in files().items()}
    plain, marked = read_definition(files()), read_definition(given)
    assert marked.units.equals(plain.units)
    assert marked.targets.equals(plain.targets)
    assert marked.rulebook == plain.rulebook
    assert marked.digest != plain.digest


@pytest.mark.parametrize(
    ("units", "line", "column", "word"),
    [
        ("t1,甲,township,rural", 2, "unit_code", "t1"),
        ("T1,,township,rural", 2, "name", "空"),
        ("T1,甲,town,rural", 2, "kind", "town"),
        ("T1,甲,department,rural", 2, "kind", "不同"),
        ("T1,甲,township,grain", 2, "group", "grain"),
        ("T1,甲,township,rural\n\nT1,乙,township,rural", 4, "unit_code", "重复"),
        ('T2,"甲\n乙",township,rural\nT1,丙,township,x', 4, "group", "x"),
        ("T1,甲,township", 2, "", "3 格"),
        ("T1,甲,township,rural,", 2, "", "5 格"),
        ('T1,"甲"乙,township,rural', 2, "", "CSV"),
    ],
)
def test_a_fault_in_the_units_names_its_line(units: str, line: int, column: str, word: str) -> None:
    rulebook = RULEBOOK.replace(", unit: D01", "")
    given = {"rulebook.yaml": rulebook.encode(), "units.csv": f"unit_code,name,kind,group\n{units}\n".encode()}
    fault = only_fault(given)
    assert (fault.file, fault.line, fault.key) == ("units.csv", line, column)
    assert word in fault.message


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("unit_code,name,kind", "group"),
        ("unit_code,name,kind,group,name", "重复"),
        ("unit_code,name,kind,group,人口", "人口"),
        ("单位代码;名称", "缺少列"),
    ],
)
def test_a_wrong_header_is_told_once(header: str, word: str) -> None:
    found = [fault for fault in faults(files(units=header + "\n")) if fault.file == "units.csv"]
    assert {fault.line for fault in found} == {1}
    assert any(word in fault.message for fault in found)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("T009,grants,1,,,", "unit_code"),
        ("T001,patents,1,,,", "indicator_code"),
        ("T001,grants,约30,,,", "target"),
        ('T001,grants,"1,000",,,', "target"),
        ("T001,grants,1,1e3,,", "stretch"),
        ("T001,grants,1,,yes,", "applicable"),
        (",grants,1,,,", "unit_code"),
    ],
)
def test_a_target_of_nothing_or_of_no_number_is_refused(row: str, column: str) -> None:
    fault = only_fault(files(targets=TARGETS.split("\n")[0] + f"\n{row}\n"))
    assert (fault.file, fault.line, fault.key) == ("targets.csv", 2, column)


def test_two_targets_of_one_kind_are_refused() -> None:
    assert only_fault(files(targets=TARGETS + "T001,grants,31,,,\n")).line == 4


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("P1,T001,party_secretary,甲,2025-01-01,,", "official_code"),
        ("p1,T009,party_secretary,甲,2025-01-01,,", "unit_code"),
        ("p1,T001,mayor,甲,2025-01-01,,", "role"),
        ("p1,T001,party_secretary,甲,2025-02-30,,", "from"),
        ("p1,T001,party_secretary,甲,2025-01-01,2025.6.1,", "to"),
        ("p1,T001,party_secretary,甲,2025-01-01,,一半", "share"),
    ],
)
def test_a_fault_in_the_officials_names_its_line(row: str, column: str) -> None:
    fault = only_fault(files(officials=OFFICIALS.split("\n")[0] + f"\n{row}\n"))
    assert (fault.file, fault.line, fault.key) == ("officials.csv", 2, column)


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("points: 100\n        measure", "pionts: 100\n        measure", 16, "改为 points"),
        ("year: 2025", "year: 2025.5", 2, "2025.5"),
        ("ends: 2025-12-31", "ends: 2025-12-32", 2, "2025-12-32"),
        ("kind: proportional", "kind: linear", 18, "linear"),
        ("measure: completion", "measure: complete", 17, "complete"),
        ("sources: [stats, self]", "sources: [finance]", 15, "finance"),
        ("sources: [stats, self]", "sources: stats", 15, "列表"),
        ("unit: D01", "unit: D02", 4, "D02"),
        ("evaluation: x-2025", "evaluation: x-2025\nprevious: x-2025", 2, "本考核"),
        ("code: offices", "code: rural", 7, "两次"),
        ("measure: completion", "per: gdp", 17, "gdp"),
        ("measure: completion", "applies_to: [urban]", 17, "urban"),
        ("points: 100\n        measure", "points: {rural: 100, urban: 3}\n        measure", 16, "urban"),
        ("points: 100\n        measure", "points: 5%\n        measure", 16, "百分比"),
        ("points: 100\n        measure", "min_points: -1\n        measure", 13, "points"),
        ("measure: completion", "responsible: [mayor]", 17, "mayor"),
        (
            "measure: completion",
            "exemptions: true\n        periods: score_then_mean\n        frequency: month",
            17,
            "逐期计分",
        ),
        ("{kind: proportional}", "{kind: interpolate, through: [[1, 0], [3, 1], [2, 5]]}", 18, "顺序"),
        ("{kind: proportional}", "{kind: interpolate, through: [[min, 0], [max, 1], [mean, 5]]}", 18, "顺序"),
        ("at_least: 60}\n", "at_least: 60}\n  - {grade: 合格}\n", 21, "两次"),
        ("officials:", "awards: [{award: 奖, places: 1, grade_at_least: 优秀}]\nofficials:", 22, "优秀"),
        ("officials:", "awards: [{award: 奖, places: {urban: 1}}]\nofficials:", 22, "urban"),
        ("officials:", "ranking: {tie_breakers: ['section:x']}\nofficials:", 22, "section:x"),
        ("officials:", "vetoes: [{code: grants, effects: [fail]}]\nofficials:", 22, "两次"),
        ("officials:", "vetoes: [{code: v, when: {of: rd, below: 1}, effects: [fail]}]\nofficials:", 22, "rd"),
        ("officials:", "expectations: [{expect: expect_x, column_A: rd}]\nofficials:", 22, "rd"),
    ],
)
def test_a_fault_in_the_rulebook_names_its_line(old: str, new: str, line: int, word: str) -> None:
    assert old in RULEBOOK
    found = faults(files(rulebook=RULEBOOK.replace(old, new, 1)))
    told = [fault for fault in found if fault.file == "rulebook.yaml" and word in f"{fault.message}{fault.remedy}"]
    assert [fault.line for fault in told] == [line], found


def test_two_items_of_one_code_are_refused_wherever_they_stand() -> None:
    bonus = "bonuses: {items: [{code: grants, name: 加分, rule: {kind: levels, levels: {national: 7}}}]}\n"
    fault = only_fault(files(rulebook=RULEBOOK + bonus))
    assert fault.line == 23
    assert "第 13 行" in fault.message


def test_faults_of_all_files_are_told_at_once() -> None:
    rulebook = RULEBOOK.replace("sources: [stats, self]", "sources: [finance]").replace("at_least: 60", "at_least: no")
    given = files(rulebook, UNITS.replace("T002", "t002"), TARGETS.replace(",30,", ",x,"), OFFICIALS.replace("p1", "P"))
    assert {fault.file for fault in faults(given)} == set(FILES)
    message = str(InvalidRulebook(faults(given)))
    assert "targets.csv 第 2 行 target" in message
    assert "officials.csv 第 2 行 official_code" in message


def test_a_lookalike_of_a_known_key_is_suggested() -> None:
    found = faults(files(rulebook=RULEBOOK.replace("direction", "directoin").replace("measure:", "mesure:")))
    assert "measure" in found[0].remedy


def test_parts_share_the_points_of_their_item_and_of_nothing_else() -> None:
    parts = "parts: [{code: p, points: 40%, rule: {kind: proportional}}]"
    stated = RULEBOOK.replace("rule: {kind: proportional}", parts)
    part = read_definition(files(rulebook=stated)).rulebook.place("p")
    assert part.item.name == "p"
    unstated = stated.replace("        points: 100\n        measure", "        measure")
    assert "百分比" in only_fault(files(rulebook=unstated)).message


contents = st.dictionaries(st.sampled_from(FILES), st.binary(max_size=6))


@given(contents, contents)
def test_different_files_have_different_digests(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    assert (digest_of(one) == digest_of(other)) == (one == other)


def test_content_that_moves_between_files_changes_the_digest() -> None:
    assert digest_of({"units.csv": b"ab", "targets.csv": b""}) != digest_of({"units.csv": b"a", "targets.csv": b"b"})


@pytest.mark.parametrize(
    ("text", "by_columns"),
    [
        ("unit_code,indicator_code,target\nT1,a,1.5\n T2 ,b,\n,,\nT3,c,NA", True),
        ("\ufeffunit_code,indicator_code,target\r\nT1,a,1\r\n\u3000,b,2\r\n", True),
        ("unit_code,indicator_code\n", False),
        ("unit_code,indicator_code,target\nT1,a\nT2,b,1\n", False),
        ("unit_code,indicator_code,target\nT1,a,1\n\nT2,b,1\n", False),
        ('unit_code,indicator_code,note\nT1,a,"x,\ny"\n', False),
        ("unit_code,indicator_code,note\rT1,a,x\r", False),
        ("unit_code,indicator_code,else\nT1,a,x\n", False),
        ("unit_code,indicator_code,note\nT1,a," + "x" * 140_000, False),
    ],
)
def test_a_big_table_says_the_same_as_a_small_one(text: str, by_columns: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    small, faults = tables.read_table(text.encode(), tables.TARGETS)
    monkeypatch.setattr("evaluation.tables.MANY_BYTES", 0)
    big, same_faults = tables.read_table(text.encode(), tables.TARGETS)
    assert same_faults == faults
    pd.testing.assert_frame_equal(big.frame, small.frame)
    assert big.lines.tolist() == small.lines.tolist()
    assert (tables._plain_table(text.removeprefix("\ufeff"), tables.TARGETS) is not None) == by_columns
