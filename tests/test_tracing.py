"""What an item was scored from: values of the right year, last year's where it counts, claims and marks with places."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from edition_cases import qingshan_edition
from editions import definition_of, indicator

from reports.catalogue import catalogue
from reports.edition import CLAIMS, MARKS
from reports.pages import unit_page
from reports.tracing import traces

PLACE = {"file": "县统计局.xlsx", "sheet": "事项", "cell": "E4", "source": "stats"}


def test_a_figure_of_two_years_is_traced_to_the_year_that_the_item_reads() -> None:
    edition = qingshan_edition()
    found = traces(edition, catalogue(edition))
    assert [(row["period"], row["value"]) for row in found["T001", "spend"]] == [
        ("2025Q3", "3100"),
        ("2025Q4", "3150.25"),
    ]
    assert [(row["period"], row["cell"]) for row in found["T001", "earlier"]] == [("2024Q4", "E3")]
    assert found["T001", "spend"][1]["source_file"] == "ledger"


def test_growth_is_traced_to_last_years_cell_too() -> None:
    edition = qingshan_edition()
    growing = indicator("grants", "发明专利授权量", 100, measure="growth", rule={"kind": "proportional"})
    rulebook = {
        "evaluation": "qingshan-2025",
        "cycle": {"year": 2025, "starts": "2025-01-01", "ends": "2025-12-31"},
        "departments": [{"code": "stats", "name": "县统计局"}],
        "groups": [{"code": "industrial", "name": "工业强镇", "kind": "township"}],
        "sections": [{"code": "innovation", "name": "科技创新", "points": 100, "indicators": [growing]}],
    }
    units = "unit_code,name,kind,group\nT001,城关镇,township,industrial\n"
    last = edition.accepted_values.query("indicator_code == 'grants'").assign(period="2024", cell="D9", file="旧.xlsx")
    edition = replace(edition, definition=definition_of(rulebook, units), previous_values=last)
    rows = traces(edition, catalogue(edition))["T001", "grants"]
    assert [(row["kind"], row["period"], row["source_file"], row["cell"]) for row in rows] == [
        ("value", "2025", "统计局 2025.xlsx", "D3"),
        ("last_year", "2024", "旧.xlsx", "D9"),
    ]


def test_claims_and_marks_are_traced_with_what_was_decided() -> None:
    edition = qingshan_edition()
    claim = {"unit_code": "T001", "item_code": "prizes", "object_id": "省科技奖-7", "level": "provincial", **PLACE}
    claim |= {"outcome": "accepted", "decision": "refused", "decided_by": "李娟", "decided_because": "不是本年度"}
    claims = pd.DataFrame([claim, claim | {"outcome": "refused"}], columns=CLAIMS, dtype="str")
    mark = {"unit_code": "T001", "indicator_code": "talents", "judge": "评委3", "mark": "0.91", **PLACE}
    edition = replace(edition, claims=claims, marks=pd.DataFrame([mark], columns=MARKS, dtype="str"))
    found = traces(edition, catalogue(edition))
    (claimed,) = found["T001", "prizes"]
    assert (claimed["what"], claimed["said"]) == ("省科技奖-7 provincial", "不予认可：李娟 不是本年度")
    assert [row["value"] for row in found["T001", "talents"]] == ["0", "0.91"]
    page = unit_page(edition, "T001")
    assert "县统计局.xlsx › 事项 › E4" in page
    assert "加分、扣分和一票否决事项" in page


def test_a_value_that_a_correction_put_there_is_said_to_come_from_it() -> None:
    edition = qingshan_edition()
    values = edition.accepted_values
    corrected = values.assign(source=values["source"].mask(values["flags"] == "corrected", "correction"))
    found = traces(replace(edition, accepted_values=corrected), catalogue(edition))
    assert [row["sender"] for row in found["T001", "spend"]] == ["县统计局", "更正"]
