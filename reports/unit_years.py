"""One unit's years for its page: a row per cycle and predecessor, a drawing, its items.

Here belongs the unit's part of the years; that of all units stands in `page_years.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reports.edition import Edition
from reports.language import Language
from reports.rows import Rows
from reports.year_charts import Trend, trends
from reports.year_items import unit_items
from reports.year_words import remarks_in, streak_told
from reports.years import Past, cycles_shown, pasts


@dataclass(frozen=True, eq=False)
class UnitYears:
    """Of all units that have a page; `units`: rows of `standings`."""

    edition: Edition
    units: Rows

    def of(self, unit_code: str, language: Language) -> dict[str, Any]:
        """What the template asks for: `past` (none where no earlier cycle has the unit), `past_years`, `past_items`,
        `streaks`, `trend`."""
        past = self._pasts.get(unit_code)
        if past is None or len({row["cycle"] for row in past.rows}) < 2:
            return {"past": [], "past_years": [], "past_items": [], "streaks": [], "trend": None}
        return {
            "past": [{**row, "said": remarks_in(language, row["remarks"])} for row in past.rows],
            "past_years": [str(cycle) for cycle in cycles_shown(self.edition)],
            "past_items": unit_items(self.edition, unit_code, language),
            "streaks": streak_told(past, language),
            "trend": self._trends.get(unit_code),
        }

    @cached_property
    def _pasts(self) -> dict[str, Past]:
        codes = [row["unit_code"] for row in self.units]
        return pasts(self.edition, codes) if self.edition.cycles and self.edition.detailed else {}

    @cached_property
    def _trends(self) -> dict[str, Trend]:
        """By unit, on the scale of its pool."""
        pools: dict[tuple[str, str], dict[str, Past]] = {}
        for row in self.units:
            if row["unit_code"] in self._pasts:
                pools.setdefault((row["kind"], row["pool"]), {})[row["unit_code"]] = self._pasts[row["unit_code"]]
        return {
            unit: drawn for pool in pools.values() for unit, drawn in trends(pool, cycles_shown(self.edition)).items()
        }
