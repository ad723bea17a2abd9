"""What each unit's page holds, made ready for all units at once.

Here belongs gathering a unit's rows out of every frame. How they are shown does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pandas as pd

from evaluation.explanation_words import LEVELS
from evaluation.figures import Figure
from evaluation.items import Item
from evaluation.rulebook import Rulebook
from evaluation.unit_classes import UnitClasses
from reports.catalogue import Catalogue
from reports.charts import PERIODS_DRAWN, Progress, progress
from reports.edition import Edition
from reports.gathered import Gathered
from reports.language import Language, saying
from reports.page_rows import ROWS_SHOWN, by_source, finding_caption, sections, unverified
from reports.rows import Rows, by_unit, records
from reports.rule_words import scoring_in_words
from reports.scorecards import scorecards
from reports.tracing import decided, readers, traces
from reports.unit_years import UnitYears

# What `evaluation.explanation` says of items, by unit and item.
Told: TypeAlias = Mapping[tuple[str, str], dict[str, Any]]


class UnitContents:
    """Contents of the unit template, gathered once for all units and both languages."""

    def __init__(self, gathered: Gathered) -> None:
        self.gathered = gathered
        edition, names = gathered.edition, gathered.names
        self.items = by_unit(scorecards(edition, names))
        self.officials = by_unit(edition.official_scores)
        self.corrections = by_unit(gathered.corrections)
        self.findings = _findings(gathered)
        self.matters = by_unit(_matters(edition, names))
        self.versions = by_unit(edition.earlier)
        self.beside = _Beside.of(gathered)
        self.years = UnitYears(edition, gathered.rows)

    def of(self, language: Language, units: Collection[str] | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
        """(unit code, contents) in the order of the ranking; None: all units."""
        rows = self.gathered.rows_in(language)
        told = self._told(language)
        for at, unit in enumerate(rows):
            if units is None or unit["unit_code"] in units:
                neighbours = [rows[place] if 0 <= place < len(rows) else None for place in (at - 1, at + 1)]
                yield unit["unit_code"], self._contents(unit, language, told) | {"neighbours": neighbours}

    def _contents(self, unit: dict[str, Any], language: Language, told: Told) -> dict[str, Any]:
        code = unit["unit_code"]
        items, findings = self.items.get(code, []), self.findings.get(code, [])
        return {
            "unit": unit,
            "told": self.gathered.edition.totals_told.get(language, {}).get(code, []),
            "scores": self.gathered.scores[code],
            "sections": sections([self.beside.item(unit, one, told) for one in items]),
            "unverified": unverified(items),
            "progress": self.beside.progress(code),
            "matters": self.matters.get(code, []),
            "versions": self.versions.get(code, []),
            **self.years.of(code, language),
            "officials": self.officials.get(code, []),
            "corrections": self.corrections.get(code, []),
            "findings": by_source(findings[:ROWS_SHOWN]),
            "finding_caption": finding_caption((one["severity"] for one in findings), saying(language)),
        }

    def _told(self, language: Language) -> Told:
        told = self.gathered.edition.told.get(language)
        return {} if told is None else {key: one for key, (one,) in _by_item(told, "indicator_code").items()}


@dataclass(frozen=True)
class _Beside:
    """What stands beside an item's score, found by unit and item."""

    rulebook: Rulebook
    items: Mapping[str, Item]
    traces: Mapping[tuple[str, str], Rows]
    findings: Mapping[tuple[str, str], Rows]
    corrections: Mapping[tuple[str, str], Rows]
    values: Mapping[tuple[str, str], list[tuple[str, str]]]
    targets: Mapping[tuple[str, str], str]
    classes: Mapping[str, tuple[str, str]]
    rules: dict[tuple[str, str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, gathered: Gathered) -> _Beside:
        edition = gathered.edition
        rulebook = edition.definition.rulebook
        own = [(place.item.code, place.chain[0].code) for place in rulebook.places()]
        read = readers(rulebook)[["indicator_code", "item"]].itertuples(index=False, name=None)
        both = pd.DataFrame(list(dict.fromkeys([*own, *read])), columns=["indicator_code", "item"], dtype="str")
        return cls(
            rulebook=rulebook,
            items={place.item.code: place.item for place in rulebook.top_items()},
            traces=traces(edition, gathered.names),
            findings=_by_item(gathered.findings.merge(both, on="indicator_code")),
            corrections=_by_item(gathered.corrections.merge(both, on="indicator_code")),
            values=_values(edition.accepted_values, rulebook.cycle.year),
            targets=_targets(edition.definition.targets),
            classes=_classes(edition.definition.plan.units),
        )

    def item(self, unit: Mapping[str, Any], row: dict[str, Any], told_of: Told) -> dict[str, Any]:
        """The row of a scorecard with what explains it."""
        key = (row["unit_code"], row["indicator_code"])
        told = told_of.get(key, {})
        item = self.items.get(row["indicator_code"])
        return {
            **row,
            "told": bool(told),
            "formula": told.get("formula", ""),
            "clause": told.get("clause", "") or (item.reference or "" if item else ""),
            "sentence": told.get("sentence", "") or row["reason"],
            "rule": self._rule(item, unit["unit_code"]) if item else "",
            "traces": self.traces.get(key, []),
            "findings": self.findings.get(key, []),
            "corrections": self.corrections.get(key, []),
        }

    def _rule(self, item: Item, unit_code: str) -> str:
        """Made once for all units that the rulebook treats alike."""
        key = (item.code, *self.classes[unit_code])
        if key not in self.rules:
            self.rules[key] = scoring_in_words(self.rulebook, item, *self.classes[unit_code])
        return self.rules[key]

    def progress(self, unit_code: str) -> list[Progress]:
        """The figures that are reported by quarter or month, in the rulebook's order."""
        drawn = (self._progress(unit_code, figure) for figure in self.rulebook.figures() if figure.data_year is None)
        return [one for one in drawn if one is not None]

    def _progress(self, unit_code: str, figure: Figure) -> Progress | None:
        values = self.values.get((unit_code, figure.code), [])
        if figure.frequency == "year" or not 2 <= len(values) <= PERIODS_DRAWN:
            return None
        codes = dict.fromkeys([*(place.item.code for place in figure.places), figure.code])
        target = next((self.targets[unit_code, code] for code in codes if (unit_code, code) in self.targets), "")
        return progress(figure.name, figure.unit_of_measure or "", figure.accumulate == "sum", values, target)


def _by_item(rows: pd.DataFrame, item: str = "item") -> dict[tuple[str, str], Rows]:
    found: dict[tuple[str, str], Rows] = {}
    for row in records(rows):
        found.setdefault((row["unit_code"], row[item]), []).append(row)
    return found


def _values(accepted: pd.DataFrame, year: int) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """(Q1 or 1 to 12, value) of the periods of the year, by unit and figure."""
    within = accepted["accepted_value"].notna() & accepted["period"].str.match(rf"{year}(?:-\d\d|Q\d)$")
    rows = accepted[within].sort_values("period", kind="stable")
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    columns = (rows[name].tolist() for name in ("unit_code", "indicator_code", "period", "accepted_value"))
    for unit, code, period, value in zip(*columns, strict=True):
        found.setdefault((unit, code), []).append((period[4:].lstrip("-0"), value))
    return found


def _classes(units: UnitClasses) -> dict[str, tuple[str, str]]:
    """By unit: its code where the rulebook names it, else none, and its group."""
    return {code: units.classes[at] for code, at in zip(units.units["unit_code"], units.class_of, strict=True)}


def _targets(targets: pd.DataFrame) -> dict[tuple[str, str], str]:
    known = targets[targets["target"].notna()]
    keys = zip(known["unit_code"].tolist(), known["indicator_code"].tolist(), strict=True)
    return dict(zip(keys, known["target"].tolist(), strict=True))


def _findings(gathered: Gathered) -> dict[str, Rows]:
    """Findings by every unit that they are about or that sent what they were found in."""
    about: dict[str, Rows] = {}
    for one in records(gathered.findings):
        for code in {one["unit_code"], one["sender"]}:
            about.setdefault(code, []).append(one)
    return about


def _matters(edition: Edition, names: Catalogue) -> pd.DataFrame:
    """Claims for bonuses, penalties and vetoes, with `block`, `item_name` and what was decided (`said`)."""
    rulebook = edition.definition.rulebook
    blocks = {
        place.item.code: (place.section_code, place.item.name) for place in rulebook.places() if not place.section
    }
    blocks |= {veto.code: ("veto", veto.name) for veto in rulebook.vetoes}
    rows = edition.claims[(edition.claims["outcome"] == "accepted") & edition.claims["item_code"].isin(list(blocks))]
    found = [blocks[code] for code in rows["item_code"]]
    return rows.assign(
        block=[block for block, _ in found],
        item_name=[name for _, name in found],
        level_name=[LEVELS[level][0] if level in LEVELS else level for level in rows["level"].fillna("")],
        said=decided(rows),
        sender=[names.sender(code) for code in rows["source"]],
    )
