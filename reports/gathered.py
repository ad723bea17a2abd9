"""What all pages of an edition are made of, made ready once for both languages.

Here belongs what several pages need. What one page shows of it does not (`page_index`, `page_units`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from reports.catalogue import Catalogue, catalogue
from reports.corrections import corrections_with_names
from reports.edition import Edition
from reports.language import Language, saying
from reports.listings import gravest_first
from reports.rows import Rows, records
from reports.section_scores import SectionScore, section_scores
from reports.standings import remarks, standings


@dataclass(frozen=True, eq=False)
class Gathered:
    """Names, standings and section scores of one edition."""

    edition: Edition
    _rows_in: dict[Language, Rows] = field(default_factory=dict)

    @cached_property
    def names(self) -> Catalogue:
        return catalogue(self.edition)

    @cached_property
    def ranked(self) -> pd.DataFrame:
        """As of `standings`."""
        return standings(self.edition, self.names)

    @cached_property
    def rows(self) -> Rows:
        return records(self.ranked)

    def rows_in(self, language: Language) -> Rows:
        """The ranking with `because` in the language: the remark without what a mark beside the score says."""
        if language not in self._rows_in:
            self._rows_in[language] = self._with_remarks(language)
        return self._rows_in[language]

    def _with_remarks(self, language: Language) -> Rows:
        found = remarks(self.ranked.assign(provisional=False), self.names, saying(language))
        return [{**row, "because": because} for row, because in zip(self.rows, found, strict=True)]

    @cached_property
    def scores(self) -> dict[str, list[SectionScore]]:
        """Section scores by unit."""
        return section_scores(self.edition, self.rows)

    @cached_property
    def findings(self) -> pd.DataFrame:
        return gravest_first(self.edition.findings, self.names)

    @cached_property
    def corrections(self) -> pd.DataFrame:
        return corrections_with_names(self.edition.definition, self.edition.corrections, self.names)

    @cached_property
    def earlier(self) -> list[dict[str, Any]]:
        return records(self.edition.earlier)
