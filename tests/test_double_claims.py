"""Double claims: one thing in two units, items or years, however its number is typed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from submissions import NO_EVIDENCE, claims, definition

from evaluation.double_claims import double_claims
from evaluation.texts import written_alike

RULES = definition("""
evaluation: test-2025
previous: test-2024
cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}
departments: [{code: sti, name: 科技局}]
groups: [{code: towns, name: 乡镇, kind: township}]
sections:
  - code: all
    indicators:
      - {code: awards, points: 10, sources: [sti], rule: {kind: levels, levels: {city: 2}}}
      - {code: patents, points: 10, sources: [self], measure: count, rule: {kind: per_item, each: 1}}
      - {code: plans, points: 10, rule: {kind: checklist, pieces: [{code: year_plan, points: 10}]}}
""")


def found(
    *rows: dict[str, Any], previous: tuple[dict[str, Any], ...] = (), evidence: Any = NO_EVIDENCE
) -> pd.DataFrame:
    return double_claims(RULES.rulebook, claims(*rows), claims(*previous), evidence)


def test_one_patent_of_two_units_is_told_to_both() -> None:
    frame = found({"object_id": "ZL202510123456.7"}, {"object_id": "ZL202510123456.7", "unit_code": "T2"})
    assert frame["row_id"].tolist() == [1, 2]
    assert frame["others"].tolist() == [[1], [0]]
    assert frame["identity"].nunique() == 1


@pytest.mark.parametrize(
    "typed", ["ｚｌ２０２５１０１２３４５６．７", "ZL 2025 1012 3456.7", "zl2025-10123456-7", "ZL２０２５10123456。7"]
)
def test_the_way_it_is_typed_hides_nothing(typed: str) -> None:
    assert len(found({"object_id": "ZL202510123456.7"}, {"object_id": typed, "unit_code": "T2"})) == 2


@given(
    st.text("ZL0123456789甲乙", min_size=4, max_size=12),
    st.lists(st.sampled_from([" ", "-", "—", "　", "."]), max_size=6),
)
def test_spaces_dashes_case_and_width_do_not_matter(number: str, noise: list[str]) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in number.lower())
    assert len(written_alike(["".join(noise).join(wide), number]).unique()) == 1


def test_one_object_in_two_items_or_two_years_is_told() -> None:
    assert len(found({"object_id": "P-2025-1"}, {"object_id": "P-2025-1", "item_code": "patents"})) == 2
    frame = found({"object_id": "P-2024-1"}, previous=({"object_id": "P-2024-1"},))
    assert frame[["row_id", "others"]].to_numpy().tolist() == [[1, [1]]]


def test_inside_one_item_of_one_unit_an_object_is_one_matter() -> None:
    assert found({"object_id": "A25-X", "level": "city"}, {"object_id": "A25-X", "level": "national"}).empty


def test_a_piece_of_a_checklist_is_never_a_double_claim() -> None:
    piece = {"object_id": "year_plan", "item_code": "plans", "document": "年度计划〔2025〕1号"}
    assert found(piece, piece | {"unit_code": "T2"}).empty


@pytest.mark.parametrize("number", ["1", "012", "①"])
def test_running_numbers_are_no_names_of_things(number: str) -> None:
    assert found({"object_id": number}, {"object_id": number, "unit_code": "T2"}).empty


def test_a_short_number_is_listed_and_does_not_hide_a_document() -> None:
    short = {"object_id": "P-1"}, {"object_id": "p1", "unit_code": "T2"}
    assert found(*short)[["what", "common"]].to_numpy().tolist() == [["object", True]] * 2
    both = found(*(one | {"document": "认定书〔2025〕7号"} for one in short))
    assert both[["what", "common"]].to_numpy().tolist() == [["document", False]] * 2


def test_one_document_for_two_units_is_told_once_and_a_notice_to_all_is_none() -> None:
    listed = [
        {"object_id": f"B25-X{n}", "unit_code": f"T{n}", "document": "认定书〔2025〕7号", "sender": "sti",
         "source": "sti", "file": "list.csv"}
        for n in range(1, 4)
    ]  # fmt: skip
    assert found(*listed[:2])["what"].tolist() == ["document", "document"]
    assert found(*listed).empty
    assert len(found(*listed, {"object_id": "B25-X9", "unit_code": "T9", "document": "认定书[2025] 7 号"})) == 4


def test_the_same_bytes_under_two_names_are_one_file() -> None:
    evidence = pd.DataFrame(
        [("T1", "佐证/证书.pdf", "aa"), ("T2", "佐证/获奖.pdf", "aa"), ("T3", "佐证/证书.pdf", "bb")],
        columns=["sender", "name", "sha256"],
    )
    frame = found(
        {"object_id": "OBJ-1", "document": "证书.pdf"},
        {"object_id": "OBJ-2", "document": "获奖", "unit_code": "T2"},
        {"object_id": "OBJ-3", "document": "扫描件", "unit_code": "T3"},
        evidence=evidence,
    )
    assert frame[["row_id", "what"]].to_numpy().tolist() == [[1, "file"], [2, "file"]]
