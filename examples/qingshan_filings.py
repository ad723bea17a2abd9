"""青山县的报送: into which files goes what everybody says, and on which day each file came in."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from examples.qingshan_by_hand import units_by_columns, units_over_rows
from examples.qingshan_claims import Claim
from examples.qingshan_faults import (
    COLUMNS,
    DAYS_LATE,
    FORMER_NAMES,
    FORMS,
    IN_GBK,
    MATTERS_IN_FORM,
    MERGED,
    MISTAKEN,
    PUT_RIGHT,
    SELF_FORMS,
    STRAYS,
    TOTALS,
    UNKNOWN_UNIT,
    WORKBOOKS,
)
from examples.qingshan_figures import swing
from examples.qingshan_files import (
    CLAIMS_HEADER,
    FIGURES_HEADER,
    MARKS_HEADER,
    Filing,
    csv_file,
    tidy_workbook,
)
from examples.qingshan_forms import Answers, Entry, filled_form
from examples.qingshan_told import Row, Told
from reports.form_asked import Asked

FORM = ""  # in place of a file's name
EARLIER = "先前"
_WHEN = {"year": "年度数据", "quarter": "年第{}季度数据", "month": "年第{}季度月报"}


@dataclass(frozen=True, eq=False)
class Filings:
    """All files of one evaluation. `asked` makes the forms."""

    told: Told
    asked: Asked

    def __iter__(self) -> Iterator[Filing]:
        """Every file, in the order in which they came in."""
        everything = [*self._lists(), *self._claims(), *self._marks(), *self._forms()]
        yield from sorted(everything, key=lambda one: (one.received, one.sender, one.file))

    @property
    def _year(self) -> int:
        return self.told.year

    @cached_property
    def _figures(self) -> dict[tuple[str, str], list[Row]]:
        """By sender and file; `FORM` for the official form."""
        filed: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for sender, row in self.told.rows():
            filed[sender, row.fault.file or self._file(row, sender)].append(row)
        return filed

    def _file(self, row: Row, sender: str) -> str:
        if sender in self._by_form and quarter_of(row.period) in ("", "4"):
            return FORM
        if sender in self.told.names:
            return f"{self.told.names[sender]}{self._year}年度自报数据.csv"
        when = _WHEN[row.figure.frequency].format(quarter_of(row.period))
        kind = "xlsx" if (sender, row.figure.frequency) in WORKBOOKS[self._year] else "csv"
        return f"{self._office(sender)}{self._year}{when}.{kind}"

    @cached_property
    def _by_form(self) -> set[str]:
        groups = self.told.county.group
        return {*FORMS[self._year], *(unit for unit, group in groups.items() if group in SELF_FORMS[self._year])}

    def _office(self, sender: str) -> str:
        return str(self.told.definition.rulebook.department(sender).name)

    def _lists(self) -> Iterator[Filing]:
        """Figures outside forms."""
        for (sender, file), rows in self._figures.items():
            if file != FORM:
                received = self._received(sender, rows)
                yield Filing(sender, file, self._data(sender, file, rows, received), received)

    def _data(self, sender: str, file: str, rows: list[Row], received: date) -> bytes:
        shape = WORKBOOKS[self._year].get((sender, rows[0].figure.frequency))
        title = file.rpartition(".")[0]
        if file.endswith(".csv"):
            cells = [row.cells() for row in rows]
            return csv_file(FIGURES_HEADER, [*cells, *self._strays(sender, rows), *self._total(sender, rows)])
        if shape == MERGED:
            by_unit: dict[str, list[tuple[str, str]]] = defaultdict(list)
            for row in sorted(rows, key=lambda row: row.unit):
                by_unit[row.name].append((row.figure.name, row.value))
            return units_over_rows(title, self._office(sender), f"{self._year}年", by_unit, received)
        if shape == COLUMNS:
            return self._columns(sender, title, rows, received)
        return tidy_workbook(title, [row.cells() for row in rows], received)

    def _columns(self, sender: str, title: str, rows: list[Row], received: date) -> bytes:
        headings = {row.figure.code: f"{row.figure.name}（{row.figure.unit_of_measure}）" for row in rows}
        names = {row.unit: self._name(sender, row.unit) for row in sorted(rows, key=lambda row: row.unit)}
        cells = {(row.unit, headings[row.figure.code]): row.value for row in rows}
        quarter = quarter_of(rows[0].period)
        period = f"{self._year}年第{quarter}季度" if quarter else f"{self._year}年"
        office = self._office(sender)
        return units_by_columns(title, office, period, list(headings.values()), names, cells, received)

    def _name(self, sender: str, unit: str) -> str:
        """The unit's name, its former one where the office still uses that."""
        if unit not in FORMER_NAMES.get(sender, ()):
            return self.told.names[unit]
        units = self.told.definition.units
        return str(units.loc[units["unit_code"] == unit, "aliases"].iloc[0])

    def _strays(self, sender: str, rows: list[Row]) -> Iterator[list[str]]:
        for office, code, period, value in STRAYS.get(self._year, ()):
            like = [row for row in rows if row.figure.code == code and row.period == period]
            if office == sender and like:
                yield replace(like[-1], unit=UNKNOWN_UNIT[0], name=UNKNOWN_UNIT[1], value=value).cells()

    def _total(self, sender: str, rows: list[Row]) -> Iterator[list[str]]:
        if (sender, rows[0].figure.code, rows[0].period) in TOTALS.get(self._year, ()):
            yield ["合计", "", "", "", "", f"{sum(float(row.value) for row in rows):g}", "", "", ""]

    def _received(self, sender: str, rows: list[Row]) -> date:
        if sender in self.told.names:
            return self._own_day(sender)
        if rows[0].figure.frequency == "year":
            return date(self._year + 1, 1, 8)
        quarter = int(quarter_of(rows[0].period))
        return date(self._year + quarter // 4, quarter * 3 % 12 + 1, 10)

    def _own_day(self, unit: str) -> date:
        due = self.told.definition.rulebook.calendar.submissions_due
        assert due is not None
        early = round(5 + 4 * swing("sent", unit, self._year))
        return due + timedelta(days=DAYS_LATE[self._year].get(unit, -early))

    def _claims(self) -> Iterator[Filing]:
        """Matters outside forms."""
        for sender, claims in self.told.claims().items():
            if sender not in self._by_form or (sender in FORMS[self._year] and sender not in MATTERS_IN_FORM):
                file = f"{self._office(sender)}{self._year}年度事项.csv"
                cells = [self._claim_cells(claim) for claim in claims]
                data = csv_file(CLAIMS_HEADER, cells, gbk=sender in IN_GBK[self._year])
                yield Filing(sender, file, data, date(self._year + 1, 1, 9))

    def _claim_cells(self, claim: Claim) -> list[str]:
        rulebook = self.told.definition.rulebook
        vetoes = {veto.code: veto.name for veto in rulebook.vetoes}
        item = vetoes[claim.item] if claim.item in vetoes else rulebook.place(claim.item).item.name
        keys = [claim.unit, self.told.names[claim.unit], claim.item, item, claim.matter]
        return [*keys, claim.level, claim.quantity, claim.date, claim.paper, claim.note]

    def _marks(self) -> Iterator[Filing]:
        """Marks outside forms."""
        by_sender: dict[str, list[list[str]]] = defaultdict(list)
        for sender, item, unit, marks in self.told.marks():
            if sender not in self._by_form:
                by_sender[sender] += [[unit, self.told.names[unit], item.code, item.name, *mark] for mark in marks]
        for sender, cells in by_sender.items():
            file = f"{self._office(sender)}{self._year}年度评委打分.csv"
            yield Filing(sender, file, csv_file(MARKS_HEADER, cells), date(self._year + 1, 1, 22))

    def _forms(self) -> Iterator[Filing]:
        for sender in sorted(self._by_form):
            answers = self._answers(sender)
            if sender not in self.told.names:
                day = date(self._year + 1, 1, 22 if answers.marks else 10)
                yield Filing(sender, *filled_form(self.asked, sender, answers), day)
                continue
            day = self._own_day(sender)
            yield Filing(sender, *filled_form(self.asked, sender, answers), day)
            yield from self._before(sender, answers, day)

    def _before(self, unit: str, answers: Answers, day: date) -> Iterator[Filing]:
        """What the unit sent before its own, right form."""
        if unit in PUT_RIGHT.get(self._year, {}):
            code, text, days = PUT_RIGHT[self._year][unit]
            wrong = answers.figures | {(unit, code, str(self._year)): Entry(text)}
            file, data = filled_form(self.asked, unit, replace(answers, figures=wrong))
            yield Filing(unit, file, data, day - timedelta(days=days), f"{EARLIER}/{file}")
        other = MISTAKEN.get(self._year, {}).get(unit)
        if other is not None:
            as_other = {(other, code, period): entry for (_, code, period), entry in answers.figures.items()}
            file, data = filled_form(self.asked, other, Answers(as_other, self_scores=answers.self_scores))
            yield Filing(unit, file, data, day - timedelta(days=1))

    def _answers(self, sender: str) -> Answers:
        """All that goes into the sender's form."""
        answers = Answers()
        for row in self._figures.get((sender, FORM), []):
            converted = row.unit_of_measure if row.fault.unit_of_measure else ""
            key = (row.unit, row.figure.code, row.period)
            answers.figures[key] = Entry(row.value + converted, row.fault.formula)
            if row.fault.note:
                answers.notes[row.unit, row.figure.code] = row.fault.note
        if sender in MATTERS_IN_FORM or sender in self.told.names:
            answers.claims.extend(self.told.claims().get(sender, []))
        for source, item, unit, marks in self.told.marks():
            if source == sender:
                answers.marks[unit, item.code] = [mark for _, mark in marks]
        if sender in self.told.names:
            answers.self_scores.update(self.told.self_scores(sender))
        return answers


def quarter_of(period: str) -> str:
    if "Q" in period:
        return period[-1]
    return str((int(period[5:]) + 2) // 3) if "-" in period else ""
