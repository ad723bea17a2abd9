"""Earlier cycles as they were published: what an edition may show of other years.

Here belongs reading what a published folder says. Which version that is, is said by whoever hands it over.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from evaluation.definition import Definition
from reports.csv_files import read_csv


@dataclass(frozen=True, eq=False)
class Cycle:
    """One version of an earlier cycle's evaluation. Its bytes never change: what is made of them does not either."""

    definition: Definition
    version: int
    state: str
    results_digest: str
    folder: Path

    @property
    def year(self) -> int:
        return self.definition.rulebook.cycle.year

    @property
    def evaluation(self) -> str:
        return self.definition.rulebook.evaluation

    @cached_property
    def totals(self) -> pd.DataFrame:
        """As of `ranking.csv`, all text."""
        return read_csv(self.folder / "ranking.csv")

    @cached_property
    def items(self) -> pd.DataFrame:
        """As of `indicator_scores.csv`, all text."""
        return read_csv(self.folder / "indicator_scores.csv")

    def recorded(self) -> dict[str, object]:
        """What the manifest of a version that shows the cycle says of it."""
        return {"evaluation": self.evaluation, "version": self.version, "results_digest": self.results_digest}
