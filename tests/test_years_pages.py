"""Years on pages and in public: what an edition shows of an earlier cycle of which a version lies in a folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from edition_cases import qingshan_edition

from reports.csv_files import indicator_scores, ranking, read_csv, write_csv
from reports.cycles import Cycle
from reports.edition import Edition
from reports.folder import write_folder
from reports.gathered import Gathered
from reports.page_years import years_contents
from reports.pages import Pages
from reports.years import pasts


def with_last_year(folder: Path, state: str) -> Edition:
    """The edition with a cycle before it: the same units and scores, in that state."""
    edition = qingshan_edition()
    folder.mkdir()
    write_csv(ranking(edition), folder / "ranking.csv")
    write_csv(indicator_scores(edition), folder / "indicator_scores.csv")
    rulebook = edition.definition.rulebook
    last = rulebook.cycle.model_copy(update={"year": 2024})
    rules = rulebook.model_copy(update={"evaluation": "qingshan-2024", "cycle": last})
    cycle = Cycle(replace(edition.definition, rulebook=rules), 3, state, "0" * 64, folder)
    now = rulebook.model_copy(update={"previous": "qingshan-2024"})
    return replace(edition, definition=replace(edition.definition, rulebook=now), cycles=(cycle,), state="公示")


@pytest.mark.parametrize(("state", "shown"), [("试算", False), ("审定", False), ("公示", True), ("通报", True)])
def test_outside_nothing_is_shown_of_a_year_that_was_not_outside(tmp_path: Path, state: str, shown: bool) -> None:
    edition = with_last_year(tmp_path / "last", state)
    (tmp_path / "new").mkdir()
    write_folder(tmp_path / "new", edition, "首次发布")
    public = tmp_path / "new" / "public"
    assert (tmp_path / "new" / "years.html").is_file()
    assert (public / "years.html").is_file() == (public / "years.csv").is_file() == shown
    assert ("上年总分" in (public / "index.html").read_text("utf-8")) == shown
    unit = (public / "units" / "T001.html").read_text("utf-8")
    assert ('id="years"' in unit, "上年 " in unit) == (shown, shown)
    if shown:
        assert "王建国" not in (public / "years.html").read_text("utf-8")
        assert read_csv(public / "years.csv").equals(read_csv(tmp_path / "new" / "years.csv"))


def test_a_first_year_has_no_years(tmp_path: Path) -> None:
    write_folder(tmp_path, qingshan_edition(), "首次发布")
    assert list(tmp_path.glob("years*")) == []
    assert 'id="years"' not in (tmp_path / "units" / "T001.html").read_text("utf-8")
    assert "years.html" not in (tmp_path / "index.html").read_text("utf-8")


def test_two_equal_years_are_streaks_and_straight_lines(tmp_path: Path) -> None:
    edition = with_last_year(tmp_path / "last", "通报")
    past = pasts(edition, ["T001"])["T001"]
    assert [row["cycle"] for row in past.rows] == ["2024", "2025"]
    assert (past.first, past.in_grade, past.grade) == (2, 2, "优秀")
    contents = years_contents(Gathered(edition), "zh")
    first = contents["tables"][0]
    assert first["rows"][0]["streaks"] == ["连续2年第1名", "连续2年优秀"]
    trend = {unit["unit_code"]: drawn for unit, drawn in first["trends"]}["T001"]
    ((points, dashed),) = trend.lines
    left, right = (point.split(",") for point in points.split(" "))
    assert left[1] == right[1]
    assert not dashed


def test_over_500_units_there_are_totals_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.edition.DETAILED_UNITS", 3)
    edition = with_last_year(tmp_path / "last", "通报")
    assert not edition.detailed
    contents = years_contents(Gathered(edition), "en")
    assert contents["items"] == []
    assert all(table["trends"] == [] for table in contents["tables"])
    assert "first for 2 years running" in Pages(edition).years("en")
