"""The work of `scale.py`: a home of many units, whose figures a department has filed in one csv, and the file's path.

The file is over the size up to which a csv comes back as a marked workbook, whatever the number of units: so all sizes
ask for the same work. What is wrong with it is known: of each 5,000 figures one is negative, which the rules refuse,
and one is absent.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

ITEMS, SECTIONS, GROUPS = 60, 6, 20
SENDER = "stats"
EVALUATION = "country-2025"
POINTS = np.tile([1, 2, 1.5, 2.5, 1, 2, 1.5, 2.5, 1, 1.5], SECTIONS)
ONE_IN = 5_000
FIRST_NEGATIVE, FIRST_ABSENT = 1_234, 3_210
FLOOR = "floor.npy"
HEADER = ["单位编码", "考核期", "指标编码", "数值"]
PLAIN = pyarrow.csv.WriteOptions(quoting_style="none")


@dataclass(frozen=True)
class Country:
    """Where a home's files lie and what they hold."""

    home: Path
    units: int

    @property
    def figures(self) -> int:
        return self.units * ITEMS

    @property
    def definition(self) -> Path:
        return self.home / "evaluations" / EVALUATION

    @property
    def submission(self) -> Path:
        return self.home / "inbox" / EVALUATION / SENDER / "figures.csv"

    @property
    def wrong(self) -> int:
        """Figures that are negative or absent."""
        return sum(len(range(first, self.figures, ONE_IN)) for first in (FIRST_NEGATIVE, FIRST_ABSENT))

    @property
    def published(self) -> Path:
        return self.home / "published" / EVALUATION / "latest"


def write_country(home: Path, units: int) -> Country:
    """Writes definition and inbox into a home that is set up; the seed is fixed."""
    country = Country(home, units)
    random = np.random.default_rng(2025)
    values = random.integers(5_000, 20_000, country.figures)
    values[FIRST_NEGATIVE::ONE_IN] = -values[FIRST_NEGATIVE::ONE_IN] - 1
    filed = np.ones(country.figures, dtype=bool)
    filed[FIRST_ABSENT::ONE_IN] = False
    codes = pa.array([f"U{number:06}" for number in range(units)])
    figures = pa.array([f"i{number:02}" for number in range(ITEMS)])
    unit, item = np.divmod(np.arange(country.figures), ITEMS)
    country.definition.mkdir(parents=True)
    (country.definition / "rulebook.yaml").write_text(_rulebook(), encoding="utf-8")
    rows = (f"{code},单位{at},township,g{at % GROUPS}\n" for at, code in enumerate(codes.to_pylist()))
    (country.definition / "units.csv").write_text("unit_code,name,kind,group\n" + "".join(rows), encoding="utf-8")
    targets = [
        codes.take(pa.array(unit)),
        figures.take(pa.array(item)),
        _texts(random.integers(5_000, 20_000, country.figures)),
    ]
    _write(country.definition / "targets.csv", ["unit_code", "indicator_code", "target"], targets)
    country.submission.parent.mkdir(parents=True)
    own = np.flatnonzero(filed)
    keys = [codes.take(pa.array(unit[own])), pa.repeat("2025", len(own)), figures.take(pa.array(item[own]))]
    _write(country.submission, HEADER, [*keys, _texts(values[own])])
    (country.home / "inbox" / EVALUATION / ".inbox").touch()
    return country


def _rulebook() -> str:
    """Sixty figures scored by how far their target was reached, all reported by one department."""
    lines = [
        f"evaluation: {EVALUATION}",
        "title: 全国考核",
        "cycle: {year: 2025, starts: 2025-01-01, ends: 2025-12-31}",
    ]
    lines += ["departments:", f"  - {{code: {SENDER}, name: 统计局}}"]
    lines += ["groups:", *(f"  - {{code: g{at}, name: 第{at}组, kind: township}}" for at in range(GROUPS)), "sections:"]
    for at in range(SECTIONS):
        own = range(at * ITEMS // SECTIONS, (at + 1) * ITEMS // SECTIONS)
        lines += [f"  - code: s{at}", f"    name: 一级指标{at}", "    indicators:"]
        lines += [
            f"      - {{code: i{item:02}, name: 指标{item}, unit_of_measure: 万元, points: {POINTS[item]},"
            f" sources: [{SENDER}], range: {{min: 0}}, measure: completion, rule: {{kind: proportional}}}}"
            for item in own
        ]
    grades = [f"  - {{grade: {grade}, at_least: {least}}}" for grade, least in (("优秀", 80), ("合格", 60))]
    return "\n".join([*lines, "grades:", *grades, "  - {grade: 不合格}", ""])


def _texts(hundredths: Any) -> Any:
    """Numbers with two decimals, as people write them: no zeros at the end."""
    digits = np.stack([hundredths, hundredths >> 63], axis=1)
    exact = pa.Array.from_buffers(pa.decimal128(38, 2), len(hundredths), [None, pa.py_buffer(digits)])
    return pc.ascii_rtrim(pc.ascii_rtrim(exact.cast(pa.string()), characters="0"), characters=".")


def _write(path: Path, names: list[str], columns: list[Any]) -> None:
    pyarrow.csv.write_csv(pa.table(columns, names=names), path, PLAIN)


def floor(country: Country) -> None:
    """Read the csv files with pandas, score and rank with numpy, write the published columns with pandas."""
    units = pd.read_csv(country.definition / "units.csv", dtype=str)
    targets = pd.read_csv(country.definition / "targets.csv", dtype={"target": float})
    filed = pd.read_csv(country.submission, dtype={HEADER[1]: str})
    unit_at, item_at = pd.Index(units["unit_code"]), pd.Index([f"i{number:02}" for number in range(ITEMS)])
    target = _matrix(targets["unit_code"], targets["indicator_code"], targets["target"], unit_at, item_at)
    value = _matrix(filed[HEADER[0]], filed[HEADER[2]], filed[HEADER[3]], unit_at, item_at)
    value[value < 0] = np.nan
    share = np.clip(np.nan_to_num(value) / target, 0, 1)
    scores = np.floor(share * POINTS * 100 + 0.5) / 100
    totals = scores.sum(axis=1).round(2)
    rank = pd.Series(totals).groupby(units["group"]).rank(ascending=False, method="min").astype(int)
    of_units = units.rename(columns={"name": "unit_name"}).assign(
        base_score=totals, bonus=0, penalty=0, total_score=totals, provisional=np.isnan(value).any(axis=1), veto="",
        grade=np.select([totals >= 80, totals >= 60], ["优秀", "合格"], "不合格"), award="", rank=rank,
    )  # fmt: skip
    items = pd.DataFrame(
        {
            "unit_code": np.repeat(units["unit_code"].to_numpy(), ITEMS),
            "section_code": np.tile([f"s{at * SECTIONS // ITEMS}" for at in range(ITEMS)], len(units)),
            "indicator_code": np.tile(item_at, len(units)),
            "points": np.tile(POINTS, len(units)),
            "accepted_value": value.ravel(),
            "target_value": target.ravel(),
            "measure": (value / target).ravel().round(4),
            "indicator_score": scores.ravel(),
            "deduction": (POINTS - scores).ravel().round(2),
            "state": np.where(np.isnan(value.ravel()), "missing", "scored"),
            "provisional": np.isnan(value.ravel()),
            "target_state": np.where((value >= target).ravel(), "met", "unmet"),
            "reason": "",
            "source_file": "figures.csv",
            "sheet": "",
            "cell": "D2",
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        of_units.sort_values(["group", "rank"]).to_csv(Path(folder) / "ranking.csv", index=False)
        items.to_csv(Path(folder) / "indicator_scores.csv", index=False)
    np.save(country.home / FLOOR, totals)


def _matrix(units: pd.Series, items: pd.Series, values: pd.Series, unit_at: Any, item_at: Any) -> Any:
    found = np.full((len(unit_at), len(item_at)), np.nan)
    found[unit_at.get_indexer(units), item_at.get_indexer(items)] = values
    return found


def same_totals(country: Country) -> float:
    """The largest difference between published totals and the floor's; the number of units agrees, too.

    Raises: AssertionError: units are missing, or another number of figures than was wrong is scored as missing.
    """
    published = pd.read_csv(country.published / "ranking.csv", encoding="utf-8-sig").sort_values("unit_code")
    totals = np.load(country.home / FLOOR)
    assert len(published) == len(totals)
    items = pd.read_csv(country.published / "indicator_scores.csv", usecols=["state"], encoding="utf-8-sig")
    assert len(items) == country.figures
    assert int((items["state"] == "missing").sum()) == country.wrong
    return float(np.abs(published["total_score"].to_numpy() - totals).max().round(6))
