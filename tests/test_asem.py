"""51 countries × 49 indicators: scores computed by COINr 1.1.14, an independent R package (MIT licence)."""

import csv
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from small_evaluations import cell, definition, figures, item_score

from evaluation.arithmetic import Bools
from evaluation.cells import Cells
from evaluation.scoring import Scores, score

ASEM = Path(__file__).parent / "golden" / "asem"
# With six published decimals, an index out of 10⁶ points is known to 10⁻¹² of the whole.
WHOLE = Fraction(10**6)
LINES = {"minmax": "[[worst, 0], [best, 100%]]", "capped_target": "[[worst, 0], [target, 100%]]"}
FULL_MARKS = {"minmax": 100.0, "capped_target": 1.0}


def _rows(name: str) -> list[dict[str, str]]:
    with (ASEM / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


META = _rows("meta.csv")
INDICATORS = [row for row in META if row["Level"] == "1"]


def _children(parent: str) -> list[dict[str, str]]:
    return [row for row in META if row["Parent"] == parent]


def _plain(text: str) -> str:
    """Without exponent, to the 15 decimals that a target may have."""
    return format(Decimal(text).quantize(Decimal("1e-15")), "f")


def _indicator(row: dict[str, str], points: Fraction, line: str) -> str:
    direction = "higher_is_better" if row["Direction"] == "1" else "lower_is_better"
    return (
        f"{{code: {row['iCode'].lower()}, points: {points}, direction: {direction}, sources: [self],"
        f" rule: {{kind: interpolate, through: {line}}}}}"
    )


def _pillar(code: str, points: Fraction, line: str) -> str:
    rows = _children(code)
    parts = ", ".join(_indicator(row, points / len(rows), line) for row in rows)
    return f"{{code: {code.lower()}, points: {points}, missing: rescale, rescale_within: parent, parts: [{parts}]}}"


def _rulebook(line: str) -> str:
    lines = ["scoring: {decimals: 6, round_at: total}", "ranking: {on: exact}", "sections:"]
    for section in _children("Index"):
        pillars = _children(section["iCode"])
        lines += [f"  - code: {section['iCode'].lower()}", "    indicators:"]
        lines += [f"      - {_pillar(row['iCode'], WHOLE / 2 / len(pillars), line)}" for row in pillars]
    return "\n".join(lines) + "\n"


@cache
def _scores(normalised: str) -> Scores:
    return _scored(normalised)


def _scored(normalised: str) -> Scores:
    countries = _rows("indicators.csv")
    targets = [(row["iCode"], _plain(row["Target"])) for row in INDICATORS]
    given = definition(
        _rulebook(LINES[normalised]),
        units=" ".join(row["uCode"] for row in countries),
        targets="\n".join(f"{c['uCode']},{code.lower()},{t},," for c in countries for code, t in targets),
    )
    accepted = [
        (country["uCode"], row["iCode"].lower(), _plain(country[row["iCode"]]))
        for country in countries
        for row in INDICATORS
        if country[row["iCode"]] not in ("", "NA")
    ]
    return score(given, figures(*accepted))


@pytest.mark.parametrize("normalised", LINES)
def test_index_and_ranks_agree_with_an_independent_program(normalised: str) -> None:
    totals = _scores(normalised).total_scores
    expected = _rows(f"expected_{normalised}.csv")
    assert len(expected) == 51
    for row in expected:
        index = Fraction(cell(totals, "total_score", unit_code=row["uCode"])) / WHOLE * 100
        assert float(index) * FULL_MARKS[normalised] / 100 == pytest.approx(float(row["Index"]), abs=1e-9)
        assert cell(totals, "rank", unit_code=row["uCode"]) == int(row["Rank"])


@pytest.mark.parametrize("normalised", LINES)
def test_a_missing_value_leaves_its_pillars_mean(normalised: str) -> None:
    scores = _scores(normalised)
    for row in _rows(f"expected_{normalised}.csv"):
        for section in _children("Index"):
            pillars = _children(section["iCode"])
            for pillar in pillars:
                reached = item_score(scores, row["uCode"], pillar["iCode"].lower())
                assert reached is not None
                share = float(Fraction(reached) * 2 * len(pillars) / WHOLE) * FULL_MARKS[normalised]
                assert share == pytest.approx(float(row[pillar["iCode"]]), abs=1e-9)


def test_fractions_for_every_cell_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Floats decide what they do not doubt: with everything in doubt, every number comes out the same."""
    decided = _scores("minmax")
    nothing_settled = Cells.no_doubts
    monkeypatch.setattr(Cells, "no_doubts", lambda self, rows: _all_doubted(nothing_settled(self, rows)))
    exact = _scored("minmax")
    pd.testing.assert_frame_equal(decided.indicator_scores, exact.indicator_scores)
    pd.testing.assert_frame_equal(decided.total_scores, exact.total_scores)


def _all_doubted(doubts: Bools | None) -> Bools | None:
    return None if doubts is None else ~doubts
