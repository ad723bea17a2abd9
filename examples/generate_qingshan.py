"""Writes what is made up in the examples qingshan-2024 and qingshan-2025: targets, inbox and submissions.csv.

Run by hand after a change of rulebook, units or figures: `python -m examples.generate_qingshan [FOLDER]`.
Rulebook, units and officials are written by hand and only read here. The same inputs make the same bytes.
"""

import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from evaluation.definition import FILES, Definition, read_definition
from evaluation.figures import Figure, figure_owner
from evaluation.items import Item
from evaluation.numbers import for_unit
from evaluation.obligations import obligations
from evaluation.rule_kinds import Checklist, Judged
from evaluation.rulebook import Place
from examples.qingshan_claims import BY_HAND, MATTERS, Claim, marks_of, matters_of, pieces_of
from examples.qingshan_faults import AS_IS, DAYS_LATE, FAULTS, STRAYS, UNKNOWN_UNIT, Fault
from examples.qingshan_figures import MAGNITUDES, County, swing
from examples.qingshan_files import Filing, csv_text, number_text, write_filing
from examples.qingshan_tasks import NO_SUCH_TASK, TARGETS_HEADER, target_rows

EXAMPLES = Path(__file__).resolve().parent
YEARS = (2024, 2025)
STATED_BY = "示例整理"
IN_A_WORKBOOK = "stats"  # this office sends its yearly figures as xlsx
FIGURES_HEADER = ["单位编码", "单位名称", "考核期", "指标编码", "指标名称", "数值", "计量单位", "类型", "备注"]
CLAIMS_HEADER = ["单位编码", "单位名称", "事项编码", "事项名称", "对象编号", "级别", "数量", "日期", "文件", "备注"]
MARKS_HEADER = ["单位编码", "单位名称", "指标编码", "指标名称", "评委", "分值"]
_WHEN = {"year": "年度数据", "quarter": "年第{}季度数据", "month": "年第{}季度月报"}


@dataclass(frozen=True)
class Row:
    """One figure as it is reported; `right` is the number that it should say."""

    unit: str
    name: str
    period: str
    figure: Figure
    right: float
    value: str
    unit_of_measure: str
    status: str = ""
    note: str = ""

    def cells(self) -> list[str]:
        code, name = self.figure.code, self.figure.name
        return [
            self.unit, self.name, self.period, code, name, self.value, self.unit_of_measure, self.status, self.note,
        ]  # fmt: skip


class Maker:
    """Makes the files of one evaluation from its rulebook, units and officials."""

    def __init__(self, folder: Path) -> None:
        given = {name: (folder / name).read_bytes() for name in FILES if (folder / name).is_file()}
        given.pop("targets.csv", None)
        bare = read_definition(given)
        self.year = bare.rulebook.cycle.year
        self.county = county_of(bare)
        self.targets = csv_text(TARGETS_HEADER, target_rows(bare, self.county))
        self.definition = read_definition(given | {"targets.csv": self.targets})
        self.rulebook = self.definition.rulebook
        self.names = dict(zip(bare.units["unit_code"], bare.units["name"], strict=True))

    def filings(self) -> Iterator[Filing]:
        """Every file, in the order in which they came in."""
        everything = [*self._figures(), *self._claims(), *self._marks()]
        yield from sorted(everything, key=lambda filing: (filing.received, filing.sender, filing.file))

    def _figures(self) -> Iterator[Filing]:
        filed: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row, sender in self._rows():
            for told in self._as_it_came(row, sender):
                filed[sender, self._file(told, sender)].append(told)
        for (sender, file), rows in filed.items():
            cells = [row.cells() for row in rows] + list(self._strays(sender, rows))
            yield Filing(sender, file, FIGURES_HEADER, cells, self._received(sender, rows))

    def _rows(self) -> Iterator[tuple[Row, str]]:
        """Every figure that is owed, by its first source, and what others report beside it."""
        owed = obligations(self.definition)
        for figure in self.rulebook.figures():
            year = figure.data_year or self.year
            own = owed[(owed["indicator_code"] == figure.code) & owed["period"].str.startswith(str(year))]
            for unit, rows in own.groupby("unit_code", sort=False):
                values = self.county.periods(
                    figure.code, str(unit), year, figure.frequency, figure.accumulate in {"latest", "max"}
                )
                for period, value in zip(rows["period"], values, strict=True):
                    for source in figure.sources:
                        yield from self._reported(figure, str(unit), period, value, source)

    def _reported(self, figure: Figure, unit: str, period: str, value: float, source: str) -> Iterator[tuple[Row, str]]:
        places = MAGNITUDES[figure.code].decimals
        first = source == figure.sources[0]
        if not first and figure.frequency != "year" and not period.endswith("Q4"):
            return
        # A second source counts by itself and comes out a little different.
        told = value if first else value * (1 + 0.02 * swing("second", figure.code, unit, period))
        text = number_text(told, places)
        row = Row(unit, self.names[unit], period, figure, told, text, figure.unit_of_measure or "")
        yield row, unit if source == "self" else source

    def _as_it_came(self, row: Row, sender: str) -> Iterator[Row]:
        fault = self._fault(row, sender)
        if fault is None:
            yield row
        elif fault.value is not None:
            places = MAGNITUDES[row.figure.code].decimals
            text = number_text(row.right * fault.times, places) if fault.value == AS_IS else fault.value
            unit_of_measure = fault.unit_of_measure or row.unit_of_measure
            yield replace(row, value=text, unit_of_measure=unit_of_measure, status=fault.status, note=fault.note)

    def _fault(self, row: Row, sender: str) -> Fault | None:
        key = (sender, row.unit, row.figure.code, row.period)
        return next((f for f in FAULTS[self.year] if (f.sender, f.unit, f.figure, f.period) == key), None)

    def _strays(self, sender: str, rows: list[Row]) -> Iterator[list[str]]:
        for office, code, period, value in STRAYS.get(self.year, ()):
            like = [row for row in rows if row.figure.code == code and row.period == period]
            if office == sender and like:
                yield replace(like[-1], unit=UNKNOWN_UNIT[0], name=UNKNOWN_UNIT[1], value=value).cells()

    def _file(self, row: Row, sender: str) -> str:
        if sender in self.names:
            return f"{self.names[sender]}{self.year}年度自报数据.csv"
        when = _WHEN[row.figure.frequency].format(quarter_of(row.period))
        kind = "xlsx" if sender == IN_A_WORKBOOK and row.figure.frequency == "year" else "csv"
        return f"{self.rulebook.department(sender).name}{self.year}{when}.{kind}"

    def _received(self, sender: str, rows: list[Row]) -> date:
        if sender in self.names:
            due = self.rulebook.calendar.submissions_due
            assert due is not None
            early = round(5 + 4 * swing("sent", sender, self.year))
            return due + timedelta(days=DAYS_LATE[self.year].get(sender, -early))
        if rows[0].figure.frequency == "year":
            return date(self.year + 1, 1, 8)
        quarter = int(quarter_of(rows[0].period))
        return date(self.year + quarter // 4, quarter * 3 % 12 + 1, 10)

    def _claims(self) -> Iterator[Filing]:
        by_sender: dict[str, list[Claim]] = defaultdict(list)
        for sender, claim in self._all_claims():
            by_sender[sender].append(claim)
        for sender, claims in by_sender.items():
            file = f"{self.rulebook.department(sender).name}{self.year}年度事项.csv"
            cells = [self._claim_cells(claim) for claim in claims]
            yield Filing(sender, file, CLAIMS_HEADER, cells, date(self.year + 1, 1, 9))

    def _claim_cells(self, claim: Claim) -> list[str]:
        vetoes = {veto.code: veto.name for veto in self.rulebook.vetoes}
        item = vetoes[claim.item] if claim.item in vetoes else self.rulebook.place(claim.item).item.name
        keys = [claim.unit, self.names[claim.unit], claim.item, item, claim.matter]
        return [*keys, claim.level, claim.quantity, claim.date, claim.paper, claim.note]

    def _all_claims(self) -> Iterator[tuple[str, Claim]]:
        sources = {veto.code: veto.sources[0] for veto in self.rulebook.vetoes}
        for place in self.rulebook.places():
            item, sources[place.item.code] = place.item, first_source(place)
            for unit in self._assessed(item.code):
                if isinstance(item.rule, Checklist):
                    pieces = {piece.code: piece.name or piece.code for piece in item.rule.pieces}
                    made = pieces_of(self.county, item.code, pieces, unit, self.year)
                elif item.code in MATTERS:
                    made = matters_of(self.county, item.code, unit, self.year)
                else:
                    continue
                yield from ((sources[item.code], claim) for claim in made)
        yield from ((sources[claim.item], claim) for claim in BY_HAND[self.year])

    def _marks(self) -> Iterator[Filing]:
        by_sender: dict[str, list[list[str]]] = defaultdict(list)
        for place in self.rulebook.places():
            item = place.item
            if isinstance(item.rule, Judged):
                for unit in self._assessed(item.code):
                    full = self._points(item, unit) if item.rule.scale == "points" else None
                    marks = marks_of(item.code, unit, self.year, full)
                    keys = [unit, self.names[unit], item.code, item.name]
                    by_sender[first_source(place)] += [[*keys, *mark] for mark in marks]
        for sender, cells in by_sender.items():
            file = f"{self.rulebook.department(sender).name}{self.year}年度评委打分.csv"
            yield Filing(sender, file, MARKS_HEADER, cells, date(self.year + 1, 1, 22))

    def _points(self, item: Item, unit: str) -> float:
        points = for_unit(item.points, unit, self.county.group[unit])
        assert points is not None
        return float(points.value)

    def _assessed(self, code: str) -> Iterator[str]:
        place = self.rulebook.place(code)
        for unit, group in self.county.group.items():
            exempt = any((unit, item.code) in NO_SUCH_TASK[self.year] for item in place.chain)
            if self.rulebook.applies(place, unit, group) and not exempt:
                yield unit


def county_of(definition: Definition) -> County:
    units = definition.units
    size: dict[tuple[str, str], float] = {}
    for column in (name for name in units.columns if name in {"population_10k", "gdp_100m"}):
        numbers = units[column].astype("float64")
        share = numbers / numbers.groupby(units["group"]).transform("mean")
        size |= {(unit, column): float(one) for unit, one in zip(units["unit_code"], share, strict=True)}
    return County(dict(zip(units["unit_code"], units["group"], strict=True)), size)


def first_source(place: Place) -> str:
    return (figure_owner(place.chain).sources or ("self",))[0]


def quarter_of(period: str) -> str:
    if "Q" in period:
        return period[-1]
    return str((int(period[5:]) + 2) // 3) if "-" in period else ""


def write_example(source: Path, folder: Path) -> None:
    """Write targets.csv, inbox and submissions.csv for the definition in `source` below `folder`."""
    maker = Maker(source)
    inbox = folder / "inbox"
    if inbox.exists():
        shutil.rmtree(inbox)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "targets.csv").write_bytes(maker.targets)
    listed = []
    for filing in maker.filings():
        write_filing(inbox, filing)
        listed.append([filing.sender, filing.file, filing.received.isoformat(), STATED_BY])
    (folder / "submissions.csv").write_bytes(csv_text(["sender", "file", "received", "by"], listed))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES
    for year in YEARS:
        write_example(EXAMPLES / f"qingshan-{year}", target / f"qingshan-{year}")
