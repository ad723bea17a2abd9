"""The published csv files: columns, order, bytes, sources, and the digest of the results."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from edition_cases import qingshan_edition
from editions import long_edition, yuxi_edition
from hypothesis import given
from hypothesis import strategies as st

from reports.csv_files import (
    csv_bytes,
    findings,
    indicator_scores,
    official_scores,
    ranking,
    read_csv,
    results_digest,
    write_csv,
)
from reports.edition import Edition


def parsed(frame: pd.DataFrame) -> list[list[str]]:
    """Fields as a reader that knows nothing of us gets them."""
    content = b"".join(csv_bytes(frame)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline=""), strict=True))


def item(edition: Edition, code: str) -> pd.Series:
    rows = indicator_scores(edition)
    return rows[(rows["unit_code"] == "T001") & (rows["indicator_code"] == code)].iloc[0]


def test_published_result_of_yuxi_comes_out_as_printed() -> None:
    rows = ranking(yuxi_edition())
    assert rows["unit_name"].tolist() == [
        "澄江县",
        "通海县",
        "新平县",
        "元江县",
        "江川区",
        "红塔区",
        "峨山县",
        "易门县",
        "华宁县",
    ]
    assert rows["total_score"].tolist() == ["103.5", "94.5", "94.0", "92.0", "83.8", "83.5", "79.5", "77.8", "72.0"]
    assert rows["rank"].tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert rows["award"].tolist() == ["一等奖"] * 4 + ["二等奖"] * 5


def test_columns_are_those_of_the_contract() -> None:
    edition = qingshan_edition()
    assert ",".join(ranking(edition)) == (
        "unit_code,unit_name,kind,group,base_score,bonus,penalty,total_score,provisional,veto,grade,award,rank"
    )
    assert ",".join(indicator_scores(edition)) == (
        "unit_code,section_code,indicator_code,points,accepted_value,target_value,measure,indicator_score,"
        "deduction,state,provisional,target_state,reason,source_file,sheet,cell"
    )
    assert ",".join(official_scores(edition)) == "official_code,unit_code,role,name,from,to,days,score,state"
    assert ",".join(findings(edition)) == "sender,file,sheet,cell,code,severity,raw,message,what_to_do"


def test_ranking_goes_by_kind_group_and_rank_and_unranked_units_come_last() -> None:
    assert ranking(qingshan_edition())["unit_code"].tolist() == ["T001", "T002", "T004", "T003", "T005", "D01"]


def test_items_keep_the_order_of_units_and_rulebook() -> None:
    rows = indicator_scores(qingshan_edition())
    assert rows["unit_code"].tolist() == ["T001"] * 5 + ["T002"] * 2 + ["T003"]
    assert rows["indicator_code"].tolist()[:5] == ["grants", "spend", "talents", "earlier", "prizes"]


def test_gravest_findings_come_first() -> None:
    assert findings(qingshan_edition())["code"].tolist() == ["NUMBER", "DISCREPANCY", "LATE"]


def test_item_names_file_sheet_and_cell_of_its_figure() -> None:
    grants = item(qingshan_edition(), "grants")
    assert grants[["source_file", "sheet", "cell"]].tolist() == ["统计局 2025.xlsx", "数据", "D3"]


def test_correction_in_the_last_period_is_traced_to_its_ledger_entry() -> None:
    spend = item(qingshan_edition(), "spend")
    assert (spend["source_file"], spend["cell"]) == ("ledger", "205")
    assert pd.isna(spend["sheet"])


def test_item_of_another_year_names_the_cell_of_that_year() -> None:
    assert item(qingshan_edition(), "earlier")["cell"] == "E3"


def test_last_period_without_a_value_does_not_hide_the_one_before() -> None:
    edition = qingshan_edition()
    accepted = edition.accepted_values
    latest = accepted["period"] == "2025Q4"
    owed = accepted.assign(accepted_value=accepted["accepted_value"].mask(latest), flags=accepted["flags"].mask(latest))
    assert item(replace(edition, accepted_values=owed), "spend")["cell"] == "F3"


def test_every_item_has_one_row_whatever_the_number_of_periods() -> None:
    edition = qingshan_edition()
    assert len(indicator_scores(edition)) == len(edition.indicator_scores)


def test_reasons_are_left_out_over_500_units() -> None:
    assert indicator_scores(long_edition(500, 1))["reason"].notna().all()
    assert indicator_scores(long_edition(501, 1))["reason"].isna().all()


def test_file_is_utf8_with_bom_and_crlf(tmp_path: Path) -> None:
    write_csv(ranking(qingshan_edition()), tmp_path / "ranking.csv")
    content = (tmp_path / "ranking.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfunit_code,")
    assert content.endswith(b"\r\n")
    assert content.count(b"\r\n") == content.count(b"\n") == 7
    assert "T001,城关镇,township,industrial,88.10,5.00,0.00,93.10,true,,优秀,先进乡镇,1\r\n".encode() in content
    assert "T005,北山乡,township,rural,,,,,true,,,,\r\n".encode() in content


def test_published_ranking_reads_back_as_it_was(tmp_path: Path) -> None:
    rows = ranking(qingshan_edition())
    write_csv(rows, tmp_path / "ranking.csv")
    again = read_csv(tmp_path / "ranking.csv")
    assert again["total_score"].equals(rows["total_score"])
    assert again["rank"].fillna("-").tolist() == ["1", "-", "1", "2", "-", "1"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "－1+2"]
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert parsed(pd.DataFrame({"raw": [text]}, dtype="str")) == [["raw"], ["'" + text]]


@pytest.mark.parametrize("text", ["-3", "-0.50", "1.005", "约-3", "a=b", ""])
def test_plain_numbers_and_harmless_text_stay_as_they_are(text: str) -> None:
    assert parsed(pd.DataFrame({"raw": [text], "next": ["x"]}, dtype="str"))[1] == [text, "x"]


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.text(",\"\r\n'= -"))))
def test_every_reader_gets_the_fields_back(rows: list[tuple[str, str]]) -> None:
    got = parsed(pd.DataFrame(rows, columns=["a", "b"], dtype="str"))
    assert len(got) == len(rows) + 1
    for (first, second), fields in zip(rows, got[1:], strict=True):
        assert fields[0] in (first, "'" + first)
        assert fields[1] in (second, "'" + second)
        assert not any(re.match(r"[=@\t\r\n]", field) for field in fields)


def test_a_float_is_refused_rather_than_printed() -> None:
    with pytest.raises(TypeError, match="score"):
        b"".join(csv_bytes(pd.DataFrame({"score": [0.1 + 0.2]})))


def test_results_digest_does_not_hang_on_version_date_wording_or_row_order() -> None:
    edition = qingshan_edition()
    later = replace(
        edition,
        version=8,
        as_of="2026-02-01",
        ledger_seq=300,
        ledger_head="00" * 32,
        total_scores=edition.total_scores.iloc[::-1],
        indicator_scores=edition.indicator_scores.iloc[::-1].assign(reason="另一种说法"),
    )
    assert results_digest(later) == results_digest(edition)


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("total_scores", "total_score", "93.11"),
        ("total_scores", "grade", "良好"),
        ("indicator_scores", "indicator_score", "39.99"),
        ("indicator_scores", "provisional", True),
        ("official_scores", "score", "93.11"),
    ],
)
def test_results_digest_changes_with_any_result(name: str, column: str, value: object) -> None:
    edition = qingshan_edition()
    changed = getattr(edition, name).copy()
    changed.loc[changed.index[1], column] = value
    assert results_digest(replace(edition, **{name: changed})) != results_digest(edition)
