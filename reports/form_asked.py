"""What is asked of whom: recipients of fill-in workbooks, their figures, matters and marks, and what stands beside.

Here belongs what a form contains. How it looks is in the other `form_*` modules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import pandas as pd

from evaluation.acceptance import KEY
from evaluation.definition import Definition
from evaluation.figures import Figure, filed_under
from evaluation.obligations import assessed, periods_due
from evaluation.periods import exactly
from evaluation.reporting import SELF, claim_readers, claim_sources, levels_of, mark_sources, pieces_of
from evaluation.rounding import decimal_text
from evaluation.rulebook import Place, Rulebook

FREQUENCIES = {"year": "", "quarter": "季度", "month": "月度"}


@dataclass(frozen=True)
class Recipient:
    """Who fills in a workbook; `source` is what the rulebook calls it, `unit_code` the unit that reports itself."""

    code: str
    name: str
    source: str

    @property
    def unit_code(self) -> str | None:
        return self.code if self.source == SELF else None


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    kind: str
    group: str


@dataclass(frozen=True)
class Matter:
    """An item or veto whose claims may be reported."""

    code: str
    name: str
    levels: tuple[str, ...] = ()
    pieces: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Asked:
    """A definition with accepted values of last year and of this: KEY and `accepted_value`."""

    definition: Definition
    previous: pd.DataFrame
    current: pd.DataFrame

    @property
    def rulebook(self) -> Rulebook:
        return self.definition.rulebook

    @cached_property
    def units(self) -> dict[str, Unit]:
        frame = self.definition.units
        rows = zip(frame["unit_code"], frame["name"], frame["kind"], frame["group"], strict=True)
        return {row[0]: Unit(*map(str, row)) for row in rows}

    def recipients(self) -> Iterator[Recipient]:
        """Departments that are a source, then units that report themselves; whoever is asked nothing is left out."""
        for department in self.rulebook.departments:
            yield Recipient(department.code, department.name, department.code)
        for unit in self.units.values():
            yield Recipient(unit.code, unit.name, SELF)

    def figures(self, recipient: Recipient) -> list[Figure]:
        """Figures that the recipient may report, for itself those that apply to it or would if it had such a task."""
        asked = [figure for figure in self.rulebook.figures() if recipient.source in (figure.sources or (SELF,))]
        return [figure for figure in asked if any(self.concerns(figure, code) for code in self._whom(recipient))]

    def _whom(self, recipient: Recipient) -> list[str]:
        return list(self.units) if recipient.unit_code is None else [recipient.unit_code]

    def concerns(self, figure: Figure, unit_code: str) -> bool:
        """Whether an item that reads the figure assesses the unit, task or not."""
        unit = self.units[unit_code]
        return any(self.rulebook.applies(place, unit.code, unit.group) for place in figure.places)

    @cached_property
    def _owing(self) -> dict[tuple[str, int | None], set[str]]:
        codes = self.definition.units["unit_code"]
        return {
            (figure.code, figure.data_year): set(codes[assessed(self.definition, figure)])
            for figure in self.rulebook.figures()
        }

    def is_asked(self, figure: Figure, unit_code: str) -> bool:
        """Whether there is a blank: the figure applies to the unit and `targets.csv` does not exempt it."""
        return unit_code in self._owing[figure.code, figure.data_year]

    def periods(self, figure: Figure) -> list[str]:
        return periods_due(self.rulebook, figure)

    def matters(self, recipient: Recipient) -> list[Matter]:
        """Items and vetoes whose claims the recipient may report; for itself those that apply to it."""
        sources, readers = claim_sources(self.rulebook), claim_readers(self.rulebook)
        found = [
            Matter(place.item.code, place.item.name, levels_of(readers[code]), pieces_of(readers[code]))
            for place in self.rulebook.places()
            if recipient.source in sources.get(code := place.item.code, ())
            and filed_under(place.chain)[0] == code
            and any(self._applies(reader, recipient) for reader in readers[code])
        ]
        vetoes = [veto for veto in self.rulebook.vetoes if veto.when is None and recipient.source in veto.sources]
        return [*found, *(Matter(veto.code, veto.name) for veto in vetoes)]

    def judged(self, recipient: Recipient) -> list[Place]:
        sources = mark_sources(self.rulebook)
        places = [place for place in self.rulebook.places() if place.item.reads_marks()]
        return [place for place in places if recipient.source in sources[place.item.code]]

    def _applies(self, place: Place, recipient: Recipient) -> bool:
        units = (self.units[code] for code in self._whom(recipient))
        return any(self.rulebook.applies(place, unit.code, unit.group) for unit in units)

    def target(self, figure: Figure, unit_code: str, which: str = "target") -> str:
        """The unit's target or stretch for the figure, as written; empty where there is none."""
        codes = [figure.definer.code, figure.code, *(item.code for place in figure.places for item in place.chain)]
        found = (self._targets.get((which, unit_code, code), "") for code in codes)
        return next(filter(None, found), "")

    @cached_property
    def _targets(self) -> dict[tuple[str, str, str], str]:
        frame = self.definition.targets
        return {
            (which, unit, code): text
            for which in ("target", "stretch")
            if which in frame
            for unit, code, text in frame.loc[frame[which].notna(), ["unit_code", "indicator_code", which]].itertuples(
                index=False
            )
        }

    def last_year(self, figure: Figure, unit_code: str) -> str:
        """Last year's accepted value, its periods put together as the figure's are."""
        rows = self._last_years.get((unit_code, figure.code))
        if not rows:
            return ""
        values = [Fraction(text) for _, text in sorted(rows.items())]
        return decimal_text(values[-1] if figure.accumulate == "latest" else exactly(values, figure.accumulate), 4)

    @cached_property
    def _last_years(self) -> dict[tuple[str, str], dict[str, str]]:
        """Of each figure the newest year that last year's evaluation has accepted."""
        by_figure = _by_key(self.previous)
        newest = {key: max(period[:4] for period in rows) for key, rows in by_figure.items()}
        return {
            key: {period: text for period, text in rows.items() if period.startswith(newest[key])}
            for key, rows in by_figure.items()
        }

    def last_period(self, figure: Figure) -> str:
        """The newest period of this cycle for which anybody's value is accepted; empty for yearly figures."""
        known = {period for (_, code), rows in self._current.items() if code == figure.code for period in rows}
        due = [period for period in self.periods(figure) if period in known]
        return due[-1] if due and figure.frequency != "year" else ""

    def period_before(self, figure: Figure, period: str) -> str:
        """The period of this cycle before that one; empty for the first."""
        due = self.periods(figure)
        return due[due.index(period) - 1] if due.index(period) else ""

    def accepted(self, figure: Figure, unit_code: str, period: str) -> str:
        return self._current.get((unit_code, figure.code), {}).get(period, "")

    @cached_property
    def _current(self) -> dict[tuple[str, str], dict[str, str]]:
        return _by_key(self.current)


def _by_key(accepted: pd.DataFrame) -> dict[tuple[str, str], dict[str, str]]:
    """Accepted values by unit and figure, then by period."""
    known = accepted.loc[accepted["accepted_value"].notna(), [*KEY, "accepted_value"]]
    found: dict[tuple[str, str], dict[str, str]] = {}
    for unit, code, period, value in known.itertuples(index=False):
        found.setdefault((unit, code), {})[period] = str(value)
    return found


def period_words(period: str) -> str:
    """
    >>> period_words("2025Q3"), period_words("2025-09"), period_words("2025")
    ('2025年第3季度', '2025年9月', '2025年')
    """
    if "Q" in period:
        return f"{period[:4]}年第{period[5]}季度"
    return f"{period[:4]}年{int(period[5:])}月" if "-" in period else f"{period}年"
