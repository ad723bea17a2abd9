"""The analyses as readers get them: tables with names and sentences for the csv files and the commands, and what the
sections of the pages show.

Internal: none of it goes into the public set. Here belongs choosing and ordering; wording stands in `*_words.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from evaluation.analyses import Analyses
from evaluation.definition import Definition
from evaluation.explanation_words import LANGUAGES, Language
from evaluation.figures import Figure
from evaluation.firmness import SETTLED as NOTHING_OPEN
from evaluation.firmness import Firmness
from evaluation.gap_table import REACHED, SETTLED
from evaluation.progress import AMBER, GREEN, RED, UNREPORTED
from reports.csv_files import write_csv
from reports.firmness_words import METHODS, bars, matters_told, with_firmness_sentences
from reports.gap_words import GOALS, with_gap_sentences
from reports.progress_words import LEVELS, with_progress_sentences
from reports.rows import Rows, by_unit, records

ROWS_SHOWN = 60
SENTENCE: dict[Language, str] = {"zh": "sentence", "en": "sentence_en"}
NOT_IN_FILES = ["figure_name", "unit_name", "level_name"]


@dataclass(frozen=True, eq=False)
class AnalysesTold:
    """`gaps`, `firmness` (None: not looked for), `progress`: with names and sentences. `matters`: a line each, by
    language."""

    definition: Definition
    gaps: pd.DataFrame | None
    firmness: pd.DataFrame | None
    progress: pd.DataFrame
    matters: Mapping[Language, list[str]]

    def of(self, unit_code: str, language: Language) -> dict[str, Any]:
        """What the page of one unit shows."""
        (firm,) = self._firm.get(unit_code, [{}])
        return {
            "goals": list(self._goals(unit_code, language)) if self.gaps is not None else [],
            "progress": [_in(row, language) for row in self._progress.get(unit_code, [])],
            "firm": firm.get(SENTENCE[language], ""),
            "rivals": self._rivals(firm) if firm else [],
        }

    def _goals(self, unit_code: str, language: Language) -> Iterator[dict[str, Any]]:
        """Per goal: what reaches it, the names of what cannot, or the one sentence that there is nothing to gain."""
        own = self.gaps_of(unit_code)
        for goal, name in GOALS.items():
            rows = [row for row in own if row["goal"] == goal]
            if rows:
                yield {
                    "name": name,
                    "said": [row[SENTENCE[language]] for row in rows if row["outcome"] in (REACHED, *SETTLED)],
                    "in_vain": [row["figure_name"] for row in rows if row["outcome"] not in (REACHED, *SETTLED)],
                }

    def gaps_of(self, unit_code: str) -> Rows:
        """Its rows of `gaps`; none where they were not looked for."""
        return self._gaps.get(unit_code, [])

    @cached_property
    def _gaps(self) -> dict[str, Rows]:
        return {} if self.gaps is None else by_unit(self.gaps)

    @cached_property
    def _firm(self) -> dict[str, Rows]:
        return {} if self.firmness is None else by_unit(self.firmness)

    @cached_property
    def _progress(self) -> dict[str, Rows]:
        return by_unit(self.progress)

    def _rivals(self, row: dict[Any, Any]) -> list[str]:
        """Names of the units whose order with that of the row is open."""
        return [self._names.get(code, code) for code in row["contested_with"].split(";") if code]

    @cached_property
    def _names(self) -> dict[str, str]:
        return self.definition.unit_names

    @cached_property
    def open_sets(self) -> list[dict[str, Any]]:
        """Units ranked together of which something is open: the first with bars and rivals, and how many they are."""
        units = self.definition.units.set_index("unit_code")
        within = "group" if self.definition.rulebook.ranking.within == "group" else "kind"
        names = {group.code: group.name for group in self.definition.rulebook.groups}
        rows = [
            row | {"method_name": METHODS[row["method"]], "rivals": self._rivals(row)}
            for own in self._firm.values()
            for row in own
        ]
        found: dict[str, Rows] = {}
        for row in rows:
            found.setdefault(str(units.at[row["unit_code"], within]), []).append(row)
        return [
            {"name": names.get(code, ""), "units": len(bars(own)), "rows": bars(own)[:ROWS_SHOWN]}
            for code, own in found.items()
            if any(row["method"] != NOTHING_OPEN for row in own)
        ]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many targets stand at each colour, by its word."""
        counted = self.progress["level"].value_counts()
        return {LEVELS[level]: int(counted.get(level, 0)) for level in (RED, AMBER, GREEN, UNREPORTED)}

    @property
    def behind_in_all(self) -> int:
        """How many are red or not reported."""
        return sum(self.counts[LEVELS[level]] for level in (RED, UNREPORTED))

    def behind(self, language: Language) -> Rows:
        """What is red or not reported, the furthest behind first, so many as are shown."""
        rows = self.progress[self.progress["level"].isin([RED, UNREPORTED])]
        order = pd.to_numeric(rows["behind"]).fillna(float("inf")).sort_values(ascending=False, kind="stable").index
        return [_in(row, language) for row in records(rows.loc[order].head(ROWS_SHOWN))]


def _in(row: dict[Any, Any], language: Language) -> dict[Any, Any]:
    """With what is said in the language: the sentence, and who acts."""
    return row | {"said": row[SENTENCE[language]], "acts": row["who" if language == "zh" else "who_en"]}


def told(definition: Definition, analyses: Analyses) -> AnalysesTold:
    """With the names of the definition."""
    firm = analyses.firmness
    return AnalysesTold(
        definition=definition,
        gaps=None if analyses.gaps is None else gaps_told(definition, analyses.gaps),
        firmness=None if firm is None else firmness_told(definition, firm),
        progress=progress_told(definition, analyses.progress),
        matters={one: [] if firm is None else open_matters_told(definition, firm, one) for one in LANGUAGES},
    )


def gaps_told(definition: Definition, gaps: pd.DataFrame) -> pd.DataFrame:
    """`gap_table` with `figure_name`, `sentence`, `sentence_en`."""
    return with_gap_sentences(gaps, figures_of(definition))


def firmness_told(definition: Definition, found: Firmness) -> pd.DataFrame:
    """A row per unit with `unit_name`, `contested_with`, `sentence`, `sentence_en`."""
    return with_firmness_sentences(found, definition.unit_names)


def progress_told(definition: Definition, found: pd.DataFrame) -> pd.DataFrame:
    """`progress` with `unit_name`, `figure_name`, `level_name`, `who`, `sentence`, `sentence_en`."""
    departments = {one.code: one.name for one in definition.rulebook.departments}
    return with_progress_sentences(found, figures_of(definition), departments, definition.unit_names)


def open_matters_told(definition: Definition, found: Firmness, language: Language = "zh") -> list[str]:
    """A line per open matter."""
    rulebook = definition.rulebook
    names = {place.item.code: place.item.name for place in rulebook.places()}
    names |= {code: figure.name for code, figure in figures_of(definition).items()}
    names |= {veto.code: veto.name for veto in rulebook.vetoes}
    return matters_told(found, names | definition.unit_names, language)


def figures_of(definition: Definition) -> dict[str, Figure]:
    """Figures by code; of one that is asked for twice, this year's."""
    return {figure.code: figure for figure in reversed(definition.rulebook.figures())}


def write_analyses(folder: Path, analyses: AnalysesTold) -> None:
    """`gaps.csv`, `firmness.csv`, `progress.csv`: names of units and figures stand in their sentences."""
    tables = {"gaps": analyses.gaps, "firmness": analyses.firmness, "progress": analyses.progress}
    for name, frame in tables.items():
        if frame is not None:
            write_csv(frame.drop(columns=NOT_IN_FILES, errors="ignore"), folder / f"{name}.csv")
