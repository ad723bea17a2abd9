"""青山县各单位要说的: every figure, claim, mark and self-score of one evaluation, with the faults that are meant.

Here belongs what is said by whom. Into which files it goes is in `qingshan_filings.py`.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from evaluation.acceptance import KEY
from evaluation.definition import Definition
from evaluation.figures import Figure, figure_owner
from evaluation.items import Item
from evaluation.numbers import for_unit
from evaluation.obligations import obligations
from evaluation.reporting import points_of
from evaluation.rule_kinds import Checklist, Judged
from evaluation.rulebook import Place
from examples.qingshan_claims import BY_HAND, MATTERS, OWN_CLAIMS, Claim, marks_of, matters_of, pieces_of
from examples.qingshan_faults import AS_IS, FAULTS, Fault
from examples.qingshan_figures import MAGNITUDES, County, swing
from examples.qingshan_files import number_text
from examples.qingshan_tasks import NO_SUCH_TASK

NO_FAULT = Fault("", "", "", "", AS_IS)


@dataclass(frozen=True)
class Row:
    """One figure as it is reported; `right` is the number that it should say, `fault` what is wrong with it."""

    unit: str
    name: str
    period: str
    figure: Figure
    right: float
    value: str
    unit_of_measure: str
    fault: Fault = NO_FAULT

    def cells(self) -> list[str]:
        code, name = self.figure.code, self.figure.name
        told = [self.unit, self.name, self.period, code, name, self.value, self.unit_of_measure]
        return [*told, self.fault.status, self.fault.note]


@dataclass(frozen=True)
class Told:
    """What everybody says, by the definition with its targets."""

    definition: Definition
    county: County

    @property
    def year(self) -> int:
        return self.definition.rulebook.cycle.year

    @property
    def names(self) -> dict[str, str]:
        units = self.definition.units
        return dict(zip(units["unit_code"], units["name"], strict=True))

    def rows(self) -> Iterator[tuple[str, Row]]:
        """(sender, row) for every figure that is owed, by its first source, and what others report beside it."""
        owed = obligations(self.definition)
        for figure in self.definition.rulebook.figures():
            year = figure.data_year or self.year
            own = owed[(owed["indicator_code"] == figure.code) & owed["period"].str.startswith(str(year))]
            for unit, rows in own.groupby("unit_code", sort=False):
                piled_up = figure.accumulate in {"latest", "max"}
                values = self.county.periods(figure.code, str(unit), year, figure.frequency, piled_up)
                for period, value in zip(rows["period"], values, strict=True):
                    for source in figure.sources:
                        yield from self._reported(figure, str(unit), period, value, source)

    def _reported(self, figure: Figure, unit: str, period: str, value: float, source: str) -> Iterator[tuple[str, Row]]:
        places = MAGNITUDES[figure.code].decimals
        first = source == figure.sources[0]
        if not first and figure.frequency != "year" and not period.endswith("Q4"):
            return
        # A second source counts by itself and comes out a little different.
        told = value if first else value * (1 + 0.02 * swing("second", figure.code, unit, period))
        text = number_text(told, places)
        row = Row(unit, self.names[unit], period, figure, told, text, figure.unit_of_measure or "")
        sender = unit if source == "self" else source
        yield from ((sender, one) for one in self._as_it_came(row, sender))

    def _as_it_came(self, row: Row, sender: str) -> Iterator[Row]:
        key = (sender, row.unit, row.figure.code, row.period)
        fault = next((f for f in FAULTS[self.year] if (f.sender, f.unit, f.figure, f.period) == key), None)
        if fault is None:
            yield row
        elif fault.value is not None:
            places = MAGNITUDES[row.figure.code].decimals
            text = number_text(row.right * fault.times, places) if fault.value == AS_IS else fault.value
            yield replace(row, value=text, unit_of_measure=fault.unit_of_measure or row.unit_of_measure, fault=fault)

    def known_before(self, last: str) -> pd.DataFrame:
        """KEY and `accepted_value` of what first sources told for periods within the year up to `last`."""
        rows = [
            (row.unit, row.figure.code, row.period, row.value)
            for sender, row in self.rows()
            if row.figure.frequency != "year" and row.period <= last and sender in row.figure.sources[0:1]
        ]
        return pd.DataFrame(rows, columns=[*KEY, "accepted_value"], dtype="str")

    def claims(self) -> dict[str, list[Claim]]:
        """By sender."""
        by_sender: dict[str, list[Claim]] = defaultdict(list)
        for sender, claim in self._claims():
            by_sender[sender].append(claim)
        return by_sender

    def _claims(self) -> Iterator[tuple[str, Claim]]:
        sources = {veto.code: veto.sources[0] for veto in self.definition.rulebook.vetoes}
        for place in self.definition.rulebook.places():
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
        yield from ((claim.unit, claim) for claim in OWN_CLAIMS[self.year])

    def marks(self) -> Iterator[tuple[str, Item, str, list[tuple[str, str]]]]:
        """(sender, item, unit, marks by judge)."""
        for place in self.definition.rulebook.places():
            item = place.item
            if isinstance(item.rule, Judged):
                for unit in self._assessed(item.code):
                    full = self._points(item, unit) if item.rule.scale == "points" else None
                    yield first_source(place), item, unit, list(marks_of(item.code, unit, self.year, full))

    def self_scores(self, unit: str) -> dict[str, str]:
        """By item of the sections: nearly full points, as units see themselves."""
        group, scores = self.county.group[unit], {}
        for place in self.definition.rulebook.top_items():
            points = points_of(place, unit, group) if place.section is not None else None
            if points and self.definition.rulebook.applies(place, unit, group):
                share = 0.97 + 0.04 * swing("own view", place.item.code, unit, self.year)
                scores[place.item.code] = f"{min(round(float(points) * share * 10) / 10, float(points)):g}"
        return scores

    def _points(self, item: Item, unit: str) -> float:
        points = for_unit(item.points, unit, self.county.group[unit])
        assert points is not None
        return float(points.value)

    def _assessed(self, code: str) -> Iterator[str]:
        place = self.definition.rulebook.place(code)
        for unit, group in self.county.group.items():
            exempt = any((unit, item.code) in NO_SUCH_TASK[self.year] for item in place.chain)
            if self.definition.rulebook.applies(place, unit, group) and not exempt:
                yield unit


def first_source(place: Place) -> str:
    return (figure_owner(place.chain).sources or ("self",))[0]
